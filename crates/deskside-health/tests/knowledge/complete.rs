//! Every code that public sources name is known, exactly once. The lists are typed from those
//! sources, not from the table.

use std::collections::BTreeSet;

use deskside_health::Code;
use deskside_knowledge::{Clues, CodeFamily, Meaning, Says, all, look_up, recognize};
use deskside_model::{Cause, Who};

/// The problems that an explanation may name.
const PROBLEMS: &[&str] = &[
    "quickbooks.not_hosted",
    "quickbooks.not_installed",
    "quickbooks.not_running",
    "quickbooks.other_session",
    "quickbooks.sign_in",
    "quickbooks.window_blocking",
    "quickbooks.no_company",
    "quickbooks.other_company",
    "quickbooks.file_mode",
    "quickbooks.file_shared",
    "quickbooks.file_missing",
    "quickbooks.file_locked",
    "quickbooks.user_in_use",
    "quickbooks.no_permission",
    "quickbooks.not_registered",
    "quickbooks.edition_unsupported",
    "quickbooks.not_responding",
    "quickbooks.crashed",
    "quickbooks.leftover_process",
    "quickbooks.repairing",
    "quickbooks.elevation_mismatch",
    "quickbooks.unsupported_version",
    "quickbooks.starting",
    "web_connector.not_installed",
    "web_connector.not_running",
    "web_connector.autostart_off",
    "web_connector.auto_run_off",
    "web_connector.run_interrupted",
    "web_connector.logging_off",
    "web_connector.log_unwritable",
    "web_connector.password_wrong",
    "web_connector.consent_denied",
    "web_connector.consent_needs_admin",
    "web_connector.auto_login_off",
    "web_connector.setup_file_wrong",
    "web_connector.already_stamped",
    "web_connector.component_missing",
    "web_connector.outdated",
    "computer.sleeps",
    "computer.clock_wrong",
    "computer.disk_full",
    "computer.restart_pending",
    "network.offline",
    "network.name_not_resolved",
    "network.blocked",
    "network.tls_intercepted",
    "network.proxy_needs_password",
    "network.provider_unreachable",
    "connection.not_set_up",
    "connection.link_expired",
    "connection.link_cancelled",
    "connection.inactive",
    "connection.deauthorized",
    "connection.unlinked",
    "connection.removed",
    "connection.waiting_for_schedule",
    "connection.request_refused",
    "connection.vendor_fault",
    "companion.vault_unavailable",
    "companion.vault_forbidden",
    "companion.credentials_rejected",
    "companion.reports_stuck",
    "companion.scheme_taken",
    "companion.webview_missing",
];

fn by_code(code: &str) -> Option<&'static Meaning> {
    recognize(&Clues { code: Some(code), hresult: None, text: "" })
}

#[test]
fn every_code_of_the_web_connector_is_known() {
    for number in (1000..=1058).chain([1081, 1085]) {
        let code = format!("QBWC{number}");
        let known = by_code(&code).expect(&code);
        let unexplained = matches!(number, 1047 | 1049 | 1050 | 1052..=1058 | 1081);
        assert_eq!(known.is_explained(), !unexplained, "{code}");
    }
}

#[test]
fn every_hresult_has_the_cause_of_intuits_description() {
    let causes = [
        (0x8004_0308, "component_missing"),
        (0x8004_0400, "bad_request"),
        (0x8004_0401, "quickbooks_not_running"),
        (0x8004_0402, "unknown"),
        (0x8004_0403, "file_missing"),
        (0x8004_0406, "file_missing"),
        (0x8004_0408, "quickbooks_not_running"),
        (0x8004_0409, "unknown"),
        (0x8004_040A, "wrong_company_file"),
        (0x8004_040C, "unknown"),
        (0x8004_040D, "unknown"),
        (0x8004_0410, "file_mode"),
        (0x8004_0414, "modal_dialog"),
        (0x8004_0416, "quickbooks_not_running"),
        (0x8004_0417, "no_company"),
        (0x8004_0418, "consent"),
        (0x8004_0419, "unknown"),
        (0x8004_041A, "consent"),
        (0x8004_041B, "unknown"),
        (0x8004_041C, "unknown"),
        (0x8004_041D, "auto_login"),
        (0x8004_041E, "consent"),
        (0x8004_041F, "unknown"),
        (0x8004_0420, "consent"),
        (0x8004_0421, "unknown"),
        (0x8004_0422, "file_mode"),
        (0x8004_0423, "unknown"),
        (0x8004_0424, "quickbooks_not_running"),
        (0x8004_0425, "unknown"),
        (0x8004_0426, "unknown"),
        (0x8004_0427, "not_registered"),
        (0x8004_0428, "unknown"),
        (0x8004_0429, "unknown"),
        (0x8004_042A, "unknown"),
        (0x8004_042B, "unknown"),
        (0x8004_042C, "unknown"),
        (0x8004_0438, "quickbooks_not_running"),
        (0x8004_2584, "unknown"),
        (0x8004_0154, "component_missing"),
        (0x8007_007E, "component_missing"),
        (0x8007_007F, "component_missing"),
        (0x8000_0003, "quickbooks_crashed"),
        (0x8001_0105, "quickbooks_crashed"),
        (0x8007_06BA, "quickbooks_crashed"),
        (0x8007_06BE, "quickbooks_crashed"),
        (0x8007_0005, "elevation"),
    ];
    for (hresult, cause) in causes {
        let clues = Clues { code: None, hresult: Some(hresult), text: "" };
        let known = recognize(&clues).unwrap_or_else(|| panic!("{hresult:#x} is not known"));
        assert_eq!(known.cause.map(Cause::text), Some(cause), "{hresult:#x}");
    }
}

#[test]
fn every_code_shown_by_quickbooks_is_known() {
    for code in [
        "H101",
        "H202",
        "H303",
        "H505",
        "-6000",
        "-6000,-83",
        "-6177,0",
        "3371",
        "PS032",
        "PS077",
        "12007",
        "12029",
        "15101",
        "15240",
    ] {
        let known = by_code(code).expect(code);
        assert_eq!(known.cause, Some(Cause::ModalDialog), "{code}");
    }
}

#[test]
fn single_request_results_are_no_connection_fault() {
    let single =
        [0, 1, 500, 530, 531, 3100, 3120, 3140, 3170, 3171, 3175, 3176, 3180, 3200, 3250, 3263];
    let ranges = [2, 499, 501, 999, 1000, 1060, 1999, 2000, 2999, 3000, 3999, 9100];
    for number in single.into_iter().chain(ranges) {
        let code = format!("qbXML status {number}");
        let known = look_up(&code).known.expect(&code);
        assert_eq!(known.cause, None, "{code}");
        let says = known.words().cause;
        assert!(number < 2 || says.contains("connection is fine"), "{code}: {says}");
    }
}

#[test]
fn every_provider_term_is_known() {
    let conductor = [
        "INTEGRATION_ERROR",
        "INTEGRATION_CONNECTION_ERROR",
        "INVALID_REQUEST_ERROR",
        "AUTHENTICATION_ERROR",
        "PERMISSION_ERROR",
        "INTERNAL_ERROR",
        "CONNECTION_ERROR",
        "INTEGRATION_CONNECTION_NOT_SET_UP",
        "INTEGRATION_CONNECTION_NOT_ACTIVE",
        "QBD_CONNECTION_ERROR",
        "QBD_REQUEST_TIMEOUT",
        "QBD_REQUEST_ERROR",
        "API_KEY_INVALID",
        "RESOURCE_MISSING",
        "QBD_NO_RESPONSE",
        "INVALID_JSON_RESPONSE",
        "NETWORK_ERROR",
        "ECONNABORTED",
        "ECONNREFUSED",
    ];
    let codat = [
        "PendingAuth",
        "Linked",
        "Unlinked",
        "Deauthorized",
        "Initial",
        "Queued",
        "Fetching",
        "MapQueued",
        "Mapping",
        "Complete",
        "FetchError",
        "MapError",
        "InternalError",
        "ProcessingQueued",
        "Processing",
        "ProcessingError",
        "ValidationQueued",
        "Validating",
        "ValidationError",
        "AuthError",
        "Cancelled",
        "NotSupported",
        "RateLimitError",
        "PermissionsError",
        "PrerequisiteNotMet",
        "Codat 401",
        "Codat 403",
    ];
    for word in conductor.into_iter().chain(codat) {
        assert!(by_code(word).is_some_and(Meaning::is_explained), "{word}");
        let found = look_up(word).code.map(|code| code.to_string());
        assert_eq!(found.as_deref(), Some(word));
    }
}

#[test]
fn each_code_has_one_explanation() {
    let mut seen = BTreeSet::new();
    let alone = all().filter(|known| matches!(known.says, Says::Nothing | Says::Same(_)));
    for (first, last) in alone.flat_map(|known| known.codes) {
        assert!(first <= last, "{first} to {last}");
        let single = first == last;
        assert!(!single || seen.insert(first), "{first} stands twice");
    }
}

#[test]
fn named_problems_exist() {
    for problem in all().filter_map(|known| known.problem) {
        assert!(PROBLEMS.contains(&problem), "{problem}");
    }
}

/// Codes for which a different person must act than for their problem, and why.
const ACTS_ELSEWHERE: &[(&str, Who, &str)] = &[
    ("QBWC1003", Who::User, "the network was not probed: the internet is checked first"),
    ("3175", Who::User, "the user who has the record open in QuickBooks closes it"),
    ("3180", Who::Nobody, "often passes by itself"),
    ("3250", Who::User, "only a user of QuickBooks can turn the feature on"),
    ("this list has been modified by another user", Who::Nobody, "passes by itself"),
];

#[test]
fn explanation_and_its_problem_name_the_same_person() {
    let mut used = BTreeSet::<&str>::new();
    for known in all() {
        let Some(problem) = known.problem else { continue };
        let cataloged = Code::of(problem).expect(problem).entry().who;
        let name = known.codes.first().map(|(first, _)| first.to_string());
        let name = name.or_else(|| known.phrases().first().map(|&phrase| phrase.to_owned()));
        let name = name.unwrap();
        let excepted = ACTS_ELSEWHERE
            .iter()
            .find(|(code, who, _)| *code == name && *who == known.who && *who != cataloged);
        assert!(
            known.who == cataloged || excepted.is_some(),
            "{name}: {:?} must act, but {problem} calls upon {cataloged:?}",
            known.who
        );
        used.extend(excepted.map(|(code, ..)| *code));
    }
    assert_eq!(used.len(), ACTS_ELSEWHERE.len(), "an unnecessary exception: {used:?}");
}

#[test]
fn quickbooks_number_from_a_provider_needs_no_label() {
    for number in ["0", "500", "531", "3200"] {
        assert_eq!(by_code(number).map(|known| known.kind), Some(CodeFamily::Status), "{number}");
    }
}

#[test]
fn weakly_sourced_explanations_diagnose_nothing() {
    for doubtful in ["QBWC1085", "3170", "0x80040438", "0x80042584", "-6000", "3371", "QBWC1050"] {
        assert!(!by_code(doubtful).expect(doubtful).may_diagnose(), "{doubtful}");
    }
    for sure in ["QBWC1040", "0x80040414", "0x8004040A", "0x80040410", "0x80040154", "H202"] {
        assert!(by_code(sure).expect(sure).may_diagnose(), "{sure}");
    }
}

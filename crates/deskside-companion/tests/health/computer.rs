//! QuickBooks and the Web Connector as this computer shows them: windows, rights, leftovers.

use super::scenarios::Scenario;
use super::*;

/// A computer where QuickBooks shows this, and the Web Connector runs.
macro_rules! shows {
    ($screen:literal) => {
        concat!(
            r#""quickbooks": {"known": {"own_session": 1, "instances": [{"screen": "#,
            $screen,
            r#"}]}}, "web_connector": {"known": {"own_session": 1}},
            "network": {"known": {"interfaces": 1}}, "sync": "absent""#
        )
    };
}

const OPEN: &str = shows!(
    r#"{"known": {"main": {"company": "Larch", "product": "QuickBooks Desktop Pro 2024"}}}"#
);
const NO_COMPANY: &str =
    shows!(r#"{"known": {"main": {"product": "QuickBooks Desktop Pro 2024"}}}"#);
const SIGN_IN: &str = shows!(r#"{"known": {"main": {}, "sign_in": true}}"#);
const DIALOG: &str =
    shows!(r#"{"known": {"main": {"company": "Larch"}, "blocking": "Update Company File"}}"#);
const DIALOG_AND_HUNG: &str =
    shows!(r#"{"known": {"main": {"company": "Larch"}, "blocking": "", "hung": true}}"#);
const STARTING: &str = shows!(r#"{"known": {}}"#);
const UNSEEN: &str = shows!(r#"{"unknown": "refused"}"#);

const COUNTED: &str = r#""quickbooks": {"known": {"own_session": 1}},
    "web_connector": {"known": {"own_session": 1}}, "network": {"known": {"interfaces": 1}},
    "sync": "absent""#;
const ONE_OF_TWO: &str = r#""quickbooks": {"known": {"own_session": 2, "instances": [
        {"screen": {"known": {"main": {"company": "Larch"}}}}]}},
    "web_connector": {"known": {"own_session": 1}}, "network": {"known": {"interfaces": 1}},
    "sync": "absent""#;
const NO_NETWORK_SEEN: &str = r#""quickbooks": {"known": {"own_session": 1, "instances": [
        {"screen": {"known": {"main": {"company": "Larch"}}}}]}},
    "web_connector": {"known": {"own_session": 1}}, "sync": "absent""#;
const NO_LOG_READ: &str = r#""quickbooks": {"known": {"own_session": 1, "instances": [
        {"screen": {"known": {"main": {"company": "Larch"}}}}]}},
    "web_connector": {"known": {"own_session": 1}}, "network": {"known": {"interfaces": 1}},
    "sync": {"unknown": "refused"}"#;

/// Rows for the table of all scenarios.
pub(crate) fn scenarios() -> Vec<Scenario<'static>> {
    use Verdict::{Healthy, Ready, Unknown};
    let wrong = |codes: &[&'static str]| (Verdict::Problem, codes.to_vec());
    let by_link = || r#""name": "Book""#.to_owned();
    let mode = |mode: &str| format!(r#""name": "Book", "mode": "{mode}""#);
    vec![
        ("a company is open", OPEN, by_link(), (Ready, vec![])),
        ("no company is open", NO_COMPANY, by_link(), wrong(&["quickbooks.no_company"])),
        ("no company, as it should be", NO_COMPANY, mode("multiple_files"), (Ready, vec![])),
        ("no company, and none is needed", NO_COMPANY, mode("unattended"), (Ready, vec![])),
        ("it asks for a sign-in", SIGN_IN, by_link(), wrong(&["quickbooks.sign_in"])),
        (
            "it asks for a sign-in without a user",
            SIGN_IN,
            mode("unattended"),
            wrong(&["quickbooks.sign_in"]),
        ),
        ("a dialog waits", DIALOG, by_link(), wrong(&["quickbooks.window_blocking"])),
        (
            "a dialog waits, and the provider reports broken",
            DIALOG,
            told("broken", FRESH),
            wrong(&["quickbooks.window_blocking"]),
        ),
        (
            "a dialog waits, and it hangs",
            DIALOG_AND_HUNG,
            by_link(),
            wrong(&["quickbooks.not_responding"]),
        ),
        ("it is starting", STARTING, by_link(), wrong(&["quickbooks.starting"])),
        ("its windows are unknown", UNSEEN, by_link(), (Unknown, vec![])),
        (
            "its windows are unknown, but it works",
            UNSEEN,
            told("healthy", FRESH),
            (Healthy, vec![]),
        ),
        (
            "it has crashed",
            r#""quickbooks": "absent", "crash": {"known": "QuickBooks Desktop"}"#,
            by_link(),
            wrong(&["quickbooks.crashed"]),
        ),
        (
            "it is being repaired, and waits in a dialog",
            r#""quickbooks": {"known": {"own_session": 1, "instances": [{"screen": {"known":
                {"main": {"company": "Larch"}, "blocking": "Rebuild Data"}}}]}},
                "repair": {"known": "Rebuild Data"}"#,
            by_link(),
            wrong(&["quickbooks.repairing"]),
        ),
        (
            "a leftover beside the open one",
            r#""quickbooks": {"known": {"own_session": 2, "instances": [
                {"screen": {"known": {"main": {"company": "Larch"}}}}, {"screen": "absent"}]}},
                "setup": {"update_lock": "absent"}"#,
            by_link(),
            wrong(&["quickbooks.leftover_process"]),
        ),
        (
            "hidden during a run",
            r#""quickbooks": {"known": {"own_session": 1, "instances": [{"screen": "absent"}]}},
                "setup": {"update_lock": {"known": true}}"#,
            told("healthy", FRESH),
            (Healthy, vec![]),
        ),
        (
            "left over from a run, alone",
            r#""quickbooks": {"known": {"own_session": 1, "instances": [
                {"screen": "absent", "embedded": {"known": true}}]}}, "setup": {"update_lock": "absent"}"#,
            by_link(),
            wrong(&["quickbooks.leftover_process"]),
        ),
        (
            "preloaded to open faster",
            r#""quickbooks": {"known": {"own_session": 1, "instances": [
                {"screen": "absent", "embedded": {"known": false}}]}}, "setup": {"update_lock": "absent"}"#,
            by_link(),
            (Unknown, vec![]),
        ),
        (
            "hidden, and a run is unknown",
            r#""quickbooks": {"known": {"own_session": 1, "instances": [{"screen": "absent"}]}}"#,
            by_link(),
            (Unknown, vec![]),
        ),
        (
            "one of the two is an administrator",
            r#""quickbooks": {"known": {"own_session": 1, "instances": [
                {"elevated": {"known": true}, "screen": {"known": {"main": {"company": "Larch"}}}}]}},
                "web_connector": {"known": {"own_session": 1, "instances": [{"elevated": {"known": false}}]}}"#,
            by_link(),
            wrong(&["quickbooks.elevation_mismatch"]),
        ),
        (
            "rights that cannot be read are no mismatch",
            r#""quickbooks": {"known": {"own_session": 1, "instances": [
                {"elevated": {"unknown": "refused"}, "screen": {"known": {"main": {"company": "Larch"}}}}]}},
                "web_connector": {"known": {"own_session": 1, "instances": [{"elevated": {"known": false}}]}},
                "network": {"known": {"interfaces": 1}}, "sync": "absent""#,
            by_link(),
            (Ready, vec![]),
        ),
        (
            "two are open, and one of them can be used",
            r#""quickbooks": {"known": {"own_session": 2, "instances": [
                {"screen": {"known": {"main": {}}}}, {"screen": {"known": {"main": {"company": "Larch"}}}}]}},
                "web_connector": {"known": {"own_session": 1}},
                "network": {"known": {"interfaces": 1}}, "sync": "absent""#,
            by_link(),
            (Ready, vec![]),
        ),
        (
            "nothing is installed",
            r#""quickbooks": "absent", "web_connector": "absent",
                "setup": {"editions": "absent", "web_connector": "absent"}"#,
            by_link(),
            wrong(&["quickbooks.not_installed", "web_connector.not_installed"]),
        ),
        (
            "closed is right where the Web Connector opens it",
            r#""quickbooks": "absent", "web_connector": {"known": {"own_session": 1}},
                "network": {"known": {"interfaces": 1}}, "sync": "absent""#,
            mode("unattended"),
            (Ready, vec![]),
        ),
        (
            "another user's QuickBooks blocks it",
            r#""quickbooks": {"known": {"other_sessions": 1}}, "web_connector": {"known": {"own_session": 1}}"#,
            mode("unattended"),
            wrong(&["quickbooks.other_session"]),
        ),
        (
            "another user's QuickBooks is known not to block it",
            r#""quickbooks": {"known": {"other_sessions": 1}}, "web_connector": {"known": {"own_session": 1}}"#,
            format!(r#"{}, "mode": "unattended""#, told("healthy", FRESH)),
            (Healthy, vec![]),
        ),
        ("a running process alone is not enough", COUNTED, by_link(), (Unknown, vec![])),
        ("one of two was not seen", ONE_OF_TWO, by_link(), (Unknown, vec![])),
        ("the network is unknown", NO_NETWORK_SEEN, by_link(), (Unknown, vec![])),
        ("the log could not be read", NO_LOG_READ, by_link(), (Unknown, vec![])),
    ]
}

#[test]
fn dialog_title_appears_only_on_the_screen() {
    let evidence = evidence(DIALOG, &[r#""name": "Book""#]);
    let judged = look(&evidence);
    let problem = &judged.roots[0].problem;
    assert_eq!(
        words(problem).cause,
        "QuickBooks waits for you in the window “Update Company File”."
    );
    assert!(!serde_json::to_string(problem).unwrap().contains("Company File"), "in a report");
    assert!(!words(&problem.without_names()).cause.contains("Company File"), "in the details");
}

#[test]
fn informational_problems_change_no_verdict() {
    let machine = format!(
        r#"{OPEN}, "setup": {{"web_connector": {{"known": {{}}}}, "starts_at_login": {{"known": false}}}},
        "scheme": {{"known": {{"taken": {{"program": "other.exe"}}}}}},
        "computer": {{"sleeps_plugged_in": {{"known": 30}}, "restart_pending": {{"known": true}}}}"#
    );
    let summary = Summary::of_moment(&evidence(&machine, &[r#""name": "Book""#]));
    let codes: Vec<&str> = summary.notices.iter().map(|notice| notice.code.as_str()).collect();
    let expected = [
        "companion.scheme_taken",
        "computer.sleeps",
        "web_connector.autostart_off",
        "computer.restart_pending",
    ];
    assert_eq!((summary.verdict, codes), (Verdict::Ready, expected.to_vec()));
    let quiet = Summary::of_moment(&evidence(OPEN, &[r#""name": "Book""#]));
    assert_eq!(quiet.notices, [], "advice without evidence");
}

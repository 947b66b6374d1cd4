//! From evidence to verdict, with evidence as a person writes it: JSON that names few fields.
//!
//! [`judge_once`] shows what is wrong now, and [`Tracker`] with [`judge`] what is announced
//! over time. A scenario is one row: the evidence and the expected result.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

mod computer;
#[path = "../scenarios/files.rs"]
mod files;
mod over_time;
mod properties;
mod scenarios;
mod witness;

use std::collections::BTreeSet;

use deskside_companion::Summary;
use deskside_health::{
    Code, Diagnosis, Problem, TrackedProblem, Tracker, Verdict, Witness, diagnose, judge,
    judge_once, words,
};
use deskside_model::evidence::{ConnectionEvidence, Evidence, Finding, Machine, RemoteState};
use deskside_model::{Severity, Who};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: &str = "2026-11-20T08:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn read(text: &str) -> Evidence {
    serde_json::from_str(text).unwrap_or_else(|why| panic!("{why}: {text}"))
}

/// Evidence of this computer, a connection or none, at [`NOW`].
fn evidence(machine: &str, connections: &[&str]) -> Evidence {
    let comma = if machine.is_empty() { "" } else { "," };
    let connections: Vec<String> =
        connections.iter().map(|c| format!(r#"{{ "id": "c", {c} }}"#)).collect();
    read(&format!(
        r#"{{ "at": "{NOW}"{comma} {machine}, "connections": [{}] }}"#,
        connections.join(",")
    ))
}

fn codes(judged: &Diagnosis) -> Vec<&'static str> {
    judged.roots.iter().map(|root| root.problem.code.text()).collect()
}

fn look(evidence: &Evidence) -> Diagnosis {
    judge_once(evidence, evidence.connections.first())
}

const WELL: &str = r#""quickbooks": {"known": {"own_session": 1, "instances": [
        {"screen": {"known": {"main": {"company": "Larch"}}}}]}},
    "web_connector": {"known": {"own_session": 1}}, "network": {"known": {"interfaces": 1}},
    "vault": "working", "sync": "absent""#;
const NO_QUICKBOOKS: &str =
    r#""quickbooks": "absent", "web_connector": {"known": {"own_session": 1}}"#;
const NO_WEB_CONNECTOR: &str =
    r#""quickbooks": {"known": {"own_session": 1}}, "web_connector": "absent""#;
const OTHER_SESSION: &str = r#""quickbooks": {"known": {"other_sessions": 1}}"#;
const NOTHING_RUNS: &str =
    r#""quickbooks": "absent", "web_connector": "absent", "network": "absent""#;

const FRESH: &str = "2026-11-20T07:59:00Z";
const OLD: &str = "2026-11-20T07:30:00Z";

/// A connection whose backend reports this state.
fn told(state: &str, heard_at: &str) -> String {
    format!(
        r#""told_by": "backend", "host": "app.acme.example",
        "remote": {{ "status": {{ "state": "{state}" }}, "heard_at": "{heard_at}" }}"#
    )
}

/// A connection whose backend fails to answer after it had said `state`.
fn failing(fault: &str, state: Option<&str>) -> String {
    let status = state.map_or(String::new(), |state| {
        format!(r#""status": {{ "state": "{state}" }}, "heard_at": "{FRESH}","#)
    });
    format!(
        r#""told_by": "backend", "host": "app.acme.example",
        "remote": {{ {status} "failing": {{ "since": "{FRESH}", "fault": "{fault}" }} }}"#
    )
}

#[test]
fn scenario_needs_only_the_time() {
    let evidence = read(&format!(r#"{{ "at": "{NOW}" }}"#));
    assert_eq!(evidence.schema, 1);
    assert_eq!(judge_once(&evidence, None).verdict, Verdict::Unknown);
    assert_eq!(Summary::of_moment(&evidence).exit_code(), 3);
    for empty in [r#""quickbooks": {"unknown": "x"}"#, r#""vault": "unknown""#, r#""name": 1"#] {
        let evidence =
            read(&format!(r#"{{ "at": "{NOW}", {empty}, "connections": [{{"id": "c"}}] }}"#));
        assert_eq!(look(&evidence).verdict, Verdict::Unknown, "{empty}");
    }
}

#[test]
fn evidence_survives_serialization() {
    let first = evidence(
        NOTHING_RUNS,
        &[&failing("rejected", Some("inactive")), "\"mode\": \"unattended\""],
    );
    let text = serde_json::to_string(&first).unwrap();
    assert_eq!(read(&text), first);
}

#[test]
fn unrecognized_or_missing_state_is_unknown() {
    for odd in [json!("splendid"), json!(""), json!("HEALTHY"), Value::Null] {
        let state: RemoteState = serde_json::from_value(odd.clone()).unwrap();
        assert_eq!(state, RemoteState::Unknown, "{odd}");
    }
    for (word, state) in [
        ("healthy", RemoteState::Healthy),
        ("not_set_up", RemoteState::NotSetUp),
        ("waiting", RemoteState::Waiting),
        ("inactive", RemoteState::Inactive),
        ("broken", RemoteState::Broken),
        ("unknown", RemoteState::Unknown),
    ] {
        assert_eq!(serde_json::from_value::<RemoteState>(json!(word)).unwrap(), state);
        assert_eq!(serde_json::to_value(state).unwrap(), word);
    }
}

#[test]
fn provider_message_is_shown_and_only_request_id_is_reported() {
    let evidence = evidence(
        WELL,
        &[
            r#""told_by": "provider", "host": "Conductor", "remote": { "heard_at": "2026-11-20T08:00:00Z",
            "status": { "state": "broken", "user_message": "Close the window in QuickBooks.",
            "request_id": "req_1", "integration_code": "0x80040420" } }"#,
        ],
    );
    let summary = Summary::of_moment(&evidence);
    let [problem] = summary.problems.as_slice() else { panic!("{summary:?}") };
    assert_eq!(problem.provider_message.as_deref(), Some("Close the window in QuickBooks."));
    assert_eq!(problem.request_id.as_deref(), Some("req_1"));
    let reported =
        serde_json::to_value(diagnose(now(), &evidence.machine, evidence.connections.first()))
            .unwrap();
    assert_eq!(
        reported,
        json!([
            {"code": "web_connector.consent_denied", "arguments": {"host": "Conductor",
                "request_id": "req_1", "integration_code": "0x80040420"}},
            {"code": "connection.broken", "arguments": {"host": "Conductor",
                "request_id": "req_1", "integration_code": "0x80040420"}},
        ])
    );
}

#[test]
fn worst_connection_determines_the_overall_status() {
    let well = told("healthy", FRESH);
    let broken = told("broken", FRESH);
    let nobody = r#""told_by": "backend""#;
    for (connections, verdict, exit_code) in [
        (vec![well.as_str()], "healthy", 0),
        (vec![&well, nobody], "unknown", 3),
        (vec![&broken, &well, nobody], "problem", 1),
        (vec![nobody, &broken], "problem", 1),
        (vec![&well, "\"name\": \"x\""], "ready", 0),
        (vec!["\"link_pending_until\": \"2026-11-20T09:00:00Z\"", &well], "waiting", 1),
    ] {
        let summary = Summary::of_moment(&evidence(WELL, &connections));
        assert_eq!(serde_json::to_value(summary.verdict).unwrap(), verdict);
        assert_eq!(summary.exit_code(), exit_code, "{verdict}");
        assert_eq!(summary.connections.len(), connections.len());
        assert!(!summary.running);
        assert_eq!(summary.problems.is_empty(), verdict != "problem");
    }
}

#[test]
fn worst_problem_is_shown_first_in_any_order() {
    let (removed, silent) = (told("removed", FRESH), failing("unreachable", None));
    for connections in [[&removed, &silent], [&silent, &removed]] {
        let summary = Summary::of_moment(&evidence(WELL, &connections.map(String::as_str)));
        assert_eq!(summary.problems[0].code, "connection.removed");
        assert_eq!(summary.headline, words(&Problem::plain(Code::Removed)).title);
    }
}

#[test]
fn first_of_equally_bad_connections_is_shown() {
    let (removed, broken) = (told("removed", FRESH), told("broken", FRESH));
    let summary = Summary::of_moment(&evidence(WELL, &[&removed, &broken]));
    assert_eq!(summary.problems[0].code, "connection.removed");
    let summary = Summary::of_moment(&evidence(WELL, &[&broken, &removed]));
    assert_eq!(summary.problems[0].code, "connection.broken");
}

#[test]
fn waiting_for_a_schedule_requires_no_person() {
    let unfinished = told("waiting", FRESH);
    let planned = unfinished.replace(r#""waiting""#, r#""waiting", "data": "waiting""#);
    let link_is_out = format!(r#"{planned}, "link_pending_until": "2026-11-20T08:20:00Z""#);
    let link_was_out = format!(r#"{unfinished}, "link_pending_until": "2026-11-20T07:50:00Z""#);
    let (in_browser, next_run) =
        ("Waiting for the steps in your browser", "Waiting for the next run");
    for (connections, headline, exit_code) in [
        (vec![planned.as_str()], next_run, 0),
        (vec![unfinished.as_str()], "Not finished yet", 1),
        (vec![&link_is_out], in_browser, 1),
        (vec![&planned, &link_is_out], in_browser, 1),
        (vec![&link_is_out, &planned], in_browser, 1),
    ] {
        let summary = Summary::of_moment(&evidence(WELL, &connections));
        assert_eq!(summary.verdict, Verdict::Waiting);
        assert_eq!((summary.headline.as_str(), summary.exit_code()), (headline, exit_code));
    }
    // The steps were not confirmed in time.
    let summary = Summary::of_moment(&evidence(WELL, &[&link_was_out]));
    assert_eq!(summary.problems[0].code, "connection.link_expired");
}

#[test]
fn connection_without_a_name_gets_a_description() {
    for nameless in [r#""name": """#, r#""name": "  ""#, r#""told_by": "provider""#] {
        let summary = Summary::of_moment(&evidence(WELL, &[nameless]));
        assert_eq!(summary.connections[0].name, "QuickBooks connection", "{nameless}");
    }
}

#[test]
fn summary_without_connections_describes_this_computer() {
    for (machine, verdict, exit_code) in [
        (WELL, Verdict::Ready, 0),
        (NO_QUICKBOOKS, Verdict::Problem, 1),
        (r#""vault": "locked""#, Verdict::Unknown, 3),
    ] {
        let summary = Summary::of_moment(&evidence(machine, &[]));
        assert_eq!((summary.verdict, summary.exit_code()), (verdict, exit_code), "{machine}");
    }
}

#[test]
fn every_catalog_entry_is_consistent() {
    for code in Code::ALL.iter().copied() {
        let entry = code.entry();
        let said = words(&Problem::plain(code));
        assert!(!said.title.is_empty() && said.cause.ends_with('.'), "{}", code.text());
        assert!(entry.visible_after <= SignedDuration::from_mins(2), "{}", code.text());
        assert!(entry.clear_after <= entry.visible_after, "{}", code.text());
        // What passes by itself must not alarm like a problem that needs action.
        let heals = entry.who == Who::Nobody;
        let is_advice = entry.severity == Severity::Info;
        assert!(is_advice || heals == (entry.severity == Severity::Warning), "{}", code.text());
        // Information shows at once and explains nothing.
        assert!(!is_advice || (entry.visible_after.is_zero() && entry.depends_on.is_empty()));
    }
}

//! From evidence to what it means, on evidence as a person writes it: JSON with most of it missing.
//!
//! One look ([`judge_once`]) says what is wrong now, and [`Tracker`] with [`judge`] what is told of
//! it over time. A scenario is one row: what was seen, and what must be said.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;

use deskside::companion::{Severity, Summary, Who};
use deskside::evidence::{ConnectionEvidence, Evidence, RemoteState};
use deskside::health::{
    Code, Judged, Problem, Tracker, Verdict, diagnose, judge, judge_once, words,
};
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

fn codes(judged: &Judged) -> Vec<&'static str> {
    judged.roots.iter().map(|root| root.problem.code.text()).collect()
}

fn look(evidence: &Evidence) -> Judged {
    judge_once(evidence, evidence.connections.first())
}

const WELL: &str = r#""quickbooks": {"known": {"own_session": 1}},
    "web_connector": {"known": {"own_session": 1}}, "network": {"known": {"interfaces": 1}},
    "vault": "working""#;
const NO_QUICKBOOKS: &str =
    r#""quickbooks": "absent", "web_connector": {"known": {"own_session": 1}}"#;
const NO_WEB_CONNECTOR: &str =
    r#""quickbooks": {"known": {"own_session": 1}}, "web_connector": "absent""#;
const OTHER_SESSION: &str = r#""quickbooks": {"known": {"other_sessions": 1}}"#;
const NOTHING_RUNS: &str =
    r#""quickbooks": "absent", "web_connector": "absent", "network": "absent""#;

const FRESH: &str = "2026-11-20T07:59:00Z";
const OLD: &str = "2026-11-20T07:30:00Z";

/// A connection of a backend that was told to be in this state.
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

/// What it is about, this computer, the connection, and what must be said.
type Scenario = (&'static str, &'static str, String, (Verdict, Vec<&'static str>));

#[test]
fn each_scenario_has_its_verdict_and_its_root_causes() {
    use Verdict::{Healthy, Ready, Unknown, Waiting};
    let fine = |verdict| (verdict, vec![]);
    let wrong = |codes: &[&'static str]| (Verdict::Problem, codes.to_vec());
    let pending = r#""link_pending_until": "2026-11-20T08:20:00Z""#;
    let link_is_over = r#""link_pending_until": "2026-11-20T07:59:59Z""#;
    let with = |connection: String, more: &str| format!("{connection}, {more}");

    let scenarios: Vec<Scenario> = vec![
        ("all is well", WELL, told("healthy", FRESH), fine(Healthy)),
        (
            "well says the backend, and nobody looked here",
            r#""vault": "unknown""#,
            told("healthy", FRESH),
            fine(Healthy),
        ),
        ("an old answer is not believed", WELL, told("healthy", OLD), fine(Unknown)),
        (
            "nor is one without a time",
            WELL,
            r#""told_by": "backend", "remote": {"status": {"state": "healthy"}}"#.into(),
            fine(Unknown),
        ),
        ("nor one from tomorrow", WELL, told("healthy", "2026-11-21T08:00:00Z"), fine(Unknown)),
        ("an old trouble is not believed either", WELL, told("broken", OLD), fine(Unknown)),
        ("nobody answered yet", WELL, r#""told_by": "backend""#.into(), fine(Unknown)),
        ("an unknown word", WELL, told("splendid", FRESH), fine(Unknown)),
        ("another spelling is another word", WELL, told("Healthy", FRESH), fine(Unknown)),
        ("known only by its link", WELL, r#""name": "Book""#.into(), fine(Ready)),
        ("its link is out", WELL, pending.into(), fine(Waiting)),
        ("its link was out", WELL, link_is_over.into(), fine(Ready)),
        ("the backend waits for a schedule", WELL, told("waiting", FRESH), fine(Waiting)),
        (
            "a link is out and nothing is set up",
            WELL,
            with(told("not_set_up", FRESH), pending),
            fine(Waiting),
        ),
        (
            "a link was out and nothing is set up",
            WELL,
            with(told("not_set_up", FRESH), link_is_over),
            wrong(&["connection.not_set_up"]),
        ),
        (
            "works, although a link is out",
            WELL,
            with(told("healthy", FRESH), pending),
            fine(Healthy),
        ),
        ("not set up", WELL, told("not_set_up", FRESH), wrong(&["connection.not_set_up"])),
        ("inactive", WELL, told("inactive", FRESH), wrong(&["connection.inactive"])),
        ("broken", WELL, told("broken", FRESH), wrong(&["connection.broken"])),
        (
            "broken, said at an unknown time",
            WELL,
            r#""told_by": "provider", "remote": {"status": {"state": "broken"}}"#.into(),
            wrong(&["connection.broken"]),
        ),
        (
            "no answer",
            WELL,
            failing("unreachable", Some("healthy")),
            wrong(&["network.provider_unreachable"]),
        ),
        (
            "no answer ever",
            WELL,
            failing("unreachable", None),
            wrong(&["network.provider_unreachable"]),
        ),
        (
            "a bad answer",
            WELL,
            failing("unusable", Some("broken")),
            wrong(&["network.provider_unreachable"]),
        ),
        (
            "signed out",
            WELL,
            failing("rejected", Some("healthy")),
            wrong(&["companion.credentials_rejected"]),
        ),
        (
            "no credential",
            WELL,
            failing("no_credential", Some("healthy")),
            wrong(&["companion.vault_unavailable"]),
        ),
        // This computer.
        (
            "QuickBooks is closed",
            NO_QUICKBOOKS,
            told("inactive", FRESH),
            wrong(&["quickbooks.not_running"]),
        ),
        (
            "closed although the backend says well",
            NO_QUICKBOOKS,
            told("healthy", FRESH),
            wrong(&["quickbooks.not_running"]),
        ),
        (
            "open for somebody else",
            OTHER_SESSION,
            told("broken", FRESH),
            wrong(&["quickbooks.other_session"]),
        ),
        (
            "open for both",
            r#""quickbooks": {"known": {"own_session": 1, "other_sessions": 2}}"#,
            told("healthy", FRESH),
            fine(Healthy),
        ),
        (
            "open for nobody",
            r#""quickbooks": {"known": {}}"#,
            told("healthy", FRESH),
            wrong(&["quickbooks.not_running"]),
        ),
        (
            "the Web Connector is closed",
            NO_WEB_CONNECTOR,
            told("inactive", FRESH),
            wrong(&["web_connector.not_running"]),
        ),
        (
            "it runs only for somebody else",
            r#""web_connector": {"known": {"other_sessions": 1}}"#,
            told("healthy", FRESH),
            wrong(&["web_connector.not_running"]),
        ),
        (
            "both are closed",
            r#""quickbooks": "absent", "web_connector": "absent""#,
            told("broken", FRESH),
            wrong(&["quickbooks.not_running", "web_connector.not_running"]),
        ),
        (
            "offline",
            r#""network": "absent""#,
            failing("unreachable", None),
            wrong(&["network.offline"]),
        ),
        (
            "nobody could look",
            r#""quickbooks": {"unknown": "x"}, "web_connector": {"unknown": "x"}, "network": {"unknown": "x"}"#,
            told("broken", FRESH),
            wrong(&["connection.broken"]),
        ),
        (
            "known only by its link, and half of it was not seen",
            r#""quickbooks": {"known": {"own_session": 1}}"#,
            r#""name": "Book""#.into(),
            fine(Unknown),
        ),
        // How QuickBooks is meant to be used.
        (
            "unattended: closed is right",
            NO_QUICKBOOKS,
            with(told("healthy", FRESH), r#""mode": "unattended""#),
            fine(Healthy),
        ),
        (
            "unattended: not even somebody else's matters",
            OTHER_SESSION,
            with(told("broken", FRESH), r#""mode": "unattended""#),
            wrong(&["connection.broken"]),
        ),
        (
            "unattended: but the Web Connector must run",
            r#""quickbooks": "absent", "web_connector": "absent""#,
            with(told("inactive", FRESH), r#""mode": "unattended""#),
            wrong(&["web_connector.not_running"]),
        ),
        (
            "several files: QuickBooks must be open",
            NO_QUICKBOOKS,
            with(told("inactive", FRESH), r#""mode": "multiple_files""#),
            wrong(&["quickbooks.not_running"]),
        ),
        // Before everything is set up.
        (
            "not set up, so the Web Connector is not there yet",
            NO_WEB_CONNECTOR,
            told("not_set_up", FRESH),
            wrong(&["connection.not_set_up"]),
        ),
        (
            "nor while the user is in the browser",
            NO_WEB_CONNECTOR,
            with(told("not_set_up", FRESH), pending),
            fine(Waiting),
        ),
        (
            "nor with a link that nobody tells about",
            NO_WEB_CONNECTOR,
            pending.into(),
            fine(Waiting),
        ),
        (
            "but a connection that was set up misses it",
            NO_WEB_CONNECTOR,
            with(told("inactive", FRESH), pending),
            wrong(&["web_connector.not_running"]),
        ),
        (
            "and so does one whose link is over",
            NO_WEB_CONNECTOR,
            r#""name": "Book""#.into(),
            wrong(&["web_connector.not_running"]),
        ),
        // The vault.
        (
            "locked, and nobody could be asked",
            r#""vault": "locked""#,
            r#""told_by": "backend""#.into(),
            wrong(&["companion.vault_unavailable"]),
        ),
        (
            "silent, and nobody could be asked",
            r#""vault": "silent""#,
            r#""told_by": "provider""#.into(),
            wrong(&["companion.vault_unavailable"]),
        ),
        (
            "missing, and so signed out",
            r#""vault": "missing""#,
            failing("rejected", None),
            wrong(&["companion.vault_unavailable"]),
        ),
        (
            "locked, but the answer still comes",
            r#""vault": "locked""#,
            told("healthy", FRESH),
            fine(Healthy),
        ),
        (
            "locked, but the trouble is another",
            r#""vault": "locked""#,
            told("broken", FRESH),
            wrong(&["connection.broken"]),
        ),
        (
            "locked, but the backend is away",
            r#""vault": "locked""#,
            failing("unreachable", Some("healthy")),
            wrong(&["network.provider_unreachable"]),
        ),
        (
            "locked, and needed",
            r#""vault": "locked""#,
            failing("no_credential", Some("healthy")),
            wrong(&["companion.vault_unavailable"]),
        ),
        (
            "locked, and not needed",
            r#""vault": "missing", "quickbooks": {"known": {"own_session": 1}}, "web_connector": {"known": {"own_session": 1}}"#,
            r#""name": "Book""#.into(),
            fine(Ready),
        ),
        // Everything at once.
        (
            "all is dark",
            NOTHING_RUNS,
            failing("unreachable", Some("broken")),
            wrong(&["network.offline", "quickbooks.not_running", "web_connector.not_running"]),
        ),
    ];
    let mut reached = BTreeSet::new();
    for (story, machine, connection, (verdict, roots)) in scenarios {
        let evidence = evidence(machine, &[&connection]);
        let judged = look(&evidence);
        assert_eq!((judged.verdict, codes(&judged)), (verdict, roots), "{story}");
        reached.extend(judged.roots.iter().map(|root| root.problem.code));
    }
    assert_eq!(reached, Code::ALL.into_iter().collect(), "a code that no scenario reaches");
}

#[test]
fn a_scenario_may_name_nothing_but_the_time() {
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
fn evidence_survives_being_written_and_read_again() {
    let first = evidence(
        NOTHING_RUNS,
        &[&failing("rejected", Some("inactive")), "\"mode\": \"unattended\""],
    );
    let text = serde_json::to_string(&first).unwrap();
    assert_eq!(read(&text), first);
}

#[test]
fn a_state_that_this_version_does_not_know_is_unknown_and_so_is_none() {
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
fn a_problem_brings_the_providers_words_and_the_request_but_reports_only_the_request() {
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
        json!([{"code": "connection.broken", "arguments": {"host": "Conductor",
            "request_id": "req_1", "integration_code": "0x80040420"}}])
    );
}

#[test]
fn the_worst_connection_speaks_for_all() {
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
fn without_a_connection_the_summary_tells_of_this_computer() {
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
fn every_code_has_an_entry_that_makes_sense() {
    for code in Code::ALL {
        let entry = code.entry();
        let said = words(&Problem::plain(code));
        assert!(!said.title.is_empty() && said.cause.ends_with('.'), "{}", code.text());
        assert!(entry.visible_after <= SignedDuration::from_secs(90), "{}", code.text());
        assert!(entry.clear_after <= entry.visible_after, "{}", code.text());
        // What heals by itself must not alarm like something that needs a hand.
        assert_eq!(
            entry.who == Who::Nobody,
            entry.severity < Severity::Blocking,
            "{}",
            code.text()
        );
    }
}

// --- Over time -------------------------------------------------------------------------------

/// Lets a connection live through moments of evidence, and tells verdict and roots after each.
fn live(moments: &[(i64, &str, &str)]) -> Vec<(i64, Verdict, Vec<&'static str>)> {
    let (mut tracker, mut previous) = (Tracker::default(), Verdict::Unknown);
    let mut told = Vec::new();
    for (seconds, machine, connection) in moments {
        let evidence = evidence(machine, &[connection]);
        let connection = evidence.connections.first();
        tracker.update(after(*seconds), diagnose(after(*seconds), &evidence.machine, connection));
        let judged = judge(after(*seconds), &evidence.machine, connection, &tracker, previous);
        previous = judged.verdict;
        told.push((*seconds, judged.verdict, codes(&judged)));
    }
    told
}

#[test]
fn a_blink_neither_alarms_nor_reassures() {
    use Verdict::{Healthy, Unknown};
    let (well, broken) = (told("healthy", NOW), told("broken", NOW));
    let calm = live(&[
        (0, WELL, &well),
        (1, NO_QUICKBOOKS, &well),
        (9, NO_QUICKBOOKS, &well),
        (10, WELL, &well),
    ]);
    assert!(calm.iter().all(|(_, verdict, _)| *verdict == Healthy), "{calm:?}");
    // From nothing known, a fault that is too young to be told is not "fine" either.
    assert_eq!(live(&[(0, WELL, &broken)]), [(0, Unknown, vec![])]);
}

#[test]
fn closing_quickbooks_is_told_once_it_lasts_and_over_once_it_is_open_again() {
    let well = told("healthy", NOW);
    let story = live(&[
        (0, WELL, &well),
        (1, NO_QUICKBOOKS, &well),
        (10, NO_QUICKBOOKS, &well),
        (11, NO_QUICKBOOKS, &well),
        (60, WELL, &well),
        (63, WELL, &well),
    ]);
    let closed = || vec!["quickbooks.not_running"];
    assert_eq!(
        story,
        [
            (0, Verdict::Healthy, vec![]),
            (1, Verdict::Healthy, vec![]),
            (10, Verdict::Healthy, vec![]),
            (11, Verdict::Problem, closed()),
            (60, Verdict::Problem, closed()),
            (63, Verdict::Healthy, vec![]),
        ]
    );
}

#[test]
fn what_comes_and_goes_does_not_keep_up_a_healthy_that_nobody_says() {
    // Given a network that drops for 15 of every 30 seconds, and a backend that nobody reaches
    let dark = r#""network": "absent""#;
    let silent = failing("unreachable", Some("healthy"));
    let well = told("healthy", NOW);
    let mut moments = vec![(0, WELL, well.as_str())];
    for round in 0..200 {
        moments.push((round * 30 + 1, dark, silent.as_str()));
        moments.push((round * 30 + 16, WELL, silent.as_str()));
    }
    // When that goes on for more than an hour
    let story = live(&moments);
    // Then it is not called healthy in the end
    let (_, last, _) = story.last().unwrap();
    assert_ne!(*last, Verdict::Healthy);
}

#[test]
fn a_healthy_is_not_held_while_the_newest_answer_is_broken_for_long() {
    // Given a QuickBooks that comes and goes too fast to be told of, and a backend that says "broken"
    let broken = told("broken", NOW);
    let well = told("healthy", NOW);
    let mut moments = vec![(0, WELL, well.as_str())];
    for round in 0..60 {
        moments.push((round * 8 + 1, NO_QUICKBOOKS, broken.as_str()));
        moments.push((round * 8 + 5, WELL, broken.as_str()));
    }
    // When that goes on for minutes, then nothing is called healthy for longer than two of them
    for (seconds, verdict, _) in live(&moments) {
        assert!(verdict != Verdict::Healthy || seconds <= 125, "healthy after {seconds} s");
    }
}

fn any_problems() -> impl Strategy<Value = Vec<Problem>> {
    prop::sample::subsequence(Code::ALL.to_vec(), 0..Code::ALL.len())
        .prop_shuffle()
        .prop_map(|codes| codes.into_iter().map(Problem::plain).collect())
}

fn any_machine() -> impl Strategy<Value = Value> {
    let finding = |known: Value| {
        prop_oneof![
            Just(json!("absent")),
            Just(json!({"known": known})),
            Just(json!({"known": {"interfaces": 1, "other_sessions": 1}})),
            Just(json!({"unknown": "x"})),
        ]
    };
    let presence = json!({"own_session": 1});
    let vault = prop::sample::select(vec!["unknown", "working", "locked", "silent", "missing"]);
    (finding(presence.clone()), finding(presence), finding(json!({"interfaces": 1})), vault)
        .prop_map(|(quickbooks, web_connector, network, vault)| {
            json!({"at": NOW, "quickbooks": quickbooks, "web_connector": web_connector,
                "network": network, "vault": vault})
        })
}

fn any_connection() -> impl Strategy<Value = ConnectionEvidence> {
    let state =
        prop::sample::select(vec!["healthy", "not_set_up", "waiting", "inactive", "broken", "odd"]);
    let fault = prop::sample::select(vec!["unreachable", "unusable", "rejected", "no_credential"]);
    let heard_at = prop::sample::select(vec![NOW, FRESH, OLD]);
    let status = prop::option::of((state, prop::option::of(heard_at)));
    let until = prop::option::of(prop::sample::select(vec![OLD, "2026-11-20T09:00:00Z"]));
    let mode = prop::sample::select(vec!["attended", "unattended", "multiple_files"]);
    let told_by = prop::sample::select(vec!["nobody", "backend", "provider"]);
    (status, prop::option::of(fault), until, mode, told_by).prop_map(
        |(status, fault, until, mode, told_by)| {
            let (state, heard_at) = status.map_or((None, None), |(s, at)| (Some(s), at));
            let connection = json!({"id": "c", "mode": mode, "told_by": told_by,
                "link_pending_until": until, "remote": {
                    "status": state.map(|state| json!({"state": state})), "heard_at": heard_at,
                    "failing": fault.map(|fault| json!({"since": NOW, "fault": fault}))}});
            serde_json::from_value(connection).unwrap()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_in_which_problems_are_found_does_not_matter(
        found in any_problems(),
        seed in any::<usize>(),
    ) {
        let mut other = found.clone();
        let length = other.len().max(1);
        other.rotate_left(seed % length);
        other.reverse();
        let (mut one, mut two) = (Tracker::default(), Tracker::default());
        for seconds in [0, 4, 11, 100] {
            one.update(after(seconds), found.clone());
            two.update(after(seconds), other.clone());
            prop_assert_eq!(&one, &two);
        }
    }

    #[test]
    fn a_symptom_is_never_shown_beside_its_cause(
        moments in prop::collection::vec((0..30_i64, any_problems()), 1..30),
    ) {
        let (mut tracker, mut seconds) = (Tracker::default(), 0);
        for (pause, found) in moments {
            seconds += pause;
            tracker.update(after(seconds), found.clone());
            let roots: Vec<Code> = tracker.roots().map(|root| root.problem.code).collect();
            for root in &roots {
                prop_assert!(root.entry().depends_on.iter().all(|cause| !roots.contains(cause)));
            }
            // Everything that was found is in the report.
            for problem in &found {
                prop_assert!(tracker.all().any(|tracked| tracked.problem == *problem));
            }
            // What time will do next has not been done yet.
            prop_assert!(tracker.next_change().is_none_or(|then| then > after(seconds)));
        }
    }

    #[test]
    fn what_stays_is_told_in_the_end_and_what_is_gone_is_gone(found in any_problems()) {
        let mut tracker = Tracker::default();
        tracker.update(after(0), found.clone());
        tracker.advance(after(600));
        let has = |code: &Code| found.iter().any(|problem| problem.code == *code);
        let expected: BTreeSet<Code> = Code::ALL
            .into_iter()
            .filter(|code| has(code) && !code.entry().depends_on.iter().any(has))
            .collect();
        let roots: BTreeSet<Code> = tracker.roots().map(|root| root.problem.code).collect();
        prop_assert_eq!(roots, expected);
        tracker.update(after(601), Vec::new());
        tracker.advance(after(700));
        prop_assert_eq!(tracker, Tracker::default());
    }

    #[test]
    fn nothing_is_healthy_unless_somebody_said_so_just_now(
        machine in any_machine(),
        connection in any_connection(),
    ) {
        let Ok(evidence) = serde_json::from_value::<Evidence>(machine) else { return Ok(()) };
        let judged = judge_once(&evidence, Some(&connection));
        let remote = &connection.remote;
        let state = remote.status.as_ref().map(|status| status.state);
        if judged.verdict == Verdict::Healthy {
            prop_assert_eq!(state, Some(RemoteState::Healthy));
            prop_assert!(remote.heard_at.is_some_and(|at| at > OLD.parse().unwrap()));
            prop_assert!(remote.failing.is_none());
        }
        prop_assert_eq!(judged.verdict == Verdict::Problem, !judged.roots.is_empty());
        // Ready is for what nobody can tell about.
        if judged.verdict == Verdict::Ready {
            prop_assert_eq!(serde_json::to_value(connection.told_by).unwrap(), "nobody");
        }
        // One code, one problem, in the order of the codes.
        let found: Vec<Code> =
            diagnose(now(), &evidence.machine, Some(&connection)).into_iter().map(|p| p.code).collect();
        prop_assert!(found.is_sorted_by(|one, two| one < two), "{:?}", found);
    }
}

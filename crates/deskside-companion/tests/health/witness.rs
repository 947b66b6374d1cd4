//! What the witness promises for any evidence: facts count by their source and moment.

use std::sync::LazyLock;

use deskside_health::Scenario;
use proptest::sample::select;

use super::*;

/// Every scenario's text, read once: the files do not change.
static TEXTS: LazyLock<Vec<String>> =
    LazyLock::new(|| files::texts().into_iter().map(|(_, text)| text).collect());

/// Every moment of every scenario that has a connection.
static MOMENTS: LazyLock<Vec<Evidence>> = LazyLock::new(|| {
    let moments = files::all().into_iter().flat_map(|(_, scenario)| scenario.moments);
    let all = moments.map(|moment| moment.evidence);
    all.filter(|evidence| !evidence.connections.is_empty()).collect()
});

fn any_text() -> impl Strategy<Value = String> {
    select(TEXTS.as_slice())
}

fn any_moment() -> impl Strategy<Value = Evidence> {
    select(MOMENTS.as_slice())
}

/// Moves every moment in a document.
fn shift(value: &mut Value, by: SignedDuration) {
    match value {
        Value::String(text) => {
            if let Ok(then) = text.parse::<Timestamp>() {
                *text = (then + by).to_string();
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| shift(field, by)),
        Value::Array(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn all_judged(scenario: &Scenario) -> Vec<(Verdict, Vec<&'static str>)> {
    let moments = scenario.judged().into_iter().flatten();
    moments.map(|(_, judged)| (judged.verdict, codes(&judged))).collect()
}

const APP: &str = "Larch";

/// The newest run of the connection's application, with this outcome.
fn with_run(mut evidence: Evidence, at: Timestamp, outcome: Value) -> Evidence {
    let run = json!({"app": APP, "started": at, "ended": at, "outcome": outcome});
    let sync = json!({"apps": [{"app": APP, "last": run}]});
    evidence.machine.sync = Finding::Known(serde_json::from_value(sync).unwrap());
    for connection in &mut evidence.connections {
        connection.app = Some(APP.into());
    }
    evidence
}

/// The source has just said that it works, and that data flowed then.
fn told_healthy(mut evidence: Evidence, flowed: Option<Timestamp>) -> Evidence {
    for connection in &mut evidence.connections {
        let told = json!({"status": {"state": "healthy", "last_success_at": flowed},
            "heard_at": evidence.at});
        connection.remote = serde_json::from_value(told).unwrap();
    }
    evidence
}

fn any_failure() -> impl Strategy<Value = Value> {
    let hresult = prop::option::of(select(vec![0x8004_0414_u32, 0x8004_0408, 0x8004_041C, 1]));
    let cause = select(vec!["unknown", "modal_dialog", "quickbooks_not_running", "wrong_password"]);
    (hresult, cause).prop_map(|(hresult, cause)| {
        json!({"failed": {"code": 1013, "hresult": hresult, "cause": cause, "problem": null}})
    })
}

/// Judges evidence that follows on other evidence, each an hour after the one before it.
fn in_order(all: &[Evidence]) -> Diagnosis {
    let (mut tracker, mut verdict) = (Tracker::default(), Verdict::Unknown);
    let mut last = None;
    for evidence in all {
        let connection = evidence.connections.first();
        for at in [evidence.at, evidence.at + SignedDuration::from_mins(5)] {
            let witness = Witness::of(at, &evidence.machine, connection);
            tracker.update(at, diagnose(at, &evidence.machine, connection), &witness);
            let judged = judge(at, &evidence.machine, connection, &tracker, verdict);
            verdict = judged.verdict;
            last = Some(judged);
        }
    }
    last.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shifting_all_times_together_changes_nothing(text in any_text(), minutes in -50_000..50_000_i64) {
        let mut later: Value = serde_json::from_str(&text).unwrap();
        shift(&mut later, SignedDuration::from_mins(minutes));
        let shifted = Scenario::read(&later.to_string()).unwrap();
        prop_assert_eq!(all_judged(&Scenario::read(&text).unwrap()), all_judged(&shifted));
    }

    #[test]
    fn older_success_never_changes_a_verdict(
        evidence in any_moment(),
        outcome in prop_oneof![any_failure(), Just(json!("ok")), Just(json!("ok_no_work"))],
        hours in 2..2_000_i64,
    ) {
        let ran_at = evidence.at - SignedDuration::from_mins(2);
        let before = with_run(evidence, ran_at, outcome);
        let mut after = before.clone();
        let old = before.at - SignedDuration::from_hours(hours);
        if let Finding::Known(sync) = &mut after.machine.sync {
            for runs in &mut sync.apps {
                (runs.last_success, runs.last_data) = (Some(old), Some(old));
            }
        }
        for connection in &mut after.connections {
            let status = connection.remote.status.iter_mut();
            status.filter(|status| status.last_success_at.is_none())
                .for_each(|status| status.last_success_at = Some(old));
        }
        prop_assert_eq!(
            (look(&before).verdict, codes(&look(&before))),
            (look(&after).verdict, codes(&look(&after)))
        );
    }

    #[test]
    fn data_newer_than_an_obstacle_refutes_it(evidence in any_moment()) {
        let mut later = evidence.clone();
        later.at = evidence.at + SignedDuration::from_hours(1);
        let flowed = evidence.at + SignedDuration::from_mins(50);
        let later = told_healthy(with_run(later, flowed, json!("ok")), Some(flowed));
        let before = diagnose(evidence.at, &evidence.machine, evidence.connections.first());
        let before: Vec<&str> = before.iter().map(|problem| problem.code.text()).collect();
        let judged = in_order(&[evidence, later]);
        // What is first seen later began later.
        for code in codes(&judged).into_iter().filter(|code| before.contains(code)) {
            // Only what lies outside of QuickBooks and the Web Connector.
            let is_elsewhere = ["network.", "companion.", "computer."].iter().any(|of| code.starts_with(of));
            prop_assert!(is_elsewhere, "{code} in spite of newer data");
        }
    }

    #[test]
    fn nothing_is_fine_while_the_newest_run_failed(
        earlier in prop::collection::vec(any_moment(), 0..4),
        newest in any_moment(),
        outcome in any_failure(),
        repeats in any::<bool>(),
    ) {
        let hour = |number: i64| now() + SignedDuration::from_hours(number);
        let mut all: Vec<Evidence> = earlier.into_iter().zip(0..).map(|(mut evidence, number)| {
            evidence.at = hour(number);
            told_healthy(evidence, Some(hour(number)))
        }).collect();
        let mut last = newest;
        last.at = hour(10);
        let failed_at = hour(10) - SignedDuration::from_mins(1);
        let flowed = repeats.then_some(failed_at - SignedDuration::from_mins(1));
        last.machine.setup.log_level = Finding::Absent;
        all.push(told_healthy(with_run(last, failed_at, outcome), flowed));
        let judged = in_order(&all);
        prop_assert!(!matches!(judged.verdict, Verdict::Healthy | Verdict::Ready), "{judged:?}");
    }

    #[test]
    fn nothing_is_fine_while_nothing_is_set_up(
        earlier in prop::collection::vec(any_moment(), 0..4),
        newest in any_moment(),
        is_told in any::<bool>(),
    ) {
        let hour = |number: i64| now() + SignedDuration::from_hours(number);
        let mut all: Vec<Evidence> = earlier.into_iter().zip(0..).map(|(mut evidence, number)| {
            evidence.at = hour(number);
            evidence
        }).collect();
        let mut last = newest;
        last.at = hour(10);
        last.machine.setup.applications = Finding::Absent;
        last.machine.sync = Finding::Absent;
        last.machine.web_connector = Finding::Known(serde_json::from_value(json!({"own_session": 1})).unwrap());
        for connection in &mut last.connections {
            connection.remote = serde_json::from_value(json!({})).unwrap();
        }
        all.push(if is_told { told_healthy(last, None) } else { last });
        let judged = in_order(&all);
        prop_assert!(!matches!(judged.verdict, Verdict::Healthy | Verdict::Ready), "{judged:?}");
    }

    #[test]
    fn unknown_always_says_why_and_what_would_help(evidence in any_moment()) {
        let judged = look(&evidence);
        prop_assert_eq!(judged.verdict == Verdict::Unknown, judged.doubt.is_some());
        if let Some(doubt) = judged.doubt {
            let words = doubt.words();
            prop_assert!(words.cause.ends_with('.') && !words.steps.is_empty(), "{words:?}");
        }
    }
}

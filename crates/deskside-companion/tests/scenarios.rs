//! The scenarios in `tests/scenarios`: evidence and the expected result, file by file.
//!
//! A file is evidence over time with the verdict, problems and words that are expected.
//! A new situation from the field is added there, without any Rust.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

#[path = "scenarios/files.rs"]
mod files;

use std::collections::BTreeSet;

use deskside_companion::Summary;
use deskside_health::{Code, Expectation, Scenario, diagnose};
use deskside_model::Severity;
use deskside_model::evidence::Evidence;
use serde_json::{Map, Value};

/// Known from what Deskside itself does, not from evidence.
const NOT_IN_EVIDENCE: [Code; 1] = [Code::WebviewMissing];

/// How the result differs from the expected one; empty if it does not.
fn differences(then: &Expectation, said: &Summary) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, expected: String, is: String| {
        if expected != is {
            found.push(format!("{what}: expected {expected}, is {is}"));
        }
    };
    let expected = |codes: &[Code]| format!("{:?}", texts(codes));
    let problems: Vec<&str> = said.problems.iter().map(|one| one.code.as_str()).collect();
    let notices: Vec<&str> = said.notices.iter().map(|one| one.code.as_str()).collect();
    compare("verdict", format!("{:?}", then.verdict), format!("{:?}", said.verdict));
    compare("problems", expected(&then.problems), format!("{problems:?}"));
    compare("notices", expected(&then.notices), format!("{notices:?}"));
    if let Some(who) = then.who {
        let first = said.problems.first().map(|problem| problem.who);
        compare("who must act", format!("{:?}", Some(who)), format!("{first:?}"));
    }
    for words in &then.says {
        let has = |text: &str| text.to_lowercase().contains(&words.to_lowercase());
        if !said.problems.iter().any(|one| has(&one.title) || has(&one.cause)) {
            found.push(format!("no text contains {words:?}"));
        }
    }
    found
}

fn texts(codes: &[Code]) -> Vec<&'static str> {
    codes.iter().map(|code| code.text()).collect()
}

#[test]
fn every_scenario_gets_the_verdict_in_its_file() {
    let mut failures = Vec::new();
    for (name, scenario) in files::all() {
        for (moment, said) in scenario.moments.iter().zip(Summary::of_scenario(&scenario)) {
            let wrong = moment.then.as_ref().map(|then| differences(then, &said));
            let at = moment.evidence.at;
            let wrong = wrong.into_iter().flatten().map(|why| format!("{name} at {at}: {why}"));
            failures.extend(wrong);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_problem_is_reached_by_a_scenario() {
    let expected_of = |scenario: &Scenario| {
        let then = scenario.moments.iter().filter_map(|moment| moment.then.clone());
        then.flat_map(|then| [then.problems, then.notices].concat()).collect::<Vec<Code>>()
    };
    let mut reached: BTreeSet<Code> =
        files::all().iter().flat_map(|(_, scenario)| expected_of(scenario)).collect();
    for code in NOT_IN_EVIDENCE {
        assert!(reached.insert(code), "{} is reached after all", code.text());
    }
    let missing: Vec<Code> = Code::ALL.iter().copied().filter(|c| !reached.contains(c)).collect();
    assert_eq!(texts(&missing), [""; 0]);
}

/// Everything that is wrong at a moment for the connection with most faults, symptoms too.
fn found(evidence: &Evidence) -> BTreeSet<Code> {
    let of = |connection| {
        let problems = diagnose(evidence.at, &evidence.machine, connection);
        problems.into_iter().map(|problem| problem.code).collect::<BTreeSet<Code>>()
    };
    let connections = evidence.connections.iter().map(|connection| of(Some(connection)));
    connections.max_by_key(BTreeSet::len).unwrap_or_else(|| of(None))
}

/// In practice faults come together, and scenarios must decide which of them is shown.
#[test]
fn every_blocking_problem_is_found_beside_another() {
    let scenarios = files::all();
    let moments = scenarios.iter().flat_map(|(_, scenario)| &scenario.moments);
    let together: Vec<BTreeSet<Code>> = moments.map(|moment| found(&moment.evidence)).collect();
    // A symptom of another fault is no second fault.
    let symptoms = [Code::Inactive, Code::Broken, Code::RunFailed];
    let is_fault =
        |code: &Code| code.entry().severity != Severity::Info && !symptoms.contains(code);
    let is_seen_with_another = |code: &Code| {
        let independent = |other: &Code| {
            is_fault(other)
                && !code.entry().depends_on.contains(other)
                && !other.entry().depends_on.contains(code)
        };
        together.iter().any(|found| {
            found.contains(code) && found.iter().any(|other| other != code && independent(other))
        })
    };
    let alone =
        Code::ALL.iter().copied().filter(|code| is_fault(code) && !is_seen_with_another(code));
    assert_eq!(texts(&alone.collect::<Vec<_>>()), [""; 0]);
}

#[test]
fn every_scenario_states_its_expected_result() {
    for (name, scenario) in files::all() {
        assert!(scenario.moments.last().unwrap().then.is_some(), "{name} expects nothing");
        assert!(scenario.story.ends_with('.'), "{name} has no description");
    }
}

/// Evidence ignores what it does not know, so that it can be read by an older version; a scenario
/// with a misspelled field would show nothing.
#[test]
fn scenarios_contain_no_misspelled_fields() {
    for (name, text) in files::texts() {
        let written: Value = serde_json::from_str(&text).unwrap();
        let scenario = Scenario::read(&text).unwrap();
        let moments = written["moments"].as_array().unwrap();
        for (moment, read) in moments.iter().zip(&scenario.moments) {
            let mut moment = moment.clone();
            moment.as_object_mut().unwrap().remove("then");
            let read = serde_json::to_value(&read.evidence).unwrap();
            if let Some(path) = unread(&moment, &read) {
                panic!("{name}: `{path}` is not read");
            }
        }
    }
}

/// The first field of the file that was not read.
fn unread(written: &Value, read: &Value) -> Option<String> {
    let below = |key: String, written: &Value, read: Option<&Value>| {
        let path = read.map_or_else(|| Some(String::new()), |read| unread(written, read))?;
        Some(format!("{key}.{path}"))
    };
    match (written, read) {
        (Value::Object(written), Value::Object(read)) => {
            let one = |(key, value): (&String, &Value)| below(key.clone(), value, read.get(key));
            written.iter().find_map(one)
        }
        (Value::Array(written), Value::Array(read)) => {
            let mut both = written.iter().zip(0_usize..);
            both.find_map(|(value, at)| below(at.to_string(), value, read.get(at)))
        }
        // An unknown word is deliberately read as unknown.
        (written, read) if written == read || *read == "unknown" => None,
        (_, _) => Some(String::new()),
    }
}

#[test]
fn playable_scenarios_need_only_this_computer() {
    let mut played = 0;
    for (name, text) in files::texts() {
        let scenario = Scenario::read(&text).unwrap();
        if !scenario.play {
            continue;
        }
        let written: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let [moment] = written["moments"].as_array().unwrap().as_slice() else {
            panic!("{name}: the moments before the last one would not be played");
        };
        // The computer on which it is played has a network of its own.
        let shown =
            ["at", "then", "network", "quickbooks", "web_connector", "crash", "repair", "setup"];
        let fields = moment.as_object().unwrap().keys();
        let hidden: Vec<&String> = fields.filter(|name| !shown.contains(&name.as_str())).collect();
        assert!(hidden.is_empty(), "{name}: nobody can show {hidden:?}");
        let setup = moment.get("setup").and_then(Value::as_object);
        let fields = setup.into_iter().flat_map(Map::keys);
        assert!(fields.into_iter().all(|name| name == "update_lock"), "{name}: of the set-up");
        played += 1;
    }
    assert!(played > 0, "nothing is played");
}

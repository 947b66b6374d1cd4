//! A scenario: evidence over time with the expected results, in a file that a person can write and
//! that tests and the command line judge by the companion's rules.
//!
//! Evidence lasts until the next look. So a moment inherits the one before it and names only the
//! fields that changed, and between two moments only time passes.

use std::collections::{BTreeMap, BTreeSet};

use deskside_model::evidence::{ConnectionEvidence, Evidence, name_applications};
use deskside_model::{ConnectionId, Who};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::Error;
use serde_json::{Map, Value};

use super::{Code, Diagnosis, Tracker, Verdict, Witness, diagnose, judge};

/// Evidence over time. At least one moment; each later than the one before it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub struct Scenario {
    /// What it shows, in one sentence.
    pub story: String,
    /// Whether the fake QuickBooks can show this computer's part of it.
    pub play: bool,
    /// The moments, in order.
    pub moments: Vec<Moment>,
}

/// One moment of a scenario.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The evidence.
    pub evidence: Evidence,
    /// The expected result, if it matters.
    pub then: Option<Expectation>,
}

/// The expected result of a moment: nothing less, and nothing more.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The worst verdict of all connections, or this computer's where there is none.
    pub verdict: Verdict,
    /// The root causes and the advice of that connection, in this order.
    #[serde(default)]
    pub problems: Vec<Code>,
    /// Who must act on the first of them.
    pub who: Option<Who>,
    /// Text that the title or the cause of one of them contains.
    #[serde(default)]
    pub says: Vec<String>,
    /// The advice about this computer.
    #[serde(default)]
    pub notices: Vec<Code>,
}

/// A scenario as written in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    story: String,
    #[serde(default)]
    play: bool,
    moments: Vec<Map<String, Value>>,
}

/// Why a file is not a scenario.
#[derive(Debug, thiserror::Error)]
enum ScenarioFault {
    #[error("a scenario has at least one moment")]
    Empty,
    #[error("{0} is not after the moment before it")]
    NotLater(Timestamp),
    #[error("moment {number}: {why}")]
    Moment { number: usize, why: serde_json::Error },
}

impl TryFrom<Written> for Scenario {
    type Error = ScenarioFault;

    fn try_from(written: Written) -> Result<Self, ScenarioFault> {
        let Written { story, play, moments: written } = written;
        let (mut moments, mut seen) = (Vec::<Moment>::new(), Map::new());
        for (changes, number) in written.into_iter().zip(1..) {
            let moment =
                moment(changes, &mut seen).map_err(|why| ScenarioFault::Moment { number, why })?;
            let at = moment.evidence.at;
            if moments.last().is_some_and(|last| last.evidence.at >= at) {
                return Err(ScenarioFault::NotLater(at));
            }
            moments.push(moment);
        }
        if moments.is_empty() {
            Err(ScenarioFault::Empty)
        } else {
            Ok(Self { story, play, moments })
        }
    }
}

/// Reads a moment on top of what was `seen` before.
fn moment(
    mut changes: Map<String, Value>,
    seen: &mut Map<String, Value>,
) -> serde_json::Result<Moment> {
    let then = changes.remove("then").map(serde_json::from_value).transpose()?;
    seen.extend(changes);
    let evidence = complete(serde_json::from_value(Value::Object(seen.clone()))?)?;
    Ok(Moment { evidence, then })
}

/// Completes what a person wrote. Each connection must be listed once, because its identifier tells
/// connections apart over time.
fn complete(mut evidence: Evidence) -> serde_json::Result<Evidence> {
    let mut ids = BTreeSet::new();
    if let Some(twice) = evidence.connections.iter().find(|one| !ids.insert(one.id.as_str())) {
        let why = format!("the connection {:?} is there twice", twice.id);
        return Err(serde_json::Error::custom(why));
    }
    name_applications(&evidence.machine, &mut evidence.connections);
    Ok(evidence)
}

impl From<Evidence> for Scenario {
    /// A single moment.
    fn from(evidence: Evidence) -> Self {
        let moments = vec![Moment { evidence, then: None }];
        Self { story: String::new(), play: false, moments }
    }
}

/// A connection's problems and its verdict so far.
struct State {
    tracker: Tracker,
    verdict: Verdict,
}

type States = BTreeMap<ConnectionId, State>;

impl Scenario {
    /// Reads a scenario, or evidence of a single moment.
    ///
    /// # Errors
    /// When it is neither.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        let is_scenario = serde_json::from_str::<Value>(text)?.get("moments").is_some();
        if is_scenario {
            serde_json::from_str(text)
        } else {
            complete(serde_json::from_str(text)?).map(Self::from)
        }
    }

    /// Judges every connection at every moment, with the companion's delays.
    #[must_use]
    pub fn judged(&self) -> Vec<Vec<(ConnectionEvidence, Diagnosis)>> {
        let (mut states, mut before) = (States::new(), None);
        let mut judged = Vec::new();
        for Moment { evidence, .. } in &self.moments {
            if let Some(before) = before.replace(evidence) {
                let_time_pass(before, evidence.at, &mut states);
            }
            judged.push(look(evidence, evidence.at, &mut states));
        }
        judged
    }
}

/// Judges the evidence again whenever time alone changes something, as a companion wakes.
fn let_time_pass(seen: &Evidence, until: Timestamp, states: &mut States) {
    let mut now = seen.at;
    while let Some(wake) = next_change(seen, now, states).filter(|wake| *wake < until) {
        now = wake;
        look(seen, now, states);
    }
}

fn next_change(seen: &Evidence, now: Timestamp, states: &States) -> Option<Timestamp> {
    let trackers = states.values().filter_map(|state| state.tracker.next_change());
    let links = seen.connections.iter().filter_map(|connection| connection.link_pending_until);
    trackers.chain(links).filter(|then| *then > now).min()
}

fn look(
    seen: &Evidence,
    now: Timestamp,
    states: &mut States,
) -> Vec<(ConnectionEvidence, Diagnosis)> {
    let machine = &seen.machine;
    states.retain(|id, _| seen.connections.iter().any(|connection| connection.id == *id));
    let mut judge_one = |connection: &ConnectionEvidence| {
        let fresh = || State { tracker: Tracker::default(), verdict: Verdict::Unknown };
        let state = states.entry(connection.id.clone()).or_insert_with(fresh);
        let witness = Witness::of(now, machine, Some(connection));
        state.tracker.update(now, diagnose(now, machine, Some(connection)), &witness);
        let judged = judge(now, machine, Some(connection), &state.tracker, state.verdict);
        state.verdict = judged.verdict;
        (connection.clone(), judged)
    };
    seen.connections.iter().map(&mut judge_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(moments: &str) -> serde_json::Result<Scenario> {
        Scenario::read(&format!(r#"{{"story": "A day.", "moments": [{moments}]}}"#))
    }

    const EIGHT: &str = r#"{"at": "2026-11-20T08:00:00Z", "quickbooks": "absent",
        "connections": [{"id": "c"}]}"#;

    #[test]
    fn scenario_moment_inherits_unnamed_values() {
        let later = r#"{"at": "2026-11-20T08:00:10Z", "vault": "locked"}"#;
        let scenario = read(&format!("{EIGHT}, {later}")).unwrap();
        let (first, second) = (&scenario.moments[0].evidence, &scenario.moments[1].evidence);
        assert_eq!(first.machine.quickbooks, second.machine.quickbooks);
        assert_ne!(first.machine.vault, second.machine.vault);
        assert_eq!(second.connections.len(), 1);
    }

    #[test]
    fn evidence_alone_is_a_scenario_with_one_moment() {
        assert_eq!(Scenario::read(EIGHT).unwrap().moments.len(), 1);
    }

    #[test]
    fn invalid_scenario_reports_position_and_reason() {
        let without_a_time = r#"{"vault": "locked"}"#;
        for (moments, why) in [
            (String::new(), "at least one moment"),
            (format!("{EIGHT}, {EIGHT}"), "not after"),
            (without_a_time.into(), "moment 1: missing field `at`"),
            (
                r#"{"at": "2026-11-20T08:00:00Z", "then": {"verdict": "ready", "say": []}}"#.into(),
                "unknown field `say`",
            ),
        ] {
            let said = read(&moments).unwrap_err().to_string();
            assert!(said.contains(why), "{said}");
        }
    }

    #[test]
    fn ambiguous_or_unreadable_scenario_is_refused() {
        let at = r#""at": "2026-11-20T08:00:00Z""#;
        let twice = format!(r#"{{{at}, "connections": [{{"id": "c"}}, {{"id": "c"}}]}}"#);
        assert!(Scenario::read(&twice).unwrap_err().to_string().contains("twice"));
        assert!(read(&twice).unwrap_err().to_string().contains("moment 1"));
        let later = format!(r#"{{"schema": 2, {at}}}"#);
        assert!(Scenario::read(&later).unwrap_err().to_string().contains("schema 1"));
    }

    #[test]
    fn time_alone_makes_a_problem_visible_between_two_moments() {
        let blink =
            r#"{"at": "2026-11-20T08:00:12Z", "quickbooks": {"known": {"own_session": 1}}}"#;
        let judged = read(&format!("{EIGHT}, {blink}")).unwrap().judged();
        assert_eq!(judged[0][0].1.verdict, Verdict::Unknown);
        // It showed after ten seconds, and two are not enough for it to clear.
        assert_eq!(judged[1][0].1.verdict, Verdict::Problem);
    }
}

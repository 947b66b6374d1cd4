//! A day at the QuickBooks computer as a file: the programs that run and what they do at what time.
//!
//! ```json
//! { "programs": { "QBW.EXE": { "part": "quickbooks" },
//!                 "hidden":  { "part": "quickbooks", "name": "QBW.EXE", "arguments": ["-Embedding"] } },
//!   "steps": [ { "at": "08:00:00", "program": "QBW.EXE", "do": "start" },
//!              { "at": "08:00:05", "program": "QBW.EXE", "do": { "main": { "title": "..." } } },
//!              { "at": "17:00:00", "program": "QBW.EXE", "do": "end" } ] }
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Value};

use crate::orders::{QuickBooksOrder, WebConnectorOrder};
use crate::player::Part;

/// One day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The programs, by the label that steps use.
    pub programs: BTreeMap<String, Program>,
    /// What happens, in ascending order of time.
    pub steps: Vec<Step>,
}

/// A program of the day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The fake program that plays it.
    pub part: Part,
    /// The name of its process, if that is not its label.
    #[serde(default)]
    pub name: Option<String>,
    /// Its command-line arguments.
    #[serde(default)]
    pub arguments: Vec<String>,
}

/// One action at a time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The time of day.
    pub at: Time,
    /// The label of the program.
    pub program: String,
    /// What it does.
    pub action: Action,
}

/// What a program does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It starts.
    Start,
    /// It exits regularly.
    End,
    /// It executes an order, as a program with windows.
    QuickBooks(QuickBooksOrder),
    /// It executes an order, as the Web Connector.
    WebConnector(WebConnectorOrder),
}

impl Day {
    /// Parses a day.
    ///
    /// # Errors
    /// If the file does not have this form, a step names an unlisted program or has an order that
    /// its program does not know, or the steps are out of order.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let RawDay { programs, steps } = serde_json::from_str(text)?;
        let steps: Result<Vec<_>, _> =
            steps.into_iter().map(|step| step.parse(&programs)).collect();
        let steps = steps?;
        match steps.array_windows().find(|[before, after]| after.at < before.at) {
            Some([_, late]) => {
                Err(Error::custom(format!("The step at {} is out of order.", late.at)))
            }
            None => Ok(Self { programs, steps }),
        }
    }
}

/// The order with this time for its log records, unless it has a time of its own.
#[must_use]
pub fn with_time(mut order: WebConnectorOrder, day: Date, time: Time) -> WebConnectorOrder {
    let now = day.to_datetime(time).to_zoned(TimeZone::UTC).ok().map(|now| now.timestamp());
    let fill = |at: &mut Option<Timestamp>| *at = at.or(now);
    match &mut order {
        WebConnectorOrder::Run(run) => fill(&mut run.at),
        WebConnectorOrder::Log { at, .. } | WebConnectorOrder::ClearLog { at } => fill(at),
        WebConnectorOrder::Show
        | WebConnectorOrder::Hide
        | WebConnectorOrder::Level(_)
        | WebConnectorOrder::Application { .. }
        | WebConnectorOrder::RemoveApplication { .. }
        | WebConnectorOrder::FinishRun
        | WebConnectorOrder::UpdateLock { .. }
        | WebConnectorOrder::Forget
        | WebConnectorOrder::Hang { .. }
        | WebConnectorOrder::Wake
        | WebConnectorOrder::Exit { .. } => {}
    }
    order
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDay {
    programs: BTreeMap<String, Program>,
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    at: Time,
    program: String,
    #[serde(rename = "do")]
    action: Value,
}

impl RawStep {
    fn parse(self, programs: &BTreeMap<String, Program>) -> Result<Step, Error> {
        let Self { at, program: label, action } = self;
        let Some(program) = programs.get(&label) else {
            return Err(Error::custom(format!("At {at}: {label} is not among the programs.")));
        };
        let action = match action.as_str() {
            Some("start") => Action::Start,
            Some("end") => Action::End,
            Some(_) | None => match program.part {
                Part::QuickBooks => Action::QuickBooks(order(action, at)?),
                Part::WebConnector => Action::WebConnector(order(action, at)?),
            },
        };
        Ok(Step { at, program: label, action })
    }
}

fn order<Order: DeserializeOwned>(action: Value, at: Time) -> Result<Order, Error> {
    serde_json::from_value(action).map_err(|error| Error::custom(format!("At {at}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::{Level, Shown};
    use crate::run::Outcome;

    fn day(steps: &str) -> Result<Day, Error> {
        let programs = r#"{"QBW.EXE":{"part":"quickbooks"},
            "QBWebConnector.exe":{"part":"web_connector","arguments":["-tray"]}}"#;
        Day::parse(&format!(r#"{{"programs":{programs},"steps":[{steps}]}}"#))
    }

    #[test]
    fn a_step_is_parsed_by_its_programs_part() {
        let day = day(r#"{"at":"08:00:00","program":"QBW.EXE","do":"start"},
            {"at":"08:00:05","program":"QBW.EXE","do":{"main":{"title":"Larch LLC"}}},
            {"at":"08:30:00","program":"QBWebConnector.exe","do":{"level":"VERBOSE"}}"#)
        .unwrap();
        let actions: Vec<_> = day.steps.into_iter().map(|step| step.action).collect();
        let (shown, level) = (Shown::Open, Level::Verbose);
        assert_eq!(
            actions,
            [
                Action::Start,
                Action::QuickBooks(QuickBooksOrder::Main { title: "Larch LLC".into(), shown }),
                Action::WebConnector(WebConnectorOrder::Level(level)),
            ]
        );
    }

    #[test]
    fn an_order_for_another_program_is_rejected_with_its_time() {
        let wrong = day(r#"{"at":"08:00:00","program":"QBW.EXE","do":"clear_log"}"#);
        assert!(wrong.unwrap_err().to_string().contains("At 08:00:00"));
    }

    #[test]
    fn a_misspelled_field_is_rejected() {
        let wrong = r#"{"at":"08:00:00","program":"QBW.EXE","do":{"main":{"titel":"Larch"}}}"#;
        assert!(day(wrong).unwrap_err().to_string().contains("titel"));
    }

    #[test]
    fn a_step_of_an_unlisted_program_is_rejected() {
        let wrong = day(r#"{"at":"08:00:00","program":"QBW32.EXE","do":"start"}"#);
        assert!(wrong.unwrap_err().to_string().contains("QBW32.EXE"));
    }

    #[test]
    fn steps_out_of_order_are_rejected() {
        let wrong = day(r#"{"at":"09:00:00","program":"QBW.EXE","do":"start"},
            {"at":"08:59:59","program":"QBW.EXE","do":"end"}"#);
        assert!(wrong.unwrap_err().to_string().contains("08:59:59"));
    }

    #[test]
    fn a_run_without_a_time_takes_its_steps_time() {
        let (day, time) = (jiff::civil::date(2026, 5, 5), jiff::civil::time(13, 7, 0, 0));
        let own = "2026-01-01T00:00:00Z".parse().ok();
        let step = "2026-05-05T13:07:00Z".parse().ok();
        let filled = with_time(WebConnectorOrder::ClearLog { at: None }, day, time);
        assert_eq!(filled, WebConnectorOrder::ClearLog { at: step });
        let kept = with_time(WebConnectorOrder::ClearLog { at: own }, day, time);
        assert_eq!(kept, WebConnectorOrder::ClearLog { at: own });
    }

    #[test]
    fn the_ordinary_day_parses_and_covers_all_kinds_of_runs() {
        let day = Day::parse(include_str!("../days/an-ordinary-day.json")).unwrap();
        let outcomes: Vec<_> = day.steps.iter().filter_map(run_outcome).collect();
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::Ok { .. })));
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::OkNoWork)));
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::QuickBooksFailed(_))));
    }

    fn run_outcome(step: &Step) -> Option<&Outcome> {
        let Action::WebConnector(WebConnectorOrder::Run(run)) = &step.action else { return None };
        Some(&run.outcome)
    }
}

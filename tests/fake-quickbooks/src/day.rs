//! A day at the QuickBooks computer, as a file: which programs there are, and what happens when.
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

/// A whole day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Who takes part, by the label that steps use.
    pub programs: BTreeMap<String, Role>,
    /// What happens, in order of time.
    pub steps: Vec<Step>,
}

/// A program that takes part.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Which fake program plays it.
    pub part: Part,
    /// The name it is to be seen by, if that is not its label.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is started with.
    #[serde(default)]
    pub arguments: Vec<String>,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The time of day.
    pub at: Time,
    /// The label of the program.
    pub program: String,
    /// What it does.
    pub deed: Deed,
}

/// What a program does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It starts.
    Start,
    /// It ends in peace.
    End,
    /// It obeys, being a program with windows.
    QuickBooks(QuickBooksOrder),
    /// It obeys, being the Web Connector.
    WebConnector(WebConnectorOrder),
}

impl Day {
    /// Reads a day.
    ///
    /// # Errors
    /// When it is not of this form, names a program that does not take part, gives one an order
    /// that is not for it, or goes back in time.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let Written { programs, steps } = serde_json::from_str(text)?;
        let steps: Result<Vec<_>, _> =
            steps.into_iter().map(|step| step.understood(&programs)).collect();
        let steps = steps?;
        match steps.array_windows().find(|[before, after]| after.at < before.at) {
            Some([_, late]) => {
                Err(Error::custom(format!("The step at {} comes too late.", late.at)))
            }
            None => Ok(Self { programs, steps }),
        }
    }
}

/// The order with a time for what it writes to the log, where it has none of its own.
#[must_use]
pub fn dated(mut order: WebConnectorOrder, day: Date, time: Time) -> WebConnectorOrder {
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
struct Written {
    programs: BTreeMap<String, Role>,
    steps: Vec<WrittenStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStep {
    at: Time,
    program: String,
    #[serde(rename = "do")]
    deed: Value,
}

impl WrittenStep {
    fn understood(self, programs: &BTreeMap<String, Role>) -> Result<Step, Error> {
        let Self { at, program, deed } = self;
        let Some(role) = programs.get(&program) else {
            return Err(Error::custom(format!("At {at}: {program} does not take part.")));
        };
        let deed = match deed.as_str() {
            Some("start") => Deed::Start,
            Some("end") => Deed::End,
            Some(_) | None => match role.part {
                Part::QuickBooks => Deed::QuickBooks(order(deed, at)?),
                Part::WebConnector => Deed::WebConnector(order(deed, at)?),
            },
        };
        Ok(Step { at, program, deed })
    }
}

fn order<Order: DeserializeOwned>(deed: Value, at: Time) -> Result<Order, Error> {
    serde_json::from_value(deed).map_err(|error| Error::custom(format!("At {at}: {error}")))
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
    fn a_step_is_understood_by_the_part_that_its_program_plays() {
        let day = day(r#"{"at":"08:00:00","program":"QBW.EXE","do":"start"},
            {"at":"08:00:05","program":"QBW.EXE","do":{"main":{"title":"Larch LLC"}}},
            {"at":"08:30:00","program":"QBWebConnector.exe","do":{"level":"VERBOSE"}}"#)
        .unwrap();
        let deeds: Vec<_> = day.steps.into_iter().map(|step| step.deed).collect();
        let (shown, level) = (Shown::Open, Level::Verbose);
        assert_eq!(
            deeds,
            [
                Deed::Start,
                Deed::QuickBooks(QuickBooksOrder::Main { title: "Larch LLC".into(), shown }),
                Deed::WebConnector(WebConnectorOrder::Level(level)),
            ]
        );
    }

    #[test]
    fn an_order_for_another_program_is_refused_with_its_time() {
        let wrong = day(r#"{"at":"08:00:00","program":"QBW.EXE","do":"clear_log"}"#);
        assert!(wrong.unwrap_err().to_string().contains("At 08:00:00"));
    }

    #[test]
    fn a_misspelt_field_is_refused_instead_of_ignored() {
        let wrong = r#"{"at":"08:00:00","program":"QBW.EXE","do":{"main":{"titel":"Larch"}}}"#;
        assert!(day(wrong).unwrap_err().to_string().contains("titel"));
    }

    #[test]
    fn a_program_that_does_not_take_part_is_refused() {
        let wrong = day(r#"{"at":"08:00:00","program":"QBW32.EXE","do":"start"}"#);
        assert!(wrong.unwrap_err().to_string().contains("QBW32.EXE"));
    }

    #[test]
    fn a_day_that_goes_back_in_time_is_refused() {
        let wrong = day(r#"{"at":"09:00:00","program":"QBW.EXE","do":"start"},
            {"at":"08:59:59","program":"QBW.EXE","do":"end"}"#);
        assert!(wrong.unwrap_err().to_string().contains("08:59:59"));
    }

    #[test]
    fn a_run_without_a_time_gets_that_of_its_step_and_keeps_one_of_its_own() {
        let (day, time) = (jiff::civil::date(2026, 5, 5), jiff::civil::time(13, 7, 0, 0));
        let own = "2026-01-01T00:00:00Z".parse().ok();
        let step = "2026-05-05T13:07:00Z".parse().ok();
        let filled = dated(WebConnectorOrder::ClearLog { at: None }, day, time);
        assert_eq!(filled, WebConnectorOrder::ClearLog { at: step });
        let kept = dated(WebConnectorOrder::ClearLog { at: own }, day, time);
        assert_eq!(kept, WebConnectorOrder::ClearLog { at: own });
    }

    #[test]
    fn the_ordinary_day_can_be_played_and_shows_every_kind_of_run() {
        let day = Day::parse(include_str!("../days/an-ordinary-day.json")).unwrap();
        let outcomes: Vec<_> = day.steps.iter().filter_map(run_outcome).collect();
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::Ok { .. })));
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::OkNoWork)));
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::QuickBooksFailed(_))));
    }

    fn run_outcome(step: &Step) -> Option<&Outcome> {
        let Deed::WebConnector(WebConnectorOrder::Run(run)) = &step.deed else { return None };
        Some(&run.outcome)
    }
}

//! `log scan`: the runs in the Web Connector's log, and nothing else from it.
//!
//! Each run is printed as soon as it is known, so a log of any size takes a few kilobytes.

use std::collections::BTreeMap;
use std::path::Path;

use deskside_model::evidence::run::{Header, Level, Run, RunOutcome};
use deskside_os::qwc_log::read_ahead;
use deskside_webconnector::{Decoder, Parser};
use jiff::Timestamp;
use serde::Serialize;

use crate::arguments::LogCommand;
use crate::input::open;
use crate::output::{CommandFailure, line, lines, say};

/// The most applications that are counted separately for the exit code. No computer has as many.
const APPLICATIONS: usize = 1_000;

pub(crate) fn run(command: LogCommand) -> Result<u8, CommandFailure> {
    match command {
        LogCommand::Scan { file, json } => scan(&file, json),
    }
}

fn scan(file: &Path, json: bool) -> Result<u8, CommandFailure> {
    let unread = |why| CommandFailure::new(format!("{} cannot be read", file.display()), why);
    let (mut decoder, mut parser) = (Decoder::default(), Parser::new());
    let (mut begun, mut is_empty) = (None, true);
    read_ahead(open(file)?, |piece| {
        let piece = piece.map_err(unread)?;
        is_empty &= piece.is_empty();
        let runs = parser.push(&decoder.decode(piece));
        // A log that cannot be read has no report.
        let report = begun.take().map_or_else(|| Report::begin(json), Ok)?;
        begun.insert(report).tell(runs)
    })?;
    let mut report = begun.map_or_else(|| Report::begin(json), Ok)?;
    report.tell(parser.push(&decoder.finish()))?;
    let header = parser.header().clone();
    report.tell(parser.finish())?;
    if !is_empty && report.runs == 0 && header == Header::default() {
        say("No run of the Web Connector was found in it.");
    }
    report.end(header.version.as_deref(), header.level.map(Level::text))
}

/// The printed report, and what the exit code needs of it.
struct Report {
    json: bool,
    /// How many runs were printed.
    runs: u64,
    tally: Tally,
}

/// The results of the applications, in bounded memory.
#[derive(Default)]
struct Tally {
    /// How the last run of each application went.
    last: BTreeMap<String, Went>,
    /// The worst result of the applications beyond the limit.
    others: Option<Went>,
    /// The worst result of unnamed runs since the last run of an application.
    nameless: Option<Went>,
}

/// Ordered by weight for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Went {
    Well,
    Unknown,
    Wrong,
}

/// One run, as `--json` shows it.
#[derive(Serialize)]
struct Row<'a> {
    app: Option<&'a str>,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
    outcome: &'static str,
    code: Option<String>,
    hresult: Option<String>,
    cause: Option<&'static str>,
    problem: Option<&'a str>,
}

impl<'a> From<&'a Run> for Row<'a> {
    fn from(run: &'a Run) -> Self {
        let failure = match &run.outcome {
            RunOutcome::Failed(failure) => Some(failure),
            RunOutcome::Ok | RunOutcome::OkNoWork | RunOutcome::Incomplete => None,
        };
        Self {
            app: run.app.as_deref(),
            started: run.started,
            ended: run.ended,
            outcome: run.outcome.text(),
            code: failure.and_then(|failure| failure.code).map(|code| format!("QBWC{code}")),
            hresult: failure
                .and_then(|failure| failure.hresult)
                .map(|code| format!("0x{code:08X}")),
            cause: failure.map(|failure| failure.cause.text()),
            problem: failure.and_then(|failure| failure.problem.as_deref()),
        }
    }
}

impl Report {
    fn begin(json: bool) -> Result<Self, CommandFailure> {
        if json {
            lines("{\n  \"schema\": 1,\n  \"runs\": [")?;
        }
        Ok(Self { json, runs: 0, tally: Tally::default() })
    }

    fn tell(&mut self, runs: Vec<Run>) -> Result<(), CommandFailure> {
        for run in runs {
            let row = Row::from(&run);
            if self.json {
                let comma = if self.runs == 0 { "" } else { "," };
                line(&format!("    {comma}{}", json_of(&row)?))?;
            } else {
                line(&sentence(&row))?;
            }
            self.runs = self.runs.saturating_add(1);
            self.tally.add(run.app, went(&run.outcome));
        }
        Ok(())
    }

    fn end(self, version: Option<&str>, level: Option<&str>) -> Result<u8, CommandFailure> {
        if self.json {
            let (version, level) = (json_of(&version)?, json_of(&level)?);
            lines(&format!(
                "  ],\n  \"web_connector_version\": {version},\n  \"level\": {level}\n}}"
            ))?;
        } else {
            let (version, level) = (version.unwrap_or("unknown"), level.unwrap_or("unknown"));
            say(&format!("Web Connector version: {version}, log level: {level}."));
        }
        Ok(self.tally.exit_code())
    }
}

impl Tally {
    fn add(&mut self, app: Option<String>, went: Went) {
        let Some(app) = app else {
            self.nameless = self.nameless.max(Some(went));
            return;
        };
        // An unfinished run, or a line outside of any run, is now out of date.
        self.nameless = None;
        if self.last.len() < APPLICATIONS || self.last.contains_key(&app) {
            self.last.insert(app, went);
        } else {
            self.others = self.others.max(Some(went));
        }
    }

    fn exit_code(&self) -> u8 {
        let worst = self.last.values().copied().max();
        match worst.max(self.others).max(self.nameless) {
            Some(Went::Well) => 0,
            Some(Went::Wrong) => 1,
            Some(Went::Unknown) | None => 3,
        }
    }
}

fn went(outcome: &RunOutcome) -> Went {
    match outcome {
        RunOutcome::Ok | RunOutcome::OkNoWork => Went::Well,
        RunOutcome::Failed(_) => Went::Wrong,
        RunOutcome::Incomplete => Went::Unknown,
    }
}

fn json_of(value: &impl Serialize) -> Result<String, CommandFailure> {
    serde_json::to_string(value)
        .map_err(|why| CommandFailure::new("the answer cannot be written as JSON", why))
}

fn sentence(row: &Row<'_>) -> String {
    let at = row.started.or(row.ended).map_or_else(|| "(no time)".into(), |at| at.to_string());
    let app = row.app.unwrap_or("(no name)");
    let details = [row.code.as_deref(), row.hresult.as_deref(), row.cause, row.problem];
    let details: Vec<&str> = details.into_iter().flatten().collect();
    format!("{at}  {}  {app}  {}", row.outcome, details.join(" ")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit_code<'a>(runs: impl IntoIterator<Item = (&'a str, Went)>) -> u8 {
        let mut tally = Tally::default();
        for (app, went) in runs {
            tally.add((!app.is_empty()).then(|| app.to_owned()), went);
        }
        tally.exit_code()
    }

    #[test]
    fn last_run_of_each_application_decides() {
        assert_eq!(exit_code([]), 3);
        assert_eq!(exit_code([("Larch", Went::Wrong), ("Larch", Went::Well)]), 0);
        assert_eq!(exit_code([("Larch", Went::Wrong), ("Otter", Went::Well)]), 1);
        assert_eq!(exit_code([("Larch", Went::Unknown), ("Otter", Went::Well)]), 3);
    }

    #[test]
    fn unnamed_run_counts_until_an_application_follows() {
        for went in [Went::Unknown, Went::Wrong] {
            let good = ("Larch", Went::Well);
            assert_eq!(exit_code([("", went), good, good]), 0);
            assert_ne!(exit_code([good, ("", went)]), 0);
            assert_ne!(exit_code([("", went)]), 0);
        }
    }

    #[test]
    fn many_applications_use_bounded_memory_and_hide_no_failure() {
        let mut tally = Tally::default();
        for number in 0..3 * APPLICATIONS {
            let went = if number == 2 * APPLICATIONS { Went::Wrong } else { Went::Well };
            tally.add(Some(number.to_string()), went);
        }
        assert_eq!((tally.last.len(), tally.exit_code()), (APPLICATIONS, 1));
        tally.add(Some("0".into()), Went::Unknown);
        assert_eq!(tally.last.get("0"), Some(&Went::Unknown), "a known one is still followed");
    }
}

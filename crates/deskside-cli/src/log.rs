//! `log scan`: what the Web Connector's log tells, without a word of what it holds besides.
//!
//! Each run is printed as soon as it is known, so a log of any size takes a few kilobytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use deskside::evidence::log::{Level, Outcome, Parser, Run, read_ahead};
use jiff::Timestamp;
use serde::Serialize;

use crate::arguments::LogCommand;
use crate::output::{Failure, line, lines, say};

pub(crate) fn run(command: LogCommand) -> Result<u8, Failure> {
    match command {
        LogCommand::Scan { file, json } => scan(&file, json),
    }
}

fn scan(file: &Path, json: bool) -> Result<u8, Failure> {
    let unread = |why| Failure::new(format!("{} cannot be read", file.display()), why);
    let log: Box<dyn Read + Send> = match file.to_str() {
        Some("-") => Box::new(io::stdin()),
        Some(_) | None => Box::new(File::open(file).map_err(unread)?),
    };
    let (mut parser, mut begun) = (Parser::new(), None);
    read_ahead(log, |piece| {
        let runs = parser.push(piece.map_err(unread)?);
        // What cannot be read at all has no report.
        let report = begun.take().map_or_else(|| Report::begin(json), Ok)?;
        begun.insert(report).tell(runs)
    })?;
    let mut report = begun.map_or_else(|| Report::begin(json), Ok)?;
    let header = parser.header().clone();
    report.tell(parser.finish())?;
    report.end(header.version.as_deref(), header.level.map(Level::text))
}

/// What is printed, and what is needed of it for the exit code.
struct Report {
    json: bool,
    /// How the last run of each application went.
    last: BTreeMap<Option<String>, Went>,
}

/// In the order of what counts most for the exit code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
            Outcome::Failed(failure) => Some(failure),
            Outcome::Ok | Outcome::OkNoWork | Outcome::Incomplete => None,
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
    fn begin(json: bool) -> Result<Self, Failure> {
        if json {
            lines("{\n  \"schema\": 1,\n  \"runs\": [")?;
        }
        Ok(Self { json, last: BTreeMap::new() })
    }

    fn tell(&mut self, runs: Vec<Run>) -> Result<(), Failure> {
        for run in runs {
            let row = Row::from(&run);
            if self.json {
                let comma = if self.last.is_empty() { "" } else { "," };
                line(&format!("    {comma}{}", json_of(&row)?))?;
            } else {
                line(&sentence(&row))?;
            }
            self.last.insert(run.app, went(&run.outcome));
        }
        Ok(())
    }

    fn end(self, version: Option<&str>, level: Option<&str>) -> Result<u8, Failure> {
        if self.json {
            let (version, level) = (json_of(&version)?, json_of(&level)?);
            lines(&format!(
                "  ],\n  \"web_connector_version\": {version},\n  \"level\": {level}\n}}"
            ))?;
        } else {
            let (version, level) = (version.unwrap_or("unknown"), level.unwrap_or("unknown"));
            say(&format!("Web Connector version: {version}, log level: {level}."));
        }
        Ok(match self.last.into_values().max() {
            Some(Went::Well) => 0,
            Some(Went::Wrong) => 1,
            Some(Went::Unknown) | None => 3,
        })
    }
}

fn went(outcome: &Outcome) -> Went {
    match outcome {
        Outcome::Ok | Outcome::OkNoWork => Went::Well,
        Outcome::Failed(_) => Went::Wrong,
        Outcome::Incomplete => Went::Unknown,
    }
}

fn json_of(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value)
        .map_err(|why| Failure::new("the answer cannot be written as JSON", why))
}

fn sentence(row: &Row<'_>) -> String {
    let at = row.started.or(row.ended).map_or_else(|| "(no time)".into(), |at| at.to_string());
    let app = row.app.unwrap_or("(no name)");
    let details = [row.code.as_deref(), row.hresult.as_deref(), row.cause, row.problem];
    let details: Vec<&str> = details.into_iter().flatten().collect();
    format!("{at}  {}  {app}  {}", row.outcome, details.join(" ")).trim_end().to_owned()
}

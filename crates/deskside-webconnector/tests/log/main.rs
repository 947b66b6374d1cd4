//! Tests of reading the Web Connector's log. All names are invented.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod belonging;
mod damage;
mod format;
mod outcomes;
mod properties;
mod records;

use deskside_model::Cause;
use deskside_model::evidence::run::{Run, RunFailure, RunOutcome};
use deskside_webconnector::Parser;

use records::*;

/// A run with an error of this text between its start and its end.
fn failing(method: &str, text: &str) -> String {
    start("Larch") + &ask("Larch") + &answer("t-1", "") + &soap(method, text) + &unlock()
}

fn runs(log: impl AsRef<[u8]>) -> Vec<Run> {
    let mut parser = Parser::new();
    let mut runs = parser.push(log.as_ref());
    runs.extend(parser.finish());
    runs
}

/// The only run in a log.
fn run(log: impl AsRef<[u8]>) -> Run {
    let [run] = runs(log).try_into().expect("one run");
    run
}

/// Why the only run in a log failed.
fn failure(log: impl AsRef<[u8]>) -> RunFailure {
    let run = run(log);
    let RunOutcome::Failed(failure) = run.outcome else { panic!("{run:?} has not failed") };
    failure
}

fn cause(log: impl AsRef<[u8]>) -> Cause {
    failure(log).cause
}

/// Each run's application and outcome.
fn results(runs: &[Run]) -> Vec<(&str, &str)> {
    runs.iter().map(|run| (run.app.as_deref().unwrap_or("?"), run.outcome.text())).collect()
}

//! Runs the steps of a schedule and reports them.
//!
//! The output of each step goes to a log of its own. At the end, the last lines of every failed
//! step's log are shown. The last line counts the steps, in a form that programs can read.

use std::fs::File;
use std::panic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::schedule::{Lanes, Schedule, State};
use super::step::Step;
use crate::command::{Output, tail};
use crate::environment::unattended;
use crate::outcome::Outcome;
use crate::paths;
use crate::terminal::{print, print_error};

/// What a finished step leaves behind.
struct Report {
    name: &'static str,
    took: Duration,
    /// Why it failed.
    failure: Option<String>,
    notes: Vec<String>,
}

/// Runs these steps, side by side where they allow it and there are processors for it.
pub(crate) fn run(steps: &[&'static Step]) -> Outcome<ExitCode> {
    let logs = paths::work_folder("logs")?;
    let log_of = |name: &str| logs.join(format!("{name}.log"));
    let began = Instant::now();
    let mut schedule = Schedule::new(steps.to_vec(), lanes());
    let (sender, receiver) = mpsc::channel();
    let (mut finished, mut failures, mut notes) = (0_usize, Vec::new(), Vec::new());
    while !schedule.is_done() {
        while let Some(step) = schedule.start() {
            print(&format!("[{finished}/{}] {} …\n", steps.len(), step.name))?;
            spawn(step, log_of(step.name), sender.clone());
        }
        let report = receiver.recv()?;
        finished = finished.saturating_add(1);
        schedule.finish(report.name, report.failure.is_none());
        let Report { name, took, failure, notes: mut new_notes } = report;
        let word = if failure.is_none() { "passed in" } else { "FAILED after" };
        let seconds = took.as_secs_f64();
        print(&format!("[{finished}/{}] {name} {word} {seconds:.1} s\n", steps.len()))?;
        failures.extend(failure.map(|why| (name, why)));
        notes.append(&mut new_notes);
    }

    for (name, why) in &failures {
        let log = log_of(name);
        // An unattended run takes its logs with it.
        let lines = if unattended() { 200 } else { 40 };
        print_error(&format!("\nFAILED {name}: {why}\n{}", tail(&log, lines)?))?;
        print_error(&format!("all of it: {}\n", log.display()))?;
    }
    summarize(&schedule, &notes)?;
    print(&format!("in {:.0} s; logs in {}\n", began.elapsed().as_secs_f64(), logs.display()))?;
    let passed = schedule.states().filter(|(_, state)| *state == State::Passed).count();
    let failed = steps.len().saturating_sub(passed);
    print(&format!("{passed} passed, {failed} failed\n"))?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// As many steps as there are processors. The end-to-end tests measure patience in seconds and start
/// stand-ins for QuickBooks, so they never run beside each other.
fn lanes() -> Lanes {
    let all = thread::available_parallelism().map_or(1, usize::from);
    Lanes { all, timed: 1 }
}

/// Runs a step on a thread of its own, which sends its report.
fn spawn(step: &'static Step, log: PathBuf, reports: Sender<Report>) {
    thread::spawn(move || {
        let began = Instant::now();
        // A panic must not leave the run waiting for this report.
        let done = panic::catch_unwind(|| perform(step, &log));
        let (failure, notes) =
            done.unwrap_or_else(|_| (Some("the step panicked".to_owned()), Vec::new()));
        let report = Report { name: step.name, took: began.elapsed(), failure, notes };
        // The receiver is gone only when the run itself has ended.
        reports.send(report).ok();
    });
}

/// Runs a step; returns why it failed, and its notes.
fn perform(step: &Step, log: &Path) -> (Option<String>, Vec<String>) {
    match File::create(log) {
        Ok(file) => {
            let mut output = Output::log(file);
            let outcome = (step.run)(&mut output);
            (outcome.err().map(|why| why.to_string()), output.into_notes())
        }
        Err(why) => (Some(format!("{}: {why}", log.display())), Vec::new()),
    }
}

/// Prints skipped steps and notes, which the counts alone would hide.
fn summarize(schedule: &Schedule<'_>, notes: &[String]) -> Outcome {
    for (step, state) in schedule.states() {
        if let State::Skipped(because) = state {
            print(&format!(
                "skipped {}, which counts as failed: {because} did not pass\n",
                step.name
            ))?;
        }
    }
    for note in notes {
        print(&format!("NOTE: {note}\n"))?;
    }
    Ok(())
}

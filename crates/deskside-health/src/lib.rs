//! From evidence to verdict: pure, so that a scenario is a file and a year takes a second.
//!
//! [`diagnose()`] finds the problems of one moment. [`Tracker`] adds time: a problem that clears soon
//! is never shown, and a flapping one counts once. [`judge`] makes one [`Verdict`] of it. [`advise`]
//! adds advice. A [`Scenario`] holds all of it in one file.
#![forbid(unsafe_code)]

mod advice;
mod catalog;
mod diagnose;
mod freshness;
mod network;
mod problem;
mod programs;
mod scenario;
mod sync;
mod tracker;
mod verdict;
mod words;

pub use advice::advise;
pub use catalog::{CatalogEntry, Code};
pub use diagnose::{diagnose, failing_vault};
pub use problem::{Arguments, Problem};
pub use scenario::{Expectation, Moment, Scenario};
pub use sync::failing_applications;
pub use tracker::{TrackedProblem, Tracker};
pub use verdict::{Diagnosis, Verdict, judge, judge_once};
pub use words::words;

//! From evidence to verdict: pure, so that a scenario is a file and a year takes a second.
//!
//! [`diagnose()`] finds the problems of one moment. [`Witness`] decides which of several facts counts.
//! [`Tracker`] adds time: a problem that clears soon is never shown, and a flapping one counts once.
//! [`judge`] makes one [`Verdict`] of it, or says in a [`Doubt`] why it cannot. [`advise`] adds advice.
//! A [`Scenario`] holds all of it in one file.
#![forbid(unsafe_code)]

mod advice;
mod catalog;
mod diagnose;
mod doubt;
mod freshness;
mod network;
mod problem;
mod programs;
mod refusal;
mod scenario;
mod sync;
mod tracker;
mod verdict;
mod witness;
mod words;

pub use advice::advise;
pub use catalog::{CatalogEntry, Code, CodeFlag};
pub use diagnose::{diagnose, failing_vault};
pub use doubt::Doubt;
pub use problem::{Arguments, Problem, Refutation};
pub use scenario::{Expectation, Moment, Scenario};
pub use sync::failing_applications;
pub use tracker::{TrackedProblem, Tracker};
pub use verdict::{Diagnosis, Verdict, judge, judge_once};
pub use witness::Witness;
pub use words::{who, words};

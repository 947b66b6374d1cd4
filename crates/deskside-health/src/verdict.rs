//! The verdict of a connection, from its problems, its remote status and this computer.

use deskside_model::Severity;
use deskside_model::evidence::{ConnectionEvidence, Evidence, Machine, RemoteState, ToldBy};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::programs::is_ready;
use super::sync::is_in_doubt;
use super::tracker::{TrackedProblem, Tracker};
use crate::diagnose::{diagnose, is_told_healthy, link_is_out};
use crate::freshness::is_believed;

/// How long a verdict may outlive its reason: the longest delay of a problem. Otherwise a flapping
/// problem that is never shown would keep up a "healthy" that no source confirms.
const HELD_FOR: SignedDuration = SignedDuration::from_mins(2);

/// The state of a connection in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The provider or the backend says that it works.
    Healthy,
    /// This computer is ready, and there is no source that knows more.
    Ready,
    /// A link or a schedule is pending.
    Waiting,
    /// The state is unknown.
    Unknown,
    /// There is a problem.
    Problem,
}

/// A verdict and the root causes behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The verdict.
    pub verdict: Verdict,
    /// The root causes, the first one first; empty unless the verdict is a problem.
    pub roots: Vec<TrackedProblem>,
    /// Information besides; it does not affect the verdict.
    pub notes: Vec<TrackedProblem>,
}

/// Judges tracked problems and evidence. `previous` holds for a while when a problem was found that has
/// not yet lasted long enough to show: a short one neither alarms nor reassures.
#[must_use]
pub fn judge(
    now: Timestamp,
    machine: &Machine,
    connection: Option<&ConnectionEvidence>,
    tracker: &Tracker,
    previous: Verdict,
) -> Diagnosis {
    let is_note =
        |tracked: &TrackedProblem| tracked.problem.code.entry().severity == Severity::Info;
    let (notes, roots): (Vec<TrackedProblem>, Vec<TrackedProblem>) =
        tracker.roots().cloned().partition(is_note);
    if !roots.is_empty() {
        return Diagnosis { verdict: Verdict::Problem, roots, notes };
    }
    let settled = settled(now, machine, connection);
    let verdict = match (tracker.pending_since(), previous) {
        (None, _) => settled,
        (Some(since), Verdict::Healthy | Verdict::Ready | Verdict::Waiting) => {
            if now.duration_since(since) <= HELD_FOR { previous } else { settled }
        }
        (Some(_), Verdict::Unknown | Verdict::Problem) => Verdict::Unknown,
    };
    Diagnosis { verdict, roots, notes }
}

/// Judges one moment by itself: every problem counts at once.
#[must_use]
pub fn judge_once(evidence: &Evidence, connection: Option<&ConnectionEvidence>) -> Diagnosis {
    let mut tracker = Tracker::default();
    tracker.update(evidence.at, diagnose(evidence.at, &evidence.machine, connection));
    let long_after = evidence.at.saturating_add(SignedDuration::from_hours(1));
    tracker.advance(long_after.unwrap_or(evidence.at));
    judge(evidence.at, &evidence.machine, connection, &tracker, Verdict::Unknown)
}

/// The verdict when there is no problem.
fn settled(now: Timestamp, machine: &Machine, connection: Option<&ConnectionEvidence>) -> Verdict {
    let mode = connection.map(|connection| connection.mode).unwrap_or_default();
    let in_doubt = connection.is_some_and(|connection| is_in_doubt(now, machine, connection));
    let is_ready = is_ready(now, machine, mode) && !in_doubt;
    let this_computer = if is_ready { Verdict::Ready } else { Verdict::Unknown };
    let Some(connection) = connection else { return this_computer };
    if is_told_healthy(now, connection) {
        return Verdict::Healthy;
    }
    let fresh = connection.remote.heard_at.is_some_and(|heard_at| is_believed(now, heard_at));
    let state = connection.remote.status.as_ref().map(|status| status.state);
    if link_is_out(now, connection) || (fresh && state == Some(RemoteState::Waiting)) {
        return Verdict::Waiting;
    }
    match connection.told_by {
        ToldBy::Nobody => this_computer,
        ToldBy::Backend | ToldBy::Provider => Verdict::Unknown,
    }
}

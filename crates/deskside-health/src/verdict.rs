//! The verdict of a connection, from its problems, its remote status and this computer.

use deskside_model::Severity;
use deskside_model::evidence::{ConnectionEvidence, Evidence, Machine, RemoteState, ToldBy};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Code;
use super::doubt::Doubt;
use super::programs::is_ready;
use super::sync::{Open, in_doubt};
use super::tracker::{TrackedProblem, Tracker};
use crate::diagnose::{diagnose, link_is_out};
use crate::freshness::is_current;
use crate::witness::{Witness, failed_code, is_told_healthy, nothing_is_set_up};

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
    /// A link, a schedule or the first data is pending, or it has come to its end on purpose.
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
    /// Why the verdict is unknown.
    pub doubt: Option<Doubt>,
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
        return Diagnosis { verdict: Verdict::Problem, roots, notes, doubt: None };
    }
    let witness = Witness::of(now, machine, connection);
    let settled = match tracker.pending_since() {
        None => settled(now, machine, connection, tracker, &witness),
        Some(since) => {
            let may_be_held = now.duration_since(since) <= HELD_FOR && !witness.has_failed();
            let said = connection.is_some_and(|connection| is_told_healthy(now, connection));
            match previous {
                Verdict::Healthy if may_be_held && said => Ok(previous),
                Verdict::Ready | Verdict::Waiting if may_be_held => Ok(previous),
                Verdict::Healthy
                | Verdict::Ready
                | Verdict::Waiting
                | Verdict::Unknown
                | Verdict::Problem => Err(Doubt::JustFound),
            }
        }
    };
    let (verdict, doubt) = match settled {
        Ok(verdict) => (verdict, None),
        Err(doubt) => (Verdict::Unknown, Some(doubt)),
    };
    Diagnosis { verdict, roots, notes, doubt }
}

/// Judges one moment by itself: every problem counts at once.
#[must_use]
pub fn judge_once(evidence: &Evidence, connection: Option<&ConnectionEvidence>) -> Diagnosis {
    let mut tracker = Tracker::default();
    let witness = Witness::of(evidence.at, &evidence.machine, connection);
    let found = diagnose(evidence.at, &evidence.machine, connection);
    tracker.update(evidence.at, found, &witness);
    let long_after = evidence.at.saturating_add(SignedDuration::from_hours(1));
    tracker.advance(long_after.unwrap_or(evidence.at));
    judge(evidence.at, &evidence.machine, connection, &tracker, Verdict::Unknown)
}

/// The verdict when there is no problem, or why there is none.
fn settled(
    now: Timestamp,
    machine: &Machine,
    connection: Option<&ConnectionEvidence>,
    tracker: &Tracker,
    witness: &Witness,
) -> Result<Verdict, Doubt> {
    let Some(connection) = connection else {
        return this_computer(now, machine, None, tracker);
    };
    let has_note = |code: Code| tracker.roots().any(|root| root.problem.code == code);
    if has_note(Code::Unlinked) || has_note(Code::OneTimeDone) {
        return Ok(Verdict::Waiting);
    }
    if is_told_healthy(now, connection) {
        return told_healthy(machine, connection, witness);
    }
    let waits = [Code::NotFinished, Code::FirstData, Code::WaitingForSchedule];
    if link_is_out(now, connection) || waits.into_iter().any(has_note) {
        return Ok(Verdict::Waiting);
    }
    match connection.told_by {
        ToldBy::Nobody => this_computer(now, machine, Some(connection), tracker),
        ToldBy::Backend | ToldBy::Provider => Err(nothing_said(now, machine, connection)),
    }
}

/// What others say, against what is seen here.
fn told_healthy(
    machine: &Machine,
    connection: &ConnectionEvidence,
    witness: &Witness,
) -> Result<Verdict, Doubt> {
    let host = connection.host.clone();
    if witness.has_failed() {
        return Err(Doubt::SaidButFailed { host, code: failed_code(machine, connection) });
    }
    if nothing_is_set_up(machine) && !witness.flows() {
        return Err(Doubt::SaidButEmpty { host });
    }
    Ok(Verdict::Healthy)
}

/// Why there is nothing to believe of a source.
fn nothing_said(now: Timestamp, machine: &Machine, connection: &ConnectionEvidence) -> Doubt {
    let remote = &connection.remote;
    let host = connection.host.clone();
    match remote.status.as_ref().map(|status| status.state) {
        _ if in_doubt(now, machine, connection) == Some(Open::Failed) => {
            Doubt::RunFailed { code: failed_code(machine, connection) }
        }
        None => Doubt::NoAnswer { host },
        Some(_) if !is_current(now, remote) => Doubt::OldAnswer { host },
        Some(RemoteState::Unknown) => Doubt::SaysUnknown { host },
        Some(_) => Doubt::JustFound,
    }
}

/// Whether this computer is ready, or why that is open.
fn this_computer(
    now: Timestamp,
    machine: &Machine,
    connection: Option<&ConnectionEvidence>,
    tracker: &Tracker,
) -> Result<Verdict, Doubt> {
    let mode = connection.map(|connection| connection.mode).unwrap_or_default();
    match connection.and_then(|connection| in_doubt(now, machine, connection)) {
        Some(Open::Failed) => {
            let code = connection.and_then(|connection| failed_code(machine, connection));
            return Err(Doubt::RunFailed { code });
        }
        Some(Open::Silent) => return Err(Doubt::NoRun),
        Some(Open::Unread) => return Err(Doubt::LogUnread),
        None => {}
    }
    let flows_anyway = |code: Code| tracker.is_disproved(code);
    if is_ready(now, machine, mode, flows_anyway) {
        return Ok(Verdict::Ready);
    }
    Err(Doubt::of_this_computer(machine))
}

//! What the Web Connector's own log says is wrong with a connection's application.
//!
//! A run that failed half an hour ago is history. What this computer shows now counts more, and so
//! does anybody who has seen the connection work since. What is left of a failed run is what nobody
//! can see from outside: passwords, permissions, the set-up file.

use jiff::{SignedDuration, Timestamp};

use super::{Arguments, Code, Problem};
use crate::evidence::log::{Failure, Outcome};
use crate::evidence::{AppRuns, ConnectionEvidence, Finding, Instance, Machine, RemoteState};

/// So many usual pauses without a run are no coincidence.
const MISSED_RUNS: i64 = 3;
/// However often an application runs, less than this is no silence.
const SHORTEST_SILENCE: SignedDuration = SignedDuration::from_mins(15);

/// What the log says of this connection.
pub(super) fn sync(
    now: Timestamp,
    machine: &Machine,
    connection: &ConnectionEvidence,
) -> Vec<Problem> {
    let Finding::Known(seen) = &machine.sync else { return Vec::new() };
    let Some(runs) = seen.of_app(connection.app.as_deref()) else { return Vec::new() };
    let failed = failed(runs, connection).into_iter();
    failed.chain(silent(now, machine, runs)).collect()
}

fn failed(runs: &AppRuns, connection: &ConnectionEvidence) -> Option<Problem> {
    let Outcome::Failed(failure) = &runs.last.outcome else { return None };
    if is_over(runs, connection) {
        return None;
    }
    let code = Code::of(failure.problem.as_deref()?)?;
    let stays = !is_seen_from_outside(code);
    stays.then(|| Problem { code, arguments: arguments(failure) })
}

/// True when somebody has seen the connection work after this run.
fn is_over(runs: &AppRuns, connection: &ConnectionEvidence) -> bool {
    let ended = runs.last.ended.or(runs.last.started);
    let worked = connection.remote.status.as_ref().and_then(|status| {
        let healthy = status.state == RemoteState::Healthy;
        status.last_success_at.or(status.checked_at.filter(|_| healthy))
    });
    worked.zip(ended).is_some_and(|(worked, ended)| worked > ended)
}

/// What this computer shows by itself, or what asking shows: then the log has nothing to add.
const fn is_seen_from_outside(code: Code) -> bool {
    matches!(
        code,
        Code::QuickBooksNotRunning
            | Code::QuickBooksNotInstalled
            | Code::QuickBooksOtherSession
            | Code::Crashed
            | Code::Repairing
            | Code::Starting
            | Code::NotResponding
            | Code::SignIn
            | Code::WindowBlocking
            | Code::NoCompany
            | Code::LeftoverProcess
            | Code::ElevationMismatch
            | Code::ProviderUnreachable
            | Code::NameNotResolved
            | Code::Blocked
            | Code::TlsIntercepted
            | Code::ClockWrong
            | Code::Offline
    )
}

fn arguments(failure: &Failure) -> Arguments {
    let web_connector = || failure.code.map(|code| format!("QBWC{code}"));
    let integration_code =
        failure.hresult.map(|hresult| format!("0x{hresult:08X}")).or_else(web_connector);
    Arguments { integration_code, ..Arguments::default() }
}

/// True silence needs a Web Connector that has been there all the time and writes a log.
fn silent(now: Timestamp, machine: &Machine, runs: &AppRuns) -> Option<Problem> {
    match &machine.setup.log_level {
        Finding::Known(level) if level != "NONE" => {}
        // Not set is as it comes, which writes.
        Finding::Absent => {}
        Finding::Known(_) | Finding::Unknown(_) => return None,
    }
    let there_since = started_at(machine)?;
    let last = runs.last.started?.max(there_since);
    let usual = SignedDuration::from_secs(runs.every_seconds?.checked_mul(MISSED_RUNS)?);
    let silent_for = now.duration_since(last);
    (silent_for > usual.max(SHORTEST_SILENCE)).then(|| Problem::plain(Code::AutoRunOff))
}

fn started_at(machine: &Machine) -> Option<Timestamp> {
    let Finding::Known(presence) = &machine.web_connector else { return None };
    let started = |instance: &Instance| match instance.started_at {
        Finding::Known(at) => Some(at),
        Finding::Absent | Finding::Unknown(_) => None,
    };
    presence.instances.iter().filter_map(started).max()
}

//! Problems of a connection's application that the Web Connector's log shows.
//!
//! A failed run is in the past. What this computer shows now counts more, and so does a source that
//! has seen the connection work since. A failed run still shows what cannot be seen from outside:
//! passwords, permissions, the setup file.
//!
//! When a run failed to reach the application's server, the log alone does not show the cause: its
//! message is the same for a short network outage, a firewall, a wrong clock and a server error. A
//! probe of the host shows which one it is.

use std::collections::BTreeMap;

use deskside_knowledge::{Clues, recognize};
use deskside_model::Cause;
use deskside_model::evidence::run::{RunFailure, RunOutcome};
use deskside_model::evidence::{
    AppRuns, ConnectionEvidence, Finding, Machine, Reachability, RemoteState,
};
use deskside_model::link::{Trust, is_loopback};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::network::{clock, newest, sign_in, stopped};
use super::programs::{started_at, writes_log};
use crate::freshness::BELIEVED_FOR;
use crate::{Arguments, Code, Problem};

/// After this many usual pauses without a run, runs count as missed.
const MISSED_RUNS: i64 = 3;
/// A shorter time without a run never counts as silence.
const SHORTEST_SILENCE: SignedDuration = SignedDuration::from_mins(15);

/// The problems that the log shows for this connection.
pub(super) fn sync(
    now: Timestamp,
    machine: &Machine,
    connection: &ConnectionEvidence,
) -> Vec<Problem> {
    let Some(runs) = runs(machine, connection) else { return Vec::new() };
    let failed = match failure(runs, connection) {
        Some(failure) if is_on_the_path(failure.cause) => of_the_path(machine, runs, failure),
        Some(failure) => by_itself(failure).into_iter().collect(),
        None => Vec::new(),
    };
    let is_silent = silence(now, machine, runs, connection) == Some(Silence::Certain);
    let silent = is_silent.then(|| Problem::plain(Code::AutoRunOff));
    failed.into_iter().chain(silent).collect()
}

/// True when the log casts doubt on the connection: its newest run failed, or there has been no run
/// for long, for a known reason or not; or the log could not be read. If the connection's application
/// is unknown, every application that is set up counts.
pub(super) fn is_in_doubt(
    now: Timestamp,
    machine: &Machine,
    connection: &ConnectionEvidence,
) -> bool {
    let seen = match &machine.sync {
        Finding::Known(seen) => seen,
        Finding::Absent => return false,
        Finding::Unknown(_) => return true,
    };
    let is_in_doubt = |runs: &AppRuns| {
        failure(runs, connection).is_some() || silence(now, machine, runs, connection).is_some()
    };
    match &connection.app {
        Some(app) => seen.of_app(app).is_some_and(is_in_doubt),
        None => seen.apps.iter().any(|runs| !runs.is_removed(machine) && is_in_doubt(runs)),
    }
}

/// The hosts and addresses of the connections' applications whose newest run failed to reach them,
/// unless the connection has worked since. A probe of them shows why. Loopback addresses are included
/// only in a sandbox.
pub fn failing_applications(
    machine: &Machine,
    connections: &[ConnectionEvidence],
    trust: &Trust,
) -> BTreeMap<String, Url> {
    let hosts = connections.iter().filter_map(|connection| failing_host(machine, connection));
    let url = |host: &str| Some((host.to_owned(), Url::parse(&format!("https://{host}/")).ok()?));
    let may_be_asked = |url: &Url| trust.sandbox || !is_loopback(url);
    hosts.filter_map(url).filter(|(_, url)| may_be_asked(url)).collect()
}

fn failing_host<'a>(machine: &'a Machine, connection: &ConnectionEvidence) -> Option<&'a str> {
    let runs = runs(machine, connection)?;
    let failure = failure(runs, connection)?;
    runs.last.host.as_deref().filter(|_| is_on_the_path(failure.cause))
}

fn runs<'a>(machine: &'a Machine, connection: &ConnectionEvidence) -> Option<&'a AppRuns> {
    machine.sync.known()?.of_app(connection.app.as_deref()?)
}

/// Why the newest run failed, unless the connection has worked since.
fn failure<'a>(runs: &'a AppRuns, connection: &ConnectionEvidence) -> Option<&'a RunFailure> {
    match &runs.last.outcome {
        RunOutcome::Failed(failure) if !is_over(runs, connection) => Some(failure),
        RunOutcome::Failed(_) | RunOutcome::Ok | RunOutcome::OkNoWork | RunOutcome::Incomplete => {
            None
        }
    }
}

/// The problem that a failure shows by itself.
fn by_itself(failure: &RunFailure) -> Option<Problem> {
    let code = code_of(failure)?;
    let stays = !is_seen_from_outside(code);
    stays.then(|| Problem { code, arguments: arguments(failure) })
}

/// The problems of causes that the log names without a code.
const BY_CAUSE: [(Cause, Code); 5] = [
    (Cause::FileMissing, Code::FileMissing),
    (Cause::FileLocked, Code::FileLocked),
    (Cause::UserInUse, Code::UserInUse),
    (Cause::NoPermission, Code::NoPermission),
    (Cause::NotRegistered, Code::NotRegistered),
];

/// The problem that was named with a failure, or else the one that its code or its cause shows.
fn code_of(failure: &RunFailure) -> Option<Code> {
    let named = failure.problem.as_deref().and_then(Code::of);
    let by_cause = || BY_CAUSE.iter().find(|(cause, _)| *cause == failure.cause);
    named.or_else(|| known_problem(failure)).or_else(|| Some(by_cause()?.1))
}

fn known_problem(failure: &RunFailure) -> Option<Code> {
    let code = failure.code.map(|code| format!("QBWC{code}"));
    let clues = Clues { code: code.as_deref(), hresult: failure.hresult, text: "" };
    Code::of(recognize(&clues).filter(|known| known.may_diagnose())?.problem?)
}

/// True for a cause that lies at the application's server or on the path to it.
const fn is_on_the_path(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::ServerUnreachable
            | Cause::Tls
            | Cause::WrongUrl
            | Cause::ServerAuth
            | Cause::ServerResponse
    )
}

/// What a probe says about a failure; nothing without a probe since then or shortly before.
fn of_the_path(machine: &Machine, runs: &AppRuns, failure: &RunFailure) -> Vec<Problem> {
    let reach = runs.last.host.as_deref().and_then(|host| newest(machine, host));
    let failed_at = runs.last.started.or(runs.last.ended);
    let is_of_it = |reach: &&Reachability| {
        failed_at.is_none_or(|failed_at| failed_at.duration_since(reach.at) <= BELIEVED_FOR)
    };
    match reach.filter(is_of_it) {
        Some(reach) if reach.is_answered() => at_the_end(reach, failure),
        Some(reach) if reach.stopped_by.is_some() => stopped(machine, reach, None),
        Some(_) | None => Vec::new(),
    }
}

/// Why a run failed although the server answers.
fn at_the_end(reach: &Reachability, failure: &RunFailure) -> Vec<Problem> {
    if let Some(sign_in) = sign_in(reach) {
        return vec![sign_in];
    }
    let clock = reach.clock_is_wrong().then(|| clock(reach));
    let server = match by_itself(failure) {
        // It was a network outage, and is over.
        _ if is_of_the_moment(failure) => None,
        Some(problem) => Some(problem),
        None => Some(Problem { code: Code::VendorFault, arguments: arguments(failure) }),
    };
    // This program may trust a certificate that the Web Connector does not.
    let is_intercepted = failure.cause == Cause::Tls && reach.is_private();
    let intercepted = is_intercepted.then(|| Problem::at(Code::TlsIntercepted, Some(&reach.host)));
    clock.into_iter().chain(intercepted).chain(server).collect()
}

/// True for a cause that can only lie in this computer's own network.
fn is_of_the_moment(failure: &RunFailure) -> bool {
    let code = failure.problem.as_deref().and_then(Code::of);
    matches!(code, Some(Code::NameNotResolved | Code::ProxyNeedsPassword | Code::Blocked))
}

/// True when the connection has worked after this run.
fn is_over(runs: &AppRuns, connection: &ConnectionEvidence) -> bool {
    let ended = runs.last.ended.or(runs.last.started);
    worked_at(connection).zip(ended).is_some_and(|(worked, ended)| worked > ended)
}

/// When the connection last worked.
fn worked_at(connection: &ConnectionEvidence) -> Option<Timestamp> {
    connection.remote.status.as_ref().and_then(|status| {
        let healthy = status.state == RemoteState::Healthy;
        status.last_success_at.or(status.checked_at.filter(|_| healthy))
    })
}

/// True for a problem that this computer or a poll shows: the log adds nothing to it.
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

fn arguments(failure: &RunFailure) -> Arguments {
    let web_connector = || failure.code.map(|code| format!("QBWC{code}"));
    let integration_code =
        failure.hresult.map(|hresult| format!("0x{hresult:08X}")).or_else(web_connector);
    Arguments { integration_code, ..Arguments::default() }
}

/// How certain it is that an application has missed its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silence {
    /// It should have run: the computer was awake and the Web Connector idle all the time.
    Certain,
    /// The computer may have slept, or a run may still be in progress.
    Perhaps,
}

/// Silence needs a Web Connector that writes a log, and is certain only if it has been running all the
/// time.
fn silence(
    now: Timestamp,
    machine: &Machine,
    runs: &AppRuns,
    connection: &ConnectionEvidence,
) -> Option<Silence> {
    let writes = writes_log(machine);
    if writes == Some(false) {
        return None;
    }
    let every = runs.every_seconds.filter(|seconds| *seconds > 0)?;
    let usual = SignedDuration::from_secs(every.checked_mul(MISSED_RUNS)?).max(SHORTEST_SILENCE);
    let ran_at = runs.last.ended.max(runs.last.started)?;
    let there_since = started_at(machine);
    let awake_since = machine.awake_since.known().copied();
    let signs = [Some(ran_at), there_since, awake_since, worked_at(connection)];
    let last = signs.into_iter().flatten().max()?;
    if now.duration_since(last) <= usual {
        return None;
    }
    let is_idle = machine.update_lock() != Finding::Known(true)
        && runs.last.outcome != RunOutcome::Incomplete;
    let is_certain = writes.is_some() && there_since.is_some() && awake_since.is_some() && is_idle;
    Some(if is_certain { Silence::Certain } else { Silence::Perhaps })
}

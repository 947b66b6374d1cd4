//! What the Web Connector's own log says is wrong with a connection's application.
//!
//! A run that failed half an hour ago is history. What this computer shows now counts more, and so
//! does anybody who has seen the connection work since. What is left of a failed run is what nobody
//! can see from outside: passwords, permissions, the set-up file.
//!
//! Where a run failed on the way to the application's server, the log alone says nothing: the same
//! words stand there for a network that blinked, a firewall, a clock, and a server with a fault. Who
//! it was is told by a look at that way.

use std::collections::BTreeMap;

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
    let Some(runs) = runs(machine, connection) else { return Vec::new() };
    let failed = match failure(runs, connection) {
        Some(failure) if is_of_the_way(failure.cause) => on_the_way(machine, runs, failure),
        Some(failure) => by_itself(failure).into_iter().collect(),
        None => Vec::new(),
    };
    let is_silent = silence(now, machine, runs, connection) == Some(Silence::Certain);
    let silent = is_silent.then(|| Problem::plain(Code::AutoRunOff));
    failed.into_iter().chain(silent).collect()
}

/// True when the log leaves a doubt that the connection works: its newest run failed, or there has
/// been none for long, whether or not anybody can say why; or the log could not be read. Where
/// nobody knows which application is the connection's, each that is set up may be.
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

/// The hosts of the connections' applications, and where they are, whose newest run failed on the way
/// there while nobody has seen the connection work since: one who looks at that way learns why.
/// What is on this computer itself is looked at only in a sandbox.
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
    runs.last.host.as_deref().filter(|_| is_of_the_way(failure.cause))
}

fn runs<'a>(machine: &'a Machine, connection: &ConnectionEvidence) -> Option<&'a AppRuns> {
    machine.sync.known()?.of_app(connection.app.as_deref()?)
}

/// Why the newest run failed, while nobody has seen the connection work since.
fn failure<'a>(runs: &'a AppRuns, connection: &ConnectionEvidence) -> Option<&'a RunFailure> {
    match &runs.last.outcome {
        RunOutcome::Failed(failure) if !is_over(runs, connection) => Some(failure),
        RunOutcome::Failed(_) | RunOutcome::Ok | RunOutcome::OkNoWork | RunOutcome::Incomplete => {
            None
        }
    }
}

/// What a failure says of itself.
fn by_itself(failure: &RunFailure) -> Option<Problem> {
    let code = Code::of(failure.problem.as_deref()?)?;
    let stays = !is_seen_from_outside(code);
    stays.then(|| Problem { code, arguments: arguments(failure) })
}

/// True for what the application's server and anybody on the way to it can cause.
const fn is_of_the_way(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::ServerUnreachable
            | Cause::Tls
            | Cause::WrongUrl
            | Cause::ServerAuth
            | Cause::ServerResponse
    )
}

/// What a look at the way says of a failure; nothing while nobody has looked since, or shortly before.
fn on_the_way(machine: &Machine, runs: &AppRuns, failure: &RunFailure) -> Vec<Problem> {
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
        // It was the network of that moment, and is over.
        _ if is_of_the_moment(failure) => None,
        Some(problem) => Some(problem),
        None => Some(Problem { code: Code::VendorFault, arguments: arguments(failure) }),
    };
    // This program may trust what the Web Connector does not.
    let is_intercepted = failure.cause == Cause::Tls && reach.is_private();
    let intercepted = is_intercepted.then(|| Problem::at(Code::TlsIntercepted, Some(&reach.host)));
    clock.into_iter().chain(intercepted).chain(server).collect()
}

/// True for what only this computer's own network can have caused.
fn is_of_the_moment(failure: &RunFailure) -> bool {
    let code = failure.problem.as_deref().and_then(Code::of);
    matches!(code, Some(Code::NameNotResolved | Code::ProxyNeedsPassword | Code::Blocked))
}

/// True when somebody has seen the connection work after this run.
fn is_over(runs: &AppRuns, connection: &ConnectionEvidence) -> bool {
    let ended = runs.last.ended.or(runs.last.started);
    worked_at(connection).zip(ended).is_some_and(|(worked, ended)| worked > ended)
}

/// When somebody last saw the connection work.
fn worked_at(connection: &ConnectionEvidence) -> Option<Timestamp> {
    connection.remote.status.as_ref().and_then(|status| {
        let healthy = status.state == RemoteState::Healthy;
        status.last_success_at.or(status.checked_at.filter(|_| healthy))
    })
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

fn arguments(failure: &RunFailure) -> Arguments {
    let web_connector = || failure.code.map(|code| format!("QBWC{code}"));
    let integration_code =
        failure.hresult.map(|hresult| format!("0x{hresult:08X}")).or_else(web_connector);
    Arguments { integration_code, ..Arguments::default() }
}

/// An application that has not run for longer than is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silence {
    /// It should have run: the computer was awake and the Web Connector idle all the time.
    Certain,
    /// The computer may have slept, or a run may still be under way.
    Perhaps,
}

/// Silence needs a Web Connector that writes a log, and is certain only where it has been there all
/// the time.
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
    let is_idle = machine.setup.update_lock != Finding::Known(true)
        && runs.last.outcome != RunOutcome::Incomplete;
    let is_certain = writes.is_some() && there_since.is_some() && awake_since.is_some() && is_idle;
    Some(if is_certain { Silence::Certain } else { Silence::Perhaps })
}

//! Problems of a connection's application that the Web Connector's log shows.
//!
//! A failed run counts until data flows again (the witness decides that). What this computer shows
//! now counts more than what a run met. A failed run still shows what cannot be seen from outside:
//! passwords, permissions, the setup file.
//!
//! When a run failed to reach the application's server, the log alone does not show the cause: its
//! message is the same for a short network outage, a firewall, a wrong clock and a server error. A
//! probe of the host shows which one it is.

use std::collections::BTreeMap;

use deskside_knowledge::{Clues, Meaning, recognize};
use deskside_model::Cause;
use deskside_model::evidence::run::{Run, RunFailure, RunOutcome};
use deskside_model::evidence::{AppRuns, ConnectionEvidence, Finding, Machine, Reachability};
use deskside_model::link::{Trust, is_loopback};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::network::{clock, newest, sign_in, stopped};
use super::programs::{has_been_open_since, started_at, writes_log};
use crate::freshness::BELIEVED_FOR;
use crate::witness::{code_in_words, is_told_healthy, runs, said_success, standing_failure};
use crate::{Arguments, Code, CodeFlag, Problem};

/// After this many usual pauses without a run, runs count as missed.
const MISSED_RUNS: i64 = 3;
/// A shorter time without a run never counts as silence.
const SHORTEST_SILENCE: SignedDuration = SignedDuration::from_mins(15);
/// The Web Connector pauses up to five times as long as the last run took, and at most an hour.
/// See docs/sources/web-connector.md#schedule.
const PAUSE_PER_RUN: i32 = 5;
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(60);
/// A shorter silence may also come from a longer interval that somebody has just chosen.
const CERTAIN_SILENCE: SignedDuration = SignedDuration::from_mins(75);

/// The problems that the log shows for this connection.
pub(super) fn sync(
    now: Timestamp,
    machine: &Machine,
    connection: &ConnectionEvidence,
) -> Vec<Problem> {
    let Some(runs) = runs(machine, connection) else { return Vec::new() };
    let failed = match standing_failure(runs, connection) {
        Some(failure) if is_on_the_path(failure.cause) => of_the_path(machine, runs, failure),
        Some(failure) => here(machine, &runs.last, failure).into_iter().collect(),
        None => Vec::new(),
    };
    let is_silent = silence(now, machine, runs, connection) == Some(Silence::Certain);
    let silent = is_silent.then(|| Problem::plain(Code::AutoRunOff));
    failed.into_iter().chain(silent).collect()
}

/// What the log leaves open about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// The log could not be read.
    Unread,
    /// The newest run failed.
    Failed,
    /// There has been no run for long.
    Silent,
}

/// Why the log casts doubt on the connection: its newest run failed, or there has been no run for
/// long, for a known reason or not; or the log could not be read. If the connection's application is
/// unknown, every application that is set up counts.
pub(super) fn in_doubt(
    now: Timestamp,
    machine: &Machine,
    connection: &ConnectionEvidence,
) -> Option<Open> {
    let seen = match &machine.sync {
        Finding::Known(seen) => seen,
        Finding::Absent => return None,
        Finding::Unknown(_) => return Some(Open::Unread),
    };
    let in_doubt = |runs: &AppRuns| match standing_failure(runs, connection) {
        Some(_) => Some(Open::Failed),
        None => silence(now, machine, runs, connection).map(|_| Open::Silent),
    };
    match &connection.app {
        Some(app) => seen.of_app(app).and_then(in_doubt),
        None => seen.apps.iter().filter(|runs| !runs.is_removed(machine)).find_map(in_doubt),
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
    let failure = standing_failure(runs, connection)?;
    runs.last.host.as_deref().filter(|_| is_on_the_path(failure.cause))
}

/// The problem of a failure at QuickBooks or the Web Connector.
fn here(machine: &Machine, run: &Run, failure: &RunFailure) -> Option<Problem> {
    let began = run.started.or(run.ended);
    if failure.hresult == Some(ACCESS_DENIED) {
        return access_denied(machine, failure);
    }
    match code_of(failure) {
        // It is seen now, or it is over. It never was the cause if QuickBooks has been open and
        // free since before the run.
        Some(code) if code.is(CodeFlag::SeenFromOutside) => {
            let is_refuted = code == Code::QuickBooksNotRunning
                && began.is_some_and(|began| has_been_open_since(machine, began));
            is_refuted.then(|| failed(failure)).flatten()
        }
        Some(code) => Some(Problem::with(code, arguments(failure)).since(run.ended)),
        None => failed(failure),
    }
}

/// "Access denied": different rights, which are seen from outside, another account, or a session that
/// is locked or disconnected.
const ACCESS_DENIED: u32 = 0x8007_0005;

fn access_denied(machine: &Machine, failure: &RunFailure) -> Option<Problem> {
    let is_locked = machine.computer.locked == Finding::Known(true);
    is_locked.then(|| Problem::with(Code::SessionLocked, arguments(failure)))
}

/// The failure itself, in the words of what is known of its code. A code that only says where it
/// failed explains nothing.
fn failed(failure: &RunFailure) -> Option<Problem> {
    // A code of QuickBooks that nobody explains is not explained by where it failed.
    let known = match failure.hresult {
        Some(hresult) => recognize(&Clues { code: None, hresult: Some(hresult), text: "" }),
        None => meaning(failure),
    }?;
    let is_specific = failure.hresult.is_some()
        || failure.code.is_some_and(|code| !SAYS_ONLY_WHERE.contains(&code));
    let explains = known.is_explained() && is_specific;
    explains.then(|| Problem::with(Code::RunFailed, arguments(failure)))
}

/// The Web Connector's codes for "it failed here", whatever the reason.
const SAYS_ONLY_WHERE: [u16; 8] = [1006, 1007, 1008, 1009, 1012, 1013, 1017, 1031];

/// The problem that a failure shows by itself.
fn by_itself(failure: &RunFailure) -> Option<Problem> {
    let code = code_of(failure)?;
    let stays = !code.is(CodeFlag::SeenFromOutside);
    stays.then(|| Problem::with(code, arguments(failure)))
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
    Code::of(meaning(failure).filter(|known| known.may_diagnose())?.problem?)
}

/// What is known of a failure's code.
fn meaning(failure: &RunFailure) -> Option<&'static Meaning> {
    let code = failure.code.map(|code| format!("QBWC{code}"));
    recognize(&Clues { code: code.as_deref(), hresult: failure.hresult, text: "" })
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
        // This program has a secure connection to the same host, and the Web Connector has none.
        None if failure.cause == Cause::Tls && !reach.clock_is_wrong() && !reach.is_private() => {
            Some(Problem::with(Code::WebConnectorTls, arguments(failure)))
        }
        None => Some(Problem::with(Code::VendorFault, arguments(failure))),
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

fn arguments(failure: &RunFailure) -> Arguments {
    Arguments { integration_code: code_in_words(failure), ..Arguments::default() }
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
    // Whoever brings the data: it flows.
    if writes == Some(false) || is_told_healthy(now, connection) {
        return None;
    }
    let every = runs.every_seconds.filter(|seconds| *seconds > 0)?;
    let pause = pause_after(&runs.last);
    let missed = SignedDuration::from_secs(every.checked_mul(MISSED_RUNS)?);
    let ran_at = runs.last.ended.max(runs.last.started)?;
    let there_since = started_at(machine);
    let awake_since = machine.awake_since.known().copied();
    let signs = [Some(ran_at), there_since, awake_since, said_success(connection)];
    let silent_for = now.duration_since(signs.into_iter().flatten().max()?);
    if silent_for <= missed.max(SHORTEST_SILENCE).saturating_add(pause) {
        return None;
    }
    let is_idle = machine.update_lock() != Finding::Known(true)
        && runs.last.outcome != RunOutcome::Incomplete;
    let is_long = silent_for > missed.max(CERTAIN_SILENCE).saturating_add(pause);
    let is_seen = writes.is_some() && there_since.is_some() && awake_since.is_some();
    Some(if is_seen && is_idle && is_long { Silence::Certain } else { Silence::Perhaps })
}

/// How long the Web Connector may wait after this run before the next one.
fn pause_after(run: &Run) -> SignedDuration {
    let took = run.started.zip(run.ended).map(|(started, ended)| ended.duration_since(started));
    let pause = took.and_then(|took| took.checked_mul(PAUSE_PER_RUN));
    pause.unwrap_or(SignedDuration::ZERO).clamp(SignedDuration::ZERO, LONGEST_PAUSE)
}

//! Which step on the path to a host fails, if it was probed; otherwise only that it fails.

use deskside_model::evidence::{Finding, Machine, Reachability, ReachabilityFault};
use jiff::Timestamp;

use super::{Arguments, Code, Problem};
use crate::freshness::is_believed;

/// "Network Authentication Required": the network itself answers, and requires a sign-in
/// (RFC 6585, section 6).
const SIGN_IN: u16 = 511;

/// The problems when a host does not answer. `server` is that host if people know it by a name. An
/// old probe shows nothing.
pub(super) fn unreachable(
    now: Timestamp,
    machine: &Machine,
    host: Option<&str>,
    server: Option<&str>,
) -> Vec<Problem> {
    let reach = server.or(host).and_then(|host| newest(machine, host));
    match reach.filter(|reach| is_believed(now, reach.at)) {
        Some(reach) => stopped(machine, reach, host.filter(|_| server.is_some())),
        None => {
            let clock = measured(machine, now).find(|reach| reach.clock_is_wrong()).map(clock);
            clock.into_iter().chain([Problem::at(Code::ProviderUnreachable, host)]).collect()
        }
    }
}

/// The newest probe of a host.
pub(super) fn newest<'a>(machine: &'a Machine, host: &str) -> Option<&'a Reachability> {
    let to_it = machine.reach.iter().filter(|reach| reach.host.eq_ignore_ascii_case(host));
    to_it.max_by_key(|reach| reach.at)
}

/// The problems at the step where this probe stopped. If the host is known by a name, the host is
/// named too, because whoever fixes the network needs it.
pub(super) fn stopped(machine: &Machine, reach: &Reachability, name: Option<&str>) -> Vec<Problem> {
    let short = name.unwrap_or(&reach.host);
    let both = name.map(|name| format!("{name} ({})", reach.host));
    let in_full = both.as_deref().unwrap_or(short);
    let wrong_clock = measured(machine, reach.at).find(|reach| reach.clock_is_wrong());
    let clock_is_known = measured(machine, reach.at).next().is_some();
    let clock_is_right = clock_is_known && wrong_clock.is_none();
    let certificate = certificate(reach, clock_is_known, clock_is_right);
    let deeper = deeper(reach).into_iter().chain(certificate);
    let deeper = deeper.map(|code| Problem::at(code, Some(in_full)));
    let unreachable = Problem::at(Code::ProviderUnreachable, Some(short));
    deeper.chain([unreachable]).chain(sign_in(reach)).chain(wrong_clock.map(clock)).collect()
}

/// The probes around that time that have compared the clock.
fn measured(machine: &Machine, at: Timestamp) -> impl Iterator<Item = &Reachability> {
    machine.reach.iter().filter(move |reach| {
        let is_newest = newest(machine, &reach.host).is_some_and(|newest| newest == *reach);
        is_newest
            && is_believed(at, reach.at)
            && matches!(reach.clock_ahead_seconds, Finding::Known(_))
    })
}

fn deeper(reach: &Reachability) -> Option<Code> {
    match reach.stopped_by? {
        ReachabilityFault::NameNotResolved => Some(Code::NameNotResolved),
        ReachabilityFault::ProxyNeedsPassword => Some(Code::ProxyNeedsPassword),
        ReachabilityFault::Forbidden
        | ReachabilityFault::NoRoute
        | ReachabilityFault::ProxyUnreachable
        | ReachabilityFault::ProxyRefused => Some(Code::Blocked),
        ReachabilityFault::CertificateNotYetValid
        | ReachabilityFault::CertificateExpired
        | ReachabilityFault::CertificateUntrusted
        | ReachabilityFault::CertificateForAnotherName
        | ReachabilityFault::NoSecureConnection => Some(Code::NoSecureConnection),
        // A firewall looks like a host that is down.
        ReachabilityFault::Refused | ReachabilityFault::TimedOut | ReachabilityFault::Dropped => {
            None
        }
    }
}

/// Why there is no secure connection, if that is known. Otherwise it may be an intercepting proxy, an
/// outdated certificate store, a clock that is ahead, or the host itself.
fn certificate(reach: &Reachability, clock_is_known: bool, clock_is_right: bool) -> Option<Code> {
    let is_in_time = match reach.stopped_by? {
        ReachabilityFault::CertificateNotYetValid if !clock_is_known => {
            return Some(Code::ClockWrong);
        }
        ReachabilityFault::CertificateNotYetValid | ReachabilityFault::CertificateExpired
            if clock_is_right =>
        {
            false
        }
        ReachabilityFault::CertificateUntrusted | ReachabilityFault::CertificateForAnotherName => {
            true
        }
        ReachabilityFault::NameNotResolved
        | ReachabilityFault::NoRoute
        | ReachabilityFault::Forbidden
        | ReachabilityFault::Refused
        | ReachabilityFault::TimedOut
        | ReachabilityFault::Dropped
        | ReachabilityFault::ProxyUnreachable
        | ReachabilityFault::ProxyNeedsPassword
        | ReachabilityFault::ProxyRefused
        | ReachabilityFault::CertificateExpired
        | ReachabilityFault::CertificateNotYetValid
        | ReachabilityFault::NoSecureConnection => return None,
    };
    if reach.is_private() {
        Some(Code::TlsIntercepted)
    } else {
        (!is_in_time).then_some(Code::CertificateInvalid)
    }
}

/// The network answers instead of the host, and requires a sign-in.
pub(super) fn sign_in(reach: &Reachability) -> Option<Problem> {
    let wants_it = reach.answer == Finding::Known(SIGN_IN);
    wants_it.then(|| Problem::at(Code::NetworkSignIn, Some(&reach.host)))
}

/// The problem of a clock that this probe has shown to be wrong.
pub(super) fn clock(reach: &Reachability) -> Problem {
    let ahead = reach.clock_ahead_seconds.known();
    let minutes = ahead.and_then(|seconds| u32::try_from(seconds.unsigned_abs() / 60).ok());
    let arguments = Arguments { skew_minutes: minutes, ..Arguments::default() };
    Problem::with(Code::ClockWrong, arguments)
}

//! Which step on the way to a host fails, where somebody has looked; otherwise only that it does.

use super::{Arguments, Code, Problem};
use crate::evidence::{Finding, Machine, Reach, ReachFault};

/// What is wrong when a host does not answer. `server` is that host where people know it by a name;
/// whoever mends the way to it needs both.
pub(super) fn unreachable(
    machine: &Machine,
    host: Option<&str>,
    server: Option<&str>,
) -> Vec<Problem> {
    let sought = server.or(host);
    let reach = machine.reach.iter().find(|reach| Some(reach.host.as_str()) == sought);
    let both = host.zip(server).map(|(name, server)| format!("{name} ({server})"));
    let in_full = both.as_deref().or(sought);
    let deeper = reach.into_iter().filter_map(|reach| deeper(reach, in_full));
    let wrong_clock = machine.reach.iter().find(|reach| reach.clock_is_wrong()).map(clock);
    deeper.chain(wrong_clock).chain([Problem::at(Code::ProviderUnreachable, host)]).collect()
}

fn deeper(reach: &Reach, host: Option<&str>) -> Option<Problem> {
    let code = match reach.stopped_by {
        Some(ReachFault::NameNotResolved) => Code::NameNotResolved,
        Some(ReachFault::ProxyNeedsPassword) => Code::ProxyNeedsPassword,
        Some(
            ReachFault::Forbidden
            | ReachFault::NoRoute
            | ReachFault::ProxyUnreachable
            | ReachFault::ProxyRefused,
        ) => Code::Blocked,
        Some(ReachFault::CertificateUntrusted | ReachFault::CertificateForAnotherName)
            if reach.is_private() =>
        {
            Code::TlsIntercepted
        }
        Some(ReachFault::CertificateNotYetValid) => Code::ClockWrong,
        // A firewall looks the same as a host that is down, a certificate that has run out the same
        // as a clock that is ahead.
        Some(
            ReachFault::CertificateUntrusted
            | ReachFault::CertificateForAnotherName
            | ReachFault::CertificateExpired
            | ReachFault::Refused
            | ReachFault::TimedOut
            | ReachFault::Dropped
            | ReachFault::NoSecureConnection,
        )
        | None => return None,
    };
    Some(Problem::at(code, host))
}

/// The clock, which this look has shown to be wrong.
pub(super) fn clock(reach: &Reach) -> Problem {
    let minutes = match reach.clock_ahead_seconds {
        Finding::Known(seconds) => u32::try_from(seconds.unsigned_abs() / 60).ok(),
        Finding::Absent | Finding::Unknown(_) => None,
    };
    let arguments = Arguments { skew_minutes: minutes, ..Arguments::default() };
    Problem { code: Code::ClockWrong, arguments }
}

//! What an error on the way to a host means, told from its type and never from its text.

use std::error::Error as _;
use std::io;

use deskside_model::evidence::{ReachFault, Tls};
use jiff::Timestamp;
use rustls::{CertificateError, Error};

/// What an error means in which neither a proxy nor a name has a part.
#[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
pub(super) fn of(error: &io::Error) -> ReachFault {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        return of_tls(tls);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ReachFault::Refused,
        io::ErrorKind::TimedOut => ReachFault::TimedOut,
        // Windows: WSAEACCES, 10013; Linux: a rule for this very computer.
        io::ErrorKind::PermissionDenied => ReachFault::Forbidden,
        io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => ReachFault::NoRoute,
        _ => ReachFault::Dropped,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
fn of_tls(error: &Error) -> ReachFault {
    match error {
        Error::InvalidCertificate(why) => of_certificate(why),
        _ => ReachFault::NoSecureConnection,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
const fn of_certificate(error: &CertificateError) -> ReachFault {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ReachFault::CertificateExpired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ReachFault::CertificateNotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            ReachFault::CertificateForAnotherName
        }
        _ => ReachFault::CertificateUntrusted,
    }
}

/// Windows has one error for "has run out" and "does not count yet" (`CERT_E_EXPIRED`); the
/// certificate itself tells them apart.
pub(super) fn dated(fault: ReachFault, tls: &Tls, now: Timestamp) -> ReachFault {
    if fault == ReachFault::CertificateExpired && now < tls.valid_from {
        ReachFault::CertificateNotYetValid
    } else {
        fault
    }
}

/// An error and all its causes, for the log.
pub(super) fn words(error: &io::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_of_the_system_has_its_meaning() {
        for (kind, fault) in [
            (io::ErrorKind::ConnectionRefused, ReachFault::Refused),
            (io::ErrorKind::TimedOut, ReachFault::TimedOut),
            (io::ErrorKind::PermissionDenied, ReachFault::Forbidden),
            (io::ErrorKind::NetworkUnreachable, ReachFault::NoRoute),
            (io::ErrorKind::HostUnreachable, ReachFault::NoRoute),
            (io::ErrorKind::ConnectionReset, ReachFault::Dropped),
            (io::ErrorKind::UnexpectedEof, ReachFault::Dropped),
        ] {
            assert_eq!(of(&kind.into()), fault, "{kind:?}");
        }
    }

    #[test]
    fn each_complaint_about_a_certificate_has_its_meaning() {
        for (error, fault) in [
            (CertificateError::UnknownIssuer, ReachFault::CertificateUntrusted),
            (CertificateError::Revoked, ReachFault::CertificateUntrusted),
            (CertificateError::Expired, ReachFault::CertificateExpired),
            (CertificateError::NotValidYet, ReachFault::CertificateNotYetValid),
            (CertificateError::NotValidForName, ReachFault::CertificateForAnotherName),
        ] {
            let error = io::Error::other(Error::InvalidCertificate(error));
            assert_eq!(of(&error), fault, "{error:?}");
        }
    }

    #[test]
    fn a_host_that_speaks_no_tls_is_told_from_a_bad_certificate() {
        let error = io::Error::other(Error::InvalidMessage(rustls::InvalidMessage::InvalidCcs));
        assert_eq!(of(&error), ReachFault::NoSecureConnection);
    }

    #[test]
    fn a_certificate_of_tomorrow_has_not_run_out_even_if_windows_says_so() {
        let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let tls = |from: &str, until: &str| Tls {
            issuer: String::new(),
            public: deskside_model::evidence::Finding::default(),
            valid_from: from.parse().unwrap(),
            valid_until: until.parse().unwrap(),
        };
        let past = tls("2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z");
        let coming = tls("2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z");
        let windows = ReachFault::CertificateExpired;
        assert_eq!(dated(windows, &past, now), ReachFault::CertificateExpired);
        assert_eq!(dated(windows, &coming, now), ReachFault::CertificateNotYetValid);
        assert_eq!(dated(ReachFault::Refused, &coming, now), ReachFault::Refused);
    }
}

//! Classifies errors on the route to a host by their types, never by their texts.

use std::error::Error as _;
use std::io;

use deskside_model::evidence::{ReachabilityFault, Tls};
use jiff::Timestamp;
use rustls::{CertificateError, Error};

/// Classifies an error that concerns neither a proxy nor a name.
#[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
pub(super) fn of(error: &io::Error) -> ReachabilityFault {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        return of_tls(tls);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ReachabilityFault::Refused,
        io::ErrorKind::TimedOut => ReachabilityFault::TimedOut,
        // This computer's own firewall; on Windows WSAEACCES, 10013. docs/sources/platform.md#network
        io::ErrorKind::PermissionDenied => ReachabilityFault::Forbidden,
        io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => ReachabilityFault::NoRoute,
        _ => ReachabilityFault::Dropped,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
fn of_tls(error: &Error) -> ReachabilityFault {
    match error {
        Error::InvalidCertificate(why) => of_certificate(why),
        _ => ReachabilityFault::NoSecureConnection,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the foreign enum is non-exhaustive")]
const fn of_certificate(error: &CertificateError) -> ReachabilityFault {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ReachabilityFault::CertificateExpired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ReachabilityFault::CertificateNotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            ReachabilityFault::CertificateForAnotherName
        }
        _ => ReachabilityFault::CertificateUntrusted,
    }
}

/// Windows has one error for "expired" and "not yet valid" (`CERT_E_EXPIRED`); the certificate's dates
/// distinguish them. docs/sources/platform.md#network
pub(super) fn dated(fault: ReachabilityFault, tls: &Tls, now: Timestamp) -> ReachabilityFault {
    if fault == ReachabilityFault::CertificateExpired && now < tls.valid_from {
        ReachabilityFault::CertificateNotYetValid
    } else {
        fault
    }
}

/// An error with all its causes, for the log.
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
    fn each_io_error_kind_maps_to_its_fault() {
        for (kind, fault) in [
            (io::ErrorKind::ConnectionRefused, ReachabilityFault::Refused),
            (io::ErrorKind::TimedOut, ReachabilityFault::TimedOut),
            (io::ErrorKind::PermissionDenied, ReachabilityFault::Forbidden),
            (io::ErrorKind::NetworkUnreachable, ReachabilityFault::NoRoute),
            (io::ErrorKind::HostUnreachable, ReachabilityFault::NoRoute),
            (io::ErrorKind::ConnectionReset, ReachabilityFault::Dropped),
            (io::ErrorKind::UnexpectedEof, ReachabilityFault::Dropped),
        ] {
            assert_eq!(of(&kind.into()), fault, "{kind:?}");
        }
    }

    #[test]
    fn each_certificate_error_maps_to_its_fault() {
        for (error, fault) in [
            (CertificateError::UnknownIssuer, ReachabilityFault::CertificateUntrusted),
            (CertificateError::Revoked, ReachabilityFault::CertificateUntrusted),
            (CertificateError::Expired, ReachabilityFault::CertificateExpired),
            (CertificateError::NotValidYet, ReachabilityFault::CertificateNotYetValid),
            (CertificateError::NotValidForName, ReachabilityFault::CertificateForAnotherName),
        ] {
            let error = io::Error::other(Error::InvalidCertificate(error));
            assert_eq!(of(&error), fault, "{error:?}");
        }
    }

    #[test]
    fn missing_tls_is_distinguished_from_a_bad_certificate() {
        let error = io::Error::other(Error::InvalidMessage(rustls::InvalidMessage::InvalidCcs));
        assert_eq!(of(&error), ReachabilityFault::NoSecureConnection);
    }

    #[test]
    fn future_certificate_is_not_expired_even_if_windows_says_so() {
        let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let tls = |from: &str, until: &str| Tls {
            issuer: String::new(),
            public: deskside_model::evidence::Finding::default(),
            valid_from: from.parse().unwrap(),
            valid_until: until.parse().unwrap(),
        };
        let past = tls("2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z");
        let coming = tls("2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z");
        let windows = ReachabilityFault::CertificateExpired;
        assert_eq!(dated(windows, &past, now), ReachabilityFault::CertificateExpired);
        assert_eq!(dated(windows, &coming, now), ReachabilityFault::CertificateNotYetValid);
        assert_eq!(dated(ReachabilityFault::Refused, &coming, now), ReachabilityFault::Refused);
    }
}

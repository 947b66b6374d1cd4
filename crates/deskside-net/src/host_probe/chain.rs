//! The certificate chain that a host presents, recorded even if this computer does not trust it.
//!
//! Its issuer distinguishes a TLS inspection program from a misconfigured host.

use std::sync::{Arc, OnceLock};

use deskside_model::evidence::{Finding, Tls};
use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::name::Name;
use x509_cert::time::Time;

use super::authorities::is_public;

/// The longest issuer name that is kept, in characters; a malicious host can present any length.
const MAX_NAME: usize = 120;

/// Records the presented chain and leaves every decision to the system's verifier.
#[derive(Debug)]
pub(super) struct Recorder {
    verifier: Arc<dyn ServerCertVerifier>,
    presented: OnceLock<Vec<CertificateDer<'static>>>,
}

impl Recorder {
    /// A recorder for one connection that delegates to `verifier`.
    pub(super) fn new(verifier: Arc<dyn ServerCertVerifier>) -> Self {
        Self { verifier, presented: OnceLock::new() }
    }

    /// The presented chain, the host's own certificate first; empty if the handshake did not get that far.
    pub(super) fn presented(&self) -> &[CertificateDer<'static>] {
        self.presented.get().map_or(&[], Vec::as_slice)
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.presented.get_or_init(|| {
            let all = std::iter::once(end_entity).chain(intermediates);
            all.map(|certificate| certificate.clone().into_owned()).collect()
        });
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// Parses the presented chain, the host's own certificate first; absent if it is empty.
pub(super) fn certificate(presented: &[CertificateDer<'_>]) -> Finding<Tls> {
    let Some(own) = presented.first() else { return Finding::Absent };
    let Ok(own) = Certificate::from_der(own) else {
        return Finding::Unknown("the certificate cannot be parsed".into());
    };
    let others = presented.iter().skip(1);
    let others: Vec<_> = others.filter_map(|der| Certificate::from_der(der).ok()).collect();
    let issuers = issuers(&own, &others);
    let validity = own.tbs_certificate().validity();
    Finding::Known(Tls {
        issuer: issuers.last().copied().map(words).unwrap_or_default(),
        public: Finding::Known(issuers.iter().any(|name| is_public(&words(name)))),
        valid_from: timestamp(validity.not_before),
        valid_until: timestamp(validity.not_after),
    })
}

/// The issuers from the host's own certificate upward. Hosts present the other certificates in any order,
/// and can include unrelated ones.
fn issuers<'a>(own: &'a Certificate, others: &'a [Certificate]) -> Vec<&'a Name> {
    let (mut names, mut next) = (Vec::new(), Some(own));
    while let Some(certificate) = next {
        let issuer = certificate.tbs_certificate().issuer();
        // A root is its own issuer.
        if names.contains(&issuer) {
            break;
        }
        names.push(issuer);
        next = others.iter().find(|other| other.tbs_certificate().subject() == issuer);
    }
    names
}

/// The organization, or else the common name, safe to show.
fn words(name: &Name) -> String {
    let organization = name.organization().ok().flatten();
    let text = organization.or_else(|| name.common_name().ok().flatten());
    let text = text.map(String::from).unwrap_or_default();
    text.chars().filter(|letter| !letter.is_control()).take(MAX_NAME).collect()
}

/// "No expiry" is encoded as the last second of the year 9999 (RFC 5280, section 4.1.2.5), a day beyond
/// the range of `jiff`.
fn timestamp(time: Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
#[cfg(not(windows))]
mod tests {
    use rcgen::{CertificateParams, CertifiedIssuer, KeyPair, date_time_ymd};

    use super::super::tests::{authority, named};
    use super::*;

    #[test]
    fn top_issuer_is_found_in_any_order_ignoring_unrelated_certificates() {
        let root = authority("At the top");
        let key = KeyPair::generate().unwrap();
        let between = CertifiedIssuer::signed_by(named("In between"), key, &root).unwrap();
        let own = CertificateParams::new(["example.com".to_owned()]).unwrap();
        let own = own.signed_by(&KeyPair::generate().unwrap(), &between).unwrap();
        let bystander = authority("DigiCert Inc");
        let presented = [own.der(), bystander.der(), root.der(), between.der()].map(Clone::clone);
        let Finding::Known(tls) = certificate(&presented) else {
            panic!("the chain was not parsed")
        };
        assert_eq!(tls.issuer, "At the top");
        assert_eq!(tls.public, Finding::Known(false));
    }

    #[test]
    fn unlimited_certificate_is_parsed_and_corrupt_one_is_unknown() {
        let mut own = named("Any Authority");
        own.not_after = date_time_ymd(9999, 12, 31);
        let own = own.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let Finding::Known(tls) = certificate(&[own.der().clone()]) else {
            panic!("the certificate was not parsed")
        };
        assert_eq!(tls.valid_until, Timestamp::MAX);
        let broken = CertificateDer::from(own.der().iter().copied().take(99).collect::<Vec<_>>());
        assert!(matches!(certificate(&[broken]), Finding::Unknown(_)));
        assert_eq!(certificate(&[]), Finding::Absent);
    }
}

//! The certificates that a host presents, kept even when the computer does not accept them.
//!
//! Who vouches for them is what tells a program that reads along from a host that is at fault.

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

/// No authority has a longer name; what a stranger presents may be of any length.
const MAX_NAME: usize = 120;

/// Remembers what is presented and leaves every judgement to the computer's own verifier.
#[derive(Debug)]
pub(super) struct Recorder {
    judge: Arc<dyn ServerCertVerifier>,
    presented: OnceLock<Vec<CertificateDer<'static>>>,
}

impl Recorder {
    /// Records in front of this verifier, for one connection.
    pub(super) fn before(judge: Arc<dyn ServerCertVerifier>) -> Self {
        Self { judge, presented: OnceLock::new() }
    }

    /// The host's own certificate first; nothing when it came to none.
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
        self.judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

/// Reads what was presented, the host's own certificate first; absent when there is none.
pub(super) fn certificate(presented: &[CertificateDer<'_>]) -> Finding<Tls> {
    let Some(own) = presented.first() else { return Finding::Absent };
    let Ok(own) = Certificate::from_der(own) else {
        return Finding::Unknown("the certificate cannot be read".into());
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

/// The issuers from the host's own certificate upwards. Hosts present the others in any order, and
/// some that have no part in it.
fn issuers<'a>(own: &'a Certificate, others: &'a [Certificate]) -> Vec<&'a Name> {
    let (mut names, mut next) = (Vec::new(), Some(own));
    while let Some(certificate) = next {
        let issuer = certificate.tbs_certificate().issuer();
        // A root vouches for itself.
        if names.contains(&issuer) {
            break;
        }
        names.push(issuer);
        next = others.iter().find(|other| other.tbs_certificate().subject() == issuer);
    }
    names
}

/// The organisation, or else the common name, fit to be shown.
fn words(name: &Name) -> String {
    let organisation = name.organization().ok().flatten();
    let text = organisation.or_else(|| name.common_name().ok().flatten());
    let text = text.map(String::from).unwrap_or_default();
    text.chars().filter(|letter| !letter.is_control()).take(MAX_NAME).collect()
}

/// "Never" is written as the last second of the year 9999 (RFC 5280, section 4.1.2.5), a day more
/// than `jiff` counts.
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
        let Finding::Known(tls) = certificate(&presented) else { panic!("it was not read") };
        assert_eq!(tls.issuer, "At the top");
        assert_eq!(tls.public, Finding::Known(false));
    }

    #[test]
    fn unlimited_certificate_is_parsed_and_corrupt_one_is_unknown() {
        let mut own = named("Anybody");
        own.not_after = date_time_ymd(9999, 12, 31);
        let own = own.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let Finding::Known(tls) = certificate(&[own.der().clone()]) else {
            panic!("it was not read")
        };
        assert_eq!(tls.valid_until, Timestamp::MAX);
        let broken = CertificateDer::from(own.der().iter().copied().take(99).collect::<Vec<_>>());
        assert!(matches!(certificate(&[broken]), Finding::Unknown(_)));
        assert_eq!(certificate(&[]), Finding::Absent);
    }
}

//! Untrusted certificates: nothing is sent to a host that presents one.

use std::net::SocketAddr;
use std::sync::Arc;

use deskside_model::ProxyChoice;
use deskside_model::evidence::Fault;
use deskside_net::Http;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::ask::{ALL_CALLS, Log, PATIENT};
use super::server::{Answer, request};

type Authority = CertifiedIssuer<'static, KeyPair>;
type Presented = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

const ANY_YEAR: (i32, i32) = (2000, 2100);

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn params(name: &str, years: (i32, i32)) -> CertificateParams {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    params
}

fn signed_by(root: &Authority, name: &str, years: (i32, i32)) -> Presented {
    let key = KeyPair::generate().unwrap();
    let own = params(name, years).signed_by(&key, root).unwrap();
    (vec![own.into()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

fn signed_by_itself(name: &str) -> Presented {
    let key = KeyPair::generate().unwrap();
    let own = params(name, ANY_YEAR).self_signed(&key).unwrap();
    (vec![own.into()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// A host with this certificate, and the requests that it receives.
async fn secured(
    (presented, key): Presented,
    answer: Answer,
) -> (SocketAddr, UnboundedReceiver<String>) {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(presented, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, requests) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the certificate closes the connection.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let Some(request) = request(&mut stream).await else { continue };
            asked.send(request).unwrap();
            stream.write_all(&answer.bytes).await.unwrap();
            stream.shutdown().await.unwrap_or_default();
        }
    });
    (address, requests)
}

/// The fault of every call, trusting this authority, against a host with this certificate.
async fn faults_of_all(root: &Authority, presented: impl Fn() -> Presented) -> Vec<Option<Fault>> {
    let root = reqwest::Certificate::from_der(root.der()).unwrap();
    let http = Http::trusting(PATIENT, &[root], |_| ProxyChoice::Direct).unwrap();
    let mut found = Vec::new();
    for call in ALL_CALLS {
        let (host, mut requests) =
            secured(presented(), Answer::json(200, call.valid_answer())).await;
        let url: Url = format!("https://{host}/").parse().unwrap();
        let log = Log::listen();
        let fault = call.send(http.clone(), &url).await.err();
        log.assert_no_secret();
        let was_received = requests.try_recv().is_ok();
        assert_eq!(was_received, fault.is_none(), "{call:?} sent a secret to an untrusted host");
        found.push(fault);
    }
    found
}

#[tokio::test]
async fn trusted_certificate_is_accepted() {
    let root = authority();
    let found = faults_of_all(&root, || signed_by(&root, "127.0.0.1", ANY_YEAR)).await;
    assert_eq!(found, [None; ALL_CALLS.len()], "the faults below would prove nothing");
}

#[tokio::test]
async fn nothing_is_sent_to_a_host_with_an_expired_certificate() {
    let root = authority();
    let found = faults_of_all(&root, || signed_by(&root, "127.0.0.1", (2000, 2001))).await;
    assert_eq!(found, [Some(Fault::Unreachable); ALL_CALLS.len()]);
}

#[tokio::test]
async fn nothing_is_sent_to_a_host_that_signed_itself() {
    let root = authority();
    let found = faults_of_all(&root, || signed_by_itself("127.0.0.1")).await;
    assert_eq!(found, [Some(Fault::Unreachable); ALL_CALLS.len()]);
}

#[tokio::test]
async fn nothing_is_sent_to_a_host_with_a_foreign_certificate() {
    let root = authority();
    let found = faults_of_all(&root, || signed_by(&root, "example.com", ANY_YEAR)).await;
    assert_eq!(found, [Some(Fault::Unreachable); ALL_CALLS.len()]);
}

//! Real hosts, proxies and certificates on loopback, each with one fault.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use deskside_model::evidence::{Finding, Reachability, ReachabilityFault, Tls};
use deskside_model::{Proxy, ProxyChoice, Secret};
use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::probe::{HostProbe, Limits};
use crate::cryptography;
use crate::http::Http;
use crate::proxies::Proxies;

/// Longer than a step takes to reach its limit, even on a busy machine.
const LONG: Duration = Duration::from_secs(20);
/// How long a test waits for something that never happens.
const SHORT: Duration = Duration::from_millis(200);
/// A limit that no test reaches.
const NEVER: Duration = Duration::from_secs(3600);
const PATIENT: Limits = Limits { name: NEVER, connection: NEVER, tls: NEVER, answer: NEVER };

/// The clients as the companion makes them, without a proxy.
fn http() -> Http {
    Http::new(|_| ProxyChoice::Direct).unwrap()
}

fn probe() -> HostProbe {
    trusting(None)
}

/// A probe that trusts this computer's authorities and `root`.
fn trusting(root: Option<&Authority>) -> HostProbe {
    let roots = root.map(|root| root.der().clone());
    let verifier = Verifier::new_with_extra_roots(roots, cryptography::provider()).unwrap();
    let verifier = Ok(Arc::new(verifier) as _);
    HostProbe { proxies: Proxies::new(|_| ProxyChoice::Direct), verifier, limits: PATIENT }
}

/// A probe that ends within these limits or fails the test.
async fn limited(limits: Limits, to: &Url) -> Reachability {
    let probe = HostProbe { limits, ..probe() };
    tokio::time::timeout(LONG, probe.run(to)).await.expect("the step has no limit of its own")
}

fn behind(proxy: &str, probe: HostProbe) -> HostProbe {
    let mut address: Url = proxy.parse().unwrap();
    let password = address.password().map(str::to_owned);
    let name = address.username().to_owned();
    address.set_username("").unwrap();
    address.set_password(None).unwrap();
    let proxies = Proxies::new(move |_| {
        let sign_in = password.clone().map(|password| (name.clone(), Secret::new(password)));
        ProxyChoice::Through(Proxy { address: address.clone(), sign_in })
    });
    HostProbe { proxies, ..probe }
}

fn url(scheme: &str, host: SocketAddr) -> Url {
    format!("{scheme}://{host}/secret/path?token=secret").parse().unwrap()
}

/// Runs `play` for every connection.
async fn host<P, F>(play: P) -> SocketAddr
where
    P: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(play(stream));
        }
    });
    address
}

/// An address without a listener.
async fn closed_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// A host that gives this answer to every request, and the requests that it receives.
async fn answers(answer: &'static str) -> (SocketAddr, UnboundedReceiver<String>) {
    let (asked, questions) = unbounded_channel();
    let address = host(move |mut stream| {
        let asked = asked.clone();
        async move {
            asked.send(question(&mut stream).await).unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address.await, questions)
}

async fn question(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(text).unwrap()
}

pub(super) type Authority = CertifiedIssuer<'static, KeyPair>;
type Presented = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The parameters of an authority with this name.
pub(super) fn named(organization: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, organization);
    params.distinguished_name.push(DnType::CommonName, "an authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

pub(super) fn authority(organization: &str) -> Authority {
    CertifiedIssuer::self_signed(named(organization), KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for this name, valid in these years.
fn certificate(root: &Authority, name: &str, years: (i32, i32)) -> Presented {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    let key = KeyPair::generate().unwrap();
    let own = params.signed_by(&key, root).unwrap();
    (vec![own.into()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

const ANY_YEAR: (i32, i32) = (2000, 2100);

/// A host that answers 204 over TLS with this certificate.
async fn secured((presented, key): Presented) -> SocketAddr {
    let config = ServerConfig::builder_with_provider(cryptography::provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(presented, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let play = move |stream| {
        let acceptor = acceptor.clone();
        async move {
            // A client that does not trust the certificate closes the connection.
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            question(&mut stream).await;
            stream.write_all(b"HTTP/1.1 204 Nothing\r\n\r\n").await.unwrap();
        }
    };
    host(play).await
}

/// The certificate in the result.
fn tls(reach: &Reachability) -> &Tls {
    let Finding::Known(tls) = &reach.tls else { panic!("no certificate was recorded: {reach:?}") };
    tls
}

#[tokio::test]
async fn unresolved_name_stops_the_probe_at_the_first_step() {
    let reach = probe().run(&"https://no-such-host.invalid".parse().unwrap()).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::NameNotResolved));
    assert_eq!(reach.host, "no-such-host.invalid");
    assert_eq!(reach.name, Finding::Absent);
    assert_eq!(reach.connection, Finding::default(), "a step after the fault was probed");
}

#[tokio::test]
async fn refused_connection_is_distinguished_from_unresolved_name() {
    let reach = probe().run(&url("https", closed_port().await)).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::Refused));
    assert_eq!(reach.name, Finding::Known(1));
    assert_eq!(reach.connection, Finding::Absent);
    assert_eq!(reach.tls, Finding::default());
}

/// On other systems a listener with a full queue refuses connections instead of ignoring them.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn dropped_packets_end_in_a_connection_timeout() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let full = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(stream) = tokio::time::timeout(SHORT, TcpStream::connect(full)).await {
        queued.push(stream.unwrap());
        assert!(queued.len() < 100, "the queue never fills");
    }
    let reach = limited(Limits { connection: SHORT, ..PATIENT }, &url("https", full)).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::TimedOut));
    assert_eq!(reach.connection, Finding::Absent);
}

#[tokio::test]
async fn silent_host_times_out_in_the_step_where_it_hangs() {
    let silent = host(|stream| async move {
        pending::<()>().await;
        drop(stream);
    });
    let silent = silent.await;
    let secure = limited(Limits { tls: SHORT, ..PATIENT }, &url("https", silent)).await;
    assert_eq!(secure.stopped_by, Some(ReachabilityFault::TimedOut));
    assert_eq!((secure.connection, secure.tls), (Finding::Known(()), Finding::Absent));
    let plain = limited(Limits { answer: SHORT, ..PATIENT }, &url("http", silent)).await;
    assert_eq!(plain.stopped_by, Some(ReachabilityFault::TimedOut));
    assert_eq!((plain.connection, plain.answer), (Finding::Known(()), Finding::Absent));
}

#[tokio::test]
async fn connection_closed_during_tls_handshake_is_dropped() {
    let breaks = host(|mut stream| async move {
        stream.read_u8().await.unwrap();
    });
    let reach = probe().run(&url("https", breaks.await)).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::Dropped));
    assert_eq!(reach.connection, Finding::Known(()));
}

#[tokio::test]
async fn plain_http_on_a_tls_port_is_no_secure_connection() {
    let plain = host(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 Please sign in\r\n\r\n").await.unwrap();
        stream.read_u8().await.unwrap();
    });
    let reach = probe().run(&url("https", plain.await)).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::NoSecureConnection));
}

#[tokio::test]
async fn untrusted_certificate_still_reports_its_issuer() {
    let stranger = authority("Corporate Inspection");
    let host = secured(certificate(&stranger, "127.0.0.1", ANY_YEAR)).await;
    let reach = probe().run(&url("https", host)).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::CertificateUntrusted));
    let seen = tls(&reach);
    assert_eq!(seen.issuer, "Corporate Inspection");
    assert_eq!(seen.public, Finding::Known(false));
    assert_eq!(seen.valid_from.to_string(), "2000-01-01T00:00:00Z");
    assert_eq!(seen.valid_until.to_string(), "2100-01-01T00:00:00Z");
    assert_eq!(reach.answer, Finding::default(), "a request was sent to an untrusted host");
}

#[tokio::test]
async fn untrusted_issuer_named_like_a_public_authority_is_not_public() {
    let pretender = authority("DigiCert Inc");
    let host = secured(certificate(&pretender, "127.0.0.1", ANY_YEAR)).await;
    let reach = probe().run(&url("https", host)).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::CertificateUntrusted));
    assert!(matches!(tls(&reach).public, Finding::Unknown(_)), "{reach:?}");
}

#[tokio::test]
async fn trusted_tls_inspection_is_recognized() {
    let inspection = authority("Corporate Inspection");
    let host = secured(certificate(&inspection, "127.0.0.1", ANY_YEAR)).await;
    let reach = trusting(Some(&inspection)).run(&url("https", host)).await;
    assert_eq!((reach.stopped_by, &reach.answer), (None, &Finding::Known(204)));
    assert_eq!(tls(&reach).issuer, "Corporate Inspection");
    assert_eq!(tls(&reach).public, Finding::Known(false));
}

#[tokio::test]
async fn trusted_chain_of_a_public_authority_is_public() {
    let public = authority("Internet Security Research Group");
    let host = secured(certificate(&public, "127.0.0.1", ANY_YEAR)).await;
    let reach = trusting(Some(&public)).run(&url("https", host)).await;
    assert_eq!(reach.stopped_by, None);
    assert_eq!(tls(&reach).public, Finding::Known(true));
}

#[tokio::test]
async fn expired_future_and_misnamed_certificates_are_distinct_faults() {
    let root = authority("Corporate Inspection");
    for (name, years, fault) in [
        ("127.0.0.1", (2000, 2001), ReachabilityFault::CertificateExpired),
        ("127.0.0.1", (2099, 2100), ReachabilityFault::CertificateNotYetValid),
        ("example.com", ANY_YEAR, ReachabilityFault::CertificateForAnotherName),
    ] {
        let host = secured(certificate(&root, name, years)).await;
        let reach = trusting(Some(&root)).run(&url("https", host)).await;
        assert_eq!(reach.stopped_by, Some(fault));
        assert_eq!(tls(&reach).issuer, "Corporate Inspection", "{fault:?}");
    }
}

#[tokio::test]
async fn host_clock_an_hour_behind_marks_our_clock_wrong() {
    let (host, _questions) = clock_of(-3600).await;
    let reach = http().probe_host(&url("http", host)).await;
    assert_eq!((reach.stopped_by, &reach.tls), (None, &Finding::Absent));
    let Finding::Known(ahead) = reach.clock_ahead_seconds else { panic!("{reach:?}") };
    assert!((3590..=3610).contains(&ahead), "{ahead}");
    assert!(reach.clock_is_wrong());
}

#[tokio::test]
async fn matching_clocks_are_not_wrong() {
    let (host, _questions) = clock_of(0).await;
    let reach = http().probe_host(&url("http", host)).await;
    assert!(matches!(reach.clock_ahead_seconds, Finding::Known(-10..=10)), "{reach:?}");
    assert!(!reach.clock_is_wrong());
}

/// A host whose clock differs from ours by this many seconds.
async fn clock_of(seconds: i64) -> (SocketAddr, UnboundedReceiver<String>) {
    let there = Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    let date = there.strftime("%a, %d %b %Y %H:%M:%S GMT");
    answers(format!("HTTP/1.1 200 OK\r\nDate: {date}\r\n\r\n").leak()).await
}

#[tokio::test]
async fn probe_sends_one_neutral_request_and_follows_no_redirect() {
    let (elsewhere, mut never) = answers("HTTP/1.1 200 OK\r\n\r\n").await;
    let redirect = format!("HTTP/1.1 302 Found\r\nLocation: http://{elsewhere}/\r\n\r\n");
    let (host, mut questions) = answers(redirect.leak()).await;
    let reach = probe().run(&url("http", host)).await;
    assert_eq!((reach.stopped_by, reach.answer), (None, Finding::Known(302)));
    let version = deskside_model::VERSION;
    let question = format!(
        "GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Deskside/{version}\r\nAccept: */*\r\n\r\n"
    );
    assert_eq!(questions.recv().await, Some(question));
    assert!(questions.try_recv().is_err(), "the host was queried twice");
    assert!(never.try_recv().is_err(), "the redirect was followed");
}

#[tokio::test]
async fn non_http_answer_counts_as_dropped() {
    let (host, _questions) = answers("SSH-2.0-OpenSSH_9.2\r\n").await;
    let reach = probe().run(&url("http", host)).await;
    assert_eq!(
        (reach.stopped_by, reach.answer),
        (Some(ReachabilityFault::Dropped), Finding::Absent)
    );
}

#[tokio::test]
async fn endless_head_is_abandoned() {
    let endless = host(|mut stream| async move {
        question(&mut stream).await;
        let mut part = &b"HTTP/1.1 200 OK\r\n"[..];
        while stream.write_all(part).await.is_ok() {
            part = b"X: again\r\n";
        }
    });
    let reach = probe().run(&url("http", endless.await)).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::Dropped));
}

#[tokio::test]
async fn canceled_probe_closes_its_connection() {
    let (hung_up, mut ends) = unbounded_channel();
    let waits = host(move |mut stream| {
        let hung_up = hung_up.clone();
        async move {
            question(&mut stream).await;
            hung_up.send("asked").unwrap();
            stream.read_u8().await.unwrap_err();
            hung_up.send("gone").unwrap();
        }
    });
    let to = url("http", waits.await);
    let probing = tokio::spawn(async move { probe().run(&to).await });
    assert_eq!(ends.recv().await, Some("asked"));
    probing.abort();
    assert_eq!(ends.recv().await, Some("gone"));
}

/// A host that only a proxy could reach.
const ELSEWHERE: &str = "https://no-such-host.invalid/secret/path?token=secret";

#[tokio::test]
async fn proxy_password_request_is_reported_and_not_answered() {
    let (proxy, mut questions) = answers("HTTP/1.1 407 Who are you\r\n\r\n").await;
    let reach = behind(&format!("http://{proxy}"), probe()).run(&ELSEWHERE.parse().unwrap()).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::ProxyNeedsPassword));
    assert_eq!(reach.through_proxy, Finding::Known("127.0.0.1".into()));
    assert_eq!((reach.name, reach.connection), (Finding::Known(1), Finding::Absent));
    let asked = questions.recv().await.unwrap();
    assert!(asked.starts_with("CONNECT no-such-host.invalid:443 HTTP/1.1\r\n"), "{asked}");
    assert!(!asked.contains("secret"), "{asked}");
}

#[tokio::test]
async fn configured_proxy_password_is_neither_sent_nor_a_fault() {
    let (proxy, mut questions) = answers("HTTP/1.1 407 Who are you\r\n\r\n").await;
    let setting = format!("http://user:password@{proxy}");
    let reach = behind(&setting, probe()).run(&ELSEWHERE.parse().unwrap()).await;
    assert_eq!(reach.stopped_by, None);
    assert!(matches!(reach.connection, Finding::Unknown(_)), "{reach:?}");
    assert!(!questions.recv().await.unwrap().contains("Authorization"));
    assert!(!format!("{reach:?}").contains("password@"), "{reach:?}");
}

#[tokio::test]
async fn unreachable_proxy_is_distinguished_from_refusing_proxy() {
    let dead = format!("http://{}", closed_port().await);
    let reach = behind(&dead, probe()).run(&ELSEWHERE.parse().unwrap()).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::ProxyUnreachable));
    let lost = "http://no-such-proxy.invalid:8080";
    let reach = behind(lost, probe()).run(&ELSEWHERE.parse().unwrap()).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::ProxyUnreachable));
    let (proxy, _questions) = answers("HTTP/1.1 403 Not here\r\n\r\n").await;
    let reach = behind(&format!("http://{proxy}"), probe()).run(&ELSEWHERE.parse().unwrap()).await;
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::ProxyRefused));
}

#[tokio::test]
async fn working_proxy_is_traversed_to_the_answer() {
    let root = authority("Corporate Inspection");
    let behind_it = secured(certificate(&root, "no-such-host.invalid", ANY_YEAR)).await;
    let proxy = host(move |mut stream| async move {
        question(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
        let mut there = TcpStream::connect(behind_it).await.unwrap();
        tokio::io::copy_bidirectional(&mut stream, &mut there).await.unwrap_or_default();
    });
    let probe = behind(&format!("http://{}", proxy.await), trusting(Some(&root)));
    let reach = probe.run(&ELSEWHERE.parse().unwrap()).await;
    assert_eq!((reach.stopped_by, reach.answer), (None, Finding::Known(204)));
    assert_eq!(reach.connection, Finding::Known(()));
}

#[tokio::test]
async fn loopback_is_never_probed_through_a_proxy() {
    let probe = behind("http://no-such-proxy.invalid:8080", probe());
    let reach = probe.run(&url("https", closed_port().await)).await;
    assert_eq!(reach.through_proxy, Finding::Absent);
    assert_eq!(reach.stopped_by, Some(ReachabilityFault::Refused));
}

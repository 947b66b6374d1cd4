//! Walks the way to a host once, with a time limit for each step, and writes down how far it came.
//!
//! The everyday client hides its steps and follows what a host asks of it. This one shows them,
//! sends one question that tells nothing but Deskside's version, and reads no body. It takes the
//! same proxy and trusts the same certificates. Whoever drops it stops it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deskside_model::evidence::{Finding, Reachability, ReachabilityFault};
use hyper_util::client::proxy::matcher::Matcher;
use jiff::Timestamp;
use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::ServerName;
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Position, Url};

use super::chain::{Recorder, certificate};
use super::fault;
use super::head::{Head, proxy_fault};

const AGENT: &str = concat!("Deskside/", env!("CARGO_PKG_VERSION"));
/// Servers refuse heads of 8 to 16 kilobytes themselves.
const MAX_HEAD: usize = 16 << 10;
/// Tried at the same time; a host has one or two of each kind, and this is no race.
const MAX_ADDRESSES: usize = 4;

/// Finds out how far the host of this address can be reached. Path and query are not used.
///
/// `http` is for loopback in a sandbox. Takes at most 40 seconds; on Windows, which looks for
/// revoked certificates in between and waits for that itself, ten more.
pub async fn probe_host(host_url: &Url) -> Reachability {
    HostProbe::with_system_settings().run(host_url).await
}

/// What a look uses.
pub(super) struct HostProbe {
    /// Which proxy to take.
    pub(super) proxies: Matcher,
    /// Who decides on certificates, or why nobody can.
    pub(super) judge: Result<Arc<dyn ServerCertVerifier>, rustls::Error>,
    /// How long each step may take.
    pub(super) limits: Limits,
}

/// How long each step may take.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// To find the addresses of a name.
    pub(super) name: Duration,
    /// To connect.
    pub(super) connection: Duration,
    /// To agree on a secure connection.
    pub(super) tls: Duration,
    /// To answer, for a proxy and for the host each.
    pub(super) answer: Duration,
}

/// Why there is no next step; `None` when nobody can say, and the step's finding tells why.
type Stop = Option<ReachabilityFault>;

impl HostProbe {
    fn with_system_settings() -> Self {
        let judge = Verifier::new(crypto()).map(|judge| Arc::new(judge) as _);
        let limits = Limits {
            name: Duration::from_secs(5),
            connection: Duration::from_secs(5),
            tls: Duration::from_secs(10),
            answer: Duration::from_secs(10),
        };
        Self { proxies: Matcher::from_system(), judge, limits }
    }

    pub(super) async fn run(&self, url: &Url) -> Reachability {
        let mut seen = Reachability {
            host: url.host_str().unwrap_or_default().into(),
            at: Timestamp::now(),
            ..Reachability::default()
        };
        seen.stopped_by = self.steps(url, &mut seen).await.err().flatten();
        seen
    }

    async fn steps(&self, url: &Url, seen: &mut Reachability) -> Result<(), Stop> {
        let stream = match self.proxy(url, seen)? {
            Some(proxy) => self.through(&proxy, url, seen).await?,
            None => self.connect(url, seen).await?,
        };
        seen.connection = Finding::Known(());
        if url.scheme() == "https" {
            let stream = self.secure(stream, url, seen).await?;
            self.ask(stream, url, seen).await
        } else {
            seen.tls = Finding::Absent;
            self.ask(stream, url, seen).await
        }
    }

    /// The proxy to take, as the everyday client decides it.
    fn proxy(&self, url: &Url, seen: &mut Reachability) -> Result<Option<Proxy>, Stop> {
        let at_home = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let to = url[..Position::AfterPort].parse().ok().filter(|_| !at_home);
        let Some(taken) = to.and_then(|to| self.proxies.intercept(&to)) else {
            seen.through_proxy = Finding::Absent;
            return Ok(None);
        };
        let address = Url::parse(&taken.uri().to_string()).ok();
        let Some(address) = address.filter(|address| address.scheme() == "http") else {
            seen.through_proxy = Finding::Unknown("a proxy of another kind than HTTP".into());
            return Err(None);
        };
        seen.through_proxy = Finding::Known(address.host_str().unwrap_or_default().into());
        let has_password = taken.basic_auth().is_some();
        Ok(Some(Proxy { address, has_password }))
    }

    async fn connect(&self, to: &Url, seen: &mut Reachability) -> Result<TcpStream, Stop> {
        let addresses = self.addresses(to).await.map_err(|why| {
            seen.name = Finding::Absent;
            tracing::info!(why = fault::words(&why), "a name leads nowhere");
            Some(ReachabilityFault::NameNotResolved)
        })?;
        seen.name = Finding::Known(addresses.len());
        let connecting = timeout(self.limits.connection, connect_to_any(&addresses));
        flat(connecting.await).map_err(|why| {
            seen.connection = Finding::Absent;
            Some(told(&why, "no connection"))
        })
    }

    async fn addresses(&self, to: &Url) -> io::Result<Vec<SocketAddr>> {
        let to = to.clone();
        // The system's own look-up blocks and cannot be stopped, only left.
        let asked = spawn_blocking(move || to.socket_addrs(|| None));
        let addresses = timeout(self.limits.name, asked).await???;
        if addresses.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(addresses) }
    }

    /// Lets a proxy connect to the host. A password that the settings hold is not sent.
    async fn through(
        &self,
        proxy: &Proxy,
        to: &Url,
        seen: &mut Reachability,
    ) -> Result<TcpStream, Stop> {
        let connected = self.connect(&proxy.address, seen).await;
        let mut stream = connected.map_err(|_| Some(ReachabilityFault::ProxyUnreachable))?;
        seen.connection = Finding::Absent;
        let host = to.host_str().unwrap_or_default();
        let host = format!("{host}:{}", to.port_or_known_default().unwrap_or(443));
        let answer = self.exchange(&mut stream, "CONNECT", &host, &host).await.map_err(|why| {
            told(&why, "the proxy does not answer");
            Some(ReachabilityFault::ProxyUnreachable)
        })?;
        match proxy_fault(answer.status) {
            None => Ok(stream),
            Some(ReachabilityFault::ProxyNeedsPassword) if proxy.has_password => {
                let why = "the proxy wants its password, which a look does not send";
                seen.connection = Finding::Unknown(why.into());
                Err(None)
            }
            Some(fault) => Err(Some(fault)),
        }
    }

    async fn secure(
        &self,
        stream: TcpStream,
        to: &Url,
        seen: &mut Reachability,
    ) -> Result<TlsStream<TcpStream>, Stop> {
        let (recorder, config) = self.tls().map_err(|why| {
            seen.tls = Finding::Unknown(why.to_string());
            None
        })?;
        // An address of the sixth version stands in brackets in a URL, and nowhere else.
        let name = to.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let name = ServerName::try_from(name.to_owned()).map_err(|why| {
            seen.tls = Finding::Unknown(why.to_string());
            None
        })?;
        let shaking_hands = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let shaken = flat(timeout(self.limits.tls, shaking_hands).await);
        seen.tls = certificate(recorder.presented());
        shaken.map_err(|why| {
            let fault = told(&why, "no secure connection");
            let Finding::Known(tls) = std::mem::take(&mut seen.tls) else {
                seen.tls = Finding::Absent;
                return Some(fault);
            };
            let fault = fault::dated(fault, &tls, seen.at);
            seen.tls = Finding::Known(tls.unproven());
            Some(fault)
        })
    }

    fn tls(&self) -> Result<(Arc<Recorder>, ClientConfig), rustls::Error> {
        let recorder = Arc::new(Recorder::before(self.judge.clone()?));
        let mut config = ClientConfig::builder_with_provider(crypto())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&recorder) as _)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok((recorder, config))
    }

    async fn ask<S>(&self, mut stream: S, to: &Url, seen: &mut Reachability) -> Result<(), Stop>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let host = &to[Position::BeforeHost..Position::AfterPort];
        let (sent, started) = (Timestamp::now(), Instant::now());
        let head = self.exchange(&mut stream, "GET", "/", host).await.map_err(|why| {
            seen.answer = Finding::Absent;
            Some(told(&why, "no answer"))
        })?;
        head.onto(seen, sent + started.elapsed() / 2);
        Ok(())
    }

    /// Sends a question and reads the head of the answer; nothing behind it.
    async fn exchange<S>(
        &self,
        stream: &mut S,
        method: &str,
        target: &str,
        host: &str,
    ) -> io::Result<Head>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let question = format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\n\r\n"
        );
        let answer = async {
            stream.write_all(question.as_bytes()).await?;
            stream.flush().await?;
            read_head(stream).await
        };
        flat(timeout(self.limits.answer, answer).await)
    }
}

/// A proxy on the way.
struct Proxy {
    address: Url,
    /// The settings hold a password for it.
    has_password: bool,
}

/// The same cryptography as the everyday client's.
pub(super) fn crypto() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Connects to whichever answers first: a host with two kinds of addresses often has one that is
/// dead.
async fn connect_to_any(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let addresses = addresses.iter().take(MAX_ADDRESSES).copied();
    let mut tries: JoinSet<_> = addresses.map(TcpStream::connect).collect();
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    while let Some(tried) = tries.join_next().await {
        match tried? {
            Ok(stream) => return Ok(stream),
            // The one that took longest came furthest.
            Err(why) => failed = why,
        }
    }
    Err(failed)
}

async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Head> {
    let (mut so_far, mut part) = (Vec::new(), [0; 2048]);
    while so_far.len() < MAX_HEAD {
        let read = stream.read(&mut part).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        so_far.extend(part.iter().take(read));
        match Head::read(&so_far) {
            Ok(Some(head)) => return Ok(head),
            Ok(None) => {}
            Err(_) => break,
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

fn flat<T>(within: Result<io::Result<T>, tokio::time::error::Elapsed>) -> io::Result<T> {
    within?
}

/// Keeps the reason for the log; a name in it is the host's or its certificate's.
fn told(why: &io::Error, what: &'static str) -> ReachabilityFault {
    let fault = fault::of(why);
    tracing::info!(why = fault::words(why), ?fault, "{what}");
    fault
}

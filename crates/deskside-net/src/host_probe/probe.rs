//! Connects to a host once, with a time limit for each step, and records how far it got.
//!
//! The ordinary client does not expose its steps. This one does, sends one request that reveals only
//! Deskside's version, and reads no body. It uses the same proxy and trusts the same certificates. Dropping
//! the future cancels the probe.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deskside_model::evidence::{Finding, Reachability, ReachabilityFault};
use deskside_model::link::is_loopback;
use deskside_model::{Proxy, ProxyChoice};
use jiff::Timestamp;
use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
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
use crate::cryptography;
use crate::http::Http;
use crate::proxies::Proxies;

const AGENT: &str = concat!("Deskside/", env!("CARGO_PKG_VERSION"));
/// The longest head that is read, in bytes; servers themselves refuse heads of 8 to 16 kilobytes.
/// docs/sources/platform.md#network
const MAX_HEAD: usize = 16 << 10;
/// How many addresses are tried at the same time; a host usually has one or two of each family.
const MAX_ADDRESSES: usize = 4;

impl Http {
    /// Determines how far the host of this address can be reached. Path and query are not used.
    ///
    /// `http` is for loopback in a sandbox. Takes at most 55 seconds; ten more on Windows, which checks
    /// for revoked certificates with a time limit of its own. docs/sources/platform.md#network
    pub async fn probe_host(&self, host_url: &Url) -> Reachability {
        HostProbe::with_system_settings(self.proxies.clone()).run(host_url).await
    }
}

/// The settings of a probe.
pub(super) struct HostProbe {
    /// Selects the proxy.
    pub(super) proxies: Proxies,
    /// Verifies certificates, or why there is no verifier.
    pub(super) verifier: Result<Arc<dyn ServerCertVerifier>, rustls::Error>,
    /// The time limits of the steps.
    pub(super) limits: Limits,
}

/// The time limits of the steps.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// For resolving a name.
    pub(super) name: Duration,
    /// For connecting.
    pub(super) connection: Duration,
    /// For the TLS handshake.
    pub(super) tls: Duration,
    /// For an answer, of a proxy and of the host each.
    pub(super) answer: Duration,
}

/// Why there is no next step; `None` if unknown, and the step's finding has the reason.
type Stop = Option<ReachabilityFault>;

impl HostProbe {
    fn with_system_settings(proxies: Proxies) -> Self {
        let verifier =
            Verifier::new(cryptography::provider()).map(|verifier| Arc::new(verifier) as _);
        let limits = Limits {
            name: Duration::from_secs(5),
            connection: Duration::from_secs(5),
            tls: Duration::from_secs(10),
            answer: Duration::from_secs(10),
        };
        Self { proxies, verifier, limits }
    }

    pub(super) async fn run(&self, url: &Url) -> Reachability {
        let mut result = Reachability {
            host: url.host_str().unwrap_or_default().into(),
            at: Timestamp::now(),
            ..Reachability::default()
        };
        result.stopped_by = self.steps(url, &mut result).await.err().flatten();
        result
    }

    async fn steps(&self, url: &Url, result: &mut Reachability) -> Result<(), Stop> {
        let stream = match self.proxy(url, result).await {
            Some(proxy) => self.through(&proxy, url, result).await?,
            None => self.connect(url, result).await?,
        };
        result.connection = Finding::Known(());
        if url.scheme() == "https" {
            let stream = self.secure(stream, url, result).await?;
            self.ask(stream, url, result).await
        } else {
            result.tls = Finding::Absent;
            self.ask(stream, url, result).await
        }
    }

    /// The proxy to use, chosen as the ordinary client's is. Where the system cannot tell, both connect
    /// without one.
    async fn proxy(&self, url: &Url, result: &mut Reachability) -> Option<Via> {
        if is_loopback(url) {
            result.through_proxy = Finding::Absent;
            return None;
        }
        match self.proxies.choose_anew(url).await.as_ref() {
            ProxyChoice::Direct => result.through_proxy = Finding::Absent,
            ProxyChoice::Unknown(why) => result.through_proxy = Finding::Unknown(why.clone()),
            ProxyChoice::Through(Proxy { address, sign_in }) => {
                let host = address.host_str().unwrap_or_default();
                result.through_proxy = Finding::Known(host.into());
                return Some(Via { address: address.clone(), has_password: sign_in.is_some() });
            }
        }
        None
    }

    async fn connect(&self, to: &Url, result: &mut Reachability) -> Result<TcpStream, Stop> {
        let addresses = self.addresses(to).await.map_err(|why| {
            result.name = Finding::Absent;
            tracing::info!(why = fault::words(&why), "a name cannot be resolved");
            Some(ReachabilityFault::NameNotResolved)
        })?;
        result.name = Finding::Known(addresses.len());
        let connecting = timeout(self.limits.connection, connect_to_any(&addresses));
        flat(connecting.await).map_err(|why| {
            result.connection = Finding::Absent;
            Some(logged_fault(&why, "no connection"))
        })
    }

    async fn addresses(&self, to: &Url) -> io::Result<Vec<SocketAddr>> {
        let to = to.clone();
        // The system's name resolution blocks and cannot be canceled, only abandoned.
        // docs/sources/platform.md#network
        let asked = spawn_blocking(move || to.socket_addrs(|| None));
        let addresses = timeout(self.limits.name, asked).await???;
        if addresses.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(addresses) }
    }

    /// Connects to the host through a proxy. A proxy password in the system's settings is not sent.
    async fn through(
        &self,
        proxy: &Via,
        to: &Url,
        result: &mut Reachability,
    ) -> Result<TcpStream, Stop> {
        let connected = self.connect(&proxy.address, result).await;
        let mut stream = connected.map_err(|_| Some(ReachabilityFault::ProxyUnreachable))?;
        result.connection = Finding::Absent;
        let host = to.host_str().unwrap_or_default();
        let host = format!("{host}:{}", to.port_or_known_default().unwrap_or(443));
        let answer = self.exchange(&mut stream, "CONNECT", &host, &host).await.map_err(|why| {
            logged_fault(&why, "the proxy does not answer");
            Some(ReachabilityFault::ProxyUnreachable)
        })?;
        match proxy_fault(answer.status) {
            None => Ok(stream),
            Some(ReachabilityFault::ProxyNeedsPassword) if proxy.has_password => {
                let why = "the proxy requires its password, which a probe does not send";
                result.connection = Finding::Unknown(why.into());
                Err(None)
            }
            Some(fault) => Err(Some(fault)),
        }
    }

    async fn secure(
        &self,
        stream: TcpStream,
        to: &Url,
        result: &mut Reachability,
    ) -> Result<TlsStream<TcpStream>, Stop> {
        let (recorder, config) = self.tls().map_err(|why| {
            result.tls = Finding::Unknown(why.to_string());
            None
        })?;
        // IPv6 addresses have brackets in a URL and nowhere else.
        let name = to.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let name = ServerName::try_from(name.to_owned()).map_err(|why| {
            result.tls = Finding::Unknown(why.to_string());
            None
        })?;
        let shaking_hands = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let shaken = flat(timeout(self.limits.tls, shaking_hands).await);
        result.tls = certificate(recorder.presented());
        shaken.map_err(|why| {
            let fault = logged_fault(&why, "no secure connection");
            let Finding::Known(tls) = std::mem::take(&mut result.tls) else {
                result.tls = Finding::Absent;
                return Some(fault);
            };
            let fault = fault::dated(fault, &tls, result.at);
            result.tls = Finding::Known(tls.unproven());
            Some(fault)
        })
    }

    fn tls(&self) -> Result<(Arc<Recorder>, ClientConfig), rustls::Error> {
        let recorder = Arc::new(Recorder::new(self.verifier.clone()?));
        let mut config = ClientConfig::builder_with_provider(cryptography::provider())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&recorder) as _)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok((recorder, config))
    }

    async fn ask<S>(&self, mut stream: S, to: &Url, result: &mut Reachability) -> Result<(), Stop>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let host = &to[Position::BeforeHost..Position::AfterPort];
        let (sent, started) = (Timestamp::now(), Instant::now());
        let head = self.exchange(&mut stream, "GET", "/", host).await.map_err(|why| {
            result.answer = Finding::Absent;
            Some(logged_fault(&why, "no answer"))
        })?;
        head.add_to(result, sent + started.elapsed() / 2);
        Ok(())
    }

    /// Sends a request and reads only the head of the answer.
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
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\n\r\n"
        );
        let answer = async {
            stream.write_all(request.as_bytes()).await?;
            stream.flush().await?;
            read_head(stream).await
        };
        flat(timeout(self.limits.answer, answer).await)
    }
}

/// A proxy on the route.
struct Via {
    address: Url,
    /// The system's settings contain a password for it.
    has_password: bool,
}

/// Connects to the address that answers first: of a host's IPv4 and IPv6 addresses, one is often
/// unreachable.
async fn connect_to_any(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let addresses = addresses.iter().take(MAX_ADDRESSES).copied();
    let mut tries: JoinSet<_> = addresses.map(TcpStream::connect).collect();
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    while let Some(tried) = tries.join_next().await {
        match tried? {
            Ok(stream) => return Ok(stream),
            // The attempt that took longest got furthest.
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

/// Logs the reason and classifies it. A name in it belongs to the host or its certificate.
fn logged_fault(why: &io::Error, what: &'static str) -> ReachabilityFault {
    let fault = fault::of(why);
    tracing::info!(why = fault::words(why), ?fault, "{what}");
    fault
}

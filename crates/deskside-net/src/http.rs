//! The HTTPS clients: the system's proxy and certificates, no redirects, no retries, bounded answers.
//! docs/sources/platform.md#network

mod headers;
mod image;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Certificate, Client, Method, Proxy, RequestBuilder, Response, redirect, retry};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

pub(super) use headers::http_date;
pub use image::{Download, PictureData, PictureKind, Validator};

use deskside_model::ProxyChoice;
use deskside_model::evidence::Fault;
use deskside_model::link::is_loopback;

use crate::cryptography;
use crate::proxies::Proxies;

/// An active check waits for QuickBooks: Conductor allows 60 seconds, and transmission takes more.
pub(super) const CHECK: Duration = Duration::from_secs(90);
/// A smaller difference between the clocks is ignored: the answer itself takes time.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(1);
/// The longest answer that is read, in bytes; every expected answer has a few kilobytes.
const MAX_BODY: usize = 1 << 20;

/// Time limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For establishing a connection.
    pub connect: Duration,
    /// For a whole answer.
    pub usual: Duration,
    /// For the whole answer to an active check.
    pub check: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), usual: Duration::from_secs(60), check: CHECK }
    }
}

/// Two clients: one for the network, one for loopback addresses, which no proxy can reach.
#[derive(Clone)]
pub struct Http {
    network: Client,
    loopback: Client,
    pub(super) proxies: Proxies,
    limits: Limits,
}

/// A complete answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<SignedDuration>,
    /// The time by the server's clock.
    pub(super) date: Option<Timestamp>,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Http {
    /// Creates the clients with the default limits and the system's certificates. `ask_for_proxy` asks
    /// the system for the proxy that leads to an address; it may block for seconds.
    ///
    /// # Errors
    /// When the system's certificates cannot be used.
    pub fn new(
        ask_for_proxy: impl Fn(&Url) -> ProxyChoice + Send + Sync + 'static,
    ) -> reqwest::Result<Self> {
        Self::trusting(Limits::default(), &[], ask_for_proxy)
    }

    /// Creates the clients with other limits, and with authorities trusted beside the system's.
    ///
    /// # Errors
    /// When the certificates cannot be used.
    pub fn trusting(
        limits: Limits,
        authorities: &[Certificate],
        ask_for_proxy: impl Fn(&Url) -> ProxyChoice + Send + Sync + 'static,
    ) -> reqwest::Result<Self> {
        cryptography::install();
        let proxies = Proxies::new(ask_for_proxy);
        let last = proxies.clone();
        let by_choice = Proxy::custom(move |url| last.last(url));
        let builder = || {
            Client::builder()
                .user_agent(concat!("Deskside/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(limits.connect)
                .timeout(limits.usual)
                .tls_certs_merge(authorities.iter().cloned())
                // A credential must not follow a redirect, and none of the endpoints redirects.
                .redirect(redirect::Policy::none())
                // Only the companion decides whether a request may be repeated.
                .retry(retry::never())
                .pool_idle_timeout(Duration::from_secs(20))
        };
        Ok(Self {
            network: builder().proxy(by_choice).build()?,
            loopback: builder().no_proxy().build()?,
            proxies,
            limits,
        })
    }

    /// The client for this address.
    pub(super) fn to(&self, url: &Url) -> &Client {
        if is_loopback(url) { &self.loopback } else { &self.network }
    }

    /// Starts a request that may carry a credential: over TLS, or within this computer.
    pub(super) fn call(&self, method: Method, url: Url) -> Result<RequestBuilder, Fault> {
        if !may_carry_a_key(&url) {
            tracing::warn!("a request that would not be encrypted was not sent");
            return Err(Fault::Unusable);
        }
        Ok(self.to(&url).request(method, url))
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// [`Fault::Unreachable`] when the answer is missing or incomplete, [`Fault::Unusable`] when it is
    /// too large.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Answer, Fault> {
        let mut response = self.start(request).await?;
        let body = read(&mut response, MAX_BODY).await?;
        Ok(Answer {
            status: response.status().as_u16(),
            retry_after: headers::retry_after(response.headers()),
            date: headers::date(response.headers()),
            headers: std::mem::take(response.headers_mut()),
            body,
        })
    }

    /// Sends a request by the way that the system chooses for its host; the body is still to be read.
    async fn start(&self, request: RequestBuilder) -> Result<Response, Fault> {
        let (client, request) = request.build_split();
        let request = request.map_err(unreachable)?;
        let url = request.url().clone();
        if !is_loopback(&url) {
            self.proxies.choose(&url).await;
        }
        client.execute(request).await.map_err(|why| {
            self.proxies.forget(&url);
            unreachable(why)
        })
    }

    /// The time limit for the whole answer to an active check.
    pub(super) const fn check_limit(&self) -> Duration {
        self.limits.check
    }
}

/// The address of one endpoint: `segments` are escaped and appended to the path of `base`.
pub(super) fn address(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// True for an address that is encrypted or loopback and contains no credential itself.
#[must_use]
pub fn may_carry_a_key(url: &Url) -> bool {
    let is_private = url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
    is_private && url.username().is_empty() && url.password().is_none()
}

/// Reads a body of at most `limit` bytes; a longer one is an error.
async fn read(response: &mut Response, limit: usize) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > limit {
            tracing::warn!("an answer was too large and was not read completely");
            return Err(Fault::Unusable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Logs the reason without the address, which may contain an identifier.
fn unreachable(error: reqwest::Error) -> Fault {
    let error = error.without_url();
    let mut why = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        why = format!("{why}: {cause}");
        source = cause.source();
    }
    tracing::info!(why, "no answer");
    Fault::Unreachable
}

impl Answer {
    /// The body parsed as JSON. A body with another content type is refused, whatever it contains.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        if self.header(CONTENT_TYPE.as_str()).is_some_and(|kind| !headers::is_json(kind)) {
            tracing::info!(status = self.status, "an answer is not JSON");
            return Err(Fault::Unusable);
        }
        serde_json::from_slice(&self.body).map_err(|why| {
            // Only the position and kind: the text itself may contain a secret.
            let (line, column) = (why.line(), why.column());
            tracing::info!(line, column, kind = ?why.classify(), "an answer could not be parsed");
            Fault::Unusable
        })
    }

    /// Converts a time by the server's clock to this computer's clock: one of the two may be wrong.
    pub(super) fn by_our_clock(&self, theirs: Timestamp) -> Timestamp {
        let ahead = self.date.map(|date| Timestamp::now().duration_since(date));
        let ahead = ahead.filter(|ahead| ahead.abs() > CLOCK_TOLERANCE);
        ahead.and_then(|ahead| theirs.checked_add(ahead).ok()).unwrap_or(theirs)
    }

    /// The body as any JSON; null if it is not JSON.
    pub(super) fn any_json(&self) -> Value {
        self.json().unwrap_or_default()
    }

    /// The first header of this name, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    pub(super) const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    pub(super) const fn is_redirect(&self) -> bool {
        matches!(self.status, 300..=399)
    }

    /// The fault that the status stands for; `None` for a success.
    pub(super) const fn fault(&self) -> Option<Fault> {
        match self.status {
            200..=299 => None,
            401 | 403 | 410 => Some(Fault::Rejected),
            _ => Some(Fault::Unusable),
        }
    }
}

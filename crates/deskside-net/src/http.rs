//! HTTPS as Deskside uses it: the system's proxy and certificates, no redirects, no repetitions,
//! bounded answers.

mod headers;
mod image;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, redirect, retry};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

pub(super) use headers::http_date;
pub use image::{Download, PictureData, PictureKind, Validator};

use deskside_model::evidence::Fault;
use deskside_model::link::is_loopback;

/// An active check waits for QuickBooks: Conductor allows 60 seconds, and the way there takes some.
pub(super) const CHECK: Duration = Duration::from_secs(90);
/// Clocks that are no further apart agree: an answer takes its time.
const AGREE: SignedDuration = SignedDuration::from_mins(1);
/// Every answer that Deskside reads is a few kilobytes.
const MAX_BODY: usize = 1 << 20;

/// How long to wait for answers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until somebody takes the call.
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

/// The clients: one for the world, one for this very computer, which no proxy can reach.
#[derive(Clone)]
pub struct Http {
    world: Client,
    home: Client,
    limits: Limits,
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<SignedDuration>,
    /// What the server's clock says.
    pub(super) date: Option<Timestamp>,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Http {
    /// Prepares the clients.
    ///
    /// # Errors
    /// When the system's certificates cannot be used.
    pub fn new() -> reqwest::Result<Self> {
        Self::trusting(Limits::default(), &[])
    }

    /// Prepares the clients with other limits, and with authorities that count beside the system's.
    ///
    /// # Errors
    /// When the certificates cannot be used.
    pub fn trusting(limits: Limits, authorities: &[Certificate]) -> reqwest::Result<Self> {
        let builder = || {
            Client::builder()
                .user_agent(concat!("Deskside/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(limits.connect)
                .timeout(limits.usual)
                .tls_certs_merge(authorities.iter().cloned())
                // A credential must not follow a redirect, and no endpoint of ours redirects.
                .redirect(redirect::Policy::none())
                // Only the companion knows whether a question may be asked again.
                .retry(retry::never())
                .pool_idle_timeout(Duration::from_secs(20))
        };
        Ok(Self { world: builder().build()?, home: builder().no_proxy().build()?, limits })
    }

    /// The client for this address.
    pub(super) fn to(&self, url: &Url) -> &Client {
        if is_loopback(url) { &self.home } else { &self.world }
    }

    /// Begins a call that may carry a credential: over TLS, or within this computer.
    pub(super) fn call(&self, method: Method, url: Url) -> Result<RequestBuilder, Fault> {
        if !may_carry_a_key(&url) {
            tracing::warn!("a call that would not be encrypted was not made");
            return Err(Fault::Unusable);
        }
        Ok(self.to(&url).request(method, url))
    }

    /// For the whole answer to an active check.
    pub(super) const fn check_limit(&self) -> Duration {
        self.limits.check
    }
}

/// The address of one call: `words` are appended to `base` as path segments, each escaped.
pub(super) fn address(base: &Url, words: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(words);
    }
    url
}

/// True for an address whose traffic nobody can read along, with no credential in itself.
#[must_use]
pub fn may_carry_a_key(url: &Url) -> bool {
    let is_private = url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
    is_private && url.username().is_empty() && url.password().is_none()
}

/// Sends a request and reads the answer.
///
/// # Errors
/// [`Fault::Unreachable`] when there is no whole answer, [`Fault::Unusable`] when it is too large.
pub(super) async fn send(request: RequestBuilder) -> Result<Answer, Fault> {
    let mut response = request.send().await.map_err(unreachable)?;
    let body = read(&mut response, MAX_BODY).await?;
    Ok(Answer {
        status: response.status().as_u16(),
        retry_after: headers::retry_after(response.headers()),
        date: headers::date(response.headers()),
        headers: std::mem::take(response.headers_mut()),
        body,
    })
}

/// Reads a body of at most `limit` bytes, and stops where it is longer.
async fn read(response: &mut Response, limit: usize) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > limit {
            tracing::warn!("an answer was too large and was not read to its end");
            return Err(Fault::Unusable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Keeps the reason for the log, without the address: it may hold an identifier.
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
    /// The body as JSON of this shape. A page for people is none, whatever it holds.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        if self.header(CONTENT_TYPE.as_str()).is_some_and(|kind| !headers::is_json(kind)) {
            tracing::info!(status = self.status, "an answer is not JSON");
            return Err(Fault::Unusable);
        }
        serde_json::from_slice(&self.body).map_err(|why| {
            // Only where and of what kind: the text itself may hold anything.
            let (line, column) = (why.line(), why.column());
            tracing::info!(line, column, kind = ?why.classify(), "an answer could not be read");
            Fault::Unusable
        })
    }

    /// A time by the server's clock, by this computer's: one of the two may be wrong.
    pub(super) fn by_our_clock(&self, theirs: Timestamp) -> Timestamp {
        let ahead = self.date.map(|date| Timestamp::now().duration_since(date));
        let ahead = ahead.filter(|ahead| ahead.abs() > AGREE);
        ahead.and_then(|ahead| theirs.checked_add(ahead).ok()).unwrap_or(theirs)
    }

    /// The body as any JSON; null when it is none.
    pub(super) fn any_json(&self) -> Value {
        self.json().unwrap_or_default()
    }

    /// A header, when it is plain text and said once or first.
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

    /// The fault that a status stands for, if it stands for one.
    pub(super) const fn fault(&self) -> Option<Fault> {
        match self.status {
            200..=299 => None,
            401 | 403 | 410 => Some(Fault::Rejected),
            _ => Some(Fault::Unusable),
        }
    }
}

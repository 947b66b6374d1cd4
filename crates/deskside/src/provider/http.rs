//! HTTPS as Deskside uses it: the system's proxy and certificates, no redirects, bounded answers.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde::de::DeserializeOwned;
use url::Url;

use crate::evidence::Fault;

const CONNECT: Duration = Duration::from_secs(10);
const TOTAL: Duration = Duration::from_secs(30);
/// An active check waits for QuickBooks: Conductor allows 60 seconds, and the way there takes some.
pub(super) const CHECK: Duration = Duration::from_secs(90);
/// Every answer that Deskside reads is a few kilobytes.
const MAX_BODY: usize = 1 << 20;

/// The clients: one for the world, one for this very computer, which no proxy can reach.
#[derive(Clone)]
pub struct Http {
    world: Client,
    home: Client,
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<SignedDuration>,
    /// What the server's clock says.
    pub(super) date: Option<Timestamp>,
    body: Vec<u8>,
}

impl Http {
    /// Prepares the clients.
    ///
    /// # Errors
    /// When the system's certificates cannot be used.
    pub fn new() -> reqwest::Result<Self> {
        let builder = || {
            Client::builder()
                .user_agent(concat!("Deskside/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(CONNECT)
                .timeout(TOTAL)
                // A credential must not follow a redirect, and no endpoint of ours redirects.
                .redirect(redirect::Policy::none())
                .pool_idle_timeout(Duration::from_secs(20))
        };
        Ok(Self { world: builder().build()?, home: builder().no_proxy().build()? })
    }

    /// The client for this address.
    pub(super) fn to(&self, url: &Url) -> &Client {
        let at_home = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if at_home { &self.home } else { &self.world }
    }
}

/// Sends a request and reads the answer.
///
/// # Errors
/// [`Fault::Unreachable`] when there is no whole answer, [`Fault::Unusable`] when it is too large.
pub(super) async fn send(request: RequestBuilder) -> Result<Answer, Fault> {
    let mut response = request.send().await.map_err(unreachable)?;
    let answer = Answer {
        status: response.status().as_u16(),
        retry_after: retry_after(response.headers()),
        date: date(response.headers()),
        body: Vec::new(),
    };
    let body = read(&mut response).await?;
    Ok(Answer { body, ..answer })
}

async fn read(response: &mut Response) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MAX_BODY {
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
    /// The body as JSON of this shape.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|why| {
            // Only where and of what kind: the text itself may hold anything.
            let (line, column) = (why.line(), why.column());
            tracing::info!(line, column, kind = ?why.classify(), "an answer could not be read");
            Fault::Unusable
        })
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

/// `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<SignedDuration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<i64>() {
        Ok(seconds) => Some(SignedDuration::from_secs(seconds.max(0))),
        Err(_) => Some(http_date(text)?.duration_since(date(headers)?)),
    }
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

/// The one date form that servers may send (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_in_seconds_and_as_a_date() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, "120".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(SignedDuration::from_secs(120)));
        headers.insert(RETRY_AFTER, "Fri, 20 Nov 2026 08:01:30 GMT".parse().unwrap());
        headers.insert(DATE, "Fri, 20 Nov 2026 08:00:00 GMT".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(SignedDuration::from_secs(90)));
        headers.insert(RETRY_AFTER, "soon".parse().unwrap());
        assert_eq!(retry_after(&headers), None);
    }
}

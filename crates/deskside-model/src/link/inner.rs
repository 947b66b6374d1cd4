//! The addresses inside a deep link: stricter than a browser, because a browser repairs them.
//!
//! The URL Standard's parser accepts backslashes, missing slashes, and percent-encoded, hexadecimal
//! and non-ASCII hosts. Each of them lets the text look like one host and mean another, so an
//! address is valid only if its host is written exactly as it is parsed.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::refusal::{LinkRefusal, Refused};

/// The address of a vendor's backend: the part before `/v1/…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BackendUrl(Url);

impl BackendUrl {
    /// Takes an address that passed [`web_address`].
    ///
    /// # Errors
    /// [`LinkRefusal::BadParameter`] when it has a query, which nothing could be appended to.
    pub(super) fn new(url: Url) -> Result<Self, LinkRefusal> {
        if url.query().is_some() || url.cannot_be_a_base() {
            return Err(LinkRefusal::BadParameter);
        }
        Ok(Self(url))
    }

    /// The host, for display and comparison.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The address of one call: `words` are appended as path segments, each escaped.
    #[must_use]
    pub fn call(&self, words: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(words);
        }
        url
    }
}

/// Parses an absolute `https` address in plain form; in the sandbox also a local one over `http`.
///
/// # Errors
/// The first refusal that applies, with the host as far as it was understood.
pub(super) fn web_address(text: &str, sandbox: bool) -> Result<Url, Refused> {
    if text.contains('\\') || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(LinkRefusal::BadParameter.into());
    }
    let url = Url::parse(text).map_err(|_| LinkRefusal::BadParameter)?;
    let authority = written_authority(text, url.scheme());
    // A lenient parser may take a part of the secret for a host: `https:/SECRET`.
    let host = authority.and(url.host_str()).map(str::to_owned);
    let refuse = |reason| Err(Refused { reason, word: None, host: host.clone() });

    let is_local = sandbox && is_loopback(&url);
    if url.scheme() != "https" && !(is_local && url.scheme() == "http") {
        return refuse(LinkRefusal::InsecureLink);
    }
    let Some(authority) = authority else {
        return refuse(LinkRefusal::BadParameter);
    };
    if authority.contains('@') {
        return refuse(LinkRefusal::CredentialsInLink);
    }
    if url.port().is_some() && !is_local {
        return refuse(LinkRefusal::UnexpectedPort);
    }
    if url.fragment().is_some() {
        return refuse(LinkRefusal::UnexpectedFragment);
    }
    let written_host = match authority.rsplit_once(':') {
        Some((before, port)) if port.bytes().all(|b| b.is_ascii_digit()) => before,
        Some(_) | None => authority,
    };
    let plain = host.as_deref() == Some(written_host.to_ascii_lowercase().as_str());
    if !plain || !is_plain(written_host) || written_host.ends_with('.') {
        return refuse(LinkRefusal::UntrustedHost);
    }
    Ok(url)
}

/// True for an address of this computer.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Letters, digits, dots and hyphens, or an address in brackets. The URL Standard accepts more,
/// such as `app.acme.example(verified),evil.example`, which is meant to mislead.
fn is_plain(host: &str) -> bool {
    let in_name = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    host.starts_with('[') || host.bytes().all(in_name)
}

/// The text between the scheme's own `://` and the next `/`, `?` or `#`, as written; `None` if
/// empty. A later `://` does not count: in `https:user@host/a://host` the host comes before it.
fn written_authority<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let rest = text.get(scheme.len()..)?.strip_prefix("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.get(..end).filter(|authority| !authority.is_empty())
}

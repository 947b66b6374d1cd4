//! The grammar of deep links. Total: any text results in a request or a refusal.
//!
//! The outer link is parsed by hand, because a general URL parser repairs what must be refused.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;

use super::attempt::hash;
use super::inner::{BackendUrl, is_loopback, web_address};
use super::outcome::Parameter;
use super::profile::PROFILES;
use super::refusal::{LinkRefusal, Refused};
use super::trust::{Trust, UnknownBackends};
use super::{EnrollRequest, LinkRequest, ProviderLink, SCHEME, Word};
use crate::{Page, Secret};

/// The longest deep link, in bytes: some providers' links carry a signed token of a few kilobytes.
/// See docs/sources/link-providers.md#hosts.
pub const MAX_BYTES: usize = 4096;

/// The longest `code` or `state`, in characters.
const MAX_TOKEN: usize = 512;

/// Parses a deep link.
///
/// # Errors
/// The first check that fails: scheme, length, form, authority, fragment, path, then parameters.
pub fn parse(text: &str, trust: &Trust) -> Result<LinkRequest, Refused> {
    let (scheme, rest) = text.split_once(':').ok_or(LinkRefusal::NotDeskside)?;
    // Schemes are case-insensitive: RFC 3986, section 3.1.
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return Err(LinkRefusal::NotDeskside.into());
    }
    if text.len() > MAX_BYTES {
        return Err(LinkRefusal::TooLong.into());
    }
    if rest.chars().any(|c| c.is_control() || c.is_whitespace()) || !escapes_are_complete(rest) {
        return Err(LinkRefusal::Malformed.into());
    }
    let rest = rest.strip_prefix("//").ok_or(LinkRefusal::Malformed)?;
    let (before_fragment, fragment) = split_at(rest, '#');
    let (hierarchy, query) = split_at(before_fragment, '?');
    let (authority, path) = match hierarchy.find('/') {
        Some(at) => hierarchy.split_at(at),
        None => (hierarchy, ""),
    };

    let word = word_of(authority)?;
    let read = || {
        if fragment.is_some() {
            return Err(LinkRefusal::UnexpectedFragment.into());
        }
        if word == Word::Open {
            return page_of(path).map(LinkRequest::Open).ok_or(LinkRefusal::UnknownPage.into());
        }
        if !matches!(path, "" | "/") {
            return Err(LinkRefusal::Malformed.into());
        }
        let query = query.unwrap_or_default();
        match word {
            Word::Connect => connect(query, trust),
            Word::Enroll => enroll(query, trust),
            Word::Return | Word::Open => {
                let [state] = parameters(query, ["state"], [])?.0;
                let mut said = parameters_in(query);
                said.retain(|(name, _)| name != "state");
                Ok(LinkRequest::Return { state: token(&state)?, said })
            }
        }
    };
    read().map_err(|refused: Refused| Refused { word: Some(word), ..refused })
}

fn word_of(authority: &str) -> Result<Word, LinkRefusal> {
    match authority {
        "connect" => Ok(Word::Connect),
        "enroll" => Ok(Word::Enroll),
        "return" => Ok(Word::Return),
        "open" => Ok(Word::Open),
        other if other.contains('@') => Err(LinkRefusal::CredentialsInLink),
        other if other.contains(':') => Err(LinkRefusal::UnexpectedPort),
        _ => Err(LinkRefusal::UnknownAction),
    }
}

fn page_of(path: &str) -> Option<Page> {
    match path {
        "/status" => Some(Page::Status),
        "/setup" => Some(Page::Setup),
        "/diagnostics" => Some(Page::Diagnostics),
        "/settings" => Some(Page::Settings),
        _ => None,
    }
}

fn connect(query: &str, trust: &Trust) -> Result<LinkRequest, Refused> {
    let [link] = parameters(query, ["link"], [])?.0;
    provider_link(&text(&link)?, trust).map(LinkRequest::Connect)
}

/// Parses a provider's link, from a deep link or from a backend's answer.
///
/// # Errors
/// The first check of an inner address that fails.
pub fn provider_link(link: &str, trust: &Trust) -> Result<ProviderLink, Refused> {
    let url = web_address(link, trust.sandbox)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let first_word = url.path_segments().and_then(|mut words| words.next());
    let refuse =
        |host| Err(Refused { reason: LinkRefusal::UntrustedHost, word: None, host: Some(host) });
    let sandboxed = || {
        let is_local = trust.sandbox && is_loopback(&url);
        PROFILES
            .iter()
            .find(|profile| is_local && first_word == Some(profile.first_path_word))
            .map(|profile| profile.provider)
    };
    let Some(provider) = trust.provider_of(&host).or_else(sandboxed) else { return refuse(host) };
    let profile = provider.profile();
    let is_own_host = profile.hosts.contains(&host.as_str());
    if is_own_host && profile.only_below.is_some_and(|below| first_word != Some(below)) {
        return refuse(host);
    }
    Ok(ProviderLink { provider, host, url: Secret::new(url.into()) })
}

/// A hash of the path words that identify what the link connects, if its provider's links have
/// them.
pub fn subject(link: &ProviderLink) -> Option<String> {
    let url = Url::parse(link.url.reveal()).ok()?;
    let before = link.provider.profile().before_subject;
    let words: Vec<&str> = url.path_segments()?.collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    let named = pairs.filter(|(word, name)| before.contains(word) && !name.is_empty());
    let names: Vec<&str> = named.map(|(_, name)| *name).collect();
    (!names.is_empty()).then(|| hash(&Secret::new(names.join("/"))))
}

fn enroll(query: &str, trust: &Trust) -> Result<LinkRequest, Refused> {
    let ([backend, code], [state]) = parameters(query, ["backend", "code"], ["state"])?;
    let url = web_address(&text(&backend)?, trust.sandbox)?;
    let host = url.host_str().map(str::to_owned);
    let in_context = |reason| Refused { reason, word: None, host: host.clone() };
    let is_local = is_loopback(&url);
    let backend = BackendUrl::new(url).map_err(in_context)?;
    let code = token(&code).map_err(in_context)?;
    if let Some(state) = state {
        token(&state).map_err(in_context)?;
    }
    let vendor = trust.vendor_of(backend.host()).map(str::to_owned);
    let forbidden = trust.unknown_backends == UnknownBackends::Forbid;
    if forbidden && vendor.is_none() && !(trust.sandbox && is_local) {
        return Err(in_context(LinkRefusal::UntrustedHost));
    }
    Ok(LinkRequest::Enroll(EnrollRequest { backend, vendor, code }))
}

/// A decoded parameter value: bytes, because a percent-encoding may hide anything.
type Value<'a> = Cow<'a, [u8]>;

/// Takes each required parameter exactly once and each optional one at most once.
fn parameters<'a, const R: usize, const O: usize>(
    query: &'a str,
    required: [&str; R],
    optional: [&str; O],
) -> Result<([Value<'a>; R], [Option<Value<'a>>; O]), LinkRefusal> {
    let values = |wanted: &str| {
        query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .filter(|(name, _)| Cow::from(percent_decode_str(name)) == wanted.as_bytes())
            .map(|(_, value)| Cow::from(percent_decode_str(value)))
            .collect::<Vec<_>>()
    };
    let mut found_required = required.map(values);
    let mut found_optional = optional.map(values);
    if found_required.iter().any(Vec::is_empty) {
        return Err(LinkRefusal::MissingParameter);
    }
    if found_required.iter().chain(&found_optional).any(|found| found.len() > 1) {
        return Err(LinkRefusal::DuplicateParameter);
    }
    let required = found_required.each_mut().map(|found| found.pop().unwrap_or_default());
    let optional = found_optional.each_mut().map(Vec::pop);
    Ok((required, optional))
}

/// The parameters of a query that are valid text.
pub fn parameters_in(query: &str) -> Vec<Parameter> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter_map(|(name, value)| Some((decoded(name)?, Secret::new(decoded(value)?))))
        .collect()
}

/// A word of a query, where `+` stands for a space as in forms.
fn decoded(word: &str) -> Option<String> {
    let spaced = word.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(Cow::into_owned)
}

fn text(value: &[u8]) -> Result<String, LinkRefusal> {
    String::from_utf8(value.to_vec()).map_err(|_| LinkRefusal::BadParameter)
}

/// A `code` or `state`: 1 to 512 unreserved characters (RFC 3986, section 2.3).
fn token(value: &[u8]) -> Result<Secret, LinkRefusal> {
    let unreserved = |b: &u8| b.is_ascii_alphanumeric() || b"-._~".contains(b);
    if value.is_empty() || value.len() > MAX_TOKEN || !value.iter().all(unreserved) {
        return Err(LinkRefusal::BadParameter);
    }
    text(value).map(Secret::new)
}

/// True if every `%` is followed by two hexadecimal digits.
fn escapes_are_complete(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let mut digits = after.bytes().take(2);
        digits.len() == 2 && digits.all(|b| b.is_ascii_hexdigit())
    })
}

fn split_at(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

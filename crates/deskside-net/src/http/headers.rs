//! The headers that are evaluated: pauses, clocks, caching and content types.

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{CACHE_CONTROL, DATE, HeaderMap, RETRY_AFTER};

/// `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap) -> Option<SignedDuration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<i64>() {
        Ok(seconds) => Some(SignedDuration::from_secs(seconds.max(0))),
        Err(_) => Some(http_date(text)?.duration_since(date(headers)?)),
    }
}

/// The time by the server's clock.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

/// Parses the one date format that servers may send (RFC 9110, section 5.6.7).
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp())
}

/// How long an answer may be cached (RFC 9111, section 5.2.2); `None` if the server does not say.
pub(super) fn max_age(headers: &HeaderMap) -> Option<SignedDuration> {
    let text = headers.get(CACHE_CONTROL)?.to_str().ok()?.to_ascii_lowercase();
    let mut words = text.split(',').map(str::trim);
    if words.clone().any(|word| word == "no-store" || word == "no-cache") {
        return Some(SignedDuration::ZERO);
    }
    let seconds: i64 = words.find_map(|word| word.strip_prefix("max-age="))?.parse().ok()?;
    Some(SignedDuration::from_secs(seconds.max(0)))
}

/// The type and subtype of a content type, without its parameters.
pub(super) fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// True for JSON and for types based on it (RFC 6838, section 4.2.8).
pub(super) fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_parsed_as_seconds_and_as_a_date() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, "120".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(SignedDuration::from_secs(120)));
        headers.insert(RETRY_AFTER, "Fri, 20 Nov 2026 08:01:30 GMT".parse().unwrap());
        headers.insert(DATE, "Fri, 20 Nov 2026 08:00:00 GMT".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(SignedDuration::from_secs(90)));
        headers.insert(RETRY_AFTER, "soon".parse().unwrap());
        assert_eq!(retry_after(&headers), None);
    }

    #[test]
    fn uncacheable_answers_expire_immediately() {
        let age =
            |text: &str| max_age(&HeaderMap::from_iter([(CACHE_CONTROL, text.parse().unwrap())]));
        assert_eq!(age("public, Max-Age=3600"), Some(SignedDuration::from_hours(1)));
        assert_eq!(age("max-age=3600, no-store"), Some(SignedDuration::ZERO));
        assert_eq!(age("max-age=-1"), Some(SignedDuration::ZERO));
        assert_eq!((age("max-age=long"), age("public")), (None, None));
    }

    #[test]
    fn json_content_types_are_distinguished_from_pages() {
        for json in
            ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"]
        {
            assert!(is_json(json), "{json}");
        }
        for other in ["text/html", "text/plain; charset=utf-8", "application/xhtml+xml", ""] {
            assert!(!is_json(other), "{other}");
        }
    }
}

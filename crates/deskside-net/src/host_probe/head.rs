//! The head of an HTTP/1.1 answer: the status and the server's clock. Bodies are never read.

use deskside_model::evidence::{Finding, Reachability, ReachabilityFault};
use jiff::{SignedDuration, Timestamp};

/// The most headers that are parsed, more than servers send.
const MAX_HEADERS: usize = 128;

/// The head of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The status code.
    pub(super) status: u16,
    /// The time by the server's clock, corrected for a cache.
    pub(super) clock: Finding<Timestamp>,
}

/// The bytes received are not the beginning of an HTTP answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoAnswer;

impl Head {
    /// Parses the bytes received so far; `None` until the head is complete.
    pub(super) fn read(so_far: &[u8]) -> Result<Option<Self>, NoAnswer> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut answer = httparse::Response::new(&mut headers);
        let is_complete = answer.parse(so_far).map_err(|_| NoAnswer)?.is_complete();
        let Some(status) = answer.code.filter(|_| is_complete) else { return Ok(None) };
        Ok(Some(Self { status, clock: clock(answer.headers) }))
    }
}

/// `Date` is when the answer was created; `Age` is for how many seconds a cache has kept it since
/// (RFC 9110, section 6.6.1; RFC 9111, section 5.1).
fn clock(headers: &[httparse::Header<'_>]) -> Finding<Timestamp> {
    let value = |name: &str| {
        let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        str::from_utf8(header.value).ok().map(str::trim)
    };
    let Some(date) = value("date") else { return Finding::Absent };
    let age = value("age").and_then(|age| age.parse::<u32>().ok()).unwrap_or_default();
    let made = jiff::fmt::rfc2822::parse(date).ok().map(|date| date.timestamp());
    let clock = made.and_then(|made| made.checked_add(SignedDuration::from_secs(age.into())).ok());
    clock.map_or_else(|| Finding::Unknown("the date cannot be parsed".into()), Finding::Known)
}

impl Head {
    /// Adds this answer to the result. `now` is the local time halfway between request and answer.
    pub(super) fn add_to(self, reach: &mut Reachability, now: Timestamp) {
        reach.answer = Finding::Known(self.status);
        reach.clock_ahead_seconds = self.clock.map(|there| now.duration_since(there).as_secs());
    }
}

/// Why a proxy does not connect; `None` if it does.
pub(super) const fn proxy_fault(status: u16) -> Option<ReachabilityFault> {
    match status {
        200..=299 => None,
        407 => Some(ReachabilityFault::ProxyNeedsPassword),
        _ => Some(ReachabilityFault::ProxyRefused),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: &str = "2026-11-20T08:00:00Z";

    /// The result of a complete head.
    fn result(head: &str) -> Reachability {
        let mut reach = Reachability::default();
        Head::read(head.as_bytes()).unwrap().unwrap().add_to(&mut reach, NOW.parse().unwrap());
        reach
    }

    #[test]
    fn clock_offset_is_measured_against_the_host() {
        let reach = result("HTTP/1.1 200 OK\r\nDate: Fri, 20 Nov 2026 07:00:00 GMT\r\n\r\n");
        assert_eq!(reach.answer, Finding::Known(200));
        assert_eq!(reach.clock_ahead_seconds, Finding::Known(3600));
        assert!(reach.clock_is_wrong());
    }

    #[test]
    fn cached_answers_do_not_distort_the_clock_offset() {
        let kept = "HTTP/1.1 200 OK\r\nDate: Fri, 20 Nov 2026 07:00:00 GMT\r\nAge: 3599\r\n\r\n";
        let reach = result(kept);
        assert_eq!(reach.clock_ahead_seconds, Finding::Known(1));
        assert!(!reach.clock_is_wrong());
    }

    #[test]
    fn clock_is_wrong_beyond_five_minutes_in_either_direction() {
        for (ahead, wrong) in [(300, false), (-300, false), (301, true), (-301, true)] {
            let reach = Reachability {
                clock_ahead_seconds: Finding::Known(ahead),
                ..Reachability::default()
            };
            assert_eq!(reach.clock_is_wrong(), wrong, "{ahead}");
        }
        assert!(!Reachability::default().clock_is_wrong(), "an unknown offset counted as wrong");
    }

    #[test]
    fn clock_offset_is_unknown_without_a_valid_date() {
        assert_eq!(result("HTTP/1.0 503 Later\r\n\r\n").clock_ahead_seconds, Finding::Absent);
        let odd = result("HTTP/1.1 200 OK\r\nDate: today\r\n\r\n").clock_ahead_seconds;
        assert!(matches!(odd, Finding::Unknown(_)), "{odd:?}");
    }

    #[test]
    fn only_complete_http_heads_are_parsed() {
        assert_eq!(Head::read(b"HTTP/1.1 200 OK\r\nDate: Fri"), Ok(None));
        assert_eq!(Head::read(b"SSH-2.0-OpenSSH_9.2\r\n"), Err(NoAnswer));
    }

    #[test]
    fn proxy_authentication_is_distinguished_from_refusal() {
        assert_eq!(proxy_fault(200), None);
        assert_eq!(proxy_fault(407), Some(ReachabilityFault::ProxyNeedsPassword));
        for no in [302, 403, 502, 504] {
            assert_eq!(proxy_fault(no), Some(ReachabilityFault::ProxyRefused), "{no}");
        }
    }

    /// Headers similar to those that are evaluated, with nearly valid values.
    fn header() -> impl Strategy<Value = String> {
        let date = "[A-Z][a-z]{2}, [0-9]{1,2} Nov -?[0-9]{1,5} [0-9]{2}:[0-9]{2}:[0-9]{2} (GMT|[+-][0-9]{4})";
        prop_oneof![
            date.prop_map(|date| format!("Date: {date}\r\n")),
            "-?[0-9]{0,25}".prop_map(|age| format!("Age: {age}\r\n")),
            "[A-Za-z-]{1,12}: [ -~]{0,40}\r\n",
        ]
    }

    proptest! {
        #[test]
        fn any_head_parses_or_fails_without_panic(
            status in "[0-9]{1,5}",
            headers in proptest::collection::vec(header(), 0..160),
        ) {
            let head = format!("HTTP/1.1 {status} Said\r\n{}\r\n", headers.concat());
            if let Ok(Some(head)) = Head::read(head.as_bytes()) {
                let mut reach = Reachability::default();
                head.add_to(&mut reach, NOW.parse().unwrap());
                let text = serde_json::to_string(&reach).unwrap();
                prop_assert_eq!(serde_json::from_str::<Reachability>(&text).unwrap(), reach);
            }
        }

        #[test]
        fn random_bytes_never_parse_as_an_answer(bytes: Vec<u8>) {
            prop_assert!(!matches!(Head::read(&bytes), Ok(Some(_))), "random bytes parsed as an answer");
        }
    }
}

//! How often Codat may be queried.
//!
//! All companies of a client share one daily request limit, most of which the client's own server needs.
//! The format of the reset header is not documented. docs/sources/codat.md#limits

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fields::moment;
use crate::http::{Answer, http_date};

/// Two requests every 15 minutes are a fifth of what one company adds to the limit.
const USUAL_INTERVAL: SignedDuration = SignedDuration::from_mins(15);
/// While the user is in the browser and waits for Deskside to notice.
const LINKING_INTERVAL: SignedDuration = SignedDuration::from_secs(10);
/// The last fifth of the limit is reserved for the client's own server.
const RESERVED_PERCENT: u128 = 20;
/// The limit is reset every midnight, so no pause needs to be longer.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24);
/// From this value on, a number is a Unix time and not a count of seconds.
const UNIX_SECONDS_FROM: i64 = 1_000_000_000;
/// From this value on, a number is a Unix time in milliseconds.
const UNIX_MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The rate limit as Codat's answers report it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Budget {
    /// Requests allowed per day.
    pub limit: Option<u64>,
    /// Requests left today.
    pub remaining: Option<u64>,
    /// When the limit is reset.
    pub reset: Option<Timestamp>,
    /// The end of the pause that Codat has asked for.
    pub not_before: Option<Timestamp>,
}

/// How soon a change is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// No change is expected.
    Usual,
    /// A link has been opened, and its user waits.
    LinkPending,
}

impl Budget {
    /// Updates the budget from the headers of an answer; values that it does not report stay.
    pub(super) fn update(&mut self, answer: &Answer, now: Timestamp) {
        let count = |name| answer.header(name).and_then(count);
        self.limit = count("x-rate-limit-limit").or(self.limit);
        if let Some(remaining) = count("x-rate-limit-remaining") {
            let reset = answer.header("x-rate-limit-reset").and_then(|text| reset(text, now));
            self.remaining = Some(remaining);
            self.reset = Some(reset.unwrap_or_else(|| midnight_after(now)));
        }
        if let Some(pause) = answer.retry_after {
            let pause = pause.clamp(SignedDuration::ZERO, LONGEST_PAUSE);
            self.not_before = now.checked_add(pause).ok();
        }
    }

    /// How long to wait before the next passive request, counted from the last one.
    #[must_use]
    pub fn wait(&self, now: Timestamp, pace: Pace) -> SignedDuration {
        let usual = match pace {
            Pace::Usual => USUAL_INTERVAL,
            Pace::LinkPending => LINKING_INTERVAL,
        };
        let until = |moment: Timestamp| moment.duration_since(now).min(LONGEST_PAUSE);
        let pause = self.not_before.map_or(SignedDuration::ZERO, until);
        let reset = self.reset.filter(|_| self.is_nearly_used_up());
        usual.max(pause).max(reset.map_or(SignedDuration::ZERO, until))
    }

    fn is_nearly_used_up(&self) -> bool {
        let Some(remaining) = self.remaining else { return false };
        let reserved = u128::from(self.limit.unwrap_or(0)) * RESERVED_PERCENT;
        remaining == 0 || u128::from(remaining) * 100 < reserved
    }
}

/// Parses a number, also with a fraction or with separators.
fn count(text: &str) -> Option<u64> {
    let whole = text.split('.').next().unwrap_or_default();
    let digits: String = whole.chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
    digits.parse().ok()
}

/// Parses the time of the reset: a date of any format, Unix time, or seconds from now.
fn reset(text: &str, now: Timestamp) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(number) if number >= UNIX_MILLISECONDS_FROM => Timestamp::from_millisecond(number).ok(),
        Ok(number) if number >= UNIX_SECONDS_FROM => Timestamp::from_second(number).ok(),
        Ok(number) if number >= 0 => now.checked_add(SignedDuration::from_secs(number)).ok(),
        Ok(_) => None,
        Err(_) => moment(text).or_else(|| http_date(text)),
    }
}

/// The next midnight UTC, when Codat's days begin. docs/sources/codat.md#limits
fn midnight_after(now: Timestamp) -> Timestamp {
    let day = now.to_zoned(TimeZone::UTC);
    let next = day.tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
    next.map_or(now, |start| start.timestamp())
}

//! How often Codat may be asked.
//!
//! All companies of a client share one daily number of questions, most of which its own server
//! needs. Source: Codat's page on rate limits; the form of the reset is not documented.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fields::moment;
use crate::http::{Answer, http_date};

/// Two questions every quarter of an hour are a fifth of what one company adds to the number.
const USUALLY: SignedDuration = SignedDuration::from_mins(15);
/// While the user is in the browser and waits for us to notice.
const WHILE_A_LINK_IS_PENDING: SignedDuration = SignedDuration::from_secs(10);
/// The last fifth is left to the client's own server.
const KEPT_PERCENT: u128 = 20;
/// The number starts anew every midnight, so no pause is longer.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// From here on, a number is a moment in Unix time and not a count of seconds.
const EPOCH_FROM: i64 = 1_000_000_000;
/// From here on, it counts milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// What Codat's answers say of further questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Budget {
    /// Questions in a day.
    pub limit: Option<u64>,
    /// What is left of them.
    pub remaining: Option<u64>,
    /// When all are there again.
    pub reset: Option<Timestamp>,
    /// Codat wants to be left alone until then.
    pub not_before: Option<Timestamp>,
}

/// How eagerly something is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Nothing in particular.
    Usual,
    /// A link is out, and its user waits.
    LinkPending,
}

impl Budget {
    /// Takes in what an answer says; what it does not say stays as it was.
    pub(super) fn heard(&mut self, answer: &Answer, now: Timestamp) {
        let count = |name| answer.header(name).and_then(count);
        self.limit = count("x-rate-limit-limit").or(self.limit);
        if let Some(remaining) = count("x-rate-limit-remaining") {
            let reset = answer.header("x-rate-limit-reset").and_then(|text| reset(text, now));
            self.remaining = Some(remaining);
            self.reset = Some(reset.unwrap_or_else(|| midnight_after(now)));
        }
        if let Some(pause) = answer.retry_after {
            self.not_before = now.checked_add(pause.clamp(SignedDuration::ZERO, LONGEST)).ok();
        }
    }

    /// How long to wait before the next passive question, counted from the last one.
    #[must_use]
    pub fn wait(&self, now: Timestamp, pace: Pace) -> SignedDuration {
        let usual = match pace {
            Pace::Usual => USUALLY,
            Pace::LinkPending => WHILE_A_LINK_IS_PENDING,
        };
        let until = |moment: Timestamp| moment.duration_since(now).min(LONGEST);
        let silence = self.not_before.map_or(SignedDuration::ZERO, until);
        let reset = self.reset.filter(|_| self.is_nearly_used_up());
        usual.max(silence).max(reset.map_or(SignedDuration::ZERO, until))
    }

    fn is_nearly_used_up(&self) -> bool {
        let Some(remaining) = self.remaining else { return false };
        let kept = u128::from(self.limit.unwrap_or(0)) * KEPT_PERCENT;
        remaining == 0 || u128::from(remaining) * 100 < kept
    }
}

/// A number, also with a fraction or with separators.
fn count(text: &str) -> Option<u64> {
    let whole = text.split('.').next().unwrap_or_default();
    let digits: String = whole.chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
    digits.parse().ok()
}

/// The moment of the reset: a date of any form, Unix time, or seconds from now.
fn reset(text: &str, now: Timestamp) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(number) if number >= MILLISECONDS_FROM => Timestamp::from_millisecond(number).ok(),
        Ok(number) if number >= EPOCH_FROM => Timestamp::from_second(number).ok(),
        Ok(number) if number >= 0 => now.checked_add(SignedDuration::from_secs(number)).ok(),
        Ok(_) => None,
        Err(_) => moment(text).or_else(|| http_date(text)),
    }
}

/// Codat's days begin at midnight UTC.
fn midnight_after(now: Timestamp) -> Timestamp {
    let day = now.to_zoned(TimeZone::UTC);
    let next = day.tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
    next.map_or(now, |start| start.timestamp())
}

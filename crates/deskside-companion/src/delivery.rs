//! When to send the next report. A schedule neither waits nor sends: it returns what to do.

use jiff::{SignedDuration, Timestamp};

use crate::backoff::{Backoff, Jitter};

/// The pauses after failures of one device.
const BACKOFF: Backoff = Backoff {
    first: SHORTEST,
    factor: 2,
    longest: SignedDuration::from_mins(5),
    jitter: Jitter::Full,
};
/// The shortest pause that a backend may ask for.
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);
/// A rejected credential is rarely accepted again soon.
const AFTER_A_REFUSAL: SignedDuration = SignedDuration::from_mins(15);
/// A backend may ask for a longer pause than ours, but not for silence.
const LONGEST_ASKED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How many reports are kept for one device. The oldest go first, because every report is a full
/// snapshot.
pub const MOST_PENDING: u32 = 5_000;

/// How long a program or a computer that is about to end is held up by its reports: Windows puts up
/// with less than five seconds, and with about two before it sleeps, in which the rest must fit as
/// well. What is left is sent next time.
pub const FLUSH_TIME: SignedDuration = SignedDuration::from_millis(1_500);

/// A report that waits in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingReport {
    /// The event's identifier.
    pub id: String,
    /// The envelope, byte for byte.
    pub body: String,
}

/// The result of sending one report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// It arrived.
    Arrived,
    /// Retry later; the backend may have said how long to wait.
    Later(Option<SignedDuration>),
    /// This report will never be accepted; the next one may be.
    Never,
    /// The backend no longer accepts this device.
    Refused,
}

/// What an HTTP status means for a report; `None` is no answer at all.
#[must_use]
pub fn outcome(status: Option<u16>, retry_after: Option<SignedDuration>) -> DeliveryOutcome {
    match status {
        Some(200..=299) => DeliveryOutcome::Arrived,
        None | Some(408 | 429 | 500 | 502..=504) => DeliveryOutcome::Later(retry_after),
        Some(401 | 410) => DeliveryOutcome::Refused,
        // Other server errors deserve another try too.
        Some(501 | 505..=599) => DeliveryOutcome::Later(retry_after),
        Some(_) => DeliveryOutcome::Never,
    }
}

/// What a backend answered to one report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryAnswer {
    /// Whether the report was accepted.
    pub outcome: DeliveryOutcome,
    /// After how many seconds the backend wants the next report.
    pub next_report_after: Option<u32>,
    /// The time by the backend's clock.
    pub date: Option<Timestamp>,
}

impl DeliveryAnswer {
    /// An answer that says nothing but this.
    #[must_use]
    pub const fn only(outcome: DeliveryOutcome) -> Self {
        Self { outcome, next_report_after: None, date: None }
    }
}

/// What the outbox did for one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxResult {
    /// It took a report out.
    Removed,
    /// No report waits in it.
    Empty,
    /// It does not work at the moment.
    Failed,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendDecision {
    /// Send the next report.
    Send,
    /// Nothing before this moment.
    WaitUntil(Timestamp),
}

/// The pause between failures of one device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    failures: u32,
    not_before: Option<Timestamp>,
}

impl Schedule {
    /// What to do now.
    #[must_use]
    pub fn step(&self, now: Timestamp) -> SendDecision {
        match self.not_before {
            Some(then) if then > now => SendDecision::WaitUntil(then),
            Some(_) | None => SendDecision::Send,
        }
    }

    /// Takes in the result of sending. `chance` is from 0 to 1.
    pub fn note(&mut self, now: Timestamp, outcome: DeliveryOutcome, chance: f64) {
        let asked = match outcome {
            DeliveryOutcome::Later(asked) => asked,
            DeliveryOutcome::Refused => Some(AFTER_A_REFUSAL),
            DeliveryOutcome::Arrived | DeliveryOutcome::Never => {
                *self = Self::default();
                return;
            }
        };
        let pause = match asked {
            Some(asked) => asked.clamp(SHORTEST, LONGEST_ASKED_FOR),
            None => BACKOFF.pause(self.failures, chance),
        };
        self.failures = self.failures.saturating_add(1);
        self.not_before = now.checked_add(pause).ok();
    }

    /// Drops the pause: the network is back, or the user asked.
    pub fn hurry(&mut self) {
        self.not_before = None;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pause_stays_within_five_minutes_and_its_backoff_limit(
            failures in 0_u32..64,
            chance in 0.0..1.0_f64,
        ) {
            let now = Timestamp::UNIX_EPOCH;
            let mut schedule = Schedule { failures, not_before: None };
            schedule.note(now, DeliveryOutcome::Later(None), chance);
            let turn = 1_i64.checked_shl(failures.min(20)).unwrap_or(i64::MAX);
            match schedule.step(now) {
                SendDecision::Send => {}
                SendDecision::WaitUntil(then) => {
                    let pause = then.duration_since(now);
                    prop_assert!(pause <= BACKOFF.longest);
                    prop_assert!(pause <= SignedDuration::from_secs(turn));
                }
            }
        }
    }

    #[test]
    fn pause_requested_by_the_backend_is_bounded() {
        let now = Timestamp::UNIX_EPOCH;
        for (asked, expected) in [(7, 7), (0, 1), (86_400, 3_600)] {
            let mut schedule = Schedule::default();
            let asked = SignedDuration::from_secs(asked);
            schedule.note(now, DeliveryOutcome::Later(Some(asked)), 0.5);
            let then = now + SignedDuration::from_secs(expected);
            assert_eq!(schedule.step(now), SendDecision::WaitUntil(then));
        }
    }

    #[test]
    fn success_ends_the_pause() {
        let now = Timestamp::UNIX_EPOCH;
        let mut schedule = Schedule::default();
        schedule.note(now, DeliveryOutcome::Later(None), 1.0);
        assert_ne!(schedule.step(now), SendDecision::Send);
        schedule.note(now, DeliveryOutcome::Arrived, 1.0);
        assert_eq!(schedule.step(now), SendDecision::Send);
    }

    #[test]
    fn each_status_means_what_the_protocol_says() {
        assert_eq!(outcome(Some(202), None), DeliveryOutcome::Arrived);
        assert_eq!(outcome(None, None), DeliveryOutcome::Later(None));
        for status in [408, 429, 500, 502, 503, 504] {
            assert_eq!(outcome(Some(status), None), DeliveryOutcome::Later(None), "{status}");
        }
        for status in [401, 410] {
            assert_eq!(outcome(Some(status), None), DeliveryOutcome::Refused, "{status}");
        }
        for status in [301, 400, 403, 404, 413, 422] {
            assert_eq!(outcome(Some(status), None), DeliveryOutcome::Never, "{status}");
        }
    }
}

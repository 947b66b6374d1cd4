//! One attempt to use a link, from the user's consent to its end, as data that survives a restart.
//! The link itself is never here: it is in the vault or has not been fetched yet.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::outcome::ReturnOutcome;
use super::profile::Provider;
use crate::Secret;

/// How long fetching a link may take.
const FETCH_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// How long to wait for a link that does not expire or has no known expiry.
const WAIT_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long to query the state after the browser returned.
const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// How long a success stays on screen.
const SHOWN_FOR: SignedDuration = SignedDuration::from_mins(10);

/// One link of one connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkAttempt {
    /// Identifies this attempt, so that answers to an earlier one are recognized.
    pub id: String,
    /// The current stage.
    pub stage: AttemptStage,
    /// A hash of the link, to recognize it again.
    #[serde(default)]
    pub print: Option<String>,
    /// The link's host, once known.
    #[serde(default)]
    pub host: Option<String>,
    /// The link's provider, once known.
    #[serde(default)]
    pub provider: Option<Provider>,
    /// The link is in the vault under [`LinkAttempt::vault_name`].
    #[serde(default)]
    pub in_vault: bool,
    /// The connection was created for this link and is removed with it if the link is never opened.
    #[serde(default)]
    pub brought_connection: bool,
    /// The applications that cannot be the new one, because the Web Connector's log already named
    /// them when the link was opened; `None` if the log could not be read then.
    #[serde(default)]
    pub applications_before: Option<Vec<String>>,
    /// The connection worked before, so that it works proves nothing about this link.
    #[serde(default)]
    pub worked_before: bool,
    /// A hash of the one-use value that the browser returns with.
    #[serde(default)]
    pub returns_with: Option<String>,
}

/// The stage of a link attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AttemptStage {
    /// The user has agreed; this computer is checked before the link is opened.
    Agreed {
        /// When.
        at: Timestamp,
        /// When the link expires, if known.
        until: Option<Timestamp>,
    },
    /// The link is being fetched, or read from the vault, to be opened immediately.
    Fetching {
        /// Since when.
        at: Timestamp,
        /// When it expires, if it is in the vault and that is known.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// The browser has the link.
    Opened {
        /// When.
        at: Timestamp,
        /// When it expires, if it does.
        until: Option<Timestamp>,
    },
    /// The browser returned.
    Returned {
        /// When.
        at: Timestamp,
        /// The outcome it reported.
        outcome: ReturnOutcome,
    },
    /// The attempt has ended.
    Over {
        /// When it ended.
        at: Timestamp,
        /// How it ended.
        ending: AttemptOutcome,
    },
}

/// How a link attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The backend or provider reports that the connection works or is set up.
    Confirmed,
    /// The user canceled, in the browser or here.
    Cancelled,
    /// The provider reports a failure.
    Failed,
    /// The provider does not support this.
    Unsupported,
    /// The link expired.
    Expired,
    /// The steps may be complete, but no one could confirm that the connection works.
    Unconfirmed,
    /// The link could not be fetched.
    NotFetched,
}

impl LinkAttempt {
    /// A link that the user has just agreed to.
    #[must_use]
    pub const fn agreed(
        id: String,
        host: Option<String>,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Self {
        let stage = AttemptStage::Agreed { at: now, until };
        Self {
            id,
            stage,
            print: None,
            host,
            provider: None,
            in_vault: false,
            brought_connection: false,
            applications_before: None,
            worked_before: false,
            returns_with: None,
        }
    }

    /// The vault's name for a link that has not been opened yet.
    #[must_use]
    pub fn vault_name(&self) -> String {
        format!("link/{}", self.id)
    }

    /// Until when the user can complete it; `None` if there is no link yet, it never expires, or
    /// the browser has returned.
    #[must_use]
    pub const fn runs_out(&self) -> Option<Timestamp> {
        match self.stage {
            AttemptStage::Agreed { until, .. }
            | AttemptStage::Fetching { until, .. }
            | AttemptStage::Opened { until, .. } => until,
            AttemptStage::Returned { .. } | AttemptStage::Over { .. } => None,
        }
    }

    /// Until when to wait for a link that is in the browser or has just returned from there.
    #[must_use]
    pub fn out_until(&self) -> Option<Timestamp> {
        match self.stage {
            AttemptStage::Opened { .. } | AttemptStage::Returned { .. } => self.next_change(),
            AttemptStage::Agreed { .. }
            | AttemptStage::Fetching { .. }
            | AttemptStage::Over { .. } => None,
        }
    }

    /// True if this attempt is waiting for its link.
    #[must_use]
    pub fn awaits(&self, attempt: &str) -> bool {
        self.id == attempt && matches!(self.stage, AttemptStage::Fetching { .. })
    }

    /// How it ended, if it did.
    #[must_use]
    pub const fn ending(&self) -> Option<AttemptOutcome> {
        match self.stage {
            AttemptStage::Over { ending, .. } => Some(ending),
            AttemptStage::Agreed { .. }
            | AttemptStage::Fetching { .. }
            | AttemptStage::Opened { .. }
            | AttemptStage::Returned { .. } => None,
        }
    }

    /// When this stage began.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        match self.stage {
            AttemptStage::Agreed { at, .. }
            | AttemptStage::Fetching { at, .. }
            | AttemptStage::Opened { at, .. }
            | AttemptStage::Returned { at, .. }
            | AttemptStage::Over { at, .. } => at,
        }
    }

    /// Ends the attempt. An ended attempt does not change, except that a confirmation always
    /// counts.
    pub fn end(&mut self, now: Timestamp, ending: AttemptOutcome) {
        if self.ending().is_none()
            || ending == AttemptOutcome::Confirmed && self.ending() != Some(ending)
        {
            self.stage = AttemptStage::Over { at: now, ending };
            self.returns_with = None;
            self.in_vault = false;
        }
    }

    /// The browser returned with this value. False if the value does not match. A value is accepted
    /// once, and only while the link is open in the browser.
    pub fn came_back(&mut self, now: Timestamp, state: &Secret, outcome: ReturnOutcome) -> bool {
        let is_out = matches!(self.stage, AttemptStage::Opened { .. });
        if !is_out || self.returns_with.as_deref() != Some(hash(state).as_str()) {
            return false;
        }
        self.returns_with = None;
        self.stage = AttemptStage::Returned { at: now, outcome };
        true
    }

    /// The program ended while the link was being fetched. That request gets no answer anymore, so
    /// the link can be requested again.
    pub const fn fetch_again(&mut self) {
        if let AttemptStage::Fetching { at, until } = self.stage {
            self.stage = AttemptStage::Agreed { at, until };
        }
    }

    /// After the clock was set back: a stage that started in the future starts now and keeps its
    /// length.
    pub fn begin_by(&mut self, now: Timestamp) {
        let ahead = self.since().duration_since(now);
        if !ahead.is_positive() {
            return;
        }
        match &mut self.stage {
            AttemptStage::Agreed { at, until }
            | AttemptStage::Fetching { at, until }
            | AttemptStage::Opened { at, until } => {
                *at = now;
                *until = until.map(|then| then.saturating_sub(ahead).unwrap_or(now));
            }
            AttemptStage::Returned { at, .. } | AttemptStage::Over { at, .. } => {
                *at = now;
            }
        }
    }

    /// Ends the attempt if its time is over. `may_be_done` says that the steps in the browser may
    /// have been completed.
    pub fn expire(&mut self, now: Timestamp, may_be_done: bool) {
        if self.next_change().is_none_or(|then| then > now) {
            return;
        }
        match self.stage {
            AttemptStage::Opened { .. } if may_be_done => {
                self.end(now, AttemptOutcome::Unconfirmed)
            }
            AttemptStage::Agreed { .. } | AttemptStage::Opened { until: Some(_), .. } => {
                self.end(now, AttemptOutcome::Expired);
            }
            AttemptStage::Fetching { until: Some(_), .. }
                if self.next_change() == self.runs_out() =>
            {
                self.end(now, AttemptOutcome::Expired);
            }
            AttemptStage::Opened { until: None, .. } => self.end(now, AttemptOutcome::Unconfirmed),
            AttemptStage::Fetching { .. } => self.end(now, AttemptOutcome::NotFetched),
            AttemptStage::Returned { outcome, .. } => self.end(now, outcome.ending()),
            AttemptStage::Over { .. } => {}
        }
    }

    /// When it next changes without any input.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        let after = |at: Timestamp, pause| at.saturating_add(pause).unwrap_or(at);
        match self.stage {
            AttemptStage::Agreed { until, .. } => until,
            AttemptStage::Opened { at, until } => until.or_else(|| Some(after(at, WAIT_WITHIN))),
            AttemptStage::Fetching { at, until } => {
                let fetched = after(at, FETCH_WITHIN);
                Some(until.map_or(fetched, |until| until.min(fetched)))
            }
            AttemptStage::Returned { at, .. } => Some(after(at, CONFIRM_WITHIN)),
            AttemptStage::Over { at, ending: AttemptOutcome::Confirmed } => {
                Some(after(at, SHOWN_FOR))
            }
            AttemptStage::Over { .. } => None,
        }
    }

    /// It succeeded and has been on screen long enough.
    #[must_use]
    pub fn is_old_news(&self, now: Timestamp) -> bool {
        self.ending() == Some(AttemptOutcome::Confirmed)
            && self.next_change().is_some_and(|end| end <= now)
    }
}

impl ReturnOutcome {
    /// How the attempt ends with this outcome if no one confirms it.
    #[must_use]
    pub const fn ending(self) -> AttemptOutcome {
        match self {
            Self::Success | Self::Already | Self::Unsaid => AttemptOutcome::Unconfirmed,
            Self::Cancelled => AttemptOutcome::Cancelled,
            Self::Expired => AttemptOutcome::Expired,
            Self::Failed => AttemptOutcome::Failed,
            Self::Unsupported => AttemptOutcome::Unsupported,
        }
    }
}

/// A hash of a one-use value of 256 bits, which can be stored where the value itself cannot: it can
/// be compared but not used.
#[must_use]
pub fn hash(state: &Secret) -> String {
    Sha256::digest(state.reveal()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALUE: &str = "0123456789abcdef";

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
    }

    fn outcomes() -> impl Strategy<Value = ReturnOutcome> {
        prop::sample::select(vec![
            ReturnOutcome::Success,
            ReturnOutcome::Already,
            ReturnOutcome::Cancelled,
            ReturnOutcome::Expired,
            ReturnOutcome::Failed,
            ReturnOutcome::Unsupported,
            ReturnOutcome::Unsaid,
        ])
    }

    fn endings() -> impl Strategy<Value = AttemptOutcome> {
        prop::sample::select(vec![
            AttemptOutcome::Confirmed,
            AttemptOutcome::Cancelled,
            AttemptOutcome::Failed,
            AttemptOutcome::Unsupported,
            AttemptOutcome::Expired,
            AttemptOutcome::Unconfirmed,
            AttemptOutcome::NotFetched,
        ])
    }

    /// A moment within about two weeks, at every scale that matters here.
    fn moments() -> impl Strategy<Value = Timestamp> {
        prop_oneof![0..300_i64, 0..5_000_i64, 0..1_300_000_i64].prop_map(at)
    }

    fn stages() -> impl Strategy<Value = AttemptStage> {
        let until = || prop::option::of(moments());
        prop_oneof![
            (moments(), until()).prop_map(|(at, until)| AttemptStage::Agreed { at, until }),
            (moments(), until()).prop_map(|(at, until)| AttemptStage::Fetching { at, until }),
            (moments(), until()).prop_map(|(at, until)| AttemptStage::Opened { at, until }),
            (moments(), outcomes())
                .prop_map(|(at, outcome)| AttemptStage::Returned { at, outcome }),
            (moments(), endings()).prop_map(|(at, ending)| AttemptStage::Over { at, ending }),
        ]
    }

    fn attempts() -> impl Strategy<Value = LinkAttempt> {
        (stages(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(stage, in_vault, worked_before, returns)| LinkAttempt {
                in_vault: in_vault && stage_kind(&stage) != Kind::Over,
                stage,
                worked_before,
                returns_with: returns.then(|| hash(&value())),
                ..LinkAttempt::agreed("attempt".into(), None, at(0), None)
            },
        )
    }

    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
    enum Kind {
        Agreed,
        Fetching,
        Opened,
        Returned,
        Over,
    }

    fn stage_kind(stage: &AttemptStage) -> Kind {
        match stage {
            AttemptStage::Agreed { .. } => Kind::Agreed,
            AttemptStage::Fetching { .. } => Kind::Fetching,
            AttemptStage::Opened { .. } => Kind::Opened,
            AttemptStage::Returned { .. } => Kind::Returned,
            AttemptStage::Over { .. } => Kind::Over,
        }
    }

    fn value() -> Secret {
        Secret::new(VALUE.into())
    }

    proptest! {
        #[test]
        fn the_outcome_does_not_depend_on_how_time_passes(
            attempt in attempts(),
            may_be_done in any::<bool>(),
            mut pauses in prop::collection::vec(moments(), 1..6),
        ) {
            pauses.sort_unstable();
            let last = pauses[pauses.len() - 1];
            let (mut slowly, mut at_once) = (attempt.clone(), attempt.clone());
            for now in pauses {
                let before = slowly.clone();
                slowly.expire(now, may_be_done);
                prop_assert!(slowly == before || slowly.ending().is_some(), "{before:?}");
                prop_assert!(before.ending().is_none() || slowly == before, "ended twice");
            }
            at_once.expire(last, may_be_done);
            prop_assert_eq!(slowly.ending(), at_once.ending());
        }

        #[test]
        fn no_deadline_stays_in_the_past(
            attempt in attempts(),
            may_be_done in any::<bool>(),
            now in moments(),
        ) {
            let mut after = attempt.clone();
            after.expire(now, may_be_done);
            let was_open = matches!(attempt.stage, AttemptStage::Opened { .. });
            let ran_out = attempt.ending().is_none() && after.ending() == Some(AttemptOutcome::Expired);
            prop_assert!(!(ran_out && was_open && may_be_done), "possibly complete, but reported as expired");
            let is_due = after.next_change().is_some_and(|then| then <= now);
            prop_assert!(!is_due || after.is_old_news(now), "{attempt:?} became {after:?}");
            prop_assert!(after.out_until().is_none_or(|until| until > now));
            let was_due = attempt.next_change().is_some_and(|then| then <= now);
            prop_assert!(was_due || after == attempt, "changed too early");
        }

        #[test]
        fn an_outcome_is_final_unless_confirmed_later(
            attempt in attempts(),
            ends in prop::collection::vec((moments(), endings()), 1..8),
        ) {
            let mut attempt = attempt;
            for (now, ending) in ends {
                let before = attempt.clone();
                attempt.end(now, ending);
                let expected = match before.ending() {
                    None => Some(ending),
                    Some(_) if ending == AttemptOutcome::Confirmed => Some(AttemptOutcome::Confirmed),
                    known @ Some(_) => known,
                };
                prop_assert_eq!(attempt.ending(), expected);
                let is_news = before.ending() != expected;
                prop_assert!(is_news || attempt == before, "the same outcome changed it");
                prop_assert!(!attempt.in_vault && (attempt.returns_with.is_none() || !is_news));
            }
        }

        #[test]
        fn the_browser_returns_once_with_the_right_value(
            attempt in attempts(),
            now in moments(),
            outcome in outcomes(),
            made_up in "[A-Za-z0-9._~-]{1,64}",
        ) {
            let mut attempt = attempt;
            let before = attempt.clone();
            prop_assert!(!attempt.came_back(now, &Secret::new(made_up), outcome));
            prop_assert_eq!(&attempt, &before, "a made-up value changed the attempt");
            let counts = stage_kind(&before.stage) == Kind::Opened && before.returns_with.is_some();
            prop_assert_eq!(attempt.came_back(now, &value(), outcome), counts);
            let stage = if counts { AttemptStage::Returned { at: now, outcome } } else { before.stage };
            prop_assert_eq!(&attempt.stage, &stage);
            prop_assert!(!attempt.came_back(now, &value(), outcome), "a value was accepted twice");
        }

        #[test]
        fn setting_the_clock_back_keeps_the_remaining_time(attempt in attempts(), now in moments()) {
            let mut moved = attempt.clone();
            moved.begin_by(now);
            prop_assert_eq!(stage_kind(&moved.stage), stage_kind(&attempt.stage));
            prop_assert_eq!(moved.since(), attempt.since().min(now));
            let left = |attempt: &LinkAttempt| attempt.next_change().map(|then| then.duration_since(attempt.since()));
            prop_assert_eq!(left(&moved), left(&attempt));
            let again = moved.clone();
            moved.begin_by(now);
            prop_assert_eq!(moved, again);
        }

        #[test]
        fn saved_attempts_can_be_read_back(attempt in attempts()) {
            let text = serde_json::to_string(&attempt).unwrap();
            prop_assert!(!text.contains(VALUE));
            prop_assert_eq!(serde_json::from_str::<LinkAttempt>(&text).unwrap(), attempt);
        }
    }

    #[test]
    fn attempts_saved_by_earlier_versions_can_be_read() {
        let text = r#"{"id":"a","stage":{"kind":"fetching","at":"2026-01-01T00:00:00Z"}}"#;
        let attempt: LinkAttempt = serde_json::from_str(text).unwrap();
        assert!(attempt.awaits("a") && !attempt.in_vault && attempt.print.is_none());
    }

    #[test]
    fn each_stage_has_its_documented_time_limit() {
        let begin = at(1_000_000);
        let minutes = |stage| {
            let attempt =
                LinkAttempt { stage, ..LinkAttempt::agreed("a".into(), None, begin, None) };
            attempt.next_change().map(|then| then.duration_since(begin).as_mins())
        };
        let until = Some(begin + SignedDuration::from_mins(30));
        let soon = Some(begin + SignedDuration::from_mins(1));
        let at = begin;
        assert_eq!(minutes(AttemptStage::Agreed { at, until: None }), None);
        assert_eq!(minutes(AttemptStage::Agreed { at, until }), Some(30));
        assert_eq!(minutes(AttemptStage::Fetching { at, until: None }), Some(2));
        assert_eq!(minutes(AttemptStage::Fetching { at, until }), Some(2));
        assert_eq!(minutes(AttemptStage::Fetching { at, until: soon }), Some(1));
        assert_eq!(minutes(AttemptStage::Opened { at, until }), Some(30));
        assert_eq!(minutes(AttemptStage::Opened { at, until: None }), Some(7 * 24 * 60));
        assert_eq!(
            minutes(AttemptStage::Returned { at, outcome: ReturnOutcome::Success }),
            Some(10)
        );
        assert_eq!(minutes(AttemptStage::Over { at, ending: AttemptOutcome::Confirmed }), Some(10));
        assert_eq!(minutes(AttemptStage::Over { at, ending: AttemptOutcome::Failed }), None);
    }
}

//! One attempt to use a link, from the user's consent to its end, as data that survives a restart.
//! The link itself is never here: it is in the vault or has not been fetched yet.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::outcome::ReturnOutcome;
use super::profile::Provider;
use crate::{AttemptId, Secret};

/// How long fetching a link may take.
const FETCH_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// How long to wait for a link that does not expire or has no known expiry.
const WAIT_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long to query the state after the browser returned.
const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// How long a success stays on screen.
const SHOWN_FOR: SignedDuration = SignedDuration::from_mins(10);

/// One link of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAttempt {
    /// Identifies this attempt, so that answers to an earlier one are recognized.
    pub id: AttemptId,
    /// The connection worked before, so that it works proves nothing about this link.
    pub worked_before: bool,
    /// The current stage, with all that is known in it.
    pub stage: AttemptStage,
}

/// The stage of a link attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptStage {
    /// The user has agreed; this computer is checked before the link is opened.
    Agreed {
        /// When.
        at: Timestamp,
        /// The link; `None` if it has not been fetched yet.
        kept: Option<KeptLink>,
    },
    /// The link is being fetched, or read from the vault, to be opened immediately.
    Fetching {
        /// Since when.
        at: Timestamp,
        /// The link that is read from the vault; `None` if it is fetched from its source.
        kept: Option<KeptLink>,
    },
    /// The browser has the link.
    Opened {
        /// When.
        at: Timestamp,
        /// The link.
        link: LinkFacts,
        /// The applications that cannot be the new one, because the Web Connector's log already
        /// named them when the link was opened; `None` if the log could not be read then.
        applications_before: Option<Vec<String>>,
    },
    /// The browser returned.
    Returned {
        /// When.
        at: Timestamp,
        /// The outcome it reported.
        outcome: ReturnOutcome,
        /// A hash of the link, to recognize it again.
        fingerprint: String,
        /// The same as while it was open.
        applications_before: Option<Vec<String>>,
    },
    /// The attempt has ended.
    Over {
        /// When it ended.
        at: Timestamp,
        /// How it ended.
        ending: AttemptOutcome,
        /// A hash of the link, to recognize it again, if there was one.
        fingerprint: Option<String>,
        /// The connection was created for this link, which was never opened.
        brought_connection: bool,
    },
}

/// What is known of a link, without the link itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFacts {
    /// The link's host.
    pub host: String,
    /// The link's provider.
    pub provider: Provider,
    /// A hash of the link, to recognize it again.
    pub fingerprint: String,
    /// When it expires, if that is known.
    pub until: Option<Timestamp>,
    /// A hash of the one-use value that the browser returns with, if it carries one.
    pub returns_with: Option<String>,
}

/// A link in the vault, under [`LinkAttempt::vault_name`], until it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLink {
    /// What is known of it.
    pub link: LinkFacts,
    /// The connection was created for this link and is removed with it if the link is never opened.
    pub brought_connection: bool,
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
    /// A link that the user has just agreed to. It is in the vault, or has not been fetched yet.
    #[must_use]
    pub const fn agreed(id: AttemptId, now: Timestamp, kept: Option<KeptLink>) -> Self {
        Self { id, worked_before: false, stage: AttemptStage::Agreed { at: now, kept } }
    }

    /// A link that was just opened.
    #[must_use]
    pub const fn opened(id: AttemptId, now: Timestamp, link: LinkFacts) -> Self {
        let stage = AttemptStage::Opened { at: now, link, applications_before: None };
        Self { id, worked_before: false, stage }
    }

    /// The vault's name for a link that has not been opened yet.
    #[must_use]
    pub fn vault_name(&self) -> String {
        format!("link/{}", self.id)
    }

    /// The link in the vault, if it is there.
    #[must_use]
    pub const fn kept(&self) -> Option<&KeptLink> {
        let (AttemptStage::Agreed { kept, .. } | AttemptStage::Fetching { kept, .. }) = &self.stage
        else {
            return None;
        };
        kept.as_ref()
    }

    /// What is known of a link that the user can still complete.
    #[must_use]
    pub fn link(&self) -> Option<&LinkFacts> {
        if let AttemptStage::Opened { link, .. } = &self.stage {
            return Some(link);
        }
        self.kept().map(|kept| &kept.link)
    }

    /// A hash of the link, if there is or was one.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        match &self.stage {
            AttemptStage::Returned { fingerprint, .. } => Some(fingerprint),
            AttemptStage::Over { fingerprint, .. } => fingerprint.as_deref(),
            AttemptStage::Agreed { .. }
            | AttemptStage::Fetching { .. }
            | AttemptStage::Opened { .. } => self.link().map(|link| link.fingerprint.as_str()),
        }
    }

    /// True if the connection exists only because of this link, which was never opened.
    #[must_use]
    pub fn brought_connection(&self) -> bool {
        if let AttemptStage::Over { brought_connection, .. } = self.stage {
            return brought_connection;
        }
        self.kept().is_some_and(|kept| kept.brought_connection)
    }

    /// The applications that cannot be the one of this link, while it is open or has just returned.
    #[must_use]
    pub fn applications_before(&self) -> Option<&[String]> {
        let (AttemptStage::Opened { applications_before, .. }
        | AttemptStage::Returned { applications_before, .. }) = &self.stage
        else {
            return None;
        };
        applications_before.as_deref()
    }

    /// Adds applications that cannot be the one of this link, if the log could be read before.
    pub fn note_applications(&mut self, applications: &[String]) {
        if let AttemptStage::Opened { applications_before: Some(before), .. }
        | AttemptStage::Returned { applications_before: Some(before), .. } = &mut self.stage
        {
            before.extend_from_slice(applications);
        }
    }

    /// Until when the user can complete it; `None` if there is no link yet, it never expires, or
    /// the browser has returned.
    #[must_use]
    pub fn runs_out(&self) -> Option<Timestamp> {
        self.link()?.until
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
    pub fn awaits(&self, attempt: &AttemptId) -> bool {
        self.id == *attempt && matches!(self.stage, AttemptStage::Fetching { .. })
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
            let fingerprint = self.fingerprint().map(str::to_owned);
            let brought_connection = self.brought_connection();
            self.stage = AttemptStage::Over { at: now, ending, fingerprint, brought_connection };
        }
    }

    /// The browser gets the link that the user agreed to. False, and no change, if there is none.
    pub fn open(&mut self, now: Timestamp, applications_before: Option<Vec<String>>) -> bool {
        let Some(kept) = self.kept() else { return false };
        let link = kept.link.clone();
        self.stage = AttemptStage::Opened { at: now, link, applications_before };
        true
    }

    /// The browser returned with this value. False if the value does not match. A value is accepted
    /// once, and only while the link is open in the browser.
    pub fn came_back(&mut self, now: Timestamp, state: &Secret, outcome: ReturnOutcome) -> bool {
        let AttemptStage::Opened { link, applications_before, .. } = &self.stage else {
            return false;
        };
        if link.returns_with.as_deref() != Some(hash(state).as_str()) {
            return false;
        }
        self.stage = AttemptStage::Returned {
            at: now,
            outcome,
            fingerprint: link.fingerprint.clone(),
            applications_before: applications_before.clone(),
        };
        true
    }

    /// The program ended while the link was being fetched. That request gets no answer anymore, so
    /// the link can be requested again.
    pub fn fetch_again(&mut self) {
        if let AttemptStage::Fetching { at, kept } = &mut self.stage {
            self.stage = AttemptStage::Agreed { at: *at, kept: kept.take() };
        }
    }

    /// After the clock was set back: a stage that started in the future starts now and keeps its
    /// length.
    pub fn begin_by(&mut self, now: Timestamp) {
        let ahead = self.since().duration_since(now);
        if !ahead.is_positive() {
            return;
        }
        let (at, link) = match &mut self.stage {
            AttemptStage::Agreed { at, kept } | AttemptStage::Fetching { at, kept } => {
                (at, kept.as_mut().map(|kept| &mut kept.link))
            }
            AttemptStage::Opened { at, link, .. } => (at, Some(link)),
            AttemptStage::Returned { at, .. } | AttemptStage::Over { at, .. } => (at, None),
        };
        *at = now;
        if let Some(until) = link.and_then(|link| link.until.as_mut()) {
            *until = until.saturating_sub(ahead).unwrap_or(now);
        }
    }

    /// Ends the attempt if its time is over. `may_be_done` says that the steps in the browser may
    /// have been completed.
    pub fn expire(&mut self, now: Timestamp, may_be_done: bool) {
        let next = self.next_change();
        if next.is_none_or(|then| then > now) {
            return;
        }
        let ran_out = next == self.runs_out();
        let ending = match self.stage {
            AttemptStage::Agreed { .. } => AttemptOutcome::Expired,
            AttemptStage::Fetching { .. } if ran_out => AttemptOutcome::Expired,
            AttemptStage::Fetching { .. } => AttemptOutcome::NotFetched,
            AttemptStage::Opened { .. } if ran_out && !may_be_done => AttemptOutcome::Expired,
            AttemptStage::Opened { .. } => AttemptOutcome::Unconfirmed,
            AttemptStage::Returned { outcome, .. } => outcome.ending(),
            AttemptStage::Over { .. } => return,
        };
        self.end(now, ending);
    }

    /// When it next changes without any input.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        let after = |at: Timestamp, pause| at.saturating_add(pause).unwrap_or(at);
        let until = self.runs_out();
        match self.stage {
            AttemptStage::Agreed { .. } => until,
            AttemptStage::Opened { at, .. } => until.or_else(|| Some(after(at, WAIT_WITHIN))),
            AttemptStage::Fetching { at, .. } => {
                let fetched = after(at, FETCH_WITHIN);
                Some(until.map_or(fetched, |until| until.min(fetched)))
            }
            AttemptStage::Returned { at, .. } => Some(after(at, CONFIRM_WITHIN)),
            AttemptStage::Over { at, ending: AttemptOutcome::Confirmed, .. } => {
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

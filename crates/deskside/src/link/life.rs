//! The life of a link, from the user's yes to its end, as data that survives a restart. The link
//! itself is never here: it waits in the vault, or has not been fetched yet.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::outcome::Outcome;
use crate::Secret;

/// How long it may take to get a link.
const FETCH_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// How long a link is waited for that does not run out by itself, or does not say when.
const WAIT_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long the state is asked for after the browser came back.
const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// How long a good end stays on screen.
const SHOWN_FOR: SignedDuration = SignedDuration::from_mins(10);

/// One link of one connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Names this attempt, so that answers to an earlier one are known for what they are.
    pub id: String,
    /// How far it has come.
    pub stage: Stage,
    /// The link's host, once it is known.
    #[serde(default)]
    pub host: Option<String>,
    /// The link waits in the vault under [`Life::vault_name`].
    #[serde(default)]
    pub in_vault: bool,
    /// The applications that the Web Connector's log named when it was opened.
    #[serde(default)]
    pub applications_before: Vec<String>,
    /// The connection worked before: that it works says nothing about this link.
    #[serde(default)]
    pub worked_before: bool,
    /// A hash of the one-use value with which the browser comes back.
    #[serde(default)]
    pub returns_with: Option<String>,
}

/// How far a link has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Stage {
    /// The user has agreed; before it is opened, this computer is looked at.
    Agreed {
        /// When.
        at: Timestamp,
        /// When the link runs out, if that is known.
        until: Option<Timestamp>,
    },
    /// It is being fetched, or taken from the vault, to be opened at once.
    Fetching {
        /// Since when.
        at: Timestamp,
    },
    /// It was handed to the browser.
    Opened {
        /// When.
        at: Timestamp,
        /// When it runs out, if it does.
        until: Option<Timestamp>,
    },
    /// The browser came back.
    Returned {
        /// When.
        at: Timestamp,
        /// What it said.
        outcome: Outcome,
    },
    /// Nothing more will come of it.
    Over {
        /// When it ended.
        at: Timestamp,
        /// How.
        ending: Ending,
    },
}

/// How a link's life ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The one who knows says that it works, or that it is set up.
    Confirmed,
    /// The user left it, in the browser or here.
    Cancelled,
    /// The provider says that it went wrong.
    Failed,
    /// The provider cannot do this.
    Unsupported,
    /// It ran out.
    Expired,
    /// The browser came back, and nobody could say that it works.
    Unconfirmed,
    /// No link could be had.
    NotFetched,
}

impl Life {
    /// A link that the user has just agreed to.
    #[must_use]
    pub const fn agreed(
        id: String,
        host: Option<String>,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Self {
        let stage = Stage::Agreed { at: now, until };
        Self {
            id,
            stage,
            host,
            in_vault: false,
            applications_before: Vec::new(),
            worked_before: false,
            returns_with: None,
        }
    }

    /// The vault's name for a link that has not been opened yet.
    #[must_use]
    pub fn vault_name(&self) -> String {
        format!("link/{}", self.id)
    }

    /// Until when the user may complete it; `None` when it is not in the browser, or never runs out.
    #[must_use]
    pub const fn runs_out(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Agreed { until, .. } | Stage::Opened { until, .. } => until,
            Stage::Fetching { .. } | Stage::Returned { .. } | Stage::Over { .. } => None,
        }
    }

    /// It is in the browser, or has just come back from there, and is waited for until then.
    #[must_use]
    pub fn out_until(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Opened { .. } | Stage::Returned { .. } => self.next_change(),
            Stage::Agreed { .. } | Stage::Fetching { .. } | Stage::Over { .. } => None,
        }
    }

    /// It has ended.
    #[must_use]
    pub const fn ending(&self) -> Option<Ending> {
        match self.stage {
            Stage::Over { ending, .. } => Some(ending),
            Stage::Agreed { .. }
            | Stage::Fetching { .. }
            | Stage::Opened { .. }
            | Stage::Returned { .. } => None,
        }
    }

    /// When this stage began.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        match self.stage {
            Stage::Agreed { at, .. }
            | Stage::Fetching { at }
            | Stage::Opened { at, .. }
            | Stage::Returned { at, .. }
            | Stage::Over { at, .. } => at,
        }
    }

    /// It ends like this. What has ended stays as it ended, except that a confirmation is the truth
    /// at any time.
    pub fn end(&mut self, now: Timestamp, ending: Ending) {
        if self.ending().is_none() || ending == Ending::Confirmed && self.ending() != Some(ending) {
            self.stage = Stage::Over { at: now, ending };
            self.returns_with = None;
        }
    }

    /// The browser came back with this value; false when that is not what was agreed. Which is so
    /// only once, and only while the link is out.
    pub fn came_back(&mut self, now: Timestamp, state: &Secret, outcome: Outcome) -> bool {
        let is_out = matches!(self.stage, Stage::Opened { .. });
        if !is_out || self.returns_with.as_deref() != Some(hash(state).as_str()) {
            return false;
        }
        self.returns_with = None;
        self.stage = Stage::Returned { at: now, outcome };
        true
    }

    /// Lets time pass: what runs out ends.
    pub fn expire(&mut self, now: Timestamp) {
        if self.next_change().is_none_or(|then| then > now) {
            return;
        }
        match self.stage {
            Stage::Agreed { .. } | Stage::Opened { until: Some(_), .. } => {
                self.end(now, Ending::Expired);
            }
            Stage::Opened { until: None, .. } => self.end(now, Ending::Unconfirmed),
            Stage::Fetching { .. } => self.end(now, Ending::NotFetched),
            Stage::Returned { outcome, .. } => self.end(now, outcome.ending()),
            Stage::Over { .. } => {}
        }
    }

    /// When time alone changes it.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        let after = |at: Timestamp, pause| at.saturating_add(pause).unwrap_or(at);
        match self.stage {
            Stage::Agreed { until, .. } => until,
            Stage::Opened { at, until } => until.or_else(|| Some(after(at, WAIT_WITHIN))),
            Stage::Fetching { at } => Some(after(at, FETCH_WITHIN)),
            Stage::Returned { at, .. } => Some(after(at, CONFIRM_WITHIN)),
            Stage::Over { at, ending: Ending::Confirmed } => Some(after(at, SHOWN_FOR)),
            Stage::Over { .. } => None,
        }
    }

    /// It ended well, and that has been on screen long enough.
    #[must_use]
    pub fn is_old_news(&self, now: Timestamp) -> bool {
        self.ending() == Some(Ending::Confirmed) && self.next_change().is_some_and(|end| end <= now)
    }
}

impl Outcome {
    /// How a flow has ended whose provider says this, when nobody else says anything.
    #[must_use]
    pub const fn ending(self) -> Ending {
        match self {
            Self::Success | Self::Already | Self::Unsaid => Ending::Unconfirmed,
            Self::Cancelled => Ending::Cancelled,
            Self::Expired => Ending::Expired,
            Self::Failed => Ending::Failed,
            Self::Unsupported => Ending::Unsupported,
        }
    }
}

/// A hash of a one-use value of 256 bits, which may be kept where the value itself may not: it can
/// be compared but not used.
#[must_use]
pub fn hash(state: &Secret) -> String {
    Sha256::digest(state.reveal()).iter().map(|byte| format!("{byte:02x}")).collect()
}

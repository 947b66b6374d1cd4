//! What a backend or a provider says of a connection, and how fresh that is.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::link::redact;
use crate::vault::VaultFault;

/// The last usable answer and the failures since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remote {
    /// What was answered last.
    pub status: Option<RemoteStatus>,
    /// When that answer came.
    pub heard_at: Option<Timestamp>,
    /// Why nothing usable has come since, and since when.
    pub failing: Option<RemoteFailure>,
}

/// A run of failed questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteFailure {
    /// The first failure of this run.
    pub since: Timestamp,
    /// What the newest one was.
    pub fault: Fault,
}

/// Why a question to a backend or provider got no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No connection, no name, a time-out, a dropped answer.
    Unreachable,
    /// An answer that says nothing about the connection: 5xx, too many requests, not readable.
    Unusable,
    /// 401 or 403, or 410 for a device: the credential does not count.
    Rejected,
    /// This machine has no credential to ask with, because the vault does not give it.
    NoCredential,
}

impl From<VaultFault> for Fault {
    fn from(fault: VaultFault) -> Self {
        match fault {
            // Signed out: there is nothing that could be accepted.
            VaultFault::Absent => Self::Rejected,
            VaultFault::Locked | VaultFault::Silent | VaultFault::Broken | VaultFault::TooLong => {
                Self::NoCredential
            }
        }
    }
}

/// A usable answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoteStatus {
    /// The state.
    pub state: RemoteState,
    /// When the one who answers last looked.
    pub checked_at: Option<Timestamp>,
    /// When data last flowed.
    pub last_success_at: Option<Timestamp>,
    /// The provider's words for the user, shown as given.
    pub user_message: Option<String>,
    /// For support.
    pub request_id: Option<String>,
    /// QuickBooks' or the Web Connector's own code, for example `0x80040420`.
    pub integration_code: Option<String>,
    /// How far the provider's own copying of data has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataState>,
}

impl RemoteStatus {
    /// Everything is set up, and the next data comes at its planned time. A connection that waits
    /// without data waits for its steps, or nobody says for what.
    #[must_use]
    pub const fn is_planned(&self) -> bool {
        matches!(self.state, RemoteState::Waiting)
            && matches!(
                self.data,
                Some(DataState::Waiting | DataState::Syncing | DataState::Complete)
            )
    }
}

/// How far a provider's own copying of data has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataState {
    /// It waits for its hour, or for this computer.
    Waiting,
    /// It is under way.
    Syncing,
    /// Everything is there.
    Complete,
    /// It went wrong.
    Failed,
    /// The permission must be given again.
    Reauthorise,
    /// Nobody can say, or a word that this version does not know.
    #[default]
    Unknown,
}

impl<'de> Deserialize<'de> for DataState {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Option::<String>::deserialize(from)?.as_deref() {
            Some("waiting") => Self::Waiting,
            Some("syncing") => Self::Syncing,
            Some("complete") => Self::Complete,
            Some("failed") => Self::Failed,
            Some("reauthorise") => Self::Reauthorise,
            Some(_) | None => Self::Unknown,
        })
    }
}

/// What is said of a connection. An unknown word, or none, is [`RemoteState::Unknown`], never a
/// failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteState {
    /// It works.
    Healthy,
    /// The user has not finished the auth flow.
    NotSetUp,
    /// A link or a schedule is pending.
    Waiting,
    /// Set up, but the computer does not answer.
    Inactive,
    /// Set up, and it fails.
    Broken,
    /// The permission was withdrawn.
    Deauthorized,
    /// Stopped on purpose; its data is kept.
    Unlinked,
    /// Not known any more.
    Removed,
    /// Nobody can say, or a word that this version does not know.
    #[default]
    Unknown,
}

impl<'de> Deserialize<'de> for RemoteState {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Option::<String>::deserialize(from)?.as_deref() {
            Some("healthy") => Self::Healthy,
            Some("not_set_up") => Self::NotSetUp,
            Some("waiting") => Self::Waiting,
            Some("inactive") => Self::Inactive,
            Some("broken") => Self::Broken,
            Some("deauthorized") => Self::Deauthorized,
            Some("unlinked") => Self::Unlinked,
            Some("removed") => Self::Removed,
            Some(_) | None => Self::Unknown,
        })
    }
}

impl Remote {
    /// Takes in a usable answer.
    pub fn heard(&mut self, status: RemoteStatus, now: Timestamp) {
        // Whoever writes to a user may put a link into it; links open, and are not for copying.
        let user_message = status.user_message.as_deref().map(redact);
        let status = RemoteStatus { user_message, ..status };
        *self = Self { status: Some(status), heard_at: Some(now), failing: None };
    }

    /// Takes in a failure; the last usable answer stays.
    pub fn failed(&mut self, fault: Fault, now: Timestamp) {
        let since = self.failing.as_ref().map_or(now, |failing| failing.since);
        self.failing = Some(RemoteFailure { since, fault });
    }
}

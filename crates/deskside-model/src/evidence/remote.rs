//! What a backend or a provider reports about a connection, and how recent that is.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::link::redact;
use crate::vault::VaultFault;

/// The last usable answer and the failures since then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remote {
    /// The last usable answer.
    pub status: Option<RemoteStatus>,
    /// When that answer came.
    pub heard_at: Option<Timestamp>,
    /// Why no usable answer has come since, and since when.
    pub failing: Option<RemoteFailure>,
}

/// A series of failed queries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteFailure {
    /// The first failure of this series.
    pub since: Timestamp,
    /// The newest failure.
    pub fault: Fault,
}

/// Why a query to a backend or provider got no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No connection, no name, a timeout, a dropped answer.
    Unreachable,
    /// An answer that does not describe the connection: 5xx, too many requests, not readable.
    Unusable,
    /// 401 or 403, or 410 for a device: the credential was rejected.
    Rejected,
    /// This computer has no credential for the query, because the vault does not return it.
    NoCredential,
}

impl From<VaultFault> for Fault {
    fn from(fault: VaultFault) -> Self {
        match fault {
            // Signed out: there is no credential that could be accepted.
            VaultFault::Absent => Self::Rejected,
            VaultFault::Locked
            | VaultFault::Forbidden
            | VaultFault::Silent
            | VaultFault::Broken
            | VaultFault::TooLong => Self::NoCredential,
        }
    }
}

/// A usable answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoteStatus {
    /// The state.
    pub state: RemoteState,
    /// When the backend or provider last checked.
    pub checked_at: Option<Timestamp>,
    /// When data last flowed.
    pub last_success_at: Option<Timestamp>,
    /// The provider's message for the user, shown unchanged.
    pub user_message: Option<String>,
    /// The request's identifier, for support.
    pub request_id: Option<String>,
    /// QuickBooks' or the Web Connector's own code, for example `0x80040420`.
    pub integration_code: Option<String>,
    /// The progress of the provider's own copy of the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataState>,
}

impl RemoteStatus {
    /// Everything is set up, and the next data comes at its scheduled time. A connection that is
    /// waiting without a data state is waiting for its setup steps, or for an unknown reason.
    #[must_use]
    pub const fn is_planned(&self) -> bool {
        matches!(self.state, RemoteState::Waiting)
            && matches!(
                self.data,
                Some(DataState::Waiting | DataState::Syncing | DataState::Complete)
            )
    }
}

/// The progress of a provider's own copy of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataState {
    /// Waiting for the scheduled time, or for this computer.
    Waiting,
    /// In progress.
    Syncing,
    /// Complete.
    Complete,
    /// Failed.
    Failed,
    /// The user must give permission again.
    Reauthorize,
    /// Unknown, or a word that this version does not know.
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
            Some("reauthorize") => Self::Reauthorize,
            Some(_) | None => Self::Unknown,
        })
    }
}

/// The reported state of a connection. A missing or unknown word is [`RemoteState::Unknown`], never
/// a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteState {
    /// It works.
    Healthy,
    /// The user has not finished the auth flow.
    NotSetUp,
    /// A link or a schedule is pending.
    Waiting,
    /// Set up, but the computer does not respond.
    Inactive,
    /// Set up, but failing.
    Broken,
    /// The permission was withdrawn.
    Deauthorized,
    /// Stopped on purpose; its data is kept.
    Unlinked,
    /// No longer known.
    Removed,
    /// Unknown, or a word that this version does not know.
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
    /// Stores a usable answer.
    pub fn heard(&mut self, status: RemoteStatus, now: Timestamp) {
        // A message for the user may contain a link. A link is a bearer secret and must not be
        // copied.
        let user_message = status.user_message.as_deref().map(redact);
        let status = RemoteStatus { user_message, ..status };
        *self = Self { status: Some(status), heard_at: Some(now), failing: None };
    }

    /// Stores a failure and keeps the last usable answer.
    pub fn failed(&mut self, fault: Fault, now: Timestamp) {
        let since = self.failing.as_ref().map_or(now, |failing| failing.since);
        self.failing = Some(RemoteFailure { since, fault });
    }
}

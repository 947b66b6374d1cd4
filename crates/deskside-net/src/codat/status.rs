//! Derives the state of a connection and of its data from Codat's answers.
//!
//! Sources: docs/sources/codat.md#connection-status, docs/sources/codat.md#data-status. A QuickBooks
//! Desktop connection syncs only within its user's schedule, at night by default
//! (docs/sources/codat.md#schedule): waiting data is no fault before a whole schedule has passed. An
//! unknown word is never healthy.

use deskside_model::evidence::{DataState, Fault, RemoteState, RemoteStatus};
use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use super::data::{DataSet, DataStatus, Progress, PullOperation};
use super::failure::CodatFailure;
use super::objects::{CodatConnection, ConnectionError, ConnectionStatus, ErrorState};

/// One whole schedule on working days.
const GRACE: SignedDuration = SignedDuration::from_hours(24);
/// One whole schedule over a weekend: the documents contradict each other on whether syncs run then.
/// docs/sources/codat.md#schedule
const GRACE_OVER_A_WEEKEND: SignedDuration = SignedDuration::from_hours(72);

/// Everything that Codat reports about one connection.
#[derive(Clone, Copy, Debug)]
pub struct CodatFacts<'a> {
    /// The connection; `None` if the company has none.
    pub connection: Option<&'a CodatConnection>,
    /// The state of the company's data; `None` if unknown.
    pub data: Option<&'a DataStatus>,
    /// The newest pull operations; `None` if unknown.
    pub pulls: Option<&'a [PullOperation]>,
    /// Now, in the user's time zone, in which the schedule and the weekend apply.
    pub now: &'a Zoned,
    /// Whether data is transferred continuously or once.
    pub syncing: Syncing,
}

/// Whether data is transferred continuously or once. docs/sources/codat.md#quickbooks-desktop
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Syncing {
    /// Continuously.
    #[default]
    Ongoing,
    /// Once; afterwards the connection ends by itself.
    Once,
}

/// The states derived from Codat's facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derived {
    /// Of the connection.
    pub status: RemoteStatus,
    /// Of its data.
    pub data: DataState,
}

/// The status of a connection that Codat reports as missing.
///
/// # Errors
/// The fault, when the failure is not Codat's own 404.
pub fn gone(failure: &CodatFailure) -> Result<RemoteStatus, Fault> {
    match failure.refusal() {
        Some(error) if error.status == 404 && error.is_from_codat() => Ok(RemoteStatus {
            state: RemoteState::Removed,
            request_id: error.correlation_id.clone(),
            ..RemoteStatus::default()
        }),
        Some(_) | None => Err(failure.fault()),
    }
}

/// Derives the states from the facts.
#[must_use]
pub fn derive(facts: &CodatFacts<'_>) -> Derived {
    let data = data_state(facts);
    let Some(connection) = facts.connection else {
        let status = RemoteStatus { state: RemoteState::NotSetUp, ..RemoteStatus::default() };
        return Derived { status, data };
    };
    let status = RemoteStatus { last_success_at: last_success(facts), ..RemoteStatus::default() };
    let status = match connection.status {
        ConnectionStatus::PendingAuth => not_set_up(connection, status),
        ConnectionStatus::Linked => linked(facts, data, status),
        ConnectionStatus::Deauthorized => {
            let is_done = facts.syncing == Syncing::Once && data == DataState::Complete;
            let state = if is_done { RemoteState::Healthy } else { RemoteState::Deauthorized };
            RemoteStatus { state, ..status }
        }
        ConnectionStatus::Unlinked => RemoteStatus { state: RemoteState::Unlinked, ..status },
        ConnectionStatus::Unknown(_) => status,
    };
    Derived { status, data }
}

/// The status of an incomplete link, with the newest active error that Codat has recorded.
fn not_set_up(connection: &CodatConnection, status: RemoteStatus) -> RemoteStatus {
    let is_active = |error: &&ConnectionError| error.state == ErrorState::Active;
    let error = connection.errors.iter().filter(is_active).max_by_key(|error| error.errored_on);
    RemoteStatus {
        state: RemoteState::NotSetUp,
        user_message: error.and_then(|error| error.message.clone()),
        integration_code: error
            .and_then(|error| error.status_code.as_ref())
            .map(|code| format!("Codat {code}")),
        ..status
    }
}

fn linked(facts: &CodatFacts<'_>, data: DataState, status: RemoteStatus) -> RemoteStatus {
    let is_empty = facts.data.is_none_or(|data| data.0.is_empty());
    let state = match data {
        DataState::Complete => RemoteState::Healthy,
        DataState::Syncing => RemoteState::Waiting,
        DataState::Waiting if !is_overdue(facts) => RemoteState::Waiting,
        // Perhaps no data has been requested.
        DataState::Waiting if is_empty => RemoteState::Unknown,
        DataState::Waiting => RemoteState::Inactive,
        DataState::Failed => RemoteState::Broken,
        DataState::Reauthorize => RemoteState::Deauthorized,
        DataState::Unknown => RemoteState::Unknown,
    };
    let at_fault = match data {
        DataState::Failed => Some(Progress::Failed),
        DataState::Reauthorize => Some(Progress::AuthError),
        DataState::Waiting | DataState::Syncing | DataState::Complete | DataState::Unknown => None,
    };
    let word = |at_fault| sets(facts).find(|set| set.progress == at_fault)?.word.clone();
    let message = |at_fault| {
        let newest = own_pulls(facts).filter(|pull| pull.progress == at_fault);
        newest.max_by_key(|pull| pull.requested)?.error_message.clone()
    };
    RemoteStatus {
        state,
        integration_code: at_fault.and_then(word),
        user_message: at_fault.and_then(message),
        ..status
    }
}

fn data_state(facts: &CodatFacts<'_>) -> DataState {
    let Some(data) = facts.data else { return DataState::Unknown };
    let any = |progress| data.0.values().any(|set| set.progress == progress);
    let fetching = data.0.iter().filter(|(_, set)| set.progress == Progress::Fetching);
    let (waiting, coming): (Vec<_>, Vec<_>) =
        fetching.partition(|(name, _)| awaits_the_computer(facts, name));
    if any(Progress::AuthError) {
        DataState::Reauthorize
    } else if any(Progress::Failed) {
        DataState::Failed
    } else if any(Progress::Unknown) {
        DataState::Unknown
    } else if any(Progress::Working) || !coming.is_empty() {
        DataState::Syncing
    } else if any(Progress::Queued) || !waiting.is_empty() {
        DataState::Waiting
    } else if any(Progress::Cancelled) {
        // Canceled data may be missing.
        DataState::Unknown
    } else if any(Progress::Complete) {
        DataState::Complete
    } else if any(Progress::NotSupported) {
        DataState::Unknown
    } else {
        DataState::Waiting
    }
}

/// True if the newest pull of this data type has no answer from the Web Connector.
fn awaits_the_computer(facts: &CodatFacts<'_>, name: &str) -> bool {
    let of_this_kind = own_pulls(facts).filter(|pull| pull.data_type.as_deref() == Some(name));
    of_this_kind.max_by_key(|pull| pull.requested).is_some_and(PullOperation::awaits_the_computer)
}

fn sets<'a>(facts: &CodatFacts<'a>) -> impl Iterator<Item = &'a DataSet> {
    facts.data.into_iter().flat_map(|data| data.0.values())
}

/// The pulls through this connection, and those that name no connection.
fn own_pulls<'a>(facts: &CodatFacts<'a>) -> impl Iterator<Item = &'a PullOperation> {
    let own = facts.connection.map(|connection| connection.id.as_str());
    let pulls = facts.pulls.unwrap_or_default().iter();
    pulls.filter(move |pull| pull.connection_id.is_none() || pull.connection_id.as_deref() == own)
}

fn last_success(facts: &CodatFacts<'_>) -> Option<Timestamp> {
    let synced = facts.connection.and_then(|connection| connection.last_sync);
    sets(facts).filter_map(|set| set.last_successful_sync).chain(synced).max()
}

/// True if the computer has not answered for one whole schedule. False if it is unknown since when an
/// answer is due.
fn is_overdue(facts: &CodatFacts<'_>) -> bool {
    let waiting = own_pulls(facts).filter(|pull| pull.awaits_the_computer());
    let asked = waiting.filter_map(|pull| pull.requested).min();
    let made = facts.connection.and_then(|connection| connection.created);
    let Some(since) = asked.or(made).max(last_success(facts)) else { return false };
    facts.now.timestamp().duration_since(since) > grace(since, facts.now)
}

/// How long data may wait from `since` on: longer if that day or the next one is on a weekend.
fn grace(since: Timestamp, now: &Zoned) -> SignedDuration {
    let day = |moment: Timestamp| now.time_zone().to_datetime(moment).date().weekday();
    let until = since.checked_add(GRACE).unwrap_or(since);
    let is_weekend = |day| matches!(day, Weekday::Saturday | Weekday::Sunday);
    if is_weekend(day(since)) || is_weekend(day(until)) { GRACE_OVER_A_WEEKEND } else { GRACE }
}

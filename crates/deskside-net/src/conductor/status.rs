//! Derives the state of a connection from Conductor's answers.
//!
//! Only a failed check means that something is broken; an old success means "not used lately"
//! (docs/sources/conductor.md#status). An unknown type or code is never healthy.

use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use jiff::{SignedDuration, Timestamp};

use super::{
    ConductorCheck, ConductorError, ConductorFailure, EndUser, ErrorType, IntegrationConnection,
};

/// How long Conductor waits for one QuickBooks request; until then a newer request can still succeed.
/// docs/sources/conductor.md#error-codes (`QBD_REQUEST_TIMEOUT`)
const SERVER_WAIT: SignedDuration = SignedDuration::from_secs(90);

/// The status according to an end user's record, or that the record was removed.
///
/// # Errors
/// The fault, when the answer says nothing about the connection.
pub fn recorded(answer: &Result<EndUser, ConductorFailure>) -> Result<RemoteStatus, Fault> {
    match answer {
        Ok(end_user) => Ok(passive(end_user)),
        Err(ConductorFailure::Refused(error)) if is_gone(error) => {
            Ok(refusal_status(RemoteState::Removed, error))
        }
        Err(failure) => Err(failure.fault()),
    }
}

/// The status according to an end user's record. A connection row alone proves nothing: it is created
/// when the auth flow starts. docs/sources/conductor.md#objects
#[must_use]
pub fn passive(end_user: &EndUser) -> RemoteStatus {
    let Some(connections) = &end_user.integration_connections else {
        return RemoteStatus::default();
    };
    let newest = connections.iter().filter(|row| is_of_quickbooks(row) == Some(true));
    let newest = newest.filter_map(|row| Some((success(row)?, row))).max_by_key(|found| found.0);
    let Some((success, row)) = newest else {
        let is_unused = connections.iter().all(is_known_to_be_unused);
        let state = if is_unused { RemoteState::NotSetUp } else { RemoteState::Unknown };
        return RemoteStatus { state, ..RemoteStatus::default() };
    };
    // A newer request that did not succeed may have been refused or interrupted.
    let is_unclear = |request: &Timestamp| request.duration_since(success) > SERVER_WAIT;
    let state = match row.last_request_at.known() {
        Some(request) if is_unclear(request) => RemoteState::Unknown,
        Some(_) | None => RemoteState::Healthy,
    };
    RemoteStatus { state, last_success_at: Some(success), ..RemoteStatus::default() }
}

/// Whether a row belongs to QuickBooks; `None` if it does not say.
fn is_of_quickbooks(row: &IntegrationConnection) -> Option<bool> {
    row.integration_slug.as_deref().map(|slug| slug.starts_with("quickbooks"))
}

fn success(row: &IntegrationConnection) -> Option<Timestamp> {
    row.last_successful_request_at.known().copied()
}

/// True for a row through which QuickBooks has definitely never answered.
fn is_known_to_be_unused(row: &IntegrationConnection) -> bool {
    let never = row.last_successful_request_at.is_absent();
    is_of_quickbooks(row).is_some_and(|own| !own || never)
}

/// Keeps a fault that an active check found until data flows again: the passive record cannot show it.
#[must_use]
pub fn keep_what_a_check_found(last: Option<&RemoteStatus>, passive: RemoteStatus) -> RemoteStatus {
    let Some(last) = last.filter(|last| last.checked_at.is_some()) else { return passive };
    let flowed_since = passive.last_success_at > last.checked_at;
    let found_a_fault = matches!(last.state, RemoteState::Inactive | RemoteState::Broken);
    let is_gone = passive.state == RemoteState::Removed;
    if found_a_fault && !flowed_since && !is_gone { last.clone() } else { passive }
}

/// The status according to an active check.
///
/// # Errors
/// The fault, when the answer says nothing about the connection: a rejected key, an internal error of
/// Conductor, no answer.
pub fn checked(
    answer: &Result<ConductorCheck, ConductorFailure>,
    now: Timestamp,
) -> Result<RemoteStatus, Fault> {
    match answer {
        Ok(check) if check.is_ok() => Ok(RemoteStatus {
            state: RemoteState::Healthy,
            checked_at: Some(now),
            last_success_at: Some(now),
            ..RemoteStatus::default()
        }),
        Ok(_) => Ok(RemoteStatus { checked_at: Some(now), ..RemoteStatus::default() }),
        Err(failure) => match failure.refusal().and_then(|error| Some((refused(error)?, error))) {
            Some((state, error)) => {
                Ok(RemoteStatus { checked_at: Some(now), ..refusal_status(state, error) })
            }
            None => Err(failure.fault()),
        },
    }
}

/// The state of the connection according to a refusal; `None` if the refusal is not about it.
/// docs/sources/conductor.md#error-codes
fn refused(error: &ConductorError) -> Option<RemoteState> {
    if matches!(error.http_status_code, 401 | 403 | 429) || !error.is_from_conductor() {
        return None;
    }
    match error.code.as_deref() {
        Some("INTEGRATION_CONNECTION_NOT_SET_UP") => return Some(RemoteState::NotSetUp),
        Some("INTEGRATION_CONNECTION_NOT_ACTIVE" | "QBD_REQUEST_TIMEOUT") => {
            return Some(RemoteState::Inactive);
        }
        Some("QBD_CONNECTION_ERROR") => return Some(RemoteState::Broken),
        Some(_) | None => {}
    }
    match error.kind {
        _ if is_gone(error) => Some(RemoteState::Removed),
        // QuickBooks processed the request and refused it, so the connection works.
        ErrorType::Integration => Some(RemoteState::Healthy),
        // The end user must correct any other error of this type.
        // docs/sources/conductor.md#error-types
        ErrorType::IntegrationConnection => Some(RemoteState::Broken),
        ErrorType::Authentication | ErrorType::Permission | ErrorType::Internal => None,
        ErrorType::InvalidRequest | ErrorType::Other(_) | ErrorType::Missing => {
            Some(RemoteState::Unknown)
        }
    }
}

/// True if Conductor itself no longer knows the end user. An intermediary's 404 means a wrong address.
fn is_gone(error: &ConductorError) -> bool {
    error.http_status_code == 404 && error.is_from_conductor()
}

fn refusal_status(state: RemoteState, error: &ConductorError) -> RemoteStatus {
    RemoteStatus {
        state,
        user_message: error.text_to_show().map(str::to_owned),
        request_id: error.request_id.clone(),
        integration_code: error.integration_code.clone(),
        ..RemoteStatus::default()
    }
}

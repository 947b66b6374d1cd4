//! Conductor itself, for a business that holds its own key: the end user's record, which is
//! passive, and the health check, which reaches into QuickBooks.
//!
//! Sources: Conductor's API reference (`GET /end-users/{id}`, `GET /quickbooks-desktop/health-check`,
//! error object). `type` and `code` are open sets: an unknown one is never healthy.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reqwest::RequestBuilder;
use serde::Deserialize;
use url::Url;

use super::Provider;
use super::http::{self, Answer, CHECK, Http};
use crate::Secret;
use crate::companion::Told;
use crate::connection::{Connection, Origin};
use crate::evidence::{Fault, RemoteState, RemoteStatus};

/// Where Conductor's API is.
const BASE: &str = "https://api.conductor.is/v1";

/// How long Conductor waits for one QuickBooks request; until then a newer request may still end
/// well. Source: Conductor's error handling guide.
const SERVER_WAIT: SignedDuration = SignedDuration::from_secs(90);

/// Conductor, with the key of this business.
pub struct Conductor {
    http: Http,
    base: Url,
    key: Arc<Secret>,
    connection: Connection,
    end_user: String,
    last: Option<RemoteStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EndUser {
    company_name: Option<String>,
    /// Absent in the oldest generation: then nothing is known.
    integration_connections: Option<Vec<IntegrationConnection>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IntegrationConnection {
    #[serde(default)]
    integration_slug: String,
    last_request_at: Option<String>,
    last_successful_request_at: Option<String>,
}

#[derive(Deserialize)]
struct Failure {
    error: ErrorBody,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    code: String,
    user_facing_message: Option<String>,
    integration_code: Option<String>,
    request_id: Option<String>,
}

impl Conductor {
    /// Conductor for one direct connection, whose last status is `last`. `None` when the
    /// connection is of another kind or its address cannot be used.
    #[must_use]
    pub fn new(
        http: Http,
        connection: Connection,
        last: Option<RemoteStatus>,
        key: Arc<Secret>,
    ) -> Option<Self> {
        let Origin::Direct { end_user, .. } = connection.origin.clone() else { return None };
        let base = Self::address(&connection)?;
        Some(Self { http, base, key, connection, end_user, last })
    }

    /// Where Conductor is for a direct connection; `None` for any other.
    #[must_use]
    pub fn address(connection: &Connection) -> Option<Url> {
        let Origin::Direct { base_url, .. } = &connection.origin else { return None };
        Url::parse(base_url.as_deref().unwrap_or(BASE)).ok()
    }

    fn get(&self, words: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(words);
        }
        // The key leaves here, over TLS, to the provider that gave it.
        self.http.to(&url).get(url.clone()).bearer_auth(self.key.reveal())
    }
}

impl Provider for Conductor {
    async fn statuses(&self) -> Result<Vec<Told>, Fault> {
        let answer = http::send(self.get(&["end-users", &self.end_user])).await?;
        if let Some(fault) = answer.fault() {
            return Err(fault);
        }
        let end_user: EndUser = answer.json()?;
        let status = keep_what_a_check_found(self.last.as_ref(), passive(&end_user));
        Ok(vec![Told {
            id: self.connection.id.clone(),
            company: end_user.company_name,
            provider: self.connection.provider,
            mode: self.connection.mode,
            status,
        }])
    }

    async fn check(&self, _connection: &str) -> Result<RemoteStatus, Fault> {
        let request = self
            .get(&["quickbooks-desktop", "health-check"])
            .header("Conductor-End-User-Id", &self.end_user)
            .timeout(CHECK);
        let answer = http::send(request).await?;
        checked(&answer, Timestamp::now())
    }
}

/// What the record of an end user says. A connection row alone says nothing: it is made when the
/// auth flow starts.
fn passive(end_user: &EndUser) -> RemoteStatus {
    let Some(connections) = &end_user.integration_connections else {
        return RemoteStatus::default();
    };
    let of_quickbooks = |c: &&IntegrationConnection| c.integration_slug.starts_with("quickbooks");
    let Some(connection) = connections.iter().find(of_quickbooks) else {
        return RemoteStatus { state: RemoteState::NotSetUp, ..RemoteStatus::default() };
    };
    let Some(success) = &connection.last_successful_request_at else {
        return RemoteStatus { state: RemoteState::NotSetUp, ..RemoteStatus::default() };
    };
    let request = connection.last_request_at.as_deref().and_then(moment);
    let success = moment(success);
    let state = match (request, success) {
        // A newer request that did not succeed may have been refused, or cut off: nobody can say.
        (Some(request), Some(success)) if request.duration_since(success) > SERVER_WAIT => {
            RemoteState::Unknown
        }
        (_, Some(_)) => RemoteState::Healthy,
        (_, None) => RemoteState::Unknown,
    };
    RemoteStatus { state, last_success_at: success, ..RemoteStatus::default() }
}

/// A fault that a check found stays until data flows again: the passive record cannot see it.
fn keep_what_a_check_found(last: Option<&RemoteStatus>, passive: RemoteStatus) -> RemoteStatus {
    let Some(last) = last.filter(|last| last.checked_at.is_some()) else { return passive };
    let flowed_since = passive.last_success_at > last.checked_at;
    let found_a_fault = matches!(last.state, RemoteState::Inactive | RemoteState::Broken);
    if found_a_fault && !flowed_since { last.clone() } else { passive }
}

/// What a health check says.
fn checked(answer: &Answer, now: Timestamp) -> Result<RemoteStatus, Fault> {
    let status = |state| RemoteStatus { state, checked_at: Some(now), ..RemoteStatus::default() };
    match answer.status {
        200..=299 => {
            return Ok(RemoteStatus { last_success_at: Some(now), ..status(RemoteState::Healthy) });
        }
        401 | 403 => return Err(Fault::Rejected),
        _ => {}
    }
    let Failure { error } = answer.json()?;
    let state = match (error.r#type.as_str(), error.code.as_str()) {
        (_, "INTEGRATION_CONNECTION_NOT_SET_UP") => RemoteState::NotSetUp,
        (_, "INTEGRATION_CONNECTION_NOT_ACTIVE" | "QBD_REQUEST_TIMEOUT") => RemoteState::Inactive,
        ("INTEGRATION_CONNECTION_ERROR", _) => RemoteState::Broken,
        _ => return Err(Fault::Unusable),
    };
    Ok(RemoteStatus {
        user_message: error.user_facing_message,
        request_id: error.request_id,
        integration_code: error.integration_code,
        ..status(state)
    })
}

/// Both of Conductor's date forms: `2024-01-01T12:34:56.789Z` and `2022-11-16 23:51:08.996+00`.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(json: &str) -> RemoteState {
        passive(&serde_json::from_str(json).unwrap()).state
    }

    fn row(request: &str, success: &str) -> String {
        format!(
            r#"{{"integrationConnections":[{{"integrationSlug":"quickbooks_desktop",
            "lastRequestAt":{request},"lastSuccessfulRequestAt":{success}}}]}}"#
        )
    }

    #[test]
    fn a_record_is_connected_only_once_a_request_succeeded() {
        let (early, late) = ("\"2024-01-01T12:00:00Z\"", "\"2024-01-01 13:00:00.5+00\"");
        assert_eq!(state(r#"{"integrationConnections":[]}"#), RemoteState::NotSetUp);
        assert_eq!(state(&row("null", "null")), RemoteState::NotSetUp);
        assert_eq!(state(&row(early, early)), RemoteState::Healthy);
        assert_eq!(state(&row(late, late)), RemoteState::Healthy);
        assert_eq!(state(&row(late, early)), RemoteState::Unknown);
        assert_eq!(state(&row(early, "\"yesterday\"")), RemoteState::Unknown);
        assert_eq!(state("{}"), RemoteState::Unknown, "a missing list says nothing");
    }

    #[test]
    fn a_fault_that_a_check_found_stays_until_data_flows() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let found = RemoteStatus {
            state: RemoteState::Broken,
            checked_at: at("2024-01-02T12:00:00Z"),
            ..RemoteStatus::default()
        };
        let passive = |success: &str| RemoteStatus {
            state: RemoteState::Healthy,
            last_success_at: at(success),
            ..RemoteStatus::default()
        };
        let before = keep_what_a_check_found(Some(&found), passive("2024-01-01T12:00:00Z"));
        assert_eq!(before.state, RemoteState::Broken);
        let after = keep_what_a_check_found(Some(&found), passive("2024-01-02T12:00:01Z"));
        assert_eq!(after.state, RemoteState::Healthy);
    }
}

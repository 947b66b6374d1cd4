//! A Conductor end user: one company file as the provider's cloud sees it.
//!
//! Its state decides what every call that reaches QuickBooks answers, so a test sets one word instead of a script.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{conductor::ConductorError, random};

/// The result of a request to this end user's QuickBooks at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndUserState {
    NotSetUp,
    Inactive,
    Broken,
    Timeout,
    RequestRefused,
    Working,
    Removed,
}

#[derive(Serialize)]
pub struct EndUser {
    pub id: String,
    pub created_at: Timestamp,
    pub company_name: String,
    pub source_id: String,
    pub email: String,
    pub state: EndUserState,
    pub connection: Option<IntegrationConnection>,
    /// Replaces the default `userFacingMessage`.
    pub user_message: Option<String>,
    /// Replaces the default HRESULT or qbXML status code.
    pub integration_code: Option<String>,
    /// Number of health checks and pings: the calls that reach QuickBooks and may cost money.
    pub health_checks: u64,
    /// Number of all other calls that reach QuickBooks.
    pub other_requests: u64,
    /// When the vendor's backend last received news of this connection.
    pub checked_at: Option<Timestamp>,
    /// The id of the request that brought it.
    pub request_id: String,
}

/// The record in Conductor's passive answer. Its existence does not mean that the connection works.
#[derive(Serialize)]
pub struct IntegrationConnection {
    pub id: String,
    pub created_at: Timestamp,
    pub last_request_at: Option<Timestamp>,
    pub last_successful_request_at: Option<Timestamp>,
}

impl EndUser {
    pub fn new(company_name: String, source_id: String, email: String, now: Timestamp) -> Self {
        Self {
            id: random::id("end_usr_"),
            created_at: now,
            company_name,
            source_id,
            email,
            state: EndUserState::NotSetUp,
            connection: None,
            user_message: None,
            integration_code: None,
            health_checks: 0,
            other_requests: 0,
            checked_at: None,
            request_id: random::id("req_"),
        }
    }

    pub fn exists(&self) -> bool {
        self.state != EndUserState::Removed
    }

    /// Sets the state through the control API.
    pub fn set_state(&mut self, state: EndUserState, now: Timestamp) {
        self.state = state;
        self.user_message = None;
        self.integration_code = None;
        self.request_id = random::id("req_");
        self.checked_at = Some(now);
        match state {
            EndUserState::NotSetUp => {
                self.connection = None;
                self.checked_at = None;
            }
            EndUserState::Removed => self.connection = None,
            EndUserState::Working => self.begin_connection(now).record_success(now),
            EndUserState::Inactive
            | EndUserState::Broken
            | EndUserState::Timeout
            | EndUserState::RequestRefused => {
                self.begin_connection(now);
            }
        }
    }

    /// Creates the record, if there is none, as opening the link page does. Clients that take its existence for a
    /// working connection fail here.
    pub fn begin_connection(&mut self, now: Timestamp) -> &mut IntegrationConnection {
        self.connection.get_or_insert_with(|| IntegrationConnection {
            id: random::id("int_conn_"),
            created_at: now,
            last_request_at: None,
            last_successful_request_at: None,
        })
    }

    /// Records that the link page was finished.
    pub fn finish_link(&mut self, counts_as_success: bool, now: Timestamp) {
        let previous = self.connection.take();
        self.set_state(EndUserState::Working, now);
        if !counts_as_success {
            self.connection = previous;
            self.begin_connection(now);
        }
    }

    /// Makes a health check or ping.
    pub fn check_health(&mut self, now: Timestamp) -> Result<(), ConductorError> {
        self.health_checks += 1;
        self.reach_quickbooks(now)
    }

    /// Makes any other request to QuickBooks.
    pub fn request(&mut self, now: Timestamp) -> Result<(), ConductorError> {
        self.other_requests += 1;
        self.reach_quickbooks(now)
    }

    fn reach_quickbooks(&mut self, now: Timestamp) -> Result<(), ConductorError> {
        let error = ConductorError::of_end_user(self);
        let set_up = self.state != EndUserState::NotSetUp;
        if let Some(connection) = self.connection.as_mut().filter(|_| set_up) {
            connection.last_request_at = Some(now);
            if error.is_none() {
                connection.record_success(now);
            }
        }
        error.map_or(Ok(()), Err)
    }
}

impl IntegrationConnection {
    fn record_success(&mut self, now: Timestamp) {
        self.last_request_at = Some(now);
        self.last_successful_request_at = Some(now);
    }
}

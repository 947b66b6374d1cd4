//! A Conductor end user: one company file, as the vendor's cloud sees it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{conductor::Refusal, random};

/// What would happen if someone sent a request to this end user's QuickBooks now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
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
    #[serde(rename = "state")]
    pub condition: Condition,
    pub connection: Option<IntegrationConnection>,
    /// Replaces the sandbox's own `userFacingMessage`.
    pub user_message: Option<String>,
    /// Replaces the sandbox's own HRESULT or qbXML status.
    pub integration_code: Option<String>,
    /// Health checks and pings: the calls that reach into QuickBooks and may cost money.
    pub health_checks: u64,
    /// Every other call that reaches into QuickBooks.
    pub other_requests: u64,
    /// When the vendor's backend last learnt something about this connection.
    pub checked_at: Option<Timestamp>,
    /// The request by which it learnt it.
    pub request_id: String,
}

/// The record which the vendor's passive answer shows. That it exists does not mean that anything works.
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
            condition: Condition::NotSetUp,
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
        self.condition != Condition::Removed
    }

    /// Control's word: from now on, this is how things are.
    pub fn becomes(&mut self, condition: Condition, now: Timestamp) {
        self.condition = condition;
        self.user_message = None;
        self.integration_code = None;
        self.request_id = random::id("req_");
        self.checked_at = Some(now);
        match condition {
            Condition::NotSetUp => {
                self.connection = None;
                self.checked_at = None;
            }
            Condition::Removed => self.connection = None,
            Condition::Working => self.begin_connection(now).succeeded(now),
            Condition::Inactive
            | Condition::Broken
            | Condition::Timeout
            | Condition::RequestRefused => {
                self.begin_connection(now);
            }
        }
    }

    /// The link page was opened. The record appears now, long before anything works: the trap that readers of the
    /// passive answer must not fall into.
    pub fn begin_connection(&mut self, now: Timestamp) -> &mut IntegrationConnection {
        self.connection.get_or_insert_with(|| IntegrationConnection {
            id: random::id("int_conn_"),
            created_at: now,
            last_request_at: None,
            last_successful_request_at: None,
        })
    }

    pub fn link_finished(&mut self, counts_as_success: bool, now: Timestamp) {
        let seen = self.connection.take();
        self.becomes(Condition::Working, now);
        if !counts_as_success {
            self.connection = seen;
            self.begin_connection(now);
        }
    }

    /// A health check or ping.
    pub fn check_health(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.health_checks += 1;
        self.answer(now)
    }

    /// Any other request for QuickBooks.
    pub fn request(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.other_requests += 1;
        self.answer(now)
    }

    fn answer(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let answer = Refusal::of(self);
        let set_up = self.condition != Condition::NotSetUp;
        if let Some(connection) = self.connection.as_mut().filter(|_| set_up) {
            connection.last_request_at = Some(now);
            if answer.is_none() {
                connection.succeeded(now);
            }
        }
        answer.map_or(Ok(()), Err)
    }
}

impl IntegrationConnection {
    fn succeeded(&mut self, now: Timestamp) {
        self.last_request_at = Some(now);
        self.last_successful_request_at = Some(now);
    }
}

//! A company's connection: its status and its errors.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Codat, Integration, PullStatus};

/// A documented status, or any other text that a test sets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConnectionStatus {
    PendingAuth,
    Linked,
    Unlinked,
    Deauthorized,
    #[serde(untagged)]
    Other(String),
}

#[derive(Serialize)]
pub struct DataConnection {
    pub id: String,
    pub company_id: String,
    pub integration: &'static Integration,
    pub created: Timestamp,
    pub status: ConnectionStatus,
    pub last_sync: Option<Timestamp>,
    pub errors: Vec<ConnectionError>,
    pub info: Option<Map<String, Value>>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionError {
    /// A number, but text on the wire.
    pub status_code: String,
    #[serde(default)]
    pub status_text: String,
    #[serde(default)]
    pub error_message: String,
    #[serde(default = "Timestamp::now")]
    pub errored_on: Timestamp,
    pub resolved_on: Option<Timestamp>,
    /// `Active` or `Resolved`; none for an error that is not transient.
    pub status: Option<String>,
}

impl Codat {
    /// Marks the connection as linked and queues its data. The data stays queued: QuickBooks Desktop syncs only on
    /// the customer's schedule.
    pub fn mark_linked(&mut self, id: &str, now: Timestamp) {
        let Some(connection) = self.connection_mut(id) else { return };
        connection.status = ConnectionStatus::Linked;
        connection.resolve_errors(now);
        let (company_id, data_types) =
            (connection.company_id.clone(), connection.integration.data_types);
        for data_type in data_types {
            self.record_pull(&company_id, id, data_type, PullStatus::of("Queued"), now);
        }
    }
}

impl DataConnection {
    fn resolve_errors(&mut self, now: Timestamp) {
        for error in self.errors.iter_mut().filter(|it| it.status.as_deref() == Some("Active")) {
            error.status = Some("Resolved".to_owned());
            error.resolved_on = Some(now);
        }
    }
}

impl ConnectionError {
    pub fn active(code: &str, text: &str, message: &str, now: Timestamp) -> Self {
        Self {
            status_code: code.to_owned(),
            status_text: text.to_owned(),
            error_message: message.to_owned(),
            errored_on: now,
            resolved_on: None,
            status: Some("Active".to_owned()),
        }
    }
}

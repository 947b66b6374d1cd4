//! A company's data: the history of pulls, and the sync state of each data type that follows from it.

use jiff::Timestamp;
use serde::Serialize;

use super::Codat;
use crate::random;

/// Sync state of one data type.
#[derive(Default, Serialize)]
pub struct Dataset {
    pub status: String,
    pub last_successful_sync: Option<Timestamp>,
    pub latest_sync_id: Option<String>,
    pub latest_successful_sync_id: Option<String>,
}

/// One attempt to fetch one data type.
#[derive(Clone, Serialize)]
pub struct Pull {
    pub id: String,
    pub company_id: String,
    pub connection_id: String,
    pub data_type: String,
    pub status: String,
    pub status_description: Option<String>,
    pub error_message: Option<String>,
    pub requested: Timestamp,
    pub completed: Option<Timestamp>,
    /// Percent complete.
    pub progress: u8,
}

/// Result of a pull at the time it is recorded.
#[derive(Default)]
pub struct PullStatus {
    pub status: String,
    pub description: Option<String>,
    pub error_message: Option<String>,
    pub percent: Option<u8>,
}

impl PullStatus {
    pub fn of(status: impl Into<String>) -> Self {
        Self { status: status.into(), ..Self::default() }
    }
}

impl Codat {
    /// Records a pull and updates the sync state of the company's data.
    pub fn record_pull(
        &mut self,
        company_id: &str,
        connection_id: &str,
        data_type: &str,
        result: PullStatus,
        now: Timestamp,
    ) -> Pull {
        let mut pull = Pull {
            id: random::uuid(),
            company_id: company_id.to_owned(),
            connection_id: connection_id.to_owned(),
            data_type: data_type.to_owned(),
            status: result.status,
            status_description: result.description,
            error_message: result.error_message,
            requested: now,
            completed: None,
            progress: 0,
        };
        let ended = pull.is_completed() || pull.is_errored();
        pull.completed = ended.then_some(now);
        pull.progress = result.percent.unwrap_or(if ended { 100 } else { 0 });
        if let Some(company) = self.company_mut(company_id) {
            company.datasets.entry(data_type.to_owned()).or_default().apply(&pull);
            company.last_sync = pull.success_time().or(company.last_sync);
        }
        if let Some(connection) = self.connection_mut(connection_id) {
            connection.last_sync = pull.success_time().or(connection.last_sync);
        }
        self.pulls.push(pull.clone());
        pull
    }
}

impl Dataset {
    fn apply(&mut self, pull: &Pull) {
        self.status.clone_from(&pull.status);
        self.latest_sync_id = Some(pull.id.clone());
        if let Some(time) = pull.success_time() {
            self.last_successful_sync = Some(time);
            self.latest_successful_sync_id = Some(pull.id.clone());
        }
    }
}

impl Pull {
    pub fn is_completed(&self) -> bool {
        matches!(self.status.as_str(), "Complete" | "NotSupported" | "Cancelled")
    }

    fn success_time(&self) -> Option<Timestamp> {
        self.completed.filter(|_| self.status == "Complete")
    }

    pub fn is_errored(&self) -> bool {
        self.status.ends_with("Error") || self.status == "PrerequisiteNotMet"
    }
}

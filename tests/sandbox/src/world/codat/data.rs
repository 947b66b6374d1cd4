//! A company's data: each attempt to fetch some of it, and how far each kind has come.

use jiff::Timestamp;
use serde::Serialize;

use super::Codat;
use crate::random;

/// How far one kind of data has come.
#[derive(Default, Serialize)]
pub struct Dataset {
    pub status: String,
    pub last_successful_sync: Option<Timestamp>,
    pub latest_sync_id: Option<String>,
    pub latest_successful_sync_id: Option<String>,
}

/// One attempt to fetch one kind of data.
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
    /// In percent.
    pub progress: u8,
}

/// What is known of a pull when it is entered.
#[derive(Default)]
pub struct Progress {
    pub status: String,
    pub description: Option<String>,
    pub error_message: Option<String>,
    pub percent: Option<u8>,
}

impl Progress {
    pub fn of(status: impl Into<String>) -> Self {
        Self { status: status.into(), ..Self::default() }
    }
}

impl Codat {
    /// Enters a pull, and what it means for the data of the company.
    pub fn pulled(
        &mut self,
        company_id: &str,
        connection_id: &str,
        data_type: &str,
        progress: Progress,
        now: Timestamp,
    ) -> Pull {
        let mut pull = Pull {
            id: random::uuid(),
            company_id: company_id.to_owned(),
            connection_id: connection_id.to_owned(),
            data_type: data_type.to_owned(),
            status: progress.status,
            status_description: progress.description,
            error_message: progress.error_message,
            requested: now,
            completed: None,
            progress: 0,
        };
        let over = pull.is_completed() || pull.is_errored();
        pull.completed = over.then_some(now);
        pull.progress = progress.percent.unwrap_or(if over { 100 } else { 0 });
        if let Some(company) = self.company_mut(company_id) {
            company.datasets.entry(data_type.to_owned()).or_default().follow(&pull);
            company.last_sync = pull.succeeded().or(company.last_sync);
        }
        if let Some(connection) = self.connection_mut(connection_id) {
            connection.last_sync = pull.succeeded().or(connection.last_sync);
        }
        self.pulls.push(pull.clone());
        pull
    }
}

impl Dataset {
    fn follow(&mut self, pull: &Pull) {
        self.status.clone_from(&pull.status);
        self.latest_sync_id = Some(pull.id.clone());
        if let Some(time) = pull.succeeded() {
            self.last_successful_sync = Some(time);
            self.latest_successful_sync_id = Some(pull.id.clone());
        }
    }
}

impl Pull {
    pub fn is_completed(&self) -> bool {
        matches!(self.status.as_str(), "Complete" | "NotSupported" | "Cancelled")
    }

    fn succeeded(&self) -> Option<Timestamp> {
        self.completed.filter(|_| self.status == "Complete")
    }

    pub fn is_errored(&self) -> bool {
        self.status.ends_with("Error") || self.status == "PrerequisiteNotMet"
    }
}

//! The vendor backend's own records: enrollment codes, the devices that used them, their connections and reports.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{EndUserState, LinkState, World};
use crate::random;

/// The only integration that this vendor offers.
pub const INTEGRATION: &str = "quickbooks_desktop";

/// How a customer uses QuickBooks.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Attended,
    Unattended,
    MultipleFiles,
}

/// A connection's status in the Backend Protocol.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Healthy,
    NotSetUp,
    Waiting,
    Inactive,
    Broken,
    Deauthorized,
    Unlinked,
    Removed,
    Unknown,
}

/// A one-time code for one device.
pub struct Enrollment {
    pub code: String,
    pub account: String,
    pub url: String,
    pub mode: Mode,
    pub expires_at: Timestamp,
    pub used: bool,
    pub connection_ids: Vec<String>,
}

pub struct Device {
    pub id: String,
    pub name: String,
    pub platform: String,
    pub app_version: String,
    pub account: String,
    pub mode: Mode,
    pub token: String,
    pub signing_secret: String,
    pub revoked: bool,
}

pub struct Connection {
    pub id: String,
    /// None until a device has used the enrollment code.
    pub device_id: Option<String>,
    pub end_user_id: String,
    pub mode: Mode,
    /// Set by the vendor or by the control API; takes precedence over what Conductor reports.
    pub status_override: Option<Status>,
}

/// One request to `POST /v1/events`, recorded whether or not it was accepted.
#[derive(Serialize)]
pub struct Delivery {
    pub device_id: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub verified: bool,
    pub duplicate: bool,
    pub received_at: Timestamp,
}

impl World {
    /// Adds an enrollment code and its connections, each with an end user of its own.
    pub fn add_enrollment(
        &mut self,
        account: String,
        url: String,
        mode: Mode,
        connections: u32,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> &Enrollment {
        let connection_ids =
            (0..connections).map(|_| self.add_connection(&account, mode, None, now)).collect();
        let expires_at = now.checked_add(lifetime).unwrap_or(Timestamp::MAX);
        let code = random::id("code_");
        self.enrollments.push_mut(Enrollment {
            code,
            account,
            url,
            mode,
            expires_at,
            used: false,
            connection_ids,
        })
    }

    pub fn add_connection(
        &mut self,
        account: &str,
        mode: Mode,
        device_id: Option<String>,
        now: Timestamp,
    ) -> String {
        let end_user_id = self.add_end_user(
            account.to_owned(),
            random::id("source_"),
            "books@sandbox.invalid".to_owned(),
            now,
        );
        let id = random::id("con_");
        self.connections.push(Connection {
            id: id.clone(),
            device_id,
            end_user_id,
            mode,
            status_override: None,
        });
        id
    }

    /// The status that the backend reports to its devices. A slow or refused request does not break the connection.
    pub fn status(&self, connection: &Connection, now: Timestamp) -> Status {
        if let Some(status_override) = connection.status_override {
            return status_override;
        }
        let user = self.end_user(&connection.end_user_id);
        match user.map_or(EndUserState::Removed, |user| user.state) {
            EndUserState::Working | EndUserState::Timeout | EndUserState::RequestRefused => {
                Status::Healthy
            }
            EndUserState::NotSetUp if self.has_open_link(&connection.end_user_id, now) => {
                Status::Waiting
            }
            EndUserState::NotSetUp => Status::NotSetUp,
            EndUserState::Inactive => Status::Inactive,
            EndUserState::Broken => Status::Broken,
            EndUserState::Removed => Status::Removed,
        }
    }

    fn has_open_link(&self, end_user_id: &str, now: Timestamp) -> bool {
        let mut links = self.sessions.iter().filter(|session| session.end_user_id == end_user_id);
        links.any(|session| session.link_state(now) == LinkState::Open)
    }
}

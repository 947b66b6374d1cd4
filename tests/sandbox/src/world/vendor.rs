//! What the vendor's own backend keeps: codes it handed out, devices that used them, their connections and reports.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Condition, Standing, World};
use crate::random;

/// The one integration this vendor offers.
pub const INTEGRATION: &str = "quickbooks_desktop";

/// How QuickBooks is used at this customer's.
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
    /// None until a device has used the enrolment code.
    pub device_id: Option<String>,
    pub end_user_id: String,
    pub mode: Mode,
    /// Said by the vendor or by control, against what Conductor would say.
    pub pinned: Option<Status>,
}

/// One request to `POST /v1/events`, kept whether or not it was accepted.
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
    /// A code, with its connections already there and each with an end user of its own.
    pub fn add_enrollment(
        &mut self,
        account: String,
        url: String,
        mode: Mode,
        connections: u32,
        lives: SignedDuration,
        now: Timestamp,
    ) -> &Enrollment {
        let connection_ids =
            (0..connections).map(|_| self.add_connection(&account, mode, None, now)).collect();
        let expires_at = now.checked_add(lives).unwrap_or(Timestamp::MAX);
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
            pinned: None,
        });
        id
    }

    /// The status which the backend tells its devices. A slow or refused request is not a fault of the connection.
    pub fn status(&self, connection: &Connection, now: Timestamp) -> Status {
        if let Some(pinned) = connection.pinned {
            return pinned;
        }
        let user = self.end_user(&connection.end_user_id);
        match user.map_or(Condition::Removed, |user| user.condition) {
            Condition::Working | Condition::Timeout | Condition::RequestRefused => Status::Healthy,
            Condition::NotSetUp if self.has_open_link(&connection.end_user_id, now) => {
                Status::Waiting
            }
            Condition::NotSetUp => Status::NotSetUp,
            Condition::Inactive => Status::Inactive,
            Condition::Broken => Status::Broken,
            Condition::Removed => Status::Removed,
        }
    }

    fn has_open_link(&self, end_user_id: &str, now: Timestamp) -> bool {
        let mut links = self.sessions.iter().filter(|session| session.end_user_id == end_user_id);
        links.any(|session| session.standing(now) == Standing::Open)
    }
}

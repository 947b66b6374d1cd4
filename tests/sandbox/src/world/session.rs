//! An auth session: the link that is sent to the person at the QuickBooks computer. Its life is the vendor's (30
//! minutes unless asked otherwise); that it works once, and what the page says afterwards, is the sandbox's choice.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::random;

#[derive(Clone, Serialize)]
pub struct AuthSession {
    pub id: String,
    pub created_at: Timestamp,
    pub end_user_id: String,
    pub client_secret: String,
    pub auth_flow_url: String,
    pub expires_at: Timestamp,
    pub redirect_url: Option<String>,
    /// How often the page was asked for, whatever it then said.
    pub opens: u64,
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Finished,
    Cancelled,
}

/// What the link is still good for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Open,
    Used,
    Expired,
}

impl AuthSession {
    pub fn new(
        end_user_id: String,
        minutes: f64,
        redirect_url: Option<String>,
        legacy: bool,
        now: Timestamp,
    ) -> Self {
        let life = SignedDuration::try_from_secs_f64(minutes * 60.0).unwrap_or_default();
        Self {
            id: random::id(if legacy { "int_conn_auth_sess_" } else { "auth_sess_" }),
            created_at: now,
            end_user_id,
            client_secret: random::id("auth_sess_client_secret_"),
            auth_flow_url: String::new(),
            expires_at: now.checked_add(life).unwrap_or(Timestamp::MAX),
            redirect_url,
            opens: 0,
            outcome: None,
        }
    }

    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.outcome.is_some() {
            Standing::Used
        } else if self.expires_at <= now {
            Standing::Expired
        } else {
            Standing::Open
        }
    }
}

//! A Conductor auth session: the link that is sent to the user at the QuickBooks computer.
//!
//! Its lifetime is documented (30 minutes by default). That it works once, and what the page says afterwards, is the
//! sandbox's choice.

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
    /// How often the page was requested, whatever it answered.
    pub opens: u64,
    pub outcome: Option<SessionOutcome>,
}

/// How the user left the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionOutcome {
    Finished,
    Canceled,
}

/// Whether a link still works.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
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
        let lifetime = SignedDuration::try_from_secs_f64(minutes * 60.0).unwrap_or_default();
        Self {
            id: random::id(if legacy { "int_conn_auth_sess_" } else { "auth_sess_" }),
            created_at: now,
            end_user_id,
            client_secret: random::id("auth_sess_client_secret_"),
            auth_flow_url: String::new(),
            expires_at: now.checked_add(lifetime).unwrap_or(Timestamp::MAX),
            redirect_url,
            opens: 0,
            outcome: None,
        }
    }

    pub fn link_state(&self, now: Timestamp) -> LinkState {
        if self.outcome.is_some() {
            LinkState::Used
        } else if self.expires_at <= now {
            LinkState::Expired
        } else {
            LinkState::Open
        }
    }
}

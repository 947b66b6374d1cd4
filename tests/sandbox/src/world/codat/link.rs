//! The link to Codat's authorization pages.
//!
//! Codat documents that a one-time password works once and expires after a day. That each read of a connection
//! creates a new one, and that older ones remain valid until they are used, is the sandbox's choice.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Codat, ConnectionError, ConnectionStatus};
use crate::{random, world::LinkState};

#[derive(Serialize)]
pub struct Link {
    pub connection_id: String,
    pub otp: String,
    pub expires_at: Timestamp,
    /// How often the page was requested, whatever it answered.
    pub opens: u64,
    pub outcome: Option<VisitOutcome>,
}

/// How the user left the page.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitOutcome {
    Finish,
    Cancel,
    Fail,
    /// The source was already connected.
    Already,
    Unsupported,
}

impl VisitOutcome {
    /// Each outcome with its path segment and the label of its button.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Finish, "finish", "Finish"),
        (Self::Cancel, "cancel", "Cancel"),
        (Self::Fail, "fail", "Fail"),
        (Self::Already, "already", "Already connected"),
        (Self::Unsupported, "unsupported", "Not supported"),
    ];

    /// The redirect's `statusCode` and `errorMessage`, as documented, and its `statusText`, which is ours.
    pub fn redirect_values(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Finish => ("200", "", ""),
            Self::Already => ("201", "", ""),
            Self::Cancel => ("403", "User cancelled.", "User cancelled linking"),
            Self::Fail => ("500", "Unknown error occurred.", "sandbox: the user pressed Fail"),
            Self::Unsupported => ("501", "Not supported.", "sandbox: not supported"),
        }
    }
}

impl Codat {
    /// Creates a link for the user at the QuickBooks computer.
    pub fn create_link(&mut self, connection_id: &str, now: Timestamp) -> String {
        let company_id = self.connection(connection_id).map_or("", |it| it.company_id.as_str());
        let start =
            format!("{}/companies/{company_id}/connections/{connection_id}/start", self.connect);
        if !self.settings.one_time_passwords {
            return start;
        }
        let otp = random::id("");
        let lifetime = SignedDuration::from_mins(self.settings.link_minutes);
        self.links.push(Link {
            connection_id: connection_id.to_owned(),
            otp: otp.clone(),
            expires_at: now.checked_add(lifetime).unwrap_or(Timestamp::MAX),
            opens: 0,
            outcome: None,
        });
        format!("{start}?otp={otp}")
    }

    /// Returns whether a link still works, or None if there is no such link. Opening a link is counted and uses it
    /// up; the page that is open can still be finished.
    pub fn visit(
        &mut self,
        connection_id: &str,
        otp: &str,
        opens: bool,
        now: Timestamp,
    ) -> Option<LinkState> {
        let needs_no_password = !self.settings.one_time_passwords && otp.is_empty();
        if needs_no_password {
            return Some(LinkState::Open);
        }
        let mut links = self.links.iter_mut().filter(|link| link.connection_id == connection_id);
        let link = links.find(|link| link.otp == otp)?;
        link.opens += u64::from(opens);
        Some(if link.outcome.is_some() || (opens && link.opens > 1) {
            LinkState::Used
        } else if link.expires_at <= now {
            LinkState::Expired
        } else {
            LinkState::Open
        })
    }

    /// Records which button of the page was pressed.
    pub fn end_visit(
        &mut self,
        connection_id: &str,
        otp: &str,
        outcome: VisitOutcome,
        now: Timestamp,
    ) {
        if let Some(link) = self.links.iter_mut().find(|link| link.otp == otp) {
            link.outcome = Some(outcome);
        }
        let (code, _, text) = outcome.redirect_values();
        let error = match outcome {
            VisitOutcome::Finish => return self.mark_linked(connection_id, now),
            VisitOutcome::Already => return,
            VisitOutcome::Cancel => ConnectionError::active(code, text, "User cancelled", now),
            VisitOutcome::Fail => {
                ConnectionError::active(code, text, "Unknown error occurred.", now)
            }
            VisitOutcome::Unsupported => ConnectionError::active(code, text, "Not supported.", now),
        };
        if let Some(connection) = self.connection_mut(connection_id)
            && connection.status != ConnectionStatus::Linked
        {
            connection.errors.push(error);
        }
    }
}

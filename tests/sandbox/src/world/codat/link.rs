//! The link to Codat's own pages. That each reading of a connection makes a new one-time password, and that older
//! ones stay good until they are used, is the sandbox's choice; once and one day are the vendor's.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Codat, ConnectionError, ConnectionStatus};
use crate::{random, world::Standing};

#[derive(Serialize)]
pub struct Link {
    pub connection_id: String,
    pub otp: String,
    pub expires_at: Timestamp,
    /// How often the page was asked for, whatever it then said.
    pub opens: u64,
    pub ending: Option<Ending>,
}

/// How a visit of the page ends.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Finish,
    Cancel,
    Fail,
    /// The source was connected before, and the person left again.
    Already,
    Unsupported,
}

impl Ending {
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Finish, "finish", "Finish"),
        (Self::Cancel, "cancel", "Cancel"),
        (Self::Fail, "fail", "Fail"),
        (Self::Already, "already", "Already connected"),
        (Self::Unsupported, "unsupported", "Not supported"),
    ];

    /// What a redirect says: `statusCode` and `errorMessage`, as documented, and `statusText`, which is ours.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Finish => ("200", "", ""),
            Self::Already => ("201", "", ""),
            Self::Cancel => ("403", "User cancelled.", "User cancelled linking"),
            Self::Fail => ("500", "Unknown error occurred.", "sandbox: the page was told to fail"),
            Self::Unsupported => ("501", "Not supported.", "sandbox: not supported"),
        }
    }
}

impl Codat {
    /// Where the person at the QuickBooks computer is to go.
    pub fn mint_link(&mut self, connection_id: &str, now: Timestamp) -> String {
        let company_id = self.connection(connection_id).map_or("", |it| it.company_id.as_str());
        let start =
            format!("{}/companies/{company_id}/connections/{connection_id}/start", self.connect);
        if !self.settings.one_time_passwords {
            return start;
        }
        let otp = random::id("");
        let life = SignedDuration::from_mins(self.settings.link_minutes);
        self.links.push(Link {
            connection_id: connection_id.to_owned(),
            otp: otp.clone(),
            expires_at: now.checked_add(life).unwrap_or(Timestamp::MAX),
            opens: 0,
            ending: None,
        });
        format!("{start}?otp={otp}")
    }

    /// What a link is good for; None if there is no such link. Opening it is counted and uses it up; whoever has
    /// opened it can still press a button.
    pub fn visit(
        &mut self,
        connection_id: &str,
        otp: &str,
        opens: bool,
        now: Timestamp,
    ) -> Option<Standing> {
        let free = !self.settings.one_time_passwords && otp.is_empty();
        if free {
            return Some(Standing::Open);
        }
        let mut links = self.links.iter_mut().filter(|link| link.connection_id == connection_id);
        let link = links.find(|link| link.otp == otp)?;
        link.opens += u64::from(opens);
        Some(if link.ending.is_some() || (opens && link.opens > 1) {
            Standing::Used
        } else if link.expires_at <= now {
            Standing::Expired
        } else {
            Standing::Open
        })
    }

    /// A button of the page was pressed.
    pub fn leave(&mut self, connection_id: &str, otp: &str, ending: Ending, now: Timestamp) {
        if let Some(link) = self.links.iter_mut().find(|link| link.otp == otp) {
            link.ending = Some(ending);
        }
        let (code, _, text) = ending.words();
        let error = match ending {
            Ending::Finish => return self.linked(connection_id, now),
            Ending::Already => return,
            Ending::Cancel => ConnectionError::active(code, text, "User cancelled", now),
            Ending::Fail => ConnectionError::active(code, text, "Unknown error occurred.", now),
            Ending::Unsupported => ConnectionError::active(code, text, "Not supported.", now),
        };
        if let Some(connection) = self.connection_mut(connection_id)
            && connection.status != ConnectionStatus::Linked
        {
            connection.errors.push(error);
        }
    }
}

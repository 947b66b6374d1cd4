//! What can be asked of the running companion: a verb, a space, the rest of the line.

use deskside_model::connection::Connection;
use deskside_model::evidence::{Fault, RemoteStatus};
use deskside_model::{ConnectionId, DeviceId, Secret};
use serde::{Deserialize, Serialize};

/// A request to the running companion.
#[derive(Debug)]
pub enum Request {
    /// The state, as [`deskside_companion::Summary`].
    Summary,
    /// What was observed last, as [`deskside_model::evidence::Evidence`].
    Evidence,
    /// Take this deep link, as if it had been clicked.
    Link(Secret),
    /// Show the window.
    Summon,
    /// Take up a connection whose secret is already in the vault.
    Add(Box<Connection>),
    /// Get a new link for this connection and open it, as the button in the window does.
    OpenLink(ConnectionId),
    /// Take in what another process was answered about a connection, so that nobody asks twice.
    Told(Box<CheckResult>),
    /// Forget a connection that its application has forgotten already, or does not keep.
    Forget(ConnectionId),
    /// End what links this computer to the backend of this device.
    SignOut(DeviceId),
    /// End. For who replaces or removes the program.
    Quit,
}

/// What a process beside the companion was answered about a connection.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Which connection.
    pub connection: ConnectionId,
    /// How it is, or why nobody can say.
    pub answer: Result<RemoteStatus, Fault>,
}

impl Request {
    /// The line to send, with its end. Secret, because it may be a link.
    #[must_use]
    pub fn line(&self) -> Secret {
        Secret::new(match self {
            Self::Summary => "summary\n".into(),
            Self::Evidence => "evidence\n".into(),
            // To a process of the same user that does the same with it as this one would.
            Self::Link(link) => format!("link {}\n", link.reveal()),
            Self::Summon => "summon\n".into(),
            Self::Add(connection) => {
                format!("add {}\n", serde_json::to_string(connection).unwrap_or_default())
            }
            Self::OpenLink(id) => format!("open_link {id}\n"),
            Self::Told(told) => {
                format!("told {}\n", serde_json::to_string(told).unwrap_or_default())
            }
            Self::Forget(id) => format!("forget {id}\n"),
            Self::SignOut(device) => format!("sign_out {device}\n"),
            Self::Quit => "quit\n".into(),
        })
    }

    /// Reads a line; `None` for one that is not understood.
    #[must_use]
    pub fn parse(line: String) -> Option<Self> {
        let line = Secret::new(line);
        let text = line.reveal().trim_end_matches(['\r', '\n']);
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        match verb {
            "summary" => Some(Self::Summary),
            "evidence" => Some(Self::Evidence),
            "link" => Some(Self::Link(Secret::new(rest.to_owned()))),
            "summon" => Some(Self::Summon),
            "add" => {
                serde_json::from_str(rest).ok().map(|connection| Self::Add(Box::new(connection)))
            }
            "open_link" => Some(Self::OpenLink(rest.into())),
            "told" => serde_json::from_str(rest).ok().map(|told| Self::Told(Box::new(told))),
            "forget" => Some(Self::Forget(rest.into())),
            "sign_out" => Some(Self::SignOut(rest.into())),
            "quit" => Some(Self::Quit),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_arrives_as_it_was_sent() {
        let link = "deskside://connect?link=https%3A%2F%2Fx%2F&b=|%20'\"";
        let line = Request::Link(Secret::new(link.into())).line();
        let Some(Request::Link(arrived)) = Request::parse(line.reveal().to_owned()) else {
            panic!("not a link any more");
        };
        assert_eq!(arrived.reveal(), link);
    }

    #[test]
    fn what_was_answered_elsewhere_arrives_as_it_was_sent() {
        let status = RemoteStatus { user_message: Some("a\nb".into()), ..RemoteStatus::default() };
        for answer in [Ok(status), Err(Fault::Rejected)] {
            let told = CheckResult { connection: "direct-1".into(), answer: answer.clone() };
            let line = Request::Told(Box::new(told)).line();
            assert_eq!(line.reveal().matches('\n').count(), 1, "not one line");
            let Some(Request::Told(arrived)) = Request::parse(line.reveal().to_owned()) else {
                panic!("not understood");
            };
            assert_eq!((arrived.connection.as_str(), &arrived.answer), ("direct-1", &answer));
        }
    }

    #[test]
    fn what_is_not_understood_is_nothing() {
        for line in ["", "\n", "launch missiles\n", "add {}\n", "told {}\n"] {
            assert!(Request::parse(line.into()).is_none(), "{line:?}");
        }
    }
}

//! What can be asked of the running companion: a verb, a space, the rest of the line.

use crate::Secret;
use crate::connection::Connection;

/// A request to the running companion.
#[derive(Debug)]
pub enum Request {
    /// The state, as [`crate::companion::Summary`].
    Summary,
    /// What was observed last, as [`crate::evidence::Evidence`].
    Evidence,
    /// Take this deep link, as if it had been clicked.
    Link(Secret),
    /// Show the window.
    Summon,
    /// Take up a connection whose secret is already in the vault.
    Add(Box<Connection>),
    /// Forget a connection.
    Forget(String),
    /// End. For who replaces or removes the program.
    Quit,
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
            Self::Forget(id) => format!("forget {id}\n"),
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
            "forget" => Some(Self::Forget(rest.to_owned())),
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
    fn what_is_not_understood_is_nothing() {
        for line in ["", "\n", "launch missiles\n", "add {}\n"] {
            assert!(Request::parse(line.into()).is_none(), "{line:?}");
        }
    }
}

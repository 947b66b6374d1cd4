//! Why a deep link is refused: stable codes for machines, one plain sentence for the person.

use super::Word;

/// The reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Another scheme, or no URL at all.
    NotDeskside,
    /// More than [`super::MAX_BYTES`].
    TooLong,
    /// Control characters, white space, broken percent-encoding, a path where none belongs.
    Malformed,
    /// The word after `deskside://` is not one of ours.
    UnknownAction,
    /// A required parameter is absent.
    MissingParameter,
    /// A known parameter stands twice.
    DuplicateParameter,
    /// A known parameter has a value that it cannot have.
    BadParameter,
    /// Not `https`.
    InsecureLink,
    /// A user name or password before the host.
    CredentialsInLink,
    /// A port other than the default one.
    UnexpectedPort,
    /// A `#` part.
    UnexpectedFragment,
    /// The host is not on the list, or not written plainly.
    UntrustedHost,
    /// `deskside://open/…` with a page that does not exist.
    UnknownPage,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 13] = [
        Self::NotDeskside,
        Self::TooLong,
        Self::Malformed,
        Self::UnknownAction,
        Self::MissingParameter,
        Self::DuplicateParameter,
        Self::BadParameter,
        Self::InsecureLink,
        Self::CredentialsInLink,
        Self::UnexpectedPort,
        Self::UnexpectedFragment,
        Self::UntrustedHost,
        Self::UnknownPage,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDeskside => "not_deskside",
            Self::TooLong => "too_long",
            Self::Malformed => "malformed",
            Self::UnknownAction => "unknown_action",
            Self::MissingParameter => "missing_parameter",
            Self::DuplicateParameter => "duplicate_parameter",
            Self::BadParameter => "bad_parameter",
            Self::InsecureLink => "insecure_link",
            Self::CredentialsInLink => "credentials_in_link",
            Self::UnexpectedPort => "unexpected_port",
            Self::UnexpectedFragment => "unexpected_fragment",
            Self::UntrustedHost => "untrusted_host",
            Self::UnknownPage => "unknown_page",
        }
    }

    /// One plain sentence for the person who clicked the link.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotDeskside => "That is not a Deskside link.",
            Self::TooLong => "The link is longer than any real one, so Deskside did not use it.",
            Self::Malformed | Self::BadParameter | Self::MissingParameter => {
                "The link is damaged; ask for a new one and click it without changing it."
            }
            Self::DuplicateParameter => {
                "The link says the same thing twice, so Deskside cannot tell what it means."
            }
            Self::UnknownAction => {
                "The link asks for something that this version of Deskside does not know."
            }
            Self::InsecureLink => "The link leads to a page without protection.",
            Self::CredentialsInLink => "The link carries a user name, which a real one never does.",
            Self::UnexpectedPort | Self::UnexpectedFragment => {
                "The link has a form that a real one never has."
            }
            Self::UntrustedHost => "The link leads to a website that Deskside does not know.",
            Self::UnknownPage => "The link asks for a page that Deskside does not have.",
        }
    }
}

/// A refused deep link, with what was understood before it was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("deep link refused: {}", reason.code())]
pub struct Refused {
    /// Why.
    pub reason: Refusal,
    /// The word, where it was understood.
    pub word: Option<Word>,
    /// The host it leads to, where one was understood.
    pub host: Option<String>,
}

impl From<Refusal> for Refused {
    fn from(reason: Refusal) -> Self {
        Self { reason, word: None, host: None }
    }
}

//! Why a deep link is refused: stable codes for machines, one plain sentence for the person.

use deskside_text as text;

use super::Word;

/// The reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkRefusal {
    /// Another scheme, or not a URL.
    NotDeskside,
    /// More than [`super::MAX_BYTES`].
    TooLong,
    /// Control characters, white space, broken percent-encoding, or an unexpected path.
    Malformed,
    /// Not one of the actions after `deskside://`.
    UnknownAction,
    /// A required parameter is missing.
    MissingParameter,
    /// A known parameter occurs twice.
    DuplicateParameter,
    /// A known parameter has an invalid value.
    BadParameter,
    /// Not `https`.
    InsecureLink,
    /// A user name or password before the host.
    CredentialsInLink,
    /// A port other than the default one.
    UnexpectedPort,
    /// A `#` part.
    UnexpectedFragment,
    /// The host is not trusted, or is not written plainly.
    UntrustedHost,
    /// `deskside://open/…` with a page that does not exist.
    UnknownPage,
}

impl LinkRefusal {
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
    pub fn sentence(self) -> String {
        match self {
            Self::NotDeskside => text::link_not_deskside(),
            Self::TooLong => text::link_too_long(),
            Self::Malformed | Self::BadParameter | Self::MissingParameter => text::link_damaged(),
            Self::DuplicateParameter => text::link_ambiguous(),
            Self::UnknownAction => text::link_unknown_action(),
            Self::InsecureLink => text::link_insecure(),
            Self::CredentialsInLink => text::link_with_user_name(),
            Self::UnexpectedPort | Self::UnexpectedFragment => text::link_unusual(),
            Self::UntrustedHost => text::link_unknown_website(),
            Self::UnknownPage => text::link_unknown_page(),
        }
    }
}

/// A refused deep link, with what was recognized before it was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("deep link refused: {}", reason.code())]
pub struct Refused {
    /// Why.
    pub reason: LinkRefusal,
    /// The action, if recognized.
    pub word: Option<Word>,
    /// The host it leads to, if recognized.
    pub host: Option<String>,
}

impl From<LinkRefusal> for Refused {
    fn from(reason: LinkRefusal) -> Self {
        Self { reason, word: None, host: None }
    }
}

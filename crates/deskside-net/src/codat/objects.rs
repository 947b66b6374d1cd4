//! The objects of Codat's API. Only an identifier is required; an unknown word is kept as text.
//! docs/sources/codat.md#objects

use deskside_model::Secret;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::fields::{Fields, text};

/// One customer's business.
#[derive(Debug)]
pub struct Company {
    /// Codat's identifier; the same for every link of the business.
    pub id: String,
    /// Its name, often the client's own identifier of the customer.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its Hosted Link address, which anyone who has it can use. docs/sources/codat.md#links
    pub redirect: Option<Secret>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When data was last transferred.
    pub last_sync: Option<Timestamp>,
    /// Its connections; `None` if they are not listed, or not all of them can be read.
    pub data_connections: Option<Vec<CodatConnection>>,
}

/// A connection of a company.
#[derive(Debug)]
pub struct CodatConnection {
    /// Codat's identifier.
    pub id: String,
    /// The integration's key of four letters; `pqsw` is QuickBooks Desktop.
    /// docs/sources/codat.md#quickbooks-desktop
    pub integration_key: Option<String>,
    /// The platform's full name.
    pub platform_name: Option<String>,
    /// Its kind, for example `Accounting`.
    pub source_type: Option<String>,
    /// Its status.
    pub status: ConnectionStatus,
    /// The link. With a one-time password it opens once and expires after a day.
    /// docs/sources/codat.md#links
    pub link_url: Option<Secret>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When data was last transferred.
    pub last_sync: Option<Timestamp>,
    /// The errors that Codat has recorded.
    pub errors: Vec<ConnectionError>,
    /// The connector's own information; the names are not documented.
    pub info: Vec<(String, String)>,
}

/// The status of a connection. docs/sources/codat.md#connection-status
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// The user has not completed the link.
    PendingAuth,
    /// It can be used.
    Linked,
    /// Stopped on purpose; its data is kept.
    Unlinked,
    /// It was linked and has lost its access, or a one-time transfer has ended.
    Deauthorized,
    /// A word unknown to this version, or none.
    Unknown(String),
}

/// An error of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionError {
    /// A status like those of HTTP, as text.
    pub status_code: Option<String>,
    /// The status in words.
    pub status_text: Option<String>,
    /// The message for people.
    pub message: Option<String>,
    /// When it occurred.
    pub errored_on: Option<Timestamp>,
    /// Whether it is still active.
    pub state: ErrorState,
}

/// Whether an error is still active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorState {
    /// It is active.
    Active,
    /// It is resolved.
    Resolved,
    /// Unknown.
    Unknown,
}

/// A platform that can be connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodatIntegration {
    /// Four letters.
    pub key: String,
    /// Its name; empty if missing.
    pub name: String,
    /// Its logo.
    pub logo: Option<Url>,
    /// Whether the client offers it.
    pub enabled: bool,
    /// Its kind, for example `Accounting`.
    pub source_type: Option<String>,
    /// Whether it requires a program on the user's computer.
    pub is_offline_connector: Option<bool>,
    /// Whether it is a beta version.
    pub is_beta: Option<bool>,
    /// The data types that it supports.
    pub data_types: Vec<String>,
}

/// The pictures of an integration. Intuit requires its own buttons, unaltered.
/// docs/sources/codat.md#branding
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branding {
    /// The logo with its name.
    pub logo: Option<Image>,
    /// The logo as a square.
    pub square: Option<Image>,
    /// The button.
    pub button: Option<Image>,
    /// The button under the pointer or with the focus.
    pub button_hover: Option<Image>,
}

/// A hosted picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its address.
    pub src: Url,
    /// Its text alternative.
    pub alt: Option<String>,
}

impl Company {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        Some(Self {
            id: fields.text("id")?,
            name: fields.text("name"),
            description: fields.text("description"),
            redirect: fields.secret("redirect"),
            created: fields.moment("created"),
            last_sync: fields.moment("lastSync"),
            data_connections: fields
                .list("dataConnections")
                .and_then(|all| all.iter().map(CodatConnection::from).collect()),
        })
    }
}

impl CodatConnection {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        let errors = fields.list("dataConnectionErrors").unwrap_or_default();
        let info = fields.object("connectionInfo").names();
        Some(Self {
            id: fields.text("id")?,
            integration_key: fields.text("integrationKey"),
            platform_name: fields.text("platformName"),
            source_type: fields.text("sourceType"),
            status: ConnectionStatus::of(fields.text("status")),
            link_url: fields.secret("linkUrl"),
            created: fields.moment("created"),
            last_sync: fields.moment("lastSync"),
            errors: errors.iter().map(|error| ConnectionError::read(Fields::of(error))).collect(),
            info: info.filter_map(|(name, value)| Some((name.to_owned(), text(value)?))).collect(),
        })
    }

    fn from(value: &Value) -> Option<Self> {
        Self::read(Fields::of(value))
    }
}

/// Codat's name for QuickBooks Desktop. docs/sources/codat.md#quickbooks-desktop
pub(super) const QUICKBOOKS_DESKTOP_NAME: &str = "QuickBooks Desktop";

impl ConnectionStatus {
    /// How far the connection is from being usable; zero is usable.
    pub(super) const fn distance(&self) -> u8 {
        match self {
            Self::Linked => 0,
            Self::PendingAuth => 1,
            Self::Unlinked | Self::Deauthorized | Self::Unknown(_) => 2,
        }
    }

    fn of(word: Option<String>) -> Self {
        let known = [
            ("PendingAuth", Self::PendingAuth),
            ("Linked", Self::Linked),
            ("Unlinked", Self::Unlinked),
            ("Deauthorized", Self::Deauthorized),
        ];
        let word = word.unwrap_or_default();
        let found = known.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(&word));
        found.map_or(Self::Unknown(word), |(_, status)| status)
    }
}

impl ConnectionError {
    fn read(fields: Fields<'_>) -> Self {
        let state = fields.text("status").unwrap_or_default();
        Self {
            status_code: fields.text("statusCode"),
            status_text: fields.text("statusText"),
            message: fields.text("errorMessage"),
            errored_on: fields.moment("erroredOnUtc"),
            state: if state.eq_ignore_ascii_case("active") {
                ErrorState::Active
            } else if state.eq_ignore_ascii_case("resolved") {
                ErrorState::Resolved
            } else {
                ErrorState::Unknown
            },
        }
    }
}

impl CodatIntegration {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        let features = fields.list("datatypeFeatures").unwrap_or_default();
        // The vendor's document uses both spellings.
        let data_type = |value| {
            let feature = Fields::of(value);
            feature.text("dataType").or_else(|| feature.text("datatype"))
        };
        Some(Self {
            key: fields.text("key")?,
            name: fields.text("name").unwrap_or_default(),
            logo: fields.text("logoUrl").and_then(|url| url.parse().ok()),
            enabled: fields.flag("enabled") == Some(true),
            source_type: fields.text("sourceType"),
            is_offline_connector: fields.flag("isOfflineConnector"),
            is_beta: fields.flag("isBeta"),
            data_types: features.iter().filter_map(data_type).collect(),
        })
    }

    pub(super) fn is_enabled_of(&self, source_type: &str) -> bool {
        let own = self.source_type.as_deref();
        self.enabled && own.is_some_and(|own| own.eq_ignore_ascii_case(source_type))
    }
}

impl Branding {
    pub(super) fn read(fields: Fields<'_>) -> Self {
        let (logo, button) = (fields.object("logo"), fields.object("button"));
        Self {
            logo: Image::read(logo.object("full")),
            square: Image::read(logo.object("square")),
            button: Image::read(button.object("default")),
            button_hover: Image::read(button.object("hover")),
        }
    }
}

impl Image {
    fn read(fields: Fields<'_>) -> Option<Self> {
        let image = fields.object("image");
        Some(Self { src: image.text("src")?.parse().ok()?, alt: image.text("alt") })
    }
}

//! Requests to backends and providers, and their answers.

use jiff::Timestamp;

use crate::Secret;
use crate::connection::{Connection, Device, Mode, Origin};
use crate::evidence::{Computer, Finding, Machine, RemoteStatus, Setup};
use crate::id::{ConnectionId, DeviceId};
use crate::link::{self, AttemptOutcome, Provider, ProviderLink, Uses};
use crate::registration::Scheme;
use crate::vault::VaultFault;

/// Where the state of connections comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A backend, by our device's identifier.
    Backend(DeviceId),
    /// The provider itself, by the identifier of the one connection.
    Direct(ConnectionId),
}

impl Source {
    /// The identifier used by the window.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Backend(device) => format!("backend:{device}"),
            Self::Direct(connection) => format!("direct:{connection}"),
        }
    }
}

/// The part of the evidence that changes rarely.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SurveyResult {
    /// What is installed and how it is configured.
    pub setup: Setup,
    /// The computer itself.
    pub computer: Computer,
    /// Which program opens links to Deskside.
    pub scheme: Finding<Scheme>,
}

impl SurveyResult {
    /// Replaces these fields of the machine.
    pub fn onto(self, machine: &mut Machine) {
        let Self { setup, computer, scheme } = self;
        *machine = Machine { setup, computer, scheme, ..std::mem::take(machine) };
    }
}

/// What to open on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Launch {
    /// This program.
    Program(String),
    /// This file, with its associated program.
    Document(String),
    /// Windows' settings for power and sleep.
    SleepSettings,
}

/// A backend's answer when it enrolls this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// This computer, as the backend knows it.
    pub device: Device,
    /// The connections it already has for this account.
    pub connections: Vec<ConnectionReport>,
}

/// A link as its issuer returns it.
#[derive(Debug)]
pub struct FreshLink {
    /// The link itself: a bearer secret.
    pub url: Secret,
    /// When it expires, if the answer says so.
    pub until: Option<Timestamp>,
    /// Whether it works only once, if the answer says so.
    pub single_use: Option<bool>,
}

impl FreshLink {
    /// How the link ended before it was opened: it has expired, or it works only once and its hash
    /// is among `opened`. `link` is its parsed form.
    #[must_use]
    pub fn ended(
        &self,
        link: &ProviderLink,
        now: Timestamp,
        opened: &[String],
    ) -> Option<AttemptOutcome> {
        let often =
            self.single_use.map_or(link.provider.profile().uses == Uses::Many, |once| !once);
        if self.until.is_some_and(|until| until <= now) {
            Some(AttemptOutcome::Expired)
        } else if !often && opened.contains(&link::hash(&link.url)) {
            Some(AttemptOutcome::NotFetched)
        } else {
            None
        }
    }
}

/// A newly created connection.
#[derive(Debug)]
pub struct NewConnection {
    /// The connection.
    pub report: ConnectionReport,
    /// Its first link, if there is one.
    pub link: Option<FreshLink>,
}

/// What a backend or provider reports about one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionReport {
    /// Its identifier.
    pub id: String,
    /// The company's name.
    pub company: Option<String>,
    /// The provider.
    pub provider: Option<Provider>,
    /// How QuickBooks is meant to be used.
    pub mode: Mode,
    /// Its state.
    pub status: RemoteStatus,
}

/// Why enrollment failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrollFault {
    /// The backend does not know the code.
    UnknownCode,
    /// The code has expired or was already used.
    SpentCode,
    /// No answer.
    Unreachable,
    /// An invalid answer.
    Unusable,
    /// The vault did not store the secrets; the backend was told to revoke them.
    Vault(VaultFault),
}

/// Whom to query, with the data that the query needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A backend.
    Backend(Device),
    /// The provider itself, about one connection and its last status.
    Direct(Box<Connection>, Option<Box<RemoteStatus>>),
}

impl Target {
    /// The target for requests about a connection. `device` is the one through which a backend knows the
    /// connection, `last` the last known status of a direct one. `None` for a connection known only by its
    /// link, and for one whose device is missing because this computer was signed out.
    #[must_use]
    pub fn of(
        connection: &Connection,
        device: Option<&Device>,
        last: Option<RemoteStatus>,
    ) -> Option<Self> {
        match connection.origin {
            Origin::Link { .. } => None,
            Origin::Backend { .. } => device.cloned().map(Self::Backend),
            Origin::Direct { .. } => {
                Some(Self::Direct(Box::new(connection.clone()), last.map(Box::new)))
            }
        }
    }

    /// The vault's name for the credential of the query.
    #[must_use]
    pub fn secret_name(&self) -> String {
        match self {
            Self::Backend(device) => device.token_name(),
            Self::Direct(connection, _) => connection.key_name(),
        }
    }
}

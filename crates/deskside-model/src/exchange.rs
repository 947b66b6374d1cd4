//! What is asked of backends and providers, and what they answer.

use jiff::Timestamp;

use crate::Secret;
use crate::connection::{Connection, Device, Mode};
use crate::evidence::{Computer, Finding, Machine, RemoteStatus, Setup};
use crate::link::{self, AttemptOutcome, Provider, ProviderLink, Uses};
use crate::registration::Scheme;
use crate::vault::VaultFault;

/// Whom to ask how connections are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A backend, by the identifier of our device there.
    Backend(String),
    /// The provider itself, by the identifier of the one connection.
    Direct(String),
}

impl Source {
    /// The identifier that the window uses.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Backend(device) => format!("backend:{device}"),
            Self::Direct(connection) => format!("direct:{connection}"),
        }
    }
}

/// What changes seldom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SurveyResult {
    /// What is installed and how it is set up.
    pub setup: Setup,
    /// The computer itself.
    pub computer: Computer,
    /// Who opens links to Deskside.
    pub scheme: Finding<Scheme>,
}

impl SurveyResult {
    /// Puts it among what else the computer shows.
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
    /// This file, with the program that belongs to it.
    Document(String),
    /// Windows' settings for power and sleep.
    SleepSettings,
}

/// What a backend answers when it takes this computer in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// This computer, as the backend knows it.
    pub device: Device,
    /// The connections it already has for this account.
    pub connections: Vec<ConnectionReport>,
}

/// A link as its maker hands it out.
#[derive(Debug)]
pub struct FreshLink {
    /// The link itself: a bearer secret.
    pub url: Secret,
    /// When it runs out, where that was said.
    pub until: Option<Timestamp>,
    /// It works only once, or often, where that was said.
    pub single_use: Option<bool>,
}

impl FreshLink {
    /// How it is over before it was opened: it has run out, or it counts once and is one of the
    /// `opened` hashes. `link` is what it was read as.
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

/// A connection that was just made.
#[derive(Debug)]
pub struct NewConnection {
    /// The connection.
    pub told: ConnectionReport,
    /// Its first link, where there is one.
    pub link: Option<FreshLink>,
}

/// What a backend or provider says of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionReport {
    /// Its identifier.
    pub id: String,
    /// The company's name.
    pub company: Option<String>,
    /// Who connects.
    pub provider: Option<Provider>,
    /// How QuickBooks is meant to be used.
    pub mode: Mode,
    /// How it is.
    pub status: RemoteStatus,
}

/// Why enrolment did not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrollFault {
    /// The backend does not know the code.
    UnknownCode,
    /// The code is too old or was used.
    SpentCode,
    /// No answer.
    Unreachable,
    /// An answer that makes no sense.
    Unusable,
    /// The vault did not take the secrets; the backend was told to forget them.
    Vault(VaultFault),
}

/// Whom to ask, with what that takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A backend.
    Backend(Device),
    /// The provider itself, about one connection whose last status is this.
    Direct(Box<Connection>, Option<Box<RemoteStatus>>),
}

impl Target {
    /// The vault's name for what it takes to ask.
    #[must_use]
    pub fn secret_name(&self) -> String {
        match self {
            Self::Backend(device) => device.token_name(),
            Self::Direct(connection, _) => connection.key_name(),
        }
    }
}

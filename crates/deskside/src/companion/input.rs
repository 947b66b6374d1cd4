//! What goes into the companion and what comes out: the whole of its contact with the world.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::view::{Action, IntegrationView, LoginStart, Offer, Page, Settings};
use crate::Secret;
use crate::connection::{Connection, Device, Mode};
use crate::evidence::{
    Computer, Fault, Finding, Machine, Network, Reach, RemoteStatus, Running, Setup, Sync,
};
use crate::link::{self, BackendUrl, Ending, Parameter, Provider, ProviderLink, Uses};
use crate::registration::Scheme;
use crate::report::Report;
use crate::vault::{VaultFault, VaultState};

/// Time and chance, which the companion is given and never takes.
pub struct Given {
    /// Now.
    pub now: Timestamp,
    entropy: [u8; 32],
    drawn: u8,
}

impl Given {
    /// Wraps the moment and 32 random bytes that are used for nothing else.
    #[must_use]
    pub const fn new(now: Timestamp, entropy: [u8; 32]) -> Self {
        Self { now, entropy, drawn: 0 }
    }

    /// A fresh identifier of 128 bits, in 32 hexadecimal digits.
    pub fn id(&mut self) -> String {
        self.draw().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A fresh one-use value of 256 bits, in 64 hexadecimal digits.
    pub fn nonce(&mut self) -> String {
        self.draw().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A number from 0 up to 1, evenly spread.
    pub fn fraction(&mut self) -> f64 {
        let [first, second, ..] = self.draw();
        f64::from(u16::from_be_bytes([first, second])) / f64::from(u16::MAX)
    }

    fn draw(&mut self) -> [u8; 32] {
        self.drawn = self.drawn.wrapping_add(1);
        Sha256::new().chain_update(self.entropy).chain_update([self.drawn]).finalize().into()
    }
}

/// What is kept between runs. No secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The connections, in the order they were added.
    #[serde(default)]
    pub connections: Vec<Connection>,
    /// The backends that this computer is linked to.
    #[serde(default)]
    pub devices: Vec<Device>,
    /// Backends that must still be told that this computer is no longer theirs.
    #[serde(default)]
    pub leaving: Vec<Device>,
    /// What the user changed.
    #[serde(default = "defaults")]
    pub settings: Settings,
    /// The window has been shown once, so the user knows that the program is there.
    #[serde(default)]
    pub welcomed: bool,
    /// An installed Deskside was made to start at login once; from then on the user decides.
    #[serde(default)]
    pub login_start_offered: bool,
    /// A hash of the code that an administrator has given and the user has answered: it is not asked
    /// about again at every start.
    #[serde(default)]
    pub answered_code: Option<String>,
    /// The host of a backend that was asked to take this computer in, until its answer is kept.
    #[serde(default)]
    pub enrolling_at: Option<String>,
    /// Hashes of links that were opened, the newest last: those that count only once are not opened
    /// again.
    #[serde(default)]
    pub opened_links: Vec<String>,
}

const fn defaults() -> Settings {
    Settings { notifications: true }
}

impl Default for Saved {
    fn default() -> Self {
        Self {
            connections: Vec::new(),
            devices: Vec::new(),
            leaving: Vec::new(),
            settings: defaults(),
            welcomed: false,
            login_start_offered: false,
            answered_code: None,
            enrolling_at: None,
            opened_links: Vec::new(),
        }
    }
}

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

/// Something that happened.
#[derive(Debug)]
pub enum Input {
    /// The program has started.
    Started {
        /// Not by the user, or with nobody to see it: the window stays closed.
        quietly: bool,
    },
    /// A deep link arrived, from wherever; nothing is known about it.
    LinkArrived(Secret),
    /// An administrator wants this computer linked: a deep link like any other, but from the policy.
    PreEnrollment(Secret),
    /// The user started the program again, or clicked the tray icon.
    Summoned,
    /// The user chose a page in the tray's menu.
    PageWanted(Page),
    /// The user did something in the window or the tray.
    User(Action),
    /// The window opened or closed.
    WindowShown(bool),
    /// The window cannot be shown: what draws it is missing or does not work.
    WindowFailed,
    /// The desktop was asked whether it starts Deskside at login.
    LoginStartSeen {
        /// What it says.
        login_start: LoginStart,
        /// Deskside was installed, and is no portable copy.
        installed: bool,
    },
    /// The computer slept and is awake again.
    Resumed,
    /// This computer was looked at.
    Observed {
        /// The programs that matter.
        running: Running,
        /// The network.
        network: Finding<Network>,
    },
    /// What changes seldom was looked at.
    Surveyed(Box<Surveyed>),
    /// The way to a host that did not answer was looked at.
    Reached(Box<Reach>),
    /// The Web Connector's log was read.
    Synced(Finding<Sync>),
    /// Windows was told to open something, and took the order or not.
    Launched {
        /// What was asked for.
        offer: Offer,
        /// Why it did not work.
        started: Result<(), String>,
    },
    /// The vault was tried.
    VaultTried(VaultState),
    /// A backend said whose code it is.
    AccountTold {
        /// Which question.
        question: String,
        /// The account's name.
        answer: Result<String, EnrollFault>,
    },
    /// A backend took this computer in, and its secrets are in the vault.
    Enrolled {
        /// Which question.
        question: String,
        /// What it answered.
        answer: Result<Enrolled, EnrollFault>,
    },
    /// A backend or provider was asked passively.
    StatusTold {
        /// Who.
        source: Source,
        /// What it says of each connection.
        answer: Result<Vec<Told>, Fault>,
        /// It wants not to be asked again before this has passed.
        pause: Option<SignedDuration>,
    },
    /// An active check came to its end.
    Checked {
        /// Which connection.
        connection: String,
        /// How it is.
        answer: Result<RemoteStatus, Fault>,
    },
    /// A fresh link was asked for.
    LinkFetched {
        /// For which connection.
        connection: String,
        /// For which attempt.
        attempt: String,
        /// The one-use value that its return will carry.
        state: Secret,
        /// The link.
        answer: Result<FreshLink, Fault>,
    },
    /// A link that waited in the vault was taken out of it.
    LinkTaken {
        /// For which connection.
        connection: String,
        /// For which attempt.
        attempt: String,
        /// The link; it is in the vault no more.
        answer: Result<Secret, VaultFault>,
    },
    /// The browser was started with a connection's link, or not.
    BrowserStarted {
        /// Which connection.
        connection: String,
        /// Why not.
        started: Result<(), String>,
    },
    /// The browser came back to this computer.
    CameBack {
        /// The one-use value.
        state: Secret,
        /// What else the address said.
        said: Vec<Parameter>,
    },
    /// A new connection was asked for.
    Connected {
        /// Where.
        source: Source,
        /// The one-use value that the first link's return will carry.
        state: Secret,
        /// The connection and its first link.
        answer: Result<Box<Made>, Fault>,
    },
    /// A connection was to be stopped.
    Stopped {
        /// Which connection.
        connection: String,
        /// Why not.
        answer: Result<(), Fault>,
    },
    /// A connection was to be removed.
    Removed {
        /// Which connection.
        connection: String,
        /// Why not.
        answer: Result<(), Fault>,
    },
    /// Somebody was asked what can be connected.
    IntegrationsTold {
        /// Who.
        source: Source,
        /// What it says.
        answer: Result<Vec<IntegrationView>, Fault>,
    },
    /// A backend does not accept this device's reports any more.
    ReportsRefused {
        /// Which device.
        device: String,
    },
    /// A report arrived; the backend may say when it wants the next.
    Delivered {
        /// Which device.
        device: String,
        /// In how many seconds, if it said so.
        next_report_after: Option<u32>,
    },
    /// A backend was told that this computer leaves it.
    Left {
        /// Which device.
        device: String,
        /// It is done; otherwise it is tried again later.
        done: bool,
    },
    /// A connection was added on the command line.
    Added(Box<Connection>),
    /// A connection is to be forgotten, asked for on the command line.
    Forget(String),
    /// Time has passed.
    Woke,
}

/// What changes seldom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// What is installed and how it is set up.
    pub setup: Setup,
    /// The computer itself.
    pub computer: Computer,
    /// Who opens links to Deskside.
    pub scheme: Finding<Scheme>,
}

impl Surveyed {
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
pub struct Enrolled {
    /// This computer, as the backend knows it.
    pub device: Device,
    /// The connections it already has for this account.
    pub connections: Vec<Told>,
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
    pub fn ended(&self, link: &ProviderLink, now: Timestamp, opened: &[String]) -> Option<Ending> {
        let often =
            self.single_use.map_or(link.provider.profile().uses == Uses::Many, |once| !once);
        if self.until.is_some_and(|until| until <= now) {
            Some(Ending::Expired)
        } else if !often && opened.contains(&link::hash(&link.url)) {
            Some(Ending::NotFetched)
        } else {
            None
        }
    }
}

/// A connection that was just made.
#[derive(Debug)]
pub struct Made {
    /// The connection.
    pub told: Told,
    /// Its first link, where there is one.
    pub link: Option<FreshLink>,
}

/// What a backend or provider says of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
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

/// Something to do. The runtime does them in order.
#[derive(Debug)]
pub enum Effect {
    /// Keep this.
    Save(Saved),
    /// Put this report into the outbox, durably.
    Report {
        /// For which device.
        device: Device,
        /// What to report.
        report: Report,
    },
    /// Open the system browser once.
    OpenBrowser {
        /// For which connection.
        connection: String,
        /// With which link.
        link: Arc<Secret>,
    },
    /// Keep a link in the vault until it is opened.
    KeepLink {
        /// Under which name.
        name: String,
        /// The link.
        link: Arc<Secret>,
    },
    /// Take a link out of the vault, to be opened at once.
    TakeLink {
        /// For which connection.
        connection: String,
        /// For which attempt.
        attempt: String,
        /// Its name there.
        name: String,
    },
    /// Show the window with this page.
    OpenWindow(Page),
    /// Show a notification.
    Toast(Toast),
    /// Look at the way to a host that does not answer, step by step.
    Reach {
        /// The host as it is shown.
        host: String,
        /// Where it is.
        url: Url,
    },
    /// Open something on this computer.
    Launch {
        /// What was asked for.
        offer: Offer,
        /// What to open.
        what: Launch,
    },
    /// Look whether the desktop starts Deskside at login.
    LookAtLoginStart,
    /// Make the desktop start Deskside at login, or not; then look.
    StartAtLogin(bool),
    /// Try the vault.
    TryVault,
    /// Ask a backend whose code this is.
    AskAccount {
        /// Which question.
        question: String,
        /// Where.
        backend: BackendUrl,
        /// The code.
        code: Arc<Secret>,
    },
    /// Link this computer to a backend: exchange the code and keep the secrets.
    Enroll {
        /// Which question.
        question: String,
        /// Where.
        backend: BackendUrl,
        /// The code.
        code: Arc<Secret>,
        /// The account that the user confirmed.
        account: String,
    },
    /// Ask passively how connections are.
    AskStatus(Asked),
    /// Check a connection actively.
    Check(Asked, Connection),
    /// Get a fresh link.
    FetchLink {
        /// From whom.
        asked: Asked,
        /// For which connection.
        connection: Connection,
        /// For which attempt.
        attempt: String,
        /// The one-use value that its return must carry.
        state: Secret,
    },
    /// Ask for a new connection and its first link.
    Connect {
        /// Where.
        source: Source,
        /// Whom.
        asked: Asked,
        /// What to connect.
        integration: String,
        /// The one-use value that the link's return must carry.
        state: Secret,
    },
    /// Let no more data flow through a connection.
    StopSyncing(Asked, Connection),
    /// Remove a connection where it is kept.
    RemoveThere(Asked, Connection),
    /// Ask what can be connected, and get the pictures.
    AskIntegrations(Source, Asked),
    /// Tell a backend that this computer leaves it, then forget its secrets.
    Leave(Device),
    /// Forget a secret.
    ForgetSecret(String),
}

/// Whom to ask, with what that takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A backend.
    Backend(Device),
    /// The provider itself, about one connection whose last status is this.
    Direct(Box<Connection>, Option<Box<RemoteStatus>>),
}

impl Asked {
    /// The vault's name for what it takes to ask.
    #[must_use]
    pub fn secret_name(&self) -> String {
        match self {
            Self::Backend(device) => device.token_name(),
            Self::Direct(connection, _) => connection.key_name(),
        }
    }
}

/// A notification of the operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// A few words.
    pub title: String,
    /// One sentence.
    pub body: String,
}

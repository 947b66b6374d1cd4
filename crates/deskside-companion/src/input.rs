//! What goes into the companion and what comes out: the whole of its contact with the world.

use std::sync::Arc;

use deskside_model::connection::{Connection, Device};
use deskside_model::evidence::{
    Fault, Finding, Network, Reachability, RemoteStatus, RunningPrograms, Sync,
};
use deskside_model::exchange::{
    ConnectionReport, EnrollFault, Enrollment, FreshLink, Launch, NewConnection, Source,
    SurveyResult, Target,
};
use deskside_model::link::{BackendUrl, Parameter};
use deskside_model::vault::{VaultFault, VaultState};
use deskside_model::{Command, LoginStart, Page, Secret};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::report::Report;
use crate::view::{Action, IntegrationView, Settings};

/// What is kept between runs. No secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedState {
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

impl Default for SavedState {
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
        running: RunningPrograms,
        /// The network.
        network: Finding<Network>,
    },
    /// What changes seldom was looked at.
    Surveyed(Box<SurveyResult>),
    /// The way to a host that did not answer was looked at.
    Reached(Box<Reachability>),
    /// The Web Connector's log was read.
    Synced(Finding<Sync>),
    /// Windows was told to open something, and took the order or not.
    Launched {
        /// What was asked for.
        offer: Command,
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
        answer: Result<Enrollment, EnrollFault>,
    },
    /// A backend or provider was asked passively.
    StatusTold {
        /// Who.
        source: Source,
        /// What it says of each connection.
        answer: Result<Vec<ConnectionReport>, Fault>,
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
        answer: Result<Box<NewConnection>, Fault>,
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

/// Something to do. The runtime does them in order.
#[derive(Debug)]
pub enum Effect {
    /// Keep this.
    Save(SavedState),
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
        offer: Command,
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
    AskStatus(Target),
    /// Check a connection actively.
    Check(Target, Connection),
    /// Get a fresh link.
    FetchLink {
        /// From whom.
        asked: Target,
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
        asked: Target,
        /// What to connect.
        integration: String,
        /// The one-use value that the link's return must carry.
        state: Secret,
    },
    /// Let no more data flow through a connection.
    StopSyncing(Target, Connection),
    /// Remove a connection where it is kept.
    RemoveThere(Target, Connection),
    /// Ask what can be connected, and get the pictures.
    AskIntegrations(Source, Target),
    /// Tell a backend that this computer leaves it, then forget its secrets.
    Leave(Device),
    /// Forget a secret.
    ForgetSecret(String),
}

/// A notification of the operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// A few words.
    pub title: String,
    /// One sentence.
    pub body: String,
}

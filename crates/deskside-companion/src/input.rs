//! The inputs and effects of the companion: its whole contact with the outside.

use std::sync::Arc;

use deskside_health::Code;
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
use deskside_model::{
    AttemptId, Command, ConnectionId, DeviceId, LoginStart, Page, QuestionId, Secret,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{DeliveryAnswer, OutboxResult};
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
    /// Backends that must still be told that this computer has left them.
    #[serde(default)]
    pub leaving: Vec<Device>,
    /// What the user changed.
    #[serde(default = "defaults")]
    pub settings: Settings,
    /// The window was shown once, so the user knows the program.
    #[serde(default)]
    pub welcomed: bool,
    /// Start at login was turned on once by an installed Deskside; from then on the user decides.
    #[serde(default)]
    pub login_start_offered: bool,
    /// A hash of the policy's code that the user has answered, so that it is not asked about again at
    /// every start.
    #[serde(default)]
    pub answered_code: Option<String>,
    /// The host of a backend where an enrollment is in progress, until its answer is saved.
    #[serde(default)]
    pub enrolling_at: Option<String>,
    /// Hashes of links that were opened, the newest last: single-use links are not opened again.
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
        /// Not started by the user: the window stays closed.
        quietly: bool,
    },
    /// A deep link arrived. It is not trusted.
    LinkArrived(Secret),
    /// The policy wants this computer enrolled: a deep link like any other.
    PreEnrollment(Secret),
    /// The user started the program again, or clicked the tray icon.
    Summoned,
    /// The user chose a page in the tray's menu.
    PageWanted(Page),
    /// The user did something in the window or the tray.
    User(Action),
    /// The window opened or closed.
    WindowShown(bool),
    /// The window cannot be shown: WebView2 is missing or does not work.
    WindowFailed,
    /// The desktop was asked whether it starts Deskside at login.
    LoginStartSeen {
        /// What it says.
        login_start: LoginStart,
        /// Deskside was installed, and is no portable copy.
        installed: bool,
    },
    /// The operating system says that the computer slept and is awake again.
    Resumed,
    /// The clocks say that the computer slept since this moment, and is awake again.
    Slept(Timestamp),
    /// The session was locked, or unlocked.
    Locked(bool),
    /// The computer now runs on its battery, or no longer.
    OnBattery(bool),
    /// A program that was seen has ended.
    ProgramEnded,
    /// This computer was looked at.
    Observed {
        /// The programs that matter.
        running: RunningPrograms,
        /// The network.
        network: Finding<Network>,
    },
    /// The facts that change rarely were read, and may be as they were.
    Surveyed(Box<SurveyResult>),
    /// A host was probed.
    Reached(Box<Reachability>),
    /// The Web Connector's log was read.
    Synced(Finding<Sync>),
    /// Windows was told to open something, and accepted the order or not.
    Launched {
        /// What was asked for.
        command: Command,
        /// Why it did not work.
        started: Result<(), String>,
    },
    /// The vault was tried.
    VaultTried(VaultState),
    /// A backend named the account of a code.
    AccountReceived {
        /// Which question.
        question: QuestionId,
        /// The account's name.
        answer: Result<String, EnrollFault>,
    },
    /// An enrollment ended. If it succeeded, its secrets are in the vault.
    Enrolled {
        /// Which question.
        question: QuestionId,
        /// What it answered.
        answer: Result<Enrollment, EnrollFault>,
    },
    /// A backend or provider was polled.
    StatusReceived {
        /// Who.
        source: Source,
        /// The status of each connection.
        answer: Result<Vec<ConnectionReport>, Fault>,
        /// It allows no poll before this has passed.
        pause: Option<SignedDuration>,
    },
    /// An active check ended.
    Checked {
        /// Which connection.
        connection: ConnectionId,
        /// Its status.
        answer: Result<RemoteStatus, Fault>,
    },
    /// A new link was requested.
    LinkFetched {
        /// For which connection.
        connection: ConnectionId,
        /// For which attempt.
        attempt: AttemptId,
        /// The one-use value that its return will carry.
        state: Secret,
        /// The link.
        answer: Result<FreshLink, Fault>,
    },
    /// A kept link was taken out of the vault.
    LinkTaken {
        /// For which connection.
        connection: ConnectionId,
        /// For which attempt.
        attempt: AttemptId,
        /// The link, which is no longer in the vault.
        answer: Result<Secret, VaultFault>,
    },
    /// The browser was started with a connection's link, or not.
    BrowserStarted {
        /// Which connection.
        connection: ConnectionId,
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
    /// A new connection was requested.
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
        connection: ConnectionId,
        /// Why not.
        answer: Result<(), Fault>,
    },
    /// A connection was to be removed.
    Removed {
        /// Which connection.
        connection: ConnectionId,
        /// Why not.
        answer: Result<(), Fault>,
    },
    /// A source was asked what can be connected.
    IntegrationsTold {
        /// Who.
        source: Source,
        /// What it says.
        answer: Result<Vec<IntegrationView>, Fault>,
    },
    /// A report was sent.
    ReportAnswered {
        /// Of which device.
        device: DeviceId,
        /// The report's identifier.
        report: String,
        /// What its backend answered.
        answer: DeliveryAnswer,
    },
    /// The outbox did what was asked of it, or could not.
    OutboxDone {
        /// For which device.
        device: DeviceId,
        /// What it did.
        result: OutboxResult,
    },
    /// A backend was told that this computer leaves it.
    LeaveAnswered {
        /// Which device.
        device: DeviceId,
        /// Why it does not know yet.
        answer: Result<(), Fault>,
    },
    /// The secrets of a device that has left its backend are gone.
    Left {
        /// Which device.
        device: DeviceId,
    },
    /// A connection was added on the command line.
    Added(Box<Connection>),
    /// A connection was removed on the command line, which has told its application already.
    Forget(ConnectionId),
    /// Time has passed.
    Woke,
}

/// Something to do. The runtime performs effects in order.
#[derive(Debug)]
pub enum Effect {
    /// Save this.
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
        connection: ConnectionId,
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
        connection: ConnectionId,
        /// For which attempt.
        attempt: AttemptId,
        /// Its name there.
        name: String,
    },
    /// Show the window with this page.
    OpenWindow(Page),
    /// Show a notification.
    Toast(Toast),
    /// Probe a host, step by step.
    Reach {
        /// The host as shown.
        host: String,
        /// Its address.
        url: Url,
    },
    /// Open something on this computer.
    Launch {
        /// What was asked for.
        command: Command,
        /// What to open.
        what: Launch,
    },
    /// Check whether the desktop starts Deskside at login.
    LookAtLoginStart,
    /// Turn start at login on or off, then check it.
    StartAtLogin(bool),
    /// Try the vault.
    TryVault,
    /// Ask a backend for the account of a code.
    AskAccount {
        /// Which question.
        question: QuestionId,
        /// Where.
        backend: BackendUrl,
        /// The code.
        code: Arc<Secret>,
    },
    /// Link this computer to a backend: exchange the code and keep the secrets.
    Enroll {
        /// Which question.
        question: QuestionId,
        /// Where.
        backend: BackendUrl,
        /// The code.
        code: Arc<Secret>,
        /// The account that the user confirmed.
        account: String,
    },
    /// Poll the status of connections.
    AskStatus(Target),
    /// Check a connection actively.
    Check(Target, Connection),
    /// Fetch a new link.
    FetchLink {
        /// From where.
        asked: Target,
        /// For which connection.
        connection: Connection,
        /// For which attempt.
        attempt: AttemptId,
        /// The one-use value that its return must carry.
        state: Secret,
    },
    /// Request a new connection and its first link.
    Connect {
        /// Where.
        source: Source,
        /// With which credentials.
        asked: Target,
        /// What to connect.
        integration: String,
        /// The one-use value that the link's return must carry.
        state: Secret,
    },
    /// Stop the data of a connection.
    StopSyncing(Target, Connection),
    /// Remove a connection at its backend.
    RemoveThere(Target, Connection),
    /// Ask what can be connected, and fetch the pictures.
    AskIntegrations(Source, Target),
    /// Send the report of this device that has waited longest.
    SendReport {
        /// Which device.
        device: Device,
        /// The time of the signature, by the backend's clock as far as it is known.
        signed_at: Timestamp,
    },
    /// Take a report out of the outbox.
    RemoveReport {
        /// Of which device.
        device: DeviceId,
        /// The report's identifier.
        report: String,
    },
    /// Drop the reports to a backend that wait, and tell it that this computer leaves it.
    Leave(Device),
    /// Forget the secrets of a device that has left its backend.
    ForgetDevice(Device),
    /// Forget a secret.
    ForgetSecret(String),
    /// Read a secret from the vault when it is needed next, although it is known: it may have been
    /// replaced there.
    ReadSecretAgain(String),
    /// Forget what probes have shown: the next ones bring back all they find, new or not.
    ForgetSeen,
}

/// A notification of the operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// The problem that it is about, which takes the notification back when it is over;
    /// `None` for good news.
    pub problem: Option<Code>,
    /// A few words.
    pub title: String,
    /// One sentence.
    pub body: String,
}

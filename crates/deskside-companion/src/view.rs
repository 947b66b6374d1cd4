//! What the user sees, as plain comparable data.
//!
//! The window, the tray and `deskside-cli status` are all drawn from these types, so they cannot
//! disagree. Nothing here may hold a secret, a link or a raw log line: everything in a [`View`]
//! crosses into the page. TypeScript gets the same types through ts-rs (`ui/src/generated`).

use deskside_health::Code;
use deskside_model::{Command, ConnectionId, LoginStart, Page, QuestionId, Severity, Who};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything the window shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct View {
    /// The state of the worst connection; drives color and shape everywhere.
    pub status: Status,
    /// One plain sentence for the whole computer.
    pub headline: String,
    /// A question that the user must answer.
    pub question: Option<Question>,
    /// Conditions of Deskside itself or of this computer that belong to no connection.
    pub notices: Vec<Notice>,
    /// Every connection this computer knows, in the order they were added.
    pub connections: Vec<ConnectionView>,
    /// The applications and providers through which connections can be made.
    pub sources: Vec<SourceView>,
    /// What this computer shows, for the diagnostics page.
    pub machine: Vec<Fact>,
    /// What the app can open on this computer, for the diagnostics page.
    pub shortcuts: Vec<Command>,
    /// What is being opened and is not seen yet.
    pub opening: Option<Command>,
    /// What the user can change.
    pub settings: Settings,
    /// Whether Deskside starts at login.
    pub login_start: LoginStart,
    /// Which program this is.
    pub about: About,
}

/// The overall state, from calm to alarming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Status {
    /// There is no connection yet.
    Idle,
    /// The provider or the backend says that it works.
    Healthy,
    /// This computer is ready, and there is no source that knows more.
    Ready,
    /// A link or a schedule is pending.
    Waiting,
    /// The state is unknown.
    Unknown,
    /// Something needs attention.
    Problem,
}

/// One connection, as the status page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ConnectionView {
    /// Stable identifier, used in [`Action`]s.
    #[ts(type = "string")]
    pub id: ConnectionId,
    /// The company, or a plain description when the company is not known.
    pub name: String,
    /// The application and its host, for example `Acme Books · app.acme.example`.
    pub via: String,
    /// Its state.
    pub status: Status,
    /// One plain sentence.
    pub headline: String,
    /// What is wrong, if anything is. Only the root cause.
    pub problem: Option<ProblemView>,
    /// When its state was last received.
    #[ts(as = "Option<String>")]
    pub checked_at: Option<Timestamp>,
    /// When data was last received.
    #[ts(as = "Option<String>")]
    pub last_success_at: Option<Timestamp>,
    /// The newest link, from consent to its end; `None` when there is nothing to show.
    pub link: Option<LinkView>,
    /// What else is known of it, for its details.
    pub facts: Vec<Fact>,
    /// What stopping does, and what happens to the data, in one or two sentences; where offered.
    pub stopping: Option<String>,
    /// What removing does, and what happens to the data, in one or two sentences.
    pub removing: String,
    /// What the user may do with it, most useful first.
    pub commands: Vec<Command>,
    /// True while an action of the user on this connection is under way.
    pub busy: bool,
}

/// A link attempt of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LinkView {
    /// How far it has come.
    pub stage: LinkStage,
    /// That stage in a few words.
    pub title: String,
    /// What happens now, and what to do, in one or two sentences.
    pub text: String,
    /// The link's host, as far as it is known.
    pub host: Option<String>,
    /// When it expires; shown as a countdown.
    #[ts(as = "Option<String>")]
    pub expires_at: Option<Timestamp>,
    /// The checks of this computer before opening; only while they matter.
    pub checks: Vec<Check>,
    /// What to do in the browser and after it, in order; only while it is open.
    pub steps: Vec<StepView>,
    /// What the user may do with it, most useful first: `go_on`, `open_link`, `cancel_link`.
    pub commands: Vec<Command>,
}

/// How far a link has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LinkStage {
    /// This computer is not quite as it should be; nothing is open yet.
    Preflight,
    /// The link is being fetched.
    Fetching,
    /// It is open in the browser.
    Waiting,
    /// The browser came back; the source is being polled.
    Returned,
    /// It works.
    Confirmed,
    /// It ended without success.
    Ended,
}

/// One check before a link is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Check {
    /// What was checked, in a few words.
    pub label: String,
    /// What was seen and, where it is not as it should be, the one thing to do.
    pub text: String,
    /// The result.
    pub state: CheckState,
    /// The button that does that one thing, where the app can.
    pub fix: Option<Command>,
}

/// One set-up step of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct StepView {
    /// What to do, in one sentence.
    pub text: String,
    /// This computer shows that it is done. False only means that it does not show it.
    pub done: bool,
}

/// An application or a provider through which connections come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SourceView {
    /// Stable identifier, used in [`Action`]s.
    pub id: String,
    /// What it is called: the application's vendor, as the policy knows it, or its host; or the
    /// provider.
    pub name: String,
    /// Whose connections these are: the account there.
    pub account: String,
    /// This computer is linked to it and can be signed out of it.
    pub linked: bool,
    /// The state of its list of integrations.
    pub state: SourceState,
    /// What can be connected there; empty unless it is ready.
    pub integrations: Vec<IntegrationView>,
    /// A new connection is being made there. Meanwhile none can be made anywhere else.
    pub connecting: bool,
}

/// The state of a source's list of integrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SourceState {
    /// The list is being fetched.
    Loading,
    /// Fetching failed; [`Action::Refresh`] retries.
    Failed,
    /// Nothing can be chosen there.
    None,
    /// Something can be connected.
    Ready,
}

/// Something that can be connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct IntegrationView {
    /// Stable identifier at its source, used in [`Action`]s.
    pub key: String,
    /// Its full name.
    pub name: String,
    /// Its logo.
    pub logo: Option<Picture>,
    /// The button that its owner prescribes.
    pub button: Option<Picture>,
    /// The same under the pointer and under the keyboard's focus.
    pub button_hover: Option<Picture>,
}

/// A picture that the program holds; the page asks for it by its identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Picture {
    /// Which picture.
    pub id: String,
    /// What it shows, in words; empty when unknown.
    pub alt: String,
}

/// A root cause in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ProblemView {
    /// Stable code, for example `quickbooks.not_running`.
    #[ts(type = "string")]
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// A few words.
    pub title: String,
    /// One plain sentence: the cause.
    pub cause: String,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// Who must act.
    pub who: Who,
    /// The provider's own message for the user, shown as given.
    pub provider_message: Option<String>,
    /// The request id, with which support finds the request at the provider.
    pub request_id: Option<String>,
    /// Since when.
    #[ts(type = "string")]
    pub since: Timestamp,
    /// The one button where the app itself can help.
    pub action: Option<Command>,
}

/// Something Deskside asks before it acts. `id` comes back in [`Action::Answer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Question {
    /// Open a provider's link in the browser?
    OpenLink {
        /// Which question.
        #[ts(type = "string")]
        id: QuestionId,
        /// The provider's display name.
        provider: String,
        /// The link's host.
        host: String,
        /// What this computer looks like for it.
        checks: Vec<Check>,
    },
    /// May this computer be linked to this backend?
    Enroll {
        /// Which question.
        #[ts(type = "string")]
        id: QuestionId,
        /// The backend's host, always shown.
        host: String,
        /// The vendor's name when the build or the policy knows the host.
        vendor: Option<String>,
        /// The answer "yes" counts only with [`Action::Answer::started_here`].
        must_confirm_origin: bool,
    },
    /// The user agreed, and the backend is being asked.
    Working {
        /// Which question.
        #[ts(type = "string")]
        id: QuestionId,
        /// What happens now, in one sentence.
        text: String,
    },
    /// The backend named the account of the code: enroll this computer there?
    ConfirmAccount {
        /// Which question.
        #[ts(type = "string")]
        id: QuestionId,
        /// The backend's host.
        host: String,
        /// The account name that the backend answered.
        account: String,
    },
}

/// A condition that belongs to no connection, or the answer to an action of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Notice {
    /// Stable code, for example `companion.vault_unavailable` or `link.untrusted_host`.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// A few words.
    pub title: String,
    /// One plain sentence.
    pub text: String,
    /// What to do, in order; may be empty.
    pub steps: Vec<String>,
    /// The one button where the app itself can help.
    pub action: Option<Command>,
    /// The user can dismiss it.
    pub dismissible: bool,
}

/// One line of the diagnostics page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Fact {
    /// What was checked, for example `QuickBooks Desktop`.
    pub label: String,
    /// What was seen, in words.
    pub value: String,
    /// Whether it is as it should be.
    pub state: CheckState,
}

/// Whether what was checked is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CheckState {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Unknown.
    Unknown,
}

/// What the user can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Settings {
    /// Show a notification when a connection breaks and when it recovers.
    pub notifications: bool,
}

/// Which program this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct About {
    /// The version.
    pub version: String,
    /// The name under which backends know this computer.
    pub computer: String,
    /// Loopback addresses are accepted; never in normal use.
    pub sandbox: bool,
}

/// What the user does in the window.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Action {
    /// Answer a [`Question`].
    Answer {
        /// The question's `id`.
        #[ts(type = "string")]
        question: QuestionId,
        /// Yes or no.
        yes: bool,
        /// The box "I started this from that site just now" is ticked.
        started_here: bool,
    },
    /// Use one of a connection's or its link's [`Command`]s (all but `copy_details`, which the page does itself).
    Use {
        /// The connection's `id`.
        #[ts(type = "string")]
        connection: ConnectionId,
        /// Which command.
        command: Command,
    },
    /// Open something on this computer: one of [`View::shortcuts`] or a notice's or problem's action.
    Open {
        /// Which command.
        command: Command,
    },
    /// Connect something that a source offers.
    Connect {
        /// The source's `id`.
        source: String,
        /// The integration's `key`.
        integration: String,
    },
    /// Unlink this computer from a source.
    SignOut {
        /// The source's `id`.
        source: String,
    },
    /// Check everything again now, passively.
    Refresh,
    /// Dismiss a notice.
    Dismiss {
        /// The notice's `code`.
        code: String,
    },
    /// Change the settings.
    Change {
        /// The new settings, whole.
        settings: Settings,
    },
    /// Start Deskside at login, or not.
    StartAtLogin {
        /// On or off.
        on: bool,
    },
}

/// What the window receives: the newest view, and a page to show when one was requested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Update {
    /// Draw this.
    View {
        /// The newest view.
        view: Box<View>,
    },
    /// Show this page.
    Turn {
        /// The page.
        page: Page,
    },
}

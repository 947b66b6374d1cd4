//! One update of one application, as it is ordered. What it writes is in [`records`].

mod writer;

pub use writer::records;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happens in one update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Whose update it is.
    pub application: Application,
    /// Who began it.
    #[serde(default)]
    pub start: Start,
    /// How it ends.
    pub outcome: Outcome,
    /// The text of the error, where the application does not know `serverVersion`; it is not fatal.
    #[serde(default)]
    pub server_version_error: Option<String>,
    /// The time of the first record; now, if it is missing.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// Seconds from the first record to the last; those between are spread evenly.
    #[serde(default)]
    pub lasts: u32,
    /// The last step to write for now, with the update lock still set: what is left comes with the
    /// order `finish_run`, or never, if the program ends first.
    #[serde(default)]
    pub stop_after: Option<Step>,
}

impl Run {
    /// A scheduled update, now, all within one second, to its end.
    #[must_use]
    pub const fn new(application: Application, outcome: Outcome) -> Self {
        let (server_version_error, at, stop_after) = (None, None, None);
        let (start, lasts) = (Start::Scheduled, 0);
        Self { application, start, outcome, server_version_error, at, lasts, stop_after }
    }
}

/// A web application as the Web Connector knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// `AppName`.
    pub name: String,
    /// `AppURL`.
    pub url: String,
    /// `UserName`.
    pub user: String,
    /// What `authenticate` asks for; empty for the company file that is open.
    #[serde(default)]
    pub company_file: String,
}

/// Who began an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The application's timer.
    #[default]
    Scheduled,
    /// A person, with "Update Selected".
    Manual,
}

/// How an update ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// QuickBooks answered every request.
    Ok {
        /// What was asked and answered.
        exchanges: Vec<Exchange>,
    },
    /// The application had nothing to do.
    OkNoWork,
    /// The application refused user or password: `nvu`, QBWC1040.
    WrongPassword,
    /// No usable answer to `authenticate`: QBWC1012.
    ServerUnreachable(Unreachable),
    /// The connection to QuickBooks failed: the QBWC1013 family.
    #[serde(rename = "quickbooks_failed")]
    QuickBooksFailed(Failure),
    /// QuickBooks failed on the first request.
    RequestFailed(Failure),
    /// The application answered `sendRequestXML` wrongly, with this text: QBWC1041.
    SendRequestFailed(String),
    /// The application answered `receiveResponseXML` wrongly, with this text: QBWC1042.
    ReceiveResponseFailed(String),
}

/// A request and QuickBooks' response, as XML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// qbXML from the application.
    pub request: String,
    /// qbXML from QuickBooks.
    pub response: String,
}

/// Why there was no usable answer: the .NET Framework's English texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    /// The host's name is unknown.
    NameNotResolved,
    /// Nothing listens.
    Refused,
    /// No answer in time.
    TimedOut,
    /// The answer broke off.
    Dropped,
    /// The certificate is not trusted.
    Tls,
    /// HTTP 404.
    NotFound,
    /// HTTP 401.
    Unauthorized,
    /// A web page came instead of an answer.
    Html,
    /// Any other text.
    Text(String),
}

/// What QuickBooks' request processor said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The code as the log spells it, `0x80040414`; some reports have the text alone.
    #[serde(default)]
    pub hresult: Option<String>,
    /// The SDK's own sentence.
    pub text: String,
}

/// The steps of an update, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The update is announced.
    Start,
    /// `UpdateLock` becomes `TRUE`.
    Lock,
    /// The application is named.
    Application,
    /// Both sides tell their versions.
    Versions,
    /// User and password.
    Authenticate,
    /// Requests and responses; only if there is work.
    Work,
    /// The session and the connection end; only if there was work.
    Close,
    /// `UpdateLock` becomes `FALSE`.
    Unlock,
}

//! One update of one application as an order describes it. [`records`] derives its log records.

mod writer;

pub use writer::records;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The application that is updated.
    pub application: Application,
    /// What started it.
    #[serde(default)]
    pub start: Start,
    /// How it ends.
    pub outcome: Outcome,
    /// The error text of an application that does not implement `serverVersion`. It is not fatal.
    #[serde(default)]
    pub server_version_error: Option<String>,
    /// The time of the first record; the current time by default.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// Seconds from the first record to the last; the others are spread evenly between them.
    #[serde(default)]
    pub lasts: u32,
    /// The last step to write for now; the update lock remains set. The order `finish_run` writes
    /// the remaining steps.
    #[serde(default)]
    pub stop_after: Option<Step>,
}

impl Run {
    /// A scheduled update at the current time that runs to its end within one second.
    #[must_use]
    pub const fn new(application: Application, outcome: Outcome) -> Self {
        let (server_version_error, at, stop_after) = (None, None, None);
        let (start, lasts) = (Start::Scheduled, 0);
        Self { application, start, outcome, server_version_error, at, lasts, stop_after }
    }
}

/// A web application that the Web Connector updates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// `AppName`.
    pub name: String,
    /// `AppURL`.
    pub url: String,
    /// `UserName`.
    pub user: String,
    /// The company file that `authenticate` requests; empty for the open one.
    #[serde(default)]
    pub company_file: String,
}

/// What started an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The application's timer.
    #[default]
    Scheduled,
    /// The user, with "Update Selected".
    Manual,
}

/// How an update ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// QuickBooks answered every request.
    Ok {
        /// The requests and their responses.
        exchanges: Vec<Exchange>,
    },
    /// The application had nothing to do.
    OkNoWork,
    /// The application rejected user or password: `nvu`, QBWC1040.
    WrongPassword,
    /// No usable answer to `authenticate`: QBWC1012.
    ServerUnreachable(Unreachable),
    /// The connection to QuickBooks failed: the QBWC1013 family.
    #[serde(rename = "quickbooks_failed")]
    QuickBooksFailed(Failure),
    /// QuickBooks failed on the first request.
    RequestFailed(Failure),
    /// The application failed in `sendRequestXML` with this text: QBWC1041.
    SendRequestFailed(String),
    /// The application failed in `receiveResponseXML` with this text: QBWC1042.
    ReceiveResponseFailed(String),
}

/// A request and the response of QuickBooks, as XML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// qbXML from the application.
    pub request: String,
    /// qbXML from QuickBooks.
    pub response: String,
}

/// Why there was no usable answer. The log has the .NET Framework's English texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    /// The host name cannot be resolved.
    NameNotResolved,
    /// The connection was refused.
    Refused,
    /// The connection timed out.
    TimedOut,
    /// The connection was closed during the answer.
    Dropped,
    /// The certificate is not trusted.
    Tls,
    /// HTTP 404.
    NotFound,
    /// HTTP 401.
    Unauthorized,
    /// The answer is a web page.
    Html,
    /// Any other text.
    Text(String),
}

/// An error of the QuickBooks request processor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The code as in the log, `0x80040414`; some log entries have only the text.
    #[serde(default)]
    pub hresult: Option<String>,
    /// The SDK's message.
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
    /// Both sides exchange versions.
    Versions,
    /// User and password.
    Authenticate,
    /// Requests and responses, if there is work.
    Work,
    /// The session and the connection end, if there was work.
    Close,
    /// `UpdateLock` becomes `FALSE`.
    Unlock,
}

//! What a report says: a full snapshot, so that a lost one heals itself.
//!
//! The types are the privacy rule: there is no field for a link, a secret, a window title, a file
//! path, a user name, a company name, a log line or a provider's free text.

use jiff::Timestamp;
use serde::Serialize;

use crate::connection::Device;
use crate::evidence::{Finding, Presence};
use crate::health::{Problem, Verdict};

/// The CloudEvents type of every report.
const TYPE: &str = "com.deskside.health.v1";

/// Whether a report tells of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A verdict changed: kept until it arrives.
    Transition,
    /// Still here: the newest one is enough.
    Heartbeat,
}

/// A snapshot for one backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The event's identifier and idempotency key.
    #[serde(skip)]
    pub id: String,
    /// When it was made.
    #[serde(skip)]
    pub at: Timestamp,
    /// Whether it tells of a change.
    pub kind: Kind,
    /// Rises by one within a boot.
    pub seq: u64,
    /// One run of the program.
    pub boot_id: String,
    /// The program's version.
    pub app_version: &'static str,
    /// What this computer shows.
    pub machine: ReportedMachine,
    /// Each connection of this backend.
    pub connections: Vec<ReportedConnection>,
}

/// What a backend is told of this computer: yes, no, or (null) could not tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedMachine {
    /// QuickBooks runs for the person who uses Deskside.
    pub quickbooks_running: Option<bool>,
    /// So does the Web Connector.
    pub web_connector_running: Option<bool>,
}

/// What a backend is told of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedConnection {
    /// The backend's own identifier.
    pub id: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Everything that is wrong, symptoms too.
    pub problems: Vec<ReportedProblem>,
}

/// A problem as reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedProblem {
    /// Code and arguments.
    #[serde(flatten)]
    pub problem: Problem,
    /// How bad.
    pub severity: crate::companion::Severity,
    /// Since when.
    pub since: Timestamp,
    /// Shown to the user as the cause; the others are symptoms or too young.
    pub root: bool,
}

impl ReportedMachine {
    /// Reduces what was seen to yes, no or unknown.
    #[must_use]
    pub fn of(quickbooks: &Finding<Presence>, web_connector: &Finding<Presence>) -> Self {
        Self {
            quickbooks_running: quickbooks.is_here(),
            web_connector_running: web_connector.is_here(),
        }
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    specversion: &'static str,
    id: &'a str,
    source: String,
    r#type: &'static str,
    time: Timestamp,
    datacontenttype: &'static str,
    data: &'a Report,
}

/// The CloudEvents 1.0 envelope in JSON, as it will travel: the very bytes that are signed.
///
/// # Errors
/// When the report cannot be written as JSON, which its types rule out.
pub fn envelope(device: &Device, report: &Report) -> serde_json::Result<String> {
    serde_json::to_string(&Envelope {
        specversion: "1.0",
        id: &report.id,
        source: format!("urn:deskside:device:{}", device.remote_id()),
        r#type: TYPE,
        time: report.at,
        datacontenttype: "application/json",
        data: report,
    })
}

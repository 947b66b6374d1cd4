//! What a report says: a full snapshot, so that a lost one heals itself.
//!
//! The types are the privacy rule: there is no field for a link, a secret, a window title, a file
//! path, a user name, a company name, a log line or a provider's free text.

use deskside_health::{Problem, Verdict};
use deskside_model::connection::Device;
use deskside_model::evidence::{Finding, Presence};
use deskside_model::link::{Provider, Trust};
use jiff::Timestamp;
use serde::Serialize;

/// The CloudEvents type of every report.
const TYPE: &str = "com.deskside.health.v1";

/// Why a report is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// A verdict changed: kept until it is delivered.
    Transition,
    /// A sign of life: only the newest one is kept.
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
    /// Why it is sent.
    pub kind: ReportKind,
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

/// What a backend is told about this computer: yes, no, or (null) unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedMachine {
    /// QuickBooks runs in the session of the user of Deskside.
    pub quickbooks_running: Option<bool>,
    /// The Web Connector runs there too.
    pub web_connector_running: Option<bool>,
}

/// What a backend is told about a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedConnection {
    /// The backend's own identifier.
    pub id: String,
    /// The verdict.
    pub verdict: Verdict,
    /// All problems, including symptoms.
    pub problems: Vec<ReportedProblem>,
}

/// A problem as reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedProblem {
    /// Code and arguments.
    #[serde(flatten)]
    pub problem: Problem,
    /// How bad.
    pub severity: deskside_model::Severity,
    /// Since when.
    pub since: Timestamp,
    /// Shown to the user as the cause; the others are symptoms or too young.
    pub root: bool,
}

/// Who reads a report about a connection, and the provider of that connection.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The host of the backend that reads it.
    pub backend: &'a str,
    /// The connection's provider.
    pub provider: Option<Provider>,
    /// Which hosts belong to that provider.
    pub trust: &'a Trust,
}

impl Reader<'_> {
    /// The Web Connector serves other vendors too: their hosts are not for this reader.
    fn may_know(self, host: &str) -> bool {
        let is_of_provider =
            || self.provider.is_some_and(|it| self.trust.provider_of(host) == Some(it));
        host == self.backend || is_of_provider()
    }
}

impl ReportedProblem {
    /// A problem, with its host only if it is the reader's or the provider's. `root` is true when the
    /// user is shown it as the cause.
    #[must_use]
    pub fn of(mut problem: Problem, since: Timestamp, root: bool, reader: Reader<'_>) -> Self {
        problem.arguments.host = problem.arguments.host.filter(|host| reader.may_know(host));
        Self { severity: problem.code.entry().severity, since, root, problem }
    }
}

impl ReportedMachine {
    /// Reduces the findings to yes, no or unknown.
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

/// The CloudEvents 1.0 envelope in JSON: exactly the bytes that are signed and sent.
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

#[cfg(test)]
mod tests {
    use deskside_health::Code;
    use deskside_model::link::KnownLinkHost;

    use super::*;

    const OWN: &str = "app.acme.example";
    const OF_POLICY: &str = "link.acme.example";

    /// Every problem at this host, as the backend at [`OWN`] reads it.
    fn read(host: &str, provider: Option<Provider>) -> String {
        let link_hosts =
            vec![KnownLinkHost { host: OF_POLICY.into(), provider: Provider::Conductor }];
        let trust = Trust { link_hosts, ..Trust::default() };
        let reader = Reader { backend: OWN, provider, trust: &trust };
        let problems = Code::ALL.iter().map(|code| {
            let problem = Problem::at(*code, Some(host));
            ReportedProblem::of(problem, Timestamp::UNIX_EPOCH, true, reader)
        });
        serde_json::to_string(&problems.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn report_names_hosts_of_the_backend_and_its_provider() {
        for host in [OWN, "connect.conductor.is", OF_POLICY] {
            let told = read(host, Some(Provider::Conductor));
            assert_eq!(told.matches(host).count(), Code::ALL.len(), "{host}");
        }
    }

    #[test]
    fn report_omits_hosts_of_others() {
        for stranger in ["sync.otter.example", "evil.app.acme.example", "link.codat.io"] {
            for provider in [Some(Provider::Conductor), None] {
                let told = read(stranger, provider);
                assert!(!told.contains(stranger) && !told.contains("arguments"), "{told}");
            }
        }
        let told = read("connect.conductor.is", None);
        assert!(!told.contains("conductor"), "through whom it comes is not known: {told}");
    }
}

//! Everything observed at one moment, as plain data.
//!
//! A missing field was not looked at and is [`Finding::Unknown`]. A scenario written by hand names
//! only the relevant fields, and nothing unspecified can pass for healthy.

mod computer;
mod finding;
mod network;
mod presence;
mod reach;
mod remote;
pub mod run;
mod screen;
mod setup;
mod sync;
mod title;

pub use computer::{Computer, Lid};
pub use finding::Finding;
pub use network::Network;
pub use presence::{Instance, Presence, RunningPrograms};
pub use reach::{Reachability, ReachabilityFault, Tls};
pub use remote::{DataState, Fault, Remote, RemoteState, RemoteStatus};
pub use screen::Screen;
pub use setup::{Database, Edition, Program, RequestProcessor, Setup, year_of};
pub use sync::{AppRuns, Sync, name_applications};
pub use title::Title;

use jiff::Timestamp;
use serde::de::value::Error as Misread;
use serde::de::{Error, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize};

use crate::connection::{Connection, Device, Mode, Origin};
use crate::id::ConnectionId;
use crate::link::{AttemptOutcome, LinkAttempt, Provider};
use crate::registration::Scheme;
use crate::vault::VaultState;

/// What was observed on this computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Machine {
    /// QuickBooks Desktop's main process.
    pub quickbooks: Finding<Presence>,
    /// The Web Connector's process.
    pub web_connector: Finding<Presence>,
    /// What reports a QuickBooks crash: the title of a window, or the code with which QuickBooks ended.
    pub crash: Finding<String>,
    /// The name of a running tool that repairs QuickBooks or its files.
    pub repair: Finding<String>,
    /// What is installed and how it is configured.
    pub setup: Setup,
    /// The computer itself.
    pub computer: Computer,
    /// What the Web Connector's log says.
    pub sync: Finding<Sync>,
    /// The hosts that were probed because they did not answer.
    pub reach: Vec<Reachability>,
    /// When reports stopped arriving, if that was long ago.
    pub reports_stuck_since: Finding<Timestamp>,
    /// Which program opens links to Deskside.
    pub scheme: Finding<Scheme>,
    /// The connection to the network.
    pub network: Finding<Network>,
    /// Since when the computer is known to be awake: since it woke from sleep, or since Deskside
    /// has been watching.
    pub awake_since: Finding<Timestamp>,
    /// When the computer slept, or nobody watched for another reason: the newest last, and at most
    /// [`MOST_SLEEPS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sleeps: Vec<SleepInterval>,
    /// The OS keyring.
    pub vault: VaultState,
}

impl Machine {
    /// The level of the running Web Connector's log.
    #[must_use]
    pub fn log_level(&self) -> Finding<String> {
        self.of_the_web_connector(&self.setup.log_level)
    }

    /// Whether the running Web Connector is busy, or was interrupted.
    #[must_use]
    pub fn update_lock(&self) -> Finding<bool> {
        self.of_the_web_connector(&self.setup.update_lock)
    }

    /// The applications of the running Web Connector.
    #[must_use]
    pub fn applications(&self) -> Finding<Vec<String>> {
        self.of_the_web_connector(&self.setup.applications)
    }

    /// A setting as read for Deskside's user. Unknown while the only Web Connector runs as another
    /// account, which has settings of its own: Administrator Protection does that with elevated programs.
    /// See docs/sources/platform.md#processes.
    fn of_the_web_connector<T: Clone>(&self, setting: &Finding<T>) -> Finding<T> {
        let seen = self.web_connector.known().map_or(&[][..], |seen| &seen.instances);
        if !seen.is_empty() && seen.iter().all(|instance| instance.other_account) {
            return Finding::Unknown("the Web Connector runs as another account".into());
        }
        setting.clone()
    }
}

/// How many sleeps are remembered: some weeks of a laptop.
pub const MOST_SLEEPS: usize = 64;

/// A time in which this computer was not watched, because it slept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SleepInterval {
    /// The last look before.
    pub since: Timestamp,
    /// The first look after.
    pub until: Timestamp,
}

/// Everything observed at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Version of this document. Documents of other versions have another meaning and are rejected.
    #[serde(default = "schema", deserialize_with = "this_schema")]
    pub schema: u32,
    /// When.
    pub at: Timestamp,
    /// This computer.
    #[serde(flatten)]
    pub machine: Machine,
    /// Each connection and what backends and providers report about it.
    #[serde(default)]
    pub connections: Vec<ConnectionEvidence>,
}

const SCHEMA: u32 = 1;

const fn schema() -> u32 {
    SCHEMA
}

fn this_schema<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        SCHEMA => Ok(SCHEMA),
        other => Err(D::Error::custom(format!("this version reads schema {SCHEMA}, not {other}"))),
    }
}

/// What is known about one connection at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionEvidence {
    /// Its identifier.
    pub id: ConnectionId,
    /// The name to show.
    #[serde(default)]
    pub name: String,
    /// How QuickBooks is meant to be used.
    #[serde(default)]
    pub mode: Mode,
    /// Who can report its state.
    #[serde(default)]
    pub told_by: ToldBy,
    /// Who is queried, as shown to the user: a host or a provider's name.
    #[serde(default)]
    pub host: Option<String>,
    /// The queried host, if `host` is a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Who connects to QuickBooks; `None` also for a provider that this version does not know.
    #[serde(default, deserialize_with = "known_provider")]
    pub provider: Option<Provider>,
    /// The name of its application in the Web Connector, if known.
    #[serde(default)]
    pub app: Option<String>,
    /// The user canceled the steps in the browser.
    #[serde(default)]
    pub link_cancelled: bool,
    /// The last link that the user opened was not completed in time.
    #[serde(default)]
    pub link_expired: bool,
    /// Until when the user can complete an opened link.
    #[serde(default)]
    pub link_pending_until: Option<Timestamp>,
    /// The answer to the query.
    #[serde(default)]
    pub remote: Remote,
}

fn known_provider<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Provider>, D::Error> {
    let word = Option::<String>::deserialize(from)?;
    Ok(word.and_then(|word| {
        let word = IntoDeserializer::<Misread>::into_deserializer(word);
        Provider::deserialize(word).ok()
    }))
}

/// Who can report the state of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToldBy {
    /// No one: only its link is known.
    #[default]
    Nobody,
    /// The vendor's backend.
    Backend,
    /// The provider itself.
    Provider,
}

impl ConnectionEvidence {
    /// Combines the stored connection with the answer about it.
    #[must_use]
    pub fn of(connection: &Connection, device: Option<&Device>, remote: Remote) -> Self {
        let ending = connection.link.as_ref().and_then(LinkAttempt::ending);
        let host = connection.host(device);
        let server = connection.address(device).and_then(|url| url.host_str().map(str::to_owned));
        Self {
            id: connection.id.clone(),
            name: connection.name(),
            mode: connection.mode,
            told_by: match connection.origin {
                Origin::Link { .. } => ToldBy::Nobody,
                Origin::Backend { .. } => ToldBy::Backend,
                Origin::Direct { .. } => ToldBy::Provider,
            },
            server: server.filter(|server| host.as_ref() != Some(server)),
            host,
            provider: connection.provider,
            app: None,
            link_cancelled: ending == Some(AttemptOutcome::Cancelled),
            link_expired: ending == Some(AttemptOutcome::Expired),
            link_pending_until: connection.link.as_ref().and_then(LinkAttempt::out_until),
            remote,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_unknown_if_the_only_web_connector_is_another_accounts() {
        let own = Instance::default();
        let other = Instance { other_account: true, ..Instance::default() };
        for (instances, is_known) in [
            (vec![], true),
            (vec![own.clone()], true),
            (vec![other.clone()], false),
            (vec![other, own], true),
        ] {
            let setup = Setup {
                log_level: Finding::Known("NONE".into()),
                update_lock: Finding::Known(true),
                applications: Finding::Absent,
                ..Setup::default()
            };
            let presence = Presence { own_session: 1, other_sessions: 0, instances };
            let web_connector = Finding::Known(presence);
            let machine = Machine { setup, web_connector, ..Machine::default() };
            let known = [
                machine.log_level() == Finding::Known("NONE".into()),
                machine.update_lock() == Finding::Known(true),
                machine.applications() == Finding::Absent,
            ];
            assert_eq!(known, [is_known; 3], "{:?}", machine.web_connector);
        }
    }
}

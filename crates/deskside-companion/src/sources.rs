//! Whom to ask about connections: each source with its address, its name and what asking takes.

use deskside_model::ConnectionId;
use deskside_model::connection::{Connection, Origin};
use deskside_model::evidence::{Fault, RemoteState};
use deskside_model::exchange::{ConnectionReport, Source, Target};
use deskside_model::link::Trust;
use jiff::Timestamp;
use url::Url;

use super::connections::Connections;

impl Connections {
    /// The source of a connection; `None` when it has none.
    pub(super) fn source_of(&self, connection: &Connection) -> Option<Source> {
        match &connection.origin {
            Origin::Link { .. } => None,
            Origin::Backend { device } => Some(Source::Backend(device.clone())),
            Origin::Direct { .. } => Some(Source::Direct(connection.id.clone())),
        }
    }

    /// Where to send requests about a connection, and with what.
    pub(super) fn asked(&self, connection: &Connection) -> Option<Target> {
        match &connection.origin {
            Origin::Link { .. } => None,
            Origin::Backend { device } => self.device(device).cloned().map(Target::Backend),
            Origin::Direct { .. } => {
                let last = self.state(&connection.id).and_then(|s| s.remote.status.clone());
                Some(Target::Direct(Box::new(connection.clone()), last.map(Box::new)))
            }
        }
    }

    /// All sources.
    pub(super) fn sources(&self) -> Vec<Source> {
        let devices = self.saved.devices.iter().map(|device| Source::Backend(device.id.clone()));
        let direct = |connection: &Connection| match connection.origin {
            Origin::Direct { .. } => Some(Source::Direct(connection.id.clone())),
            Origin::Link { .. } | Origin::Backend { .. } => None,
        };
        devices.chain(self.saved.connections.iter().filter_map(direct)).collect()
    }

    /// The identifiers of the connections of a source.
    pub(super) fn of(&self, source: &Source) -> Vec<ConnectionId> {
        let belongs = |connection: &&Connection| match source {
            Source::Backend(device) => connection.device() == Some(device),
            Source::Direct(id) => connection.id == *id,
        };
        self.saved.connections.iter().filter(belongs).map(|c| c.id.clone()).collect()
    }

    /// The vault's names for what a source knows this computer by.
    pub(super) fn secret_names(&self, source: &Source) -> Vec<String> {
        let names = match source {
            Source::Backend(id) => self.device(id).map(|device| device.secret_names().to_vec()),
            Source::Direct(id) => self.connection(id).map(|known| vec![known.key_name()]),
        };
        names.unwrap_or_default()
    }

    /// A source's host and address.
    pub(super) fn address(&self, source: &Source) -> Option<(String, Url)> {
        let url = match source {
            Source::Backend(id) => self.device(id)?.backend.call(&[]),
            Source::Direct(id) => self.connection(id)?.address(None)?,
        };
        Some((url.host_str()?.to_owned(), url))
    }

    /// What asking a source takes.
    pub(super) fn target_of(&self, source: &Source) -> Option<Target> {
        match source {
            Source::Backend(device) => self.device(device).cloned().map(Target::Backend),
            Source::Direct(id) => self.asked(self.connection(id)?),
        }
    }

    /// The name of a source on screen. Not the account there, which is the user's own name.
    pub(super) fn name_of(&self, source: &Source, trust: &Trust) -> String {
        match source {
            Source::Backend(id) => self.device(id).map(|device| {
                let host = device.backend.host();
                trust.vendor_of(host).unwrap_or(host).to_owned()
            }),
            Source::Direct(id) => {
                let provider = self.connection(id).and_then(|known| known.provider);
                provider.map(|provider| provider.profile().name.to_owned())
            }
        }
        .unwrap_or_default()
    }

    /// The first connection of a source that is not set up yet.
    pub(super) fn first_to_set_up(&self, source: &Source) -> Option<ConnectionId> {
        let is_new = |id: &ConnectionId| {
            let status = self.state(id).and_then(|state| state.remote.status.as_ref());
            status.is_some_and(|status| status.state == RemoteState::NotSetUp)
        };
        self.of(source).into_iter().find(is_new)
    }

    /// Takes in what a source says of its connections.
    pub(super) fn handle_reports(
        &mut self,
        now: Timestamp,
        source: &Source,
        told: Vec<ConnectionReport>,
    ) {
        match source {
            Source::Backend(device) => {
                // This computer may have left it in the meantime.
                if self.device(device).is_some() {
                    self.record_list(device, told, now);
                }
            }
            Source::Direct(_) => {
                for one in told {
                    let id = ConnectionId::from(one.id);
                    if let Some(connection) = self.connection_mut(&id) {
                        connection.company = one.company;
                    }
                    self.record_status(&id, one.status, now);
                }
            }
        }
    }

    /// A source did not answer about its connections, or not usably.
    pub(super) fn failed(&mut self, source: &Source, fault: Fault, now: Timestamp) {
        for id in self.of(source) {
            if let Some(state) = self.state_mut(&id) {
                state.remote.failed(fault, now);
            }
        }
    }
}

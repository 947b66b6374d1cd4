//! The connections, each with its remote status, its problems over time and its verdict.

use std::collections::BTreeMap;

use deskside_health::{Code, Diagnosis, Doubt, Tracker, Verdict, Witness, diagnose, judge};
use deskside_model::connection::{Account, Connection, Origin};
use deskside_model::evidence::{
    ConnectionEvidence, Machine, Remote, RemoteState, RemoteStatus, name_applications,
};
use deskside_model::exchange::{ConnectionReport, Source};
use deskside_model::link::{AttemptOutcome, AttemptStage, LinkAttempt};
use deskside_model::{ConnectionId, DeviceId};
use jiff::Timestamp;

use crate::input::SavedState;

/// All connections: what is saved of them, and their state.
#[derive(Debug)]
pub(super) struct Connections {
    pub(super) saved: SavedState,
    states: BTreeMap<ConnectionId, State>,
}

/// The state of one connection.
#[derive(Debug)]
pub(super) struct State {
    pub(super) remote: Remote,
    pub(super) tracker: Tracker,
    pub(super) judged: Diagnosis,
    /// Its source was asked to do something with it, and has not answered.
    pub(super) has_request: bool,
    /// The current outage.
    pub(super) outage: Option<Outage>,
}

/// A time in which a connection does not work, from the first problem until it works again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outage {
    pub(super) cause: Code,
    pub(super) announced: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            remote: Remote::default(),
            tracker: Tracker::default(),
            judged: Diagnosis {
                verdict: Verdict::Unknown,
                roots: Vec::new(),
                notes: Vec::new(),
                doubt: Some(Doubt::JustFound),
            },
            has_request: false,
            outage: None,
        }
    }
}

impl Connections {
    pub(super) fn new(saved: SavedState) -> Self {
        let state = |connection: &Connection| (connection.id.clone(), State::default());
        let states = saved.connections.iter().map(state).collect();
        Self { saved, states }
    }

    pub(super) fn connection(&self, id: &ConnectionId) -> Option<&Connection> {
        self.saved.connections.iter().find(|connection| connection.id == *id)
    }

    pub(super) fn connection_mut(&mut self, id: &ConnectionId) -> Option<&mut Connection> {
        self.saved.connections.iter_mut().find(|connection| connection.id == *id)
    }

    pub(super) fn attempt_mut(&mut self, id: &ConnectionId) -> Option<&mut LinkAttempt> {
        self.connection_mut(id)?.link.as_mut()
    }

    pub(super) fn state(&self, id: &ConnectionId) -> Option<&State> {
        self.states.get(id)
    }

    pub(super) fn state_mut(&mut self, id: &ConnectionId) -> Option<&mut State> {
        self.states.get_mut(id)
    }

    /// Each connection with its state, in the order they were added.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Connection, &State)> {
        self.saved.connections.iter().filter_map(|c| self.states.get(&c.id).map(|state| (c, state)))
    }

    /// Adds a connection, or replaces what is remembered of it.
    pub(super) fn add(&mut self, connection: Connection) {
        self.states.entry(connection.id.clone()).or_default();
        match self.connection_mut(&connection.id) {
            Some(known) => *known = connection,
            None => self.saved.connections.push(connection),
        }
    }

    pub(super) fn remove(&mut self, id: &ConnectionId) {
        self.states.remove(id);
        self.saved.connections.retain(|connection| connection.id != *id);
    }

    /// Gives the connections of one device to another one of the same backend.
    pub(super) fn move_connections(&mut self, from: &DeviceId, to: &DeviceId) {
        for connection in &mut self.saved.connections {
            if connection.device() != Some(from) {
                continue;
            }
            // An identifier that names the device names the new one from now on.
            let remote = connection.remote_id().to_owned();
            if connection.id != remote.as_str() {
                let id = local_id_beside(to, &remote);
                let state = self.states.remove(&connection.id).unwrap_or_default();
                self.states.insert(id.clone(), state);
                connection.id = id;
            }
            connection.origin = Origin::Backend { device: to.to_owned() };
        }
    }

    /// Takes in a backend's complete list. Connections that are not on it are removed.
    pub(super) fn record_list(
        &mut self,
        device: &DeviceId,
        reports: Vec<ConnectionReport>,
        now: Timestamp,
    ) {
        let gone: Vec<ConnectionId> = self
            .saved
            .connections
            .iter()
            .filter(|known| known.device() == Some(device))
            .filter(|known| !reports.iter().any(|one| one.id == known.remote_id()))
            .map(|known| known.id.clone())
            .collect();
        for id in gone {
            self.remove(&id);
        }
        for one in reports {
            self.record_report(device, one, now);
        }
    }

    /// Takes in a backend's report on one connection, and returns its identifier here.
    fn record_report(
        &mut self,
        device: &DeviceId,
        one: ConnectionReport,
        now: Timestamp,
    ) -> ConnectionId {
        let id = self.local_id(device, one.id);
        let link = self.connection(&id).and_then(|known| known.link.clone());
        self.add(Connection {
            id: id.clone(),
            company: one.company,
            provider: one.provider,
            mode: one.mode,
            origin: Origin::Backend { device: device.to_owned() },
            link,
        });
        self.record_status(&id, one.status, now);
        id
    }

    /// The backend's identifier, unless another vendor's connection has the same one. It does not
    /// change when that other connection goes.
    fn local_id(&self, device: &DeviceId, remote: String) -> ConnectionId {
        let beside = local_id_beside(device, &remote);
        let remote = ConnectionId::from(remote);
        let is_beside = self.connection(&beside).is_some();
        let is_taken = self.connection(&remote).is_some_and(|c| c.device() != Some(device));
        if is_beside || is_taken { beside } else { remote }
    }

    /// Takes in a connection that was just made, and returns its identifier here.
    pub(super) fn record_new(
        &mut self,
        source: &Source,
        report: ConnectionReport,
        now: Timestamp,
    ) -> Option<ConnectionId> {
        match source {
            Source::Backend(device) => {
                self.device(device)?;
                Some(self.record_report(device, report, now))
            }
            Source::Direct(id) => {
                let connection = self.connection_mut(id)?;
                if let Origin::Direct { account: Account::Codat { connection, .. }, .. } =
                    &mut connection.origin
                {
                    *connection = Some(report.id);
                }
                self.record_status(id, report.status, now);
                Some(id.clone())
            }
        }
    }

    /// Takes in the status of one connection.
    pub(super) fn record_status(
        &mut self,
        id: &ConnectionId,
        status: RemoteStatus,
        now: Timestamp,
    ) {
        if let Some(attempt) = self.attempt_mut(id).filter(|attempt| confirms(&status, attempt)) {
            attempt.end(now, AttemptOutcome::Confirmed);
        }
        if let Some(state) = self.states.get_mut(id) {
            state.remote.heard(status, now);
        }
    }

    pub(super) fn evidence(&self, machine: &Machine) -> Vec<ConnectionEvidence> {
        let one = |(connection, state): (&Connection, &State)| {
            let device = connection.device().and_then(|id| self.device(id));
            ConnectionEvidence::of(connection, device, state.remote.clone())
        };
        let mut evidence: Vec<ConnectionEvidence> = self.all().map(one).collect();
        name_applications(machine, &mut evidence);
        evidence
    }

    /// Judges every connection at this moment.
    pub(super) fn judge(&mut self, now: Timestamp, machine: &Machine) {
        for evidence in self.evidence(machine) {
            let Some(state) = self.states.get_mut(&evidence.id) else { continue };
            let witness = Witness::of(now, machine, Some(&evidence));
            state.tracker.update(now, diagnose(now, machine, Some(&evidence)), &witness);
            let previous = state.judged.verdict;
            state.judged = judge(now, machine, Some(&evidence), &state.tracker, previous);
        }
    }

    pub(super) fn judged(&self, machine: &Machine) -> Vec<(ConnectionEvidence, Diagnosis)> {
        let state = |evidence: ConnectionEvidence| {
            self.states.get(&evidence.id).map(|state| (evidence, state.judged.clone()))
        };
        self.evidence(machine).into_iter().filter_map(state).collect()
    }

    /// When time alone will next change a connection.
    pub(super) fn next_change(&self) -> Option<Timestamp> {
        let trackers = self.states.values().filter_map(|state| state.tracker.next_change());
        let links = self.saved.connections.iter().filter_map(|c| c.link.as_ref()?.next_change());
        trackers.chain(links).min()
    }
}

/// The identifier of a backend's connection when another connection has the backend's identifier.
fn local_id_beside(device: &DeviceId, remote: &str) -> ConnectionId {
    format!("{device}/{remote}").into()
}

/// True for a status that says that the connection works, or waits for its planned time.
pub(super) fn works(status: &RemoteStatus) -> bool {
    status.state == RemoteState::Healthy || status.is_planned()
}

/// True when a status shows that the steps of a link are finished. If the connection worked before,
/// only the browser's return or new data show it.
fn confirms(status: &RemoteStatus, attempt: &LinkAttempt) -> bool {
    let works = works(status);
    let is_news = !attempt.worked_before
        || status.last_success_at.is_some_and(|then| then >= attempt.since());
    match attempt.stage {
        AttemptStage::Opened { .. } | AttemptStage::Over { .. } => works && is_news,
        AttemptStage::Returned { .. } => works,
        AttemptStage::Agreed { .. } | AttemptStage::Fetching { .. } => false,
    }
}

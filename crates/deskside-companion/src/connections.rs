//! The connections, each with its remote status, its problems over time and its verdict.

use std::collections::BTreeMap;
use std::sync::Arc;

use deskside_health::{Code, Diagnosis, Tracker, Verdict, diagnose, judge};
use deskside_model::Secret;
use deskside_model::connection::{Account, Connection, Device, Origin};
use deskside_model::evidence::{
    ConnectionEvidence, Finding, Machine, Remote, RemoteState, RemoteStatus, name_applications,
};
use deskside_model::exchange::{ConnectionReport, Source, Target};
use deskside_model::link::{AttemptOutcome, AttemptStage, LinkAttempt};
use jiff::Timestamp;
use url::Url;

use super::setup_progress;
use crate::input::SavedState;

/// All connections: what is saved of them, and their state.
#[derive(Debug)]
pub(super) struct Connections {
    pub(super) saved: SavedState,
    states: BTreeMap<String, State>,
}

/// The state of one connection.
#[derive(Debug)]
pub(super) struct State {
    pub(super) remote: Remote,
    pub(super) tracker: Tracker,
    pub(super) judged: Diagnosis,
    /// A link that was agreed to and is not opened yet; `None` also while it is only in the vault.
    pub(super) in_hand: Option<Arc<Secret>>,
    /// An action of the user is in progress.
    pub(super) busy: bool,
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
            judged: Diagnosis { verdict: Verdict::Unknown, roots: Vec::new(), notes: Vec::new() },
            in_hand: None,
            busy: false,
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

    pub(super) fn connection(&self, id: &str) -> Option<&Connection> {
        self.saved.connections.iter().find(|connection| connection.id == id)
    }

    pub(super) fn connection_mut(&mut self, id: &str) -> Option<&mut Connection> {
        self.saved.connections.iter_mut().find(|connection| connection.id == id)
    }

    pub(super) fn attempt_mut(&mut self, id: &str) -> Option<&mut LinkAttempt> {
        self.connection_mut(id)?.link.as_mut()
    }

    pub(super) fn device(&self, id: &str) -> Option<&Device> {
        self.saved.devices.iter().find(|device| device.id == id)
    }

    pub(super) fn device_mut(&mut self, id: &str) -> Option<&mut Device> {
        self.saved.devices.iter_mut().find(|device| device.id == id)
    }

    pub(super) fn state(&self, id: &str) -> Option<&State> {
        self.states.get(id)
    }

    pub(super) fn state_mut(&mut self, id: &str) -> Option<&mut State> {
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

    pub(super) fn remove(&mut self, id: &str) {
        self.states.remove(id);
        self.saved.connections.retain(|connection| connection.id != id);
    }

    /// Gives the connections of one device to another one of the same backend.
    pub(super) fn move_connections(&mut self, from: &str, to: &str) {
        for connection in &mut self.saved.connections {
            if connection.device() != Some(from) {
                continue;
            }
            // An identifier that names the device names the new one from now on.
            let remote = connection.remote_id().to_owned();
            if remote != connection.id {
                let id = local_id_beside(to, &remote);
                let state = self.states.remove(&connection.id).unwrap_or_default();
                self.states.insert(id.clone(), state);
                connection.id = id;
            }
            connection.origin = Origin::Backend { device: to.to_owned() };
        }
    }

    /// Takes in a backend's complete list. Connections that are not on it are removed.
    pub(super) fn told_by_backend(
        &mut self,
        device: &str,
        told: Vec<ConnectionReport>,
        now: Timestamp,
    ) {
        let gone: Vec<String> = self
            .saved
            .connections
            .iter()
            .filter(|known| known.device() == Some(device))
            .filter(|known| !told.iter().any(|one| one.id == known.remote_id()))
            .map(|known| known.id.clone())
            .collect();
        for id in gone {
            self.remove(&id);
        }
        for one in told {
            self.told_of_one(device, one, now);
        }
    }

    /// Takes in a backend's report on one connection, and returns its identifier here.
    fn told_of_one(&mut self, device: &str, one: ConnectionReport, now: Timestamp) -> String {
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
        self.told(&id, one.status, now);
        id
    }

    /// The backend's identifier, unless another vendor's connection has the same one. It does not
    /// change when that other connection goes.
    fn local_id(&self, device: &str, remote: String) -> String {
        let beside = local_id_beside(device, &remote);
        let is_beside = self.connection(&beside).is_some();
        let is_taken = self.connection(&remote).is_some_and(|c| c.device() != Some(device));
        if is_beside || is_taken { beside } else { remote }
    }

    /// Takes in a connection that was just made, and returns its identifier here.
    pub(super) fn made(
        &mut self,
        source: &Source,
        told: ConnectionReport,
        now: Timestamp,
    ) -> Option<String> {
        match source {
            Source::Backend(device) => {
                self.device(device)?;
                Some(self.told_of_one(device, told, now))
            }
            Source::Direct(id) => {
                let connection = self.connection_mut(id)?;
                if let Origin::Direct { account: Account::Codat { connection, .. }, .. } =
                    &mut connection.origin
                {
                    *connection = Some(told.id);
                }
                self.told(id, told.status, now);
                Some(id.clone())
            }
        }
    }

    /// Takes in the status of one connection.
    pub(super) fn told(&mut self, id: &str, status: RemoteStatus, now: Timestamp) {
        if let Some(attempt) = self.attempt_mut(id).filter(|attempt| confirms(&status, attempt)) {
            attempt.end(now, AttemptOutcome::Confirmed);
        }
        if let Some(state) = self.states.get_mut(id) {
            state.remote.heard(status, now);
        }
    }

    /// Lets links be fetched again: the answers to fetches before a restart are lost.
    pub(super) fn fetch_links_again(&mut self) {
        let links = self.saved.connections.iter_mut().filter_map(|known| known.link.as_mut());
        links.for_each(LinkAttempt::fetch_again);
    }

    /// Confirms a link without a source where the log shows that its new application works. While
    /// several links are open, a new application may belong to any of them.
    pub(super) fn confirm_by_log(&mut self, now: Timestamp, machine: &Machine) {
        let Finding::Known(sync) = &machine.sync else { return };
        let is_out =
            |known: &&Connection| known.link.as_ref().and_then(LinkAttempt::out_until).is_some();
        let is_only = self.saved.connections.iter().filter(is_out).count() == 1;
        let has_no_source = |known: &&mut Connection| matches!(known.origin, Origin::Link { .. });
        let alone = self.saved.connections.iter_mut().filter(has_no_source);
        for attempt in alone.filter_map(|known| known.link.as_mut()) {
            if attempt.out_until().is_none() {
                continue;
            }
            if !is_only {
                setup_progress::note_all(sync, attempt);
            } else if setup_progress::new_one_works(sync, attempt) {
                attempt.end(now, AttemptOutcome::Confirmed);
            }
        }
    }

    /// Ends links that were not completed in time, and drops those that ended long ago.
    pub(super) fn expire_links(&mut self, now: Timestamp, machine: &Machine) {
        for connection in &mut self.saved.connections {
            let has_no_source = matches!(connection.origin, Origin::Link { .. });
            if let Some(attempt) = &mut connection.link {
                attempt.begin_by(now);
                let may_be_done =
                    has_no_source || setup_progress::progress(machine, attempt).worked;
                attempt.expire(now, may_be_done);
            }
            connection.link.take_if(|attempt| attempt.is_old_news(now));
        }
    }

    /// Drops every link from memory that is no longer kept.
    pub(super) fn let_go_of_links(&mut self) {
        for connection in &self.saved.connections {
            let is_kept = connection.link.as_ref().is_some_and(|attempt| attempt.kept().is_some());
            if let Some(state) = self.states.get_mut(&connection.id).filter(|_| !is_kept) {
                state.in_hand = None;
            }
        }
    }

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
    pub(super) fn of(&self, source: &Source) -> Vec<String> {
        let belongs = |connection: &&Connection| match source {
            Source::Backend(device) => connection.device() == Some(device),
            Source::Direct(id) => connection.id == *id,
        };
        self.saved.connections.iter().filter(belongs).map(|c| c.id.clone()).collect()
    }

    /// A source's host and address.
    pub(super) fn address(&self, source: &Source) -> Option<(String, Url)> {
        let url = match source {
            Source::Backend(id) => self.device(id)?.backend.call(&[]),
            Source::Direct(id) => self.connection(id)?.address(None)?,
        };
        Some((url.host_str()?.to_owned(), url))
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
            state.tracker.update(now, diagnose(now, machine, Some(&evidence)));
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
fn local_id_beside(device: &str, remote: &str) -> String {
    format!("{device}/{remote}")
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

//! The connections, each with what is heard of it, its problems over time and its verdict.

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

use super::seen;
use crate::input::SavedState;

/// Everything known of connections.
#[derive(Debug)]
pub(super) struct Connections {
    pub(super) saved: SavedState,
    states: BTreeMap<String, State>,
}

/// How one connection is.
#[derive(Debug)]
pub(super) struct State {
    pub(super) remote: Remote,
    pub(super) tracker: Tracker,
    pub(super) judged: Diagnosis,
    /// A link that was agreed to and is not opened yet, or is only in the vault.
    pub(super) in_hand: Option<Arc<Secret>>,
    /// An action of the user is under way.
    pub(super) busy: bool,
    /// The outage that is going on, from the first problem until it works again.
    pub(super) outage: Option<Outage>,
}

/// A connection that does not work, from the first problem until it works again.
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

    pub(super) fn life_mut(&mut self, id: &str) -> Option<&mut LinkAttempt> {
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

    /// Takes in a backend's whole list: it says which connections there are.
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

    /// Takes in what a backend tells of one connection; its identifier here.
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

    /// A backend's identifier, unless somebody else's connection has it: two vendors may choose alike.
    /// It stays what it is when the other one has gone.
    fn local_id(&self, device: &str, remote: String) -> String {
        let beside = local_id_beside(device, &remote);
        let is_beside = self.connection(&beside).is_some();
        let is_taken = self.connection(&remote).is_some_and(|c| c.device() != Some(device));
        if is_beside || is_taken { beside } else { remote }
    }

    /// Takes in a connection that was just made; its identifier here.
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

    /// Takes in what is said of one connection.
    pub(super) fn told(&mut self, id: &str, status: RemoteStatus, now: Timestamp) {
        if let Some(life) = self.life_mut(id).filter(|life| confirms(&status, life)) {
            life.end(now, AttemptOutcome::Confirmed);
        }
        if let Some(state) = self.states.get_mut(id) {
            state.remote.heard(status, now);
        }
    }

    /// Whoever was asked for a link before the program ended tells nobody.
    pub(super) fn fetch_links_again(&mut self) {
        let links = self.saved.connections.iter_mut().filter_map(|known| known.link.as_mut());
        links.for_each(LinkAttempt::fetch_again);
    }

    /// A link that nobody tells about is confirmed where the log shows that the application works
    /// that it brought. While several links are out, a new application may be anybody's.
    pub(super) fn confirm_by_log(&mut self, now: Timestamp, machine: &Machine) {
        let Finding::Known(sync) = &machine.sync else { return };
        let is_out =
            |known: &&Connection| known.link.as_ref().and_then(LinkAttempt::out_until).is_some();
        let is_only = self.saved.connections.iter().filter(is_out).count() == 1;
        let nobody_tells = |known: &&mut Connection| matches!(known.origin, Origin::Link { .. });
        let alone = self.saved.connections.iter_mut().filter(nobody_tells);
        for life in alone.filter_map(|known| known.link.as_mut()) {
            if life.out_until().is_none() {
                continue;
            }
            if !is_only {
                seen::note_all(sync, life);
            } else if seen::new_one_works(sync, life) {
                life.end(now, AttemptOutcome::Confirmed);
            }
        }
    }

    /// A link that nobody completed in time is pending no more, and one that worked is old news.
    pub(super) fn expire_links(&mut self, now: Timestamp, machine: &Machine) {
        for connection in &mut self.saved.connections {
            let nobody_tells = matches!(connection.origin, Origin::Link { .. });
            if let Some(life) = &mut connection.link {
                life.begin_by(now);
                let may_be_done = nobody_tells || seen::seen(machine, life).worked;
                life.expire(now, may_be_done);
            }
            connection.link.take_if(|life| life.is_old_news(now));
        }
    }

    /// Lets go of every link that is not kept any more.
    pub(super) fn let_go_of_links(&mut self) {
        for connection in &self.saved.connections {
            let is_kept = connection.link.as_ref().is_some_and(|life| life.in_vault);
            if let Some(state) = self.states.get_mut(&connection.id).filter(|_| !is_kept) {
                state.in_hand = None;
            }
        }
    }

    /// Who can be asked about a connection.
    pub(super) fn source_of(&self, connection: &Connection) -> Option<Source> {
        match &connection.origin {
            Origin::Link { .. } => None,
            Origin::Backend { device } => Some(Source::Backend(device.clone())),
            Origin::Direct { .. } => Some(Source::Direct(connection.id.clone())),
        }
    }

    /// Whom to ask about a connection.
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

    /// Everybody who can be asked.
    pub(super) fn sources(&self) -> Vec<Source> {
        let devices = self.saved.devices.iter().map(|device| Source::Backend(device.id.clone()));
        let direct = |connection: &Connection| match connection.origin {
            Origin::Direct { .. } => Some(Source::Direct(connection.id.clone())),
            Origin::Link { .. } | Origin::Backend { .. } => None,
        };
        devices.chain(self.saved.connections.iter().filter_map(direct)).collect()
    }

    /// The connections that a source tells about.
    pub(super) fn of(&self, source: &Source) -> Vec<String> {
        let belongs = |connection: &&Connection| match source {
            Source::Backend(device) => connection.device() == Some(device),
            Source::Direct(id) => connection.id == *id,
        };
        self.saved.connections.iter().filter(belongs).map(|c| c.id.clone()).collect()
    }

    /// The host of somebody who is asked, and where that is.
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

    /// Draws the conclusions of a moment for every connection.
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

/// The identifier of a backend's connection where somebody else's has the backend's own.
fn local_id_beside(device: &str, remote: &str) -> String {
    format!("{device}/{remote}")
}

/// Whether a status says that the connection works, or is set up and waits for its planned time.
pub(super) fn works(status: &RemoteStatus) -> bool {
    status.state == RemoteState::Healthy || status.is_planned()
}

/// Whether a status says that the steps of a link were finished. Where it worked before, only the
/// browser's return or new data say so.
fn confirms(status: &RemoteStatus, life: &LinkAttempt) -> bool {
    let works = works(status);
    let is_news =
        !life.worked_before || status.last_success_at.is_some_and(|then| then >= life.since());
    match life.stage {
        AttemptStage::Opened { .. } | AttemptStage::Over { .. } => works && is_news,
        AttemptStage::Returned { .. } => works,
        AttemptStage::Agreed { .. } | AttemptStage::Fetching { .. } => false,
    }
}

//! What the user does with connections: making new ones, stopping, removing, signing out.

use deskside_model::connection::{Connection, Device, Origin};
use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_model::exchange::{NewConnection, Source, Target};
use deskside_model::link::LinkAttempt;
use deskside_model::{Page, Secret, Severity};
use deskside_text::{self as text, Words};
use jiff::Timestamp;

use super::{Companion, preflight};
use crate::context::Context;
use crate::input::Effect;

/// The code of the notice that says that a connection is busy.
const BUSY: &str = "connection.busy";

impl Companion {
    /// Asks every source what can be connected there, while the window can show the answer.
    pub(super) fn ask_integrations(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        for source in self.connections.sources() {
            if !self.integrations.is_due(now, &source) {
                continue;
            }
            if let Some(target) = self.target_of(&source) {
                effects.push(self.integrations.ask(now, source, target));
            }
        }
    }

    /// The user wants to connect something that a source offers.
    pub(super) fn connect(
        &mut self,
        context: &mut Context,
        source: &str,
        integration: &str,
        effects: &mut Vec<Effect>,
    ) {
        let is_meant = |one: &Source| one.key() == source;
        let Some(source) = self.connections.sources().into_iter().find(is_meant) else { return };
        if !self.integrations.offers(&source, integration) {
            return;
        }
        let Some(asked) = self.target_of(&source) else { return };
        if !self.integrations.begin_connecting(&source) {
            return;
        }
        effects.push(Effect::Connect {
            source,
            asked,
            integration: integration.to_owned(),
            state: Secret::new(context.nonce()),
        });
    }

    pub(super) fn connected(
        &mut self,
        context: &mut Context,
        source: &Source,
        state: &Secret,
        answer: Result<Box<NewConnection>, Fault>,
        effects: &mut Vec<Effect>,
    ) {
        self.integrations.end_connecting();
        let now = context.now;
        let NewConnection { report, link } = match answer {
            Ok(made) => *made,
            Err(fault) => {
                tracing::warn!(?fault, "new connection not made");
                let name = self.name_of(source);
                let words = text::not_connected(&name);
                return self.notices.show("connection.not_made", Severity::Warning, words);
            }
        };
        let Some(id) = self.connections.record_new(source, report, now) else { return };
        // The new connection is on this page.
        effects.push(Effect::OpenWindow(Page::Status));
        let Some(connection) = self.connections.connection_mut(&id) else { return };
        connection.link = Some(LinkAttempt::agreed(context.id(), None, now, None));
        let connection = connection.clone();
        let Some(link) = link else { return self.want_link(context, &id, effects) };
        let Some(url) = self.take_in_link(now, &id, state, Ok(link)) else { return };
        if preflight::is_clear(&self.checks_of(&connection)) {
            self.open(now, &id, url, effects);
        } else {
            self.keep(&id, url, effects);
        }
    }

    pub(super) fn stop_syncing(&mut self, id: &str, effects: &mut Vec<Effect>) {
        if let Some((asked, connection)) = self.begin(id) {
            effects.push(Effect::StopSyncing(asked, connection));
        }
    }

    pub(super) fn stopped(&mut self, now: Timestamp, id: &str, answer: Result<(), Fault>) {
        let Some(name) = self.end(id) else { return };
        match answer {
            Ok(()) => {
                let status =
                    RemoteStatus { state: RemoteState::Unlinked, ..RemoteStatus::default() };
                self.outdate(id);
                self.connections.record_status(id, status, now);
                self.polling.soon(now);
            }
            Err(fault) => self.not_done("connection.not_stopped", fault, text::not_stopped(&name)),
        }
    }

    /// Removes a connection: at the application if that keeps it, otherwise here.
    pub(super) fn remove(&mut self, id: &str, effects: &mut Vec<Effect>) {
        let Some(connection) = self.connections.connection(id).cloned() else { return };
        match connection.origin {
            Origin::Backend { .. } => {
                if let Some((asked, connection)) = self.begin(id) {
                    effects.push(Effect::RemoveThere(asked, connection));
                }
            }
            Origin::Link { .. } => self.connections.remove(id),
            Origin::Direct { .. } => {
                self.connections.remove(id);
                effects.push(Effect::ForgetSecret(connection.key_name()));
            }
        }
    }

    pub(super) fn removed(&mut self, now: Timestamp, id: &str, answer: Result<(), Fault>) {
        let Some(name) = self.end(id) else { return };
        match answer {
            Ok(()) => {
                self.outdate(id);
                self.connections.remove(id);
                self.polling.soon(now);
            }
            Err(fault) => self.not_done("connection.not_removed", fault, text::not_removed(&name)),
        }
    }

    /// Marks an answer that is under way as outdated: it may not include the change yet.
    fn outdate(&mut self, id: &str) {
        let connection = self.connections.connection(id);
        if let Some(source) =
            connection.and_then(|connection| self.connections.source_of(connection))
        {
            self.polling.outdate(&source);
        }
    }

    /// Unlinks this computer from a backend.
    pub(super) fn sign_out(&mut self, source: &str, effects: &mut Vec<Effect>) {
        let is_meant = |one: &Source| one.key() == source;
        if let Some(Source::Backend(id)) = self.connections.sources().into_iter().find(is_meant)
            && let Some(device) = self.connections.device(&id).cloned()
        {
            self.leave(device, effects);
        }
    }

    /// Starts an active check, only on the user's click.
    pub(super) fn check(&mut self, id: &str, effects: &mut Vec<Effect>) {
        if let Some((asked, connection)) = self.begin(id) {
            effects.push(Effect::Check(asked, connection));
        }
    }

    pub(super) fn checked(
        &mut self,
        now: Timestamp,
        id: &str,
        answer: Result<RemoteStatus, Fault>,
    ) {
        self.end(id);
        match answer {
            Ok(status) => self.connections.record_status(id, status, now),
            Err(fault) => {
                if let Some(state) = self.connections.state_mut(id) {
                    state.remote.failed(fault, now);
                }
            }
        }
    }

    /// Leaves a backend: its connections are gone at once, and it is told until it confirms.
    pub(super) fn leave(&mut self, device: Device, effects: &mut Vec<Effect>) {
        for id in self.connections.of(&Source::Backend(device.id.clone())) {
            self.connections.remove(&id);
        }
        self.connections.saved.devices.retain(|known| known.id != device.id);
        self.reporting.forget(&device.id);
        effects.push(Effect::Leave(device.clone()));
        self.connections.saved.leaving.push(device);
    }

    pub(super) fn left(&mut self, now: Timestamp, id: &str, done: bool) {
        if done {
            self.connections.saved.leaving.retain(|device| device.id != id);
            self.reporting.has_left(id);
        } else {
            self.reporting.leave_later(now, id);
        }
    }

    /// Marks a connection as busy, unless it is busy already.
    pub(super) fn begin(&mut self, id: &str) -> Option<(Target, Connection)> {
        let connection = self.connections.connection(id).cloned()?;
        let asked = self.connections.asked(&connection)?;
        let state = self.connections.state_mut(id)?;
        if std::mem::replace(&mut state.busy, true) {
            self.notices.show(BUSY, Severity::Warning, text::connection_busy(&connection.name()));
            return None;
        }
        Some((asked, connection))
    }

    /// The name of a source on screen. Not the account there, which is the user's own name.
    pub(super) fn name_of(&self, source: &Source) -> String {
        match source {
            Source::Backend(id) => self.connections.device(id).map(|device| {
                let host = device.backend.host();
                self.installation.trust.vendor_of(host).unwrap_or(host).to_owned()
            }),
            Source::Direct(id) => {
                let provider = self.connections.connection(id).and_then(|known| known.provider);
                provider.map(|provider| provider.profile().name.to_owned())
            }
        }
        .unwrap_or_default()
    }

    /// Marks a connection as no longer busy, and returns the name of its source.
    pub(super) fn end(&mut self, id: &str) -> Option<String> {
        self.notices.remove(BUSY);
        self.connections.state_mut(id)?.busy = false;
        let connection = self.connections.connection(id)?;
        let source = self.connections.source_of(connection)?;
        Some(self.name_of(&source))
    }

    fn not_done(&mut self, code: &str, fault: Fault, words: Words) {
        tracing::warn!(code, ?fault, "action on a connection failed");
        self.notices.show(code, Severity::Warning, words);
    }
}

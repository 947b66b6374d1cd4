//! What the user does with connections that stand: new ones, stopping, removing, signing out.

use deskside_model::connection::{Connection, Origin};
use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_model::exchange::{NewConnection, Source, Target};
use deskside_model::link::LinkAttempt;
use deskside_model::{Page, Secret, Severity};
use deskside_text::{self as text, Words};
use jiff::{SignedDuration, Timestamp};

use super::{Companion, preflight};
use crate::given::Context;
use crate::input::Effect;
use crate::view::{IntegrationView, SourceState};

/// How long what can be connected is believed.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// The code of the notice that says that something else is under way.
const BUSY: &str = "connection.busy";

/// What somebody offers to connect.
#[derive(Debug)]
pub(super) struct IntegrationList {
    asked_at: Timestamp,
    answer: Answer,
}

/// What came of asking what can be connected.
#[derive(Debug)]
enum Answer {
    Awaited,
    Failed,
    Told(Vec<IntegrationView>),
}

impl IntegrationList {
    pub(super) const fn state(&self) -> SourceState {
        match &self.answer {
            Answer::Awaited => SourceState::Loading,
            Answer::Failed => SourceState::Failed,
            Answer::Told(list) if list.is_empty() => SourceState::None,
            Answer::Told(_) => SourceState::Ready,
        }
    }

    pub(super) fn list(&self) -> &[IntegrationView] {
        match &self.answer {
            Answer::Awaited | Answer::Failed => &[],
            Answer::Told(list) => list,
        }
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let is_old = now.duration_since(self.asked_at).abs() >= ASK_AGAIN;
        is_old || matches!(self.answer, Answer::Failed)
    }
}

impl Companion {
    /// Asks everybody what can be connected, while somebody may look at the answer.
    pub(super) fn ask_what_is_offered(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        for source in self.known.sources() {
            if self.offered.get(&source).is_some_and(|known| !known.is_due(now)) {
                continue;
            }
            if let Some(asked) = self.whom(&source) {
                let answer = match self.offered.remove(&source).map(|known| known.answer) {
                    Some(Answer::Told(list)) => Answer::Told(list),
                    Some(Answer::Awaited | Answer::Failed) | None => Answer::Awaited,
                };
                self.offered.insert(source.clone(), IntegrationList { asked_at: now, answer });
                effects.push(Effect::AskIntegrations(source, asked));
            }
        }
    }

    pub(super) fn integrations_told(
        &mut self,
        source: &Source,
        answer: Result<Vec<IntegrationView>, Fault>,
    ) {
        let Some(known) = self.offered.get_mut(source) else { return };
        match answer {
            Ok(list) => known.answer = Answer::Told(list),
            Err(fault) => {
                tracing::info!(?fault, "nobody says what can be connected");
                // An old list is better than none.
                if known.list().is_empty() {
                    known.answer = Answer::Failed;
                }
            }
        }
    }

    /// The user wants to connect something that a source offers.
    pub(super) fn connect(
        &mut self,
        given: &mut Context,
        source: &str,
        integration: &str,
        effects: &mut Vec<Effect>,
    ) {
        let Some(source) = self.known.sources().into_iter().find(|one| one.key() == source) else {
            return;
        };
        let is_offered = self
            .offered
            .get(&source)
            .is_some_and(|offered| offered.list().iter().any(|one| one.key == integration));
        let Some(asked) = self.whom(&source).filter(|_| is_offered) else { return };
        if self.connecting.replace(source.clone()).is_some() {
            return;
        }
        effects.push(Effect::Connect {
            source,
            asked,
            integration: integration.to_owned(),
            state: Secret::new(given.nonce()),
        });
    }

    pub(super) fn connected(
        &mut self,
        given: &mut Context,
        source: &Source,
        state: &Secret,
        answer: Result<Box<NewConnection>, Fault>,
        effects: &mut Vec<Effect>,
    ) {
        self.connecting = None;
        let now = given.now;
        let NewConnection { told, link } = match answer {
            Ok(made) => *made,
            Err(fault) => {
                tracing::warn!(?fault, "no new connection");
                let name = self.name_of(source);
                let words = text::not_connected(&name);
                return self.tell("connection.not_made", Severity::Warning, words);
            }
        };
        let Some(id) = self.known.made(source, told, now) else { return };
        // From here on it is on that page.
        effects.push(Effect::OpenWindow(Page::Status));
        let Some(connection) = self.known.connection_mut(&id) else { return };
        connection.link = Some(LinkAttempt::agreed(given.id(), None, now, None));
        let connection = connection.clone();
        let Some(link) = link else { return self.want_link(given, &id, effects) };
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
                self.known.told(id, status, now);
                self.polls.soon(now);
            }
            Err(fault) => self.not_done("connection.not_stopped", fault, text::not_stopped(&name)),
        }
    }

    /// Removes a connection: at the application, where that keeps it; here, otherwise.
    pub(super) fn remove(&mut self, id: &str, effects: &mut Vec<Effect>) {
        let Some(connection) = self.known.connection(id).cloned() else { return };
        match connection.origin {
            Origin::Backend { .. } => {
                if let Some((asked, connection)) = self.begin(id) {
                    effects.push(Effect::RemoveThere(asked, connection));
                }
            }
            Origin::Link { .. } => self.known.remove(id),
            Origin::Direct { .. } => {
                self.known.remove(id);
                effects.push(Effect::ForgetSecret(connection.key_name()));
            }
        }
    }

    pub(super) fn removed(&mut self, now: Timestamp, id: &str, answer: Result<(), Fault>) {
        let Some(name) = self.end(id) else { return };
        match answer {
            Ok(()) => {
                self.outdate(id);
                self.known.remove(id);
                self.polls.soon(now);
            }
            Err(fault) => self.not_done("connection.not_removed", fault, text::not_removed(&name)),
        }
    }

    /// Whoever is just being asked about a connection may not know yet what was done with it.
    fn outdate(&mut self, id: &str) {
        let connection = self.known.connection(id);
        if let Some(source) = connection.and_then(|connection| self.known.source_of(connection)) {
            self.polls.outdate(&source);
        }
    }

    /// Ends what links this computer to a backend.
    pub(super) fn sign_out(&mut self, source: &str, effects: &mut Vec<Effect>) {
        let is_meant = |one: &Source| one.key() == source;
        if let Some(Source::Backend(id)) = self.known.sources().into_iter().find(is_meant)
            && let Some(device) = self.known.device(&id).cloned()
        {
            self.leave(device, effects);
        }
    }

    /// Begins something with a connection, unless something is under way already.
    pub(super) fn begin(&mut self, id: &str) -> Option<(Target, Connection)> {
        let connection = self.known.connection(id).cloned()?;
        let asked = self.known.asked(&connection)?;
        let state = self.known.state_mut(id)?;
        if std::mem::replace(&mut state.busy, true) {
            self.tell(BUSY, Severity::Warning, text::connection_busy(&connection.name()));
            return None;
        }
        Some((asked, connection))
    }

    /// What to call a source on screen. Not by the account there: that is the user's own name.
    pub(super) fn name_of(&self, source: &Source) -> String {
        match source {
            Source::Backend(id) => self.known.device(id).map(|device| {
                let host = device.backend.host();
                self.setting.trust.vendor_of(host).unwrap_or(host).to_owned()
            }),
            Source::Direct(id) => {
                let provider = self.known.connection(id).and_then(|known| known.provider);
                provider.map(|provider| provider.profile().name.to_owned())
            }
        }
        .unwrap_or_default()
    }

    /// Ends it; the name of whom it was asked of.
    pub(super) fn end(&mut self, id: &str) -> Option<String> {
        self.notices.retain(|notice| notice.code != BUSY);
        self.known.state_mut(id)?.busy = false;
        let connection = self.known.connection(id)?;
        let source = self.known.source_of(connection)?;
        Some(self.name_of(&source))
    }

    fn not_done(&mut self, code: &str, fault: Fault, words: Words) {
        tracing::warn!(code, ?fault, "not done");
        self.tell(code, Severity::Warning, words);
    }
}

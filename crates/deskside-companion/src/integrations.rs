//! What can be connected at each source, and the new connection that is being made.

use std::collections::BTreeMap;

use deskside_model::Secret;
use deskside_model::evidence::Fault;
use deskside_model::exchange::{Source, Target};
use jiff::{SignedDuration, Timestamp};

use super::connections::Connections;
use crate::context::Context;
use crate::input::Effect;
use crate::view::{IntegrationView, SourceState};

/// How long a list counts as current.
const LIST_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// The lists of all sources, and where a new connection is being made.
#[derive(Debug, Default)]
pub(super) struct Integrations {
    lists: BTreeMap<Source, IntegrationList>,
    connecting: Option<Source>,
}

/// What one source offers to connect.
#[derive(Debug)]
struct IntegrationList {
    asked_at: Timestamp,
    state: ListState,
}

#[derive(Debug)]
enum ListState {
    Loading,
    Failed,
    Loaded(Vec<IntegrationView>),
}

impl IntegrationList {
    fn is_due(&self, now: Timestamp) -> bool {
        let is_old = now.duration_since(self.asked_at).abs() >= LIST_LIFETIME;
        is_old || matches!(self.state, ListState::Failed)
    }
}

impl Integrations {
    /// Asks every source whose list is not current.
    pub(super) fn ask(&mut self, now: Timestamp, connections: &Connections) -> Vec<Effect> {
        let is_due = |source: &Source| self.lists.get(source).is_none_or(|list| list.is_due(now));
        let due: Vec<Source> = connections.sources().into_iter().filter(is_due).collect();
        let ask = |source| Some(self.ask_one(now, connections.target_of(&source)?, source));
        due.into_iter().filter_map(ask).collect()
    }

    /// Asks a source for its list. The old list stays until there is a new one.
    fn ask_one(&mut self, now: Timestamp, target: Target, source: Source) -> Effect {
        let state = match self.lists.remove(&source).map(|list| list.state) {
            Some(ListState::Loaded(list)) => ListState::Loaded(list),
            Some(ListState::Loading | ListState::Failed) | None => ListState::Loading,
        };
        self.lists.insert(source.clone(), IntegrationList { asked_at: now, state });
        Effect::AskIntegrations(source, target)
    }

    /// Takes in a source's answer.
    pub(super) fn handle_list(
        &mut self,
        source: &Source,
        answer: Result<Vec<IntegrationView>, Fault>,
    ) {
        let Some(known) = self.lists.get_mut(source) else { return };
        match answer {
            Ok(list) => known.state = ListState::Loaded(list),
            Err(fault) => {
                tracing::info!(?fault, "list of integrations not received");
                // An old list is better than none.
                if !matches!(&known.state, ListState::Loaded(list) if !list.is_empty()) {
                    known.state = ListState::Failed;
                }
            }
        }
    }

    pub(super) fn state(&self, source: &Source) -> SourceState {
        match self.lists.get(source).map(|list| &list.state) {
            None | Some(ListState::Loading) => SourceState::Loading,
            Some(ListState::Failed) => SourceState::Failed,
            Some(ListState::Loaded(list)) if list.is_empty() => SourceState::None,
            Some(ListState::Loaded(_)) => SourceState::Ready,
        }
    }

    pub(super) fn list(&self, source: &Source) -> &[IntegrationView] {
        match self.lists.get(source).map(|list| &list.state) {
            Some(ListState::Loaded(list)) => list,
            Some(ListState::Loading | ListState::Failed) | None => &[],
        }
    }

    /// The user wants to connect something that a source offers. Nothing happens while another new
    /// connection is being made.
    pub(super) fn connect(
        &mut self,
        context: &mut Context,
        key: &str,
        integration: String,
        connections: &Connections,
    ) -> Option<Effect> {
        let source = connections.sources().into_iter().find(|source| source.key() == key)?;
        let is_offered = self.list(&source).iter().any(|one| one.key == integration);
        if !is_offered || self.connecting.is_some() {
            return None;
        }
        let asked = connections.target_of(&source)?;
        self.connecting = Some(source.clone());
        let state = Secret::new(context.nonce());
        Some(Effect::Connect { source, asked, integration, state })
    }

    pub(super) fn end_connecting(&mut self) {
        self.connecting = None;
    }

    pub(super) fn is_connecting(&self, source: &Source) -> bool {
        self.connecting.as_ref() == Some(source)
    }
}

//! What can be connected at each source, and the new connection that is being made.

use std::collections::BTreeMap;

use deskside_model::evidence::Fault;
use deskside_model::exchange::{Source, Target};
use jiff::{SignedDuration, Timestamp};

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
    pub(super) fn is_due(&self, now: Timestamp, source: &Source) -> bool {
        self.lists.get(source).is_none_or(|list| list.is_due(now))
    }

    /// Asks a source for its list. The old list stays until there is a new one.
    pub(super) fn ask(&mut self, now: Timestamp, source: Source, target: Target) -> Effect {
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

    pub(super) fn offers(&self, source: &Source, integration: &str) -> bool {
        self.list(source).iter().any(|one| one.key == integration)
    }

    /// Begins a new connection at a source; false while another one is being made.
    pub(super) fn begin_connecting(&mut self, source: &Source) -> bool {
        if self.connecting.is_some() {
            return false;
        }
        self.connecting = Some(source.clone());
        true
    }

    pub(super) fn end_connecting(&mut self) {
        self.connecting = None;
    }

    pub(super) fn is_connecting(&self, source: &Source) -> bool {
        self.connecting.as_ref() == Some(source)
    }
}

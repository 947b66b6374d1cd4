//! The shell of a companion that this program runs for one command. What a window would show is kept
//! for the command, which says at the terminal what matters of it.

use std::path::PathBuf;
use std::sync::Arc;

use deskside_companion::{Check, CheckState, LinkView, Toast, View};
use deskside_model::{ConnectionId, Page, Secret};
use deskside_net::ProviderRefusal;
use deskside_runtime::Shell;
use tokio::sync::watch::{Receiver, Sender};

/// What a companion has shown so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct PromptState {
    view: Option<View>,
    /// How far the browser is.
    pub(crate) browser: BrowserStart,
    /// Why a provider gave no link, in its own words.
    pub(crate) refusal: Option<ProviderRefusal>,
}

/// How far the start of the browser is.
#[derive(Clone, Debug, Default)]
pub(crate) enum BrowserStart {
    /// Nothing wants it yet.
    #[default]
    Unasked,
    /// The system is starting it.
    Begun,
    /// It was started, or could not be.
    Ended(Result<(), String>),
}

impl PromptState {
    /// The newest link of a connection.
    pub(crate) fn link(&self, id: &ConnectionId) -> Option<&LinkView> {
        let mut connections = self.view.as_ref()?.connections.iter();
        connections.find(|connection| connection.id == *id)?.link.as_ref()
    }

    /// What is not as it should be for that link.
    pub(crate) fn bad_checks(&self, id: &ConnectionId) -> impl Iterator<Item = &Check> {
        let checks = self.link(id).into_iter().flat_map(|link| &link.checks);
        checks.filter(|check| check.state == CheckState::Bad)
    }
}

/// A shell that keeps what it is given.
#[derive(Debug, Default)]
pub(crate) struct Prompt {
    state: Sender<PromptState>,
}

impl Prompt {
    /// What is shown, from now on.
    pub(crate) fn state(&self) -> Receiver<PromptState> {
        self.state.subscribe()
    }
}

impl Shell for Prompt {
    fn draw(&mut self, view: &View) {
        self.state.send_modify(|state| state.view = Some(view.clone()));
    }

    fn open_browser(
        &mut self,
        link: Arc<Secret>,
    ) -> impl Future<Output = Result<(), String>> + Send + 'static {
        let state = self.state.clone();
        state.send_modify(|state| state.browser = BrowserStart::Begun);
        async move {
            let started = deskside_runtime::open_browser(link).await;
            state.send_modify(|state| state.browser = BrowserStart::Ended(started.clone()));
            started
        }
    }

    fn open_window(&mut self, _page: Page) {}

    fn toast(&mut self, _toast: &Toast) {}

    fn refused(&mut self, refusal: &ProviderRefusal) {
        self.state.send_modify(|state| state.refusal = Some(refusal.clone()));
    }

    fn program(&self) -> Option<PathBuf> {
        None
    }
}

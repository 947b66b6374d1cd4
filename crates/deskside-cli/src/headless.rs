//! `run`: the companion without a window. A link needs an answer in a window, so on such a computer
//! connections are set up once with the app, or with the business's own key.

use std::path::PathBuf;
use std::sync::Arc;

use deskside_companion::{Input, Toast, View, tray};
use deskside_model::{Page, Secret};
use deskside_os::{log, paths};
use deskside_runtime::{Message, Shell, control};

use crate::output::{CommandFailure, say};

/// A shell without a desktop: it logs what it would show.
struct Terminal {
    last: Option<String>,
}

impl Shell for Terminal {
    fn draw(&mut self, view: &View) {
        let line = tray(view).tooltip;
        if self.last.as_ref() != Some(&line) {
            say(&line);
            self.last = Some(line);
        }
    }

    fn open_browser(
        &mut self,
        link: Arc<Secret>,
    ) -> impl Future<Output = Result<(), String>> + Send + 'static {
        deskside_runtime::open_browser(link)
    }

    fn open_window(&mut self, _page: Page) {
        tracing::info!("a question is waiting; start Deskside with a window to answer it");
    }

    fn toast(&mut self, toast: &Toast) {
        say(&format!("{}: {}", toast.title, toast.body));
    }

    fn program(&self) -> Option<PathBuf> {
        None
    }
}

pub(crate) async fn run() -> Result<u8, CommandFailure> {
    log::to_standard_error();
    let folder =
        paths::data_folder().map_err(|why| CommandFailure::new("no profile folder", why))?;
    let Some(claim) = control::claim(&folder).await else {
        return Err(CommandFailure::plain("Deskside is already running"));
    };
    let (inbox, outlet) = deskside_runtime::inbox();
    if inbox.send(Message::Input(Input::Started { quietly: true })).await.is_err() {
        return Err(CommandFailure::plain("the companion cannot be reached"));
    }
    let stop = inbox.clone();
    tokio::spawn(async move {
        asked_to_stop().await;
        if stop.send(Message::Quit).await.is_err() {
            tracing::debug!("the companion has ended already");
        }
    });
    let shell = Terminal { last: None };
    let ended = deskside_runtime::run(claim, &folder, shell, inbox, outlet).await;
    ended.map(|()| 0).map_err(|why| CommandFailure::new("the companion cannot run", why))
}

/// Ctrl-C everywhere; also the stop signal of service managers where there is one.
async fn asked_to_stop() {
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => terminate.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => if let Err(why) = stopped {
            tracing::warn!(%why, "Ctrl-C cannot be received");
            std::future::pending::<()>().await;
        },
        _ = terminate => {}
    }
}

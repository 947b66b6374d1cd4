//! What a companion needs from outside: a shell that shows things, and an inbox for what happens.

use std::path::PathBuf;
use std::sync::Arc;

use deskside_companion::{Input, Toast, View};
use deskside_model::{ConnectionId, Page, Secret};
use deskside_net::ProviderRefusal;
use tokio::sync::{mpsc, oneshot};

use crate::control::Request;

/// Everything that the person in front of the computer sees or that leaves through their desktop.
pub trait Shell: Send {
    /// Draw this. Called only when it differs from the last one.
    fn draw(&mut self, view: &View);
    /// Open the system browser with this link, without waiting here. What is returned ends when the
    /// browser was started, or tells why it could not be, without the link.
    fn open_browser(
        &mut self,
        link: Arc<Secret>,
    ) -> impl Future<Output = Result<(), String>> + Send + 'static;
    /// Show the window with this page.
    fn open_window(&mut self, page: Page);
    /// Show a notification.
    fn toast(&mut self, toast: &Toast);
    /// A provider did not give a link, for the reason that these words of its own tell. The view says
    /// that there is none; this is for shells that show more.
    fn refused(&mut self, _refusal: &ProviderRefusal) {}
    /// The program that the desktop may start at login; `None` for a companion without a desktop.
    fn program(&self) -> Option<PathBuf>;
}

/// Opens a link in the default browser, beside the calling thread: a cold browser takes seconds.
///
/// # Errors
/// Why it could not be started, without the link.
pub async fn open_browser(link: Arc<Secret>) -> Result<(), String> {
    let open = move || deskside_os::launch::link(&link).map_err(|kind| kind.to_string());
    tokio::task::spawn_blocking(open).await.unwrap_or_else(|why| Err(why.to_string()))
}

/// What the outside may send to a running companion.
#[derive(Debug)]
pub enum Message {
    /// Something happened.
    Input(Input),
    /// Another process asks something. The answer is a JSON text, sent once the request was handled;
    /// a companion that ends drops the sender instead.
    Request(Request, oneshot::Sender<String>),
    /// The description of a connection for support is wanted.
    Details(ConnectionId, oneshot::Sender<Option<String>>),
    /// The computer is about to sleep or to end the session: send what waits, for a short while,
    /// and say when that is done.
    Flush(std::sync::mpsc::Sender<()>),
    /// End.
    Quit,
}

/// Sends messages to a companion.
pub type Inbox = mpsc::Sender<Message>;

/// The other end of an [`Inbox`].
pub type Outlet = mpsc::Receiver<Message>;

/// How many messages may wait. More come only from a page out of control, and are refused.
const CAPACITY: usize = 64;

/// An inbox for a companion that starts later.
#[must_use]
pub fn inbox() -> (Inbox, Outlet) {
    mpsc::channel(CAPACITY)
}

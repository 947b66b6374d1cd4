//! The commands of the page. It receives views and sends user actions; no secret crosses here.

use std::sync::mpsc::Sender;

use deskside_companion::{Action, Input, Update};
use deskside_model::ConnectionId;
use deskside_runtime::pictures::Pictures;
use deskside_runtime::{Inbox, Message};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};
use tokio::sync::oneshot;

use crate::desk::Order;

/// The page is loaded: every later view goes through this channel.
#[tauri::command]
pub(crate) fn attach(desk: State<'_, Sender<Order>>, channel: Channel<Update>) {
    order(&desk, Order::Attach(channel));
}

/// The page has drawn itself.
#[tauri::command]
pub(crate) fn ready(desk: State<'_, Sender<Order>>) {
    order(&desk, Order::Ready);
}

/// Passes on an action of the user.
///
/// # Errors
/// When the companion is busy or has ended. Then nothing happens, and the page says so.
#[tauri::command]
pub(crate) fn act(inbox: State<'_, Inbox>, action: Action) -> Result<(), &'static str> {
    if crate::offer(&inbox, Input::User(action)) { Ok(()) } else { Err("not accepted") }
}

/// A description of a connection, for the user to copy.
#[tauri::command]
pub(crate) async fn details(app: AppHandle, connection: ConnectionId) -> Option<String> {
    let (reply, answer) = oneshot::channel();
    let inbox = app.state::<Inbox>().inner().clone();
    inbox.send(Message::Details(connection, reply)).await.ok()?;
    answer.await.ok().flatten()
}

/// The picture of an integration, as a `data:` URL.
#[tauri::command]
pub(crate) async fn image(app: AppHandle, id: String) -> Option<String> {
    app.state::<Pictures>().data_url(&id)
}

fn order(desk: &Sender<Order>, order: Order) {
    if desk.send(order).is_err() {
        tracing::debug!("the desk has ended");
    }
}

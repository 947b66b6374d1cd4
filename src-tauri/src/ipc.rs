//! What the page may say. It gets views and sends what the user does; no secret crosses here.

use std::sync::mpsc::Sender;

use deskside::companion::{Action, Input, Update};
use deskside::runtime::{Inbox, Message};
use tauri::State;
use tauri::ipc::Channel;
use tokio::sync::oneshot;

use crate::desk::Order;

/// The page is there: every view from now on goes through this channel.
#[tauri::command]
pub(crate) fn attach(desk: State<'_, Sender<Order>>, channel: Channel<Update>) {
    order(&desk, Order::Attach(channel));
}

/// The page has drawn itself.
#[tauri::command]
pub(crate) fn ready(desk: State<'_, Sender<Order>>) {
    order(&desk, Order::Ready);
}

/// The user did something.
#[tauri::command]
pub(crate) fn act(inbox: State<'_, Inbox>, action: Action) {
    crate::offer(&inbox, Some(Input::User(action)));
}

/// A description of a connection, for the user to copy.
#[tauri::command]
pub(crate) async fn details(inbox: State<'_, Inbox>, connection: String) -> Result<String, ()> {
    let (reply, answer) = oneshot::channel();
    inbox.send(Message::Details(connection, reply)).await.map_err(drop)?;
    answer.await.ok().flatten().ok_or(())
}

fn order(desk: &Sender<Order>, order: Order) {
    if desk.send(order).is_err() {
        tracing::debug!("the desk has ended");
    }
}

//! The window: created on demand, destroyed when it is closed. At rest there is no webview.

use std::sync::mpsc::Sender;

use tauri::plugin::TauriPlugin;
use tauri::webview::WebviewWindowBuilder;
use tauri::{AppHandle, Manager, WebviewUrl, WindowEvent, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::desk::Order;

const LABEL: &str = "main";

/// Whether the window had to be created.
pub(crate) enum Opened {
    /// It is new; its page will attach.
    New,
    /// It existed already.
    Before,
}

/// Remembers the window's position and size, and moves it into view if that screen
/// is gone.
pub(crate) fn remember_place() -> TauriPlugin<Wry> {
    let flags = StateFlags::POSITION | StateFlags::SIZE | StateFlags::MAXIMIZED;
    tauri_plugin_window_state::Builder::default().with_state_flags(flags).build()
}

/// Brings the window to the front, and creates it first if there is none. Must not be called from an
/// event handler.
///
/// # Errors
/// When there is no webview.
pub(crate) fn show(app: &AppHandle, orders: &Sender<Order>) -> tauri::Result<Opened> {
    if let Some(window) = app.get_webview_window(LABEL) {
        window.unminimize()?;
        window.show()?;
        window.set_focus()?;
        return Ok(Opened::Before);
    }
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title(deskside_model::NAME)
        .inner_size(460.0, 640.0)
        .min_inner_size(320.0, 360.0)
        .on_navigation(is_ours)
        .focused(true)
        .build()?;
    let orders = orders.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) && orders.send(Order::Closed).is_err() {
            tracing::debug!("the desk has ended");
        }
    });
    Ok(Opened::New)
}

/// Destroys the window without asking its page.
pub(crate) fn destroy(app: &AppHandle) {
    if let Some(Err(why)) = app.get_webview_window(LABEL).map(|window| window.destroy()) {
        tracing::error!(%why, "the window could not be closed");
    }
}

/// The page never leaves the program: links open in the browser, through the companion.
fn is_ours(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

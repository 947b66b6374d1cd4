//! The window: created on demand, destroyed when it is closed. At rest there is no webview.

use std::path::Path;
use std::sync::mpsc::Sender;

use tauri::plugin::TauriPlugin;
use tauri::webview::{WebviewWindow, WebviewWindowBuilder};
use tauri::{AppHandle, Manager, PhysicalPosition, PhysicalSize, WebviewUrl, WindowEvent, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::desk::Order;
use crate::page_death;
use crate::placement::{Area, within};

const LABEL: &str = "main";

/// Whether the window had to be created.
pub(crate) enum Opened {
    /// It is new; its page will attach.
    New,
    /// It existed already.
    Before,
}

/// Remembers the window's position and size.
pub(crate) fn remember_place() -> TauriPlugin<Wry> {
    let flags = StateFlags::POSITION | StateFlags::SIZE | StateFlags::MAXIMIZED;
    tauri_plugin_window_state::Builder::default().with_state_flags(flags).build()
}

/// Brings the window to the front, and creates it first if there is none: then the webview keeps what
/// it remembers in `folder`, or where it does so usually. Must not be called from an event handler.
///
/// # Errors
/// When there is no webview.
pub(crate) fn show(
    app: &AppHandle,
    orders: &Sender<Order>,
    folder: Option<&Path>,
) -> tauri::Result<Opened> {
    if let Some(window) = app.get_webview_window(LABEL) {
        window.unminimize()?;
        window.show()?;
        window.set_focus()?;
        return Ok(Opened::Before);
    }
    let mut window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title(deskside_model::NAME)
        .inner_size(460.0, 640.0)
        .min_inner_size(320.0, 360.0)
        .on_navigation(is_ours)
        .focused(true);
    if let Some(folder) = folder {
        window = window.data_directory(folder.to_owned());
    }
    let window = window.build()?;
    page_death::watch(&window, orders.clone())?;
    if let Err(why) = bring_onto_screen(&window) {
        tracing::warn!(%why, "the window may be out of sight");
    }
    let orders = orders.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) && orders.send(Order::Closed).is_err() {
            tracing::debug!("the desk has ended");
        }
    });
    Ok(Opened::New)
}

/// Moves and shrinks the window so that all of it is on one screen.
fn bring_onto_screen(window: &WebviewWindow) -> tauri::Result<()> {
    if window.is_maximized()? {
        return Ok(());
    }
    let screens: Vec<Area> = window
        .available_monitors()?
        .iter()
        .map(|m| area(m.work_area().position, m.work_area().size))
        .collect();
    let (outer, inner) = (window.outer_size()?, window.inner_size()?);
    let before = area(window.outer_position()?, outer);
    let after = within(before, &screens);
    if (after.width, after.height) != (before.width, before.height) {
        // The size that can be set is that without the frame.
        let frame =
            (outer.width.saturating_sub(inner.width), outer.height.saturating_sub(inner.height));
        let (width, height) =
            (after.width.saturating_sub(frame.0), after.height.saturating_sub(frame.1));
        window.set_size(PhysicalSize { width, height })?;
    }
    if (after.x, after.y) != (before.x, before.y) {
        window.set_position(PhysicalPosition { x: after.x, y: after.y })?;
    }
    Ok(())
}

const fn area(place: PhysicalPosition<i32>, size: PhysicalSize<u32>) -> Area {
    Area { x: place.x, y: place.y, width: size.width, height: size.height }
}

/// Destroys the window without asking its page; false if there is none to be destroyed.
pub(crate) fn destroy(app: &AppHandle) -> bool {
    let destroyed = app.get_webview_window(LABEL).map(|window| window.destroy());
    if let Some(Err(why)) = &destroyed {
        tracing::error!(%why, "the window could not be closed");
    }
    destroyed.is_some_and(|destroyed| destroyed.is_ok())
}

/// The page never leaves the program: links open in the browser, through the companion.
fn is_ours(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

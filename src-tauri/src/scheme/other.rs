//! Elsewhere: the plugin writes the desktop entry.

use deskside_model::NAME;
use tauri::{AppHandle, Builder, Wry};
use tauri_plugin_deep_link::DeepLinkExt;

/// Adds the plugin.
pub(crate) fn plugin(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_deep_link::init())
}

/// Registers the scheme at every start, so that a moved program repairs its registration.
pub(crate) fn register(app: &AppHandle) {
    if let Err(why) = app.deep_link().register_all() {
        tracing::warn!(%why, "links to {NAME} could not be registered");
    }
}

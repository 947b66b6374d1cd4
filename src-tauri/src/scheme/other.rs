//! Elsewhere: the plugin writes the desktop entry.

use deskside_model::NAME;
use tauri::{AppHandle, Builder, Wry};
use tauri_plugin_deep_link::DeepLinkExt;

/// Adds the plugin.
pub(crate) fn plugin(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_deep_link::init())
}

/// Registers the scheme at every start, so that a moved program repairs its registration. True when
/// our links open this program.
pub(crate) fn register(app: &AppHandle) -> bool {
    let registered = app.deep_link().register_all();
    registered
        .inspect_err(|why| tracing::warn!(%why, "links to {NAME} could not be registered"))
        .is_ok()
}

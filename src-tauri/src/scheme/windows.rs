//! Windows: in this user's registry, by our own hand. The plugin would take links away from another
//! program without a word.

use deskside_model::evidence::Finding;
use deskside_model::registration::Scheme;
use deskside_os::registration;
use tauri::{AppHandle, Builder, Wry};

/// Nothing is needed.
pub(crate) fn plugin(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

/// At every start, so that a moved program heals its own registration.
pub(crate) fn register(_app: &AppHandle) {
    let Some(program) = registration::app() else { return };
    match registration::register_scheme(&program) {
        Finding::Known(Scheme::Taken { program }) => {
            tracing::warn!(program, "another program opens our links");
        }
        Finding::Known(Scheme::Ours | Scheme::Missing) | Finding::Absent => {}
        Finding::Unknown(why) => tracing::warn!(why, "who opens our links cannot be told"),
    }
}

//! Windows: our own entry in this user's registry. The plugin would take links away from another
//! program without notice.

use deskside_model::evidence::Finding;
use deskside_model::registration::Scheme;
use deskside_os::registration;
use tauri::{AppHandle, Builder, Wry};

/// Nothing is needed.
pub(crate) fn plugin(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

/// Registers the scheme at every start, so that a moved program repairs its registration. True when
/// our links open this program.
pub(crate) fn register(_app: &AppHandle) -> bool {
    let Some(program) = registration::app() else { return false };
    match registration::register_scheme(&program) {
        Finding::Known(Scheme::Ours) => true,
        Finding::Known(Scheme::Taken { program }) => {
            tracing::warn!(program, "another program opens our links");
            false
        }
        Finding::Known(Scheme::Missing) | Finding::Absent => false,
        Finding::Unknown(why) => {
            tracing::warn!(why, "the program that opens our links is unknown");
            false
        }
    }
}

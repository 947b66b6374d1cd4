//! What this user's desktop knows of Deskside: who opens its links, whether it starts at login,
//! under what name it notifies; and the few writes that put that right.
//!
//! What an entry means is decided in one place without any I/O, so that every odd registry can be
//! tried on any computer. Another program's entry and the user's own choice are never overwritten.

#[cfg(any(windows, test))]
mod entries;

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "other.rs")]
mod platform;

pub use platform::{
    is_installed, login_start, probe_scheme, register_notifications, register_scheme,
};

use std::path::PathBuf;

/// Starts Deskside without opening its window; what a desktop starts at login carries it.
pub const BACKGROUND: &str = "--background";

/// The tray app: this program, or the one that lies beside the command line's. `None` when there
/// is no such file.
#[must_use]
pub fn app() -> Option<PathBuf> {
    let this = std::env::current_exe().ok()?;
    let named = |name: &std::ffi::OsStr| name.eq_ignore_ascii_case("deskside-cli");
    let is_command_line = this.file_stem().is_some_and(named);
    let app = if is_command_line {
        this.with_file_name(format!("deskside{}", std::env::consts::EXE_SUFFIX))
    } else {
        this
    };
    app.is_file().then_some(app)
}

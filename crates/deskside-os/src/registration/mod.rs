//! Deskside's registration with this user's desktop: the program that opens its links, the start at login,
//! the name of its notifications.
//!
//! Entries are interpreted in one module without I/O, so that unusual registries can be tested on any
//! computer. Another program's entry and the user's own choice are never overwritten.

#[cfg(any(windows, test))]
mod entries;

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "other.rs")]
mod platform;

pub use platform::{
    is_installed, login_start, probe_scheme, register_notifications, register_scheme,
};

use std::path::PathBuf;

/// Starts Deskside without opening its window; used by the entry that starts it at login.
pub const BACKGROUND: &str = "--background";

/// The tray app: this program, or the one in the same folder as the command line. `None` if the file does
/// not exist.
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

//! A stage for Deskside: a desktop of its own with real parts, on which the real program plays.
//!
//! Nothing is shared with the person who runs it: home, session bus, keyring, display and browser
//! profile belong to the stage and end with it. Every wait has a deadline and says what it waited
//! for.

mod app;
mod browser;
mod desktop;
mod panel;
mod sandbox;
mod wait;

pub use app::{App, Cli, Output, Page};
pub use browser::{Browser, Tab};
pub use desktop::{Desktop, Parts, processes_with};
pub use panel::Panel;
pub use sandbox::{Enrollment, Ready, Sandbox};
pub use wait::{PATIENCE, eventually, eventually_within};

/// What goes wrong on a stage is told in words and ends the play.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A step of a play.
pub type Play<T = ()> = Result<T, Fault>;

use std::path::PathBuf;

/// A program that was built beside this one.
///
/// # Errors
/// When it is not there.
pub fn built(name: &str) -> Play<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this.ancestors().find(|folder| folder.join(name).is_file());
    folder.map(|folder| folder.join(name)).ok_or_else(|| {
        format!("{name} is not built: `cargo build -p deskside-app -p deskside-cli -p deskside-sandbox -p deskside-tests`").into()
    })
}

/// A tool of the operating system.
///
/// # Errors
/// When it is not installed: a check that cannot be made has failed.
pub fn tool(name: &str) -> Play<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|f| f.is_file());
    found.ok_or_else(|| format!("{name} is not installed: `cargo xtask setup`").into())
}

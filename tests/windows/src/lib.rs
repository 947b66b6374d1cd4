//! A stage for the Windows programs: this user's own session, made clean before each test and after.
//!
//! Windows has no second session, registry or Credential Manager for a test to play with, and Wine
//! has only what a prefix holds. So the stage cleans what Deskside may have left, ends what was
//! started from its own folder, and refuses to touch a profile in which Deskside is really used.
//! What it looks at, it looks at by the system's own calls and not through Deskside's library.
#![cfg(windows)]

mod credentials;
mod desktop;
mod processes;
mod program;
mod registry;
mod sandbox;
mod stage;
mod stand_in;
mod wait;

pub use deskside_fake_quickbooks::player::spawn;

pub use credentials::{Credential, credential, credentials};
pub use desktop::{OtherDesktop, TrayIcon, Window, has_taskbar, top_level_windows};
pub use processes::{Running, command_lines_with, running};
pub use program::{App, Output};
pub use registry::text_value;
pub use sandbox::{Ready, Sandbox};
pub use stage::{IDENTIFIER, Layout, NAME, Stage, built};
pub use stand_in::StandIn;
pub use wait::{PATIENCE, eventually, eventually_within, within};

/// What goes wrong on a stage is told in words and ends the play.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A step of a play.
pub type Play<T = ()> = Result<T, Fault>;

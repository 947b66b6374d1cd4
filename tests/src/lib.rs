//! A stage for Deskside: the real programs with real parts around them, driven from outside.
//!
//! One stage serves both systems. What only one of them has lies in its own folder; what the stage
//! needs from either (`Desktop`, `Parts`) has the same signatures there. On Linux a stage brings a
//! desktop of its own, with home, session bus, keyring and display. Windows offers a test no second
//! session, registry or Credential Manager, so there the stage cleans this user's before each test
//! and after it, and refuses to touch a profile in which Deskside is really used.
//!
//! Nothing is looked at through Deskside's own library. Every wait has a deadline and names what it
//! waits for.

#[cfg_attr(windows, path = "windows/mod.rs")]
#[cfg_attr(not(windows), path = "linux/mod.rs")]
mod platform;
mod processes;
mod program;
mod sandbox;
mod stage;
mod wait;

pub use deskside_fake_quickbooks::player::{Part, Player};
pub use platform::*;
pub use processes::{Running, processes_with, running, running_in};
pub use program::{Output, Program, built};
pub use sandbox::{Enrollment, Ready, Sandbox, loopback_client};
pub use stage::Stage;
pub use wait::{PATIENCE, eventually, eventually_within};

/// The program's identifier, as keyrings and Windows know it.
pub const IDENTIFIER: &str = "com.deskside.companion";
/// The program's name, and that of its folder.
pub const NAME: &str = "Deskside";

/// Why a test cannot go on, in words.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// What a step of a test comes to.
pub type Outcome<T = ()> = Result<T, Fault>;

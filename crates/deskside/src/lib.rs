//! Everything of Deskside that is not a window.
//!
//! One state machine decides ([`companion::Companion`]), one thin runtime performs
//! ([`runtime`]). What is seen ([`evidence`]), what it means ([`health`]) and what is shown
//! ([`companion::View`]) are three pure steps.

pub mod alert;
pub mod bundle;
pub mod companion;
pub mod connection;
pub mod control;
pub mod evidence;
pub mod health;
pub mod launch;
pub mod link;
pub mod log;
pub mod look;
pub mod pictures;
pub mod place;
pub mod provider;
pub mod registration;
pub mod report;
pub mod runtime;
mod secret;
pub mod store;
pub mod text;
mod unseen;
pub mod vault;

pub use secret::Secret;

/// Names this program to the operating system: keyring entries, folders, single instance.
pub const IDENTIFIER: &str = "com.deskside.companion";

/// The name that people read.
pub const NAME: &str = "Deskside";

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

//! Performs what the companion decides, and feeds back what comes of it. It decides nothing.
//!
//! One task owns everything. Slow things (network, vault) run beside it and report back as
//! messages, so a hanging keyring or backend delays neither the tray nor the end of the program.
#![forbid(unsafe_code)]

pub mod alert;
pub mod bundle;
pub mod control;
mod event_loop;
pub mod look;
mod outbox;
pub mod pictures;
mod shell;
pub mod store;

pub use event_loop::{StartFault, run, run_command};
pub use shell::{Inbox, Message, Outlet, Shell, inbox, open_browser};

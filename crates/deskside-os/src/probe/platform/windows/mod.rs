//! Windows: what a program without special rights may see of this PC.
//!
//! Everything here only reads. No window is sent a message, no program is reached through COM, and
//! nothing needs an administrator. What Windows does not tell is a reason, never a value.

mod computer;
mod desktop;
mod exits;
mod files;
mod installed;
mod power;
mod processes;
mod registry;
mod services;
mod web_connector;
mod wide;

pub(super) use computer::{clock_set_by_network, disk_free_mb, locked, restart_pending};
pub(super) use desktop::windows_of;
pub use exits::ProcessExits;
pub(super) use installed::{database, editions, request_processor, web_connector};
pub use power::on_battery_now;
pub(super) use power::{lid, on_battery, sleeps_on_battery, sleeps_plugged_in};
pub(super) use processes::{NewProcesses, is_alive, is_named, probe_process, session};
pub(super) use web_connector::{applications, log, log_level, starts_at_login, update_lock};

use std::io;

use deskside_model::evidence::Finding;

/// What was looked for, nothing, or why it could not be looked at.
type Looked<T> = Result<Option<T>, String>;

fn finding<T>(looked: Looked<T>) -> Finding<T> {
    match looked {
        Ok(Some(value)) => Finding::Known(value),
        Ok(None) => Finding::Absent,
        Err(why) => Finding::Unknown(why),
    }
}

/// Nothing found is as good as not there.
fn unless_empty<T>(found: Vec<T>) -> Option<Vec<T>> {
    (!found.is_empty()).then_some(found)
}

/// What the last call of this thread said when it failed; some fail without a word.
fn refusal(what: &str) -> String {
    let why = io::Error::last_os_error();
    if why.raw_os_error() == Some(0) { what.into() } else { format!("{what}: {why}") }
}

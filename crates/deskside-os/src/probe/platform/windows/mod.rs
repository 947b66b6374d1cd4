//! Windows: what a program without administrator rights can read about this PC.
//!
//! The probes only read. They send no window messages, use no COM objects of other programs, and need no
//! administrator. A fact that Windows does not provide becomes a reason, never a value.

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

pub(super) use computer::{clock_set_by_network, disk_free_mb, locked, restart_pending};
pub(super) use desktop::windows_of;
pub(super) use exits::ProcessExits;
pub(crate) use files::known_folder;
pub(super) use installed::{database, editions, request_processor, web_connector};
pub use power::on_battery_now;
pub(super) use power::{lid, on_battery, sleeps_on_battery, sleeps_plugged_in};
pub(super) use processes::{ProcessList, probe_process};
pub(crate) use registry::as_text;
pub(super) use web_connector::{applications, log, log_level, starts_at_login, update_lock};

use std::io;

use deskside_model::evidence::Finding;

/// The value, nothing, or why it could not be read.
type Lookup<T> = Result<Option<T>, String>;

fn finding<T>(lookup: Lookup<T>) -> Finding<T> {
    match lookup {
        Ok(Some(value)) => Finding::Known(value),
        Ok(None) => Finding::Absent,
        Err(why) => Finding::Unknown(why),
    }
}

/// An empty list counts as absent.
fn unless_empty<T>(found: Vec<T>) -> Option<Vec<T>> {
    (!found.is_empty()).then_some(found)
}

/// Describes the last error of this thread; some calls fail without an error code.
fn describe_last_error(what: &str) -> String {
    let why = io::Error::last_os_error();
    if why.raw_os_error() == Some(0) { what.into() } else { format!("{what}: {why}") }
}

//! Windows: names come whole from the process snapshot, and every process belongs to a session.

use sysinfo::{Pid, Process};

/// Which processes are worth a look: on Windows one snapshot has them all, names included.
#[derive(Default)]
pub(super) struct Newcomers;

impl Newcomers {
    /// `None`: all of them.
    pub(super) fn worth_a_look(&mut self) -> Option<Vec<Pid>> {
        None
    }
}

/// Which Windows session a process belongs to.
pub(super) fn session(process: &Process) -> Option<u32> {
    process.session_id().map(Pid::as_u32)
}

/// Always: a process that has ended is not listed.
pub(super) fn is_alive(_process: &Process) -> bool {
    true
}

/// True when this is the process's file name, ignoring case.
pub(super) fn is_named(process: &Process, name: &str) -> bool {
    process.name().eq_ignore_ascii_case(name)
}

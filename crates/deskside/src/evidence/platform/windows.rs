//! Windows: names come whole from the process snapshot, and every process belongs to a session.

use sysinfo::Process;

/// A number that changes whenever a process is started: Windows has none that is free to read.
pub(super) fn started() -> Option<u32> {
    None
}

/// Which Windows session a process belongs to.
pub(super) fn session(process: &Process) -> Option<u32> {
    process.session_id().map(sysinfo::Pid::as_u32)
}

/// Always: a process that has ended is not listed.
pub(super) fn is_alive(_process: &Process) -> bool {
    true
}

/// True when this is the process's file name, ignoring case.
pub(super) fn is_named(process: &Process, name: &str) -> bool {
    process.name().eq_ignore_ascii_case(name)
}

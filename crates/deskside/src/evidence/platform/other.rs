//! Elsewhere: no sessions in the Windows sense, and Linux cuts process names at 15 bytes.

use std::ffi::OsStr;

use sysinfo::{Process, ProcessStatus};

/// The longest name that Linux keeps of a process: `TASK_COMM_LEN` less the final zero.
const KEPT: usize = 15;

/// A number that changes whenever a process or thread is started; `None` where nobody counts.
///
/// The last field of `/proc/loadavg` is the newest process number. Reading it costs a thousandth of
/// reading the process list.
pub(super) fn started() -> Option<u32> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().last()?.parse().ok()
}

/// Nobody's: a session here is a terminal, not a person.
pub(super) fn session(_process: &Process) -> Option<u32> {
    None
}

/// False for what has ended and only waits for its parent to take notice.
pub(super) fn is_alive(process: &Process) -> bool {
    !matches!(process.status(), ProcessStatus::Zombie | ProcessStatus::Dead)
}

/// True when this is the process's file name, ignoring case.
///
/// A name that was cut is completed from the file that the process runs, or from the name that it
/// was started under.
pub(super) fn is_named(process: &Process, name: &str) -> bool {
    let shown = process.name().as_encoded_bytes();
    if name.len() <= KEPT {
        return shown.eq_ignore_ascii_case(name.as_bytes());
    }
    let Some(kept) = name.as_bytes().get(..KEPT) else { return false };
    shown.get(..KEPT).is_some_and(|start| start.eq_ignore_ascii_case(kept))
        && is_named_in_full(process.pid().as_u32(), name)
}

fn is_named_in_full(pid: u32, name: &str) -> bool {
    let is_it = |file: &OsStr| file.eq_ignore_ascii_case(name);
    let run = std::fs::read_link(format!("/proc/{pid}/exe")).ok();
    if run.as_deref().and_then(std::path::Path::file_name).is_some_and(is_it) {
        return true;
    }
    let started = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let first = started.split(|b| *b == 0).next().unwrap_or_default();
    let file = first.rsplit(|b| *b == b'/').next().unwrap_or_default();
    file.eq_ignore_ascii_case(name.as_bytes())
}

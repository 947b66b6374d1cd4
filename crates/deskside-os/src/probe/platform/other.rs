//! Other systems: no sessions in the Windows sense, and process names that Linux truncates to 15 bytes.
//! Facts that only a Windows PC has are unknown, not absent.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs::DirEntry;

use deskside_model::evidence::{
    Database, Edition, Finding, Instance, Lid, Program, RequestProcessor,
};
use sysinfo::{DiskRefreshKind, Disks, Pid, Process, ProcessStatus};

use super::screen::Window;
use crate::paths;

/// The length to which Linux truncates process names, in bytes. docs/sources/platform.md#processes
const KEPT: usize = 15;

/// How often a new process is probed: it can change its name shortly after its start.
const YOUNG: u64 = 3;
/// Every so many times all processes are probed, for those that change their names later.
const EVERYTHING_EVERY: u64 = 16;

/// Selects the processes to probe. Listing their numbers costs a hundredth of reading each of them.
#[derive(Default)]
pub(super) struct NewProcesses {
    rounds: u64,
    first_seen: HashMap<u32, u64>,
}

impl NewProcesses {
    /// The processes to probe now; `None` means all.
    pub(super) fn select(&mut self) -> Option<Vec<Pid>> {
        let number = |entry: DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
        let listed = std::fs::read_dir("/proc").ok()?.filter_map(|entry| number(entry.ok()?));
        self.rounds = self.rounds.wrapping_add(1);
        let rounds = self.rounds;
        let since = |pid: u32| (pid, self.first_seen.get(&pid).copied().unwrap_or(rounds));
        self.first_seen = listed.map(since).collect();
        let everything = rounds % EVERYTHING_EVERY == 1;
        let young = |first: u64| everything || rounds.wrapping_sub(first) < YOUNG;
        let selected = self.first_seen.iter().filter(|(_, first)| young(**first));
        Some(selected.map(|(pid, _)| Pid::from_u32(*pid)).collect())
    }
}

/// Always `None`: a session on these systems is a terminal, not a signed-in user.
pub(super) fn session(_process: &Process) -> Option<u32> {
    None
}

/// False for a process that has ended and waits for its parent.
pub(super) fn is_alive(process: &Process) -> bool {
    !matches!(process.status(), ProcessStatus::Zombie | ProcessStatus::Dead)
}

/// True if this is the process's file name, ignoring case. A truncated name is completed from the
/// executable file or from the command line.
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
    let is_same = |file: &OsStr| file.eq_ignore_ascii_case(name);
    let executable = std::fs::read_link(format!("/proc/{pid}/exe")).ok();
    if executable.as_deref().and_then(std::path::Path::file_name).is_some_and(is_same) {
        return true;
    }
    let command_line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let first = command_line.split(|b| *b == 0).next().unwrap_or_default();
    let file = first.rsplit(|b| *b == b'/').next().unwrap_or_default();
    file.eq_ignore_ascii_case(name.as_bytes())
}

const WINDOWS_ONLY: &str = "probed on Windows only";

/// Always an error: windows are probed on Windows only.
pub(super) fn windows_of(_pids: &[u32]) -> Result<BTreeMap<u32, Vec<Window>>, String> {
    Err(WINDOWS_ONLY.into())
}

/// Always `None`: processes are described on Windows only.
pub(super) fn probe_process(_pid: u32) -> Option<Instance> {
    None
}

/// Does nothing: the next probe of the process list finds ended processes.
pub struct ProcessExits;

impl ProcessExits {
    /// `wake` is never called.
    pub fn new(_wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self
    }

    /// Watches nothing.
    pub fn watch(&mut self, _pids: impl Iterator<Item = u32>) {}
}

/// Always false: the power supply is probed on Windows only.
pub fn on_battery_now() -> bool {
    false
}

fn not_probed<T>() -> Finding<T> {
    Finding::Unknown(WINDOWS_ONLY.into())
}

pub(super) fn editions() -> Finding<Vec<Edition>> {
    not_probed()
}

pub(super) fn web_connector() -> Finding<Program> {
    not_probed()
}

pub(super) fn request_processor() -> Finding<RequestProcessor> {
    not_probed()
}

pub(super) fn database() -> Finding<Vec<Database>> {
    not_probed()
}

pub(super) fn log_level() -> Finding<String> {
    not_probed()
}

pub(super) fn log() -> Finding<String> {
    not_probed()
}

pub(super) fn update_lock() -> Finding<bool> {
    not_probed()
}

pub(super) fn applications() -> Finding<Vec<String>> {
    not_probed()
}

pub(super) fn starts_at_login() -> Finding<bool> {
    not_probed()
}

pub(super) fn sleeps_plugged_in() -> Finding<u32> {
    not_probed()
}

pub(super) fn sleeps_on_battery() -> Finding<u32> {
    not_probed()
}

pub(super) fn lid() -> Finding<Lid> {
    not_probed()
}

pub(super) fn on_battery() -> Finding<bool> {
    not_probed()
}

pub(super) fn locked() -> Finding<bool> {
    not_probed()
}

pub(super) fn restart_pending() -> Finding<bool> {
    not_probed()
}

pub(super) fn clock_set_by_network() -> Finding<bool> {
    not_probed()
}

/// The free space on the disk with this user's data, in millions of bytes.
pub(super) fn disk_free_mb() -> Finding<u64> {
    let folder = match paths::data_folder() {
        Ok(folder) => folder,
        Err(why) => return Finding::Unknown(why.to_string()),
    };
    let disks =
        match Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing().with_storage()) {
            Ok(disks) => disks,
            Err(why) => return Finding::Unknown(why.to_string()),
        };
    // Of nested mount points the innermost one contains the folder.
    let holds = |disk: &&sysinfo::Disk| folder.starts_with(disk.mount_point());
    let innermost = disks.iter().filter(holds).max_by_key(|d| d.mount_point().as_os_str().len());
    innermost.map_or_else(
        || Finding::Unknown("no disk is known to contain this user's data".into()),
        |disk| Finding::Known(disk.available_space() / 1_000_000),
    )
}

//! Elsewhere: no sessions in the Windows sense, and Linux cuts process names at 15 bytes. What only
//! a Windows PC has is not looked for, and not claimed to be absent either.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs::DirEntry;

use deskside_model::evidence::{
    Database, Edition, Finding, Instance, Lid, Program, RequestProcessor,
};
use sysinfo::{DiskRefreshKind, Disks, Pid, Process, ProcessStatus};

use super::screen::Window;
use crate::paths;

/// The longest name that Linux keeps of a process: `TASK_COMM_LEN` less the final zero.
const KEPT: usize = 15;

/// A process may change its name shortly after it was started; it is looked at this many times.
const YOUNG: u64 = 3;
/// And all of them every so often, for one that changes its name late.
const EVERYTHING_EVERY: u64 = 16;

/// Tells which processes are worth a look. Listing their numbers costs a hundredth of reading what
/// each of them is.
#[derive(Default)]
pub(super) struct NewProcesses {
    looks: u64,
    first_seen: HashMap<u32, u64>,
}

impl NewProcesses {
    /// The processes to look at now; `None` means all of them.
    pub(super) fn worth_a_look(&mut self) -> Option<Vec<Pid>> {
        let number = |entry: DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
        let listed = std::fs::read_dir("/proc").ok()?.filter_map(|entry| number(entry.ok()?));
        self.looks = self.looks.wrapping_add(1);
        let looks = self.looks;
        let since = |pid: u32| (pid, self.first_seen.get(&pid).copied().unwrap_or(looks));
        self.first_seen = listed.map(since).collect();
        let everything = looks % EVERYTHING_EVERY == 1;
        let young = |first: u64| everything || looks.wrapping_sub(first) < YOUNG;
        let worthy = self.first_seen.iter().filter(|(_, first)| young(**first));
        Some(worthy.map(|(pid, _)| Pid::from_u32(*pid)).collect())
    }
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

const ELSEWHERE: &str = "seen on Windows only";

/// Nobody's.
pub(super) fn windows_of(_pids: &[u32]) -> Result<BTreeMap<u32, Vec<Window>>, String> {
    Err(ELSEWHERE.into())
}

/// Nothing: what a process tells beside its name is Windows' own.
pub(super) fn probe_process(_pid: u32) -> Option<Instance> {
    None
}

/// Leaves the end of a process to the next look at the process list.
pub struct ProcessExits;

impl ProcessExits {
    /// `wake` is never called.
    pub fn new(_wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self
    }

    /// Watches nothing.
    pub fn watch(&mut self, _pids: impl Iterator<Item = u32>) {}
}

/// False: nobody can say.
pub fn on_battery_now() -> bool {
    false
}

fn unseen<T>() -> Finding<T> {
    Finding::Unknown(ELSEWHERE.into())
}

pub(super) fn editions() -> Finding<Vec<Edition>> {
    unseen()
}

pub(super) fn web_connector() -> Finding<Program> {
    unseen()
}

pub(super) fn request_processor() -> Finding<RequestProcessor> {
    unseen()
}

pub(super) fn database() -> Finding<Vec<Database>> {
    unseen()
}

pub(super) fn log_level() -> Finding<String> {
    unseen()
}

pub(super) fn log() -> Finding<String> {
    unseen()
}

pub(super) fn update_lock() -> Finding<bool> {
    unseen()
}

pub(super) fn applications() -> Finding<Vec<String>> {
    unseen()
}

pub(super) fn starts_at_login() -> Finding<bool> {
    unseen()
}

pub(super) fn sleeps_plugged_in() -> Finding<u32> {
    unseen()
}

pub(super) fn sleeps_on_battery() -> Finding<u32> {
    unseen()
}

pub(super) fn lid() -> Finding<Lid> {
    unseen()
}

pub(super) fn on_battery() -> Finding<bool> {
    unseen()
}

pub(super) fn locked() -> Finding<bool> {
    unseen()
}

pub(super) fn restart_pending() -> Finding<bool> {
    unseen()
}

pub(super) fn clock_set_by_network() -> Finding<bool> {
    unseen()
}

/// How much the disk with this user's data can still take, in millions of bytes.
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
    // Of disks that are mounted inside each other, the innermost holds the folder.
    let holds = |disk: &&sysinfo::Disk| folder.starts_with(disk.mount_point());
    let innermost = disks.iter().filter(holds).max_by_key(|d| d.mount_point().as_os_str().len());
    innermost.map_or_else(
        || Finding::Unknown("no disk is known to hold this user's data".into()),
        |disk| Finding::Known(disk.available_space() / 1_000_000),
    )
}

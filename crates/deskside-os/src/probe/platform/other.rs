//! Other systems: process names that Linux truncates to 15 bytes, and users and logins instead of the sessions
//! of Windows. Facts that only a Windows PC has are unknown, not absent.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs::{self, DirEntry, File};
use std::io::Read;

use deskside_model::evidence::{
    Database, Edition, Finding, Instance, Lid, Program, RequestProcessor,
};
use sysinfo::{DiskRefreshKind, Disks};

use super::listed::Listed;
use super::screen::Window;
use crate::paths;

/// The length to which Linux truncates process names, in bytes. docs/sources/platform.md#processes
const KEPT: usize = 15;

/// How often a new process is probed: it can change its name shortly after its start.
const YOUNG: u64 = 3;
/// Every so many times all processes are probed, for those that change their names later.
const EVERYTHING_EVERY: u64 = 16;

/// Lists the processes repeatedly. Listing their numbers costs a hundredth of reading each of them, so only new
/// ones are read each time.
#[derive(Default)]
pub(super) struct ProcessList {
    rounds: u64,
    first_seen: HashMap<u32, u64>,
    /// The result of the last call.
    found: Vec<u32>,
}

impl ProcessList {
    /// The running processes with one of these names.
    ///
    /// # Errors
    /// When the processes cannot be listed.
    pub(super) fn running(&mut self, names: &[&'static str]) -> Result<Vec<Listed>, String> {
        let mut pids = self.select().map_err(|why| format!("no processes are listed: {why}"))?;
        pids.extend(&self.found);
        pids.sort_unstable();
        pids.dedup();
        let own = Owner::of("self");
        let found: Vec<Listed> =
            pids.into_iter().filter_map(|pid| listed(pid, names, own)).collect();
        self.found = found.iter().map(|found| found.pid).collect();
        Ok(found)
    }

    /// The processes to read now.
    fn select(&mut self) -> std::io::Result<Vec<u32>> {
        let number = |entry: DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
        let listed = fs::read_dir("/proc")?.filter_map(|entry| number(entry.ok()?));
        self.rounds = self.rounds.wrapping_add(1);
        let rounds = self.rounds;
        let since = |pid: u32| (pid, self.first_seen.get(&pid).copied().unwrap_or(rounds));
        self.first_seen = listed.map(since).collect();
        let everything = rounds % EVERYTHING_EVERY == 1;
        let young = |first: u64| everything || rounds.wrapping_sub(first) < YOUNG;
        let selected = self.first_seen.iter().filter(|(_, first)| young(**first));
        Ok(selected.map(|(pid, _)| *pid).collect())
    }
}

fn listed(pid: u32, names: &[&'static str], own: Option<Owner>) -> Option<Listed> {
    let mut shown = [0; 64];
    let length = File::open(format!("/proc/{pid}/comm")).ok()?.read(&mut shown).ok()?;
    let shown = shown.get(..length)?.trim_ascii_end();
    let name = names.iter().find(|name| is_named(pid, shown, name))?;
    let its = Owner::of(pid);
    let ours = own.zip(its).is_some_and(|(own, its)| own.shares_a_desktop_with(its));
    is_alive(pid).then_some(Listed { pid, name, ours, started_at: None })
}

/// False for a process that has ended and waits for its parent.
fn is_alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name before it is in parentheses and can contain some.
    let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
    state.is_some_and(|state| !matches!(state, "Z" | "X" | "x"))
}

/// Whose process it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owner {
    user: u32,
    /// The number of the login that has started it; `None` for a process that no login has started, and
    /// where the kernel does not keep it.
    login: Option<u32>,
}

impl Owner {
    /// `None` if that cannot be read.
    fn of(pid: impl std::fmt::Display) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let login = fs::read_to_string(format!("/proc/{pid}/sessionid")).unwrap_or_default();
        Self::read(&status, &login)
    }

    fn read(status: &str, login: &str) -> Option<Self> {
        let users = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
        let user = users.split_whitespace().next()?.parse().ok()?;
        let login = login.trim().parse().ok().filter(|login| *login != u32::MAX);
        Some(Self { user, login })
    }

    /// The same user; and the same login, if both are known.
    fn shares_a_desktop_with(self, other: Self) -> bool {
        let other_login = self.login.zip(other.login).is_some_and(|(own, its)| own != its);
        self.user == other.user && !other_login
    }
}

/// True if this is the process's file name, ignoring case. A truncated name is completed from the
/// executable file or from the command line.
fn is_named(pid: u32, shown: &[u8], name: &str) -> bool {
    if name.len() <= KEPT {
        return shown.eq_ignore_ascii_case(name.as_bytes());
    }
    let Some(kept) = name.as_bytes().get(..KEPT) else { return false };
    shown.get(..KEPT).is_some_and(|start| start.eq_ignore_ascii_case(kept))
        && is_named_in_full(pid, name)
}

fn is_named_in_full(pid: u32, name: &str) -> bool {
    let is_same = |file: &OsStr| file.eq_ignore_ascii_case(name);
    let executable = fs::read_link(format!("/proc/{pid}/exe")).ok();
    if executable.as_deref().and_then(std::path::Path::file_name).is_some_and(is_same) {
        return true;
    }
    let command_line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
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
pub(super) fn probe_process(_listed: &Listed) -> Option<Instance> {
    None
}

/// Does nothing: the next probe of the process list finds ended processes.
pub(super) struct ProcessExits;

impl ProcessExits {
    /// `wake` is never called.
    pub(super) fn new(_wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self
    }

    /// Watches nothing.
    pub(super) fn watch(&mut self, _pids: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
        Vec::new()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(user: u32, login: Option<u32>) -> Owner {
        Owner { user, login }
    }

    #[test]
    fn processes_of_other_users_and_logins_are_not_ours() {
        let own = owner(1000, Some(3));
        assert!(own.shares_a_desktop_with(own));
        assert!(own.shares_a_desktop_with(owner(1000, None)), "the login is unknown");
        assert!(!own.shares_a_desktop_with(owner(1000, Some(5))), "another login");
        assert!(!own.shares_a_desktop_with(owner(1001, Some(3))), "another user");
        assert!(!own.shares_a_desktop_with(owner(0, None)), "a service");
    }

    #[test]
    fn owner_is_read_from_the_kernels_text() {
        let status = "Name:\tQBW.EXE\nUid:\t1000\t1000\t1000\t1000\n";
        assert_eq!(Owner::read(status, "3"), Some(owner(1000, Some(3))));
        assert_eq!(Owner::read(status, "4294967295"), Some(owner(1000, None)), "no login");
        assert_eq!(Owner::read(status, ""), Some(owner(1000, None)));
        assert_eq!(Owner::read("Name:\tQBW.EXE\n", "3"), None);
        assert!(Owner::of("self").is_some() && Owner::of(0).is_none());
    }
}

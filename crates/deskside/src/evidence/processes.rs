//! Is QuickBooks Desktop running, and is its Web Connector? By exact process name only.
//!
//! The names are Intuit's: `QBW.EXE` since 2022, `QBW32.EXE` before, `QBWebConnector.exe`.
//! Launchers, updaters and services share the prefix `QBW`, so nothing less than the whole name
//! counts.

use serde::{Deserialize, Serialize};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};

use super::{Finding, platform};

const QUICKBOOKS: [&str; 2] = ["QBW.EXE", "QBW32.EXE"];
const WEB_CONNECTOR: [&str; 1] = ["QBWebConnector.exe"];

/// How often a program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Presence {
    /// In the session of the person who uses Deskside.
    pub own_session: usize,
    /// For other people signed in to this computer.
    pub other_sessions: usize,
}

/// The process list, kept between looks because a fresh one costs more.
pub struct Processes {
    system: System,
    own_session: Option<u32>,
    /// What was seen last, and by which processes.
    seen: Option<Seen>,
}

struct Seen {
    quickbooks: Finding<Presence>,
    web_connector: Finding<Presence>,
    by: Vec<Pid>,
    /// Nothing was started between this look and the one before it. A process may still change its
    /// name shortly after it was started, so one quiet look must pass before the next may be short.
    quiet: bool,
    started: Option<u32>,
}

impl Processes {
    /// Prepares to look; the first look is the first [`Processes::look`].
    ///
    /// # Errors
    /// When this system's process list cannot be read at all.
    pub fn new() -> Result<Self, sysinfo::Error> {
        let system = System::new()?;
        Ok(Self { system, own_session: None, seen: None })
    }

    /// Looks now: QuickBooks, then the Web Connector.
    ///
    /// While nothing is started, only the processes that matter are looked at again: they can end.
    pub fn look(&mut self) -> (Finding<Presence>, Finding<Presence>) {
        let started = platform::started();
        let nothing_started = |seen: &Seen| started.is_some() && seen.started == started;
        if let Some(seen) = self.seen.as_ref().filter(|seen| nothing_started(seen) && seen.quiet) {
            let (quickbooks, web_connector) = (&seen.quickbooks, &seen.web_connector);
            let answer = (quickbooks.clone(), web_connector.clone());
            if seen.by.is_empty() || Self::all_there(&mut self.system, &seen.by) {
                return answer;
            }
        }
        let quiet = self.seen.as_ref().is_some_and(nothing_started);
        let (quickbooks, web_connector) = self.look_at_all();
        let by = self.named(&QUICKBOOKS).chain(self.named(&WEB_CONNECTOR)).map(Process::pid);
        let by = by.collect();
        let answer = (quickbooks.clone(), web_connector.clone());
        self.seen = Some(Seen { quickbooks, web_connector, by, quiet, started });
        answer
    }

    fn all_there(system: &mut System, pids: &[Pid]) -> bool {
        let names_only = ProcessRefreshKind::nothing().without_tasks();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(pids), true, names_only);
        let alive = |pid: &Pid| system.process(*pid).is_some_and(platform::is_alive);
        pids.iter().all(alive)
    }

    fn look_at_all(&mut self) -> (Finding<Presence>, Finding<Presence>) {
        let names_only = ProcessRefreshKind::nothing().without_tasks();
        let seen =
            self.system.refresh_processes_specifics(ProcessesToUpdate::All, true, names_only);
        if seen == 0 {
            // A failed snapshot looks like an empty machine; this process alone proves it wrong.
            let why = || Finding::Unknown("the process list could not be read".into());
            return (why(), why());
        }
        if self.own_session.is_none() {
            let this = get_current_pid().ok().and_then(|pid| self.system.process(pid));
            self.own_session = this.and_then(platform::session);
        }
        (self.count(&QUICKBOOKS), self.count(&WEB_CONNECTOR))
    }

    fn named(&self, names: &'static [&str]) -> impl Iterator<Item = &Process> {
        let is_it = |process: &&Process| {
            names.iter().any(|name| platform::is_named(process, name))
                && platform::is_alive(process)
        };
        self.system.processes().values().filter(is_it)
    }

    fn count(&self, names: &'static [&str]) -> Finding<Presence> {
        let mut presence = Presence::default();
        for process in self.named(names) {
            if self.is_foreign(process) {
                presence.other_sessions += 1;
            } else {
                presence.own_session += 1;
            }
        }
        if presence == Presence::default() { Finding::Absent } else { Finding::Known(presence) }
    }

    /// True only where both sessions are known and differ.
    fn is_foreign(&self, process: &Process) -> bool {
        match (self.own_session, platform::session(process)) {
            (Some(own), Some(its)) => own != its,
            (None, _) | (_, None) => false,
        }
    }
}

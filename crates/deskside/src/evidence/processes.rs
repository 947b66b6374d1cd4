//! Is QuickBooks Desktop running, and is its Web Connector? By exact process name only.
//!
//! The names are Intuit's: `QBW.EXE` since 2022, `QBW32.EXE` before, `QBWebConnector.exe`.
//! Launchers, updaters and services share the prefix `QBW`, so nothing less than the whole name
//! counts.

use serde::{Deserialize, Serialize};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};

use super::Finding;
use super::platform::{self, Newcomers};

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

/// What is read of one process takes about 20 kilobytes while it is looked at; of all at once it
/// would be megabytes that are never given back.
const AT_ONCE: usize = 16;

/// Looks for the programs that matter, again and again.
pub struct Processes {
    /// Every process, where one snapshot has them all; kept, because a fresh one costs more.
    system: System,
    newcomers: Newcomers,
    /// What was found at the last look.
    found: Vec<Found>,
    own_session: Option<u32>,
}

/// A process that matters.
#[derive(Clone, Copy)]
struct Found {
    pid: Pid,
    is_quickbooks: bool,
    session: Option<u32>,
}

impl Processes {
    /// Prepares to look; the first look is the first [`Processes::look`].
    ///
    /// # Errors
    /// When this system's process list cannot be read at all.
    pub fn new() -> Result<Self, sysinfo::Error> {
        let (system, newcomers) = (System::new()?, Newcomers::default());
        Ok(Self { system, newcomers, found: Vec::new(), own_session: None })
    }

    /// Looks now: QuickBooks, then the Web Connector.
    pub fn look(&mut self) -> (Finding<Presence>, Finding<Presence>) {
        let looked = match self.newcomers.worth_a_look() {
            None => self.look_at_all(),
            Some(newcomers) => self.look_at(newcomers),
        };
        match looked {
            Some(found) => {
                self.found = found;
                (self.count(true), self.count(false))
            }
            None => {
                let why = || Finding::Unknown("the process list could not be read".into());
                (why(), why())
            }
        }
    }

    fn look_at_all(&mut self) -> Option<Vec<Found>> {
        let all = ProcessesToUpdate::All;
        let seen = self.system.refresh_processes_specifics(all, true, names_only());
        // A failed snapshot looks like an empty machine; this process alone proves it wrong.
        if seen == 0 {
            return None;
        }
        if self.own_session.is_none() {
            let this = get_current_pid().ok().and_then(|pid| self.system.process(pid));
            self.own_session = this.and_then(platform::session);
        }
        Some(self.system.processes().values().filter_map(recognise).collect())
    }

    /// Looks at a few processes, and again at those that mattered: they can end.
    fn look_at(&self, mut pids: Vec<Pid>) -> Option<Vec<Found>> {
        pids.extend(self.found.iter().map(|found| found.pid));
        pids.sort_unstable();
        pids.dedup();
        let mut found = Vec::new();
        for few in pids.chunks(AT_ONCE) {
            let mut system = System::new().ok()?;
            let few = ProcessesToUpdate::Some(few);
            system.refresh_processes_specifics(few, true, names_only());
            found.extend(system.processes().values().filter_map(recognise));
        }
        Some(found)
    }

    fn count(&self, is_quickbooks: bool) -> Finding<Presence> {
        let mut presence = Presence::default();
        for found in self.found.iter().filter(|found| found.is_quickbooks == is_quickbooks) {
            if self.is_foreign(*found) {
                presence.other_sessions += 1;
            } else {
                presence.own_session += 1;
            }
        }
        if presence == Presence::default() { Finding::Absent } else { Finding::Known(presence) }
    }

    /// True only where both sessions are known and differ.
    fn is_foreign(&self, found: Found) -> bool {
        match (self.own_session, found.session) {
            (Some(own), Some(its)) => own != its,
            (None, _) | (_, None) => false,
        }
    }
}

fn names_only() -> ProcessRefreshKind {
    ProcessRefreshKind::nothing().without_tasks()
}

fn recognise(process: &Process) -> Option<Found> {
    let is_one_of = |names: &[&str]| names.iter().any(|name| platform::is_named(process, name));
    let is_quickbooks = is_one_of(&QUICKBOOKS);
    let matters = is_quickbooks || is_one_of(&WEB_CONNECTOR);
    (matters && platform::is_alive(process)).then(|| Found {
        pid: process.pid(),
        is_quickbooks,
        session: platform::session(process),
    })
}

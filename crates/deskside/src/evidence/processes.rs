//! Is QuickBooks Desktop running, and is its Web Connector? By exact process name only.
//!
//! The names are Intuit's: `QBW.EXE` since 2022, `QBW32.EXE` before, `QBWebConnector.exe`.
//! Launchers, updaters and services share the prefix `QBW`, so nothing less than the whole name
//! counts.

use serde::{Deserialize, Serialize};
use sysinfo::{Process, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};

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
}

impl Processes {
    /// Prepares to look; the first look is the first [`Processes::look`].
    ///
    /// # Errors
    /// When this system's process list cannot be read at all.
    pub fn new() -> Result<Self, sysinfo::Error> {
        let system = System::new()?;
        Ok(Self { system, own_session: None })
    }

    /// Looks now: QuickBooks, then the Web Connector.
    pub fn look(&mut self) -> (Finding<Presence>, Finding<Presence>) {
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

    fn count(&self, names: &[&str]) -> Finding<Presence> {
        let mut presence = Presence::default();
        for process in self.system.processes().values() {
            let named = names.iter().any(|name| platform::is_named(process, name));
            if !named || !platform::is_alive(process) {
                continue;
            }
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

//! Finds the running QuickBooks Desktop and its Web Connector by exact process name.
//!
//! The main program is `QBW.EXE` since 2022 and `QBW32.EXE` before; launchers, updaters and services share
//! the prefix, so only the whole name counts. docs/sources/quickbooks-desktop.md#processes
//! Crash reports and repair tools are found as well.
//! docs/sources/quickbooks-desktop.md#crashes-and-repairs

use std::collections::BTreeMap;

use deskside_model::evidence::{Finding, Instance, Presence, RunningPrograms, Screen};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};

use super::platform::{self, NewProcesses};
use crate::probe::screen::{self, Window};

/// The kinds of processes that are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProgramKind {
    QuickBooks,
    WebConnector,
    /// A crash report of Windows; it concerns QuickBooks only if its window says so.
    Crash,
    /// A tool that repairs QuickBooks or its files.
    Repair,
}

/// The process names of each kind. docs/sources/quickbooks-desktop.md#crashes-and-repairs
const NAMES: [(ProgramKind, &[&str]); 4] = [
    (ProgramKind::QuickBooks, &["QBW.EXE", "QBW32.EXE"]),
    (ProgramKind::WebConnector, &["QBWebConnector.exe"]),
    (ProgramKind::Crash, &["WerFault.exe"]),
    (
        ProgramKind::Repair,
        &[
            "qbfd.exe",
            "qbfiledoctor.exe",
            "filedoctor.exe",
            "quickbooksfiledoctor.exe",
            "quickbookstoolhub.exe",
            "qbtoolhub.exe",
            "qbrepair.exe",
            "qbinstall_tool.exe",
        ],
    ),
];

/// Parts of window titles that show QuickBooks working on its own file.
/// docs/sources/quickbooks-desktop.md#crashes-and-repairs
const REPAIRS: [&str; 4] = ["file doctor", "tool hub", "rebuild data", "verify data"];

/// How many processes are read at once. One takes about 20 kilobytes meanwhile; all at once would take
/// megabytes that are never released.
const AT_ONCE: usize = 16;

/// Probes the programs of interest repeatedly.
pub struct Processes {
    /// Every process, on systems where one snapshot lists them all; kept because a new one costs more.
    system: Option<System>,
    newcomers: NewProcesses,
    /// The result of the last probe.
    found: Vec<Found>,
    own_session: Option<u32>,
}

/// A process of interest.
#[derive(Clone, PartialEq, Eq)]
struct Found {
    pid: Pid,
    kind: ProgramKind,
    name: String,
    session: Option<u32>,
}

impl Default for Processes {
    fn default() -> Self {
        Self::new()
    }
}

impl Processes {
    /// Prepares the probe without running it.
    #[must_use]
    pub fn new() -> Self {
        let system = System::new()
            .inspect_err(|why| tracing::error!(%why, "the process list cannot be read"))
            .ok();
        let (newcomers, found, own_session) = (NewProcesses::default(), Vec::new(), None);
        Self { system, newcomers, found, own_session }
    }

    /// Probes the processes now.
    pub fn probe(&mut self) -> RunningPrograms {
        let result = match self.newcomers.select() {
            None => self.probe_all(),
            Some(newcomers) => self.probe_some(newcomers),
        };
        match result {
            Some(found) => {
                self.found = found;
                self.describe()
            }
            None => RunningPrograms::unseen("the process list could not be read"),
        }
    }

    /// The programs of our own session that the last probe found.
    pub fn own(&self) -> impl Iterator<Item = u32> {
        self.found.iter().filter(|found| !self.is_foreign(found)).map(|found| found.pid.as_u32())
    }

    fn probe_all(&mut self) -> Option<Vec<Found>> {
        let (all, system) = (ProcessesToUpdate::All, self.system.as_mut()?);
        let seen = system.refresh_processes_specifics(all, true, names_only());
        // A failed snapshot looks like a computer without processes, which is impossible.
        // docs/sources/platform.md#processes
        if seen == 0 {
            return None;
        }
        if self.own_session.is_none() {
            let this = get_current_pid().ok().and_then(|pid| system.process(pid));
            self.own_session = this.and_then(platform::session);
        }
        Some(system.processes().values().filter_map(recognize).collect())
    }

    /// Probes a few processes, and those of the last result again, because they can end.
    fn probe_some(&self, mut pids: Vec<Pid>) -> Option<Vec<Found>> {
        pids.extend(self.found.iter().map(|found| found.pid));
        pids.sort_unstable();
        pids.dedup();
        let mut found = Vec::new();
        for few in pids.chunks(AT_ONCE) {
            let mut system = System::new().ok()?;
            let few = ProcessesToUpdate::Some(few);
            system.refresh_processes_specifics(few, true, names_only());
            found.extend(system.processes().values().filter_map(recognize));
        }
        Some(found)
    }

    fn describe(&self) -> RunningPrograms {
        let own: Vec<u32> = self.own().collect();
        // Usually no program of interest is running.
        let windows = if own.is_empty() { Ok(BTreeMap::new()) } else { platform::windows_of(&own) };
        RunningPrograms {
            quickbooks: self.presence(ProgramKind::QuickBooks, &windows),
            web_connector: self.presence(ProgramKind::WebConnector, &windows),
            crash: self.crash(&windows),
            repair: self.repair(&windows),
        }
    }

    fn of(&self, kind: ProgramKind) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(move |found| found.kind == kind)
    }

    fn presence(&self, kind: ProgramKind, windows: &WindowsByProcess) -> Finding<Presence> {
        let (foreign, own): (Vec<&Found>, Vec<&Found>) =
            self.of(kind).partition(|found| self.is_foreign(found));
        if own.is_empty() && foreign.is_empty() {
            return Finding::Absent;
        }
        let instance = |found: &&Found| {
            let pid = found.pid.as_u32();
            let screen = screen_of(pid, windows);
            Some(Instance { screen, ..platform::probe_process(pid)? })
        };
        let mut instances: Vec<Instance> = own.iter().filter_map(instance).collect();
        // The oldest first, so that the order is stable.
        instances.sort_by_key(|instance| instance.started_at.known().copied());
        let (own_session, other_sessions) = (own.len(), foreign.len());
        Finding::Known(Presence { own_session, other_sessions, instances })
    }

    fn crash(&self, windows: &WindowsByProcess) -> Finding<String> {
        self.titled(ProgramKind::Crash, windows, |title| {
            title.to_lowercase().contains("quickbooks")
        })
    }

    /// A repair tool by its process, or QuickBooks' own by its window.
    fn repair(&self, windows: &WindowsByProcess) -> Finding<String> {
        if let Some(tool) = self.of(ProgramKind::Repair).find(|found| !self.is_foreign(found)) {
            return Finding::Known(tool.name.clone());
        }
        let is_repair = |title: &str| {
            let title = title.to_lowercase();
            REPAIRS.iter().any(|repair| title.contains(repair))
        };
        self.titled(ProgramKind::QuickBooks, windows, is_repair)
    }

    /// The title of a visible window of our own session's programs of this kind.
    fn titled(
        &self,
        kind: ProgramKind,
        windows: &WindowsByProcess,
        wanted: fn(&str) -> bool,
    ) -> Finding<String> {
        let mut own = self.of(kind).filter(|found| !self.is_foreign(found)).peekable();
        if own.peek().is_none() {
            return Finding::Absent;
        }
        let windows = match windows {
            Ok(windows) => windows,
            Err(why) => return Finding::Unknown(why.clone()),
        };
        let shown = own.filter_map(|found| windows.get(&found.pid.as_u32())).flatten();
        // Without main windows: their title contains the company's name, which can be any text.
        let shown = shown.filter(|window| window.visible && window.class != screen::MAIN_FRAME);
        let mut titles = shown.map(|window| window.title.as_str());
        match titles.find(|title| wanted(title)) {
            Some(title) => Finding::Known(title.trim().to_owned()),
            None => Finding::Absent,
        }
    }

    /// True only if both sessions are known and differ.
    fn is_foreign(&self, found: &Found) -> bool {
        match (self.own_session, found.session) {
            (Some(own), Some(its)) => own != its,
            (None, _) | (_, None) => false,
        }
    }
}

/// The windows of each requested process, or why they cannot be read.
type WindowsByProcess = Result<BTreeMap<u32, Vec<Window>>, String>;

fn screen_of(pid: u32, windows: &WindowsByProcess) -> Finding<Screen> {
    match windows {
        Err(why) => Finding::Unknown(why.clone()),
        Ok(windows) => match windows.get(&pid).map(|windows| screen::read(windows)) {
            Some(Some(screen)) => Finding::Known(screen),
            Some(None) => Finding::Absent,
            None => Finding::Unknown("its windows were not probed".into()),
        },
    }
}

fn names_only() -> ProcessRefreshKind {
    ProcessRefreshKind::nothing().without_tasks()
}

fn recognize(process: &Process) -> Option<Found> {
    let mut names = NAMES.iter().flat_map(|(kind, names)| names.iter().map(move |n| (*kind, *n)));
    let (kind, name) = names.find(|(_, name)| platform::is_named(process, name))?;
    platform::is_alive(process).then(|| Found {
        pid: process.pid(),
        kind,
        name: name.to_owned(),
        session: platform::session(process),
    })
}

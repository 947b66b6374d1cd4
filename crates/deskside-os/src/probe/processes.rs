//! Is QuickBooks Desktop running, and is its Web Connector? By exact process name only.
//!
//! The names are Intuit's: `QBW.EXE` since 2022, `QBW32.EXE` before, `QBWebConnector.exe`.
//! Launchers, updaters and services share the prefix `QBW`, so nothing less than the whole name
//! counts. Beside them two kinds matter: the window that tells of a crash, and tools that repair.

use std::collections::BTreeMap;

use deskside_model::evidence::{Finding, Instance, Presence, RunningPrograms, Screen};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};

use super::platform::{self, NewProcesses};
use crate::probe::screen::{self, Window};

/// What a process is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    QuickBooks,
    WebConnector,
    /// Windows tells of a crash: of QuickBooks only if its window says so.
    Crash,
    /// A tool that repairs QuickBooks or its files.
    Repair,
}

/// The names of each kind. Those of the tools that repair are the ones that support sites name.
const NAMES: [(Kind, &[&str]); 4] = [
    (Kind::QuickBooks, &["QBW.EXE", "QBW32.EXE"]),
    (Kind::WebConnector, &["QBWebConnector.exe"]),
    (Kind::Crash, &["WerFault.exe"]),
    (
        Kind::Repair,
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

/// QuickBooks' own work on its file, as its window's title names it.
const REPAIRS: [&str; 4] = ["file doctor", "tool hub", "rebuild data", "verify data"];

/// What is read of one process takes about 20 kilobytes while it is looked at; of all at once it
/// would be megabytes that are never given back.
const AT_ONCE: usize = 16;

/// Looks for the programs that matter, again and again.
pub struct Processes {
    /// Every process, where one snapshot has them all; kept, because a fresh one costs more.
    system: Option<System>,
    newcomers: NewProcesses,
    /// What was found at the last look.
    found: Vec<Found>,
    own_session: Option<u32>,
}

/// A process that matters.
#[derive(Clone, PartialEq, Eq)]
struct Found {
    pid: Pid,
    kind: Kind,
    name: String,
    session: Option<u32>,
}

impl Default for Processes {
    fn default() -> Self {
        Self::new()
    }
}

impl Processes {
    /// Prepares to look; the first look is the first [`Processes::look`].
    #[must_use]
    pub fn new() -> Self {
        let system = System::new()
            .inspect_err(|why| tracing::error!(%why, "the process list cannot be read"))
            .ok();
        let (newcomers, found, own_session) = (NewProcesses::default(), Vec::new(), None);
        Self { system, newcomers, found, own_session }
    }

    /// Looks now.
    pub fn probe(&mut self) -> RunningPrograms {
        let looked = match self.newcomers.worth_a_look() {
            None => self.look_at_all(),
            Some(newcomers) => self.look_at(newcomers),
        };
        match looked {
            Some(found) => {
                self.found = found;
                self.describe()
            }
            None => RunningPrograms::unseen("the process list could not be read"),
        }
    }

    /// The programs of our own session that were found at the last look.
    pub fn own(&self) -> impl Iterator<Item = u32> {
        self.found.iter().filter(|found| !self.is_foreign(found)).map(|found| found.pid.as_u32())
    }

    fn look_at_all(&mut self) -> Option<Vec<Found>> {
        let (all, system) = (ProcessesToUpdate::All, self.system.as_mut()?);
        let seen = system.refresh_processes_specifics(all, true, names_only());
        // A failed snapshot looks like an empty machine; this process alone proves it wrong.
        if seen == 0 {
            return None;
        }
        if self.own_session.is_none() {
            let this = get_current_pid().ok().and_then(|pid| system.process(pid));
            self.own_session = this.and_then(platform::session);
        }
        Some(system.processes().values().filter_map(recognise).collect())
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

    fn describe(&self) -> RunningPrograms {
        let own: Vec<u32> = self.own().collect();
        // Nothing to look into: most of the day, on most computers.
        let windows = if own.is_empty() { Ok(BTreeMap::new()) } else { platform::windows_of(&own) };
        RunningPrograms {
            quickbooks: self.presence(Kind::QuickBooks, &windows),
            web_connector: self.presence(Kind::WebConnector, &windows),
            crash: self.crash(&windows),
            repair: self.repair(&windows),
        }
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(move |found| found.kind == kind)
    }

    fn presence(&self, kind: Kind, windows: &Seen) -> Finding<Presence> {
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
        // The oldest first, so that the same computer looks the same twice.
        instances.sort_by_key(|instance| instance.started_at.known().copied());
        let (own_session, other_sessions) = (own.len(), foreign.len());
        Finding::Known(Presence { own_session, other_sessions, instances })
    }

    fn crash(&self, windows: &Seen) -> Finding<String> {
        self.titled(Kind::Crash, windows, |title| title.to_lowercase().contains("quickbooks"))
    }

    /// A repair tool by its process, or QuickBooks' own by its window.
    fn repair(&self, windows: &Seen) -> Finding<String> {
        if let Some(tool) = self.of(Kind::Repair).find(|found| !self.is_foreign(found)) {
            return Finding::Known(tool.name.clone());
        }
        let is_repair = |title: &str| {
            let title = title.to_lowercase();
            REPAIRS.iter().any(|repair| title.contains(repair))
        };
        self.titled(Kind::QuickBooks, windows, is_repair)
    }

    /// The title of a visible window of our own session's programs of this kind.
    fn titled(&self, kind: Kind, windows: &Seen, wanted: fn(&str) -> bool) -> Finding<String> {
        let mut own = self.of(kind).filter(|found| !self.is_foreign(found)).peekable();
        if own.peek().is_none() {
            return Finding::Absent;
        }
        let windows = match windows {
            Ok(windows) => windows,
            Err(why) => return Finding::Unknown(why.clone()),
        };
        let shown = own.filter_map(|found| windows.get(&found.pid.as_u32())).flatten();
        // A main window's title holds the company's name, which may be anything.
        let shown = shown.filter(|window| window.visible && window.class != screen::MAIN_FRAME);
        let mut titles = shown.map(|window| window.title.as_str());
        match titles.find(|title| wanted(title)) {
            Some(title) => Finding::Known(title.trim().to_owned()),
            None => Finding::Absent,
        }
    }

    /// True only where both sessions are known and differ.
    fn is_foreign(&self, found: &Found) -> bool {
        match (self.own_session, found.session) {
            (Some(own), Some(its)) => own != its,
            (None, _) | (_, None) => false,
        }
    }
}

/// The windows of each process that was asked for, or why they cannot be seen.
type Seen = Result<BTreeMap<u32, Vec<Window>>, String>;

fn screen_of(pid: u32, windows: &Seen) -> Finding<Screen> {
    match windows {
        Err(why) => Finding::Unknown(why.clone()),
        Ok(windows) => match windows.get(&pid).map(|windows| screen::read(windows)) {
            Some(Some(screen)) => Finding::Known(screen),
            Some(None) => Finding::Absent,
            None => Finding::Unknown("its windows were not looked at".into()),
        },
    }
}

fn names_only() -> ProcessRefreshKind {
    ProcessRefreshKind::nothing().without_tasks()
}

fn recognise(process: &Process) -> Option<Found> {
    let mut names = NAMES.iter().flat_map(|(kind, names)| names.iter().map(move |n| (*kind, *n)));
    let (kind, name) = names.find(|(_, name)| platform::is_named(process, name))?;
    platform::is_alive(process).then(|| Found {
        pid: process.pid(),
        kind,
        name: name.to_owned(),
        session: platform::session(process),
    })
}

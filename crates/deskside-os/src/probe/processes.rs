//! Finds the running QuickBooks Desktop and its Web Connector by exact process name.
//!
//! The main program is `QBW.EXE` since 2022 and `QBW32.EXE` before; launchers, updaters and services share
//! the prefix, so only the whole name counts. docs/sources/quickbooks-desktop.md#processes
//! Crash reports and repair tools are found as well.
//! docs/sources/quickbooks-desktop.md#crashes-and-repairs

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use deskside_model::evidence::{Finding, Instance, Presence, RunningPrograms, Screen};

use super::listed::Listed;
use super::platform::{self, ProcessExits, ProcessList};
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

/// How long a crash is told while QuickBooks remains closed; later it is only closed.
const CRASH_TOLD: Duration = Duration::from_secs(15 * 60);

/// Probes the programs of interest repeatedly.
pub struct Processes {
    list: ProcessList,
    /// The names of all kinds.
    names: Vec<&'static str>,
    /// Watches the programs of our own session, if somebody wants to be woken.
    exits: Option<ProcessExits>,
    /// The result of the last probe.
    found: Vec<Listed>,
    /// How QuickBooks ended, and when that was noticed, if it crashed and was not opened again.
    crash: Option<(Instant, u32)>,
}

impl Listed {
    fn is(&self, kind: ProgramKind) -> bool {
        let mut names = NAMES.iter().filter(|(its, _)| *its == kind).flat_map(|(_, names)| *names);
        names.any(|name| *name == self.name)
    }
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
        let names = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        Self { list: ProcessList::default(), names, exits: None, found: Vec::new(), crash: None }
    }

    /// Prepares the probe without running it. `wake` is called when a program that was found ends, on a thread
    /// of the system; it must return immediately.
    #[must_use]
    pub fn waking(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self { exits: Some(ProcessExits::new(wake)), ..Self::new() }
    }

    /// Probes the processes now.
    pub fn probe(&mut self) -> RunningPrograms {
        match self.list.running(&self.names) {
            Ok(found) => {
                self.note(found, Instant::now());
                let own: Vec<u32> = self.own().collect();
                // Usually no program of interest is running.
                let windows =
                    if own.is_empty() { Ok(BTreeMap::new()) } else { platform::windows_of(&own) };
                self.describe(&windows, platform::probe_process)
            }
            Err(why) => RunningPrograms::unseen(&why),
        }
    }

    /// The programs of our own session that the last probe found.
    fn own(&self) -> impl Iterator<Item = u32> {
        self.found.iter().filter(|found| found.ours).map(|found| found.pid)
    }

    /// Takes the new result, watches the programs in it, and remembers how the last QuickBooks has ended.
    fn note(&mut self, found: Vec<Listed>, now: Instant) {
        let before = std::mem::replace(&mut self.found, found);
        let own: Vec<u32> = self.own().collect();
        let ends = self.exits.as_mut().map(|exits| exits.watch(own.into_iter()));
        for (pid, code) in ends.into_iter().flatten() {
            let its = before.iter().find(|listed| listed.pid == pid);
            let Some(name) = its.filter(|its| its.is(ProgramKind::QuickBooks)) else { continue };
            self.note_end(name.name, code, now);
        }
        let is_open = |listed: &Listed| listed.ours && listed.is(ProgramKind::QuickBooks);
        let is_old = |(then, _): (Instant, u32)| now.duration_since(then) > CRASH_TOLD;
        if self.found.iter().any(is_open) || self.crash.is_some_and(is_old) {
            self.crash = None;
        }
    }

    fn note_end(&mut self, name: &str, code: u32, now: Instant) {
        let end = ProgramEnd::of(code);
        tracing::info!(name, ?end, "QuickBooks has ended with code {code:#010x}");
        self.crash = (end == ProgramEnd::Crashed).then_some((now, code));
    }

    fn describe(
        &self,
        windows: &WindowsByProcess,
        instance: impl Fn(&Listed) -> Option<Instance>,
    ) -> RunningPrograms {
        RunningPrograms {
            quickbooks: self.presence(ProgramKind::QuickBooks, windows, &instance),
            web_connector: self.presence(ProgramKind::WebConnector, windows, &instance),
            crash: self.crash(windows),
            repair: self.repair(windows),
        }
    }

    fn of(&self, kind: ProgramKind) -> impl Iterator<Item = &Listed> {
        self.found.iter().filter(move |found| found.is(kind))
    }

    fn presence(
        &self,
        kind: ProgramKind,
        windows: &WindowsByProcess,
        instance: &impl Fn(&Listed) -> Option<Instance>,
    ) -> Finding<Presence> {
        let (own, others): (Vec<&Listed>, Vec<&Listed>) =
            self.of(kind).partition(|found| found.ours);
        if own.is_empty() && others.is_empty() {
            return Finding::Absent;
        }
        let instance = |found: &&Listed| {
            let instance = instance(found)?;
            let embedded = instance.embedded == Finding::Known(true);
            Some(Instance { screen: screen_of(found.pid, windows, embedded), ..instance })
        };
        let mut instances: Vec<Instance> = own.iter().filter_map(instance).collect();
        // The oldest first, so that the order is stable.
        instances.sort_by_key(|instance| instance.started_at.known().copied());
        let (own_session, other_sessions) = (own.len(), others.len());
        Finding::Known(Presence { own_session, other_sessions, instances })
    }

    /// A crash report of Windows, QuickBooks' own message, or the code with which it has ended.
    fn crash(&self, windows: &WindowsByProcess) -> Finding<String> {
        if let Some((_, code)) = self.crash {
            return Finding::Known(format!("QuickBooks ended with code {code:#010x}"));
        }
        let names_quickbooks = |title: &str| title.to_lowercase().contains("quickbooks");
        match self.titled(ProgramKind::Crash, windows, names_quickbooks) {
            Finding::Absent => self.titled(ProgramKind::QuickBooks, windows, reports_crash),
            report @ (Finding::Known(_) | Finding::Unknown(_)) => report,
        }
    }

    /// A repair tool by its process, or QuickBooks' own by its window.
    fn repair(&self, windows: &WindowsByProcess) -> Finding<String> {
        if let Some(tool) = self.of(ProgramKind::Repair).find(|found| found.ours) {
            return Finding::Known(tool.name.to_owned());
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
        let mut own = self.of(kind).filter(|found| found.ours).peekable();
        if own.peek().is_none() {
            return Finding::Absent;
        }
        let windows = match windows {
            Ok(windows) => windows,
            Err(why) => return Finding::Unknown(why.clone()),
        };
        let shown = own.filter_map(|found| windows.get(&found.pid)).flatten();
        // Without main windows: their title contains the company's name, which can be any text.
        let shown = shown.filter(|window| window.visible && window.class != screen::MAIN_FRAME);
        let mut titles = shown.map(|window| window.title.as_str());
        match titles.find(|title| wanted(title)) {
            Some(title) => Finding::Known(title.trim().to_owned()),
            None => Finding::Absent,
        }
    }
}

/// How a program has ended, as its exit code tells. docs/sources/quickbooks-desktop.md#crashes-and-repairs
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProgramEnd {
    /// By itself: somebody has closed it.
    Closed,
    /// Somebody has ended it, as Task Manager does.
    Stopped,
    /// By an exception that nothing has handled.
    Crashed,
}

impl ProgramEnd {
    const fn of(code: u32) -> Self {
        /// The exception of a breakpoint, with which QuickBooks' browser library ends the program.
        const BREAKPOINT: u32 = 0x8000_0003;
        match code {
            0 => Self::Closed,
            BREAKPOINT | 0xC000_0000.. => Self::Crashed,
            _ => Self::Stopped,
        }
    }
}

/// True for the title of QuickBooks' own message about a crash.
/// docs/sources/quickbooks-desktop.md#crashes-and-repairs
fn reports_crash(title: &str) -> bool {
    title.to_lowercase().contains("unrecoverable error")
}

/// The windows of each requested process, or why they cannot be read.
type WindowsByProcess = Result<BTreeMap<u32, Vec<Window>>, String>;

fn screen_of(pid: u32, windows: &WindowsByProcess, embedded: bool) -> Finding<Screen> {
    match windows {
        Err(why) => Finding::Unknown(why.clone()),
        Ok(windows) => match windows.get(&pid).map(|windows| screen::read(windows, embedded)) {
            Some(Some(screen)) => Finding::Known(screen),
            Some(None) => Finding::Absent,
            None => Finding::Unknown("its windows were not probed".into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::process_list::recorded::{ADDRESS, Row, list};
    use super::super::process_list::running;
    use super::*;

    /// Deskside's own process and session in the recorded lists.
    const OWN: Row = (4_040, "deskside.exe", 2, 11);

    /// A probe that has seen this list.
    fn seen(others: &[Row]) -> Processes {
        let rows: Vec<Row> = [(0, "", 0, 8), (4, "System", 0, 210), OWN]
            .into_iter()
            .chain(others.iter().copied())
            .collect();
        let mut processes = Processes::new();
        let found = running(&list(&rows), ADDRESS, OWN.0, &processes.names).unwrap();
        processes.note(found, Instant::now());
        processes
    }

    /// What is concluded where every process of ours can be opened and shows nothing.
    fn conclusion(processes: &Processes) -> RunningPrograms {
        let windows = processes.own().map(|pid| (pid, Vec::new())).collect();
        processes.describe(&Ok(windows), |_| Some(Instance::default()))
    }

    fn counts(presence: &Finding<Presence>) -> Option<(usize, usize)> {
        presence.known().map(|seen| (seen.own_session, seen.other_sessions))
    }

    #[test]
    fn programs_of_another_user_are_not_ours() {
        let processes = seen(&[(900, "QBW.EXE", 3, 44), (904, "QBWebConnector.exe", 3, 20)]);
        let programs = conclusion(&processes);
        assert_eq!(counts(&programs.quickbooks), Some((0, 1)));
        assert_eq!(programs.web_connector.is_here(), Some(false), "it is somebody else's");
        assert_eq!(processes.own().count(), 0, "nothing of theirs is opened or watched");
    }

    #[test]
    fn services_and_other_sessions_of_the_user_are_not_ours() {
        let of_service = seen(&[(900, "QBWebConnector.exe", 0, 20), (904, "QBW32.EXE", 7, 44)]);
        let programs = conclusion(&of_service);
        assert_eq!(programs.web_connector.is_here(), Some(false));
        assert_eq!(programs.quickbooks.is_here(), Some(false));
        assert_eq!(counts(&programs.quickbooks), Some((0, 1)));
    }

    #[test]
    fn our_program_is_counted_apart_from_everybody_elses() {
        let rows = [(900, "QBW.EXE", 3, 44), (904, "qbw.exe", 2, 40), (908, "QBW.EXE", 5, 44)];
        let programs = conclusion(&seen(&rows));
        assert_eq!(counts(&programs.quickbooks), Some((1, 2)));
        let presence = programs.quickbooks.known().unwrap();
        assert_eq!(presence.instances.len(), 1, "others' programs are not described");
    }

    #[test]
    fn repair_and_crash_of_another_user_are_not_ours() {
        let rows = [(900, "WerFault.exe", 3, 4), (904, "QBFileDoctor.exe", 3, 9)];
        let programs = conclusion(&seen(&rows));
        assert_eq!((programs.crash, programs.repair), (Finding::Absent, Finding::Absent));
    }

    #[test]
    fn ended_program_that_is_still_listed_does_not_run() {
        let programs = conclusion(&seen(&[(904, "QBW.EXE", 2, 0)]));
        assert_eq!(programs.quickbooks, Finding::Absent);
    }

    #[test]
    fn quickbooks_own_message_reports_its_crash() {
        let processes = seen(&[(904, "QBW.EXE", 2, 40)]);
        let crash = |class: &str, title: &str| {
            let (class, title) = (class.into(), title.into());
            let window = Window { class, title, visible: true, enabled: true, ..Window::default() };
            let windows = Ok(BTreeMap::from([(904, vec![window])]));
            processes.describe(&windows, |_| Some(Instance::default())).crash
        };
        let title = "QuickBooks - Unrecoverable Error";
        assert_eq!(crash("#32770", title), Finding::Known(title.into()));
        assert_eq!(crash("MauiFrame", title), Finding::Absent, "a company can have any name");
        assert_eq!(crash("#32770", "Backup reminder"), Finding::Absent);
    }

    #[test]
    fn exit_code_tells_a_crash_from_an_ordinary_end() {
        for (code, end) in [
            (0, ProgramEnd::Closed),
            (1, ProgramEnd::Stopped),
            (0x8000_0003, ProgramEnd::Crashed),
            (0xC000_0005, ProgramEnd::Crashed),
            (0xC000_0374, ProgramEnd::Crashed),
            (0x8000_0004, ProgramEnd::Stopped),
        ] {
            assert_eq!(ProgramEnd::of(code), end, "{code:#x}");
        }
    }

    #[test]
    fn crash_is_told_until_quickbooks_is_open_again() {
        let ours = (904, "QBW.EXE", 2, 40);
        let now = Instant::now();
        for (code, crash) in [
            (0, Finding::Absent),
            (1, Finding::Absent),
            (0xC000_0005, Finding::Known("QuickBooks ended with code 0xc0000005".into())),
        ] {
            let mut processes = seen(&[ours]);
            processes.note_end("QBW.EXE", code, now);
            processes.note(Vec::new(), now);
            assert_eq!(conclusion(&processes).crash, crash, "{code:#x}");
            processes.note(Vec::new(), now + CRASH_TOLD * 2);
            assert_eq!(conclusion(&processes).crash, Finding::Absent, "long ago");
            processes.note_end("QBW.EXE", code, now);
            processes.note(seen(&[ours]).found, now);
            assert_eq!(conclusion(&processes).crash, Finding::Absent, "open again");
        }
    }
}

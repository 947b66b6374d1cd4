//! This computer, seen again and again, with an eye for changes. When is decided by the companion.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use deskside_companion::Input;
use deskside_model::evidence::run::Run;
use deskside_model::evidence::{Finding, Network, RunningPrograms, Sync};
use deskside_model::exchange::SurveyResult;
use deskside_os::probe::{Processes, Survey, on_battery_now, probe_network};
use deskside_os::qwc_log::{Tail, TailState, is_in_use};
use tokio::sync::Notify;
use tokio::time::Instant;

/// The log is opened only after it has not changed for this long. The Web Connector writes a run line by
/// line, and may open the log for each line in a way that fails while another program reads it.
const STILL: Duration = Duration::from_millis(500);

/// A log that changes all the time is read after this long. Most reads take a few milliseconds.
const READ_ANYWAY: Duration = Duration::from_secs(20);

/// How long a log that the Web Connector keeps to itself is not worth mentioning.
const IN_USE: Duration = Duration::from_secs(60);

/// How often it is kept how far the log was read; what is lost in between is read again.
const KEEP_EVERY: Duration = Duration::from_secs(5 * 60);

type Seen = (RunningPrograms, Finding<Network>);

/// What was seen last.
pub(super) struct Probes {
    processes: Processes,
    /// Told when a program that was seen has ended.
    pub(super) ended: Arc<Notify>,
    network: Finding<Network>,
    seen: Option<Seen>,
    on_battery: bool,
    /// Away while a survey is under way.
    survey: Option<Survey>,
    log_path: Finding<String>,
    log: Option<Log>,
    /// When it was last seen whether the log has changed.
    peeked: Option<Instant>,
    sync: Finding<Sync>,
}

/// Its length and its last change, as far as there is a log; enough to see that somebody has written,
/// and cheaper than opening it.
type Stamp = Option<(u64, Option<SystemTime>)>;

fn stamp(path: &str) -> Stamp {
    let seen = fs::metadata(path).ok()?;
    Some((seen.len(), seen.modified().ok()))
}

/// The Web Connector's log.
struct Log {
    path: String,
    /// Away while it is being read.
    tail: Option<Tail>,
    /// How it was when it was last taken away to be read, unless it is to be read again.
    read: Option<Stamp>,
    /// How it has changed since.
    change: Option<Change>,
    /// Since when the Web Connector has kept it to itself.
    in_use: Option<Instant>,
    /// What is kept of it, and since when.
    kept: TailState,
    kept_at: Instant,
}

/// A log that has changed since it was read.
struct Change {
    stamp: Stamp,
    /// Since when it has been as it is now.
    still: Instant,
    /// Since when it has been changing.
    began: Instant,
}

impl Log {
    fn new(path: &str, kept: TailState) -> Self {
        let tail = Some(Tail::new(PathBuf::from(path), kept.clone()));
        let (path, kept_at) = (path.to_owned(), Instant::now());
        Self { path, tail, read: None, change: None, in_use: None, kept, kept_at }
    }

    /// True when it has changed since it was read and may be opened now. Only asks how it is, which is in
    /// nobody's way.
    fn is_due(&mut self, now: Instant) -> bool {
        let stamp = stamp(&self.path);
        if self.read == Some(stamp) {
            self.change = None;
            return false;
        }
        let change = match self.change.take() {
            Some(change) if change.stamp == stamp => change,
            before => {
                let began = before.map_or(now, |before| before.began);
                Change { stamp, still: now, began }
            }
        };
        let is_still = now.duration_since(change.still) >= STILL;
        let is_due = is_still || now.duration_since(change.began) >= READ_ANYWAY;
        self.change = Some(change);
        is_due
    }
}

impl Probes {
    pub(super) fn new() -> Self {
        let ended = Arc::new(Notify::new());
        let wake = Arc::clone(&ended);
        Self {
            processes: Processes::waking(move || wake.notify_one()),
            ended,
            network: Finding::default(),
            seen: None,
            on_battery: false,
            survey: Some(Survey::new()),
            log_path: Finding::default(),
            log: None,
            peeked: None,
            sync: Finding::default(),
        }
    }

    /// The next probes speak whether or not something has changed.
    pub(super) fn forget(&mut self) {
        self.seen = None;
        self.sync = Finding::default();
        if let Some(log) = &mut self.log {
            log.read = None;
        }
    }

    /// Looks at programs and battery, and at the network where that is due; what has changed.
    pub(super) fn look(&mut self, with_network: bool) -> Vec<Input> {
        let mut changes = Vec::new();
        let on_battery = on_battery_now();
        if std::mem::replace(&mut self.on_battery, on_battery) != on_battery {
            changes.push(Input::OnBattery(on_battery));
        }
        let running = self.processes.probe();
        if with_network {
            self.network = probe_network();
        }
        let seen = (running, self.network.clone());
        if self.seen.as_ref() != Some(&seen) {
            let (running, network) = self.seen.insert(seen).clone();
            changes.push(Input::Observed { running, network });
        }
        changes
    }

    /// The survey, to be made where waiting harms nobody.
    pub(super) const fn take_survey(&mut self) -> Option<Survey> {
        self.survey.take()
    }

    /// Takes a survey back.
    pub(super) fn give_survey(&mut self, survey: Survey, surveyed: SurveyResult) -> Input {
        self.survey = Some(survey);
        self.log_path = surveyed.setup.log.clone();
        Input::Surveyed(Box::new(surveyed))
    }

    /// When to see whether a log that has changed stands still; `None` while the next look is soon enough.
    pub(super) fn next_peek(&self) -> Option<Instant> {
        let Some(log) = &self.log else {
            // It has just been found, and need not wait for a look.
            return matches!(self.log_path, Finding::Known(_)).then(Instant::now);
        };
        let change = log.change.as_ref().filter(|_| log.tail.is_some())?;
        Some(change.still.max(self.peeked?) + STILL)
    }

    /// The log that is to be read, where waiting harms nobody: one that has changed and stands still. `kept`
    /// tells what was kept of the one at a path.
    pub(super) fn take_log(&mut self, kept: impl FnOnce(&str) -> TailState) -> Option<Tail> {
        let now = Instant::now();
        self.peeked = Some(now);
        let Finding::Known(path) = &self.log_path else { return None };
        if self.log.as_ref().is_none_or(|log| log.path != *path) {
            self.log = Some(Log::new(path, kept(path)));
        }
        let log = self.log.as_mut().filter(|log| log.tail.is_some())?;
        if !log.is_due(now) {
            return None;
        }
        // What is written from now on is seen at the next look.
        log.read = log.change.take().map(|change| change.stamp);
        log.tail.take()
    }

    /// What is to be kept of the log, where that was not done for long.
    pub(super) fn log_to_keep(&mut self) -> Option<(&str, &TailState)> {
        let is_due = self.log.as_ref().is_some_and(|log| log.kept_at.elapsed() >= KEEP_EVERY);
        if is_due { self.log_unkept() } else { None }
    }

    /// What is to be kept of the log, if there is anything new.
    pub(super) fn log_unkept(&mut self) -> Option<(&str, &TailState)> {
        let log = self.log.as_mut()?;
        let read = log.tail.as_ref()?.saved();
        if *read == log.kept {
            return None;
        }
        (log.kept, log.kept_at) = (read.clone(), Instant::now());
        Some((&log.path, &log.kept))
    }

    /// Takes a log back with its runs; `None` when it tells nothing new.
    pub(super) fn give_log(&mut self, tail: Tail, runs: io::Result<Vec<Run>>) -> Option<Input> {
        // While it was read, another one may have taken its place.
        let log = self.log.as_mut().filter(|log| tail.is_at(&log.path))?;
        log.tail = Some(tail);
        let sync = match runs {
            Ok(runs) => {
                log.in_use = None;
                Finding::Known(Sync::of(&runs))
            }
            Err(why) => {
                // It is tried again although it has not changed.
                log.read = None;
                let since = *log.in_use.get_or_insert_with(Instant::now);
                if is_in_use(&why) && since.elapsed() < IN_USE {
                    return None;
                }
                Finding::Unknown(why.to_string())
            }
        };
        let changed = self.sync != sync;
        self.sync = sync.clone();
        changed.then_some(Input::Synced(sync))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::io::Write;
    use std::path::Path;

    use deskside_companion::{Cadence, Probe};
    use deskside_model::evidence::Setup;
    use deskside_os::qwc_log::LOOK_BACK;
    use jiff::{SignedDuration, Timestamp};
    use tempfile::TempDir;

    use super::*;
    use crate::store::Store;

    fn run(app: &str) -> String {
        let at = "20260505.13:07:21 UTC\t:";
        format!(
            "{at} UpdateThisScheduledApp() : Performing SCHEDULED UPDATE for application = {app}\r\n\
             {at} QBWebConnector.SOAPWebService.do_authenticate() : Received from authenticate() \
             following parameters:<authRet[0]=\"TICKET\"><authRet[1]=\"NONE\">\r\n\
             {at} QBWebConnector.RegistryManager.setUpdateLock() : *** Update session unlocked ***\r\n"
        )
    }

    /// A folder with this log and a store.
    fn profile(log: &str) -> (TempDir, PathBuf, Store) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        fs::write(&path, log).unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        (folder, path, store)
    }

    /// Probes that have found the log at `path`.
    fn probes(path: &Path) -> Probes {
        let mut probes = Probes::new();
        let log = Finding::Known(path.to_str().unwrap().into());
        let setup = Setup { log, ..Setup::default() };
        probes.give_survey(Survey::new(), SurveyResult { setup, ..SurveyResult::default() });
        probes
    }

    /// Reads what is new once it stands still, and answers the applications whose runs are known.
    async fn read(probes: &mut Probes, store: &Store) -> Vec<String> {
        assert!(probes.take_log(|path| store.log(path)).is_none(), "it may still be written");
        read_still(probes, store).await
    }

    async fn read_still(probes: &mut Probes, store: &Store) -> Vec<String> {
        tokio::time::advance(STILL).await;
        let mut tail = probes.take_log(|path| store.log(path)).unwrap();
        let runs = tail.read_new();
        let apps = runs.as_ref().unwrap().iter().filter_map(|run| run.app.clone()).collect();
        probes.give_log(tail, runs);
        apps
    }

    fn keep(probes: &mut Probes, store: &Store) -> bool {
        let unkept = probes.log_unkept();
        unkept.map(|(path, saved)| store.save_log(path, saved).unwrap()).is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_too_far_back_for_a_fresh_look_is_still_known_after_a_restart() {
        // The newest run is read again after a restart: something may still be added to it.
        let (_folder, path, store) = profile(&(run("Larch") + &run("Elm")));
        let mut first = probes(&path);
        assert_eq!(read(&mut first, &store).await, ["Larch", "Elm"]);
        assert!(keep(&mut first, &store), "nothing was kept");
        let mut log = OpenOptions::new().append(true).open(&path).unwrap();
        let dump = "<Ret/>\r\n".repeat(usize::try_from(LOOK_BACK).unwrap() / 8);
        log.write_all((dump + &run("Otter")).as_bytes()).unwrap();

        assert_eq!(read(&mut probes(&path), &store).await, ["Larch", "Otter"]);
        let elsewhere = tempfile::tempdir().unwrap();
        let (empty, _) = Store::open(elsewhere.path()).unwrap();
        assert_eq!(read(&mut probes(&path), &empty).await, ["Otter"], "nothing was kept of it");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_read_is_not_read_again_after_a_restart() {
        let (_folder, path, store) = profile(&run("Larch"));
        let mut first = probes(&path);
        read(&mut first, &store).await;
        keep(&mut first, &store);
        fs::write(&path, run("Larch") + &run("Otter")).unwrap();
        assert_eq!(read(&mut probes(&path), &store).await, ["Larch", "Otter"]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_place_is_kept_every_five_minutes_and_only_when_it_has_changed() {
        let (_folder, path, store) = profile(&run("Larch"));
        let mut probes = probes(&path);
        read(&mut probes, &store).await;
        assert!(probes.log_to_keep().is_none(), "at once");
        tokio::time::advance(KEEP_EVERY).await;
        assert!(probes.log_to_keep().is_some());
        tokio::time::advance(KEEP_EVERY).await;
        assert!(probes.log_to_keep().is_none(), "nothing is new");
        fs::write(&path, run("Larch") + &run("Otter")).unwrap();
        read(&mut probes, &store).await;
        assert!(probes.log_to_keep().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn new_log_records_are_read_soon_while_the_screen_is_locked() {
        let (_folder, path, store) = profile(&run("Larch"));
        let mut probes = probes(&path);
        let (mut now, mut cadence) = (Timestamp::now(), Cadence::default());
        cadence.handle_survey(now, true);
        cadence.handle_lock(true);
        assert!(cadence.due(now).contains(&Probe::Log));
        read(&mut probes, &store).await;
        let two_seconds = SignedDuration::from_secs(2);
        for app in ["Otter", "Fir"] {
            assert!(cadence.next(now) <= now + two_seconds);
            now += two_seconds;
            assert_eq!(cadence.due(now), [Probe::Log], "everything is looked at");
            assert!(probes.take_log(|path| store.log(path)).is_none(), "nobody has written");
            append(&path, &run(app));
            now += two_seconds;
            assert_eq!(cadence.due(now), [Probe::Log], "everything is looked at");
            assert!(probes.take_log(|path| store.log(path)).is_none(), "it may still be written");
            assert_eq!(probes.next_peek(), Some(Instant::now() + STILL));
            assert!(read_still(&mut probes, &store).await.contains(&app.to_owned()));
        }
        cadence.handle_lock(false);
        let due = cadence.due(now);
        assert_eq!(due.iter().filter(|probe| **probe == Probe::Log).count(), 1, "looked at twice");
        assert_eq!(probes.next_peek(), None);
    }

    fn append(path: &Path, text: &str) {
        let mut log = OpenOptions::new().append(true).open(path).unwrap();
        log.write_all(text.as_bytes()).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_is_opened_only_after_it_has_changed_and_stands_still() {
        let (_folder, path, store) = profile(&run("Larch"));
        let mut probes = probes(&path);
        assert_eq!(probes.next_peek(), Some(Instant::now()), "it has just been found");
        read(&mut probes, &store).await;
        for _ in 0..100 {
            tokio::time::advance(STILL * 4).await;
            assert!(probes.take_log(|_| TailState::default()).is_none(), "nothing has changed");
        }
        // A run is written line by line.
        let start = Instant::now();
        while start.elapsed() + STILL < READ_ANYWAY {
            append(&path, "20260505.13:07:21 UTC\t: a line\r\n");
            assert!(probes.take_log(|_| TailState::default()).is_none(), "it is being written");
            tokio::time::advance(STILL / 2).await;
        }
        append(&path, "20260505.13:07:21 UTC\t: a line\r\n");
        tokio::time::advance(STILL).await;
        assert!(probes.take_log(|_| TailState::default()).is_some(), "it never stands still");
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_that_is_in_use_for_a_moment_takes_nothing_back() {
        let (_folder, path, store) = profile(&run("Larch"));
        let mut probes = probes(&path);
        read(&mut probes, &store).await;
        let refused = || io::Error::from_raw_os_error(32);
        let is_in_use = is_in_use(&refused());
        assert_eq!(is_in_use, cfg!(windows), "a sharing violation is an error of Windows");
        append(&path, &run("Otter"));
        let mut told = None;
        while told.is_none() {
            probes.take_log(|_| TailState::default());
            tokio::time::advance(STILL).await;
            let tail = probes.take_log(|_| TailState::default()).unwrap();
            told = probes.give_log(tail, Err(refused()));
            assert!(is_in_use || told.is_some(), "another error is told at once");
        }
        assert!(matches!(told, Some(Input::Synced(Finding::Unknown(_)))), "{told:?}");
        assert!(read(&mut probes, &store).await.contains(&"Otter".to_owned()), "it is tried again");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_secret_of_a_log_is_kept() {
        let url = "20260505.13:07:21 UTC\t: QBWebConnector.SOAPWebService.instantiateWebService() : \
                   AppURL: https://SECRET:SECRET@sync.larch.example/SECRET?SECRET#SECRET\r\n";
        let start = run("Larch").lines().next().unwrap().to_owned() + "\r\n";
        let (_folder, path, store) = profile(&(start + url + &run("Larch")));
        let mut probes = probes(&path);
        read(&mut probes, &store).await;
        let (_, saved) = probes.log_unkept().unwrap();
        let kept = serde_json::to_string(saved).unwrap();
        assert!(kept.contains("Larch") && kept.contains("sync.larch.example"), "{kept}");
        assert!(!kept.contains("SECRET") && !kept.contains("TICKET"), "{kept}");
    }
}

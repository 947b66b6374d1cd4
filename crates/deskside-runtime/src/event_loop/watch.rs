//! Looks at this computer again and again, as cheaply as can be, and speaks only of changes.
//!
//! The end of a program is noticed by waiting for it, which costs nothing; its start and its windows
//! by looking, which is done seldom while nobody would see the answer. A run of the Web Connector is
//! news for others, too, so whether its log has grown is always looked at.

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

/// Start and stop of QuickBooks are noticed within 2 seconds: a little less than that, so that the look
/// itself fits in.
const USUAL: Duration = Duration::from_millis(1900);

/// The log is opened only after it has not changed for this long. The Web Connector writes a run line by
/// line, and may open the log for each line in a way that fails while somebody else reads it.
const STILL: Duration = Duration::from_millis(500);

/// A log that changes all the time is read after this long. Most reads take a few milliseconds.
const READ_ANYWAY: Duration = Duration::from_secs(20);

/// How long a log that the Web Connector keeps to itself is not worth mentioning.
const IN_USE: Duration = Duration::from_secs(60);

/// While the session is locked nobody waits for an answer, and a battery is there to last.
const SAVING: Duration = Duration::from_secs(15);

/// Networks change seldom, and what matters is noticed by the questions that fail.
const NETWORK_EVERY: Duration = Duration::from_secs(10);

/// How often it is kept how far the log was read; what is lost in between is read again.
const KEEP_EVERY: Duration = Duration::from_secs(5 * 60);

/// What is installed and set up changes seldom; people who change a setting wait about this long.
const SURVEY_EVERY: Duration = Duration::from_secs(60);

type Seen = (RunningPrograms, Finding<Network>);

/// What was seen last, and when to look again.
pub(super) struct Watch {
    processes: Processes,
    /// Told when a program that was seen has ended.
    pub(super) ended: Arc<Notify>,
    network: Finding<Network>,
    network_seen: Option<Instant>,
    last: Option<Seen>,
    looked: Option<Instant>,
    /// When it was last seen whether the log has changed.
    peeked: Option<Instant>,
    /// Nobody sits in front of the screen.
    locked: bool,
    on_battery: bool,
    /// Away while a survey is under way.
    survey: Option<Survey>,
    surveyed: Option<(Instant, SurveyResult)>,
    log: Option<Log>,
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

impl Watch {
    pub(super) fn new() -> Self {
        let ended = Arc::new(Notify::new());
        let wake = Arc::clone(&ended);
        Self {
            processes: Processes::waking(move || wake.notify_one()),
            ended,
            network: Finding::default(),
            network_seen: None,
            last: None,
            looked: None,
            peeked: None,
            locked: false,
            on_battery: false,
            survey: Some(Survey::new()),
            surveyed: None,
            log: None,
            sync: Finding::default(),
        }
    }

    /// The next look is now, and speaks whether or not something has changed.
    pub(super) fn forget(&mut self) {
        self.last = None;
        self.looked = None;
        self.surveyed = None;
        self.sync = Finding::default();
        if let Some(log) = &mut self.log {
            log.read = None;
        }
    }

    /// The session was locked, or unlocked: then somebody wants to see how things are.
    pub(super) fn lock(&mut self, locked: bool) {
        self.locked = locked;
        if !locked {
            self.looked = None;
        }
    }

    /// When to look again.
    pub(super) fn next_look(&self) -> Instant {
        let pause = if self.is_saving() { SAVING } else { USUAL };
        self.looked.map_or_else(Instant::now, |looked| looked + pause)
    }

    const fn is_saving(&self) -> bool {
        self.locked || self.on_battery
    }

    /// When to see whether the log has changed; `None` while the next look is soon enough.
    pub(super) fn next_peek(&self) -> Option<Instant> {
        if self.log.is_none() {
            // It has just been found, and need not wait for a look.
            let (_, surveyed) = self.surveyed.as_ref()?;
            return matches!(surveyed.setup.log, Finding::Known(_)).then(Instant::now);
        }
        let log = self.log.as_ref().filter(|log| log.tail.is_some())?;
        if let Some(change) = &log.change {
            return Some(change.still.max(self.peeked?) + STILL);
        }
        if !self.is_saving() {
            return None;
        }
        self.looked.max(self.peeked).map(|last| last + USUAL)
    }

    /// Looks; `None` when all is as it was.
    pub(super) fn look(&mut self) -> Option<Input> {
        let now = Instant::now();
        self.looked = Some(now);
        self.on_battery = on_battery_now();
        let running = self.processes.probe();
        if self.network_seen.is_none_or(|seen| seen.elapsed() >= NETWORK_EVERY) {
            self.network = probe_network();
            self.network_seen = Some(now);
        }
        let seen = (running, self.network.clone());
        if self.last.as_ref() == Some(&seen) {
            return None;
        }
        self.last = Some(seen.clone());
        let (running, network) = seen;
        Some(Input::Observed { running, network })
    }

    /// The survey that is due, to be made where waiting harms nobody.
    pub(super) fn due_survey(&mut self) -> Option<Survey> {
        let fresh = |(at, _): &(Instant, SurveyResult)| at.elapsed() < SURVEY_EVERY;
        if self.locked && self.surveyed.is_some() || self.surveyed.as_ref().is_some_and(fresh) {
            return None;
        }
        self.survey.take()
    }

    /// The log that is to be read, where waiting harms nobody: one that has changed and stands still. `kept`
    /// tells what was kept of the one at a path.
    pub(super) fn due_log(&mut self, kept: impl FnOnce(&str) -> TailState) -> Option<Tail> {
        let now = Instant::now();
        self.peeked = Some(now);
        let (_, surveyed) = self.surveyed.as_ref()?;
        let Finding::Known(path) = &surveyed.setup.log else { return None };
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
    pub(super) fn take_log(&mut self, tail: Tail, runs: io::Result<Vec<Run>>) -> Option<Input> {
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

    /// Takes a survey back; `None` when all is as it was.
    pub(super) fn take_survey(&mut self, survey: Survey, surveyed: SurveyResult) -> Option<Input> {
        self.survey = Some(survey);
        let last = self.surveyed.replace((Instant::now(), surveyed.clone()));
        let changed = last.is_none_or(|(_, last)| last != surveyed);
        changed.then(|| Input::Surveyed(Box::new(surveyed)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::io::Write;
    use std::path::Path;

    use deskside_model::evidence::Setup;
    use deskside_os::qwc_log::LOOK_BACK;

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

    /// A watch that has found the log at `path`.
    fn watch(path: &Path) -> Watch {
        let mut watch = Watch::new();
        let log = Finding::Known(path.to_str().unwrap().into());
        let setup = Setup { log, ..Setup::default() };
        watch.take_survey(Survey::new(), SurveyResult { setup, ..SurveyResult::default() });
        watch
    }

    /// Reads what is new once it stands still, and answers the applications whose runs are known.
    async fn read(watch: &mut Watch, store: &Store) -> Vec<String> {
        assert!(watch.due_log(|path| store.log(path)).is_none(), "it may still be written");
        tokio::time::advance(STILL).await;
        let mut tail = watch.due_log(|path| store.log(path)).unwrap();
        let runs = tail.read_new();
        let apps = runs.as_ref().unwrap().iter().filter_map(|run| run.app.clone()).collect();
        watch.take_log(tail, runs);
        apps
    }

    fn keep(watch: &mut Watch, store: &Store) -> bool {
        let unkept = watch.log_unkept();
        unkept.map(|(path, saved)| store.save_log(path, saved).unwrap()).is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_too_far_back_for_a_fresh_look_is_still_known_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        // The newest run is read again after a restart: something may still be added to it.
        fs::write(&path, run("Larch") + &run("Elm")).unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        let mut first = watch(&path);
        assert_eq!(read(&mut first, &store).await, ["Larch", "Elm"]);
        assert!(keep(&mut first, &store), "nothing was kept");
        let mut log = OpenOptions::new().append(true).open(&path).unwrap();
        let dump = "<Ret/>\r\n".repeat(usize::try_from(LOOK_BACK).unwrap() / 8);
        log.write_all((dump + &run("Otter")).as_bytes()).unwrap();

        assert_eq!(read(&mut watch(&path), &store).await, ["Larch", "Otter"]);
        let elsewhere = tempfile::tempdir().unwrap();
        let (empty, _) = Store::open(elsewhere.path()).unwrap();
        assert_eq!(read(&mut watch(&path), &empty).await, ["Otter"], "nothing was kept of it");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_read_is_not_read_again_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        fs::write(&path, run("Larch")).unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        let mut first = watch(&path);
        read(&mut first, &store).await;
        keep(&mut first, &store);
        fs::write(&path, run("Larch") + &run("Otter")).unwrap();
        assert_eq!(read(&mut watch(&path), &store).await, ["Larch", "Otter"]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_place_is_kept_every_five_minutes_and_only_when_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        fs::write(&path, run("Larch")).unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        let mut watch = watch(&path);
        read(&mut watch, &store).await;
        assert!(watch.log_to_keep().is_none(), "at once");
        tokio::time::advance(KEEP_EVERY).await;
        assert!(watch.log_to_keep().is_some());
        tokio::time::advance(KEEP_EVERY).await;
        assert!(watch.log_to_keep().is_none(), "nothing is new");
        fs::write(&path, run("Larch") + &run("Otter")).unwrap();
        read(&mut watch, &store).await;
        assert!(watch.log_to_keep().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_written_into_the_log_is_noticed_within_three_seconds_while_the_screen_is_locked()
     {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        fs::write(&path, run("Larch")).unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        let mut watch = watch(&path);
        watch.lock(true);
        watch.look();
        read(&mut watch, &store).await;
        assert!(watch.next_look() > Instant::now() + Duration::from_secs(2), "everything is");
        for app in ["Otter", "Fir"] {
            assert!(watch.next_peek().unwrap() <= Instant::now() + USUAL);
            tokio::time::advance(USUAL).await;
            assert!(watch.due_log(|path| store.log(path)).is_none(), "nobody has written");
            append(&path, &run(app));
            tokio::time::advance(USUAL).await;
            assert!(watch.due_log(|path| store.log(path)).is_none(), "it may still be written");
            assert_eq!(watch.next_peek(), Some(Instant::now() + STILL));
            tokio::time::advance(STILL).await;
            let mut tail = watch.due_log(|path| store.log(path)).unwrap();
            let runs = tail.read_new();
            let told = format!("{runs:?}");
            assert!(told.contains(app), "{told}");
            watch.take_log(tail, runs);
        }
        (watch.locked, watch.on_battery) = (false, false);
        assert_eq!(watch.next_peek(), None, "looked at twice");
    }

    fn append(path: &Path, text: &str) {
        let mut log = OpenOptions::new().append(true).open(path).unwrap();
        log.write_all(text.as_bytes()).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_is_opened_only_after_it_has_changed_and_stands_still() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        fs::write(&path, run("Larch")).unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        let mut watch = watch(&path);
        assert_eq!(watch.next_peek(), Some(Instant::now()), "it has just been found");
        read(&mut watch, &store).await;
        for _ in 0..100 {
            tokio::time::advance(USUAL).await;
            assert!(watch.due_log(|_| TailState::default()).is_none(), "nothing has changed");
        }
        // A run is written line by line.
        let start = Instant::now();
        while start.elapsed() + STILL < READ_ANYWAY {
            append(&path, "20260505.13:07:21 UTC\t: a line\r\n");
            assert!(watch.due_log(|_| TailState::default()).is_none(), "it is being written");
            tokio::time::advance(STILL / 2).await;
        }
        append(&path, "20260505.13:07:21 UTC\t: a line\r\n");
        tokio::time::advance(STILL).await;
        assert!(watch.due_log(|_| TailState::default()).is_some(), "it never stands still");
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_that_is_in_use_for_a_moment_takes_nothing_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        fs::write(&path, run("Larch")).unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        let mut watch = watch(&path);
        read(&mut watch, &store).await;
        let refused = || io::Error::from_raw_os_error(32);
        let is_in_use = is_in_use(&refused());
        assert_eq!(is_in_use, cfg!(windows), "a sharing violation is an error of Windows");
        append(&path, &run("Otter"));
        let mut told = None;
        while told.is_none() {
            watch.due_log(|_| TailState::default());
            tokio::time::advance(STILL).await;
            let tail = watch.due_log(|_| TailState::default()).unwrap();
            told = watch.take_log(tail, Err(refused()));
            assert!(is_in_use || told.is_some(), "another error is told at once");
        }
        assert!(matches!(told, Some(Input::Synced(Finding::Unknown(_)))), "{told:?}");
        assert!(read(&mut watch, &store).await.contains(&"Otter".to_owned()), "it is tried again");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_secret_of_a_log_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        let url = "20260505.13:07:21 UTC\t: QBWebConnector.SOAPWebService.instantiateWebService() : \
                   AppURL: https://SECRET:SECRET@sync.larch.example/SECRET?SECRET#SECRET\r\n";
        let start = run("Larch").lines().next().unwrap().to_owned() + "\r\n";
        fs::write(&path, start + url + &run("Larch")).unwrap();
        let (store, _) = Store::open(folder.path()).unwrap();
        let mut watch = watch(&path);
        read(&mut watch, &store).await;
        let (_, saved) = watch.log_unkept().unwrap();
        let kept = serde_json::to_string(saved).unwrap();
        assert!(kept.contains("Larch") && kept.contains("sync.larch.example"), "{kept}");
        assert!(!kept.contains("SECRET") && !kept.contains("TICKET"), "{kept}");
    }
}

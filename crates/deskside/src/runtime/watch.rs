//! Looks at this computer again and again, as cheaply as can be, and speaks only of changes.
//!
//! The end of a program is noticed by waiting for it, which costs nothing; its start and its windows
//! by looking, which is done seldom while nobody would see the answer.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::companion::{Input, Surveyed};
use crate::evidence::log::{Run, Saved, Tail};
use crate::evidence::{
    Exits, Finding, Network, Processes, Running, Survey, Sync, look_at_network, on_battery_now,
};

/// Start and stop of QuickBooks are noticed within 2 seconds: a little less than that, so that the
/// look itself fits in.
const USUAL: Duration = Duration::from_millis(1900);

/// While the session is locked nobody waits for an answer, and a battery is there to last.
const SAVING: Duration = Duration::from_secs(15);

/// Networks change seldom, and what matters is noticed by the questions that fail.
const NETWORK_EVERY: Duration = Duration::from_secs(10);

/// What is installed and set up changes seldom; people who change a setting wait about this long.
const SURVEY_EVERY: Duration = Duration::from_secs(60);

type Seen = (Running, Finding<Network>);

/// What was seen last, and when to look again.
pub(super) struct Watch {
    processes: Processes,
    exits: Exits,
    /// Told when a program that was seen has ended.
    pub(super) ended: Arc<Notify>,
    network: Finding<Network>,
    network_seen: Option<Instant>,
    last: Option<Seen>,
    looked: Option<Instant>,
    /// Nobody sits in front of the screen.
    locked: bool,
    on_battery: bool,
    /// Away while a survey is under way.
    survey: Option<Survey>,
    surveyed: Option<(Instant, Surveyed)>,
    /// The Web Connector's log and where it is; away while it is being read.
    log: Option<(String, Option<Tail>)>,
    sync: Finding<Sync>,
}

impl Watch {
    pub(super) fn new() -> Self {
        let ended = Arc::new(Notify::new());
        let wake = Arc::clone(&ended);
        Self {
            processes: Processes::new(),
            exits: Exits::new(move || wake.notify_one()),
            ended,
            network: Finding::default(),
            network_seen: None,
            last: None,
            looked: None,
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
        let pause = if self.locked || self.on_battery { SAVING } else { USUAL };
        self.looked.map_or_else(Instant::now, |looked| looked + pause)
    }

    /// Looks; `None` when all is as it was.
    pub(super) fn look(&mut self) -> Option<Input> {
        let now = Instant::now();
        self.looked = Some(now);
        self.on_battery = on_battery_now();
        let running = self.processes.look();
        self.exits.watch(self.processes.own());
        if self.network_seen.is_none_or(|seen| seen.elapsed() >= NETWORK_EVERY) {
            self.network = look_at_network();
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
        let fresh = |(at, _): &(Instant, Surveyed)| at.elapsed() < SURVEY_EVERY;
        if self.locked && self.surveyed.is_some() || self.surveyed.as_ref().is_some_and(fresh) {
            return None;
        }
        self.survey.take()
    }

    /// The log that is to be read, where waiting harms nobody.
    pub(super) fn due_log(&mut self) -> Option<Tail> {
        let (_, surveyed) = self.surveyed.as_ref()?;
        let Finding::Known(path) = &surveyed.setup.log else { return None };
        if self.log.as_ref().is_none_or(|(known, _)| known != path) {
            let tail = Tail::new(PathBuf::from(path), Saved::default());
            self.log = Some((path.clone(), Some(tail)));
        }
        self.log.as_mut()?.1.take()
    }

    /// Takes a log back with its runs; `None` when it tells nothing new.
    pub(super) fn take_log(&mut self, tail: Tail, runs: io::Result<Vec<Run>>) -> Option<Input> {
        let sync = match runs {
            Ok(runs) => Finding::Known(Sync::of(&runs)),
            Err(why) => Finding::Unknown(why.to_string()),
        };
        // While it was read, another one may have taken its place.
        let (_, place) = self.log.as_mut().filter(|(known, _)| tail.is_at(known))?;
        *place = Some(tail);
        let changed = self.sync != sync;
        self.sync = sync.clone();
        changed.then_some(Input::Synced(sync))
    }

    /// Takes a survey back; `None` when all is as it was.
    pub(super) fn take_survey(&mut self, survey: Survey, surveyed: Surveyed) -> Option<Input> {
        self.survey = Some(survey);
        let last = self.surveyed.replace((Instant::now(), surveyed.clone()));
        let changed = last.is_none_or(|(_, last)| last != surveyed);
        changed.then(|| Input::Surveyed(Box::new(surveyed)))
    }
}

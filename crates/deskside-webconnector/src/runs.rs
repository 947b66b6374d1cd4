//! The unfinished runs, and which of them a record belongs to.
//!
//! Most records name no run, and the runs of several Windows users alternate in one file. So a
//! record goes to the run whose ticket or application it names, or else to the most recently active
//! one that can be at that step. A part of a run without its start is also a run. Runs are returned
//! in the order of their starts, each as soon as it can no longer change. See
//! docs/sources/web-connector.md#locks.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use deskside_model::Cause;
use deskside_model::evidence::run::{Run, RunFailure, RunOutcome};
use jiff::{SignedDuration, Timestamp};

use super::possible_error::{self, PossibleError};
use super::reading::{LogStep, Work, quoted};

/// No computer runs more Web Connectors than this at once; a run that is older than this many later
/// ones was interrupted.
const MAX_OPEN: usize = 16;

/// .NET times out after 100 seconds, and a few more pass until that is written. See
/// docs/sources/web-connector.md#network.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(105);

/// Two calls precede the question for work.
const LONGEST_START: SignedDuration = SignedDuration::from_secs(210);

/// The unfinished runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    /// In the order of their starts.
    open: VecDeque<OpenRun>,
    finished: Vec<Run>,
    clock: u64,
    /// The time of the newest record.
    now: Option<Timestamp>,
    /// How many runs have started since one failed.
    since_failure: Option<usize>,
}

/// What is known about one run.
#[derive(Clone, Debug)]
struct OpenRun {
    /// The offset of its first record in the log.
    offset: u64,
    app: Option<String>,
    host: Option<String>,
    /// Somebody started it by hand; `None` without its start.
    by_hand: Option<bool>,
    /// The time of its newest record.
    seen: Option<Timestamp>,
    has_start: bool,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
    step: LogStep,
    /// Its server was asked and has not answered.
    waits: bool,
    /// Since when it has been waiting; before that, when it started.
    since: Option<Timestamp>,
    /// A hash of the ticket in the answer of `authenticate`; the ticket itself is not needed.
    ticket: Option<u64>,
    has_no_work: bool,
    /// QuickBooks answered a request.
    has_worked: bool,
    failure: Option<RunFailure>,
    /// The failure was a refused request, which no later success fixes.
    is_refused_work: bool,
    /// Its end was seen.
    has_ended: bool,
    is_unlocked: bool,
    /// It was probably interrupted: the same application started again, or its server was asked too
    /// long ago.
    is_given_up: bool,
    /// When it was last active, counted in records.
    active: u64,
}

/// Every change takes the offset of its record's line, from the beginning of the log.
impl Runs {
    /// A run starts. Runs that have waited too long for their servers were interrupted.
    pub(super) fn start(
        &mut self,
        app: Option<String>,
        by_hand: bool,
        offset: u64,
        at: Option<Timestamp>,
    ) {
        self.since_failure = self.since_failure.map(|runs| runs.saturating_add(1));
        let silent = |run: &&mut OpenRun| run.has_waited_too_long(at);
        self.open.iter_mut().filter(silent).for_each(|run| run.is_given_up = true);
        self.change(None, offset, |run| {
            (run.app, run.has_start, run.started, run.since) = (app, true, at, at);
            run.by_hand = Some(by_hand);
        });
    }

    /// The time of the record that comes now.
    pub(super) fn hear(&mut self, at: Option<Timestamp>) {
        self.now = at.or(self.now);
    }

    /// The starting run has the lock.
    pub(super) fn lock(&mut self, offset: u64) {
        let found = self.at_step(LogStep::Start);
        self.change(found, offset, |_| {});
        self.give_up_others(found);
    }

    /// The starting run does not get the lock. It is dropped if its application is already running;
    /// otherwise a lock was left behind.
    pub(super) fn refuse(&mut self) {
        let Some(place) = self.last(|run| run.is_open() && run.has_start) else { return };
        let app = self.open.get(place).and_then(|run| run.app.as_ref());
        let is_at_work = self.open.iter().enumerate().any(|(other, run)| {
            other != place && run.is_open() && app.is_some() && run.app.as_ref() == app
        });
        if is_at_work {
            drop(self.open.remove(place));
        }
    }

    /// The run at this step belongs to `app`, if the name is known.
    pub(super) fn name(
        &mut self,
        app: Option<String>,
        step: LogStep,
        offset: u64,
        at: Option<Timestamp>,
    ) {
        let can_be = |run: &OpenRun| run.is_open() && run.step <= step;
        let named = self.last(|run| can_be(run) && app.is_some() && run.app == app);
        let found =
            named.or_else(|| self.last(|run| can_be(run) && (run.app.is_none() || app.is_none())));
        let asks = step == LogStep::Authenticate;
        self.change(found, offset, |run| {
            run.app = app.or(run.app.take());
            (run.step, run.since, run.waits) = (step, at.or(run.since), asks);
        });
        if asks {
            self.give_up_others(found);
        }
    }

    /// The host of the starting run's application.
    pub(super) fn locate(&mut self, host: Option<String>, offset: u64) {
        let found = self.at_step(LogStep::Start);
        self.change(found, offset, |run| {
            // A run that is further along belongs to another application.
            if run.step == LogStep::Start {
                run.host = host;
            }
        });
    }

    /// A record of a run at this step, which may name its ticket.
    pub(super) fn reach(&mut self, step: LogStep, text: &[u8], offset: u64) {
        if self.is_alone_at(step) {
            return;
        }
        let found = self.by_ticket(text).or_else(|| self.at_step(step));
        self.change(found, offset, |run| {
            // The company file is unlocked and the connection closed even if there was no work.
            if step != LogStep::Close || run.step >= LogStep::Work {
                run.step = run.step.max(step);
            }
            // A run whose ticket is named has not ended.
            run.is_given_up = false;
        });
    }

    /// True if there is only one run, and it is at this step without a failure: no record can
    /// belong to another, and no routine record changes it.
    pub(super) fn is_alone_at(&self, step: LogStep) -> bool {
        let is_there = |run: &OpenRun| {
            let is_settled = step != LogStep::Work || run.has_worked;
            run.step == step && is_settled && run.is_open() && run.failure.is_none()
        };
        self.open.len() == 1 && self.open.front().is_some_and(is_there)
    }

    /// QuickBooks answered a request, so it was reached in the end.
    pub(super) fn work(&mut self, offset: u64) {
        if self.is_alone_at(LogStep::Work) {
            return;
        }
        let found = self.at_step(LogStep::Work);
        self.change(found, offset, |run| {
            run.step = run.step.max(LogStep::Work);
            run.has_worked = true;
            run.failure = run.failure.take().filter(|_| run.is_refused_work);
        });
    }

    /// The application got the answer to a request. After an error, the answer is that error.
    pub(super) fn deliver(&mut self, text: &[u8], offset: u64) {
        if self.is_alone_at(LogStep::Work) {
            return;
        }
        let found = self.by_ticket(text).or_else(|| self.at_step(LogStep::Work));
        self.change(found, offset, |run| {
            run.step = run.step.max(LogStep::Work);
            run.has_worked |= run.failure.is_none();
            run.is_given_up = false;
        });
    }

    /// The server answers `authenticate`.
    pub(super) fn answer(&mut self, ticket: &[u8], work: Work, offset: u64, at: Option<Timestamp>) {
        let can_be = |run: &OpenRun| {
            let is_known = run.is_open() && run.step <= LogStep::Authenticate;
            is_known && !run.is_stopped() && !run.has_waited_too_long(at)
        };
        let found = self.first_waiting(at).or_else(|| self.last(can_be));
        if work == Work::Refused {
            self.since_failure = Some(0);
        }
        self.change(found, offset, |run| {
            if mem::take(&mut run.waits) {
                // It was asked again after an error.
                run.failure = None;
            }
            run.ticket = (!ticket.is_empty()).then(|| hash(ticket));
            match work {
                Work::Nothing => run.has_no_work = true,
                // Later records of the same step say more about it.
                Work::Refused => return run.fail(possible_error::wrong_password()),
                Work::Something => {}
            }
            run.step = LogStep::Work;
        });
        self.give_up_others(found);
    }

    /// An error.
    pub(super) fn fail(
        &mut self,
        error: &PossibleError,
        failure: RunFailure,
        offset: u64,
        at: Option<Timestamp>,
    ) {
        if possible_error::is_summary(&failure) {
            return self.sum_up(failure, offset);
        }
        self.since_failure = Some(0);
        let found = self.by_ticket(error.message()).or_else(|| match (failure.cause, error.step) {
            (_, None) => self.last(OpenRun::is_open),
            (Cause::WrongPassword, _) => {
                self.last(OpenRun::is_refused).or_else(|| self.first_waiting(at))
            }
            (_, Some(LogStep::Authenticate)) => self.first_waiting(at),
            (_, Some(LogStep::Start | LogStep::Work | LogStep::Close)) => None,
        });
        let found = found.or_else(|| error.step.and_then(|step| self.at_step(step)));
        let is_named = failure.code.is_some() || failure.hresult.is_some();
        if found.is_none() && !is_named && failure.cause == Cause::Unknown {
            return;
        }
        self.change(found, offset, |run| {
            run.step = error.step.map_or(run.step, |step| run.step.max(step));
            run.waits &= error.step != Some(LogStep::Authenticate);
            run.is_refused_work |= error.is_of_request();
            run.fail(failure);
        });
    }

    /// An error that only reports that there were errors, possibly after the end of the run that
    /// had them.
    fn sum_up(&mut self, failure: RunFailure, offset: u64) {
        if self.since_failure.is_none_or(|runs| runs >= MAX_OPEN) {
            self.change(self.last(|_| true), offset, |run| run.fail(failure));
        }
    }

    /// A run's session or connection ends.
    pub(super) fn end(&mut self, offset: u64, at: Option<Timestamp>) {
        let found = self.at_step(LogStep::Close);
        self.change(found, offset, |run| {
            (run.step, run.has_ended, run.ended) = (LogStep::Close, true, at);
        });
    }

    /// A run is over.
    pub(super) fn unlock(&mut self, offset: u64, at: Option<Timestamp>) {
        let done = self.last(|run| run.is_open() && run.expects_unlock());
        let found = done.or_else(|| self.last(OpenRun::is_open));
        self.change(found, offset, |run| {
            // The lock alone says nothing about the work done under it.
            run.has_ended |= run.step >= LogStep::Work;
            (run.is_unlocked, run.ended) = (true, at);
        });
    }

    /// The finished runs.
    pub(super) fn take_finished(&mut self) -> Vec<Run> {
        mem::take(&mut self.finished)
    }

    /// Returns all runs, because nothing follows.
    pub(super) fn finish(mut self) -> Vec<Run> {
        self.finished.extend(self.open.drain(..).map(OpenRun::into_run));
        self.finished
    }

    /// The offset of the first unfinished run.
    pub(super) fn first_offset(&self) -> Option<u64> {
        self.open.front().map(|run| run.offset)
    }

    /// The run whose ticket occurs in the text, including one that was given up.
    fn by_ticket(&self, text: &[u8]) -> Option<usize> {
        let mut runs = self.open.iter().filter(|run| !run.is_unlocked);
        runs.nth(1)?;
        let ticket = hash(quoted(text, b"wcTicket=\"")?);
        self.last(|run| !run.is_unlocked && run.ticket == Some(ticket))
    }

    /// The most recently active run at a step.
    fn at_step(&self, step: LogStep) -> Option<usize> {
        let can_be = |run: &OpenRun| run.is_open() && !(step == LogStep::Work && run.is_stopped());
        self.last(|run| can_be(run) && run.can_be_at(step))
            .or_else(|| self.last(can_be))
            // Records of a closing connection may follow its unlock.
            .or_else(|| self.last(|_| step == LogStep::Close))
    }

    /// The run that has waited longest for its server: servers answer in the order they were asked.
    fn first_waiting(&self, now: Option<Timestamp>) -> Option<usize> {
        let waits = |run: &OpenRun| run.is_open() && run.waits && !run.has_waited_too_long(now);
        let waiting = self.open.iter().enumerate().filter(|(_, run)| waits(run));
        waiting.min_by_key(|(_, run)| run.active).map(|(place, _)| place)
    }

    /// The other runs of the same application were interrupted, unless their tickets show that they
    /// belong to another Windows user.
    fn give_up_others(&mut self, found: Option<usize>) {
        let Some(place) = found.filter(|_| self.open.len() > 1) else { return };
        let app = self.open.get(place).and_then(|run| run.app.clone());
        for (other, run) in self.open.iter_mut().enumerate() {
            run.is_given_up |= other != place && app.is_some() && run.app == app;
        }
        let is_lost = |run: &OpenRun| run.is_given_up && run.ticket.is_none();
        while self.open.front().is_some_and(is_lost) {
            self.finished.extend(self.open.pop_front().map(OpenRun::into_run));
        }
    }

    /// The position of the most recently active run among those wanted.
    fn last(&self, wanted: impl Fn(&OpenRun) -> bool) -> Option<usize> {
        let wanted = self.open.iter().enumerate().filter(|(_, run)| wanted(run));
        wanted.max_by_key(|(_, run)| run.active).map(|(place, _)| place)
    }

    /// Changes a known run, or a new one.
    fn change(&mut self, found: Option<usize>, offset: u64, change: impl FnOnce(&mut OpenRun)) {
        self.clock = self.clock.wrapping_add(1);
        if let Some(run) = found.and_then(|found| self.open.get_mut(found)) {
            run.active = self.clock;
            run.seen = self.now;
            return change(run);
        }
        let mut run = OpenRun::at(offset, self.clock);
        run.seen = self.now;
        change(&mut run);
        self.finish_old();
        self.open.push_back(run);
    }

    /// Returns finished runs from the front, and makes room for one more.
    fn finish_old(&mut self) {
        while self.open.len() >= MAX_OPEN || self.open.front().is_some_and(|run| !run.is_open()) {
            self.finished.extend(self.open.pop_front().map(OpenRun::into_run));
        }
    }
}

impl OpenRun {
    const fn at(offset: u64, active: u64) -> Self {
        Self {
            offset,
            app: None,
            host: None,
            by_hand: None,
            seen: None,
            has_start: false,
            started: None,
            ended: None,
            step: LogStep::Start,
            waits: false,
            since: None,
            ticket: None,
            has_no_work: false,
            has_worked: false,
            failure: None,
            is_refused_work: false,
            has_ended: false,
            is_unlocked: false,
            is_given_up: false,
            active,
        }
    }

    fn can_be_at(&self, step: LogStep) -> bool {
        self.step == step || (step == LogStep::Close && self.step == LogStep::Work)
    }

    const fn is_open(&self) -> bool {
        !self.is_unlocked && !self.is_given_up
    }

    /// True if its server has been silent for longer than the calls can take.
    fn has_waited_too_long(&self, now: Option<Timestamp>) -> bool {
        let longest = if self.waits { LONGEST_WAIT } else { LONGEST_START };
        let since = self.since.zip(now).map(|(since, now)| now.duration_since(since));
        self.step <= LogStep::Authenticate && since.is_some_and(|since| since > longest)
    }

    /// True if it failed before it got any work. A part of a run may have got some.
    fn is_stopped(&self) -> bool {
        let is_known = self.step == LogStep::Authenticate || self.app.is_some();
        self.failure.is_some() && !self.waits && self.step <= LogStep::Authenticate && is_known
    }

    fn is_refused(&self) -> bool {
        let failed = |failure: &RunFailure| failure.cause == Cause::WrongPassword;
        self.is_open() && self.failure.as_ref().is_some_and(failed)
    }

    fn expects_unlock(&self) -> bool {
        self.has_ended || self.has_no_work || self.failure.is_some()
    }

    fn fail(&mut self, failure: RunFailure) {
        self.failure = Some(match self.failure.take() {
            Some(first) => possible_error::both(first, failure),
            None => failure,
        });
    }

    fn into_run(self) -> Run {
        let Self { app, host, started, ended, by_hand, seen, .. } = self;
        let outcome = match self.failure {
            Some(failure) => RunOutcome::Failed(failure),
            None if self.has_no_work => RunOutcome::OkNoWork,
            // A run without a name has no beginning and may have failed there. Announced work that
            // QuickBooks never answered was not done.
            None if self.has_ended && self.has_worked && app.is_some() => RunOutcome::Ok,
            None => RunOutcome::Incomplete,
        };
        // The clock may have been set back in between.
        let ended = ended.filter(|ended| started.is_none_or(|started| started <= *ended));
        let seen = seen.filter(|_| outcome == RunOutcome::Incomplete);
        Run { app, host, started, ended, seen, by_hand, outcome }
    }
}

fn hash(ticket: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    ticket.hash(&mut hasher);
    hasher.finish()
}

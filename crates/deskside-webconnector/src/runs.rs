//! The runs that are not told yet, and which of them a record belongs to.
//!
//! Most records name nobody, and the runs of several Windows users are written into one file in
//! turns. So a record goes to the run whose ticket or application it names, else to the one that
//! was active last among those that can be at that step. A part of a run without its start is a run
//! too. Runs are told in the order of their starts, each as soon as nothing can be added to it.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use deskside_model::Cause;
use deskside_model::evidence::run::{Run, RunFailure, RunOutcome};
use jiff::{SignedDuration, Timestamp};

use super::reading::{LogStep, Work, quoted};
use super::suspect::{self, Suspect};

/// More Web Connectors than this do not run at once on one computer; a run that is older than so
/// many later ones was interrupted.
const MOST: usize = 16;

/// .NET gives up a call after 100 seconds, and a few more pass until that is written.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(105);

/// Two calls are made before the server is asked for work.
const LONGEST_START: SignedDuration = SignedDuration::from_secs(210);

/// The runs that are not told yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    /// In the order of their starts.
    known: VecDeque<OpenRun>,
    told: Vec<Run>,
    clock: u64,
    /// How many runs have started since one has failed.
    since_failure: Option<usize>,
}

/// What is known of one run.
#[derive(Clone, Debug)]
struct OpenRun {
    /// Where in the log its first record stands.
    offset: u64,
    app: Option<String>,
    host: Option<String>,
    has_start: bool,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
    step: LogStep,
    /// Its server is asked, and has not answered.
    waits: bool,
    /// Since when; before that, since when it starts.
    since: Option<Timestamp>,
    /// A hash of what `authenticate` answered: nobody needs the ticket itself.
    ticket: Option<u64>,
    has_no_work: bool,
    failure: Option<RunFailure>,
    /// What failed was a request, which no later success makes good.
    is_refused_work: bool,
    /// Its end was seen.
    has_ended: bool,
    is_unlocked: bool,
    /// Presumably it was interrupted: the same application has started again, or its server was
    /// asked too long ago.
    is_given_up: bool,
    /// When it was active last, counted in records.
    active: u64,
}

/// Every change takes the offset of its record's line, counted from the beginning of the log.
impl Runs {
    /// A run begins. Those that should have heard from their servers long ago were interrupted.
    pub(super) fn start(&mut self, app: Option<String>, offset: u64, at: Option<Timestamp>) {
        self.since_failure = self.since_failure.map(|runs| runs.saturating_add(1));
        let silent = |run: &&mut OpenRun| run.has_waited_too_long(at);
        self.known.iter_mut().filter(silent).for_each(|run| run.is_given_up = true);
        self.change(None, offset, |run| {
            (run.app, run.has_start, run.started, run.since) = (app, true, at, at);
        });
    }

    /// The run that starts has the lock.
    pub(super) fn lock(&mut self, offset: u64) {
        let found = self.at_step(LogStep::Start);
        self.change(found, offset, |_| {});
        self.give_up_others(found);
    }

    /// The run that starts does not get the lock. That is nothing to tell of an application that is
    /// at work; otherwise a lock was left behind.
    pub(super) fn refuse(&mut self) {
        let Some(place) = self.last(|run| run.is_open() && run.has_start) else { return };
        let app = self.known.get(place).and_then(|run| run.app.as_ref());
        let is_at_work = self.known.iter().enumerate().any(|(other, run)| {
            other != place && run.is_open() && app.is_some() && run.app.as_ref() == app
        });
        if is_at_work {
            drop(self.known.remove(place));
        }
    }

    /// The run at this step is `app`'s, if the name is known.
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

    /// The application of a run that starts is at this host.
    pub(super) fn locate(&mut self, host: Option<String>, offset: u64) {
        let found = self.at_step(LogStep::Start);
        self.change(found, offset, |run| {
            // One that is further on is another application's.
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
            // The company file is unlocked and the connection closed even where there was no work.
            if step != LogStep::Close || run.step >= LogStep::Work {
                run.step = run.step.max(step);
            }
            // What names its ticket goes on.
            run.is_given_up = false;
        });
    }

    /// True while there is one run only, and it is at this step without a fault: no record can belong
    /// to another.
    pub(super) fn is_alone_at(&self, step: LogStep) -> bool {
        let is_there = |run: &OpenRun| run.step == step && run.is_open() && run.failure.is_none();
        self.known.len() == 1 && self.known.front().is_some_and(is_there)
    }

    /// QuickBooks has answered a request, so it was reached in the end.
    pub(super) fn work(&mut self, offset: u64) {
        if self.is_alone_at(LogStep::Work) {
            return;
        }
        let found = self.at_step(LogStep::Work);
        self.change(found, offset, |run| {
            run.step = run.step.max(LogStep::Work);
            run.failure = run.failure.take().filter(|_| run.is_refused_work);
        });
    }

    /// The server answers who is there.
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
                // The same step has more to say about it.
                Work::Refused => return run.fail(suspect::wrong_password()),
                Work::Something => {}
            }
            run.step = LogStep::Work;
        });
        self.give_up_others(found);
    }

    /// An error.
    pub(super) fn fail(
        &mut self,
        suspect: &Suspect,
        failure: RunFailure,
        offset: u64,
        at: Option<Timestamp>,
    ) {
        if suspect::is_summary(&failure) {
            return self.sum_up(failure, offset);
        }
        self.since_failure = Some(0);
        let found =
            self.by_ticket(suspect.said()).or_else(|| match (failure.cause, suspect.step) {
                (_, None) => self.last(OpenRun::is_open),
                (Cause::WrongPassword, _) => {
                    self.last(OpenRun::is_refused).or_else(|| self.first_waiting(at))
                }
                (_, Some(LogStep::Authenticate)) => self.first_waiting(at),
                (_, Some(LogStep::Start | LogStep::Work | LogStep::Close)) => None,
            });
        let found = found.or_else(|| suspect.step.and_then(|step| self.at_step(step)));
        self.change(found, offset, |run| {
            run.step = suspect.step.map_or(run.step, |step| run.step.max(step));
            run.waits &= suspect.step != Some(LogStep::Authenticate);
            run.is_refused_work |= suspect.is_of_request();
            run.fail(failure);
        });
    }

    /// An error that only says that there were some, perhaps after the end of the run that had it.
    fn sum_up(&mut self, failure: RunFailure, offset: u64) {
        if self.since_failure.is_none_or(|runs| runs >= MOST) {
            self.change(self.last(|_| true), offset, |run| run.fail(failure));
        }
    }

    /// Session or connection of a run end.
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
            // The lock alone says nothing about what was done under it.
            run.has_ended |= run.step >= LogStep::Work;
            (run.is_unlocked, run.ended) = (true, at);
        });
    }

    /// What can be told by now.
    pub(super) fn take_told(&mut self) -> Vec<Run> {
        mem::take(&mut self.told)
    }

    /// Tells all, because nothing follows.
    pub(super) fn finish(mut self) -> Vec<Run> {
        self.told.extend(self.known.drain(..).map(OpenRun::tell));
        self.told
    }

    /// Where the first run begins that is not told.
    pub(super) fn first_offset(&self) -> Option<u64> {
        self.known.front().map(|run| run.offset)
    }

    /// The run whose ticket is in the text. One that was given up may be it.
    fn by_ticket(&self, text: &[u8]) -> Option<usize> {
        let mut runs = self.known.iter().filter(|run| !run.is_unlocked);
        runs.nth(1)?;
        let ticket = hash(quoted(text, b"wcTicket=\"")?);
        self.last(|run| !run.is_unlocked && run.ticket == Some(ticket))
    }

    /// The run at a step: the one that was active last.
    fn at_step(&self, step: LogStep) -> Option<usize> {
        let can_be = |run: &OpenRun| run.is_open() && !(step == LogStep::Work && run.is_stopped());
        self.last(|run| can_be(run) && run.can_be_at(step))
            .or_else(|| self.last(can_be))
            // What is said when a connection closes may come after its unlock.
            .or_else(|| self.last(|_| step == LogStep::Close))
    }

    /// The run that has waited longest for its server's answer: those who ask in turns are answered
    /// in turns.
    fn first_waiting(&self, now: Option<Timestamp>) -> Option<usize> {
        let waits = |run: &OpenRun| run.is_open() && run.waits && !run.has_waited_too_long(now);
        let waiting = self.known.iter().enumerate().filter(|(_, run)| waits(run));
        waiting.min_by_key(|(_, run)| run.active).map(|(place, _)| place)
    }

    /// The other runs of the same application were interrupted, unless their tickets say that they
    /// are another Windows user's.
    fn give_up_others(&mut self, found: Option<usize>) {
        let Some(place) = found.filter(|_| self.known.len() > 1) else { return };
        let app = self.known.get(place).and_then(|run| run.app.clone());
        for (other, run) in self.known.iter_mut().enumerate() {
            run.is_given_up |= other != place && app.is_some() && run.app == app;
        }
        let is_lost = |run: &OpenRun| run.is_given_up && run.ticket.is_none();
        while self.known.front().is_some_and(is_lost) {
            self.told.extend(self.known.pop_front().map(OpenRun::tell));
        }
    }

    /// The place of the run that was active last among those wanted.
    fn last(&self, wanted: impl Fn(&OpenRun) -> bool) -> Option<usize> {
        let wanted = self.known.iter().enumerate().filter(|(_, run)| wanted(run));
        wanted.max_by_key(|(_, run)| run.active).map(|(place, _)| place)
    }

    /// Changes a run that is known, or one that becomes known by this.
    fn change(&mut self, found: Option<usize>, offset: u64, change: impl FnOnce(&mut OpenRun)) {
        self.clock = self.clock.wrapping_add(1);
        if let Some(run) = found.and_then(|found| self.known.get_mut(found)) {
            run.active = self.clock;
            return change(run);
        }
        let mut run = OpenRun::at(offset, self.clock);
        change(&mut run);
        self.tell_old();
        self.known.push_back(run);
    }

    /// Tells from the front what is over, and makes room for one more.
    fn tell_old(&mut self) {
        while self.known.len() >= MOST || self.known.front().is_some_and(|run| !run.is_open()) {
            self.told.extend(self.known.pop_front().map(OpenRun::tell));
        }
    }
}

impl OpenRun {
    const fn at(offset: u64, active: u64) -> Self {
        Self {
            offset,
            app: None,
            host: None,
            has_start: false,
            started: None,
            ended: None,
            step: LogStep::Start,
            waits: false,
            since: None,
            ticket: None,
            has_no_work: false,
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

    /// True for a run that has heard nothing of its server for longer than its calls can take.
    fn has_waited_too_long(&self, now: Option<Timestamp>) -> bool {
        let longest = if self.waits { LONGEST_WAIT } else { LONGEST_START };
        let since = self.since.zip(now).map(|(since, now)| now.duration_since(since));
        self.step <= LogStep::Authenticate && since.is_some_and(|since| since > longest)
    }

    /// True for a run that failed before it got any work. A part of one may have got it.
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
            Some(first) => suspect::both(first, failure),
            None => failure,
        });
    }

    fn tell(self) -> Run {
        let Self { app, host, started, ended, .. } = self;
        let outcome = match self.failure {
            Some(failure) => RunOutcome::Failed(failure),
            None if self.has_no_work => RunOutcome::OkNoWork,
            // What has no name has no beginning, and may have failed there.
            None if self.has_ended && app.is_some() => RunOutcome::Ok,
            None => RunOutcome::Incomplete,
        };
        Run { app, host, started, ended, outcome }
    }
}

fn hash(ticket: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    ticket.hash(&mut hasher);
    hasher.finish()
}

//! The runs that are not told yet, and which of them a record belongs to.
//!
//! Most records name nobody, and the runs of several Windows users are written into one file in
//! turns. So a record goes to the run whose ticket or application it names, else to the one that
//! was active last among those that can be at that step. A part of a run without its start is a run
//! too. Runs are told in the order of their starts, each as soon as nothing can be added to it.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use jiff::{SignedDuration, Timestamp};

use super::reading::{Step, Work, quoted};
use super::{Failure, Outcome, Run, suspect};
use crate::health::Cause;

/// More Web Connectors than this do not run at once on one computer; a run that is older than so
/// many later ones was interrupted.
const MOST: usize = 16;

/// Three calls, each of which .NET gives up after 100 seconds.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(300);

/// The runs that are not told yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    /// In the order of their starts.
    known: VecDeque<Known>,
    told: Vec<Run>,
    clock: u64,
}

/// What is known of one run.
#[derive(Clone, Debug)]
struct Known {
    /// Where in the log its first record stands.
    offset: u64,
    app: Option<String>,
    host: Option<String>,
    has_start: bool,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
    step: Step,
    /// A hash of what `authenticate` answered: nobody needs the ticket itself.
    ticket: Option<u64>,
    has_no_work: bool,
    failure: Option<Failure>,
    /// Its end was seen.
    has_ended: bool,
    /// It is unlocked, or the same application has started again.
    is_over: bool,
    /// When it was active last, counted in records.
    active: u64,
}

/// Every change takes the offset of its record's line, counted from the beginning of the log.
impl Runs {
    /// A run begins. One of the same application that is not over was interrupted, and so was one
    /// that has not got any work in all this time.
    pub(super) fn start(&mut self, app: String, offset: u64, at: Option<Timestamp>) {
        let same = |run: &&mut Known| run.app.as_ref() == Some(&app);
        self.known.iter_mut().filter(same).for_each(|run| run.is_over = true);
        let is_given_up = |run: &&mut Known| run.is_given_up(at);
        self.known.iter_mut().filter(is_given_up).for_each(|run| run.is_over = true);
        self.change(None, offset, |run| {
            run.app = Some(app);
            (run.has_start, run.started) = (true, at);
        });
    }

    /// The run at this step is `app`'s.
    pub(super) fn name(&mut self, app: String, step: Step, offset: u64) {
        let can_be = |run: &Known| !run.is_over && run.step <= step;
        let named = self.last(|run| can_be(run) && run.app.as_ref() == Some(&app));
        let found = named.or_else(|| self.last(|run| can_be(run) && run.app.is_none()));
        self.change(found, offset, |run| (run.app, run.step) = (Some(app), step));
    }

    /// The application of a run that starts is at this host.
    pub(super) fn locate(&mut self, host: Option<String>, offset: u64) {
        let found = self.at_step(Step::Start, b"");
        self.change(found, offset, |run| {
            // One that is further on is another application's.
            if run.step == Step::Start {
                run.host = host;
            }
        });
    }

    /// A record of a run at this step, which may name its ticket.
    pub(super) fn reach(&mut self, step: Step, text: &[u8], offset: u64) {
        if self.is_alone_at(step) {
            return;
        }
        let found = self.at_step(step, text);
        self.change(found, offset, |run| run.step = run.step.max(step));
    }

    /// True while there is one run only, and it is at this step: no record can belong to another.
    pub(super) fn is_alone_at(&self, step: Step) -> bool {
        let is_there = |run: &Known| run.step == step && !run.is_over;
        self.known.len() == 1 && self.known.front().is_some_and(is_there)
    }

    /// The server answers who is there.
    pub(super) fn answer(&mut self, ticket: &[u8], work: Work, offset: u64) {
        let found = self.first_waiting().or_else(|| self.at_step(Step::Authenticate, b""));
        self.change(found, offset, |run| {
            run.ticket = (!ticket.is_empty()).then(|| hash(ticket));
            match work {
                Work::Nothing => run.has_no_work = true,
                // The same step has more to say about it.
                Work::Refused => return run.fail(suspect::wrong_password()),
                Work::Something => {}
            }
            run.step = Step::Work;
        });
    }

    /// An error of the run at this step.
    pub(super) fn fail(&mut self, step: Step, failure: Failure, offset: u64) {
        let found = match (failure.cause, step) {
            // It may come after the end of the run that it sums up.
            _ if suspect::is_summary(&failure) => self.last(|_| true),
            (Cause::WrongPassword, _) => {
                self.last(Known::is_refused).or_else(|| self.first_waiting())
            }
            (_, Step::Authenticate) => self.first_waiting(),
            (_, Step::Start | Step::Work | Step::Close) => None,
        };
        let found = found.or_else(|| self.at_step(step, b""));
        self.change(found, offset, |run| run.fail(failure));
    }

    /// Session or connection of a run end.
    pub(super) fn end(&mut self, offset: u64, at: Option<Timestamp>) {
        let found = self.at_step(Step::Close, b"");
        self.change(found, offset, |run| {
            (run.step, run.has_ended, run.ended) = (Step::Close, true, at);
        });
    }

    /// A run is over.
    pub(super) fn unlock(&mut self, offset: u64, at: Option<Timestamp>) {
        let done = self.last(|run| !run.is_over && run.expects_unlock());
        let found = done.or_else(|| self.last(|run| !run.is_over));
        self.change(found, offset, |run| {
            // The lock alone says nothing about what was done under it.
            run.has_ended |= run.has_start || run.step > Step::Start;
            (run.is_over, run.ended) = (true, at);
        });
    }

    /// What can be told by now.
    pub(super) fn take_told(&mut self) -> Vec<Run> {
        mem::take(&mut self.told)
    }

    /// Tells all, because nothing follows.
    pub(super) fn finish(mut self) -> Vec<Run> {
        self.told.extend(self.known.drain(..).map(Known::tell));
        self.told
    }

    /// Where the first run begins that is not told.
    pub(super) fn first_offset(&self) -> Option<u64> {
        self.known.front().map(|run| run.offset)
    }

    /// The run at a step: by the ticket in the text, else the one that was active last.
    fn at_step(&self, step: Step, text: &[u8]) -> Option<usize> {
        let open = |run: &Known| !run.is_over;
        let by_ticket = self.is_crowded().then(|| quoted(text, b"wcTicket=\"").map(hash)).flatten();
        by_ticket
            .and_then(|ticket| self.last(|run| open(run) && run.ticket == Some(ticket)))
            .or_else(|| self.last(|run| open(run) && run.can_be_at(step)))
            .or_else(|| self.last(open))
            // What is said when a connection closes may come after its unlock.
            .or_else(|| self.last(|_| step == Step::Close))
    }

    /// The run that has waited longest for its server's answer: those who ask in turns are answered
    /// in turns.
    fn first_waiting(&self) -> Option<usize> {
        let waits =
            |run: &Known| !run.is_over && run.step == Step::Authenticate && run.failure.is_none();
        let waiting = self.known.iter().enumerate().filter(|(_, run)| waits(run));
        waiting.min_by_key(|(_, run)| run.active).map(|(place, _)| place)
    }

    fn is_crowded(&self) -> bool {
        self.known.iter().filter(|run| !run.is_over).nth(1).is_some()
    }

    /// The place of the run that was active last among those wanted.
    fn last(&self, wanted: impl Fn(&Known) -> bool) -> Option<usize> {
        let wanted = self.known.iter().enumerate().filter(|(_, run)| wanted(run));
        wanted.max_by_key(|(_, run)| run.active).map(|(place, _)| place)
    }

    /// Changes a run that is known, or one that becomes known by this.
    fn change(&mut self, found: Option<usize>, offset: u64, change: impl FnOnce(&mut Known)) {
        self.clock = self.clock.wrapping_add(1);
        if let Some(run) = found.and_then(|found| self.known.get_mut(found)) {
            run.active = self.clock;
            return change(run);
        }
        let mut run = Known::at(offset, self.clock);
        change(&mut run);
        self.tell_old();
        self.known.push_back(run);
    }

    /// Tells from the front what is over, and makes room for one more.
    fn tell_old(&mut self) {
        while self.known.len() >= MOST || self.known.front().is_some_and(|run| run.is_over) {
            self.told.extend(self.known.pop_front().map(Known::tell));
        }
    }
}

impl Known {
    const fn at(offset: u64, active: u64) -> Self {
        Self {
            offset,
            app: None,
            host: None,
            has_start: false,
            started: None,
            ended: None,
            step: Step::Start,
            ticket: None,
            has_no_work: false,
            failure: None,
            has_ended: false,
            is_over: false,
            active,
        }
    }

    fn can_be_at(&self, step: Step) -> bool {
        self.step == step || (step == Step::Close && self.step == Step::Work)
    }

    /// True for a run that had no answer for longer than the three calls to its server can take.
    fn is_given_up(&self, now: Option<Timestamp>) -> bool {
        let since = self.started.zip(now).map(|(started, now)| now.duration_since(started));
        self.step <= Step::Authenticate && since.is_some_and(|since| since > LONGEST_WAIT)
    }

    fn is_refused(&self) -> bool {
        let failed = |failure: &Failure| failure.cause == Cause::WrongPassword;
        !self.is_over && self.failure.as_ref().is_some_and(failed)
    }

    fn expects_unlock(&self) -> bool {
        self.has_ended || self.has_no_work || self.failure.is_some()
    }

    fn fail(&mut self, failure: Failure) {
        self.failure = Some(match self.failure.take() {
            Some(first) => suspect::both(first, failure),
            None => failure,
        });
    }

    fn tell(self) -> Run {
        let Self { app, host, started, ended, .. } = self;
        let outcome = match self.failure {
            Some(failure) => Outcome::Failed(failure),
            None if self.has_no_work => Outcome::OkNoWork,
            None if self.has_ended => Outcome::Ok,
            None => Outcome::Incomplete,
        };
        Run { app, host, started, ended, outcome }
    }
}

fn hash(ticket: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    ticket.hash(&mut hasher);
    hasher.finish()
}

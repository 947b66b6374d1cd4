//! When backends and providers are asked, and what their answers do.

use std::collections::{BTreeMap, BTreeSet};

use deskside_health::failing_applications;
use deskside_model::connection::Device;
use deskside_model::evidence::{Fault, Finding, Reachability, RemoteStatus};
use deskside_model::exchange::{ConnectionReport, Source, Target};
use deskside_model::link::{LinkAttempt, Provider};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Companion;
use super::known::Connections;
use crate::given::Context;
use crate::input::Effect;

/// Between passive questions while nothing happens. A passive question costs the one who is asked
/// next to nothing and reaches into nobody's QuickBooks.
const USUALLY: SignedDuration = SignedDuration::from_mins(1);
/// Between passive questions to Codat, which counts them: its day has about a thousand for each
/// company. Source: Codat's documentation, "rate limits".
const USUALLY_TO_CODAT: SignedDuration = SignedDuration::from_mins(15);
/// While the user is in the browser and waits for us to notice: at first, then after two minutes, and
/// after a quarter of an hour.
const WHILE_A_LINK_IS_OUT: [(SignedDuration, SignedDuration); 3] = [
    (SignedDuration::from_mins(2), SignedDuration::from_secs(4)),
    (SignedDuration::from_mins(15), SignedDuration::from_secs(15)),
    (SignedDuration::MAX, SignedDuration::from_mins(1)),
];
/// The first pause after a failure; it doubles.
const AFTER_A_FAILURE: SignedDuration = SignedDuration::from_secs(4);
/// Between two questions to the same one, however often somebody wants to know.
const AT_LEAST: SignedDuration = SignedDuration::from_secs(2);
/// After a refused credential: seldom, only to notice that it counts again.
const AFTER_A_REFUSAL: SignedDuration = SignedDuration::from_mins(15);
/// The longest pause while nobody answers.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Between two looks at the way to a host that does not answer.
const WALK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// Whom to ask when.
#[derive(Debug, Default)]
pub(super) struct Polls {
    by_source: BTreeMap<Source, Poll>,
}

#[derive(Debug)]
struct Poll {
    next: Timestamp,
    asked_at: Timestamp,
    /// The one who is asked wants to be left alone until then.
    not_before: Timestamp,
    in_flight: bool,
    /// Asked to ask again while a question was under way.
    again: bool,
    /// Something was changed there while a question was under way: its answer may be from before.
    outdated: bool,
    failures: u32,
}

impl Polls {
    /// Ask everybody at the next opportunity that they leave.
    pub(super) fn soon(&mut self, now: Timestamp) {
        self.soon_where(now, |_| true);
    }

    fn soon_where(&mut self, now: Timestamp, is_meant: impl Fn(&Source) -> bool) {
        for (_, poll) in self.by_source.iter_mut().filter(|(source, _)| is_meant(source)) {
            let earliest = poll.asked_at.saturating_add(AT_LEAST).unwrap_or(now);
            poll.next = poll.next.min(earliest.max(now).max(poll.not_before));
            poll.again = poll.in_flight;
        }
    }

    /// Something was changed at one of them: what is answered to a question from before is not news.
    pub(super) fn outdate(&mut self, source: &Source) {
        if let Some(poll) = self.by_source.get_mut(source) {
            poll.outdated = poll.in_flight;
        }
    }

    fn take_outdated(&mut self, source: &Source) -> bool {
        let poll = self.by_source.get_mut(source);
        poll.is_some_and(|poll| std::mem::take(&mut poll.outdated))
    }

    /// Those whose last answer was a failure.
    fn failing(&self) -> impl Iterator<Item = &Source> {
        self.by_source.iter().filter(|(_, poll)| poll.failures > 0).map(|(source, _)| source)
    }

    pub(super) fn next(&self) -> Option<Timestamp> {
        self.by_source.values().filter(|poll| !poll.in_flight).map(|poll| poll.next).min()
    }
}

impl Companion {
    /// Something has changed on this computer: asks everybody soon whom that costs nothing.
    pub(super) fn ask_after_a_change(&mut self, now: Timestamp) {
        let known = &self.known;
        self.polls.soon_where(now, |source| !is_counted(known, source));
    }

    /// Asks whoever is due.
    pub(super) fn poll(&mut self, given: &mut Context, effects: &mut Vec<Effect>) {
        let now = given.now;
        let sources = self.known.sources();
        self.polls.by_source.retain(|source, _| sources.contains(source));
        for source in sources {
            let poll = self.polls.by_source.entry(source.clone()).or_insert(Poll {
                next: now,
                asked_at: Timestamp::MIN,
                not_before: Timestamp::MIN,
                in_flight: false,
                again: false,
                outdated: false,
                failures: 0,
            });
            if poll.in_flight || poll.next > now {
                continue;
            }
            if let Some(asked) = self.whom(&source) {
                effects.push(Effect::AskStatus(asked));
                if let Some(poll) = self.polls.by_source.get_mut(&source) {
                    poll.in_flight = true;
                    poll.asked_at = now;
                }
            }
        }
        for device in &self.known.saved.leaving {
            if self.reports.try_leaving(now, &device.id) {
                effects.push(Effect::Leave(device.clone()));
            }
        }
    }

    pub(super) fn whom(&self, source: &Source) -> Option<Target> {
        match source {
            Source::Backend(device) => self.known.device(device).cloned().map(Target::Backend),
            Source::Direct(id) => self.known.asked(self.known.connection(id)?),
        }
    }

    /// Looks for the step that fails on the way to somebody who does not answer, now and then; once
    /// they answer, what was found is history.
    fn walk_the_way(
        &mut self,
        now: Timestamp,
        source: &Source,
        fault: Option<Fault>,
        effects: &mut Vec<Effect>,
    ) {
        let Some((host, url)) = self.known.address(source) else { return };
        match fault {
            Some(Fault::Unreachable | Fault::Unusable) => self.walk(now, host, url, effects),
            Some(Fault::Rejected | Fault::NoCredential) | None => self.arrived(&host),
        }
    }

    fn walk(&mut self, now: Timestamp, host: String, url: Url, effects: &mut Vec<Effect>) {
        let walked = self.walked.get(&host);
        if walked.is_none_or(|then| now.duration_since(*then).abs() >= WALK_AGAIN) {
            self.walked.insert(host.clone(), now);
            effects.push(Effect::Reach { host, url });
        }
    }

    /// Forgets what stood in the way to a host that has answered. That it answers may still be asked
    /// for, about an application behind the same host.
    fn arrived(&mut self, host: &str) {
        let is_asked_for = self.failing_applications().contains_key(host);
        if !is_asked_for {
            self.walked.remove(host);
        }
        let stays =
            |reach: &Reachability| reach.host != host || is_asked_for && reach.is_answered();
        self.machine.reach.retain(stays);
    }

    /// Looks at the way to each application whose newest run failed on it. Without a network there
    /// is nothing to learn.
    pub(super) fn walk_to_applications(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.machine.network == Finding::Absent {
            return;
        }
        for (host, url) in self.failing_applications() {
            self.walk(now, host, url, effects);
        }
    }

    /// Forgets the ways to those who have nothing to do with any trouble.
    pub(super) fn forget_ways(&mut self) {
        let mut wanted: BTreeSet<String> = self.failing_applications().into_keys().collect();
        let failing = self.polls.failing();
        wanted
            .extend(failing.filter_map(|source| self.known.address(source)).map(|(host, _)| host));
        self.walked.retain(|host, _| wanted.contains(host));
        self.machine.reach.retain(|reach| wanted.contains(&reach.host));
    }

    fn failing_applications(&self) -> BTreeMap<String, Url> {
        failing_applications(
            &self.machine,
            &self.known.evidence(&self.machine),
            &self.setting.trust,
        )
    }

    pub(super) fn reached(&mut self, reach: Reachability) {
        self.looked_ahead(&reach);
        self.machine.reach.retain(|known| known.host != reach.host);
        // One who has answered in the meantime can be reached.
        if self.walked.contains_key(&reach.host) {
            self.machine.reach.push(reach);
        }
    }

    pub(super) fn status_told(
        &mut self,
        given: &mut Context,
        source: &Source,
        answer: Result<Vec<ConnectionReport>, Fault>,
        not_before: Option<SignedDuration>,
        effects: &mut Vec<Effect>,
    ) {
        let now = given.now;
        let fault = answer.as_ref().err().copied();
        self.walk_the_way(now, source, fault, effects);
        let is_outdated = self.polls.take_outdated(source);
        match (answer, source) {
            (Ok(_), _) if is_outdated => {}
            (Ok(told), Source::Backend(device)) => {
                // One that this computer has left in the meantime has nothing to say.
                if self.known.device(device).is_some() {
                    self.known.told_by_backend(device, told, now);
                }
            }
            (Ok(told), Source::Direct(_)) => {
                for one in told {
                    if let Some(connection) = self.known.connection_mut(&one.id) {
                        connection.company = one.company;
                    }
                    self.known.told(&one.id, one.status, now);
                }
            }
            (Err(fault), Source::Backend(_) | Source::Direct(_)) => {
                self.failed(source, fault, now);
            }
        }
        if let Source::Backend(id) = source
            && let Some(device) = self.known.device_mut(id)
        {
            match fault {
                None => device.rejected = false,
                Some(Fault::Rejected) => device.rejected = true,
                Some(Fault::Unreachable | Fault::Unusable | Fault::NoCredential) => {}
            }
            // Whoever answers questions and refuses reports has refused.
            if fault.is_none() && device.reports_refused {
                self.failed(source, Fault::Rejected, now);
            }
        }
        self.plan_next(given, source, fault, not_before.unwrap_or_default());
    }

    fn failed(&mut self, source: &Source, fault: Fault, now: Timestamp) {
        for id in self.known.of(source) {
            if let Some(state) = self.known.state_mut(&id) {
                state.remote.failed(fault, now);
            }
        }
    }

    /// How long until somebody is asked again who has answered.
    fn usual_pause(&self, now: Timestamp, source: &Source) -> SignedDuration {
        let connections = self.known.of(source);
        let connections = connections.iter().filter_map(|id| self.known.connection(id));
        let out = connections.filter_map(|known| known.link.as_ref());
        let newest = out.filter(|life| life.out_until().is_some()).map(LinkAttempt::since).max();
        let Some(since) = newest else {
            return match source {
                source if is_counted(&self.known, source) => USUALLY_TO_CODAT,
                Source::Direct(_) | Source::Backend(_) => USUALLY,
            };
        };
        let age = now.duration_since(since);
        let row = WHILE_A_LINK_IS_OUT.into_iter().find(|(until, _)| age < *until);
        row.map_or(USUALLY, |(_, pause)| pause)
    }

    fn plan_next(
        &mut self,
        given: &mut Context,
        source: &Source,
        fault: Option<Fault>,
        not_before: SignedDuration,
    ) {
        let usual = self.usual_pause(given.now, source);
        let spread = 0.9 + 0.2 * given.fraction();
        let Some(poll) = self.polls.by_source.get_mut(source) else { return };
        poll.failures = if fault.is_some() { poll.failures.saturating_add(1) } else { 0 };
        let pause = match fault {
            Some(Fault::Rejected) => AFTER_A_REFUSAL,
            Some(Fault::Unreachable | Fault::Unusable | Fault::NoCredential) => {
                LONGEST_PAUSE.min(AFTER_A_FAILURE * 2_i32.saturating_pow(poll.failures.min(10)))
            }
            None => usual,
        };
        poll.in_flight = false;
        let asked_again = std::mem::take(&mut poll.again);
        let pause = if asked_again { AT_LEAST } else { pause.mul_f64(spread) };
        let after = |pause| given.now.saturating_add(pause).unwrap_or(given.now);
        poll.not_before = after(not_before);
        poll.next = after(pause).max(poll.not_before);
    }

    /// An active check: only on the user's click.
    pub(super) fn check(&mut self, id: &str, effects: &mut Vec<Effect>) {
        if let Some((asked, connection)) = self.begin(id) {
            effects.push(Effect::Check(asked, connection));
        }
    }

    pub(super) fn checked(
        &mut self,
        now: Timestamp,
        id: &str,
        answer: Result<RemoteStatus, Fault>,
    ) {
        self.end(id);
        match answer {
            Ok(status) => self.known.told(id, status, now),
            Err(fault) => {
                if let Some(state) = self.known.state_mut(id) {
                    state.remote.failed(fault, now);
                }
            }
        }
    }

    /// A backend refused our reports: the same as refusing our questions.
    pub(super) fn device_refused(&mut self, now: Timestamp, id: &str) {
        if let Some(device) = self.known.device_mut(id) {
            device.rejected = true;
            device.reports_refused = true;
        }
        self.failed(&Source::Backend(id.to_owned()), Fault::Rejected, now);
    }

    /// Leaves a backend: gone from the screen at once, and told to the backend until it hears.
    pub(super) fn leave(&mut self, device: Device, effects: &mut Vec<Effect>) {
        for id in self.known.of(&Source::Backend(device.id.clone())) {
            self.known.remove(&id);
        }
        self.known.saved.devices.retain(|known| known.id != device.id);
        self.reports.forget(&device.id);
        effects.push(Effect::Leave(device.clone()));
        self.known.saved.leaving.push(device);
    }

    pub(super) fn left(&mut self, now: Timestamp, id: &str, done: bool) {
        if done {
            self.known.saved.leaving.retain(|device| device.id != id);
            self.reports.has_left(id);
        } else {
            self.reports.leave_later(now, id);
        }
    }
}

/// Questions to Codat itself are counted.
fn is_counted(known: &Connections, source: &Source) -> bool {
    match source {
        Source::Direct(id) => {
            known.connection(id).is_some_and(|known| known.provider == Some(Provider::Codat))
        }
        Source::Backend(_) => false,
    }
}

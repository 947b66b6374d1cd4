//! When backends and providers are polled, and what their answers change.

use std::collections::{BTreeMap, BTreeSet};

use deskside_health::failing_applications;
use deskside_model::evidence::{Fault, Finding, Reachability};
use deskside_model::exchange::{ConnectionReport, Source, Target};
use deskside_model::link::{LinkAttempt, Provider};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Companion;
use super::connections::Connections;
use crate::context::Context;
use crate::input::Effect;

/// Between polls while nothing happens. A poll costs its source next to nothing and does not reach
/// into QuickBooks.
const USUAL_PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// Between polls of Codat, which limits them to about a thousand a day for each company. Source:
/// Codat's documentation, "rate limits".
const CODAT_PAUSE: SignedDuration = SignedDuration::from_mins(15);
/// Between polls while a link is open in the browser, by the age of the link: the user waits for the
/// result.
const OPEN_LINK_PAUSES: [(SignedDuration, SignedDuration); 3] = [
    (SignedDuration::from_mins(2), SignedDuration::from_secs(4)),
    (SignedDuration::from_mins(15), SignedDuration::from_secs(15)),
    (SignedDuration::MAX, SignedDuration::from_mins(1)),
];
/// The first pause after a failure; it doubles.
const FIRST_FAILURE_PAUSE: SignedDuration = SignedDuration::from_secs(4);
/// Between two polls of one source, however often the user asks.
const SHORTEST_PAUSE: SignedDuration = SignedDuration::from_secs(2);
/// After a rejected credential: rarely, only to notice that it is accepted again.
const REJECTED_PAUSE: SignedDuration = SignedDuration::from_mins(15);
/// The longest pause while a source does not answer.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// When each source is polled.
#[derive(Debug, Default)]
pub(super) struct Polling {
    by_source: BTreeMap<Source, Poll>,
}

#[derive(Debug)]
struct Poll {
    next: Timestamp,
    asked_at: Timestamp,
    /// The source allows no poll before.
    not_before: Timestamp,
    in_flight: bool,
    /// Another poll was wanted while this one was under way.
    again: bool,
    /// A change was made at the source while a poll was under way: the answer may not include it.
    outdated: bool,
    failures: u32,
}

impl Polling {
    /// Polls every source as soon as it allows.
    pub(super) fn soon(&mut self, now: Timestamp) {
        self.soon_where(now, |_| true);
    }

    fn soon_where(&mut self, now: Timestamp, is_meant: impl Fn(&Source) -> bool) {
        for (_, poll) in self.by_source.iter_mut().filter(|(source, _)| is_meant(source)) {
            let earliest = poll.asked_at.saturating_add(SHORTEST_PAUSE).unwrap_or(now);
            poll.next = poll.next.min(earliest.max(now).max(poll.not_before));
            poll.again = poll.in_flight;
        }
    }

    /// Marks an answer that is under way as outdated: a change was made at its source.
    pub(super) fn outdate(&mut self, source: &Source) {
        if let Some(poll) = self.by_source.get_mut(source) {
            poll.outdated = poll.in_flight;
        }
    }

    fn take_outdated(&mut self, source: &Source) -> bool {
        let poll = self.by_source.get_mut(source);
        poll.is_some_and(|poll| std::mem::take(&mut poll.outdated))
    }

    /// The sources whose last poll failed.
    fn failing(&self) -> impl Iterator<Item = &Source> {
        self.by_source.iter().filter(|(_, poll)| poll.failures > 0).map(|(source, _)| source)
    }

    pub(super) fn next(&self) -> Option<Timestamp> {
        self.by_source.values().filter(|poll| !poll.in_flight).map(|poll| poll.next).min()
    }

    /// Those of the sources that are due. The others that it knows are gone.
    fn due(&mut self, now: Timestamp, sources: Vec<Source>) -> Vec<Source> {
        self.by_source.retain(|source, _| sources.contains(source));
        let is_due = |source: &Source| {
            let poll = self.by_source.entry(source.clone()).or_insert_with(|| Poll::due(now));
            !poll.in_flight && poll.next <= now
        };
        sources.into_iter().filter(is_due).collect()
    }

    /// A source was asked.
    fn asked(&mut self, now: Timestamp, source: &Source) {
        if let Some(poll) = self.by_source.get_mut(source) {
            poll.in_flight = true;
            poll.asked_at = now;
        }
    }

    /// Plans the next poll of a source that has answered, by `fault`, or after the `usual` pause.
    /// `spread` stretches the pause; the source allows none before `not_before` has passed.
    fn answered(
        &mut self,
        now: Timestamp,
        source: &Source,
        fault: Option<Fault>,
        (usual, spread): (SignedDuration, f64),
        not_before: SignedDuration,
    ) {
        let Some(poll) = self.by_source.get_mut(source) else { return };
        poll.failures = if fault.is_some() { poll.failures.saturating_add(1) } else { 0 };
        let pause = match fault {
            Some(Fault::Rejected) => REJECTED_PAUSE,
            Some(Fault::Unreachable | Fault::Unusable | Fault::NoCredential) => {
                LONGEST_PAUSE.min(FIRST_FAILURE_PAUSE * 2_i32.saturating_pow(poll.failures.min(10)))
            }
            None => usual,
        };
        poll.in_flight = false;
        let pause =
            if std::mem::take(&mut poll.again) { SHORTEST_PAUSE } else { pause.mul_f64(spread) };
        let after = |pause| now.saturating_add(pause).unwrap_or(now);
        poll.not_before = after(not_before);
        poll.next = after(pause).max(poll.not_before);
    }
}

impl Poll {
    const fn due(now: Timestamp) -> Self {
        Self {
            next: now,
            asked_at: Timestamp::MIN,
            not_before: Timestamp::MIN,
            in_flight: false,
            again: false,
            outdated: false,
            failures: 0,
        }
    }
}

impl Companion {
    /// Polls soon after a change on this computer, except the sources that limit polls.
    pub(super) fn poll_after_change(&mut self, now: Timestamp) {
        let connections = &self.connections;
        self.polling.soon_where(now, |source| !is_limited(connections, source));
    }

    /// Asks every source that is due.
    pub(super) fn poll(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        for source in self.polling.due(now, self.connections.sources()) {
            if let Some(target) = self.target_of(&source) {
                self.polling.asked(now, &source);
                effects.push(Effect::AskStatus(target));
            }
        }
    }

    pub(super) fn target_of(&self, source: &Source) -> Option<Target> {
        match source {
            Source::Backend(device) => {
                self.connections.device(device).cloned().map(Target::Backend)
            }
            Source::Direct(id) => self.connections.asked(self.connections.connection(id)?),
        }
    }

    /// Probes the host of a source that does not answer; drops the probe's result once it does.
    fn probe_source(
        &mut self,
        now: Timestamp,
        source: &Source,
        fault: Option<Fault>,
        effects: &mut Vec<Effect>,
    ) {
        let Some((host, url)) = self.connections.address(source) else { return };
        match fault {
            Some(Fault::Unreachable | Fault::Unusable) => {
                effects.extend(self.host_probes.probe_failing(now, host, url));
            }
            Some(Fault::Rejected | Fault::NoCredential) | None => self.host_answered(&host),
        }
    }

    /// Drops what was found wrong on the path to a host that has answered. That it answers still
    /// matters to an application of the same host that fails.
    fn host_answered(&mut self, host: &str) {
        let is_asked_for = self.failing_applications().contains_key(host);
        if !is_asked_for {
            self.host_probes.answered(host);
        }
        let stays =
            |reach: &Reachability| reach.host != host || is_asked_for && reach.is_answered();
        self.machine.reach.retain(stays);
    }

    /// Probes the host of each application whose newest run failed to reach it. Without a network a
    /// probe shows nothing.
    pub(super) fn probe_applications(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.machine.network == Finding::Absent {
            return;
        }
        for (host, url) in self.failing_applications() {
            effects.extend(self.host_probes.probe_failing(now, host, url));
        }
    }

    /// Drops the probes of hosts that no failure is about.
    pub(super) fn drop_idle_probes(&mut self) {
        let mut wanted: BTreeSet<String> = self.failing_applications().into_keys().collect();
        let failing = self.polling.failing();
        wanted.extend(
            failing.filter_map(|source| self.connections.address(source)).map(|(host, _)| host),
        );
        self.host_probes.retain_failing(&wanted);
        self.machine.reach.retain(|reach| wanted.contains(&reach.host));
    }

    fn failing_applications(&self) -> BTreeMap<String, Url> {
        failing_applications(
            &self.machine,
            &self.connections.evidence(&self.machine),
            &self.installation.trust,
        )
    }

    pub(super) fn reached(&mut self, reach: Reachability) {
        let explains_failure = self.host_probes.handle_result(&reach);
        self.machine.reach.retain(|known| known.host != reach.host);
        if explains_failure {
            self.machine.reach.push(reach);
        }
    }

    pub(super) fn status_told(
        &mut self,
        context: &mut Context,
        source: &Source,
        answer: Result<Vec<ConnectionReport>, Fault>,
        not_before: Option<SignedDuration>,
        effects: &mut Vec<Effect>,
    ) {
        let now = context.now;
        let fault = answer.as_ref().err().copied();
        self.probe_source(now, source, fault, effects);
        let is_outdated = self.polling.take_outdated(source);
        match (answer, source) {
            (Ok(_), _) if is_outdated => {}
            (Ok(told), Source::Backend(device)) => {
                // This computer may have left it in the meantime.
                if self.connections.device(device).is_some() {
                    self.connections.told_by_backend(device, told, now);
                }
            }
            (Ok(told), Source::Direct(_)) => {
                for one in told {
                    if let Some(connection) = self.connections.connection_mut(&one.id) {
                        connection.company = one.company;
                    }
                    self.connections.told(&one.id, one.status, now);
                }
            }
            (Err(fault), Source::Backend(_) | Source::Direct(_)) => {
                self.failed(source, fault, now);
            }
        }
        if let Source::Backend(id) = source
            && let Some(device) = self.connections.device_mut(id)
        {
            match fault {
                None => device.rejected = false,
                Some(Fault::Rejected) => device.rejected = true,
                Some(Fault::Unreachable | Fault::Unusable | Fault::NoCredential) => {}
            }
            // A backend that answers polls but refuses reports still rejects this computer.
            if fault.is_none() && device.reports_refused {
                self.failed(source, Fault::Rejected, now);
            }
        }
        let usual = self.usual_pause(now, source);
        let spread = 0.9 + 0.2 * context.fraction();
        let not_before = not_before.unwrap_or_default();
        self.polling.answered(now, source, fault, (usual, spread), not_before);
    }

    fn failed(&mut self, source: &Source, fault: Fault, now: Timestamp) {
        for id in self.connections.of(source) {
            if let Some(state) = self.connections.state_mut(&id) {
                state.remote.failed(fault, now);
            }
        }
    }

    /// The pause after a source has answered.
    fn usual_pause(&self, now: Timestamp, source: &Source) -> SignedDuration {
        let connections = self.connections.of(source);
        let connections = connections.iter().filter_map(|id| self.connections.connection(id));
        let out = connections.filter_map(|known| known.link.as_ref());
        let newest =
            out.filter(|attempt| attempt.out_until().is_some()).map(LinkAttempt::since).max();
        let Some(since) = newest else {
            return match source {
                source if is_limited(&self.connections, source) => CODAT_PAUSE,
                Source::Direct(_) | Source::Backend(_) => USUAL_PAUSE,
            };
        };
        let age = now.duration_since(since);
        let row = OPEN_LINK_PAUSES.into_iter().find(|(until, _)| age < *until);
        row.map_or(USUAL_PAUSE, |(_, pause)| pause)
    }

    /// A backend refused a report: the same as rejecting a poll.
    pub(super) fn device_refused(&mut self, now: Timestamp, id: &str) {
        if let Some(device) = self.connections.device_mut(id) {
            device.rejected = true;
            device.reports_refused = true;
        }
        self.failed(&Source::Backend(id.to_owned()), Fault::Rejected, now);
    }
}

/// True for a source that limits polls, which is Codat itself.
fn is_limited(known: &Connections, source: &Source) -> bool {
    match source {
        Source::Direct(id) => {
            known.connection(id).is_some_and(|known| known.provider == Some(Provider::Codat))
        }
        Source::Backend(_) => false,
    }
}

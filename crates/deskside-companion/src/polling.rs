//! When backends and providers are polled.

use std::collections::BTreeMap;

use deskside_model::evidence::Fault;
use deskside_model::exchange::{ConnectionReport, Source};
use deskside_model::link::{LinkAttempt, Provider};
use jiff::{SignedDuration, Timestamp};

use super::connections::Connections;
use crate::backoff::{Backoff, Jitter};
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
/// The pauses while a source does not answer.
const BACKOFF: Backoff = Backoff {
    first: SignedDuration::from_secs(8),
    factor: 2,
    longest: SignedDuration::from_mins(5),
    jitter: Jitter::Slight,
};
/// Between two polls of one source, however often the user asks.
const SHORTEST_PAUSE: SignedDuration = SignedDuration::from_secs(2);
/// After a rejected credential: rarely, only to notice that it is accepted again.
const REJECTED_PAUSE: SignedDuration = SignedDuration::from_mins(15);

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

    /// Polls soon after a change on this computer, except the sources that limit polls.
    pub(super) fn soon_after_change(&mut self, now: Timestamp, connections: &Connections) {
        self.soon_where(now, |source| !is_limited(connections, source));
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
    pub(super) fn failing(&self) -> impl Iterator<Item = &Source> {
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

    /// Asks every source that is due.
    pub(super) fn handle_time(&mut self, now: Timestamp, connections: &Connections) -> Vec<Effect> {
        let due = self.due(now, connections.sources());
        let ask = |source: Source| {
            let target = connections.target_of(&source)?;
            self.asked(now, &source);
            Some(Effect::AskStatus(target))
        };
        due.into_iter().filter_map(ask).collect()
    }

    /// Takes in what a source says of its connections. It allows no poll before `not_before` has
    /// passed.
    pub(super) fn handle_status(
        &mut self,
        context: &mut Context,
        source: &Source,
        answer: Result<Vec<ConnectionReport>, Fault>,
        not_before: Option<SignedDuration>,
        connections: &mut Connections,
    ) {
        let now = context.now;
        let fault = answer.as_ref().err().copied();
        let is_outdated = self.take_outdated(source);
        match answer {
            Ok(_) if is_outdated => {}
            Ok(told) => connections.handle_reports(now, source, told),
            Err(fault) => connections.failed(source, fault, now),
        }
        if let Source::Backend(id) = source {
            connections.handle_poll(now, id, fault);
        }
        let usual = usual_pause(now, source, connections);
        let not_before = not_before.unwrap_or_default();
        self.answered(now, source, fault, (usual, context.fraction()), not_before);
    }

    /// Plans the next poll of a source that has answered, by `fault`, or after the `usual` pause.
    /// `chance` is from 0 to 1; the source allows no poll before `not_before` has passed.
    fn answered(
        &mut self,
        now: Timestamp,
        source: &Source,
        fault: Option<Fault>,
        (usual, chance): (SignedDuration, f64),
        not_before: SignedDuration,
    ) {
        let Some(poll) = self.by_source.get_mut(source) else { return };
        let pause = match fault {
            Some(Fault::Rejected) => Jitter::Slight.spread(REJECTED_PAUSE, chance),
            Some(Fault::Unreachable | Fault::Unusable | Fault::NoCredential) => {
                BACKOFF.pause(poll.failures, chance)
            }
            None => Jitter::Slight.spread(usual, chance),
        };
        poll.failures = if fault.is_some() { poll.failures.saturating_add(1) } else { 0 };
        poll.in_flight = false;
        let pause = if std::mem::take(&mut poll.again) { SHORTEST_PAUSE } else { pause };
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

/// The pause after a source has answered.
fn usual_pause(now: Timestamp, source: &Source, connections: &Connections) -> SignedDuration {
    let known = connections.of(source);
    let known = known.iter().filter_map(|id| connections.connection(id));
    let out = known.filter_map(|known| known.link.as_ref());
    let newest = out.filter(|attempt| attempt.out_until().is_some()).map(LinkAttempt::since).max();
    let Some(since) = newest else {
        return if is_limited(connections, source) { CODAT_PAUSE } else { USUAL_PAUSE };
    };
    let age = now.duration_since(since);
    let row = OPEN_LINK_PAUSES.into_iter().find(|(until, _)| age < *until);
    row.map_or(USUAL_PAUSE, |(_, pause)| pause)
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

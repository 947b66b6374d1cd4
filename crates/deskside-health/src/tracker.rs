//! Problems over time: a delay before they show, a delay before they clear, and root causes only.
//!
//! A symptom's delay does not run while its cause is present. So when the cause clears, the symptom
//! has its full delay to clear too before it is shown.

use std::collections::BTreeMap;

use deskside_model::Severity;
use jiff::Timestamp;

use super::{Code, CodeFlag, Problem};
use crate::witness::Witness;

/// The problems of one connection over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracker {
    known: BTreeMap<Code, TrackedProblem>,
    /// Since when every look has found some problem, even if a different one each time.
    troubled_since: Option<Timestamp>,
    /// How the connection lives: what was so when data flowed, and when it last did.
    usual: BTreeMap<Code, Timestamp>,
}

/// A problem and its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedProblem {
    /// The newest form of the problem.
    pub problem: Problem,
    /// When it began, as far as that is known; otherwise when it was first seen.
    pub since: Timestamp,
    /// When it was first seen; later than it began if the evidence tells that.
    seen_at: Timestamp,
    /// When its delay began; `None` while a cause of it is present.
    counted_from: Option<Timestamp>,
    /// It has been shown.
    visible: bool,
    /// When it was no longer found.
    gone_since: Option<Timestamp>,
    /// Data has flowed in spite of it, so it is no problem.
    disproved: bool,
    /// What the run met that showed it is not so any more.
    overtaken: bool,
}

impl TrackedProblem {
    /// Takes in the newest form of the problem. A run that met another company says nothing of the
    /// company that was opened since.
    fn renew(&mut self, problem: Problem) {
        let old = &self.problem;
        let is_same_run = problem.began.is_some() && problem.began == old.began;
        let companies =
            old.arguments.open_company.as_ref().zip(problem.arguments.open_company.as_ref());
        let has_changed = companies.is_some_and(|(old, new)| old != new);
        self.overtaken = is_same_run && (self.overtaken || has_changed);
        self.problem = problem;
        self.gone_since = None;
    }
}

impl Tracker {
    /// Takes in the problems that are found now, and what is known of the flow of data.
    pub fn update(&mut self, now: Timestamp, found: Vec<Problem>, witness: &Witness) {
        for tracked in self.known.values_mut() {
            if !found.iter().any(|problem| problem.code == tracked.problem.code) {
                tracked.gone_since.get_or_insert(now);
            }
        }
        for problem in found {
            let code = problem.code;
            let tracked = self.known.entry(code).or_insert_with(|| TrackedProblem {
                since: problem.began.map_or(now, |began| began.min(now)),
                problem: problem.clone(),
                seen_at: now,
                counted_from: None,
                visible: false,
                gone_since: None,
                disproved: false,
                overtaken: false,
            });
            tracked.renew(problem);
        }
        self.hear(witness);
        let is_wrong = |tracked: &TrackedProblem| {
            let is_here = tracked.gone_since.is_none() && !tracked.disproved;
            is_here && tracked.problem.code.entry().severity != Severity::Info
        };
        self.troubled_since =
            self.known.values().any(is_wrong).then(|| self.troubled_since.unwrap_or(now));
        self.advance(now);
    }

    /// Sets aside what data has flowed in spite of, and remembers how the connection lives.
    fn hear(&mut self, witness: &Witness) {
        for (code, tracked) in &mut self.known {
            let has_flowed = witness.disproves(&tracked.problem, tracked.since);
            if let Some(flowed) =
                witness.answered().filter(|_| has_flowed && code.is(CodeFlag::WayToLive))
            {
                self.usual.insert(*code, flowed);
            }
            let is_usual = witness.is_usual(*code, self.usual.get(code).copied());
            tracked.disproved = has_flowed || is_usual || tracked.overtaken;
        }
    }

    /// Lets time pass without new evidence.
    pub fn advance(&mut self, now: Timestamp) {
        self.known.retain(|code, tracked| match tracked.gone_since {
            // A problem that never showed clears at once.
            Some(gone) => tracked.visible && now.duration_since(gone) < code.entry().clear_after,
            None => true,
        });
        let present = self.known.iter().filter(|(_, tracked)| !tracked.disproved);
        let present: Vec<Code> = present.map(|(code, _)| *code).collect();
        // Codes are ordered so that causes come before what they explain.
        let mut shown: Vec<Code> = Vec::new();
        for (code, tracked) in &mut self.known {
            if tracked.disproved {
                tracked.counted_from = None;
                tracked.visible = false;
                continue;
            }
            let entry = code.entry();
            let explained_by = |codes: &[Code]| entry.depends_on.iter().any(|c| codes.contains(c));
            if explained_by(&present) {
                tracked.counted_from = None;
                // A symptom on screen is replaced by its cause, without a gap.
                tracked.visible &= !explained_by(&shown);
            } else {
                let counted_from = *tracked.counted_from.get_or_insert(now);
                tracked.visible |= now.duration_since(counted_from) >= entry.visible_after;
            }
            if tracked.visible {
                shown.push(*code);
            }
        }
    }

    /// The root causes that have lasted long enough to show, in order.
    pub fn roots(&self) -> impl Iterator<Item = &TrackedProblem> {
        self.known.values().filter(|tracked| tracked.visible)
    }

    /// All problems, including symptoms, as a report lists them.
    pub fn all(&self) -> impl Iterator<Item = &TrackedProblem> {
        self.known.values().filter(|tracked| !tracked.disproved)
    }

    /// True when data has flowed in spite of this obstacle.
    pub(crate) fn is_disproved(&self, code: Code) -> bool {
        self.known.get(&code).is_some_and(|tracked| tracked.disproved)
    }

    /// Since when a problem has been present that has not lasted long enough to show. Problems that
    /// alternate, each too short to show, count as one.
    #[must_use]
    pub fn pending_since(&self) -> Option<Timestamp> {
        let pending = self.all().filter(|tracked| !tracked.visible);
        let first = pending.map(|tracked| tracked.seen_at).min()?;
        Some(self.troubled_since.map_or(first, |since| since.min(first)))
    }

    /// When time alone will next change something.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        let change = |(code, tracked): (&Code, &TrackedProblem)| {
            let entry = code.entry();
            match tracked.gone_since {
                Some(gone) => gone.checked_add(entry.clear_after).ok(),
                None if tracked.visible || tracked.disproved => None,
                None => tracked.counted_from?.checked_add(entry.visible_after).ok(),
            }
        };
        self.known.iter().filter_map(change).min()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_000_000 + seconds)
    }

    fn roots(tracker: &Tracker) -> Vec<Code> {
        tracker.roots().map(|tracked| tracked.problem.code).collect()
    }

    fn closed() -> Vec<Problem> {
        vec![Problem::plain(Code::QuickBooksNotRunning)]
    }

    #[test]
    fn briefly_seen_problem_is_never_shown() {
        let mut tracker = Tracker::default();
        tracker.update(at(0), closed(), &Witness::default());
        tracker.advance(at(9));
        assert_eq!(roots(&tracker), [], "shown before its time");
        assert_eq!(tracker.pending_since(), Some(at(0)));
        tracker.update(at(9), vec![], &Witness::default());
        assert_eq!(tracker, Tracker::default(), "an unseen problem leaves state behind");
    }

    #[test]
    fn lasting_problem_appears_exactly_when_its_entry_says() {
        let mut tracker = Tracker::default();
        tracker.update(at(0), closed(), &Witness::default());
        assert_eq!(tracker.next_change(), Some(at(10)));
        tracker.advance(at(10));
        assert_eq!(roots(&tracker), [Code::QuickBooksNotRunning]);
        assert_eq!(tracker.next_change(), None);
    }

    #[test]
    fn brief_recovery_does_not_end_an_outage() {
        let mut tracker = Tracker::default();
        tracker.update(at(0), closed(), &Witness::default());
        tracker.advance(at(10));
        tracker.update(at(20), vec![], &Witness::default());
        tracker.update(at(22), closed(), &Witness::default());
        let since = tracker.roots().map(|tracked| tracked.since).next();
        assert_eq!(since, Some(at(0)), "the outage began again");
        tracker.update(at(30), vec![], &Witness::default());
        tracker.advance(at(33));
        assert_eq!(roots(&tracker), []);
    }

    #[test]
    fn visible_symptom_is_replaced_by_its_cause_without_gap() {
        let mut tracker = Tracker::default();
        tracker.update(at(0), vec![Problem::plain(Code::Broken)], &Witness::default());
        tracker.advance(at(5));
        let both = vec![Problem::plain(Code::QuickBooksNotRunning), Problem::plain(Code::Broken)];
        tracker.update(at(10), both, &Witness::default());
        assert_eq!(roots(&tracker), [Code::Broken], "the screen went blank");
        tracker.advance(at(20));
        assert_eq!(roots(&tracker), [Code::QuickBooksNotRunning]);
    }

    #[test]
    fn alternating_problems_count_since_the_last_clean_update() {
        let mut tracker = Tracker::default();
        for (seconds, code) in
            [(0, Code::WindowBlocking), (50, Code::SignIn), (100, Code::Starting)]
        {
            tracker.update(at(seconds), vec![Problem::plain(code)], &Witness::default());
            assert_eq!(tracker.pending_since(), Some(at(0)), "{}", code.text());
        }
        tracker.update(at(150), vec![], &Witness::default());
        tracker.update(at(160), closed(), &Witness::default());
        assert_eq!(tracker.pending_since(), Some(at(160)));
    }

    #[test]
    fn symptom_stays_hidden_during_and_just_after_its_cause() {
        let mut tracker = Tracker::default();
        let both =
            || vec![Problem::plain(Code::QuickBooksNotRunning), Problem::plain(Code::Broken)];
        tracker.update(at(0), both(), &Witness::default());
        tracker.advance(at(60));
        assert_eq!(roots(&tracker), [Code::QuickBooksNotRunning]);
        // The cause clears; the provider's last status is still "broken".
        tracker.update(at(61), vec![Problem::plain(Code::Broken)], &Witness::default());
        tracker.advance(at(64));
        assert_eq!(roots(&tracker), [], "the symptom surfaced with its cause just gone");
        tracker.advance(at(69));
        assert_eq!(roots(&tracker), [Code::Broken], "a lasting fault is not shown");
    }
}

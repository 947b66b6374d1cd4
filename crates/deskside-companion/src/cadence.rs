//! When this computer is probed.
//!
//! The end of a program is noticed by waiting for it, which costs nothing; its start and its windows
//! by looking, which is done seldom while nobody would see the answer. A run of the Web Connector is
//! news for others, too, so whether its log has grown is always looked at.

use jiff::{SignedDuration, Timestamp};

/// Start and stop of QuickBooks, and new records of the log, are noticed within 2 seconds: a little
/// less than that, so that the look itself fits in.
const USUAL_PAUSE: SignedDuration = SignedDuration::from_millis(1900);

/// While the session is locked nobody waits for an answer, and a battery is there to last.
const SAVING_PAUSE: SignedDuration = SignedDuration::from_secs(15);

/// Networks change seldom, and what matters is noticed by the questions that fail.
const NETWORK_PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// What is installed and set up changes seldom; people who change a setting wait about this long.
const SURVEY_PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// After the computer wakes up, network and QuickBooks need a moment; what is seen before that is not
/// worth reporting.
const SETTLING: SignedDuration = SignedDuration::from_secs(5);

/// Something on this computer that is probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    /// The programs that run and their windows, and whether a battery feeds the computer.
    Programs,
    /// The network.
    Network,
    /// What is installed and set up: takes up to a few seconds.
    Survey,
    /// What is new in the Web Connector's log, if it has grown.
    Log,
}

/// When each probe was made, and what makes them rarer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cadence {
    /// Nobody sits in front of the screen.
    locked: bool,
    on_battery: bool,
    /// It is known where a log is.
    has_log: bool,
    looked_at: Option<Timestamp>,
    network_at: Option<Timestamp>,
    /// When the log was last probed alone, between two looks.
    peeked_at: Option<Timestamp>,
    survey: SurveyStage,
    /// When the computer that woke up has settled.
    settled_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SurveyStage {
    /// None was made since everything was forgotten.
    #[default]
    Never,
    /// One is being made.
    UnderWay,
    /// The newest one ended at this moment.
    Done(Timestamp),
}

impl Cadence {
    /// The session was locked, or unlocked: then somebody wants to see how things are.
    pub fn handle_lock(&mut self, locked: bool) {
        self.locked = locked;
        if !locked {
            self.looked_at = None;
        }
    }

    /// The computer now runs on its battery, or no longer.
    pub const fn handle_battery(&mut self, on_battery: bool) {
        self.on_battery = on_battery;
    }

    /// A program that was seen has ended: the next look is now.
    pub const fn handle_exit(&mut self) {
        self.looked_at = None;
    }

    /// A survey ended; it knows where the log is, or not.
    pub const fn handle_survey(&mut self, now: Timestamp, has_log: bool) {
        self.has_log = has_log;
        self.survey = SurveyStage::Done(now);
    }

    /// The computer woke up.
    pub fn handle_resumed(&mut self, now: Timestamp) {
        self.settled_at = now.checked_add(SETTLING).ok();
    }

    /// True once when the computer that woke up has settled.
    pub(super) fn take_settled(&mut self, now: Timestamp) -> bool {
        self.settled_at.take_if(|then| *then <= now).is_some()
    }

    pub(super) const fn next_settled(&self) -> Option<Timestamp> {
        self.settled_at
    }

    /// The same cadence after everything that was seen is forgotten: all is probed again now.
    #[must_use]
    pub fn anew(&self) -> Self {
        let survey = match self.survey {
            SurveyStage::UnderWay => SurveyStage::UnderWay,
            SurveyStage::Never | SurveyStage::Done(_) => SurveyStage::Never,
        };
        let Self { locked, on_battery, has_log, .. } = *self;
        Self { locked, on_battery, has_log, survey, ..Self::default() }
    }

    /// When to probe next. A moment that lies ahead although something was seen at it is from before
    /// the clock was set back, and delays nothing.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Timestamp {
        let look = self.next_look(now);
        self.next_peek(now).map_or(look, |peek| look.min(peek))
    }

    /// The probes that are due, each of which must now be made.
    pub fn due(&mut self, now: Timestamp) -> Vec<Probe> {
        if self.next_look(now) <= now {
            return self.look(now);
        }
        if self.next_peek(now).is_some_and(|peek| peek <= now) {
            self.peeked_at = Some(now);
            return vec![Probe::Log];
        }
        Vec::new()
    }

    fn look(&mut self, now: Timestamp) -> Vec<Probe> {
        self.looked_at = Some(now);
        let mut due = vec![Probe::Programs];
        if after(self.network_at, NETWORK_PAUSE, now) <= now {
            self.network_at = Some(now);
            due.push(Probe::Network);
        }
        if self.survey_is_due(now) {
            self.survey = SurveyStage::UnderWay;
            due.push(Probe::Survey);
        }
        due.push(Probe::Log);
        due
    }

    fn survey_is_due(&self, now: Timestamp) -> bool {
        match self.survey {
            SurveyStage::Never => true,
            SurveyStage::UnderWay => false,
            SurveyStage::Done(at) => !self.locked && after(Some(at), SURVEY_PAUSE, now) <= now,
        }
    }

    fn next_look(&self, now: Timestamp) -> Timestamp {
        let pause = if self.is_saving() { SAVING_PAUSE } else { USUAL_PAUSE };
        after(self.looked_at, pause, now)
    }

    /// `None` while each look reads the log anyway.
    fn next_peek(&self, now: Timestamp) -> Option<Timestamp> {
        let is_wanted = self.has_log && self.is_saving();
        is_wanted.then(|| after(self.looked_at.max(self.peeked_at), USUAL_PAUSE, now))
    }

    const fn is_saving(&self) -> bool {
        self.locked || self.on_battery
    }
}

/// A pause after a moment; now, where there was none or its clock is no longer ours.
fn after(last: Option<Timestamp>, pause: SignedDuration, now: Timestamp) -> Timestamp {
    let last = last.filter(|last| *last <= now);
    last.and_then(|last| last.checked_add(pause).ok()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The probes of an hour, each with the seconds since it began.
    fn hour(cadence: &mut Cadence) -> Vec<(i64, Probe)> {
        let start = Timestamp::UNIX_EPOCH;
        let (mut now, mut made) = (start, Vec::new());
        while now < start + SignedDuration::from_hours(1) {
            now = cadence.next(now);
            for probe in cadence.due(now) {
                made.push((now.duration_since(start).as_secs(), probe));
                if probe == Probe::Survey {
                    cadence.handle_survey(now, true);
                }
            }
        }
        made
    }

    fn count(made: &[(i64, Probe)], wanted: Probe) -> usize {
        made.iter().filter(|(_, probe)| *probe == wanted).count()
    }

    #[test]
    fn programs_are_probed_every_two_seconds_and_the_rest_seldom() {
        let made = hour(&mut Cadence::default());
        assert!(count(&made, Probe::Programs) > 1_800);
        assert_eq!(count(&made, Probe::Log), count(&made, Probe::Programs));
        assert!((300..=360).contains(&count(&made, Probe::Network)));
        assert!((55..=61).contains(&count(&made, Probe::Survey)));
    }

    #[test]
    fn a_battery_is_saved_but_log_growth_is_seen() {
        let mut cadence = Cadence::default();
        cadence.handle_battery(true);
        let made = hour(&mut cadence);
        assert!(count(&made, Probe::Programs) <= 241);
        assert!(count(&made, Probe::Log) - count(&made, Probe::Programs) > 1_500);
        assert!((55..=61).contains(&count(&made, Probe::Survey)));
    }

    #[test]
    fn nothing_is_surveyed_a_second_time_while_locked() {
        let mut cadence = Cadence::default();
        cadence.handle_lock(true);
        assert_eq!(count(&hour(&mut cadence), Probe::Survey), 1);
    }

    #[test]
    fn an_unlocked_screen_and_an_ended_program_are_looked_at_now() {
        let now = Timestamp::UNIX_EPOCH;
        let happens: [fn(&mut Cadence); 3] = [
            |cadence| cadence.handle_lock(false),
            Cadence::handle_exit,
            |cadence| *cadence = cadence.anew(),
        ];
        for happens in happens {
            let mut cadence = Cadence::default();
            cadence.handle_lock(true);
            cadence.due(now);
            assert!(cadence.next(now) > now);
            happens(&mut cadence);
            assert_eq!(cadence.next(now), now);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_delays_no_look() {
        let mut cadence = Cadence::default();
        let now = Timestamp::UNIX_EPOCH;
        cadence.due(now);
        let earlier = now - SignedDuration::from_hours(3);
        assert_eq!(cadence.next(earlier), earlier);
        assert!(cadence.due(earlier).contains(&Probe::Programs));
    }
}

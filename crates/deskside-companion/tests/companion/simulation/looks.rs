//! Whoever probes this computer when the companion says so, and what holds of the cadence.

use deskside_companion::{Input, Probe};
use jiff::{SignedDuration, Timestamp};

use super::World;

/// When this computer is looked at.
#[derive(Default)]
pub(super) struct Looks {
    pub(super) locked: bool,
    pub(super) on_battery: bool,
    /// Something is to be seen that was not told yet.
    pub(super) is_news: bool,
    /// Since the last look something has happened that deserves one at once.
    pub(super) is_urgent: bool,
    last: Option<Timestamp>,
}

impl World {
    /// When to look next. Looks never stop, whatever the clock does.
    pub(super) fn next_look(&self) -> Timestamp {
        let now = self.desk.now;
        let next = self.desk.companion.next_probe(now);
        let Looks { locked, on_battery, .. } = self.looks;
        let seconds = if locked || on_battery { 15 } else { 2 };
        let latest = now + SignedDuration::from_secs(seconds);
        self.check(next <= latest, "looks have stopped");
        // A computer that slept is late.
        next.max(now)
    }

    /// Looks as planned until something else is due; true as soon as a look has shown anything.
    pub(super) fn look_until(&mut self, end: Timestamp) -> bool {
        loop {
            let next = self.next_look();
            if next > end {
                return false;
            }
            self.desk.now = next;
            if self.look_as_planned() {
                return true;
            }
        }
    }

    fn look_as_planned(&mut self) -> bool {
        let (now, mut is_news) = (self.desk.now, false);
        let due = self.desk.companion.due_probes(now);
        self.check(!due.is_empty(), "woken to look at nothing");
        self.check(self.desk.companion.next_probe(now) > now, "looks without end");
        let Looks { locked, on_battery, is_urgent, last, .. } = self.looks;
        if due.contains(&Probe::Programs) {
            let pause = last.map(|last| now.duration_since(last));
            let saves = (locked || on_battery) && !is_urgent;
            let soon = pause.is_some_and(|pause| pause.abs() < SignedDuration::from_secs(15));
            self.check(!(saves && soon), "a battery was not saved");
            self.count("looked");
            (self.looks.last, self.looks.is_urgent) = (Some(now), false);
            if std::mem::take(&mut self.looks.is_news) {
                is_news = true;
                self.look();
            }
        }
        if due.contains(&Probe::Survey) {
            self.check(!locked || is_urgent, "surveyed although nobody is there");
            is_news = true;
            self.give(Input::Surveyed(Box::new(super::super::launching::installed())));
        }
        is_news
    }

    pub(super) fn a_program_ends(&mut self) {
        (self.looks.is_news, self.looks.is_urgent) = (true, true);
        self.give(Input::ProgramEnded);
    }

    pub(super) fn the_screen_is_locked_or_unlocked(&mut self) {
        self.looks.locked = !self.looks.locked;
        self.looks.is_urgent |= !self.looks.locked;
        self.count("locked or unlocked");
        self.give(Input::Locked(self.looks.locked));
    }

    pub(super) fn the_plug_is_pulled_or_put_in(&mut self) {
        self.looks.on_battery = !self.looks.on_battery;
        self.count("on battery or off");
        self.give(Input::OnBattery(self.looks.on_battery));
    }
}

//! Which step starts when: pure data and functions, without threads or time.

use super::step::{Load, Step};

/// The steps of one run, in the order in which they should start, and how far each one is.
pub(crate) struct Schedule<'a> {
    entries: Vec<Entry<'a>>,
    lanes: Lanes,
}

/// How many steps may run at the same time, at least one.
#[derive(Clone, Copy)]
pub(crate) struct Lanes {
    /// Steps of any kind.
    pub(crate) all: usize,
    /// Steps that measure patience, among them.
    pub(crate) timed: usize,
}

struct Entry<'a> {
    step: &'a Step,
    state: State<'a>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State<'a> {
    /// Not started.
    Pending,
    /// Started.
    Running,
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// Never started, because this step failed or was itself skipped.
    Skipped(&'a str),
}

impl<'a> Schedule<'a> {
    /// Schedules steps of a table, all of them pending. A step that is needed but not among them
    /// counts as passed.
    pub(crate) fn new(steps: Vec<&'a Step>, lanes: Lanes) -> Self {
        let entries = steps.into_iter().map(|step| Entry { step, state: State::Pending }).collect();
        Self { entries, lanes }
    }

    /// The next step to start now, which counts as running from here on; `None` while nothing can
    /// start before something else finishes.
    pub(crate) fn start(&mut self) -> Option<&'a Step> {
        let next = self.entries.iter().position(|entry| self.can_start(entry))?;
        let entry = self.entries.get_mut(next)?;
        entry.state = State::Running;
        Some(entry.step)
    }

    /// Takes note of the end of a running step. When it failed, every step that needs it is skipped.
    pub(crate) fn finish(&mut self, name: &str, passed: bool) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.step.name == name) {
            entry.state = if passed { State::Passed } else { State::Failed };
        }
        // The table is in order of need, so one pass reaches everything.
        for index in 0..self.entries.len() {
            let Some(entry) = self.entries.get(index) else { continue };
            if entry.state != State::Pending {
                continue;
            }
            let broken = entry.step.needs.iter().copied().find(|name| {
                matches!(self.state_of(name), Some(State::Failed | State::Skipped(_)))
            });
            if let (Some(broken), Some(entry)) = (broken, self.entries.get_mut(index)) {
                entry.state = State::Skipped(broken);
            }
        }
    }

    /// True when every step has passed, failed or been skipped.
    pub(crate) fn is_done(&self) -> bool {
        self.states().all(|(_, state)| !matches!(state, State::Pending | State::Running))
    }

    /// Every step with its state, in order.
    pub(crate) fn states(&self) -> impl Iterator<Item = (&'a Step, State<'a>)> {
        self.entries.iter().map(|entry| (entry.step, entry.state))
    }

    fn can_start(&self, entry: &Entry<'_>) -> bool {
        let ready = entry.state == State::Pending
            && entry
                .step
                .needs
                .iter()
                .all(|name| matches!(self.state_of(name), None | Some(State::Passed)));
        let running = || self.entries.iter().filter(|entry| entry.state == State::Running);
        ready
            && running().count() < self.lanes_for(entry.step.load).max(1)
            && running().all(|other| may_run_together(entry.step.load, other.step.load))
    }

    const fn lanes_for(&self, load: Load) -> usize {
        match load {
            Load::Light | Load::Cargo => self.lanes.all,
            Load::Timed => self.lanes.timed,
        }
    }

    fn state_of(&self, name: &str) -> Option<State<'a>> {
        self.entries.iter().find(|entry| entry.step.name == name).map(|entry| entry.state)
    }
}

const fn may_run_together(one: Load, other: Load) -> bool {
    matches!(
        (one, other),
        (Load::Timed, Load::Timed)
            | (Load::Light, Load::Light | Load::Cargo)
            | (Load::Cargo, Load::Light)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn step(name: &'static str, needs: &'static [&'static str], load: Load) -> Step {
        Step { name, purpose: "", needs, load, run: |_| Ok(()) }
    }

    fn schedule(steps: &[Step], lanes: usize) -> Schedule<'_> {
        Schedule::new(steps.iter().collect(), Lanes { all: lanes, timed: 2 })
    }

    fn started<'a>(schedule: &mut Schedule<'a>) -> Vec<&'a str> {
        std::iter::from_fn(|| schedule.start()).map(|step| step.name).collect()
    }

    #[test]
    fn steps_start_in_order_and_only_when_their_needs_passed() {
        let steps = [
            step("setup", &[], Load::Light),
            step("build", &["setup"], Load::Cargo),
            step("icons", &[], Load::Light),
        ];
        let mut schedule = schedule(&steps, 4);
        assert_eq!(started(&mut schedule), ["setup", "icons"]);
        schedule.finish("icons", true);
        assert_eq!(started(&mut schedule), [""; 0], "setup has not finished");
        schedule.finish("setup", true);
        assert_eq!(started(&mut schedule), ["build"]);
        assert!(!schedule.is_done());
        schedule.finish("build", true);
        assert!(schedule.is_done());
    }

    #[test]
    fn only_one_step_compiles_at_a_time() {
        let steps = [
            step("clippy", &[], Load::Cargo),
            step("build", &[], Load::Cargo),
            step("icons", &[], Load::Light),
        ];
        let mut schedule = schedule(&steps, 4);
        assert_eq!(started(&mut schedule), ["clippy", "icons"]);
        schedule.finish("clippy", false);
        assert_eq!(started(&mut schedule), ["build"]);
    }

    #[test]
    fn timed_steps_run_beside_each_other_only() {
        let steps = [
            step("icons", &[], Load::Light),
            step("linux", &[], Load::Timed),
            step("windows", &[], Load::Timed),
            step("late", &["icons"], Load::Cargo),
        ];
        let mut schedule = schedule(&steps, 4);
        assert_eq!(started(&mut schedule), ["icons"]);
        schedule.finish("icons", true);
        assert_eq!(started(&mut schedule), ["linux", "windows"]);
        schedule.finish("linux", true);
        assert_eq!(started(&mut schedule), [""; 0], "a compiler beside a timed step");
        schedule.finish("windows", true);
        assert_eq!(started(&mut schedule), ["late"]);
    }

    #[test]
    fn timed_steps_have_lanes_of_their_own() {
        let steps = ["linux", "windows"].map(|name| step(name, &[], Load::Timed));
        let mut schedule = Schedule::new(steps.iter().collect(), Lanes { all: 4, timed: 1 });
        assert_eq!(started(&mut schedule), ["linux"]);
        schedule.finish("linux", true);
        assert_eq!(started(&mut schedule), ["windows"]);
    }

    #[test]
    fn no_more_steps_run_than_there_are_lanes() {
        let steps = ["a", "b", "c"].map(|name| step(name, &[], Load::Light));
        assert_eq!(started(&mut schedule(&steps, 2)), ["a", "b"]);
        assert_eq!(started(&mut schedule(&steps, 0)), ["a"], "nothing would ever run");
    }

    #[test]
    fn steps_behind_a_failed_one_are_skipped_and_others_run() {
        let steps = [
            step("build", &[], Load::Cargo),
            step("installers", &["build"], Load::Light),
            step("end-to-end", &["installers"], Load::Timed),
            step("doc", &[], Load::Cargo),
        ];
        let mut schedule = schedule(&steps, 2);
        assert_eq!(started(&mut schedule), ["build"]);
        schedule.finish("build", false);
        assert_eq!(started(&mut schedule), ["doc"]);
        schedule.finish("doc", true);
        let states: Vec<State<'_>> = schedule.states().map(|(_, state)| state).collect();
        let expected =
            [State::Failed, State::Skipped("build"), State::Skipped("installers"), State::Passed];
        assert_eq!(states, expected);
        assert!(schedule.is_done());
    }

    #[test]
    fn a_need_outside_the_run_counts_as_passed() {
        let steps = [step("clippy", &["setup"], Load::Cargo)];
        assert_eq!(started(&mut schedule(&steps, 1)), ["clippy"]);
    }
}

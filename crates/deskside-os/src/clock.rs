//! How long this computer has been on, with and without its sleep.
//!
//! Not every computer says that it slept: with Modern Standby Windows tells few programs, and it also
//! stops programs for a while. Two clocks, one of which stands still during sleep, always show it.
//! docs/sources/platform.md#session

#[cfg_attr(windows, path = "clock/windows.rs")]
#[cfg_attr(not(windows), path = "clock/other.rs")]
mod platform;

use std::time::Duration;

/// Less is no sleep: the clocks are not read at the same moment, and one of them moves in steps.
const SHORTEST_SLEEP: Duration = Duration::from_secs(5);

/// Between two readings of a program that was not stopped. Looks are at most 15 seconds apart; a busy
/// computer delays them.
const LONGEST_PAUSE: Duration = Duration::from_mins(2);

/// Both clocks at one moment.
#[derive(Clone, Debug)]
pub struct ClockReading(platform::Reading);

impl ClockReading {
    /// Reads the clocks; `None` where the operating system does not tell them.
    #[must_use]
    pub fn now() -> Option<Self> {
        platform::Reading::now().map(Self)
    }

    /// The time between an earlier reading and this one.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> ElapsedTime {
        self.0.since(&earlier.0)
    }
}

/// What both clocks counted between two readings. Setting the clock on the wall changes neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElapsedTime {
    /// All of it.
    pub total: Duration,
    /// Without the sleep of the computer.
    pub awake: Duration,
}

impl ElapsedTime {
    /// The whole time, if the computer slept in it or this program was stopped: nobody watched.
    #[must_use]
    pub fn unwatched(self) -> Option<Duration> {
        let asleep = self.total.saturating_sub(self.awake);
        (asleep >= SHORTEST_SLEEP || self.total >= LONGEST_PAUSE).then_some(self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_what_only_one_clock_counts() {
        for (total, awake, unwatched) in [
            // Nothing but time
            (2, 2, None),
            (15, 15, None),
            // The clocks move in steps
            (3, 2, None),
            (2, 3, None),
            // A night, and a short nap
            (36_000, 2, Some(36_000)),
            (12, 2, Some(12)),
            // The program was stopped, and the computer was not
            (600, 600, Some(600)),
            // A busy computer
            (60, 60, None),
        ] {
            let [total, awake] = [total, awake].map(Duration::from_secs);
            let unwatched = unwatched.map(Duration::from_secs);
            assert_eq!(ElapsedTime { total, awake }.unwatched(), unwatched, "{total:?} {awake:?}");
        }
    }

    #[test]
    fn both_clocks_count_the_time_of_a_test() {
        let pause = Duration::from_millis(50);
        let before = ClockReading::now().unwrap();
        std::thread::sleep(pause);
        let elapsed = ClockReading::now().unwrap().since(&before);
        assert!(elapsed.awake >= pause / 2, "{elapsed:?}");
        assert!(elapsed.total >= pause / 2, "{elapsed:?}");
        assert_eq!(elapsed.unwatched(), None);
    }
}

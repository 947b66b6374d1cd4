//! What is done about a page that has died or does not draw itself.
//!
//! A sleep or an update of the webview ends its processes, and a new window is enough then. A damaged
//! data folder ends each new one as well. Both heal without the user, but not for ever.

use std::time::{Duration, Instant};

/// Failures that are further apart have nothing to do with each other.
const MEMORY: Duration = Duration::from_mins(10);

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Build the window again.
    Again,
    /// Build it again, with a data folder that nothing was kept in.
    FreshFolder,
    /// Close it, and say so.
    GiveUp,
}

/// The failures since the start, of which only those of late count.
#[derive(Debug, Default)]
pub(crate) struct PageFailures {
    count: u32,
    last: Option<Instant>,
}

impl PageFailures {
    /// True after the first failure since the start.
    pub(crate) const fn have_happened(&self) -> bool {
        self.last.is_some()
    }

    /// Counts a failure.
    pub(crate) fn next(&mut self, now: Instant) -> Remedy {
        let last = self.last.replace(now);
        if last.is_none_or(|last| now.duration_since(last) > MEMORY) {
            self.count = 0;
        }
        self.count += 1;
        match self.count {
            1 => Remedy::Again,
            2 => Remedy::FreshFolder,
            _ => {
                // What the user opens next is a first try.
                self.count = 0;
                Remedy::GiveUp
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_built_again_twice_and_then_given_up() {
        let mut failures = PageFailures::default();
        let start = Instant::now();
        let remedies = [1, 2, 3].map(|minute| failures.next(start + Duration::from_mins(minute)));
        assert_eq!(remedies, [Remedy::Again, Remedy::FreshFolder, Remedy::GiveUp]);
        // A click of the user begins anew
        assert_eq!(failures.next(start + Duration::from_mins(4)), Remedy::Again);
    }

    #[test]
    fn a_failure_of_long_ago_does_not_count() {
        let mut failures = PageFailures::default();
        let start = Instant::now();
        for hour in 0..5 {
            let remedy = failures.next(start + Duration::from_hours(hour));
            assert_eq!(remedy, Remedy::Again);
        }
    }
}

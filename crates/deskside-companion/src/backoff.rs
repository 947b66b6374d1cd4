//! How long to wait after a failure: every schedule of retries is a row of numbers for one rule.

use jiff::SignedDuration;

/// How far chance moves a pause, so that a thousand computers do not ask at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all: nobody else does the same.
    None,
    /// A tenth earlier or later.
    Slight,
    /// Anything from almost nothing to the whole pause. Source: "Exponential Backoff And Jitter",
    /// AWS Architecture Blog.
    Full,
}

/// The shortest pause that full jitter leaves: none at all would loop.
const LEAST: SignedDuration = SignedDuration::from_millis(50);

impl Jitter {
    /// The pause, moved by `chance`, which is from 0 to 1.
    #[must_use]
    pub fn spread(self, pause: SignedDuration, chance: f64) -> SignedDuration {
        let chance = chance.clamp(0.0, 1.0);
        match self {
            Self::None => pause,
            Self::Slight => pause.mul_f64(0.9 + 0.2 * chance),
            Self::Full => pause.mul_f64(chance).max(LEAST),
        }
    }
}

/// The pauses between tries of something that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The pause after the first failure.
    pub first: SignedDuration,
    /// By how much each further failure lengthens it.
    pub factor: u32,
    /// The longest pause.
    pub longest: SignedDuration,
    /// How far chance moves each pause.
    pub jitter: Jitter,
}

impl Backoff {
    /// The pause after a failure that `failures` others came before without a success. `chance` is
    /// from 0 to 1.
    #[must_use]
    pub fn pause(&self, failures: u32, chance: f64) -> SignedDuration {
        let growth = i32::try_from(self.factor.saturating_pow(failures)).unwrap_or(i32::MAX);
        let pause = self.first.checked_mul(growth).unwrap_or(self.longest).min(self.longest);
        self.jitter.spread(pause, chance)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn backoff(jitter: Jitter) -> Backoff {
        Backoff {
            first: SignedDuration::from_secs(4),
            factor: 2,
            longest: SignedDuration::from_mins(5),
            jitter,
        }
    }

    #[test]
    fn pauses_grow_by_their_factor_up_to_the_longest() {
        let pauses = [0, 1, 2, 6, 7, u32::MAX].map(|n| backoff(Jitter::None).pause(n, 0.5));
        assert_eq!(pauses.map(|pause| pause.as_secs()), [4, 8, 16, 256, 300, 300]);
        let constant = Backoff { factor: 1, ..backoff(Jitter::None) };
        assert_eq!(constant.pause(u32::MAX, 0.5).as_secs(), 4);
    }

    proptest! {
        #[test]
        fn jitter_stays_within_its_bounds(failures: u32, chance in 0.0..=1.0_f64) {
            let plain = backoff(Jitter::None).pause(failures, chance);
            let slight = backoff(Jitter::Slight).pause(failures, chance);
            prop_assert!(slight >= plain.mul_f64(0.899) && slight <= plain.mul_f64(1.101));
            let full = backoff(Jitter::Full).pause(failures, chance);
            prop_assert!(full >= LEAST && full <= plain);
        }
    }
}

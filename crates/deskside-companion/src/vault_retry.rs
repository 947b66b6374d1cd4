//! When the vault is tried again after it did not work.

use deskside_model::vault::VaultState;
use jiff::{SignedDuration, Timestamp};

use crate::backoff::{Backoff, Jitter};
use crate::input::Effect;

/// The pauses before the vault is tried again: long ones, because a locked keyring may show a prompt
/// each time.
const BACKOFF: Backoff = Backoff {
    first: SignedDuration::from_secs(10),
    factor: 2,
    longest: SignedDuration::from_mins(10),
    jitter: Jitter::None,
};

/// The next try of a vault that does not work.
#[derive(Debug, Default)]
pub(super) struct VaultRetry {
    /// How often it was tried again since it worked.
    tries: u32,
    next_try: Option<Timestamp>,
}

impl VaultRetry {
    /// Plans the next try by the result of the last one.
    pub(super) fn tried(&mut self, now: Timestamp, state: VaultState) {
        if state == VaultState::Working {
            *self = Self::default();
        } else {
            self.next_try = now.checked_add(BACKOFF.pause(self.tries, 0.0)).ok();
        }
    }

    /// Tries the vault when the pause is over.
    pub(super) fn handle_time(&mut self, now: Timestamp) -> Option<Effect> {
        self.next_try.take_if(|then| *then <= now)?;
        self.tries = self.tries.saturating_add(1);
        Some(Effect::TryVault)
    }

    pub(super) const fn next(&self) -> Option<Timestamp> {
        self.next_try
    }
}

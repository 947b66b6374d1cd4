//! When the vault is tried again after it did not work.

use deskside_model::vault::VaultState;
use jiff::{SignedDuration, Timestamp};

use crate::input::Effect;

/// The first pause before the vault is tried again. It doubles up to [`LONGEST_PAUSE`], because a
/// locked keyring may show a prompt each time.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(10);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// The next try of a vault that does not work.
#[derive(Debug)]
pub(super) struct VaultRetry {
    pause: SignedDuration,
    next_try: Option<Timestamp>,
}

impl Default for VaultRetry {
    fn default() -> Self {
        Self { pause: FIRST_PAUSE, next_try: None }
    }
}

impl VaultRetry {
    /// Plans the next try by the result of the last one.
    pub(super) fn tried(&mut self, now: Timestamp, state: VaultState) {
        if state == VaultState::Working {
            *self = Self::default();
        } else {
            self.next_try = now.checked_add(self.pause).ok();
        }
    }

    /// Tries the vault when the pause is over.
    pub(super) fn handle_time(&mut self, now: Timestamp) -> Option<Effect> {
        self.next_try.take_if(|then| *then <= now)?;
        self.pause = LONGEST_PAUSE.min(self.pause * 2);
        Some(Effect::TryVault)
    }

    pub(super) const fn next(&self) -> Option<Timestamp> {
        self.next_try
    }
}

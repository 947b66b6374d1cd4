//! Time and randomness, which the state machine is given and never takes.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// The time and the randomness of one input.
pub struct Context {
    /// Now.
    pub now: Timestamp,
    entropy: [u8; 32],
    drawn: u8,
}

impl Context {
    /// Wraps the time and 32 random bytes that are used for nothing else.
    #[must_use]
    pub const fn new(now: Timestamp, entropy: [u8; 32]) -> Self {
        Self { now, entropy, drawn: 0 }
    }

    /// A fresh identifier of 128 bits, in 32 hexadecimal digits.
    pub fn id<Id: From<String>>(&mut self) -> Id {
        let digits =
            self.draw().iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>();
        digits.into()
    }

    /// A fresh one-use value of 256 bits, in 64 hexadecimal digits.
    pub fn nonce(&mut self) -> String {
        self.draw().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A number from 0 to 1, evenly distributed.
    pub fn fraction(&mut self) -> f64 {
        let [first, second, ..] = self.draw();
        f64::from(u16::from_be_bytes([first, second])) / f64::from(u16::MAX)
    }

    fn draw(&mut self) -> [u8; 32] {
        self.drawn = self.drawn.wrapping_add(1);
        Sha256::new().chain_update(self.entropy).chain_update([self.drawn]).finalize().into()
    }
}

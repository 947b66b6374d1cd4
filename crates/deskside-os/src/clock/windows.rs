//! Windows: the tick count includes sleep, and the unbiased interrupt time does not.
#![expect(unsafe_code, reason = "Win32 alone has a clock that stands still during sleep")]

use std::time::Duration;

use windows_sys::Win32::System::SystemInformation::GetTickCount64;
use windows_sys::Win32::System::WindowsProgramming::QueryUnbiasedInterruptTime;

use super::ElapsedTime;

#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// In steps of 16 milliseconds.
    ticks: Duration,
    awake: Duration,
}

impl Reading {
    pub(super) fn now() -> Option<Self> {
        // In units of 100 nanoseconds.
        let mut unbiased = 0;
        // SAFETY: `unbiased` outlives the call.
        if unsafe { QueryUnbiasedInterruptTime(&raw mut unbiased) } == 0 {
            return None;
        }
        // SAFETY: takes nothing and returns a number.
        let ticks = unsafe { GetTickCount64() };
        let awake = Duration::from_micros(unbiased / 10);
        Some(Self { ticks: Duration::from_millis(ticks), awake })
    }

    pub(super) fn since(&self, earlier: &Self) -> ElapsedTime {
        ElapsedTime {
            total: self.ticks.saturating_sub(earlier.ticks),
            awake: self.awake.saturating_sub(earlier.awake),
        }
    }
}

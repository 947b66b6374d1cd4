//! Linux: the time since the start of the system counts sleep, and Rust's own clock does not.

use std::time::{Duration, Instant};

use super::ElapsedTime;

#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// `CLOCK_BOOTTIME`, in steps of 10 milliseconds.
    uptime: Duration,
    /// `CLOCK_MONOTONIC`.
    awake: Instant,
}

impl Reading {
    pub(super) fn now() -> Option<Self> {
        let text = std::fs::read_to_string("/proc/uptime").ok()?;
        let seconds = text.split_whitespace().next()?.parse().ok()?;
        Some(Self { uptime: Duration::try_from_secs_f64(seconds).ok()?, awake: Instant::now() })
    }

    pub(super) fn since(&self, earlier: &Self) -> ElapsedTime {
        ElapsedTime {
            total: self.uptime.saturating_sub(earlier.uptime),
            awake: self.awake.saturating_duration_since(earlier.awake),
        }
    }
}

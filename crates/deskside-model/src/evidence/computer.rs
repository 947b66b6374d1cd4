//! What on this computer itself can stop data from flowing: sleep, a pending restart, the clock.

use serde::{Deserialize, Serialize};

use super::Finding;

/// This computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Computer {
    /// Idle minutes until it sleeps while plugged in; absent if it never sleeps.
    /// See docs/sources/platform.md#power.
    pub sleeps_plugged_in: Finding<u32>,
    /// The same on battery.
    pub sleeps_on_battery: Finding<u32>,
    /// What closing the lid does while plugged in; absent if there is no lid.
    pub lid: Finding<Lid>,
    /// It is running on battery now; absent if there is no battery.
    pub on_battery: Finding<bool>,
    /// The screen is locked, so the user is away.
    pub locked: Finding<bool>,
    /// Free space on the disk with this user's data, in millions of bytes.
    pub disk_free_mb: Finding<u64>,
    /// Windows is waiting for a restart. See docs/sources/platform.md#clock-and-restarts.
    pub restart_pending: Finding<bool>,
    /// The clock is set by the network.
    pub clock_set_by_network: Finding<bool>,
}

/// What closing the lid does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lid {
    /// Nothing.
    Nothing,
    /// The computer sleeps or hibernates.
    Sleeps,
    /// The computer shuts down.
    ShutsDown,
}

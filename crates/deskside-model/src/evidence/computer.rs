//! What of this computer itself can stop data from flowing: sleep, a pending restart, the clock.

use serde::{Deserialize, Serialize};

use super::Finding;

/// This computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Computer {
    /// After how many idle minutes it sleeps while plugged in; absent when never.
    pub sleeps_plugged_in: Finding<u32>,
    /// The same on battery.
    pub sleeps_on_battery: Finding<u32>,
    /// What closing the lid does while plugged in; absent where there is no lid.
    pub lid: Finding<Lid>,
    /// It runs on battery now; absent where there is none.
    pub on_battery: Finding<bool>,
    /// The screen is locked, so nobody is in front of it.
    pub locked: Finding<bool>,
    /// How much the disk with this user's data can still take, in millions of bytes.
    pub disk_free_mb: Finding<u64>,
    /// Windows waits for a restart.
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

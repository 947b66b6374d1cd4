//! The whole program from outside, with real parts; each test has a stage of its own. One after the
//! other: on Windows they share the user's session, and everywhere they measure patience in seconds.
//!
//! `cargo xtask test` runs them in a process space of their own where Linux allows it, so that no
//! QuickBooks of whoever runs them is counted.

#[cfg(test)]
mod command_line;
#[cfg(test)]
mod direct;
#[cfg(test)]
#[cfg_attr(windows, path = "windows/mod.rs")]
#[cfg_attr(not(windows), path = "linux/mod.rs")]
mod platform;
#[cfg(test)]
mod starts;

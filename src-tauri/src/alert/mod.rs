//! Messages for when there is no window: the program ends before it has
//! started, or the window itself cannot be shown.
//!
//! On Windows they are message boxes, which need neither a webview nor WinRT; elsewhere
//! notifications.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "other.rs")]
mod platform;

pub(crate) use platform::{it_ends, link_waits, no_window};

//! Says what must be said when there is no window to say it in: that the program ends before it has
//! begun, and that the window itself cannot be shown.
//!
//! On Windows a message box, which needs neither a webview nor WinRT; elsewhere a notification.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "other.rs")]
mod platform;

pub(crate) use platform::{it_ends, no_window};

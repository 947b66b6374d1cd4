//! What must be said when there is no window to say it in: that the program ends before it has
//! begun, and that the window itself cannot be shown.
//!
//! On Windows a message box, which needs neither a webview nor WinRT; elsewhere a notification.

#[cfg(any(windows, test))]
mod words;

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "other.rs")]
mod platform;

pub(crate) use platform::{it_ends, no_window};

/// Why and in what situation there is no window.
pub(crate) struct NoWindow {
    /// What draws the window is not on this computer; otherwise it is, and does not work.
    pub(crate) missing: bool,
    /// A link waits for an answer that can be given in the window only.
    pub(crate) question_waits: bool,
    /// How the connections are, in one sentence.
    pub(crate) state: String,
}

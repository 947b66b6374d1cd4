//! Windows: a child takes over and this process ends.

use std::io::{self, PipeReader};
use std::process::Command;

/// Starts this program again, with other arguments, and ends this process. Returns only what went
/// wrong.
pub(super) fn afresh<'a>(input: PipeReader, arguments: impl Iterator<Item = &'a str>) -> io::Error {
    let started = std::env::current_exe()
        .and_then(|program| Command::new(program).args(arguments).stdin(input).spawn());
    match started {
        Ok(_) => std::process::exit(0),
        Err(why) => why,
    }
}

/// Lets the companion bring its window to the front: only the process that the user has just
/// started may do so, and it may pass the right on.
pub(super) fn let_the_other_come_to_front() {
    #[expect(unsafe_code, reason = "the one call that passes the right on")]
    // SAFETY: takes a number and touches no memory of ours.
    let allowed =
        unsafe { windows_sys::Win32::UI::WindowsAndMessaging::AllowSetForegroundWindow(ANY) };
    if allowed == 0 {
        tracing::debug!("the window may stay behind others");
    }
}

/// `ASFW_ANY`: whichever process asks next.
const ANY: u32 = u32::MAX;

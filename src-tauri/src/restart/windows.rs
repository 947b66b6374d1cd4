//! Windows: a child takes over and this process ends.

use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Starts this program again, with other arguments and with `input` on standard input, and ends
/// this process. Returns only what went wrong.
pub(super) fn afresh<'a>(input: &[u8], arguments: impl Iterator<Item = &'a str>) -> io::Error {
    match start(input, arguments) {
        Ok(()) => std::process::exit(0),
        Err(why) => why,
    }
}

/// The child must run before it is written to: a pipe here may hold less than the longest link.
fn start<'a>(input: &[u8], arguments: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let program = std::env::current_exe()?;
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).spawn()?;
    child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(input))
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

//! Windows: a child process takes over and this process ends.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use deskside_os::registration::BACKGROUND;
use windows_sys::Win32::System::Recovery::RegisterApplicationRestart;

/// Starts this program again, with other arguments and with `input` on standard input, and ends
/// this process. Returns only an error.
pub(super) fn afresh<'a>(input: &[u8], arguments: impl Iterator<Item = &'a str>) -> io::Error {
    match start(input, arguments) {
        Ok(()) => std::process::exit(0),
        Err(why) => why,
    }
}

/// The child must run before the write, because a pipe may hold less than the longest link here.
fn start<'a>(input: &[u8], arguments: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let program = std::env::current_exe()?;
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).spawn()?;
    child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(input))
}

/// Has Windows start this program again after a crash, after an update by its installer, and after
/// an update of Windows. Windows does not do it for a program that crashes in its first minute.
/// docs/sources/platform.md#session
pub(crate) fn after_crash_and_update() {
    let arguments: Vec<u16> = BACKGROUND.encode_utf16().chain([0]).collect();
    #[expect(unsafe_code, reason = "the one call that asks Windows for a restart")]
    // SAFETY: the text ends with a zero and outlives the call, which copies it.
    let asked = unsafe { RegisterApplicationRestart(arguments.as_ptr(), 0) };
    if asked != 0 {
        tracing::warn!(code = asked, "Windows will not start Deskside again");
    }
}

/// Lets the companion bring its window to the front. Only the process that the user has just
/// started may do so, and it may pass on that right.
pub(super) fn let_the_other_come_to_front() {
    #[expect(unsafe_code, reason = "the one call that passes on the right")]
    // SAFETY: takes a number and touches no memory of ours.
    let allowed =
        unsafe { windows_sys::Win32::UI::WindowsAndMessaging::AllowSetForegroundWindow(ANY) };
    if allowed == 0 {
        tracing::debug!("the window may stay behind others");
    }
}

/// `ASFW_ANY`: the next process that asks.
const ANY: u32 = u32::MAX;

//! Windows: `ShellExecuteEx` without a message box of its own, which could wait unseen behind other
//! windows; Deskside reports the failure instead. docs/sources/platform.md#opening-links

use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Win32::UI::Shell::{
    SEE_MASK_FLAG_NO_UI, SEE_MASK_NOASYNC, SHELLEXECUTEINFOW, ShellExecuteExW,
};
use windows_sys::Win32::UI::WindowsAndMessaging::SW_SHOWNORMAL;
use zeroize::Zeroizing;

/// Opens a file, a program or a link.
pub(super) fn open(target: &str) -> io::Result<()> {
    // The target can be a link, which is a secret.
    let target: Zeroizing<Vec<u16>> = Zeroizing::new(target.encode_utf16().chain([0]).collect());
    execute(&target)
}

/// Starts a program. An ordinary child process would inherit our standard output, and its reader would
/// wait until the program ends. docs/sources/platform.md#opening-links
pub(super) fn start(program: &Path) -> io::Result<()> {
    execute(&program.as_os_str().encode_wide().chain([0]).collect::<Vec<u16>>())
}

/// Opens a zero-terminated target.
fn execute(target: &[u16]) -> io::Result<()> {
    let mut info = SHELLEXECUTEINFOW {
        cbSize: u32::try_from(size_of::<SHELLEXECUTEINFOW>()).unwrap_or(0),
        fMask: SEE_MASK_FLAG_NO_UI | SEE_MASK_NOASYNC,
        hwnd: null_mut(),
        lpVerb: null(),
        lpFile: target.as_ptr(),
        nShow: SW_SHOWNORMAL,
        ..SHELLEXECUTEINFOW::default()
    };
    #[expect(unsafe_code, reason = "the shell opens files and links only through this call")]
    // SAFETY: the structure contains its own size; the text ends with a zero and outlives the call.
    let opened = unsafe { ShellExecuteExW(&raw mut info) };
    if opened == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

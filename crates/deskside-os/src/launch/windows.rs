//! Windows: its own call, which is to answer and not to show a message of its own: what went wrong is
//! told in our words, and a message box would wait for somebody behind other windows.

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
    // It may be a link, which is a secret.
    let target: Zeroizing<Vec<u16>> = Zeroizing::new(target.encode_utf16().chain([0]).collect());
    call(&target)
}

/// Starts a program. A child that is started in the usual way would hold on to our standard output,
/// and whoever reads that would wait for as long as the program lives.
pub(super) fn start(program: &Path) -> io::Result<()> {
    call(&program.as_os_str().encode_wide().chain([0]).collect::<Vec<u16>>())
}

/// Opens a text that ends with a zero.
fn call(target: &[u16]) -> io::Result<()> {
    let mut what = SHELLEXECUTEINFOW {
        cbSize: u32::try_from(size_of::<SHELLEXECUTEINFOW>()).unwrap_or(0),
        fMask: SEE_MASK_FLAG_NO_UI | SEE_MASK_NOASYNC,
        hwnd: null_mut(),
        lpVerb: null(),
        lpFile: target.as_ptr(),
        nShow: SW_SHOWNORMAL,
        ..SHELLEXECUTEINFOW::default()
    };
    #[expect(unsafe_code, reason = "Windows opens things by this call alone")]
    // SAFETY: the structure says its own size; the text ends with a zero and outlives the call.
    let opened = unsafe { ShellExecuteExW(&raw mut what) };
    if opened == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

//! Windows: `ShellExecuteEx` without a message box of its own, which could wait unseen behind other
//! windows; Deskside reports the failure instead. Links that are too long for it are given to the
//! browser's own command. docs/sources/platform.md#opening-links
#![expect(unsafe_code, reason = "the shell opens files and links only through its own calls")]

use std::ffi::OsStr;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::CloseHandle;
use windows_sys::Win32::System::Com::{
    COINIT_APARTMENTTHREADED, COINIT_DISABLE_OLE1DDE, CoInitializeEx, CoUninitialize,
};
use windows_sys::Win32::System::Threading::{CreateProcessW, PROCESS_INFORMATION, STARTUPINFOW};
use windows_sys::Win32::UI::Shell::{
    ASSOCF_NONE, ASSOCSTR_COMMAND, AssocQueryStringW, SEE_MASK_FLAG_NO_UI, SEE_MASK_NOASYNC,
    SHELLEXECUTEINFOW, ShellExecuteExW,
};
use windows_sys::Win32::UI::WindowsAndMessaging::SW_SHOWNORMAL;
use zeroize::Zeroizing;

use super::{LONGEST_SHELL_LINK, command_line};
use crate::wide::{to_wide, until_zero};

/// The longest command of a browser, in units.
const LONGEST_COMMAND: usize = 4096;

/// Opens a link in the default browser.
pub(super) fn link(link: &str) -> io::Result<()> {
    if link.len() <= LONGEST_SHELL_LINK { open(link) } else { open_long(link) }
}

/// Opens a file, a program or a link.
pub(super) fn open(target: &str) -> io::Result<()> {
    execute(OsStr::new(target), None)
}

/// Starts a program in its own folder. An ordinary child process would inherit our standard output,
/// and its reader would wait until the program ends. docs/sources/platform.md#opening-links
pub(super) fn start(program: &Path) -> io::Result<()> {
    execute(program.as_os_str(), program.parent())
}

/// Opens a target, with this working directory or with ours.
fn execute(target: &OsStr, folder: Option<&Path>) -> io::Result<()> {
    let _apartment = Apartment::enter();
    // The target can be a link, which is a secret.
    let target: Zeroizing<Vec<u16>> = Zeroizing::new(target.encode_wide().chain([0]).collect());
    let folder = folder.map(to_wide);
    let mut info = SHELLEXECUTEINFOW {
        cbSize: u32::try_from(size_of::<SHELLEXECUTEINFOW>()).unwrap_or(0),
        fMask: SEE_MASK_FLAG_NO_UI | SEE_MASK_NOASYNC,
        hwnd: null_mut(),
        lpVerb: null(),
        lpFile: target.as_ptr(),
        lpDirectory: folder.as_ref().map_or(null(), |folder| folder.as_ptr()),
        nShow: SW_SHOWNORMAL,
        ..SHELLEXECUTEINFOW::default()
    };
    // SAFETY: the structure contains its own size; the texts end with a zero and outlive the call.
    let opened = unsafe { ShellExecuteExW(&raw mut info) };
    if opened == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Gives a link of up to 32 KiB to the browser's own command.
fn open_long(link: &str) -> io::Result<()> {
    let line = command_line(&browser_command()?, link)
        .ok_or_else(|| io::Error::from(io::ErrorKind::Unsupported))?;
    let mut line: Zeroizing<Vec<u16>> =
        Zeroizing::new(line.reveal().encode_utf16().chain([0]).collect());
    let startup = STARTUPINFOW {
        cb: u32::try_from(size_of::<STARTUPINFOW>()).unwrap_or(0),
        ..STARTUPINFOW::default()
    };
    let mut process = PROCESS_INFORMATION::default();
    // SAFETY: the line ends with a zero and may be changed; the structures outlive the call. No handle
    // is inherited, and both that are returned are closed.
    unsafe {
        let (line, startup) = (line.as_mut_ptr(), &raw const startup);
        let (none, folder) = (null(), null());
        let started = CreateProcessW(
            null(),
            line,
            none,
            none,
            0,
            0,
            null(),
            folder,
            startup,
            &raw mut process,
        );
        if started == 0 {
            return Err(io::Error::last_os_error());
        }
        CloseHandle(process.hThread);
        CloseHandle(process.hProcess);
    }
    Ok(())
}

/// The command with which the default browser opens links.
fn browser_command() -> io::Result<String> {
    let mut command = vec![0_u16; LONGEST_COMMAND];
    let mut length = u32::try_from(LONGEST_COMMAND).unwrap_or(0);
    let (scheme, verb) = (to_wide("https"), to_wide("open"));
    // SAFETY: the texts end with a zero, and the buffer has the length that is passed.
    let told = unsafe {
        AssocQueryStringW(
            ASSOCF_NONE,
            ASSOCSTR_COMMAND,
            scheme.as_ptr(),
            verb.as_ptr(),
            command.as_mut_ptr(),
            &raw mut length,
        )
    };
    if told != 0 {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok(String::from_utf16_lossy(until_zero(&command)))
}

/// Membership of this thread in a single-threaded apartment, as the shell wants it.
struct Apartment(bool);

impl Apartment {
    fn enter() -> Self {
        let how = COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE;
        // SAFETY: touches no memory of ours. A thread that is in another kind of apartment stays there.
        Self(unsafe { CoInitializeEx(null(), how.cast_unsigned()) } >= 0)
    }
}

impl Drop for Apartment {
    fn drop(&mut self) {
        if self.0 {
            // SAFETY: balances the successful entry of the same thread.
            unsafe { CoUninitialize() };
        }
    }
}

//! Windows: starting this program again with the rights that its user has every day.
//!
//! A program that was started as administrator is out of reach for the browser's copies of it, and
//! would open the browser as administrator. The desktop itself runs with everyday rights, as the
//! person who is signed in, and lends them. docs/sources/platform.md#session
#![expect(unsafe_code, reason = "Win32 alone starts a program with another program's rights")]

use std::ffi::OsString;
use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::CloseHandle;
use windows_sys::Win32::Security::{
    DuplicateTokenEx, GetTokenInformation, SecurityImpersonation, TOKEN_ACCESS_MASK,
    TOKEN_ADJUST_DEFAULT, TOKEN_ADJUST_SESSIONID, TOKEN_ASSIGN_PRIMARY, TOKEN_DUPLICATE,
    TOKEN_ELEVATION_TYPE, TOKEN_QUERY, TokenElevationType, TokenElevationTypeFull, TokenPrimary,
};
use windows_sys::Win32::System::Threading::{
    CreateProcessWithTokenW, OpenProcess, PROCESS_INFORMATION, PROCESS_QUERY_LIMITED_INFORMATION,
    STARTUPINFOW,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{GetShellWindow, GetWindowThreadProcessId};

use super::platform::{own_process, token};
use crate::wide::to_wide;

/// What a new token must allow for a program to be started with it.
const RIGHTS: TOKEN_ACCESS_MASK = TOKEN_QUERY
    | TOKEN_ASSIGN_PRIMARY
    | TOKEN_DUPLICATE
    | TOKEN_ADJUST_DEFAULT
    | TOKEN_ADJUST_SESSIONID;

/// True when this process runs as administrator although its user does not do so every day. False
/// where User Account Control is off: then everything runs as administrator.
pub(super) fn is_elevated() -> io::Result<bool> {
    let token = token(own_process(), TOKEN_QUERY)?;
    let mut kind: TOKEN_ELEVATION_TYPE = 0;
    let (size, mut written) = (u32::try_from(size_of_val(&kind)).unwrap_or(0), 0);
    // SAFETY: the token is open; the place has the size that is passed and outlives the call.
    let told = unsafe {
        let (token, place) = (token.as_raw_handle(), (&raw mut kind).cast());
        GetTokenInformation(token, TokenElevationType, place, size, &raw mut written)
    };
    if told == 0 { Err(io::Error::last_os_error()) } else { Ok(kind == TokenElevationTypeFull) }
}

/// Starts this program with these arguments and the rights of the desktop.
pub(super) fn start(arguments: &str) -> io::Result<()> {
    let token = desktop_token()?;
    let program = std::env::current_exe()?;
    let mut line = OsString::from("\"");
    line.push(&program);
    line.push("\" ");
    line.push(arguments);
    let (program, mut line) = (to_wide(&program), to_wide(&line));
    let startup = STARTUPINFOW {
        cb: u32::try_from(size_of::<STARTUPINFOW>()).unwrap_or(0),
        ..STARTUPINFOW::default()
    };
    let mut process = PROCESS_INFORMATION::default();
    // SAFETY: the token is open; the texts end with a zero; everything outlives the call, and the
    // handles that it returns are closed.
    unsafe {
        let (token, program, line) = (token.as_raw_handle(), program.as_ptr(), line.as_mut_ptr());
        let (startup, process) = (&raw const startup, &raw mut process);
        let started =
            CreateProcessWithTokenW(token, 0, program, line, 0, null(), null(), startup, process);
        if started == 0 {
            return Err(io::Error::last_os_error());
        }
        CloseHandle((*process).hThread);
        CloseHandle((*process).hProcess);
    }
    Ok(())
}

/// A token with the rights of the program that draws the desktop.
fn desktop_token() -> io::Result<OwnedHandle> {
    let mut pid = 0;
    // SAFETY: a window that is gone, or none, is answered with zero.
    let thread = unsafe { GetWindowThreadProcessId(GetShellWindow(), &raw mut pid) };
    if thread == 0 {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no desktop"));
    }
    // SAFETY: takes three numbers and touches no memory of ours.
    let process = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid) };
    if process.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just opened, and owned by nothing else.
    let process = unsafe { OwnedHandle::from_raw_handle(process) };
    let token = token(process.as_handle(), TOKEN_DUPLICATE)?;
    let mut copy = null_mut();
    // SAFETY: the token is open, and `copy` outlives the call.
    let copied = unsafe {
        let (token, kind) = (token.as_raw_handle(), TokenPrimary);
        DuplicateTokenEx(token, RIGHTS, null(), SecurityImpersonation, kind, &raw mut copy)
    };
    if copied == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just made, and owned by nothing else.
    Ok(unsafe { OwnedHandle::from_raw_handle(copy) })
}

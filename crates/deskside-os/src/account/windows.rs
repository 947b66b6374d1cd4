//! Windows: the user, the session and the rights of this process.
#![expect(unsafe_code, reason = "Win32 alone knows as whom a process runs")]

use std::io;
use std::os::windows::io::{AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{ERROR_INSUFFICIENT_BUFFER, LocalFree};
use windows_sys::Win32::Security::Authorization::ConvertSidToStringSidW;
use windows_sys::Win32::Security::{
    GetTokenInformation, PSID, TOKEN_ACCESS_MASK, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::System::RemoteDesktop::ProcessIdToSessionId;
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use crate::wide;

/// The account of this process, as text, and its session.
pub(super) fn own() -> io::Result<(String, u32)> {
    let mut session = 0;
    // SAFETY: takes the number of this process, and `session` outlives the call.
    if unsafe { ProcessIdToSessionId(std::process::id(), &raw mut session) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok((User::of_this_process()?.text()?, session))
}

/// The user as whom a process runs: a `TOKEN_USER` followed by the identifier that it points to. Of
/// words, so that the structure is aligned.
pub(crate) struct User(Vec<u64>);

impl User {
    pub(crate) fn of_this_process() -> io::Result<Self> {
        let token = token(own_process(), TOKEN_QUERY)?;
        let mut needed = 0;
        // SAFETY: the token is open; without a buffer the call only says how much it needs.
        let told = unsafe {
            let token = token.as_raw_handle();
            GetTokenInformation(token, TokenUser, null_mut(), 0, &raw mut needed)
        };
        let why = io::Error::last_os_error();
        if told == 0 && why.raw_os_error() != Some(ERROR_INSUFFICIENT_BUFFER.cast_signed()) {
            return Err(why);
        }
        let bytes = usize::try_from(needed).unwrap_or(0).max(size_of::<TOKEN_USER>());
        let mut buffer = vec![0_u64; bytes.div_ceil(size_of::<u64>())];
        // SAFETY: the token is open, the buffer has at least the size that is passed, and all of it
        // outlives the call.
        let told = unsafe {
            let (token, start) = (token.as_raw_handle(), buffer.as_mut_ptr().cast());
            GetTokenInformation(token, TokenUser, start, needed, &raw mut needed)
        };
        if told == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(buffer)) }
    }

    pub(crate) fn sid(&self) -> PSID {
        // SAFETY: the buffer was filled with an aligned TOKEN_USER whose pointer leads into the same
        // buffer. The heap memory of a vector stays where it is when the vector moves.
        unsafe { (*self.0.as_ptr().cast::<TOKEN_USER>()).User.Sid }
    }

    /// The identifier as text, such as `S-1-5-21-…`.
    pub(crate) fn text(&self) -> io::Result<String> {
        let mut text = null_mut();
        // SAFETY: the identifier lives as long as `self`, and `text` outlives the call.
        if unsafe { ConvertSidToStringSidW(self.sid(), &raw mut text) } == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: Windows has allocated this text, which ends with a zero; it is freed after it was
        // read, and nobody else has it.
        unsafe {
            let told = wide::copy(text).to_string_lossy().into_owned();
            LocalFree(text.cast());
            Ok(told)
        }
    }
}

/// A handle to this process.
pub(super) fn own_process() -> BorrowedHandle<'static> {
    // SAFETY: the constant that stands for this process stays valid and is never closed.
    unsafe { BorrowedHandle::borrow_raw(GetCurrentProcess()) }
}

/// The token of a process, opened for this.
pub(super) fn token(process: BorrowedHandle, rights: TOKEN_ACCESS_MASK) -> io::Result<OwnedHandle> {
    let mut token = null_mut();
    // SAFETY: the handle is open, and `token` outlives the call.
    if unsafe { OpenProcessToken(process.as_raw_handle(), rights, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just opened, and owned by nothing else.
    Ok(unsafe { OwnedHandle::from_raw_handle(token) })
}

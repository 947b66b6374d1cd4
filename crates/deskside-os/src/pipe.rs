//! Who is at the other end of a named pipe.
//!
//! Every user of a computer can create a pipe under any name that is free, so a client checks the
//! server before it sends a secret.
#![expect(unsafe_code, reason = "Win32 alone names the process behind a pipe and its user")]

use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::ERROR_INSUFFICIENT_BUFFER;
use windows_sys::Win32::Security::{
    EqualSid, GetTokenInformation, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::System::Pipes::GetNamedPipeServerProcessId;
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_QUERY_LIMITED_INFORMATION,
};

/// True when the server of this pipe runs as the same user as this process. False also when Windows
/// denies access to the server's process or token: a program of the same user with the same rights
/// is never denied.
///
/// # Errors
/// When Windows does not say who the server is, for example because it has ended.
pub fn server_is_same_user(client: &impl AsHandle) -> io::Result<bool> {
    let server = match server(client.as_handle()).and_then(|process| User::of(process.as_handle()))
    {
        Err(why) if why.kind() == io::ErrorKind::PermissionDenied => return Ok(false),
        server => server?,
    };
    // SAFETY: the constant that stands for this process stays valid and is never closed.
    let own = unsafe { BorrowedHandle::borrow_raw(GetCurrentProcess()) };
    Ok(server == User::of(own)?)
}

fn server(client: BorrowedHandle) -> io::Result<OwnedHandle> {
    let mut pid = 0;
    // SAFETY: the handle is open, and `pid` outlives the call.
    if unsafe { GetNamedPipeServerProcessId(client.as_raw_handle(), &raw mut pid) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: takes three numbers and touches no memory of ours.
    let process = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid) };
    if process.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just opened, and owned by nothing else.
    Ok(unsafe { OwnedHandle::from_raw_handle(process) })
}

/// The user as whom a process runs: a `TOKEN_USER` followed by the identifier that it points to. Of
/// words, so that the structure is aligned.
struct User(Vec<u64>);

impl User {
    fn of(process: BorrowedHandle) -> io::Result<Self> {
        let token = token(process)?;
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
}

impl PartialEq for User {
    fn eq(&self, other: &Self) -> bool {
        // SAFETY: both buffers were filled with an aligned TOKEN_USER whose pointer leads into the
        // same buffer. The heap memory of a vector stays where it is when the vector moves.
        unsafe {
            let [own, other] = [self, other].map(|user| &*user.0.as_ptr().cast::<TOKEN_USER>());
            EqualSid(own.User.Sid, other.User.Sid) != 0
        }
    }
}

fn token(process: BorrowedHandle) -> io::Result<OwnedHandle> {
    let mut token = null_mut();
    // SAFETY: the handle is open, and `token` outlives the call.
    if unsafe { OpenProcessToken(process.as_raw_handle(), TOKEN_QUERY, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just opened, and owned by nothing else.
    Ok(unsafe { OwnedHandle::from_raw_handle(token) })
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use tokio::net::windows::named_pipe::{ClientOptions, ServerOptions};

    use super::*;

    #[tokio::test]
    async fn own_pipe_belongs_to_the_same_user() {
        let name = format!(r"\\.\pipe\deskside-tests-{}", std::process::id());
        let _server = ServerOptions::new().first_pipe_instance(true).create(&name).unwrap();
        let client = ClientOptions::new().open(&name).unwrap();
        assert!(server_is_same_user(&client).unwrap());
    }

    #[test]
    fn handle_without_a_server_is_an_error() {
        let file = File::open(std::env::current_exe().unwrap()).unwrap();
        assert!(server_is_same_user(&file).is_err());
    }
}

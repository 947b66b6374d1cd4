//! The companion's named pipe: its name, who may open it, and whose it is.
//!
//! Every user of a computer can list pipe names and create a pipe under any name that is free. So the
//! name is no secret, the pipe is open to its user alone, and a client checks the owner before it
//! sends anything: only an administrator can make another user the owner.
//! docs/sources/platform.md#named-pipes
#![expect(unsafe_code, reason = "Win32 alone says who may open a pipe, and who owns it")]

use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle};
use std::path::Path;
use std::ptr::null_mut;

use sha2::{Digest, Sha256};
use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo, SDDL_REVISION_1,
    SE_KERNEL_OBJECT,
};
use windows_sys::Win32::Security::{
    EqualSid, OWNER_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, PSID, SECURITY_ATTRIBUTES,
};

use crate::account::User;
use crate::wide;

/// The full name of the pipe of this user's profile in `folder`. Also the same user's copies in other
/// sessions of a terminal server find it there: they share the profile.
///
/// # Errors
/// When Windows does not say who the user is.
pub fn name(folder: &Path) -> io::Result<String> {
    let user = User::of_this_process()?.text()?;
    // One folder has several spellings.
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let hash = Sha256::new()
        .chain_update(user)
        .chain_update(folder.to_string_lossy().to_lowercase())
        .finalize();
    let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!(r"\\.\pipe\deskside-{hash}"))
}

/// Makes a pipe that this user and the system may open, on this computer, with an end for the first
/// visitor.
///
/// # Errors
/// When the pipe cannot be made, for example because somebody has one of this name.
pub fn first_end(name: &str) -> io::Result<NamedPipeServer> {
    end(ServerOptions::new().first_pipe_instance(true), name, &own_rights()?)
}

/// Adds an end for the next visitor to a pipe of this process.
///
/// # Errors
/// When Windows refuses it.
pub fn next_end(name: &str) -> io::Result<NamedPipeServer> {
    end(&mut ServerOptions::new(), name, &own_rights()?)
}

/// Also for a process that runs as administrator: otherwise its pipe would belong to all
/// administrators, and be closed to this user's other programs.
fn own_rights() -> io::Result<String> {
    let user = User::of_this_process()?.text()?;
    Ok(format!("O:{user}D:P(A;;GA;;;{user})(A;;GA;;;SY)"))
}

fn end(options: &mut ServerOptions, name: &str, rights: &str) -> io::Result<NamedPipeServer> {
    let rights = Rights::read(rights)?;
    let mut attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or(0),
        lpSecurityDescriptor: rights.0,
        bInheritHandle: 0,
    };
    options.reject_remote_clients(true);
    // SAFETY: the attributes are complete; they and the descriptor outlive the call.
    unsafe { options.create_with_security_attributes_raw(name, (&raw mut attributes).cast()) }
}

/// True when the pipe behind this handle belongs to the user of this process.
///
/// # Errors
/// When Windows does not say whose it is.
pub fn is_own(client: &impl AsHandle) -> io::Result<bool> {
    let own = User::of_this_process()?;
    let mut owner: PSID = null_mut();
    let mut rights = Rights(null_mut());
    // SAFETY: the handle is open, and both places outlive the call.
    let told = unsafe {
        GetSecurityInfo(
            client.as_handle().as_raw_handle(),
            SE_KERNEL_OBJECT,
            OWNER_SECURITY_INFORMATION,
            &raw mut owner,
            null_mut(),
            null_mut(),
            null_mut(),
            &raw mut rights.0,
        )
    };
    if told != 0 {
        return Err(io::Error::from_raw_os_error(told.cast_signed()));
    }
    // SAFETY: the owner points into the descriptor, which is freed at the end of this function.
    Ok(!owner.is_null() && unsafe { EqualSid(own.sid(), owner) } != 0)
}

/// A security descriptor that Windows has allocated.
struct Rights(PSECURITY_DESCRIPTOR);

impl Rights {
    fn read(text: &str) -> io::Result<Self> {
        let text = wide::to_wide(text);
        let mut rights = Self(null_mut());
        // SAFETY: the text ends with a zero, and `rights` outlives the call.
        let read = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut rights.0,
                null_mut(),
            )
        };
        if read == 0 { Err(io::Error::last_os_error()) } else { Ok(rights) }
    }
}

impl Drop for Rights {
    fn drop(&mut self) {
        // SAFETY: allocated by Windows for us, and freed here only. Null is allowed.
        unsafe { LocalFree(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::windows::named_pipe::ClientOptions;

    use super::*;

    #[tokio::test]
    async fn own_pipe_opens_and_is_own() {
        let folder = tempfile::tempdir().unwrap();
        let name = name(folder.path()).unwrap();
        let _server = first_end(&name).unwrap();
        let client = ClientOptions::new().open(&name).unwrap();
        assert!(is_own(&client).unwrap());
    }

    #[test]
    fn a_profile_has_one_name_in_every_spelling() {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let spelled = one.path().to_string_lossy().to_uppercase();
        assert_eq!(name(one.path()).unwrap(), name(Path::new(&spelled)).unwrap());
        assert_ne!(name(one.path()).unwrap(), name(other.path()).unwrap());
    }

    #[tokio::test]
    async fn a_pipe_of_somebody_else_is_not_own() {
        let name = format!(r"\\.\pipe\deskside-tests-{}", std::process::id());
        let _server = end(&mut ServerOptions::new(), &name, "O:BAD:(A;;GA;;;WD)").unwrap();
        let client = ClientOptions::new().open(&name).unwrap();
        assert!(!is_own(&client).unwrap());
    }
}

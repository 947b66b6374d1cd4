//! The Credential Manager, read by its own calls.

use std::slice;

use windows_sys::Win32::Foundation::{ERROR_NOT_FOUND, GetLastError};
use windows_sys::Win32::Security::Credentials::{
    CRED_PERSIST_LOCAL_MACHINE, CREDENTIALW, CredDeleteW, CredEnumerateW, CredFree,
};

use crate::{IDENTIFIER, Outcome};

/// An entry of Deskside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its name in Windows.
    pub target: String,
    /// The secret.
    pub secret: Vec<u8>,
    /// True when it stays on this computer; false when it ends with the session, or travels.
    pub is_local: bool,
    kind: u32,
}

/// Everything that Deskside keeps in the Credential Manager.
///
/// # Errors
/// When the Credential Manager does not answer.
#[expect(unsafe_code, reason = "the Credential Manager has no safe interface")]
pub fn credentials() -> Outcome<Vec<Credential>> {
    let (mut count, mut list) = (0_u32, std::ptr::null_mut());
    let ours = wide(&format!("{IDENTIFIER}*"));
    // SAFETY: the text ends with a zero; the others are written by the call, and read only when it
    // says that it has.
    let found = unsafe { CredEnumerateW(ours.as_ptr(), 0, &mut count, &mut list) };
    if found == 0 {
        // SAFETY: reads a number.
        return match unsafe { GetLastError() } {
            ERROR_NOT_FOUND => Ok(Vec::new()),
            why => Err(std::io::Error::from_raw_os_error(why.cast_signed()).into()),
        };
    }
    // SAFETY: the call has made a list of so many valid entries; it lives until it is freed below.
    let entries = unsafe { slice::from_raw_parts(list, usize::try_from(count)?) };
    // SAFETY: as above, for each of them. Wine 8 aligns only the first.
    let ours = entries.iter().map(|entry| unsafe { read(&entry.read_unaligned()) }).collect();
    // SAFETY: made by CredEnumerateW, and nothing refers to it any more.
    unsafe { CredFree(list.cast()) };
    Ok(ours)
}

/// One entry by its name in Windows.
///
/// # Errors
/// When the Credential Manager does not answer.
pub fn credential(target: &str) -> Outcome<Option<Credential>> {
    Ok(credentials()?.into_iter().find(|one| one.target == target))
}

/// Reads an entry.
///
/// # Safety
/// Its pointers must be valid, as they are in what the Credential Manager has made.
#[expect(unsafe_code, reason = "the Credential Manager has no safe interface")]
unsafe fn read(entry: &CREDENTIALW) -> Credential {
    let length = usize::try_from(entry.CredentialBlobSize).unwrap_or_default();
    let secret = if length == 0 {
        Vec::new()
    } else {
        // SAFETY: the caller's promise.
        unsafe { slice::from_raw_parts(entry.CredentialBlob, length) }.to_vec()
    };
    Credential {
        // SAFETY: the caller's promise.
        target: unsafe { text(entry.TargetName) },
        secret,
        is_local: entry.Persist == CRED_PERSIST_LOCAL_MACHINE,
        kind: entry.Type,
    }
}

/// Reads a text that ends with a zero.
///
/// # Safety
/// It must be one.
#[expect(unsafe_code, reason = "the Credential Manager has no safe interface")]
unsafe fn text(start: *const u16) -> String {
    let mut length = 0;
    // SAFETY: the caller's promise; nothing is read past the zero.
    while unsafe { *start.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: so many were just read.
    String::from_utf16_lossy(unsafe { slice::from_raw_parts(start, length) })
}

/// A text as Windows expects it.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// Deletes everything of Deskside.
#[expect(unsafe_code, reason = "the Credential Manager has no safe interface")]
pub(crate) fn clean() -> Outcome {
    for one in credentials()? {
        let target = wide(&one.target);
        // SAFETY: the text ends with a zero and lives until the call returns.
        if unsafe { CredDeleteW(target.as_ptr(), one.kind, 0) } == 0 {
            return Err(std::io::Error::last_os_error().into());
        }
    }
    Ok(())
}

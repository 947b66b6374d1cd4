//! Windows: a file that administrators deploy, and a registry key that the machine-wide installer writes.
//!
//! Both are writable by administrators only. `%ProgramData%` is not: every user can create folders there
//! and could decide which hosts are trusted. docs/sources/platform.md#registry-and-com

use std::io::{Error, ErrorKind};
use std::path::PathBuf;

use deskside_model::Secret;
use windows_registry::LOCAL_MACHINE;

use super::PolicyFault;

/// Only administrators can write below this key. docs/sources/platform.md#registry-and-com
const POLICY: &str = r"Software\Policies\Deskside";

/// The folder for policies, which only administrators can write to.
pub(super) fn policy_folder() -> PathBuf {
    std::env::var_os("ProgramFiles").map_or_else(|| PathBuf::from(r"C:\Program Files"), Into::into)
}

/// The host of the backend that an administrator set when installing.
pub(super) fn policy_backend() -> Result<Option<String>, PolicyFault> {
    policy("Backend")
}

/// The one-time enrollment code that an administrator set when installing.
pub(super) fn policy_enrollment() -> Result<Option<Secret>, PolicyFault> {
    policy("Enrollment").map(|code| code.map(Secret::new))
}

fn policy(name: &str) -> Result<Option<String>, PolicyFault> {
    let text = LOCAL_MACHINE.open(POLICY).and_then(|key| key.get_string(name));
    match text.map_err(Error::from) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => {
            let key = PathBuf::from(r"HKEY_LOCAL_MACHINE").join(POLICY);
            Err(PolicyFault::new(key, &why))
        }
    }
}

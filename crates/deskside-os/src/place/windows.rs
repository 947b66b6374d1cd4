//! Windows: a file that administrators copy, and a key that the installer for everybody writes.
//! Both are where only administrators write. `%ProgramData%` is not: every user may put folders
//! there, and so whom to trust.

use std::io::{Error, ErrorKind};
use std::path::PathBuf;

use deskside_model::Secret;
use windows_registry::LOCAL_MACHINE;

use super::PlaceFault;

/// Below this key only administrators write.
const POLICY: &str = r"Software\Policies\Deskside";

/// Where administrators put policies: a place that ordinary programs do not write to.
pub(super) fn policy_folder() -> PathBuf {
    std::env::var_os("ProgramFiles").map_or_else(|| PathBuf::from(r"C:\Program Files"), Into::into)
}

/// The host of the backend that an administrator named when installing.
pub(super) fn policy_backend() -> Result<Option<String>, PlaceFault> {
    policy("Backend")
}

/// The one-time code that an administrator gave when installing, to link this computer with.
pub(super) fn policy_enrollment() -> Result<Option<Secret>, PlaceFault> {
    policy("Enrollment").map(|code| code.map(Secret::new))
}

fn policy(name: &str) -> Result<Option<String>, PlaceFault> {
    let text = LOCAL_MACHINE.open(POLICY).and_then(|key| key.get_string(name));
    match text.map_err(Error::from) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => {
            let key = PathBuf::from(r"HKEY_LOCAL_MACHINE").join(POLICY);
            Err(PlaceFault::BadPolicy(key, why.to_string()))
        }
    }
}

//! Windows: a file that administrators copy, and a key that the installer for everybody writes.

use std::io::{Error, ErrorKind};
use std::path::PathBuf;

use windows_registry::LOCAL_MACHINE;

use super::PlaceFault;

/// Below this key only administrators write.
const POLICY: &str = r"Software\Policies\Deskside";

/// Where administrators put policies: a place that ordinary programs do not write to.
pub(super) fn policy_folder() -> PathBuf {
    std::env::var_os("ProgramData").map_or_else(|| PathBuf::from(r"C:\ProgramData"), Into::into)
}

/// The host of the backend that an administrator named when installing.
pub(super) fn policy_backend() -> Result<Option<String>, PlaceFault> {
    let host = LOCAL_MACHINE.open(POLICY).and_then(|key| key.get_string("Backend"));
    match host.map_err(Error::from) {
        Ok(host) => Ok(Some(host.trim().to_owned()).filter(|host| !host.is_empty())),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => {
            let key = PathBuf::from(r"HKEY_LOCAL_MACHINE").join(POLICY);
            Err(PlaceFault::BadPolicy(key, why.to_string()))
        }
    }
}

//! Windows: a file that administrators deploy, and a registry key that the machine-wide installer writes.
//!
//! Both are writable by administrators only. `%ProgramData%` is not: every user can create folders there
//! and could decide which hosts are trusted. docs/sources/platform.md#registry-and-com

use std::io::{Error, ErrorKind};
use std::path::PathBuf;

use deskside_model::Secret;
use windows_registry::LOCAL_MACHINE;
use windows_sys::Win32::UI::Shell::FOLDERID_ProgramFiles;

use super::PolicyFault;
use crate::probe::known_folder;

/// Only administrators can write below this key. docs/sources/platform.md#registry-and-com
const POLICY: &str = r"Software\Policies\Deskside";

/// The folder for policies, which only administrators can write to. Windows itself says where it is: whoever
/// starts this program decides what its environment says.
///
/// # Errors
/// When Windows does not say it.
pub(super) fn policy_folder() -> Result<PathBuf, PolicyFault> {
    known_folder(&FOLDERID_ProgramFiles)
        .map_err(|why| PolicyFault::new(PathBuf::from("in the program files"), &why))
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

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Set for the copy of this test whose environment names another folder.
    const COPY: &str = "DESKSIDE_TEST_COPY";

    #[test]
    fn environment_does_not_decide_where_the_policy_is() {
        let folder = policy_folder().unwrap();
        assert!(folder.is_absolute() && !folder.starts_with(r"C:\elsewhere"), "{folder:?}");
        if std::env::var_os(COPY).is_some() {
            return;
        }
        let test = "policy::platform::tests::environment_does_not_decide_where_the_policy_is";
        let mut copy = Command::new(std::env::current_exe().unwrap());
        copy.args(["--exact", test]).env(COPY, "1").env("ProgramFiles", r"C:\elsewhere");
        let copy = copy.output().unwrap();
        let told = String::from_utf8_lossy(&copy.stdout);
        assert!(copy.status.success() && told.contains("1 passed"), "{told}");
    }
}

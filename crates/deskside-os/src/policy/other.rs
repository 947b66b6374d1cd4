//! Other systems: the policy is a file only.

use std::path::PathBuf;

use deskside_model::Secret;

use super::PolicyFault;

/// The folder for policies, which only administrators can write to.
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Windows")]
pub(super) fn policy_folder() -> Result<PathBuf, PolicyFault> {
    Ok(PathBuf::from("/etc"))
}

/// Always `None`: only the Windows installer stores a one-time code.
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Windows")]
pub(super) const fn policy_enrollment() -> Result<Option<Secret>, PolicyFault> {
    Ok(None)
}

/// Always `None`: only the Windows installer stores a backend.
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Windows")]
pub(super) const fn policy_backend() -> Result<Option<String>, PolicyFault> {
    Ok(None)
}

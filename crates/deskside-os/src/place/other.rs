//! Elsewhere: the policy is a file and nothing else.

use std::path::PathBuf;

use deskside_model::Secret;

use super::PlaceFault;

/// Where administrators put policies: a place that ordinary programs do not write to.
pub(super) fn policy_folder() -> PathBuf {
    PathBuf::from("/etc")
}

/// On Windows, the one-time code that an administrator gave when installing.
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Windows")]
pub(super) const fn policy_enrollment() -> Result<Option<Secret>, PlaceFault> {
    Ok(None)
}

/// On Windows, the host of the backend that an administrator named when installing.
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Windows")]
pub(super) const fn policy_backend() -> Result<Option<String>, PlaceFault> {
    Ok(None)
}

//! The state of the OS keyring, and why an operation on it failed.

use serde::{Deserialize, Serialize};

/// The longest secret that Windows stores, in bytes. Enforced everywhere, so that tests on other
/// systems notice. `CRED_MAX_CREDENTIAL_BLOB_SIZE`: docs/sources/platform.md#credential-manager
pub const MAX_SECRET_BYTES: usize = 2560;

/// The state of the vault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// Not tried yet.
    #[default]
    Unknown,
    /// It reads and writes.
    Working,
    /// It exists and denies access.
    Locked,
    /// The system lets nobody keep passwords: by policy, or because of how this session was started.
    Forbidden,
    /// It does not answer, often because it is showing the user a prompt of its own.
    Silent,
    /// It does not exist, or it fails.
    Missing,
}

/// Why an operation on the vault failed. Keyring errors are translated here and never kept: two of
/// them carry the secret itself. See docs/sources/platform.md#keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultFault {
    /// No such entry. This means signed out, not broken.
    #[error("there is no such secret")]
    Absent,
    /// The store denies access.
    #[error("the keyring is locked")]
    Locked,
    /// The system lets nobody keep passwords.
    #[error("the system forbids keeping passwords")]
    Forbidden,
    /// No answer in time.
    #[error("the keyring does not answer")]
    Silent,
    /// No store, or it fails.
    #[error("the keyring is missing or fails")]
    Broken,
    /// More than [`MAX_SECRET_BYTES`].
    #[error("the secret is longer than {MAX_SECRET_BYTES} bytes")]
    TooLong,
}

impl From<VaultFault> for VaultState {
    fn from(fault: VaultFault) -> Self {
        match fault {
            VaultFault::Locked => Self::Locked,
            VaultFault::Forbidden => Self::Forbidden,
            VaultFault::Silent => Self::Silent,
            VaultFault::Absent | VaultFault::Broken | VaultFault::TooLong => Self::Missing,
        }
    }
}

//! How the OS keyring is, and why it did not do what was asked.

use serde::{Deserialize, Serialize};

/// Windows keeps at most this many bytes a credential; enforced everywhere, so that tests on
/// other systems notice. Source: `CRED_MAX_CREDENTIAL_BLOB_SIZE`.
pub const MAX_SECRET_BYTES: usize = 2560;

/// How the vault is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// Nobody has tried yet.
    #[default]
    Unknown,
    /// It takes and gives.
    Working,
    /// It is there and does not let us in.
    Locked,
    /// It does not answer; often because it waits for the user behind a prompt of its own.
    Silent,
    /// There is none, or it fails.
    Missing,
}

/// Why the vault did not do what was asked. Keyring errors are translated here and never kept:
/// two of them carry the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultFault {
    /// No such entry: signed out, not broken.
    #[error("there is no such secret")]
    Absent,
    /// The store does not let us in.
    #[error("the keyring is locked")]
    Locked,
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
            VaultFault::Silent => Self::Silent,
            VaultFault::Absent | VaultFault::Broken | VaultFault::TooLong => Self::Missing,
        }
    }
}

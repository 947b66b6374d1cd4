//! Who opens `deskside:` links for this user.

use serde::{Deserialize, Serialize};

/// Who opens `deskside:` links for this user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// This program.
    Ours,
    /// Another program that is still there, or another copy of this one.
    Taken {
        /// Its file name, without a folder.
        program: String,
    },
    /// Nobody: it is not registered, or for a program that is gone.
    Missing,
}

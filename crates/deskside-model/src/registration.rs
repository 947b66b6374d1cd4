//! Which program opens `deskside:` links for this user. See docs/sources/platform.md#deep-links.

use serde::{Deserialize, Serialize};

/// Which program opens `deskside:` links for this user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// This program.
    Ours,
    /// Another program that still exists, or another copy of this one.
    Taken {
        /// Its file name, without a folder.
        program: String,
    },
    /// None: the scheme is not registered, or its program no longer exists.
    Missing,
}

//! The answer of a probe: a value, its absence, or why nobody can say. The three are never mixed up.

use serde::{Deserialize, Serialize};

/// What is known about one thing: its value, that it is not there, or why nobody can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding<T> {
    /// It is there, and this is how.
    Known(T),
    /// It was looked for and is not there.
    Absent,
    /// It could not be looked at, and why.
    Unknown(String),
}

impl<T> Default for Finding<T> {
    fn default() -> Self {
        Self::Unknown("not looked at".into())
    }
}

impl<T> Finding<T> {
    /// The value, where there is one. Use it only where absent and unknown call for the same.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown(_) => None,
        }
    }
}

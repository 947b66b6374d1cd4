//! Whether this computer has a network connection at all. Whether a certain host answers is a
//! different question: see [`super::Reachability`].

use serde::{Deserialize, Serialize};

/// The network connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// How many interfaces have an address that reaches beyond this computer.
    pub interfaces: usize,
}

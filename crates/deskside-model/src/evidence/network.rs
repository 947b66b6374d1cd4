//! Whether this computer has a way to the network at all. Whether a certain host answers is another
//! question: see [`super::Reach`].

use serde::{Deserialize, Serialize};

/// A way to the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// How many interfaces have an address that can reach beyond this computer.
    pub interfaces: usize,
}

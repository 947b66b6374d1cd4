//! Systems without `/proc`, from which the figures are read.

use crate::outcome::Outcome;

/// Fails.
pub(crate) fn bench() -> Outcome {
    Err("the benchmark needs Linux".into())
}

//! How a command ends.

use std::error::Error;

/// A value, or why there is none. A person reads the reason, and no code branches on it.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

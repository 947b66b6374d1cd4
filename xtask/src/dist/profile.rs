//! Which of Cargo's two profiles the programs are built with.

/// Cargo's profile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For tests: quick to build and pack, and large.
    Dev,
    /// For customers.
    Release,
}

impl Profile {
    /// Its folder below the target folder.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

//! Remembers what a result was built from, so that it is not built again from the same sources.
//!
//! A stamp is a hash of contents, not a time: a checkout changes the times of files that are the
//! same as before.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::outcome::Outcome;
use crate::paths;

/// The hash of a result's sources, and the file that holds the hash of its last build.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// The stamp that `name` would have if it were built from `sources` now.
    pub(crate) fn of(name: &str, sources: &impl Hash) -> Outcome<Self> {
        // Stable within one release of Rust. Another release builds everything once more, which
        // does no harm.
        let mut hasher = DefaultHasher::new();
        sources.hash(&mut hasher);
        let file = paths::work_folder("stamps")?.join(name);
        Ok(Self { file, hash: format!("{:016x}\n", hasher.finish()) })
    }

    /// True when the last build used the same sources.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|last| last == self.hash)
    }

    /// Call this before building: what stops halfway is not current.
    pub(crate) fn clear(&self) -> Outcome {
        match fs::remove_file(&self.file) {
            Err(why) if why.kind() != ErrorKind::NotFound => Err(why.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Call this when the build is complete.
    pub(crate) fn set(&self) -> Outcome {
        Ok(fs::write(&self.file, &self.hash)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_current_only_for_the_same_sources() {
        let stamp = |sources: &[&str]| Stamp::of("test-of-stamps", &sources.to_vec()).unwrap();
        // Given a result that was built from one source
        stamp(&["one"]).set().unwrap();
        // Then it is current for that source and for no other
        assert!(stamp(&["one"]).is_current(), "the same sources count as changed");
        assert!(!stamp(&["other"]).is_current(), "changed sources count as the same");
        stamp(&["one"]).clear().unwrap();
        assert!(!stamp(&["one"]).is_current(), "a cleared stamp still counts");
    }
}

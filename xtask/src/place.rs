//! Where things are, and whether they have changed since the last time.
//!
//! A stamp is a hash of contents and not a time: a checkout or a switch of branches changes the
//! times of files that are the same as before.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::Outcome;

/// The repository.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    // Joining an absolute path replaces what was there.
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// What this program leaves behind, below the target folder; made if it is not there.
pub(crate) fn own(folder: &str) -> Outcome<PathBuf> {
    let folder = target().join("xtask").join(folder);
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    Ok(folder)
}

/// The first of these programs that the search path has.
pub(crate) fn program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let places = names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// Every file below a folder by its relative path; without the entries of the folder itself that
/// bear one of these names.
pub(crate) fn files(folder: &Path, without: &[&str]) -> Outcome<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let entries = fs::read_dir(&next).map_err(|why| format!("{}: {why}", next.display()))?;
        for entry in entries {
            let path = entry?.path();
            let relative = path.strip_prefix(folder)?;
            if without.iter().any(|name| relative == Path::new(name)) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(relative.to_owned(), fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

/// Remembers what something was made from, so that it is not made again from the same.
pub(crate) struct Stamp {
    file: PathBuf,
    now: String,
}

impl Stamp {
    /// What `name` would be made from now.
    pub(crate) fn of(name: &str, sources: &impl Hash) -> Outcome<Self> {
        // The same for equal contents within one release of Rust; another release makes everything
        // once more, which does no harm.
        let mut hasher = DefaultHasher::new();
        sources.hash(&mut hasher);
        Ok(Self { file: own("stamps")?.join(name), now: format!("{:016x}\n", hasher.finish()) })
    }

    /// True when it was last made from the same.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|then| then == self.now)
    }

    /// To be called before making: what breaks off in the middle is not current.
    pub(crate) fn clear(&self) -> Outcome {
        match fs::remove_file(&self.file) {
            Err(why) if why.kind() != ErrorKind::NotFound => Err(why.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// To be called when it has been made.
    pub(crate) fn set(&self) -> Outcome {
        Ok(fs::write(&self.file, &self.now)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_where_the_workspace_begins() {
        assert!(root().join("Cargo.toml").is_file(), "the workspace is not at {:?}", root());
    }

    #[test]
    fn a_stamp_is_current_only_for_the_same_sources() {
        let stamp = |sources: &[&str]| Stamp::of("test-of-stamps", &sources.to_vec()).unwrap();
        // Given something made from one source
        stamp(&["one"]).set().unwrap();
        // Then it needs no making from the same one, and does from another
        assert!(stamp(&["one"]).is_current(), "the same sources count as changed");
        assert!(!stamp(&["other"]).is_current(), "changed sources count as the same");
        stamp(&["one"]).clear().unwrap();
        assert!(!stamp(&["one"]).is_current(), "a cleared stamp still counts");
    }
}

//! Where things are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::outcome::Outcome;

/// The repository. Cargo says where it is now: a folder that is moved after this program was
/// compiled takes the program with it.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let package = PathBuf::from(package);
    package.parent().unwrap_or(&package).to_owned()
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    // Joining an absolute path replaces the root.
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// A folder for this program's own files, below the target folder. It is created if missing.
pub(crate) fn work_folder(name: &str) -> Outcome<PathBuf> {
    let folder = target().join("xtask").join(name);
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    Ok(folder)
}

/// The first of these programs that is on the search path.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let mut candidates =
        names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.find(|candidate| candidate.is_file())
}

/// The content of every file below a folder, by relative path. `except` names entries of the folder
/// to leave out, also by relative path.
pub(crate) fn read_files(folder: &Path, except: &[&str]) -> Outcome<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let entries = fs::read_dir(&next).map_err(|why| format!("{}: {why}", next.display()))?;
        for entry in entries {
            let path = entry?.path();
            let relative = path.strip_prefix(folder)?;
            if except.iter().any(|name| relative == Path::new(name)) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(relative.to_owned(), fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// A folder with nothing in it.
pub(crate) fn empty_folder(folder: PathBuf) -> Outcome<PathBuf> {
    if folder.is_dir() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_where_the_workspace_begins() {
        assert!(root().join("Cargo.toml").is_file(), "the workspace is not at {:?}", root());
    }
}

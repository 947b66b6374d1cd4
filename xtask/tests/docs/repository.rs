//! Finding and reading the files of the repository.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Folders that hold what other programs wrote.
const SKIPPED: &[&str] = &["target", "node_modules", "dist"];

/// The repository, where it is now.
pub(crate) fn root() -> PathBuf {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap());
    package.parent().unwrap().to_owned()
}

/// Every file below a folder whose name ends like this.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) && !name.starts_with('.') {
                found.append(&mut files(&path, ending));
            }
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every document: its path from the root, and its text.
pub(crate) fn documents() -> Vec<(PathBuf, String)> {
    let relative = |path: PathBuf| path.strip_prefix(root()).unwrap().to_owned();
    let with_text = |path: PathBuf| (relative(path.clone()), fs::read_to_string(path).unwrap());
    files(&root(), ".md").into_iter().map(with_text).collect()
}

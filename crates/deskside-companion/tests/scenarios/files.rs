//! The scenarios in the repository's `tests/scenarios`.

use std::fs;
use std::path::{Path, PathBuf};

use deskside_health::Scenario;

/// Every file's name below the folder and its text, in the order of the names.
pub(crate) fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios");
    let mut files = below(&folder);
    files.sort();
    let read = |file: PathBuf| {
        let name = file.strip_prefix(&folder).unwrap().display().to_string();
        (name, fs::read_to_string(&file).unwrap())
    };
    files.into_iter().map(read).collect()
}

/// Every scenario with its file's name.
pub(crate) fn all() -> Vec<(String, Scenario)> {
    let read = |(name, text): (String, String)| {
        let scenario = Scenario::read(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
        (name, scenario)
    };
    texts().into_iter().map(read).collect()
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

//! `docs/providers.md` says where each part of the providers' guides is built and which test shows it. A table that
//! names what is not there would be worth nothing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::repository::{files, root};

fn guide() -> String {
    fs::read_to_string(root().join("docs/providers.md")).unwrap()
}

/// The words in backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_row_names_tests_that_exist() {
    let sources = files(&root(), ".rs");
    let sources: String = sources.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let table = guide();
    let mut named = 0;
    for row in table.lines().filter(|line| line.starts_with('|')) {
        let shown_by = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        for test in code(shown_by) {
            assert!(sources.contains(&format!("fn {test}(")), "there is no test {test}");
            named += 1;
        }
    }
    assert!(named > 30, "only {named} tests are named");
}

#[test]
fn every_file_that_it_names_exists() {
    let table = guide();
    let folders = folders_of_sources();
    // C, K and V stand for folders.
    let without_shorthand = |name: &str| match name.split_once('/') {
        Some(("C" | "K" | "V", rest)) => rest.to_owned(),
        Some(_) | None => name.to_owned(),
    };
    let is_file = |name: &str| [".rs", ".js", ".svelte"].iter().any(|end| name.ends_with(end));
    let mut named = 0;
    for name in code(&table).filter(|name| is_file(name)) {
        let name = without_shorthand(name);
        let exists = folders.iter().any(|folder| folder.join(&name).is_file());
        assert!(exists, "there is no file {name}");
        named += 1;
    }
    assert!(named > 30, "only {named} files are named");
}

/// The folders from which the table names files: those of the crates, the page and the example.
fn folders_of_sources() -> Vec<PathBuf> {
    let mut folders = ["", "crates", "ui/src/parts", "examples/vendor-backend/src"]
        .map(|folder| root().join(folder))
        .to_vec();
    let sources = files(&root().join("crates"), ".rs");
    folders.extend(sources.iter().filter_map(|file| file.parent()).map(Path::to_owned));
    folders.sort();
    folders.dedup();
    folders
}

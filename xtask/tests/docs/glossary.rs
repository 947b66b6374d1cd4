//! The glossary and the code use the same words.

use std::collections::BTreeMap;
use std::fs;

use crate::repository::{files, root};

/// Types that exist once for each platform.
const PER_PLATFORM: [&str; 2] = ["Listener", "ProcessExits"];

/// The type of each row: the short name of its library, and the type's own.
fn types(glossary: &str) -> Vec<(&str, &str)> {
    let rows = glossary.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |"));
    rows.filter_map(|row| row.rsplit('`').nth(1)?.split_once("::")).collect()
}

/// The public types of a source; those that a macro writes are indented.
fn public_types(source: &str) -> Vec<&str> {
    let kinds = ["pub struct ", "pub enum ", "pub trait "];
    let lines = source.lines().map(str::trim_start);
    let tails = lines.filter_map(|line| kinds.iter().find_map(|kind| line.strip_prefix(kind)));
    let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
    tails.filter_map(|tail| tail.split(is_end).next()).collect()
}

/// The libraries in which each public type is.
fn libraries_of_types() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let crates = root().join("crates");
    for file in files(&crates, ".rs") {
        let path = file.strip_prefix(&crates).unwrap().to_string_lossy().replace('\\', "/");
        let Some((library, rest)) = path.split_once('/') else { continue };
        if rest.starts_with("src/") {
            for name in public_types(&fs::read_to_string(&file).unwrap()) {
                let library = library.trim_start_matches("deskside-").to_owned();
                found.entry(name.to_owned()).or_default().push(library);
            }
        }
    }
    found
}

#[test]
fn every_word_has_its_type() {
    let glossary = fs::read_to_string(root().join("docs/GLOSSARY.md")).unwrap();
    let libraries = libraries_of_types();
    let words = types(&glossary);
    assert!(words.len() > 40, "only {} words were found", words.len());
    let is_there = |(library, name): &&(&str, &str)| {
        libraries.get(*name).is_some_and(|found| found.iter().any(|l| l == library))
    };
    let missing: Vec<_> = words.iter().filter(|word| !is_there(word)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn no_two_public_types_share_a_name() {
    let libraries = libraries_of_types();
    let once = |name: &str| PER_PLATFORM.contains(&name);
    let shared: Vec<_> =
        libraries.iter().filter(|(name, found)| found.len() > 1 && !once(name)).collect();
    assert!(shared.is_empty(), "{shared:#?}");
}

#[test]
fn types_are_read_from_rows_and_sources() {
    let row = "| link | a bearer secret | `model::ProviderLink` |";
    assert_eq!(types(row), [("model", "ProviderLink")]);
    assert_eq!(public_types("pub struct A<'a>(u8);\npub enum B {\nstruct C;\n"), ["A", "B"]);
}

//! Every message of the program's own texts is said somewhere. The compiler cannot tell, because the
//! texts are a crate of their own.

use std::collections::BTreeSet;
use std::fs;

use crate::repository::{files, root};

const MESSAGES: &str = "crates/deskside-text/locales/en";
/// The page's build checks this one.
const OF_THE_PAGE: &str = "window.ftl";

/// The function of each message of a Fluent file, without those that are terms.
fn functions(file: &str) -> BTreeSet<String> {
    let names = file.lines().filter_map(|line| line.split_once(" =").or(line.split_once('=')));
    let names = names.map(|(name, _)| name.trim_end());
    let is_message = |name: &&str| name.starts_with(|first: char| first.is_ascii_lowercase());
    names.filter(is_message).map(|name| name.replace('-', "_")).collect()
}

#[test]
fn no_message_is_unused() {
    let folder = root().join(MESSAGES);
    let mut functions_of_all = BTreeSet::new();
    for file in files(&folder, ".ftl") {
        if !file.ends_with(OF_THE_PAGE) {
            functions_of_all.extend(functions(&fs::read_to_string(file).unwrap()));
        }
    }
    assert!(functions_of_all.len() > 100, "only {} messages were found", functions_of_all.len());
    let mut said = BTreeSet::new();
    for folder in ["crates", "src-tauri/src"] {
        for file in files(&root().join(folder), ".rs") {
            let source = fs::read_to_string(file).unwrap();
            let word = |letter: char| !letter.is_alphanumeric() && letter != '_';
            said.extend(
                source.split(word).filter(|w| functions_of_all.contains(*w)).map(str::to_owned),
            );
        }
    }
    let unused: Vec<_> = functions_of_all.difference(&said).collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn a_message_is_found_by_its_function() {
    let file =
        "# comment = no\nlink-open = Open\n    .cause = Because\n-term = T\nlate = { $n ->\n";
    let expected = ["late", "link_open"].map(str::to_owned);
    assert_eq!(functions(file), BTreeSet::from(expected));
}

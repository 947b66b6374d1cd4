//! `docs/behavior.md` lists what Deskside promises, each with the tests that show it:
//!
//! ```text
//! - A link is opened once. (`crates/deskside-companion/tests/links.rs::a_link_is_opened_once`)
//! ```
//!
//! A promise may go on over several lines and name several tests. Every named test must exist.

use std::fs;

use crate::repository::root;

const DOCUMENT: &str = "docs/behavior.md";

/// A promise, and the names in parentheses at its end.
#[derive(Debug, PartialEq)]
struct Promise {
    text: String,
    tests: Vec<String>,
}

/// The items of all lists of the document. Lines that are indented belong to the item above them.
fn promises(document: &str) -> Vec<Promise> {
    let mut items: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in document.lines() {
        if let Some(item) = line.strip_prefix("- ") {
            items.push(item.trim().to_owned());
            is_open = true;
        } else if line.starts_with(' ') && is_open {
            if let Some(item) = items.last_mut() {
                item.push(' ');
                item.push_str(line.trim());
            }
        } else {
            is_open = false;
        }
    }
    items.iter().map(|item| promise(item)).collect()
}

fn promise(item: &str) -> Promise {
    let names = item.strip_suffix(')').and_then(|item| item.rsplit_once('('));
    let (text, names) = names.unwrap_or((item, ""));
    let tests = names.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Promise { text: text.trim().to_owned(), tests }
}

/// What is wrong with the document. `read` returns the content of a file, if there is one.
fn faults(document: &str, read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let promises = promises(document);
    if promises.is_empty() {
        return vec![format!("{DOCUMENT} has no promises")];
    }
    let mut faults = Vec::new();
    for Promise { text, tests } in promises {
        if tests.is_empty() {
            faults.push(format!("no test is named for: {text}"));
        }
        faults.extend(tests.iter().filter_map(|test| fault(test, read)));
    }
    faults
}

fn fault(test: &str, read: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let Some((path, name)) = test.split_once("::") else {
        return Some(format!("{test} is not of the form path/to/file.rs::name"));
    };
    let Some(source) = read(path) else { return Some(format!("there is no file {path}")) };
    let exists = if path.ends_with(".rs") {
        has_rust_test(&source, name)
    } else {
        has_named_test(&source, name)
    };
    (!exists).then(|| format!("{path} has no test {name}"))
}

/// True when a function of this name has a test attribute.
fn has_rust_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim_start).collect();
    let is_it = |line: &str| {
        let line = line.trim_start_matches("pub ").trim_start_matches("async ");
        let rest = line.strip_prefix("fn ").and_then(|line| line.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    lines.iter().enumerate().filter(|(_, line)| is_it(line)).any(|(index, _)| {
        let above = lines.iter().take(index).rev();
        let attributes = above.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let attributes: Vec<&str> = attributes.copied().collect();
        let is_test = |line: &&str| line.starts_with("#[") && line.contains("test");
        attributes.iter().any(is_test)
    })
}

/// True when a test of this name is in a source in another language, where names are strings.
fn has_named_test(source: &str, name: &str) -> bool {
    ['"', '\'', '`'].iter().any(|quote| source.contains(&format!("{quote}{name}{quote}")))
        || source.contains(&format!("def {name}("))
}

#[test]
fn every_promise_names_tests_that_exist() {
    let document = fs::read_to_string(root().join(DOCUMENT)).unwrap();
    let faults = faults(&document, &|path| fs::read_to_string(root().join(path)).ok());
    assert!(faults.is_empty(), "{faults:#?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Option<String> {
        let source = "#[test]\nfn it_works() {}\n\n#[tokio::test]\nasync fn it_waits() {}\n\nfn helper() {}\n";
        match path {
            "tests/a.rs" => Some(source.to_owned()),
            "ui/a.test.ts" => Some("test(\"it shows\", () => {});".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_promise_may_have_several_lines_and_tests() {
        let document = "# Behavior\n\n- It works (mostly)\n  and waits. (`tests/a.rs::it_works`,\n  `tests/a.rs::it_waits`)\n\nNo promise.\n- It shows. (`ui/a.test.ts::it shows`)\n";
        let expected = [
            Promise {
                text: "It works (mostly) and waits.".to_owned(),
                tests: vec!["tests/a.rs::it_works".to_owned(), "tests/a.rs::it_waits".to_owned()],
            },
            Promise {
                text: "It shows.".to_owned(),
                tests: vec!["ui/a.test.ts::it shows".to_owned()],
            },
        ];
        assert_eq!(promises(document), expected);
        assert_eq!(faults(document, &read), [""; 0]);
    }

    #[test]
    fn a_document_without_promises_is_wrong() {
        assert_eq!(faults("# Behavior\n\nNothing.\n", &read).len(), 1);
    }

    #[test]
    fn a_promise_without_a_test_is_wrong() {
        assert_eq!(faults("- It works.\n", &read).len(), 1);
        assert_eq!(faults("- It works (`tests/a.rs::it_works`) always.\n", &read).len(), 1);
    }

    #[test]
    fn a_missing_file_or_test_is_wrong() {
        let fault = |name: &str| faults(&format!("- It works. (`{name}`)\n"), &read);
        assert_eq!(fault("tests/b.rs::it_works"), ["there is no file tests/b.rs"]);
        assert_eq!(fault("tests/a.rs::it_work"), ["tests/a.rs has no test it_work"]);
        assert_eq!(fault("tests/a.rs::helper"), ["tests/a.rs has no test helper"]);
        assert_eq!(fault("ui/a.test.ts::it hides"), ["ui/a.test.ts has no test it hides"]);
        assert_eq!(fault("it_works").len(), 1);
    }
}

//! `unsafe` is forbidden wherever nothing calls the operating system.

use std::fs;
use std::path::{Path, PathBuf};

use syn::buffer::Cursor;
use syn::parse::{Parse, ParseStream};

use crate::workspace::{packages, root};

/// The packages that call the operating system, and why no library can do it for them. Everywhere
/// else the word must not appear; here each use still needs a reason and a `SAFETY` comment, which
/// the lints check.
const PERMITTED: &[(&str, &str)] = &[
    ("deskside-os", "asks Windows about processes, windows, power and services"),
    ("deskside-app", "session end, notifications and message boxes on Windows"),
    ("deskside-fake-quickbooks", "opens windows with the titles of QuickBooks"),
    ("deskside-tests", "looks at Windows with calls of its own, not with Deskside's"),
];

/// What a crate's root says to forbid it, which no line of the crate can undo.
const FORBIDS: &str = "#![forbid(unsafe_code)]";

#[test]
fn every_library_without_system_calls_forbids_unsafe_code() {
    let pure =
        ["text", "model", "knowledge", "webconnector", "health", "companion", "net", "runtime"];
    for name in pure {
        let file = root().join(format!("crates/deskside-{name}/src/lib.rs"));
        assert!(fs::read_to_string(&file).unwrap().contains(FORBIDS), "{name} allows unsafe code");
    }
}

#[test]
fn every_package_obeys_the_lints_of_the_workspace() {
    for package in packages() {
        let manifest = fs::read_to_string(package.folder.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} has other lints", package.name);
    }
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let denies = ["unsafe_code = \"deny\"", "unsafe_code = \"forbid\""];
    assert!(denies.iter().any(|lint| workspace.contains(lint)), "the workspace allows unsafe code");
}

#[test]
fn unsafe_appears_only_where_the_system_is_called() {
    let packages = packages();
    let permitted = |name: &str| PERMITTED.iter().any(|(package, _)| *package == name);
    let mut wrong = Vec::new();
    for package in packages.iter().filter(|package| !permitted(&package.name)) {
        for file in rust_files(&package.folder) {
            let source = fs::read_to_string(&file).unwrap().replace(FORBIDS, "");
            let words: Words = syn::parse_str(&source).unwrap();
            if words.any_unsafe {
                wrong.push(file);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn unsafe_is_found_in_code_and_not_in_text() {
    let is_found = |source: &str| syn::parse_str::<Words>(source).unwrap().any_unsafe;
    assert!(is_found("fn f() { g(|| unsafe { h() }) }"));
    assert!(is_found("#[expect(unsafe_code, reason = \"\")] fn f() {}"));
    assert!(!is_found("// unsafe\nconst TEXT: &str = \"unsafe\";"));
}

/// Whether a source uses unsafe code or asks the lints to let it.
struct Words {
    any_unsafe: bool,
}

impl Parse for Words {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.step(|cursor| {
            let mut rest = *cursor;
            let any_unsafe = any_unsafe(rest);
            while let Some((_, next)) = rest.token_tree() {
                rest = next;
            }
            Ok((Self { any_unsafe }, rest))
        })
    }
}

fn any_unsafe(mut cursor: Cursor<'_>) -> bool {
    while !cursor.eof() {
        if let Some((ident, next)) = cursor.ident() {
            if ident == "unsafe" || ident == "unsafe_code" {
                return true;
            }
            cursor = next;
        } else if let Some((inside, _, _, next)) = cursor.any_group() {
            if any_unsafe(inside) {
                return true;
            }
            cursor = next;
        } else if let Some((_, next)) = cursor.token_tree() {
            cursor = next;
        } else {
            break;
        }
    }
    false
}

/// The Rust files of a package, without those of packages in its folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let is_ours = !["target", "node_modules"].contains(&name.as_str())
                && !name.starts_with('.')
                && !path.join("Cargo.toml").is_file();
            if is_ours {
                files.append(&mut rust_files(&path));
            }
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    files
}

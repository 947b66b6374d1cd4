//! `docs/providers.md` says where each part of the providers' guides is built and which test shows it. A table that
//! names what is not there would be worth nothing.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir()
            && !["target", "node_modules"].contains(&name.as_str())
            && !name.starts_with('.')
        {
            sources(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_row_names_tests_that_exist() {
    let mut files = Vec::new();
    sources(root(), &mut files);
    let code: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let table = fs::read_to_string(root().join("docs/providers.md")).unwrap();
    let mut named = 0;
    for row in table.lines().filter(|line| line.starts_with('|')) {
        let shown_by = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        for test in shown_by.split('`').skip(1).step_by(2) {
            assert!(code.contains(&format!("fn {test}(")), "there is no test {test}");
            named += 1;
        }
    }
    assert!(named > 30, "only {named} tests are named");
}

#[test]
fn every_file_that_it_names_exists() {
    let table = fs::read_to_string(root().join("docs/providers.md")).unwrap();
    let places = [
        "",
        "crates/deskside/src",
        "crates/deskside/src/provider/conductor",
        "crates/deskside/src/provider/codat",
        "crates/deskside/src/provider",
        "crates",
        "ui/src/parts",
        "examples/vendor-backend/src",
    ];
    let shorthand = |name: &str| match name.split_once('/') {
        Some(("C" | "K" | "V", rest)) => rest.to_owned(),
        Some(_) | None => name.to_owned(),
    };
    let is_file = |name: &str| [".rs", ".js", ".svelte"].iter().any(|end| name.ends_with(end));
    for name in table.split('`').skip(1).step_by(2).filter(|name| is_file(name)) {
        let name = shorthand(name);
        let there = places.iter().any(|place| root().join(place).join(&name).is_file());
        assert!(there, "there is no file {name}");
    }
}

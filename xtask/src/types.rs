//! The page's TypeScript types, generated from the Rust types, so that the two cannot disagree. They
//! are kept in the repository: people can work on the page, and review it, without Rust.

use std::fs;
use std::path::PathBuf;

use crate::command::{Output, cargo};
use crate::environment::TYPES_FOLDER;
use crate::outcome::Outcome;
use crate::paths;

/// Writes the types.
pub(crate) fn write(output: &mut Output) -> Outcome {
    let generated = paths::read_files(&generate(output)?, &[])?;
    let folder = committed();
    let committed = paths::read_files(&folder, &[])?;
    for stale in committed.keys().filter(|name| !generated.contains_key(*name)) {
        fs::remove_file(folder.join(stale))?;
    }
    for (name, content) in generated {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}

/// Fails when the types in the repository are not those of the code.
pub(crate) fn check(output: &mut Output) -> Outcome {
    let generated = paths::read_files(&generate(output)?, &[])?;
    let committed = paths::read_files(&committed(), &[])?;
    let names =
        generated.keys().chain(committed.keys().filter(|name| !generated.contains_key(*name)));
    let stale: Vec<String> = names
        .filter(|name| generated.get(*name) != committed.get(*name))
        .map(|name| name.display().to_string())
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("ui/src/generated is stale ({}); run `cargo xtask types`", stale.join(", ")).into())
}

fn committed() -> PathBuf {
    paths::root().join("ui/src/generated")
}

fn generate(output: &mut Output) -> Outcome<PathBuf> {
    let folder = paths::work_folder("types")?;
    fs::remove_dir_all(&folder)?;
    // All packages: a library alone would get other features and be built again, with everything
    // below it.
    let mut tests = cargo(["test", "--workspace", "--lib"]);
    output.run(tests.arg("export_bindings").env(TYPES_FOLDER, &folder))?;
    if !folder.is_dir() {
        return Err(
            "no types were written: are the tests of ts-rs still named export_bindings?".into()
        );
    }
    Ok(folder)
}

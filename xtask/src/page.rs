//! The window's page. Cargo cannot build it, and the app cannot be built without it.

use std::fs;
use std::path::PathBuf;

use crate::command::Output;
use crate::npm::{install, installed_program, npm};
use crate::outcome::Outcome;
use crate::paths;
use crate::stamp::Stamp;

/// The page's folder.
pub(crate) const FOLDER: &str = "ui";

/// Entries of the folder that are not part of the page, or that its build writes.
const NOT_SOURCES: &[&str] =
    &["node_modules", "dist", "tests", "test-shots", "src/generated-words.ts"];

/// Builds `ui/dist`, unless it was built from the same sources.
pub(crate) fn build(output: &mut Output) -> Outcome {
    install(output, FOLDER)?;
    let root = paths::root();
    let mut sources = vec![paths::read_files(&root.join(FOLDER), NOT_SOURCES)?];
    for folder in locales()? {
        sources.push(paths::read_files(&folder, &[])?);
    }
    let stamp = Stamp::of("ui-dist", &sources)?;
    if stamp.is_current() && root.join("ui/dist/index.html").is_file() {
        return Ok(());
    }
    stamp.clear()?;
    output.run(&mut npm(FOLDER, &["run", "build"]))?;
    stamp.set()
}

/// Checks the page's code and runs its unit tests. The page must have been built, because the build
/// writes some of the code.
pub(crate) fn check(output: &mut Output) -> Outcome {
    for words in
        [&["biome", "check", "."][..], &["svelte-check", "--fail-on-warnings"], &["vitest", "run"]]
    {
        output.run(&mut installed_program(FOLDER, words))?;
    }
    Ok(())
}

/// Tests the built page in a browser.
pub(crate) fn test_in_browser(output: &mut Output) -> Outcome {
    output.run(&mut installed_program(
        FOLDER,
        &["vitest", "run", "--config", "vitest.pages.config.ts"],
    ))
}

/// The folders of the sentences that people read. The page takes its own from there.
fn locales() -> Outcome<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(paths::root().join("crates"))? {
        let folder = entry?.path().join("locales");
        if folder.is_dir() {
            folders.push(folder);
        }
    }
    folders.sort();
    if folders.is_empty() {
        return Err("there is no folder crates/*/locales".into());
    }
    Ok(folders)
}

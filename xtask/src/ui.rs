//! The window's page. Cargo cannot build it, and the app cannot be built without it.

use crate::Outcome;
use crate::place::{self, Stamp};
use crate::run::{Output, npm};

const FOLDER: &str = "ui";

/// What is in the folder but does not go into the page, or is made by its build.
const NO_SOURCES: &[&str] =
    &["node_modules", "dist", "tests", "test-shots", "src/generated-words.ts"];

/// What people read; the page takes its own texts from there.
const LOCALES: &str = "crates/deskside-text/locales";

/// Builds `ui/dist`, unless it is there and made from the same sources.
pub(crate) fn build(output: &mut Output) -> Outcome {
    install(output, FOLDER)?;
    let stamp = sources()?;
    if stamp.is_current() && place::root().join("ui/dist/index.html").is_file() {
        return Ok(());
    }
    make(output, &stamp, "build")
}

/// Checks the page's code, runs its unit tests and builds it.
pub(crate) fn check(output: &mut Output) -> Outcome {
    install(output, FOLDER)?;
    make(output, &sources()?, "check")
}

/// Looks at the built page in a browser.
pub(crate) fn test_pages(output: &mut Output) -> Outcome {
    install(output, FOLDER)?;
    make(output, &sources()?, "test:pages")
}

/// All of the scripts end with the page built.
fn make(output: &mut Output, stamp: &Stamp, script: &str) -> Outcome {
    stamp.clear()?;
    output.run(&mut npm(FOLDER, &["run", script]))?;
    stamp.set()
}

fn sources() -> Outcome<Stamp> {
    let page = place::files(&place::root().join(FOLDER), NO_SOURCES)?;
    let texts = place::files(&place::root().join(LOCALES), &[])?;
    Stamp::of("ui-dist", &(page, texts))
}

/// Fetches the packages that a folder's scripts use, exactly as locked, unless they are there.
pub(crate) fn install(output: &mut Output, name: &str) -> Outcome {
    let folder = place::root().join(name);
    let lock = folder.join("package-lock.json");
    let lock = std::fs::read(&lock).map_err(|why| format!("{}: {why}", lock.display()))?;
    let stamp = Stamp::of(&format!("{name}-node_modules"), &lock)?;
    if stamp.is_current() && folder.join("node_modules").is_dir() {
        return Ok(());
    }
    stamp.clear()?;
    output.run(&mut npm(name, &["ci", "--no-audit", "--no-fund"]))?;
    stamp.set()
}

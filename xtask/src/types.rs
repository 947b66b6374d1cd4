//! The page's TypeScript types, made from the Rust ones, so that the two cannot disagree. They are
//! kept in the repository: the page can then be worked on, and reviewed, without Rust.

use std::fs;
use std::path::PathBuf;

use crate::run::{Output, cargo};
use crate::{Outcome, place};

/// Tells ts-rs where to write. The unit tests write too, and without it beside the sources.
pub(crate) const FOLDER_VARIABLE: &str = "TS_RS_EXPORT_DIR";

/// Writes the types anew.
pub(crate) fn write(output: &mut Output) -> Outcome {
    let made = place::files(&make(output)?, &[])?;
    let kept = kept();
    for stale in place::files(&kept, &[])?.keys().filter(|name| !made.contains_key(*name)) {
        fs::remove_file(kept.join(stale))?;
    }
    for (name, content) in made {
        fs::write(kept.join(name), content)?;
    }
    Ok(())
}

/// Fails when the types in the repository are not those of the code.
pub(crate) fn check(output: &mut Output) -> Outcome {
    let (made, kept) = (place::files(&make(output)?, &[])?, place::files(&kept(), &[])?);
    let names = made.keys().chain(kept.keys().filter(|name| !made.contains_key(*name)));
    let stale: Vec<String> = names
        .filter(|name| made.get(*name) != kept.get(*name))
        .map(|name| name.display().to_string())
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("ui/src/generated is stale ({}); run `cargo xtask types`", stale.join(", ")).into())
}

fn kept() -> PathBuf {
    place::root().join("ui/src/generated")
}

fn make(output: &mut Output) -> Outcome<PathBuf> {
    let folder = place::own("types")?;
    fs::remove_dir_all(&folder)?;
    // All packages: deskside alone would get other features and be built again, with everything
    // below it.
    let packages = ["test", "--workspace", "--lib"];
    output.run(cargo(packages).arg("export_bindings").env(FOLDER_VARIABLE, &folder))?;
    if !folder.is_dir() {
        return Err(
            "no types came out: are the tests of ts-rs still called export_bindings?".into()
        );
    }
    Ok(folder)
}

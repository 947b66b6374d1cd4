//! Running other programs, with their output on the terminal or in a log.
//!
//! Child processes stay in our process group, so Ctrl-C reaches them too.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::environment::REQUIRE_PAGE;
use crate::outcome::Outcome;
use crate::{paths, terminal};

/// Where the output of programs goes.
pub(crate) struct Output {
    /// `None`: to the terminal, where the program may also ask questions.
    log: Option<File>,
    notes: Vec<String>,
}

impl Output {
    /// Output goes to the terminal.
    pub(crate) const fn terminal() -> Self {
        Self { log: None, notes: Vec::new() }
    }

    /// Output goes to a file, and there is no standard input.
    pub(crate) const fn log(file: File) -> Self {
        Self { log: Some(file), notes: Vec::new() }
    }

    /// Runs a program to its end. An exit status other than success is an error.
    pub(crate) fn run(&mut self, command: &mut Command) -> Outcome {
        let status = self.status(command)?;
        if status.success() {
            return Ok(());
        }
        Err(format!("`{}` failed ({status})", command_line(command)).into())
    }

    /// Runs a program to its end.
    pub(crate) fn status(&mut self, command: &mut Command) -> Outcome<ExitStatus> {
        if let Some(log) = &mut self.log {
            writeln!(log, "$ {}", command_line(command))?;
            command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log.try_clone()?);
            // Not every program notices that its output is a file.
            command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env("TERM", "dumb");
        }
        let status = command.status();
        status.map_err(|why| format!("`{}` did not start: {why}", command_line(command)).into())
    }

    /// Tells the person who runs the command something that no log may hide.
    pub(crate) fn note(&mut self, text: &str) -> Outcome {
        match &mut self.log {
            Some(log) => {
                writeln!(log, "{text}")?;
                self.notes.push(text.to_owned());
            }
            None => terminal::print_error(&format!("{text}\n"))?,
        }
        Ok(())
    }

    /// The notes that went to a log and still have to reach the terminal.
    pub(crate) fn into_notes(self) -> Vec<String> {
        self.notes
    }
}

/// A command as one would type it.
pub(crate) fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// A program that works on the repository.
pub(crate) fn tool(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    // Variables that Cargo sets for this package would mislead the programs that we start.
    for (name, _) in env::vars_os() {
        let of_this_package = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if name.to_str().is_some_and(|name| of_this_package.iter().any(|p| name.starts_with(p))) {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo with exactly the versions of the lock file, and with the real page in the app. The first
/// words are the subcommand; more arguments may follow.
pub(crate) fn cargo<'a>(words: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = tool(cargo_program());
    command.args(words).arg("--locked").env(REQUIRE_PAGE, "1");
    command
}

/// The same Cargo that runs this program.
pub(crate) fn cargo_program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The last lines of a log. Bytes that are not UTF-8 are replaced.
pub(crate) fn tail(log: &Path, lines: usize) -> Outcome<String> {
    let bytes = fs::read(log)?;
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    let last = all.get(all.len().saturating_sub(lines)..).unwrap_or_default();
    Ok(last.iter().map(|line| format!("  | {line}\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_keeps_the_lock_file_and_asks_for_the_real_page() {
        let command = cargo(["build", "--workspace"]);
        assert!(command.get_args().any(|argument| argument == "--locked"));
        let page = command.get_envs().find(|(name, _)| *name == REQUIRE_PAGE);
        assert!(page.is_some_and(|(_, value)| value.is_some()), "a placeholder could be tested");
    }
}

//! Where there is no Windows: cross-compiled programs, and tools from the system's packages.

use std::path::PathBuf;
use std::process::Command;

use crate::place;
use crate::run::tool;
use crate::setup::rust::WINDOWS_TARGET;

/// What the programs are compiled for.
pub(super) const TARGET: &str = WINDOWS_TARGET;

/// What an MSI is made with. Setup sees to it that it is there.
pub(super) const MSI_TOOLS: [&str; 0] = [];

/// What the installer itself is compiled for: a 32-bit one does nothing, without a word, under a
/// Wine that knows 64-bit programs only.
pub(super) const NSIS_CPU: &str = "amd64-unicode";

/// Where Cargo puts what it builds, by profile.
pub(super) fn built() -> PathBuf {
    place::target().join(TARGET)
}

/// The compiler of installers.
pub(super) fn makensis() -> PathBuf {
    "makensis".into()
}

/// The shell that reads a command line.
pub(super) fn shell(line: &str) -> Command {
    let mut shell = tool("sh");
    shell.args(["-c", line]);
    shell
}

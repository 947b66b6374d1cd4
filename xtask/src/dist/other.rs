//! Systems other than Windows: cross-compiled programs, and tools from the system's packages.

use std::path::PathBuf;
use std::process::Command;

use crate::command::tool;
use crate::paths;
use crate::setup::rust::WINDOWS_TARGET;

/// What the programs are compiled for.
pub(super) const TARGET: &str = WINDOWS_TARGET;

/// The tools for an MSI. Setup installs them.
pub(super) const MSI_TOOLS: [&str; 0] = [];

/// What the installer itself is compiled for. A 32-bit installer does nothing, silently, under a
/// Wine that runs 64-bit programs only.
pub(super) const NSIS_CPU: &str = "amd64-unicode";

/// The folder of Cargo's profiles.
pub(super) fn target_folder() -> PathBuf {
    paths::target().join(TARGET)
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

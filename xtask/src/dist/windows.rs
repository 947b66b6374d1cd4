//! Windows itself.

use std::env;
use std::os::windows::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::tool;
use crate::paths;

/// What the programs are compiled for.
pub(super) const TARGET: &str = "x86_64-pc-windows-msvc";

/// The tools for an MSI. There are no packages of them for Windows.
pub(super) const MSI_TOOLS: [&str; 2] = ["wixl", "msibuild"];

/// What the installer itself is compiled for. NSIS is published with 32-bit installers only.
pub(super) const NSIS_CPU: &str = "x86-unicode";

/// The folder of Cargo's profiles.
pub(super) fn target_folder() -> PathBuf {
    paths::target()
}

/// The compiler of installers. Its own installer does not put it on the search path.
pub(super) fn makensis() -> PathBuf {
    let default = env::var_os("ProgramFiles(x86)")
        .map(|folder| Path::new(&folder).join("NSIS").join("makensis.exe"))
        .filter(|program| program.is_file());
    paths::find_program(&["makensis.exe"]).or(default).unwrap_or_else(|| "makensis".into())
}

/// The shell that reads a command line; it has its own rules about quotes.
pub(super) fn shell(line: &str) -> Command {
    let mut shell = tool("cmd");
    shell.arg("/C").raw_arg(line);
    shell
}

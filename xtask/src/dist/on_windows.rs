//! Windows itself.

use std::env;
use std::os::windows::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place;
use crate::run::tool;

/// What the programs are compiled for.
pub(super) const TARGET: &str = "x86_64-pc-windows-msvc";

/// What an MSI is made with; there are no packages of them for Windows.
pub(super) const MSI_TOOLS: [&str; 2] = ["wixl", "msibuild"];

/// What the installer itself is compiled for: NSIS as it is published knows 32-bit ones only.
pub(super) const NSIS_CPU: &str = "x86-unicode";

/// Where Cargo puts what it builds, by profile.
pub(super) fn built() -> PathBuf {
    place::target()
}

/// The compiler of installers. Its own installer does not put it on the search path.
pub(super) fn makensis() -> PathBuf {
    let usual = env::var_os("ProgramFiles(x86)")
        .map(|folder| Path::new(&folder).join("NSIS").join("makensis.exe"))
        .filter(|program| program.is_file());
    place::program(&["makensis.exe"]).or(usual).unwrap_or_else(|| "makensis".into())
}

/// The shell that reads a command line; it has rules of its own about quotes.
pub(super) fn shell(line: &str) -> Command {
    let mut shell = tool("cmd");
    shell.arg("/C").raw_arg(line);
    shell
}

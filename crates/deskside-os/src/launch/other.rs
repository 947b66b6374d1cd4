//! Other systems: the desktop's launcher.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Opens a file, a program or a link.
pub(super) fn open(target: &str) -> io::Result<()> {
    open::that_detached(target)
}

/// Starts a program.
pub(super) fn start(program: &Path) -> io::Result<()> {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

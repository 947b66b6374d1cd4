//! Other systems: the desktop's launcher.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Opens a link in the default browser. Linux takes links of any length.
pub(super) fn link(link: &str) -> io::Result<()> {
    open(link)
}

/// Opens a file, a program or a link.
pub(super) fn open(target: &str) -> io::Result<()> {
    open::that_detached(target)
}

/// Starts a program.
pub(super) fn start(program: &Path) -> io::Result<()> {
    let mut command = Command::new(program);
    if let Some(folder) = program.parent().filter(|folder| folder.is_dir()) {
        command.current_dir(folder);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

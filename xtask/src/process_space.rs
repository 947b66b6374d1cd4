//! Starting a program in a process space of its own, in which no other QuickBooks runs: one of the
//! user's, or the stand-in of another test.

use std::ffi::OsStr;
use std::process::Command;

use crate::command::tool;

/// bubblewrap with everything of this system but its processes.
const BUBBLEWRAP: &[&str] =
    &["--dev-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "--die-with-parent", "--"];

/// True where the system offers this. Many containers do not, nor do systems other than Linux.
pub(crate) fn is_available() -> bool {
    wrapped("true").output().is_ok_and(|output| output.status.success())
}

/// A program that sees only its own processes, or all of them where the system offers nothing else.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    if is_available() { wrapped(program) } else { tool(program) }
}

fn wrapped(program: impl AsRef<OsStr>) -> Command {
    let mut command = tool("bwrap");
    command.args(BUBBLEWRAP).arg(program);
    command
}

//! Elsewhere: the same process becomes a new program.

use std::io::{self, PipeReader};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Becomes this program again, with other arguments. Returns only what went wrong.
pub(super) fn afresh<'a>(input: PipeReader, arguments: impl Iterator<Item = &'a str>) -> io::Error {
    match std::env::current_exe() {
        Ok(program) => Command::new(program).args(arguments).stdin(input).exec(),
        Err(why) => why,
    }
}

/// Windows only.
pub(super) fn let_the_other_come_to_front() {}

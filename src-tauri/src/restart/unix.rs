//! Elsewhere: the process replaces itself with a new program.

use std::io::{self, PipeReader, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Restarts this program in place, with other arguments and with `input` on standard input. Returns
/// only an error.
pub(super) fn afresh<'a>(input: &[u8], arguments: impl Iterator<Item = &'a str>) -> io::Error {
    match std::env::current_exe().and_then(|program| Ok((program, filled(input)?))) {
        Ok((program, input)) => Command::new(program).args(arguments).stdin(input).exec(),
        Err(why) => why,
    }
}

/// A pipe holds 64 KiB here, far more than the longest link, so no reader is needed yet.
fn filled(input: &[u8]) -> io::Result<PipeReader> {
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(input)?;
    Ok(reader)
}

/// Windows only.
pub(crate) const fn after_crash_and_update() {}

/// Windows only.
pub(super) fn let_the_other_come_to_front() {}

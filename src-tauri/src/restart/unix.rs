//! Elsewhere: the same process becomes a new program.

use std::io::{self, PipeReader, Write};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Becomes this program again, with other arguments and with `input` on standard input. Returns
/// only what went wrong.
pub(super) fn afresh<'a>(input: &[u8], arguments: impl Iterator<Item = &'a str>) -> io::Error {
    match std::env::current_exe().and_then(|program| Ok((program, filled(input)?))) {
        Ok((program, input)) => Command::new(program).args(arguments).stdin(input).exec(),
        Err(why) => why,
    }
}

/// A pipe here holds 64 KiB, far more than the longest link, so nobody needs to read yet.
fn filled(input: &[u8]) -> io::Result<PipeReader> {
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(input)?;
    Ok(reader)
}

/// Windows only.
pub(super) fn let_the_other_come_to_front() {}

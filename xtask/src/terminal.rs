//! Writing to the terminal. The lints forbid `println!`, which panics when the reader is gone.

use std::io::{self, Write};

/// Writes to standard output at once, whether or not the text ends a line.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes to standard error.
pub(crate) fn print_error(text: &str) -> io::Result<()> {
    io::stderr().lock().write_all(text.as_bytes())
}

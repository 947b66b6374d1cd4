//! What commands read: a file, or standard input where its name is `-`.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::output::CommandFailure;

/// Opens a file, or standard input. Anything else, such as a pipe or a device, could block forever.
pub(crate) fn open(file: &Path) -> Result<Box<dyn Read + Send>, CommandFailure> {
    if file.to_str() == Some("-") {
        return Ok(Box::new(io::stdin()));
    }
    let unread = |why| CommandFailure::new(format!("{} cannot be read", file.display()), why);
    if !fs::metadata(file).map_err(unread)?.is_file() {
        return Err(CommandFailure::plain(format!("{} is not a file", file.display())));
    }
    Ok(Box::new(File::open(file).map_err(unread)?))
}

/// Reads everything; `None` if that is longer than `longest` bytes.
pub(crate) fn read_at_most(longest: u64, source: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    source.take(longest.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= longest))
}

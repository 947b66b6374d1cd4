//! Follows a log that others write, clear and replace.
//!
//! The file is opened for each look and closed again. A handle that stays open would keep a file
//! that is deleted in its place, and then the Web Connector could not make a new one. For the same
//! reason it is opened as Rust does by default on Windows, with everything shared. Nothing is ever
//! written.
//!
//! Whether it is still the same file is told by the bytes before the place up to which it was read.
//! Windows' own numbers and times do not tell: a file that is cleared keeps its number, and one that
//! is made within 15 seconds under the old name gets the old time of birth.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use deskside_model::evidence::run::{Header, Run};
use deskside_webconnector::Parser;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How far back from the end of a log runs are looked for, in bytes. A log at level `DEBUG` has a
/// thousand runs in it.
pub const LOOK_BACK: u64 = 8 << 20;

/// How much may follow between two looks, in bytes: a run at level `VERBOSE` may be longer than
/// [`LOOK_BACK`]. It is read in a fraction of a second, piece by piece.
const CATCH_UP: u64 = 256 << 20;

/// How many runs are remembered, besides the last one of each application.
const RECENT: usize = 50;

/// How many applications' last runs are remembered.
const APPLICATIONS: usize = 50;

/// How much of the log is compared, in bytes: a few records with their times.
const PRINT: u64 = 512;

/// How much is read at once, in bytes.
const PIECE: usize = 64 << 10;

/// A place in a log, which is recognised again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPosition {
    /// In bytes from the beginning.
    pub offset: u64,
    /// A hash of the bytes before it.
    pub print: String,
}

/// What is kept of a log between two lives of this program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TailState {
    /// From where to read on; `None` for the end.
    pub from: Option<LogPosition>,
    /// What the log has said about the Web Connector.
    pub header: Header,
    /// The latest runs to which nothing can be added.
    pub runs: Vec<Run>,
}

/// Follows one log.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    saved: TailState,
    reader: Option<Reader>,
}

/// What has read the log up to a place.
#[derive(Debug)]
struct Reader {
    parser: Parser,
    until: LogPosition,
}

impl Tail {
    /// Follows the log at `path` from what was saved, or from its end.
    #[must_use]
    pub const fn new(path: PathBuf, saved: TailState) -> Self {
        Self { path, saved, reader: None }
    }

    /// Reads what is new, and answers the latest runs in the order of their starts, with those that
    /// are under way. A log that was cleared or replaced is read anew; what was seen before stays.
    ///
    /// # Errors
    /// When the log is missing or cannot be read. The next look makes up for it.
    pub fn read_new(&mut self) -> io::Result<Vec<Run>> {
        self.read_new_from(&mut File::open(&self.path)?)
    }

    fn read_new_from(&mut self, file: &mut (impl Read + Seek)) -> io::Result<Vec<Run>> {
        let end = file.seek(SeekFrom::End(0))?;
        let mut reader = self.reader_for(file, end)?;
        if reader.until.offset != end {
            let told = reader.read(file, end)?;
            let from = mark(file, reader.parser.resume_at())?;
            // Only now is it certain that what was told will not be read again.
            self.saved.from = Some(from);
            self.saved.runs.extend(told);
            self.saved.header.renew(reader.parser.header().clone());
            forget_old(&mut self.saved.runs);
        }
        let under_way = reader.parser.clone().finish();
        self.reader = Some(reader);
        Ok(self.saved.runs.iter().cloned().chain(under_way).collect())
    }

    /// True for the log at this place.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        self.path == std::path::Path::new(path)
    }

    /// What the log has said about the Web Connector.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.saved.header
    }

    /// What to keep for the next life.
    #[must_use]
    pub const fn saved(&self) -> &TailState {
        &self.saved
    }

    /// The reader that goes on in this file, of which there are `end` bytes.
    fn reader_for(&mut self, file: &mut (impl Read + Seek), end: u64) -> io::Result<Reader> {
        if let Some(reader) = self.reader.take() {
            if goes_on(file, &reader.until, end, CATCH_UP)? {
                return Ok(reader);
            }
            self.saved.runs.extend(reader.parser.finish());
            self.saved.from = None;
        }
        if let Some(from) = self.saved.from.clone()
            && goes_on(file, &from, end, LOOK_BACK)?
        {
            return Ok(Reader { parser: Parser::at(from.offset), until: from });
        }
        let start = end.saturating_sub(LOOK_BACK);
        if start == 0 {
            return Ok(Reader { parser: Parser::new(), until: mark(file, 0)? });
        }
        let mut head = Reader { parser: Parser::new(), until: mark(file, 0)? };
        drop(head.read(file, PRINT)?);
        self.saved.header.renew(head.parser.header().clone());
        Ok(Reader { parser: Parser::within(start), until: mark(file, start)? })
    }
}

impl Reader {
    /// Reads on up to `end`, or to where the log ends by now.
    fn read(&mut self, file: &mut (impl Read + Seek), end: u64) -> io::Result<Vec<Run>> {
        file.seek(SeekFrom::Start(self.until.offset))?;
        let mut rest = file.take(end.saturating_sub(self.until.offset));
        let (mut piece, mut told, mut offset) = (vec![0; PIECE], Vec::new(), self.until.offset);
        loop {
            let length = rest.read(&mut piece)?;
            if length == 0 {
                break;
            }
            told.extend(self.parser.push(piece.get(..length).unwrap_or_default()));
            offset = offset.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        }
        self.until = mark(file, offset)?;
        Ok(told)
    }
}

/// True if the log up to the mark is still what it was, and no more than `most` bytes have followed.
fn goes_on(
    file: &mut (impl Read + Seek),
    until: &LogPosition,
    end: u64,
    most: u64,
) -> io::Result<bool> {
    let is_near = end.checked_sub(until.offset).is_some_and(|new| new <= most);
    Ok(is_near && mark(file, until.offset)? == *until)
}

fn mark(file: &mut (impl Read + Seek), offset: u64) -> io::Result<LogPosition> {
    let start = offset.saturating_sub(PRINT);
    file.seek(SeekFrom::Start(start))?;
    let mut before = Vec::new();
    file.take(offset.saturating_sub(start)).read_to_end(&mut before)?;
    Ok(LogPosition { offset, print: BASE64_STANDARD.encode(Sha256::digest(&before)) })
}

/// Keeps the latest runs, and the last one of each application however old it is.
fn forget_old(runs: &mut Vec<Run>) {
    let (mut apps, mut place) = (BTreeSet::new(), 0_usize);
    runs.reverse();
    runs.retain(|run| {
        place = place.saturating_add(1);
        let is_last = apps.len() < APPLICATIONS && apps.insert(run.app.clone());
        is_last || place <= RECENT
    });
    runs.reverse();
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Counts the bytes that are read of a file.
    struct Counted {
        file: File,
        bytes: u64,
    }

    impl Read for Counted {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let length = self.file.read(into)?;
            self.bytes += u64::try_from(length).unwrap();
            Ok(length)
        }
    }

    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.file.seek(to)
        }
    }

    /// How many bytes are read of a log of this many to see its only run, and then one more run. All
    /// but the runs is a hole, which takes no room on the disk.
    fn bytes_read(length: u64) -> [u64; 2] {
        let mut file = tempfile::tempfile().unwrap();
        let run = b"\r\n20260505.13:07:21 UTC\t: UpdateThisScheduledApp() : \
            Performing SCHEDULED UPDATE for application = Larch\r\n";
        file.set_len(length - u64::try_from(run.len()).unwrap()).unwrap();
        let append = |file: &mut File| {
            file.seek(SeekFrom::End(0)).unwrap();
            file.write_all(run).unwrap();
        };
        let mut tail = Tail::new(PathBuf::new(), TailState::default());
        let mut look = |file: &File, runs: usize| {
            let mut counted = Counted { file: file.try_clone().unwrap(), bytes: 0 };
            assert_eq!(tail.read_new_from(&mut counted).unwrap().len(), runs, "not what is there");
            counted.bytes
        };
        append(&mut file);
        let first = look(&file, 1);
        append(&mut file);
        [first, look(&file, 2)]
    }

    #[test]
    fn bytes_read_do_not_depend_on_log_size() {
        let [small, new] = bytes_read(10 << 20);
        assert!(small <= LOOK_BACK + 8 * PRINT, "{small} bytes are read");
        assert!(new <= 8 * PRINT, "{new} bytes are read to see what is new");
        assert_eq!(bytes_read(10 << 30), [small, new]);
    }
}

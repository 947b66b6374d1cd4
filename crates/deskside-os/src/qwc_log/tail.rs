//! Follows a log that other programs write, clear and replace.
//!
//! The file is opened for each read and closed again. An open handle would keep the name of a deleted
//! file in use, and the Web Connector could not create a new one. For the same reason it is opened with
//! everything shared, as Rust does by default on Windows. Nothing is ever written.
//! docs/sources/platform.md#files-on-windows, docs/sources/web-connector.md#log-location
//!
//! The bytes before the last position show whether it is still the same file. File numbers and times do
//! not: a cleared file keeps its number, and a file created within 15 seconds under the name of a deleted
//! one gets its creation time. docs/sources/platform.md#files-on-windows

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

/// How far back from the end of a log runs are searched, in bytes: about a thousand runs at level `DEBUG`.
/// docs/sources/web-connector.md#log-format
pub const LOOK_BACK: u64 = 8 << 20;

/// How much new text is read after the last position, in bytes: a run at level `VERBOSE` can be longer
/// than [`LOOK_BACK`]. It is read piece by piece in a fraction of a second.
const CATCH_UP: u64 = 256 << 20;

/// How many runs are kept, besides the last one of each application.
const RECENT: usize = 50;

/// For how many applications the last run is kept.
const APPLICATIONS: usize = 50;

/// How many bytes before a position are compared: a few records with their times.
const FINGERPRINT_BYTES: u64 = 512;

/// How much is read at once, in bytes.
const PIECE: usize = 64 << 10;

/// The error of Windows for a file that another program has opened without sharing it.
/// docs/sources/platform.md#files-on-windows
const SHARING_VIOLATION: Option<i32> = if cfg!(windows) { Some(32) } else { None };

/// True if a log could not be opened because another program is using it alone at the moment.
#[must_use]
pub fn is_in_use(why: &io::Error) -> bool {
    SHARING_VIOLATION.is_some() && why.raw_os_error() == SHARING_VIOLATION
}

/// A position in a log that can be recognized later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPosition {
    /// In bytes from the beginning.
    pub offset: u64,
    /// A hash of the bytes before it.
    #[serde(rename = "print")]
    pub fingerprint: String,
}

/// What is saved about a log while the program is not running.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TailState {
    /// Where reading continues; `None` for the end.
    pub from: Option<LogPosition>,
    /// What the log has said about the Web Connector.
    pub header: Header,
    /// The latest finished runs.
    pub runs: Vec<Run>,
}

/// Follows one log.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    saved: TailState,
    reader: Option<Reader>,
}

/// A parser and the position up to which it has read the log.
#[derive(Debug)]
struct Reader {
    parser: Parser,
    until: LogPosition,
}

impl Tail {
    /// Follows the log at `path` from the saved position, or from its end.
    #[must_use]
    pub const fn new(path: PathBuf, saved: TailState) -> Self {
        Self { path, saved, reader: None }
    }

    /// Reads the new part of the log and returns the latest runs in the order of their starts, including
    /// those in progress. A log that was cleared or replaced is read from the start; earlier runs are kept.
    ///
    /// # Errors
    /// When the log is missing or cannot be read. The next call catches up.
    pub fn read_new(&mut self) -> io::Result<Vec<Run>> {
        self.read_new_from(&mut File::open(&self.path)?)
    }

    fn read_new_from(&mut self, file: &mut (impl Read + Seek)) -> io::Result<Vec<Run>> {
        let end = file.seek(SeekFrom::End(0))?;
        let mut reader = self.reader_for(file, end)?;
        if reader.until.offset != end {
            let finished = reader.read(file, end)?;
            let from = position(file, reader.parser.resume_at())?;
            // Saved only now, when the finished runs cannot be read a second time.
            self.saved.from = Some(from);
            self.saved.runs.extend(finished);
            self.saved.header.renew(reader.parser.header().clone());
            drop_old(&mut self.saved.runs);
        }
        let in_progress = reader.parser.clone().finish();
        self.reader = Some(reader);
        Ok(self.saved.runs.iter().cloned().chain(in_progress).collect())
    }

    /// True for the log at this path.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        self.path == std::path::Path::new(path)
    }

    /// What the log has said about the Web Connector.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.saved.header
    }

    /// What to save for the next start of the program.
    #[must_use]
    pub const fn saved(&self) -> &TailState {
        &self.saved
    }

    /// The reader that continues in this file of `end` bytes.
    fn reader_for(&mut self, file: &mut (impl Read + Seek), end: u64) -> io::Result<Reader> {
        if let Some(reader) = self.reader.take() {
            if is_continued(file, &reader.until, end, CATCH_UP)? {
                return Ok(reader);
            }
            self.saved.runs.extend(reader.parser.finish());
            self.saved.from = None;
        }
        if let Some(from) = self.saved.from.clone()
            && is_continued(file, &from, end, LOOK_BACK)?
        {
            return Ok(Reader { parser: Parser::at(from.offset), until: from });
        }
        let start = end.saturating_sub(LOOK_BACK);
        if start == 0 {
            return Ok(Reader { parser: Parser::new(), until: position(file, 0)? });
        }
        let mut head = Reader { parser: Parser::new(), until: position(file, 0)? };
        drop(head.read(file, FINGERPRINT_BYTES)?);
        self.saved.header.renew(head.parser.header().clone());
        Ok(Reader { parser: Parser::within(start), until: position(file, start)? })
    }
}

impl Reader {
    /// Continues reading up to `end`, or to the current end of the log.
    fn read(&mut self, file: &mut (impl Read + Seek), end: u64) -> io::Result<Vec<Run>> {
        file.seek(SeekFrom::Start(self.until.offset))?;
        let mut rest = file.take(end.saturating_sub(self.until.offset));
        let (mut piece, mut finished, mut offset) = (vec![0; PIECE], Vec::new(), self.until.offset);
        loop {
            let length = rest.read(&mut piece)?;
            if length == 0 {
                break;
            }
            finished.extend(self.parser.push(piece.get(..length).unwrap_or_default()));
            offset = offset.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        }
        self.until = position(file, offset)?;
        Ok(finished)
    }
}

/// True if the log before the position is unchanged and at most `most` bytes have followed.
fn is_continued(
    file: &mut (impl Read + Seek),
    until: &LogPosition,
    end: u64,
    most: u64,
) -> io::Result<bool> {
    let is_near = end.checked_sub(until.offset).is_some_and(|new| new <= most);
    Ok(is_near && position(file, until.offset)? == *until)
}

fn position(file: &mut (impl Read + Seek), offset: u64) -> io::Result<LogPosition> {
    let start = offset.saturating_sub(FINGERPRINT_BYTES);
    file.seek(SeekFrom::Start(start))?;
    let mut before = Vec::new();
    file.take(offset.saturating_sub(start)).read_to_end(&mut before)?;
    Ok(LogPosition { offset, fingerprint: BASE64_STANDARD.encode(Sha256::digest(&before)) })
}

/// Keeps the latest runs, and the last run of each application however old it is.
fn drop_old(runs: &mut Vec<Run>) {
    let (mut apps, mut rank) = (BTreeSet::new(), 0_usize);
    runs.reverse();
    runs.retain(|run| {
        rank = rank.saturating_add(1);
        let is_last = apps.len() < APPLICATIONS && apps.insert(run.app.clone());
        is_last || rank <= RECENT
    });
    runs.reverse();
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Counts the bytes that are read from a file.
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

    /// How many bytes are read from a log of `length` bytes to find its only run, and then one more run.
    /// The rest of the log is a hole, which takes no disk space.
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
            assert_eq!(
                tail.read_new_from(&mut counted).unwrap().len(),
                runs,
                "unexpected number of runs"
            );
            counted.bytes
        };
        append(&mut file);
        let first = look(&file, 1);
        append(&mut file);
        [first, look(&file, 2)]
    }

    /// What a program does that opens the log with `FileShare.None`.
    #[cfg(windows)]
    #[test]
    fn log_that_another_program_uses_alone_is_in_use() {
        use std::os::windows::fs::OpenOptionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        let mut alone = File::options();
        alone.create(true).append(true).share_mode(0);
        let (writer, mut tail) =
            (alone.open(&path).unwrap(), Tail::new(path.clone(), TailState::default()));
        let why = tail.read_new().unwrap_err();
        assert!(is_in_use(&why), "{why:?}");
        drop(writer);
        assert_eq!(tail.read_new().unwrap(), []);
        assert!(alone.open(&path).is_ok(), "the log remained open");
        let missing = Tail::new(folder.path().join("none"), TailState::default()).read_new();
        assert!(!is_in_use(&missing.unwrap_err()));
    }

    #[test]
    fn bytes_read_do_not_depend_on_log_size() {
        let [small, new] = bytes_read(10 << 20);
        assert!(small <= LOOK_BACK + 8 * FINGERPRINT_BYTES, "{small} bytes were read");
        assert!(new <= 8 * FINGERPRINT_BYTES, "{new} bytes were read to find one new run");
        assert_eq!(bytes_read(10 << 30), [small, new]);
    }
}

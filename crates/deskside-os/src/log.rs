//! The program's log: a file of bounded size in the profile folder.
//!
//! It contains our own lines from `info` up, and those of other libraries from `warn` up. Their lower
//! levels print addresses and headers, so no setting enables them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The name of the app's log in the profile folder.
pub const FILE: &str = "deskside.log";

/// How many bytes from the end of the log are shown as its latest lines.
const LATEST_BYTES: u64 = 256 << 10;

/// The size at which the log is rotated, in bytes. One old log is kept, so the total is twice as much.
const MAX_BYTES: u64 = 1 << 20;

/// Writes the log of this process to the file `name` in `folder` from now on. Write errors are ignored:
/// nothing else may fail because of the log.
pub fn to_file(folder: &Path, name: &str) {
    let target = Rotating { state: Mutex::new(None), path: folder.join(name) };
    start(target);
}

/// The latest lines of the app's log in `folder`; empty if there is no log.
///
/// # Errors
/// When the log exists and cannot be read.
pub fn latest(folder: &Path) -> io::Result<String> {
    let mut file = match File::open(folder.join(FILE)) {
        Ok(file) => file,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(why) => return Err(why),
    };
    let start = file.seek(SeekFrom::End(0))?.saturating_sub(LATEST_BYTES);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(LATEST_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    // A partial line could begin within a link, which redaction would not recognize.
    let whole = if start == 0 { Some(&*text) } else { text.split_once('\n').map(|(_, rest)| rest) };
    Ok(whole.unwrap_or_default().to_owned())
}

/// Writes the log of this process to standard error, for programs run in a terminal.
pub fn to_standard_error() {
    start(io::stderr);
}

fn start<W>(target: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let ours = Targets::new().with_target("deskside", LevelFilter::INFO);
    let filter =
        ours.with_target("deskside_cli", LevelFilter::INFO).with_default(LevelFilter::WARN);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(target);
    // A second call in one process keeps the first subscriber; only tests do that.
    drop(tracing_subscriber::registry().with(lines).with(filter).try_init());
}

struct Rotating {
    state: Mutex<Option<Open>>,
    path: PathBuf,
}

struct Open {
    file: File,
    bytes: u64,
}

impl Rotating {
    fn append(&self, line: &[u8]) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.as_ref().is_none_or(|open| open.bytes >= MAX_BYTES) {
            // The old handle is closed first: Windows renames no open file.
            *state = None;
            *state = Some(self.rotate(open(&self.path)?)?);
        }
        let Some(open) = &mut *state else { return Ok(()) };
        open.bytes = open.bytes.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
        open.file.write_all(line)
    }

    /// Begins a new file when this one is full. While another program has the old log open, that fails;
    /// then this file goes on, and is emptied at twice its size.
    fn rotate(&self, full: Open) -> io::Result<Open> {
        if full.bytes < MAX_BYTES {
            return Ok(full);
        }
        let bytes = full.bytes;
        drop(full);
        let renamed = fs::rename(&self.path, self.path.with_extension("old.log"));
        if renamed.is_err() && bytes >= 2 * MAX_BYTES {
            OpenOptions::new().write(true).open(&self.path)?.set_len(0)?;
        }
        open(&self.path)
    }
}

fn open(path: &Path) -> io::Result<Open> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    let bytes = file.metadata()?.len();
    Ok(Open { file, bytes })
}

/// Writes one line to the file.
struct Line<'a>(&'a Rotating);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.append(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Rotating {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latest_log_lines_are_complete_bounded_and_optional() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(latest(folder.path()).unwrap(), "");
        let path = folder.path().join(FILE);
        fs::write(&path, "one\ntwo\n").unwrap();
        assert_eq!(latest(folder.path()).unwrap(), "one\ntwo\n");
        fs::write(&path, format!("https://{}\n", "x".repeat(300 << 10)) + "last\n").unwrap();
        assert_eq!(latest(folder.path()).unwrap(), "last\n");
    }

    #[test]
    fn full_log_is_rotated_and_total_size_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let log = Rotating { state: Mutex::new(None), path: folder.path().join("deskside.log") };
        let line = vec![b'x'; 64 * 1024];
        for _ in 0..50 {
            log.append(&line).unwrap();
        }
        let size = |name: &str| fs::metadata(folder.path().join(name)).unwrap().len();
        assert!(size("deskside.log") <= MAX_BYTES + 64 * 1024);
        assert!(size("deskside.old.log") <= MAX_BYTES + 64 * 1024);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn log_that_cannot_be_renamed_stays_bounded_and_loses_no_line() {
        let folder = tempfile::tempdir().unwrap();
        // A folder of this name: no file can be renamed to it.
        fs::create_dir(folder.path().join("deskside.old.log")).unwrap();
        let path = folder.path().join("deskside.log");
        for start in 0..3 {
            // As after a new start, too, with a file that is full already.
            let log = Rotating { state: Mutex::new(None), path: path.clone() };
            for line in 0..50 {
                let line = format!("{start} {line} {}\n", "x".repeat(64 * 1024));
                log.append(line.as_bytes()).unwrap();
                let text = fs::read_to_string(&path).unwrap();
                assert!(text.ends_with(&line), "a line is lost");
                assert!(text.len() <= (2 << 20) + line.len(), "{} bytes", text.len());
            }
        }
    }
}

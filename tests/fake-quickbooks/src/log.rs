//! `QWCLog.txt`: its header, its records, and how they are written.
//!
//! The layout is that of public excerpts. Assumed, because no source shows it: CRLF line endings
//! (the program is .NET on Windows), UTF-8 without a byte order mark, and a header at level `NONE`
//! as well.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;

use crate::orders::{Level, Sharing};
use sharing::share;

#[cfg_attr(windows, path = "log/windows.rs")]
#[cfg_attr(not(windows), path = "log/other.rs")]
mod sharing;

const LINE_END: &str = "\r\n";

/// Characters after which `DEBUG` truncates an XML document. Public excerpts differ (about 51 and
/// about 76); this is the length in the excerpt whose request is known in full.
const CUT: usize = 51;

/// One record. Its text may have several lines, of which only the first has a timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When it was written; the log has whole seconds in UTC.
    pub at: Timestamp,
    /// The method that wrote it, with its parentheses.
    pub method: &'static str,
    /// Its text, with `\n` between lines.
    pub text: String,
}

impl Record {
    /// The record as it is in the file, with its line ending.
    #[must_use]
    pub fn line(&self) -> String {
        let at = self.at.strftime("%Y%m%d.%H:%M:%S UTC");
        file_lines(&format!("{at}\t: {} : {}", self.method, self.text))
    }
}

/// The first four lines of the file. `version` is the Web Connector's full version.
#[must_use]
pub fn header(at: Timestamp, version: &str, level: Level) -> String {
    let at = at.strftime("%A, %B %-d, %Y - %-I:%M %p UTC");
    let version = version.split('.').take(2).collect::<Vec<_>>().join(".");
    let level = level.name();
    file_lines(&format!(
        "Log file initialized at {at}\n\
         Timestamp format used: YYYYMMDD.HH:MM:SS UTC\n\
         QBWebConnector {version} has been initialized with its logging status to level = {level}.\n\
         Please restart QBWebConnector for any change in log level to take effect. \
         Use file menu to clear log."
    ))
}

/// An XML document as this level writes it.
#[must_use]
pub fn xml(level: Level, document: &str) -> String {
    if level == Level::Verbose || document.chars().count() <= CUT {
        return document.to_owned();
    }
    let start: String = document.chars().take(CUT).collect();
    format!("{start}......")
}

/// Creates the file, or replaces it. Creates its folder if it is missing.
///
/// # Errors
/// If it cannot be written.
pub fn create(file: &Path, header: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, header)
}

/// Appends text in a single write, so that a reader never sees half a record. Meanwhile other programs may do
/// with the file what `sharing` says; only Windows keeps to that.
///
/// # Errors
/// If the file is missing or cannot be written.
pub fn append(file: &Path, text: &str, sharing: Sharing) -> io::Result<()> {
    let mut options = OpenOptions::new();
    share(options.append(true), sharing).open(file)?.write_all(text.as_bytes())
}

fn file_lines(text: &str) -> String {
    format!("{}{LINE_END}", text.replace('\n', LINE_END))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "2026-05-05T13:07:21Z";

    fn at() -> Timestamp {
        AT.parse().unwrap()
    }

    #[test]
    fn the_header_matches_public_logs() {
        assert_eq!(
            header(at(), "34.0.10010.76", Level::Debug),
            "Log file initialized at Tuesday, May 5, 2026 - 1:07 PM UTC\r\n\
             Timestamp format used: YYYYMMDD.HH:MM:SS UTC\r\n\
             QBWebConnector 34.0 has been initialized with its logging status to level = DEBUG.\r\n\
             Please restart QBWebConnector for any change in log level to take effect. \
             Use file menu to clear log.\r\n"
        );
    }

    #[test]
    fn a_record_starts_with_a_timestamp_and_continues_without() {
        let text = "Sending error message back to application:\nHRESULT = 0x80040400".into();
        let method = "QBWebConnector.SOAPWebService.ProcessRequestXML()";
        assert_eq!(
            Record { at: at(), method, text }.line(),
            "20260505.13:07:21 UTC\t: QBWebConnector.SOAPWebService.ProcessRequestXML() : \
             Sending error message back to application:\r\nHRESULT = 0x80040400\r\n"
        );
    }

    #[test]
    fn debug_truncates_documents_like_a_public_excerpt() {
        let document =
            "<?xml version=\"1.0\" ?><!DOCTYPE QBXML PUBLIC '-//INTUIT//DTD QBXML QBD 1.0//EN' >";
        let cut = "<?xml version=\"1.0\" ?><!DOCTYPE QBXML PUBLIC '-//IN......";
        assert_eq!(xml(Level::Debug, document), cut);
        assert_eq!(xml(Level::Verbose, document), document);
        assert_eq!(xml(Level::Debug, "<QBXML/>"), "<QBXML/>", "a short one is not truncated");
    }
}

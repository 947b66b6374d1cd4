//! `QWCLog.txt`: its header, its records, and how they get into the file.
//!
//! The layout is that of public excerpts. Assumed, because no source says: CRLF line ends (the
//! program is .NET on Windows), UTF-8 without a mark, and a header at level `NONE` too.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;

use crate::orders::Level;

const LINE_END: &str = "\r\n";

/// Where `DEBUG` cuts an XML document, in characters. Public excerpts differ (about 51 and about
/// 76); this is the length of the one whose request is known in full.
const CUT: usize = 51;

/// One record. Its text may have several lines; all but the first stand without a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When it was written, shown in whole seconds of UTC.
    pub at: Timestamp,
    /// Which method wrote it, with its brackets.
    pub method: &'static str,
    /// What it says, with `\n` between lines.
    pub text: String,
}

impl Record {
    /// As it stands in the file, with its line end.
    #[must_use]
    pub fn line(&self) -> String {
        let at = self.at.strftime("%Y%m%d.%H:%M:%S UTC");
        file_lines(&format!("{at}\t: {} : {}", self.method, self.text))
    }
}

/// The four lines at the beginning of the file. `version` is the Web Connector's, in full.
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

/// An XML document as this level shows it.
#[must_use]
pub fn xml(level: Level, document: &str) -> String {
    if level == Level::Verbose || document.chars().count() <= CUT {
        return document.to_owned();
    }
    let start: String = document.chars().take(CUT).collect();
    format!("{start}......")
}

/// Begins the file anew, in a folder that is made if it is missing.
///
/// # Errors
/// When it cannot be written.
pub fn begin(file: &Path, header: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, header)
}

/// Adds text at the end, in a single write: a reader never sees half a record.
///
/// # Errors
/// When the file is missing or cannot be written.
pub fn append(file: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().append(true).open(file)?.write_all(text.as_bytes())
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
    fn the_header_is_that_of_public_logs() {
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
    fn a_record_has_a_tab_before_its_colon_and_continues_without_a_time() {
        let text = "Sending error message back to application:\nHRESULT = 0x80040400".into();
        let method = "QBWebConnector.SOAPWebService.ProcessRequestXML()";
        assert_eq!(
            Record { at: at(), method, text }.line(),
            "20260505.13:07:21 UTC\t: QBWebConnector.SOAPWebService.ProcessRequestXML() : \
             Sending error message back to application:\r\nHRESULT = 0x80040400\r\n"
        );
    }

    #[test]
    fn debug_cuts_a_document_where_a_public_excerpt_does() {
        let document =
            "<?xml version=\"1.0\" ?><!DOCTYPE QBXML PUBLIC '-//INTUIT//DTD QBXML QBD 1.0//EN' >";
        let cut = "<?xml version=\"1.0\" ?><!DOCTYPE QBXML PUBLIC '-//IN......";
        assert_eq!(xml(Level::Debug, document), cut);
        assert_eq!(xml(Level::Verbose, document), document);
        assert_eq!(xml(Level::Debug, "<QBXML/>"), "<QBXML/>", "a short one is not cut");
    }
}

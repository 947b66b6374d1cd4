//! Reads the Web Connector's files: its setup files, and its log, `QWCLog.txt`, which has the result of
//! each update of each application.
//!
//! The file contains user names, tickets, addresses and, at the level `VERBOSE`, the customer's
//! books, for every application of every Windows user of the computer. None of that leaves this
//! crate: a `Run` has no field for any text except the application's name and its server's host. No
//! content of a log is an error here, and none increases the memory use: the parser skips unneeded
//! parts of a line without storing them.
//!
//! The format is not documented. It is known from public excerpts of versions 2.0 to 34, in which
//! the header and the text of a run are the same. See docs/sources/web-connector.md#log-format and
//! docs/sources/web-connector.md#log-privacy.

#![forbid(unsafe_code)]

mod address;
mod encoding;
mod error_words;
mod parser;
mod possible_error;
mod reading;
mod record;
mod runs;
mod setup_file;

pub use encoding::{Decoder, decoded};
pub use parser::Parser;
pub use setup_file::{Interval, Mistake, SetupFile, SetupFileFault, Unattended, is_setup_file};

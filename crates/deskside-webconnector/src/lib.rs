//! The Web Connector's log, `QWCLog.txt`: what each update of each application came to.
//!
//! The file holds user names, tickets, addresses and, at the level `VERBOSE`, the customer's books,
//! for every application of every Windows user of the computer. None of that leaves this module:
//! a [`Run`] has no place for any text but the application's name and its server's host. Nothing in
//! a log is an error here, and nothing in it makes this module need more memory: what is not needed
//! of a line is skipped without being stored.
//!
//! The format is documented nowhere. It is read from public excerpts of versions 2.0 to 34, of
//! which the header and the words of a run are the same throughout.

#![forbid(unsafe_code)]

mod address;
mod parser;
mod reading;
mod record;
mod runs;
mod suspect;

pub use parser::Parser;

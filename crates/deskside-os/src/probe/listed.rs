//! What a list of processes says of one of them: what every system tells without opening it.

use jiff::Timestamp;

/// A process of interest, as the system lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) pid: u32,
    /// One of the names that were asked for.
    pub(super) name: &'static str,
    /// It belongs to our own session. False also if that is unknown.
    pub(super) ours: bool,
    /// When it was started, if the list says so.
    pub(super) started_at: Option<Timestamp>,
}

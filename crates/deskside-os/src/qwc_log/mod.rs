//! The Web Connector's log file: read completely at once, or followed as it grows.
//! docs/sources/web-connector.md#log-location

mod ahead;
mod tail;

pub use ahead::read_ahead;
pub use tail::{LOOK_BACK, LogPosition, Tail, TailState, is_in_use};

//! The Web Connector's log as a file that grows: read ahead, followed from look to look.

mod ahead;
mod tail;

pub use ahead::read_ahead;
pub use tail::{LOOK_BACK, LogPosition, Tail, TailState};

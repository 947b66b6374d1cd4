//! Reports to a backend: what they say, how they are kept until they arrive, how they are signed.

mod delivery;
mod event;
mod outbox;
mod sign;

pub use delivery::{Outcome, Schedule, Step, outcome};
pub use event::{
    Kind, Reader, Report, ReportedConnection, ReportedMachine, ReportedProblem, envelope,
};
pub use outbox::{Outbox, Waiting};
pub use sign::{SigningFault, sign};

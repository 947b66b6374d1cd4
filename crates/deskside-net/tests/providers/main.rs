//! The clients of Conductor, Codat and a vendor's backend, against servers on loopback that answer
//! with every fault there is: what each becomes, that nothing is repeated, and that no secret gets
//! into a log.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail")]

mod ask;
mod budget;
mod codat;
mod conductor;
mod derive;
mod direct;
mod enroll;
mod faults;
mod junk;
mod pictures;
mod server;
mod tls;

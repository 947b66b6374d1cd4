//! The clients of Conductor, Codat and a vendor's backend against loopback servers that answer with every
//! kind of fault: what each becomes, that nothing is repeated, and that no secret reaches a log.

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
mod proxies;
mod server;
mod tls;

//! Codat as a client: companies, connections and their links, integrations and their pictures, and
//! how far the data has come.
//!
//! Sources: Codat's `OpenAPI` document and the guide "Build your own authorization journey". More
//! lenient than the vendor's own package, which rejects nulls that its document allows. One key
//! reaches every company of a client, and every question counts against one daily number for all
//! of them, so every answer's [`Budget`] is kept and nothing is repeated.

mod budget;
mod client;
mod data;
mod failure;
mod objects;
mod status;

pub use budget::{Budget, Pace};
pub use client::{BASE, CodatClient};
pub use data::{DataSet, DataStatus, Progress, PullOperation};
pub use failure::{CodatError, CodatFailure};
pub use objects::{
    Branding, Company, Connection, ConnectionError, ConnectionStatus, ErrorState, Image,
    Integration,
};
pub use status::{CodatFacts, Derived, Syncing, derive, gone};

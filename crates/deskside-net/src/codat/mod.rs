//! The client of Codat: companies, connections and their links, integrations and their pictures, and the
//! state of the data. docs/sources/codat.md#endpoints
//!
//! It is more lenient than the vendor's own package, which rejects nulls that its document allows
//! (docs/sources/codat.md#nulls). One key reaches every company of a client, and every request counts
//! against one daily limit for all of them (docs/sources/codat.md#limits), so the [`Budget`] is updated
//! from every answer and nothing is repeated.

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
    Branding, CodatConnection, CodatIntegration, Company, ConnectionError, ConnectionStatus,
    ErrorState, Image,
};
pub use status::{CodatFacts, Derived, Syncing, derive, gone};

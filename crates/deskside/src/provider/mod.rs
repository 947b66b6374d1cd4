//! Whoever can tell how a connection is: a vendor's backend, or the provider itself.

mod backend;
pub mod codat;
pub mod conductor;
mod fields;
mod http;

pub use backend::{Backend, Delivery, Sent};
pub(crate) use backend::{NewDevice, account, clock_offset, enroll};
pub use conductor::Conductor;
pub use http::{Download, Http, Limits, Picture, PictureKind, Validator};

use crate::companion::Told;
use crate::evidence::{Fault, RemoteStatus};

/// Somebody who can be asked how connections are. Nothing here is ever repeated by itself: a
/// question that failed is asked again only when the companion decides so.
pub trait Provider {
    /// Asks passively; reaches into nobody's QuickBooks.
    fn statuses(&self) -> impl Future<Output = Result<Vec<Told>, Fault>> + Send;

    /// Checks one connection actively: reaches into QuickBooks, may take a minute, may be billed.
    fn check(&self, connection: &str) -> impl Future<Output = Result<RemoteStatus, Fault>> + Send;
}

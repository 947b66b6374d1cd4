//! What every provider can be asked, whether a vendor's backend, Conductor or Codat, and the types
//! that such a request exchanges.

use deskside_model::Secret;
use deskside_model::evidence::{Fault, RemoteStatus};
use deskside_model::exchange::{ConnectionReport, FreshLink, NewConnection};
use jiff::SignedDuration;
use url::Url;

use crate::Integration;

/// Reports the state of connections, and creates and ends them. Connections are named by the
/// provider's own identifiers.
///
/// An implementation never repeats a request on its own: the companion decides whether a failed one is
/// sent again.
pub trait ProviderClient {
    /// Reads the state of the connections without reaching into anyone's QuickBooks.
    fn statuses(&self) -> impl Future<Output = StatusAnswer> + Send;

    /// Checks one connection actively: reaches into QuickBooks, can take a minute, can be billed.
    fn check(
        &self,
        connection: &str,
    ) -> impl Future<Output = Result<RemoteStatus, ProviderRefusal>> + Send;

    /// Requests a fresh link for a connection.
    fn link(
        &self,
        connection: &str,
        back: &ReturnRoute,
    ) -> impl Future<Output = Result<FreshLink, ProviderRefusal>> + Send;

    /// Lists what can be connected.
    fn integrations(&self) -> impl Future<Output = Result<Vec<Integration>, Fault>> + Send;

    /// Creates a connection, with its first link where the provider returns one.
    fn connect(
        &self,
        integration: &str,
        back: &ReturnRoute,
    ) -> impl Future<Output = Result<NewConnection, ProviderRefusal>> + Send;

    /// Stops the data of a connection and keeps what was transferred.
    fn stop(&self, connection: &str) -> impl Future<Output = Result<(), ProviderRefusal>> + Send;

    /// Removes a connection permanently. Succeeds for a connection that does not exist.
    fn remove(&self, connection: &str) -> impl Future<Output = Result<(), ProviderRefusal>> + Send;
}

/// Why a request was not carried out, in the provider's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRefusal {
    /// What it means.
    pub fault: Fault,
    /// The provider's message.
    pub message: Option<String>,
    /// The request's identifier, for the provider's support.
    pub request_id: Option<String>,
}

impl ProviderRefusal {
    /// A refusal without its message where the key was rejected: such a message can contain the key.
    pub(crate) fn of(fault: Fault, message: Option<String>, request_id: Option<String>) -> Self {
        Self { fault, message: message.filter(|_| fault != Fault::Rejected), request_id }
    }
}

impl From<Fault> for ProviderRefusal {
    fn from(fault: Fault) -> Self {
        Self { fault, message: None, request_id: None }
    }
}

impl From<ProviderRefusal> for Fault {
    fn from(refusal: ProviderRefusal) -> Self {
        refusal.fault
    }
}

/// The answer to [`ProviderClient::statuses`].
#[derive(Debug)]
pub struct StatusAnswer {
    /// The state of each connection.
    pub answer: Result<Vec<ConnectionReport>, Fault>,
    /// How long to wait before the next request, as far as the provider asks for a pause.
    pub pause: Option<SignedDuration>,
}

/// How the browser returns to Deskside after a link.
#[derive(Debug)]
pub struct ReturnRoute {
    /// The one-time value that the browser must bring back.
    pub state: Secret,
    /// A loopback address for providers that redirect only to web addresses.
    pub receiver: Option<Url>,
}

//! Whoever can tell how a connection is: a vendor's backend, or the provider itself.
#![forbid(unsafe_code)]

mod backend;
pub mod codat;
pub mod conductor;
pub mod direct;
mod fields;
mod http;
mod reach;
pub mod sign;

pub use backend::{Backend, Delivery, NewDevice, Sent, account, clock_offset, enroll};
pub use http::{Download, Http, Limits, PictureData, PictureKind, Validator, may_carry_a_key};
pub use reach::reach;

use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::evidence::{Fault, RemoteStatus};
use deskside_model::exchange::{ConnectionReport, FreshLink, NewConnection, Target};
use direct::{DirectCodat, DirectConductor};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;

/// Somebody who can be asked how connections are, and to make and end them. Nothing here is ever
/// repeated by itself: a question that failed is asked again only when the companion decides so.
/// Connections go by the identifiers of whoever is asked.
pub trait Provider {
    /// Asks passively; reaches into nobody's QuickBooks.
    fn statuses(&self) -> impl Future<Output = StatusAnswer> + Send;

    /// Checks one connection actively: reaches into QuickBooks, may take a minute, may be billed.
    fn check(
        &self,
        connection: &str,
    ) -> impl Future<Output = Result<RemoteStatus, ProviderRefusal>> + Send;

    /// Gets a fresh link for a connection.
    fn link(
        &self,
        connection: &str,
        back: &ReturnRoute,
    ) -> impl Future<Output = Result<FreshLink, ProviderRefusal>> + Send;

    /// What can be connected.
    fn integrations(&self) -> impl Future<Output = Result<Vec<Integration>, Fault>> + Send;

    /// Makes a connection, and a first link where there is one.
    fn connect(
        &self,
        integration: &str,
        back: &ReturnRoute,
    ) -> impl Future<Output = Result<NewConnection, ProviderRefusal>> + Send;

    /// Lets no more data flow, and keeps what there is.
    fn stop(&self, connection: &str) -> impl Future<Output = Result<(), ProviderRefusal>> + Send;

    /// Removes a connection for good. One that is not there is removed.
    fn remove(&self, connection: &str) -> impl Future<Output = Result<(), ProviderRefusal>> + Send;
}

/// Why something that was asked for was not done, with the words of whoever refused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRefusal {
    /// What it means.
    pub fault: Fault,
    /// Their own words.
    pub message: Option<String>,
    /// For their support.
    pub request_id: Option<String>,
}

impl ProviderRefusal {
    /// What is said of a key that is not accepted may hold the key, so it is left out.
    fn of(fault: Fault, message: Option<String>, request_id: Option<String>) -> Self {
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

/// What was heard of the connections.
#[derive(Debug)]
pub struct StatusAnswer {
    /// How each one is.
    pub answer: Result<Vec<ConnectionReport>, Fault>,
    /// Before this has passed, no further question is wanted.
    pub pause: Option<SignedDuration>,
}

/// How the browser is to come back.
#[derive(Debug)]
pub struct ReturnRoute {
    /// The one-use value that it must bring.
    pub state: Secret,
    /// An address on this computer that takes it in, for who sends browsers only to web addresses.
    pub receiver: Option<Url>,
}

/// Something that can be connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Its stable name at whoever offers it.
    pub key: String,
    /// Its full name.
    pub name: String,
    /// Its logo.
    pub logo: Option<PictureSource>,
    /// The button that its owner prescribes.
    pub button: Option<PictureSource>,
    /// The same under the pointer.
    pub button_hover: Option<PictureSource>,
}

/// Where a picture is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSource {
    /// Its address.
    pub url: Url,
    /// What it shows, in words; empty where nobody says.
    pub alt: String,
}

/// Everybody who can be asked.
pub enum AnyProvider {
    /// A vendor's backend.
    Backend(Backend),
    /// Conductor, with a key of this business.
    Conductor(DirectConductor),
    /// Codat, with a key of this business.
    Codat(DirectCodat),
}

impl AnyProvider {
    /// The one who is meant, with what it takes to ask. `None` when the connection cannot be asked
    /// about.
    #[must_use]
    pub fn new(http: Http, asked: Target, secret: Arc<Secret>) -> Option<Self> {
        match asked {
            Target::Backend(device) => {
                Some(Self::Backend(Backend::new(http, device.backend, secret)))
            }
            Target::Direct(connection, last) => {
                direct::teller(http, *connection, last.map(|last| *last), &secret)
            }
        }
    }
}

/// Asks whoever it is.
macro_rules! whoever {
    ($teller:expr, $call:ident($($argument:expr),*)) => {
        match $teller {
            AnyProvider::Backend(backend) => backend.$call($($argument),*).await,
            AnyProvider::Conductor(conductor) => conductor.$call($($argument),*).await,
            AnyProvider::Codat(codat) => codat.$call($($argument),*).await,
        }
    };
}

impl Provider for AnyProvider {
    async fn statuses(&self) -> StatusAnswer {
        whoever!(self, statuses())
    }

    async fn check(&self, connection: &str) -> Result<RemoteStatus, ProviderRefusal> {
        whoever!(self, check(connection))
    }

    async fn link(
        &self,
        connection: &str,
        back: &ReturnRoute,
    ) -> Result<FreshLink, ProviderRefusal> {
        whoever!(self, link(connection, back))
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Fault> {
        whoever!(self, integrations())
    }

    async fn connect(
        &self,
        integration: &str,
        back: &ReturnRoute,
    ) -> Result<NewConnection, ProviderRefusal> {
        whoever!(self, connect(integration, back))
    }

    async fn stop(&self, connection: &str) -> Result<(), ProviderRefusal> {
        whoever!(self, stop(connection))
    }

    async fn remove(&self, connection: &str) -> Result<(), ProviderRefusal> {
        whoever!(self, remove(connection))
    }
}

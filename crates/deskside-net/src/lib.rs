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
pub use http::{Download, Http, Limits, Picture, PictureKind, Validator, may_carry_a_key};
pub use reach::reach;

use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::evidence::{Fault, RemoteStatus};
use deskside_model::exchange::{Asked, FreshLink, Made, Told};
use direct::{DirectCodat, DirectConductor};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;

/// Somebody who can be asked how connections are, and to make and end them. Nothing here is ever
/// repeated by itself: a question that failed is asked again only when the companion decides so.
/// Connections go by the identifiers of whoever is asked.
pub trait Provider {
    /// Asks passively; reaches into nobody's QuickBooks.
    fn statuses(&self) -> impl Future<Output = Heard> + Send;

    /// Checks one connection actively: reaches into QuickBooks, may take a minute, may be billed.
    fn check(&self, connection: &str)
    -> impl Future<Output = Result<RemoteStatus, Refusal>> + Send;

    /// Gets a fresh link for a connection.
    fn link(
        &self,
        connection: &str,
        back: &Back,
    ) -> impl Future<Output = Result<FreshLink, Refusal>> + Send;

    /// What can be connected.
    fn integrations(&self) -> impl Future<Output = Result<Vec<Integration>, Fault>> + Send;

    /// Makes a connection, and a first link where there is one.
    fn connect(
        &self,
        integration: &str,
        back: &Back,
    ) -> impl Future<Output = Result<Made, Refusal>> + Send;

    /// Lets no more data flow, and keeps what there is.
    fn stop(&self, connection: &str) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Removes a connection for good. One that is not there is removed.
    fn remove(&self, connection: &str) -> impl Future<Output = Result<(), Refusal>> + Send;
}

/// Why something that was asked for was not done, with the words of whoever refused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it means.
    pub fault: Fault,
    /// Their own words.
    pub message: Option<String>,
    /// For their support.
    pub request_id: Option<String>,
}

impl Refusal {
    /// What is said of a key that is not accepted may hold the key, so it is left out.
    fn of(fault: Fault, message: Option<String>, request_id: Option<String>) -> Self {
        Self { fault, message: message.filter(|_| fault != Fault::Rejected), request_id }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self { fault, message: None, request_id: None }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.fault
    }
}

/// What was heard of the connections.
#[derive(Debug)]
pub struct Heard {
    /// How each one is.
    pub answer: Result<Vec<Told>, Fault>,
    /// Before this has passed, no further question is wanted.
    pub pause: Option<SignedDuration>,
}

/// How the browser is to come back.
#[derive(Debug)]
pub struct Back {
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
    pub logo: Option<Drawing>,
    /// The button that its owner prescribes.
    pub button: Option<Drawing>,
    /// The same under the pointer.
    pub button_hover: Option<Drawing>,
}

/// Where a picture is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// Its address.
    pub url: Url,
    /// What it shows, in words; empty where nobody says.
    pub alt: String,
}

/// Everybody who can be asked.
pub enum Teller {
    /// A vendor's backend.
    Backend(Backend),
    /// Conductor, with a key of this business.
    Conductor(DirectConductor),
    /// Codat, with a key of this business.
    Codat(DirectCodat),
}

impl Teller {
    /// The one who is meant, with what it takes to ask. `None` when the connection cannot be asked
    /// about.
    #[must_use]
    pub fn new(http: Http, asked: Asked, secret: Arc<Secret>) -> Option<Self> {
        match asked {
            Asked::Backend(device) => {
                Some(Self::Backend(Backend::new(http, device.backend, secret)))
            }
            Asked::Direct(connection, last) => {
                direct::teller(http, *connection, last.map(|last| *last), &secret)
            }
        }
    }
}

/// Asks whoever it is.
macro_rules! whoever {
    ($teller:expr, $call:ident($($argument:expr),*)) => {
        match $teller {
            Teller::Backend(backend) => backend.$call($($argument),*).await,
            Teller::Conductor(conductor) => conductor.$call($($argument),*).await,
            Teller::Codat(codat) => codat.$call($($argument),*).await,
        }
    };
}

impl Provider for Teller {
    async fn statuses(&self) -> Heard {
        whoever!(self, statuses())
    }

    async fn check(&self, connection: &str) -> Result<RemoteStatus, Refusal> {
        whoever!(self, check(connection))
    }

    async fn link(&self, connection: &str, back: &Back) -> Result<FreshLink, Refusal> {
        whoever!(self, link(connection, back))
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Fault> {
        whoever!(self, integrations())
    }

    async fn connect(&self, integration: &str, back: &Back) -> Result<Made, Refusal> {
        whoever!(self, connect(integration, back))
    }

    async fn stop(&self, connection: &str) -> Result<(), Refusal> {
        whoever!(self, stop(connection))
    }

    async fn remove(&self, connection: &str) -> Result<(), Refusal> {
        whoever!(self, remove(connection))
    }
}

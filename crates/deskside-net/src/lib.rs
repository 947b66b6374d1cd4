//! The network: HTTP, reachability of hosts, and the clients of backends, Conductor and Codat.
//!
//! Nothing here decides when to ask or repeats a request on its own: the companion does. No credential
//! follows a redirect, travels unencrypted, or gets into a log.
#![forbid(unsafe_code)]

mod any_provider;
mod backend;
pub mod codat;
pub mod conductor;
pub mod cryptography;
pub mod direct;
mod fields;
mod host_probe;
mod http;
mod integration;
mod provider;
mod proxies;
pub mod sign;

pub use any_provider::AnyProvider;
pub use backend::{Backend, Delivery, NewDevice, account, enroll};
pub use http::{Download, Http, Limits, PictureData, PictureKind, Validator, may_carry_a_key};
pub use integration::{Integration, PictureSource};
pub use provider::{ProviderClient, ProviderRefusal, ReturnRoute, StatusAnswer};

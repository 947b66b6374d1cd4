//! One type for every provider, so that callers need not know which one they ask.

use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::evidence::{Fault, RemoteStatus};
use deskside_model::exchange::{FreshLink, NewConnection, Target};

use crate::direct::{self, DirectCodat, DirectConductor, DirectProvider};
use crate::{
    Backend, Http, Integration, ProviderClient, ProviderRefusal, ReturnRoute, StatusAnswer,
};

/// Any of the providers.
pub enum AnyProvider {
    /// A vendor's backend.
    Backend(Backend),
    /// Conductor, with this business's own key.
    Conductor(DirectConductor),
    /// Codat, with this business's own key.
    Codat(DirectCodat),
}

impl AnyProvider {
    /// The provider of `target`. `secret` is what the vault holds under [`Target::secret_name`].
    /// `None` when the target has no usable address or no key.
    #[must_use]
    pub fn new(http: Http, target: Target, secret: Arc<Secret>) -> Option<Self> {
        match target {
            Target::Backend(device) => {
                Some(Self::Backend(Backend::new(http, device.backend, secret)))
            }
            Target::Direct(connection, last) => {
                let last = last.map(|last| *last);
                Some(match direct::provider(http, *connection, last, &secret)? {
                    DirectProvider::Conductor(conductor) => Self::Conductor(conductor),
                    DirectProvider::Codat(codat) => Self::Codat(codat),
                })
            }
        }
    }
}

/// Calls the provider that the variant holds.
macro_rules! forward {
    ($provider:expr, $call:ident($($argument:expr),*)) => {
        match $provider {
            AnyProvider::Backend(backend) => backend.$call($($argument),*).await,
            AnyProvider::Conductor(conductor) => conductor.$call($($argument),*).await,
            AnyProvider::Codat(codat) => codat.$call($($argument),*).await,
        }
    };
}

impl ProviderClient for AnyProvider {
    async fn statuses(&self) -> StatusAnswer {
        forward!(self, statuses())
    }

    async fn check(&self, connection: &str) -> Result<RemoteStatus, ProviderRefusal> {
        forward!(self, check(connection))
    }

    async fn link(
        &self,
        connection: &str,
        back: &ReturnRoute,
    ) -> Result<FreshLink, ProviderRefusal> {
        forward!(self, link(connection, back))
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Fault> {
        forward!(self, integrations())
    }

    async fn connect(
        &self,
        integration: &str,
        back: &ReturnRoute,
    ) -> Result<NewConnection, ProviderRefusal> {
        forward!(self, connect(integration, back))
    }

    async fn stop(&self, connection: &str) -> Result<(), ProviderRefusal> {
        forward!(self, stop(connection))
    }

    async fn remove(&self, connection: &str) -> Result<(), ProviderRefusal> {
        forward!(self, remove(connection))
    }
}

//! Everything outside the PC that Deskside talks to, on one computer: the APIs of Conductor and Codat, the pages
//! behind their links, a vendor's backend, and a control API to set the state of all of them and to inspect it.
//!
//! Tests, the demo and vendors use it, so none of them needs an account, QuickBooks or the internet. It holds no real
//! data and keeps nothing on disk.
//!
//! What a provider documents is served as documented. What a provider leaves open is our choice, and every text of
//! ours begins with `sandbox:` so that nobody matches on it by mistake.

mod backend;
mod cache;
mod codat;
mod conductor;
mod connect;
mod control;
mod faults;
mod html;
mod images;
mod listener;
mod random;
mod requests;
mod world;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use axum::{Router, middleware::from_fn_with_state, serve::Listener};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::{
    faults::{Injector, Target, inject},
    listener::{ResetHandle, ResettableListener},
    world::SharedWorld,
};

/// Where a sandbox listens and which keys it accepts. The default takes free ports and random keys.
pub struct Config {
    /// Address of the first listener; see [`listen_address`].
    pub listen: SocketAddr,
    /// The secret key that Conductor's API accepts.
    pub conductor_secret_key: String,
    /// The publishable key that Conductor's links carry.
    pub conductor_publishable_key: String,
    /// The API key that Codat's API accepts, before base64.
    pub codat_api_key: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0),
            conductor_secret_key: random::id("sk_conductor_"),
            conductor_publishable_key: random::id("pk_conductor_"),
            codat_api_key: random::id("codat_"),
        }
    }
}

/// The base URLs of a running sandbox and the keys that it accepts. As JSON, this is the ready line of the program.
#[derive(Clone, Serialize)]
pub struct Endpoints {
    /// Conductor; its API is below `/v1`.
    pub conductor: String,
    /// The vendor's backend; the Backend Protocol is below `/v1`.
    pub backend: String,
    /// The control API.
    pub control: String,
    /// The pages behind the links.
    pub connect: String,
    /// Codat; its API has no version in the path.
    pub codat: String,
    /// The secret key that Conductor's API accepts.
    pub conductor_secret_key: String,
    /// The publishable key that Conductor's links carry.
    pub conductor_publishable_key: String,
    /// The API key that Codat's API accepts, before base64.
    pub codat_api_key: String,
}

/// A running sandbox. Dropping it closes its listeners.
pub struct Sandbox {
    /// How to reach it.
    pub endpoints: Endpoints,
    servers: JoinSet<io::Result<()>>,
}

impl Sandbox {
    /// Opens the five listeners: Conductor, backend, control API, link pages, Codat.
    ///
    /// # Errors
    /// If the address is not acceptable to [`listen_address`] or a port is taken.
    pub async fn start(config: Config) -> io::Result<Self> {
        let addresses = addresses(config.listen)
            .map_err(|reason| io::Error::new(io::ErrorKind::InvalidInput, reason))?;
        let [conductor, backend, control, connect, codat] = addresses;
        let (conductor, conductor_url) = bind(conductor).await?;
        let (backend, backend_url) = bind(backend).await?;
        let (control, control_url) = bind(control).await?;
        let (connect, connect_url) = bind(connect).await?;
        let (codat, codat_url) = bind(codat).await?;
        let endpoints = Endpoints {
            conductor: conductor_url,
            backend: backend_url,
            control: control_url,
            connect: connect_url,
            codat: codat_url,
            conductor_secret_key: config.conductor_secret_key,
            conductor_publishable_key: config.conductor_publishable_key,
            codat_api_key: config.codat_api_key,
        };
        let world = SharedWorld::new(endpoints.clone());

        let mut servers = JoinSet::new();
        let with_faults = |router: Router, target| {
            router.layer(from_fn_with_state(Injector { world: world.clone(), target }, inject))
        };
        serve(
            &mut servers,
            conductor,
            with_faults(conductor::router(world.clone()), Target::Conductor),
        );
        serve(&mut servers, backend, with_faults(backend::router(world.clone()), Target::Backend));
        serve(&mut servers, connect, with_faults(connect::router(world.clone()), Target::Connect));
        serve(&mut servers, codat, with_faults(codat::router(world.clone()), Target::Codat));
        serve(&mut servers, control, control::router(world.clone()));

        Ok(Self { endpoints, servers })
    }

    /// Returns when a server has stopped, which none does by itself.
    ///
    /// # Errors
    /// The reason why it stopped.
    pub async fn stopped(&mut self) -> io::Result<()> {
        match self.servers.join_next().await {
            Some(Ok(result)) => result,
            Some(Err(failure)) => Err(io::Error::other(failure)),
            None => Ok(()),
        }
    }
}

/// Parses the address of the first listener. Port 0 stands for five free ports, any other for itself and the next
/// four.
///
/// # Errors
/// If it is no socket address, if it is not loopback, or if the fifth port would be beyond 65535.
pub fn listen_address(text: &str) -> Result<SocketAddr, &'static str> {
    let first = text.parse().map_err(|_| "not of the form ADDRESS:PORT, like 127.0.0.1:4010")?;
    addresses(first).map(|_| first)
}

/// The addresses of all five listeners.
fn addresses(first: SocketAddr) -> Result<[SocketAddr; 5], &'static str> {
    if !first.ip().is_loopback() {
        return Err("the sandbox listens on loopback only, for example on 127.0.0.1");
    }
    let mut addresses = [first; 5];
    if first.port() != 0 {
        for (address, offset) in addresses.iter_mut().zip(0..) {
            let port = first.port().checked_add(offset);
            address
                .set_port(port.ok_or("the sandbox needs five ports: at most 65531 is possible")?);
        }
    }
    Ok(addresses)
}

async fn bind(address: SocketAddr) -> io::Result<(ResettableListener, String)> {
    let listener = ResettableListener::bind(address).await.map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
    })?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

fn serve(servers: &mut JoinSet<io::Result<()>>, listener: ResettableListener, router: Router) {
    let service = router.into_make_service_with_connect_info::<ResetHandle>();
    servers.spawn(async move { axum::serve(listener, service).await });
}

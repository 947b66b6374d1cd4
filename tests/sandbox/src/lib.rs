//! The outside world of Deskside on one computer: the APIs of Conductor and Codat, the pages behind their
//! links, a vendor's backend, and a control API that arranges and observes them all. Tests and the demo run against it, so nothing needs an
//! account, QuickBooks or the internet. It holds no real data and keeps nothing.
//!
//! What the vendor documents is served as documented; what the vendor leaves open is our choice, and its texts begin
//! with `sandbox:`.

mod backend;
mod cache;
mod codat;
mod conductor;
mod connect;
mod control;
mod door;
mod faults;
mod html;
mod images;
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
    door::{Cut, Door},
    faults::{Gate, Target, gate},
    world::{Place, Shared},
};

/// A running sandbox: where it is, and the keys it accepts. Serialised, it is the line the program prints. Dropping
/// it closes the listeners.
#[derive(Serialize)]
pub struct Sandbox {
    /// Base URL of Conductor; its API is below `/v1`.
    pub conductor: String,
    /// Base URL of the vendor's backend; the Backend Protocol is below `/v1`.
    pub backend: String,
    /// Base URL of the control API.
    pub control: String,
    /// Base URL of the pages behind the links.
    pub connect: String,
    /// The key that Conductor's API asks for.
    pub conductor_secret_key: String,
    /// The key that a link names.
    pub conductor_publishable_key: String,
    /// Base URL of Codat; its API has no version in the path.
    pub codat: String,
    /// The raw key that Codat's API asks for.
    pub codat_api_key: String,
    #[serde(skip)]
    servers: JoinSet<io::Result<()>>,
}

impl Sandbox {
    /// Opens five listeners: on ports of the system's choice for port 0, otherwise on this port and the next four
    /// (Conductor, backend, control, connect, Codat).
    ///
    /// # Errors
    /// When the address is not loopback, or a port cannot be had.
    pub async fn start(listen: SocketAddr) -> io::Result<Self> {
        if !listen.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the sandbox listens on loopback only",
            ));
        }
        let (conductor, conductor_url) = open(listen, 0).await?;
        let (backend, backend_url) = open(listen, 1).await?;
        let (control, control_url) = open(listen, 2).await?;
        let (connect, connect_url) = open(listen, 3).await?;
        let (codat, codat_url) = open(listen, 4).await?;
        let secret_key = random::id("sk_conductor_");
        let publishable_key = random::id("pk_conductor_");
        let codat_api_key = random::id("codat_");
        let world = Shared::new(Place {
            backend: backend_url.clone(),
            connect: connect_url.clone(),
            secret_key: secret_key.clone(),
            publishable_key: publishable_key.clone(),
            codat: codat_url.clone(),
            codat_api_key: codat_api_key.clone(),
        });

        let mut servers = JoinSet::new();
        let guarded = |router: Router, target| {
            router.layer(from_fn_with_state(Gate { world: world.clone(), target }, gate))
        };
        serve(
            &mut servers,
            conductor,
            guarded(conductor::router(world.clone()), Target::Conductor),
        );
        serve(&mut servers, backend, guarded(backend::router(world.clone()), Target::Backend));
        serve(&mut servers, connect, guarded(connect::router(world.clone()), Target::Connect));
        serve(&mut servers, codat, guarded(codat::router(world.clone()), Target::Codat));
        serve(&mut servers, control, control::router(world.clone()));

        Ok(Self {
            conductor: conductor_url,
            backend: backend_url,
            control: control_url,
            connect: connect_url,
            conductor_secret_key: secret_key,
            conductor_publishable_key: publishable_key,
            codat: codat_url,
            codat_api_key,
            servers,
        })
    }

    /// Returns when a server has stopped, which none does by itself.
    ///
    /// # Errors
    /// With what stopped it.
    pub async fn stopped(&mut self) -> io::Result<()> {
        match self.servers.join_next().await {
            Some(Ok(result)) => result,
            Some(Err(failed)) => Err(io::Error::other(failed)),
            None => Ok(()),
        }
    }
}

/// Loopback, on ports of the system's choice: what most callers give to `Sandbox::start`.
pub const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

async fn open(listen: SocketAddr, offset: u16) -> io::Result<(Door, String)> {
    let port = match listen.port() {
        0 => 0,
        first => first
            .checked_add(offset)
            .ok_or_else(|| io::Error::other("the fifth port is beyond 65535"))?,
    };
    let door = Door::open(SocketAddr::new(listen.ip(), port)).await?;
    let url = format!("http://{}", door.local_addr()?);
    Ok((door, url))
}

fn serve(servers: &mut JoinSet<io::Result<()>>, door: Door, router: Router) {
    let service = router.into_make_service_with_connect_info::<Cut>();
    servers.spawn(async move { axum::serve(door, service).await });
}

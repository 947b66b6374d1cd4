//! `connection add|list|check|remove`.

use std::sync::Arc;

use deskside::companion::{ConnectionSummary, Given, Summary};
use deskside::connection::{Connection, Mode, Origin};
use deskside::control::{self, ControlFault, Request};
use deskside::link::Provider;
use deskside::look::{self, Profile};
use deskside::place;
use serde::Serialize;

use crate::arguments::{AddCommand, ConnectionCommand};
use crate::output::{Failure, document, line, say};
use crate::{secret, status};

/// The document of `connection list --json`.
#[derive(Serialize)]
struct List<'a> {
    schema: u32,
    connections: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    name: String,
    provider: Option<Provider>,
    mode: Mode,
    origin: &'a Origin,
}

pub(crate) async fn run(command: ConnectionCommand) -> Result<u8, Failure> {
    match command {
        ConnectionCommand::Add(AddCommand::Conductor { end_user, base_url }) => {
            add(end_user, base_url).await
        }
        ConnectionCommand::List { json } => list(json),
        ConnectionCommand::Check { id, json } => check(&id, json).await,
        ConnectionCommand::Remove { id } => remove(id).await,
    }
}

fn profile() -> Result<Profile, Failure> {
    Profile::open().map_err(|why| Failure::new("this user's profile cannot be used", why))
}

async fn add(end_user: String, base_url: Option<String>) -> Result<u8, Failure> {
    let profile = profile()?;
    let trust = place::trust().map_err(|why| Failure::new("the policy cannot be used", why))?;
    if base_url.is_some() && !trust.sandbox {
        return Err(Failure::plain("--base-url is only for the sandbox"));
    }
    let mut entropy = [0_u8; 32];
    getrandom::fill(&mut entropy).map_err(|why| Failure::new("no random numbers", why))?;
    let id = format!("direct-{}", Given::new(jiff::Timestamp::now(), entropy).id());
    let connection = Connection {
        id,
        company: None,
        provider: Some(Provider::Conductor),
        mode: Mode::Attended,
        origin: Origin::Direct { end_user, base_url },
        link_pending_until: None,
    };
    let key = Arc::new(secret::read_from_standard_input()?);
    let name = connection.key_name();
    profile
        .vault
        .write(&name, key)
        .await
        .map_err(|why| Failure::new("the key is not kept", why))?;
    say(
        "This key reaches every end user of its project. It stays in this computer's password store.",
    );
    let request = Request::Add(Box::new(connection.clone()));
    match control::ask::<bool>(&profile.folder, &request).await {
        Ok(true) => {}
        Ok(false) | Err(ControlFault::NotRunning) => {
            let mut saved = profile.saved.clone();
            saved.connections.push(connection.clone());
            profile.save(&saved).map_err(|why| Failure::new("the connection is not kept", why))?;
        }
        Err(why) => return Err(Failure::new("Deskside does not take the connection", why)),
    }
    line(&connection.id)?;
    Ok(0)
}

fn list(json: bool) -> Result<u8, Failure> {
    let profile = profile()?;
    let connections = &profile.saved.connections;
    if !json {
        for connection in connections {
            line(&format!("{}\t{}", connection.id, connection.name()))?;
        }
        return Ok(0);
    }
    let listed = connections.iter().map(|connection| Listed {
        id: &connection.id,
        name: connection.name(),
        provider: connection.provider,
        mode: connection.mode,
        origin: &connection.origin,
    });
    document(&List { schema: 1, connections: listed.collect() })?;
    Ok(0)
}

async fn check(id: &str, json: bool) -> Result<u8, Failure> {
    let profile = profile()?;
    let evidence = look::check(&profile, id)
        .await
        .map_err(|why| Failure::new("nothing could be looked at", why))?
        .ok_or_else(|| {
            Failure::plain(format!("there is no connection {id} that can be checked"))
        })?;
    let mut summary = Summary::of_moment(&evidence);
    summary.connections.retain(|connection: &ConnectionSummary| connection.id == id);
    status::print(&summary, json)
}

async fn remove(id: String) -> Result<u8, Failure> {
    let profile = profile()?;
    let Some(connection) = profile.saved.connections.iter().find(|known| known.id == id) else {
        return Err(Failure::plain(format!("there is no connection {id}")));
    };
    match control::ask::<bool>(&profile.folder, &Request::Forget(id.clone())).await {
        Ok(true) => return Ok(0),
        Ok(false) | Err(ControlFault::NotRunning) => {}
        Err(why) => return Err(Failure::new("Deskside does not forget the connection", why)),
    }
    if matches!(connection.origin, Origin::Backend { .. }) {
        return Err(Failure::plain("start Deskside first: the backend must be told"));
    }
    profile
        .vault
        .delete(&connection.key_name())
        .await
        .map_err(|why| Failure::new("the key could not be deleted", why))?;
    let mut saved = profile.saved.clone();
    saved.connections.retain(|known| known.id != id);
    profile.save(&saved).map_err(|why| Failure::new("the change is not kept", why))?;
    Ok(0)
}

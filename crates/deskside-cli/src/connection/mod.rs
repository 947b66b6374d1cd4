//! `connection …`: what there is, and what can be done with it.
//!
//! Providers and backends are asked here, so that the answer and the exit code are honest; the
//! companion is told what came of it, and changes the profile. Links are its own too: it looks at the
//! computer before it opens one and remembers that it did.

mod add;
mod codat;
mod conductor;
mod list;
mod manage;
mod opening;
mod remove;
mod said;

use std::sync::Arc;

use deskside_companion::Context;
use deskside_model::ConnectionId;
use deskside_model::connection::{Connection, Device, Origin};
use deskside_model::evidence::Fault;
use deskside_model::exchange::Target;
use deskside_net::{AnyProvider, Http, ProviderRefusal};
use deskside_runtime::look::LocalProfile;
use jiff::Timestamp;
use said::Said;

use crate::arguments::{AddCommand, ConnectionCommand};
use crate::output::CommandFailure;

pub(crate) async fn run(command: ConnectionCommand) -> Result<u8, CommandFailure> {
    let profile = LocalProfile::open()
        .map_err(|why| CommandFailure::new("this user's profile cannot be used", why))?;
    match command {
        ConnectionCommand::Add(AddCommand::Conductor(wanted)) => {
            conductor::add(profile, wanted).await
        }
        ConnectionCommand::Add(AddCommand::Codat(wanted)) => codat::add(profile, wanted).await,
        ConnectionCommand::List { json } => list::run(&profile, json).await,
        ConnectionCommand::Check { id, json } => manage::check(&profile, &id, json).await,
        ConnectionCommand::Link { id, opening } => {
            let connection = known(&profile, &id)?;
            let connection = codat::settle(&profile, connection).await?;
            opening::bring(profile, connection, opening).await
        }
        ConnectionCommand::Stop { id } => manage::stop(&profile, &id).await,
        ConnectionCommand::Remove { id, yes } => remove::run(profile, &id, yes).await,
        ConnectionCommand::SignOut { from } => remove::sign_out(&profile, &from).await,
    }
}

fn known(profile: &LocalProfile, id: &ConnectionId) -> Result<Connection, CommandFailure> {
    let found = profile.saved.connections.iter().find(|known| known.id == *id).cloned();
    found.ok_or_else(|| CommandFailure::plain(format!("there is no connection {id}")))
}

fn device<'a>(profile: &'a LocalProfile, connection: &Connection) -> Option<&'a Device> {
    let id = connection.device()?;
    profile.saved.devices.iter().find(|device| device.id == *id)
}

/// What to call the one who knows about a connection.
fn teller_name(profile: &LocalProfile, connection: &Connection) -> String {
    connection.host(device(profile, connection)).unwrap_or_else(|| "the application".into())
}

/// Whoever can be asked about a connection.
async fn teller(
    profile: &LocalProfile,
    connection: &Connection,
) -> Result<AnyProvider, CommandFailure> {
    if matches!(connection.origin, Origin::Link { .. }) {
        return Err(CommandFailure::plain(
            "this connection is known only by its link; ask the application that sent it",
        ));
    }
    let target = Target::of(connection, device(profile, connection), None)
        .ok_or_else(|| CommandFailure::plain("this computer was signed out of it"))?;
    let secret = profile.vault.read(&target.secret_name()).await;
    let secret =
        secret.map_err(|why| CommandFailure::new("the key for it could not be read", why))?;
    AnyProvider::new(http()?, target, Arc::new(secret))
        .ok_or_else(|| CommandFailure::plain("nobody can be asked about this connection"))
}

/// The moment, and chance.
fn context() -> Result<Context, CommandFailure> {
    let mut entropy = [0_u8; 32];
    getrandom::fill(&mut entropy).map_err(|why| CommandFailure::new("no random numbers", why))?;
    Ok(Context::new(Timestamp::now(), entropy))
}

fn http() -> Result<Http, CommandFailure> {
    Http::new(deskside_os::proxy::proxy_for)
        .map_err(|why| CommandFailure::new("the system's certificates cannot be used", why))
}

/// Repeats why somebody of this name did not do what was asked, and sums it up.
fn refused(what: &str, refusal: &ProviderRefusal, name: &str) -> CommandFailure {
    let said = Said::from(refusal);
    said.repeat();
    CommandFailure::plain(format!("{what}: {}", no_answer(refusal.fault, &said, name)))
}

/// Why somebody of this name gave no answer, or none of use.
fn no_answer(fault: Fault, said: &Said, name: &str) -> String {
    match fault {
        Fault::Unreachable => format!("{name} could not be reached"),
        Fault::Unusable if said.is_something() => format!("{name} answered with an error"),
        Fault::Unusable => format!("{name} gave no usable answer"),
        Fault::Rejected => format!("{name} does not accept the key"),
        Fault::NoCredential => "the password store does not give the key".into(),
    }
}

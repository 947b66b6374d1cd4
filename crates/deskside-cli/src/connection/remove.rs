//! `connection remove` and `connection sign-out`.

use std::io::{self, IsTerminal};

use deskside_companion::SavedState;
use deskside_model::connection::{Connection, Device, Origin};
use deskside_net::ProviderClient as _;
use deskside_runtime::control::Request;
use deskside_runtime::look::LocalProfile;

use super::{known, refused, teller, teller_name};
use crate::companion;
use crate::output::{CommandFailure, say};

pub(crate) async fn run(profile: LocalProfile, id: &str, yes: bool) -> Result<u8, CommandFailure> {
    let connection = known(&profile, id)?;
    let name = teller_name(&profile, &connection);
    say(&what_happens(&connection, &name));
    if !yes && io::stdin().is_terminal() && !agreed()? {
        say("Nothing was changed.");
        return Ok(1);
    }
    if let Origin::Backend { .. } = connection.origin {
        let removed = teller(&profile, &connection).await?.remove(connection.remote_id()).await;
        removed.map_err(|refusal| refused("not removed", &refusal, &name))?;
    }
    if companion::tell(&profile.folder, &Request::Forget(id.to_owned())).await? {
        return Ok(0);
    }
    forget(profile, &connection).await
}

/// What becomes of the connection and of its data.
fn what_happens(connection: &Connection, name: &str) -> String {
    match &connection.origin {
        Origin::Backend { .. } => format!(
            "The connection is removed at {name} too, and no more data flows. What was copied so \
             far is kept or deleted there by their rules."
        ),
        Origin::Direct { .. } => format!(
            "Deskside forgets this connection and its key on this computer. At {name} the \
             connection and the data stay."
        ),
        Origin::Link { .. } => "Deskside forgets this connection on this computer. With your \
                                application it stays as it is."
            .into(),
    }
}

fn agreed() -> Result<bool, CommandFailure> {
    say("Remove it? [y/N]");
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.map_err(|why| CommandFailure::new("the answer could not be read", why))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "Yes"))
}

/// Forgets a connection where no companion runs.
async fn forget(mut profile: LocalProfile, connection: &Connection) -> Result<u8, CommandFailure> {
    let direct = matches!(connection.origin, Origin::Direct { .. }).then(|| connection.key_name());
    let link = connection.link.as_ref().filter(|life| life.in_vault).map(|life| life.vault_name());
    for name in direct.into_iter().chain(link) {
        let deleted = profile.vault.delete(&name).await;
        deleted.map_err(|why| CommandFailure::new("the key could not be deleted", why))?;
    }
    change(&mut profile, |saved| saved.connections.retain(|known| known.id != connection.id))?;
    Ok(0)
}

fn change(
    profile: &mut LocalProfile,
    change: impl FnOnce(&mut SavedState),
) -> Result<(), CommandFailure> {
    profile.change(change).map_err(|why| CommandFailure::new("the change is not kept", why))
}

pub(crate) async fn sign_out(mut profile: LocalProfile, from: &str) -> Result<u8, CommandFailure> {
    let device = one_device(&profile, from)?.clone();
    let host = device.backend.host();
    if companion::tell(&profile.folder, &Request::SignOut(device.id.clone())).await? {
        say(&format!("This computer is signed out. {host} is told as soon as it can be reached."));
        return Ok(0);
    }
    change(&mut profile, |saved| {
        saved.connections.retain(|connection| connection.device() != Some(&device.id));
        saved.devices.retain(|known| known.id != device.id);
        saved.leaving.push(device.clone());
    })?;
    say(&format!("This computer is signed out. {host} is told when Deskside runs next."));
    Ok(0)
}

/// The one device that is meant by its identifier or by its host.
fn one_device<'a>(profile: &'a LocalProfile, from: &str) -> Result<&'a Device, CommandFailure> {
    let is_meant = |device: &&Device| device.id == from || device.backend.host() == from;
    let mut meant = profile.saved.devices.iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(device), None) => Ok(device),
        (Some(_), Some(_)) => {
            Err(CommandFailure::plain(format!("this computer is linked to {from} more than once")))
        }
        (None, _) => Err(CommandFailure::plain(format!("this computer is not linked to {from}"))),
    }
}

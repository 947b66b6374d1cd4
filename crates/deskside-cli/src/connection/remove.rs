//! `connection remove` and `connection sign-out`.

use std::io::{self, IsTerminal};

use deskside_model::ConnectionId;
use deskside_model::connection::{Connection, Device, Origin};
use deskside_net::ProviderClient as _;
use deskside_runtime::control::{self, Request};
use deskside_runtime::look::LocalProfile;

use super::{add, known, refused, teller, teller_name};
use crate::companion::{self, Performer};
use crate::output::{CommandFailure, say};

pub(crate) async fn run(
    profile: LocalProfile,
    id: &ConnectionId,
    yes: bool,
) -> Result<u8, CommandFailure> {
    let connection = known(&profile, id)?;
    let name = teller_name(&profile, &connection);
    say(&what_happens(&connection, &name));
    if !yes && io::stdin().is_terminal() && !agreed()? {
        say("Nothing was changed.");
        return Ok(1);
    }
    if let Origin::Direct { .. } = connection.origin
        && !control::is_running(&profile.folder)
    {
        // Without its connection nobody would ever find the key again.
        add::works(&profile.vault, "nothing was changed").await?;
    }
    if let Origin::Backend { .. } = connection.origin {
        let removed = teller(&profile, &connection).await?.remove(connection.remote_id()).await;
        removed.map_err(|refusal| refused("not removed", &refusal, &name))?;
    }
    companion::carry_out(&profile.folder, Request::Forget(id.clone())).await?;
    Ok(0)
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

pub(crate) async fn sign_out(profile: &LocalProfile, from: &str) -> Result<u8, CommandFailure> {
    let device = one_device(profile, from)?;
    let host = device.backend.host();
    let request = Request::SignOut(device.id.clone());
    let told = match companion::carry_out(&profile.folder, request).await? {
        Performer::Running => "as soon as it can be reached",
        Performer::ThisProgram => "when Deskside runs next",
    };
    say(&format!("This computer is signed out. {host} is told {told}."));
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

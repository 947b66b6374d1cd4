//! `connection add conductor`: Conductor's own advice on what to do with the answer to a check.
//! Source: its guide to the auth flow.

use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::connection::Account;
use deskside_model::evidence::{RemoteState, RemoteStatus};
use deskside_net::ProviderRefusal;
use deskside_net::conductor::{
    BASE, ConductorClient, ConductorFailure as Refused, NewEndUser, checked, recorded,
};
use deskside_runtime::look::LocalProfile;
use jiff::Timestamp;
use url::Url;

use super::add::{self, Answer};
use super::{Said, http};
use crate::arguments::AddConductor;
use crate::output::{CommandFailure, say};
use crate::secret;

pub(crate) async fn add(profile: LocalProfile, wanted: AddConductor) -> Result<u8, CommandFailure> {
    let base_url = wanted.base_url.clone().map(with_version);
    let keys = secret::read_keys(2)?;
    let texts = [&wanted.end_user, &wanted.company_name, &wanted.source_id, &wanted.email];
    add::refuse_nonsense(&keys, &texts, base_url.as_ref())?;
    add::prepare(&profile, base_url.as_ref()).await?;
    say("This key reaches every end user of its project. It stays in this computer's password \
         store.");
    let client = client(base_url.clone(), &keys)?;
    let opening = wanted.opening;
    let (end_user, company) = end_user(&client, wanted).await?;
    let answer = client.check(&end_user).await;
    let said = answer.as_ref().err().map(said).unwrap_or_default();
    let answer = Answer { status: checked(&answer, Timestamp::now()), said };
    let account = Account::Conductor { end_user };
    let connection = add::connection(&profile, account, company, base_url.as_ref())?;
    add::conclude(profile, connection, keys, answer, opening).await
}

/// Whoever names only the host of the API means its current version.
fn with_version(mut url: Url) -> Url {
    if url.path() == "/" {
        url.set_path("/v1");
    }
    url
}

fn client(base_url: Option<Url>, keys: &Secret) -> Result<ConductorClient, CommandFailure> {
    let base = base_url.map_or_else(|| Url::parse(BASE), Ok);
    let base =
        base.map_err(|why| CommandFailure::new("Conductor's address cannot be used", why))?;
    // The first line is the secret key; it goes to Conductor alone.
    let key = keys.reveal().lines().next().unwrap_or_default();
    Ok(ConductorClient::new(http()?, base, Arc::new(Secret::new(key.to_owned()))))
}

/// The end user that was named, or a new one, with its company's name.
async fn end_user(
    client: &ConductorClient,
    wanted: AddConductor,
) -> Result<(String, Option<String>), CommandFailure> {
    if let Some(end_user) = wanted.end_user.clone()
        && !(wanted.create && is_unknown(client, &end_user).await)
    {
        return Ok((end_user, None));
    }
    let (Some(company_name), Some(source_id), Some(email)) =
        (&wanted.company_name, &wanted.source_id, &wanted.email)
    else {
        return Err(CommandFailure::plain(
            "a new end user needs a company, an identifier and an address",
        ));
    };
    let made = client.create_end_user(&NewEndUser { company_name, source_id, email }).await;
    let made = made.map_err(|refused| {
        said(&refused).repeat();
        CommandFailure::new("Conductor did not make the end user; nothing is kept", refused)
    })?;
    // Whatever happens next, it is there.
    say(&format!("Conductor has made the end user {}.", made.id));
    Ok((made.id, made.company_name))
}

/// True only where Conductor itself says that there is no such end user.
async fn is_unknown(client: &ConductorClient, end_user: &str) -> bool {
    let removed = |status: RemoteStatus| status.state == RemoteState::Removed;
    recorded(&client.end_user(end_user).await).is_ok_and(removed)
}

fn said(refused: &Refused) -> Said {
    Said::from(&ProviderRefusal::from(refused.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_without_a_path_gets_the_version() {
        for (given, meant) in [
            ("http://127.0.0.1:5000", "http://127.0.0.1:5000/v1"),
            ("http://127.0.0.1:5000/", "http://127.0.0.1:5000/v1"),
            ("http://127.0.0.1:5000/v1", "http://127.0.0.1:5000/v1"),
            ("https://sandbox.example/conductor/v1/", "https://sandbox.example/conductor/v1/"),
        ] {
            assert_eq!(with_version(given.parse().unwrap()).as_str(), meant);
        }
    }
}

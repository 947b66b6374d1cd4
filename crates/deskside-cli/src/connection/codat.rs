//! `connection add codat`: a company, its connection, and what its status asks for.
//! Source: Codat's guide "Build your own authorization journey".

use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::connection::{Account, Connection, Origin};
use deskside_model::evidence::{RemoteState, RemoteStatus};
use deskside_model::exchange::Target;
use deskside_net::codat::{BASE, Budget, CodatClient, CodatFailure as Refused, Company, gone};
use deskside_net::{AnyProvider, ProviderClient as _, ProviderRefusal};
use deskside_runtime::look::LocalProfile;
use url::Url;

use super::add::{self, Answer};
use super::{Said, http, refused};
use crate::arguments::AddCodat;
use crate::output::{CommandFailure, say};
use crate::secret;

/// A company's connection at Codat.
struct Own {
    id: String,
    /// It was made just now: a list that lacks it is only behind.
    is_new: bool,
}

pub(crate) async fn add(profile: LocalProfile, wanted: AddCodat) -> Result<u8, CommandFailure> {
    let base_url = wanted.base_url.clone();
    let key = secret::read_keys(1)?;
    let platform = Some(wanted.platform.clone());
    let texts = [&wanted.company, &wanted.company_name, &platform];
    add::refuse_nonsense(&key, &texts, base_url.as_ref())?;
    add::prepare(&profile, base_url.as_ref()).await?;
    say(
        "This key reaches every company of its client. It stays in this computer's password store.",
    );
    let mut client = client(base_url.clone(), &key)?;
    let (account, company, own) = account(&mut client, &profile, &wanted).await?;
    let connection = add::connection(&profile, account, company, base_url.as_ref())?;
    let answer = match own {
        Ok(own) => status(&connection, &key, own.is_new).await?,
        Err(refused) => Answer { status: gone(&refused), said: said(&refused) },
    };
    add::conclude(profile, connection, key, answer, wanted.opening).await
}

/// The account that is meant, its company's name, and its connection, which is made where there is
/// none; or why Codat does not say.
async fn account(
    client: &mut CodatClient,
    profile: &LocalProfile,
    wanted: &AddCodat,
) -> Result<(Account, Option<String>, Result<Own, Refused>), CommandFailure> {
    let platform = wanted.platform.clone();
    let account = |company: String, connection| Account::Codat { company, connection, platform };
    match company(client, wanted).await {
        Ok(company) => {
            let (id, name) = (company.id.clone(), company.name.clone());
            let known = known(profile, &id, &wanted.platform);
            let own = match found(client, company, &wanted.platform, known.as_deref()).await {
                Ok(Some(id)) => Ok(Own { id, is_new: false }),
                Ok(None) => Ok(made(client, &id, &wanted.platform).await?),
                Err(refused) => Err(refused),
            };
            let connection = own.as_ref().ok().map(|own| own.id.clone()).or(known);
            Ok((account(id, connection), name, own))
        }
        Err(refused) => {
            let asked = wanted.company.clone().ok_or_else(|| not_made("company", &refused))?;
            let known = known(profile, &asked, &wanted.platform);
            Ok((account(asked, known), None, Err(refused)))
        }
    }
}

/// Codat's identifier of the connection that this computer knows for a company already.
fn known(profile: &LocalProfile, of_company: &str, to: &str) -> Option<String> {
    profile.saved.connections.iter().find_map(|known| match &known.origin {
        Origin::Direct { account: Account::Codat { company, connection, platform }, .. }
            if company == of_company && platform == to =>
        {
            connection.clone()
        }
        Origin::Direct { .. } | Origin::Backend { .. } | Origin::Link { .. } => None,
    })
}

/// The connection itself where it has none of Codat's identifiers yet: with the one that is there,
/// or one that is made. Nobody makes a second one for the next link.
pub(crate) async fn settle(
    profile: &LocalProfile,
    mut connection: Connection,
) -> Result<Connection, CommandFailure> {
    let name = connection.key_name();
    let Origin::Direct { account: Account::Codat { company, connection: own, platform }, base_url } =
        &mut connection.origin
    else {
        return Ok(connection);
    };
    if own.is_some() {
        return Ok(connection);
    }
    let base_url = base_url.as_deref().and_then(|url| Url::parse(url).ok());
    let key = profile.vault.read(&name).await;
    let key = key.map_err(|why| CommandFailure::new("the key for it could not be read", why))?;
    let mut client = client(base_url, &key)?;
    let no_link = |why: Refused| refused("there is no link", &ProviderRefusal::from(why), "Codat");
    let record = client.company(company).await.map_err(no_link)?;
    let id = match found(&mut client, record, platform, None).await.map_err(no_link)? {
        Some(id) => id,
        None => made(&mut client, company, platform).await?.id,
    };
    *own = Some(id);
    add::take_up(&profile.folder, &connection).await?;
    Ok(connection)
}

fn client(base_url: Option<Url>, key: &Secret) -> Result<CodatClient, CommandFailure> {
    let base = base_url.map_or_else(|| Url::parse(BASE), Ok);
    let base = base.map_err(|why| CommandFailure::new("Codat's address cannot be used", why))?;
    Ok(CodatClient::new(http()?, base, copy(key), Budget::default()))
}

/// The key once more, for one who asks with it.
fn copy(key: &Secret) -> Arc<Secret> {
    Arc::new(Secret::new(key.reveal().to_owned()))
}

/// The company that was named, or a new one.
async fn company(client: &mut CodatClient, wanted: &AddCodat) -> Result<Company, Refused> {
    if let Some(company) = &wanted.company {
        let known = client.company(company).await;
        let is_unknown = known.as_ref().is_err_and(|refused| gone(refused).is_ok());
        if !(wanted.create && is_unknown) {
            return known;
        }
    }
    let name = wanted.company_name.as_deref().unwrap_or_default();
    let made = client.create_company(name, None).await?;
    // Whatever happens next, it is there.
    say(&format!("Codat has made the company {}.", made.id));
    Ok(made)
}

/// A company's connection to the platform: the one that is known too, where the list does not show
/// it yet.
async fn found(
    client: &mut CodatClient,
    company: Company,
    platform: &str,
    known: Option<&str>,
) -> Result<Option<String>, Refused> {
    let id = company.id.clone();
    let mut all = client.connections_of(company).await?;
    if let Some(known) = known.filter(|known| !all.iter().any(|one| one.id == *known)) {
        match client.connection(&id, known).await {
            Ok(own) => all.push(own),
            Err(refused) if gone(&refused).is_ok() => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok(client.choose(all, platform).await?.map(|own| own.id))
}

/// Makes a connection. The link that comes with it is dropped unopened: whoever opens the page gets
/// a fresh one.
async fn made(
    client: &mut CodatClient,
    company: &str,
    platform: &str,
) -> Result<Own, CommandFailure> {
    let made = client.create_connection(company, platform).await;
    let made = made.map_err(|refused| not_made("connection", &refused))?;
    Ok(Own { id: made.id, is_new: true })
}

/// How the connection is, by everything that Codat knows of it.
async fn status(
    connection: &Connection,
    key: &Secret,
    is_new: bool,
) -> Result<Answer, CommandFailure> {
    let asked = Target::Direct(Box::new(connection.clone()), None);
    let teller = AnyProvider::new(http()?, asked, copy(key))
        .ok_or_else(|| CommandFailure::plain("Codat's address cannot be used"))?;
    Ok(match teller.check(connection.remote_id()).await {
        Ok(status) if is_new && status.state == RemoteState::Removed => {
            let status = RemoteStatus { state: RemoteState::NotSetUp, ..RemoteStatus::default() };
            Answer { status: Ok(status), said: Said::default() }
        }
        Ok(status) => Answer { said: Said::from(&status), status: Ok(status) },
        Err(refusal) => Answer { said: Said::from(&refusal), status: Err(refusal.fault) },
    })
}

fn not_made(what: &str, refused: &Refused) -> CommandFailure {
    said(refused).repeat();
    CommandFailure::new(format!("Codat did not make the {what}; nothing is kept"), refused.clone())
}

fn said(refused: &Refused) -> Said {
    Said::from(&ProviderRefusal::from(refused.clone()))
}

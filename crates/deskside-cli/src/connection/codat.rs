//! `connection add codat`: a company, its connection, and what its status asks for.
//! Source: Codat's guide "Build your own authorization journey".

use std::sync::Arc;

use deskside::Secret;
use deskside::companion::Asked;
use deskside::connection::{Account, Connection};
use deskside::look::Profile;
use deskside::provider::codat::{BASE, Budget, Client, Company, Failure as Refusal, gone};
use deskside::provider::{Provider as _, Teller};
use url::Url;

use super::add::{self, Answer, Said};
use super::http;
use crate::arguments::AddCodat;
use crate::output::{Failure, say};
use crate::secret;

pub(crate) async fn add(profile: Profile, wanted: AddCodat) -> Result<u8, Failure> {
    let base_url = wanted.base_url.clone();
    let key = secret::read_keys(1)?;
    add::prepare(&profile, base_url.as_ref()).await?;
    say(
        "This key reaches every company of its client. It stays in this computer's password store.",
    );
    let mut client = client(base_url.clone(), &key)?;
    let (account, company, answer) = match company(&mut client, &wanted).await {
        Ok(company) => {
            let connection = data_connection(&mut client, &company, &wanted.platform).await?;
            (account(&company.id, Some(connection)), company.name, None)
        }
        Err(refused) => {
            let asked = wanted.company.ok_or_else(|| not_made("company", &refused))?;
            let answer = Answer { status: gone(&refused), said: said(&refused) };
            (account(&asked, None), None, Some(answer))
        }
    };
    let connection = add::connection(&profile, account, company, base_url.as_ref())?;
    let answer = match answer {
        Some(refused) => refused,
        None => status(&connection, &key).await?,
    };
    add::conclude(profile, connection, key, answer, wanted.opening).await
}

fn account(company: &str, connection: Option<String>) -> Account {
    Account::Codat { company: company.to_owned(), connection }
}

fn client(base_url: Option<Url>, key: &Secret) -> Result<Client, Failure> {
    let base = base_url.map_or_else(|| Url::parse(BASE), Ok);
    let base = base.map_err(|why| Failure::new("Codat's address cannot be used", why))?;
    Ok(Client::new(http()?, base, copy(key), Budget::default()))
}

/// The key once more, for one who asks with it.
fn copy(key: &Secret) -> Arc<Secret> {
    Arc::new(Secret::new(key.reveal().to_owned()))
}

/// The company that was named, or a new one.
async fn company(client: &mut Client, wanted: &AddCodat) -> Result<Company, Refusal> {
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

/// The company's connection to the platform; one is made where there is none. The link that comes
/// with a new one is dropped unopened: whoever opens the page gets a fresh one.
async fn data_connection(
    client: &mut Client,
    company: &Company,
    platform: &str,
) -> Result<String, Failure> {
    let is_meant = |key: Option<&str>| key == Some(platform);
    let known =
        company.data_connections.iter().find(|one| is_meant(one.integration_key.as_deref()));
    if let Some(known) = known {
        return Ok(known.id.clone());
    }
    let made = client.create_connection(&company.id, platform).await;
    made.map(|made| made.id).map_err(|refused| not_made("connection", &refused))
}

/// How the connection is, by everything that Codat knows of it.
async fn status(connection: &Connection, key: &Secret) -> Result<Answer, Failure> {
    let asked = Asked::Direct(Box::new(connection.clone()), None);
    let teller = Teller::new(http()?, asked, copy(key))
        .ok_or_else(|| Failure::plain("Codat's address cannot be used"))?;
    let status = teller.check(&connection.id).await;
    let said = status.as_ref().ok().map(|status| Said {
        message: status.user_message.clone(),
        request: status.request_id.clone(),
    });
    Ok(Answer { status, said: said.unwrap_or_default() })
}

fn not_made(what: &str, refused: &Refusal) -> Failure {
    said(refused).repeat();
    Failure::new(format!("Codat did not make the {what}; nothing is kept"), refused.clone())
}

/// Codat's own words.
fn said(refused: &Refusal) -> Said {
    let Some(error) = refused.refusal() else { return Said::default() };
    Said { message: error.error.clone(), request: error.correlation_id.clone() }
}

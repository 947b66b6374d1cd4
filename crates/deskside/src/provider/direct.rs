//! The providers themselves as those who tell how a connection is, for a business that holds its own
//! key.

use std::sync::Arc;

use jiff::{Timestamp, Zoned};
use url::Url;

use super::codat::{self, Facts, Pace, Syncing, derive, gone};
use super::conductor::{self, NewAuthSession, checked, keep_what_a_check_found, recorded};
use super::{Back, Drawing, Heard, Http, Integration, Provider, Teller};
use crate::Secret;
use crate::companion::{FreshLink, Made, Told};
use crate::connection::{Account, Connection, Origin};
use crate::evidence::{Fault, RemoteState, RemoteStatus};

/// Codat's key for QuickBooks Desktop. Source: Codat's list of integrations.
pub const QUICKBOOKS_DESKTOP: &str = "pqsw";

/// The pictures of so many integrations are fetched; nobody looks through more.
const PICTURED: usize = 12;

/// Where the provider of a direct connection is; `None` for any other.
#[must_use]
pub fn address(connection: &Connection) -> Option<Url> {
    let Origin::Direct { account, base_url } = &connection.origin else { return None };
    let usual = match account {
        Account::Conductor { .. } => conductor::BASE,
        Account::Codat { .. } => codat::BASE,
    };
    Url::parse(base_url.as_deref().unwrap_or(usual)).ok()
}

/// The provider of a direct connection, whose last status is `last`. `secret` holds the provider's
/// key, and for Conductor the publishable key on a second line.
pub(super) fn teller(
    http: Http,
    connection: Connection,
    last: Option<RemoteStatus>,
    secret: &Secret,
) -> Option<Teller> {
    let base = address(&connection)?;
    let Origin::Direct { account, .. } = connection.origin.clone() else { return None };
    let mut lines = secret.reveal().lines().map(str::trim);
    let key = Arc::new(Secret::new(lines.next()?.to_owned()));
    Some(match account {
        Account::Conductor { end_user } => Teller::Conductor(DirectConductor {
            client: conductor::Client::new(http, base, key),
            publishable_key: lines.next().filter(|line| !line.is_empty()).map(secret_of),
            connection,
            end_user,
            last,
        }),
        Account::Codat { company, connection: known } => {
            Teller::Codat(DirectCodat { http, base, key, connection, company, known })
        }
    })
}

fn secret_of(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// Conductor, with the key of this business.
pub struct DirectConductor {
    client: conductor::Client,
    publishable_key: Option<Secret>,
    connection: Connection,
    end_user: String,
    last: Option<RemoteStatus>,
}

impl DirectConductor {
    async fn told(&self) -> Result<Vec<Told>, Fault> {
        let record = self.client.end_user(&self.end_user).await;
        let status = keep_what_a_check_found(self.last.as_ref(), recorded(&record)?);
        Ok(vec![Told {
            id: self.connection.id.clone(),
            company: record.ok().and_then(|end_user| end_user.company_name),
            provider: self.connection.provider,
            mode: self.connection.mode,
            status,
        }])
    }
}

impl Provider for DirectConductor {
    async fn statuses(&self) -> Heard {
        Heard { answer: self.told().await, pause: None }
    }

    async fn check(&self, _connection: &str) -> Result<RemoteStatus, Fault> {
        checked(&self.client.check(&self.end_user).await, Timestamp::now())
    }

    async fn link(&self, _connection: &str, back: &Back) -> Result<FreshLink, Fault> {
        let Some(publishable_key) = &self.publishable_key else {
            tracing::warn!("without Conductor's publishable key there are no links");
            return Err(Fault::NoCredential);
        };
        let new = NewAuthSession {
            publishable_key,
            end_user: &self.end_user,
            link_expiry_mins: None,
            redirect_url: back.receiver.as_ref(),
        };
        let session = self.client.create_auth_session(&new).await;
        let session = session.map_err(|failure| failure.fault())?;
        Ok(FreshLink { url: session.auth_flow_url, until: session.expires_at, single_use: None })
    }

    /// Conductor connects QuickBooks Desktop and nothing else.
    async fn integrations(&self) -> Result<Vec<Integration>, Fault> {
        Ok(Vec::new())
    }

    async fn connect(&self, _integration: &str, _back: &Back) -> Result<Made, Fault> {
        Err(Fault::Unusable)
    }

    /// Conductor knows no stopping: its connections end with their end user.
    async fn stop(&self, _connection: &str) -> Result<(), Fault> {
        Err(Fault::Unusable)
    }

    /// An end user's record is not ours to delete.
    async fn remove(&self, _connection: &str) -> Result<(), Fault> {
        Err(Fault::Unusable)
    }
}

/// Codat, with the key of this business.
pub struct DirectCodat {
    http: Http,
    base: Url,
    key: Arc<Secret>,
    connection: Connection,
    company: String,
    /// Codat's identifier of the connection, once there is one.
    known: Option<String>,
}

impl DirectCodat {
    /// A client that begins with what the answers to its own questions say.
    fn client(&self) -> codat::Client {
        let budget = codat::Budget::default();
        codat::Client::new(self.http.clone(), self.base.clone(), Arc::clone(&self.key), budget)
    }

    async fn told(&self, client: &mut codat::Client) -> Result<Vec<Told>, Fault> {
        let (company, status) = match client.company(&self.company).await {
            Err(failure) => (None, gone(&failure)?),
            Ok(company) => {
                let own = self.own(&company.data_connections);
                let status = match (own, &self.known) {
                    // Deleted there: a connection that was known is on its company's list no more.
                    (None, Some(_)) => {
                        RemoteStatus { state: RemoteState::Removed, ..RemoteStatus::default() }
                    }
                    (own, _) => self.status(client, own).await?,
                };
                (company.name, status)
            }
        };
        Ok(vec![Told {
            id: self.connection.id.clone(),
            company,
            provider: self.connection.provider,
            mode: self.connection.mode,
            status,
        }])
    }

    /// The company's connection that is meant: the known one, or else the one to QuickBooks Desktop.
    fn own<'a>(&self, all: &'a [codat::Connection]) -> Option<&'a codat::Connection> {
        match &self.known {
            Some(known) => all.iter().find(|one| one.id == *known),
            None => {
                all.iter().find(|one| one.integration_key.as_deref() == Some(QUICKBOOKS_DESKTOP))
            }
        }
    }

    async fn status(
        &self,
        client: &mut codat::Client,
        connection: Option<&codat::Connection>,
    ) -> Result<RemoteStatus, Fault> {
        let is_linked = connection.is_some_and(|one| one.status == codat::ConnectionStatus::Linked);
        // What is not linked has no data to ask about.
        let (data, pulls) = if is_linked {
            let data = client.data_status(&self.company).await;
            let data = data.map_err(|failure| failure.fault())?;
            (Some(data), client.pull_history(&self.company).await.ok())
        } else {
            (None, None)
        };
        let derived = derive(&Facts {
            connection,
            data: data.as_ref(),
            pulls: pulls.as_deref(),
            now: &Zoned::now(),
            syncing: Syncing::Ongoing,
        });
        let data = is_linked.then_some(derived.data);
        Ok(RemoteStatus { data, ..derived.status })
    }
}

impl Provider for DirectCodat {
    async fn statuses(&self) -> Heard {
        let mut client = self.client();
        let answer = self.told(&mut client).await;
        // The companion knows the usual pace; only what Codat itself asks for comes on top of it.
        let pause = client.budget.wait(Timestamp::now(), Pace::LinkPending);
        Heard { answer, pause: Some(pause) }
    }

    /// Codat has no check that reaches into QuickBooks: its own record is asked once more.
    async fn check(&self, _connection: &str) -> Result<RemoteStatus, Fault> {
        let told = self.told(&mut self.client()).await?;
        told.into_iter().next().map(|one| one.status).ok_or(Fault::Unusable)
    }

    async fn link(&self, _connection: &str, back: &Back) -> Result<FreshLink, Fault> {
        let mut client = self.client();
        let known = match &self.known {
            Some(known) => Some(known.clone()),
            None => {
                let all = client.connections(&self.company).await;
                let all = all.map_err(|failure| failure.fault())?;
                self.own(&all).map(|one| one.id.clone())
            }
        };
        match known {
            Some(known) => {
                let url = client.relink(&self.company, &known).await;
                let url = url.map_err(|failure| failure.fault())?;
                Ok(fresh(url))
            }
            None => {
                let made = self.connect(QUICKBOOKS_DESKTOP, back).await?;
                made.link.ok_or(Fault::Unusable)
            }
        }
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Fault> {
        let mut client = self.client();
        let all = client.integrations("Accounting").await.map_err(|failure| failure.fault())?;
        let mut integrations = Vec::new();
        for one in all {
            let branding = if integrations.len() < PICTURED {
                client.branding(&one.key).await.unwrap_or_default()
            } else {
                codat::Branding::default()
            };
            integrations.push(with_pictures(one, branding));
        }
        Ok(integrations)
    }

    async fn connect(&self, integration: &str, _back: &Back) -> Result<Made, Fault> {
        let made = self.client().create_connection(&self.company, integration).await;
        let made = made.map_err(|failure| failure.fault())?;
        let status = RemoteStatus { state: RemoteState::NotSetUp, ..RemoteStatus::default() };
        let told = Told {
            id: made.id,
            company: self.connection.company.clone(),
            provider: self.connection.provider,
            mode: self.connection.mode,
            status,
        };
        Ok(Made { told, link: made.link_url.map(fresh) })
    }

    async fn stop(&self, _connection: &str) -> Result<(), Fault> {
        let known = self.known.as_ref().ok_or(Fault::Unusable)?;
        let stopped = self.client().unlink(&self.company, known).await;
        stopped.map(drop).map_err(|failure| failure.fault())
    }

    async fn remove(&self, _connection: &str) -> Result<(), Fault> {
        let known = self.known.as_ref().ok_or(Fault::Unusable)?;
        let removed = self.client().delete(&self.company, known).await;
        removed.map_err(|failure| failure.fault())
    }
}

/// A link of Codat's: it counts once where it carries a one-time password, and often without.
/// Source: Codat's "build your own authorization journey".
fn fresh(url: Secret) -> FreshLink {
    let single_use = Some(url.reveal().contains("otp="));
    FreshLink { url, until: None, single_use }
}

fn with_pictures(one: codat::Integration, branding: codat::Branding) -> Integration {
    let name = if one.name.is_empty() { one.key.clone() } else { one.name };
    let drawing = |image: codat::Image| Drawing {
        url: image.src,
        alt: image.alt.unwrap_or_else(|| name.clone()),
    };
    let logo = one.logo.map(|url| Drawing { url, alt: name.clone() });
    Integration {
        logo: branding.square.or(branding.logo).map(drawing).or(logo),
        button: branding.button.map(drawing),
        button_hover: branding.button_hover.map(drawing),
        key: one.key,
        name: name.clone(),
    }
}

//! Conductor and Codat asked directly, for a business that holds its own key.

use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::connection::{Account, Connection, Origin};
use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_model::exchange::{ConnectionReport, FreshLink, NewConnection};
use jiff::{Timestamp, Zoned};
use url::Url;

use super::codat::{self, CodatFacts, Pace, Syncing, derive, gone};
use super::conductor::{self, NewAuthSession, checked, keep_what_a_check_found, recorded};
use super::{
    Http, Integration, PictureSource, ProviderClient, ProviderRefusal, ReturnRoute, StatusAnswer,
};

/// The pictures of at most this many integrations are fetched; the list shows no more at once.
const PICTURED: usize = 12;

/// A provider that is asked directly.
pub(super) enum DirectProvider {
    Conductor(DirectConductor),
    Codat(DirectCodat),
}

/// The provider of a direct connection, whose last known status is `last`. `secret` is the provider's
/// key, followed for Conductor by the publishable key on a second line. `None` when the connection is
/// not a direct one or the secret is empty.
pub(super) fn provider(
    http: Http,
    connection: Connection,
    last: Option<RemoteStatus>,
    secret: &Secret,
) -> Option<DirectProvider> {
    let base = connection.direct_address()?;
    let Origin::Direct { account, .. } = connection.origin.clone() else { return None };
    let mut lines = secret.reveal().lines().map(str::trim);
    let key = Arc::new(Secret::new(lines.next()?.to_owned()));
    Some(match account {
        Account::Conductor { end_user } => DirectProvider::Conductor(DirectConductor {
            client: conductor::ConductorClient::new(http, base, key),
            publishable_key: lines.next().filter(|line| !line.is_empty()).map(secret_of),
            connection,
            end_user,
            last,
        }),
        Account::Codat { company, connection: remote_id, platform } => {
            DirectProvider::Codat(DirectCodat {
                http,
                base,
                key,
                connection,
                company,
                remote_id,
                platform,
            })
        }
    })
}

fn secret_of(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// Conductor, with this business's own key.
pub struct DirectConductor {
    client: conductor::ConductorClient,
    publishable_key: Option<Secret>,
    connection: Connection,
    end_user: String,
    last: Option<RemoteStatus>,
}

impl DirectConductor {
    fn report(
        &self,
        record: Result<conductor::EndUser, conductor::ConductorFailure>,
    ) -> Result<Vec<ConnectionReport>, Fault> {
        let status = keep_what_a_check_found(self.last.as_ref(), recorded(&record)?);
        Ok(vec![ConnectionReport {
            id: self.connection.id.to_string(),
            company: record.ok().and_then(|end_user| end_user.company_name),
            provider: self.connection.provider,
            mode: self.connection.mode,
            status,
        }])
    }

    /// Creates an auth session with a return address if Conductor accepts it: whether it redirects to
    /// loopback is not documented. Without a return address it closes the tab.
    /// docs/sources/conductor.md#link
    async fn session(
        &self,
        key: &Secret,
        back: Option<&Url>,
    ) -> Result<conductor::AuthSession, conductor::ConductorFailure> {
        let new = NewAuthSession {
            publishable_key: key,
            end_user: &self.end_user,
            link_expiry_mins: None,
            redirect_url: back,
        };
        match self.client.create_auth_session(&new).await {
            Err(failure) if back.is_some() && failure.is_invalid_request() => {
                let new = NewAuthSession { redirect_url: None, ..new };
                self.client.create_auth_session(&new).await
            }
            answer => answer,
        }
    }
}

impl ProviderClient for DirectConductor {
    async fn statuses(&self) -> StatusAnswer {
        let record = self.client.end_user(&self.end_user).await;
        let pause = record.as_ref().err().and_then(conductor::ConductorFailure::pause);
        StatusAnswer { answer: self.report(record), pause }
    }

    async fn check(&self, _connection: &str) -> Result<RemoteStatus, ProviderRefusal> {
        let answer = self.client.check(&self.end_user).await;
        let status = checked(&answer, Timestamp::now());
        status.map_err(|fault| answer.err().map_or(fault.into(), ProviderRefusal::from))
    }

    async fn link(
        &self,
        _connection: &str,
        back: &ReturnRoute,
    ) -> Result<FreshLink, ProviderRefusal> {
        let Some(publishable_key) = &self.publishable_key else {
            tracing::warn!("no link can be created without Conductor's publishable key");
            return Err(Fault::NoCredential.into());
        };
        let session = self.session(publishable_key, back.receiver.as_ref()).await;
        let session = session.inspect_err(|failure| {
            let request = failure.refusal().and_then(|error| error.request_id.as_deref());
            tracing::warn!(%failure, request, "Conductor created no link");
        })?;
        Ok(FreshLink { url: session.auth_flow_url, until: session.expires_at, single_use: None })
    }

    /// Always empty: Deskside connects only QuickBooks Desktop through Conductor.
    async fn integrations(&self) -> Result<Vec<Integration>, Fault> {
        Ok(Vec::new())
    }

    async fn connect(
        &self,
        _integration: &str,
        _back: &ReturnRoute,
    ) -> Result<NewConnection, ProviderRefusal> {
        Err(Fault::Unusable.into())
    }

    /// Always refused: Conductor's connections end with their end user.
    /// docs/sources/conductor.md#endpoints
    async fn stop(&self, _connection: &str) -> Result<(), ProviderRefusal> {
        Err(Fault::Unusable.into())
    }

    /// Always refused: the end user's record belongs to the application.
    async fn remove(&self, _connection: &str) -> Result<(), ProviderRefusal> {
        Err(Fault::Unusable.into())
    }
}

/// Codat, with this business's own key.
pub struct DirectCodat {
    http: Http,
    base: Url,
    key: Arc<Secret>,
    connection: Connection,
    company: String,
    /// Codat's identifier of the connection, once it exists.
    remote_id: Option<String>,
    /// Codat's key of the accounting platform.
    platform: String,
}

impl DirectCodat {
    /// A client with an empty budget, which it fills from the answers to its own requests.
    fn client(&self) -> codat::CodatClient {
        let budget = codat::Budget::default();
        codat::CodatClient::new(self.http.clone(), self.base.clone(), Arc::clone(&self.key), budget)
    }

    async fn report(
        &self,
        client: &mut codat::CodatClient,
    ) -> Result<Vec<ConnectionReport>, ProviderRefusal> {
        let (company, status) = match client.company(&self.company).await {
            Err(failure) => (None, gone(&failure).map_err(|_| failure)?),
            Ok(mut company) => {
                let name = company.name.take();
                (name, self.status_in(client, company).await?)
            }
        };
        Ok(vec![ConnectionReport {
            id: self.connection.id.to_string(),
            company,
            provider: self.connection.provider,
            mode: self.connection.mode,
            status,
        }])
    }

    /// The status of the company's connection: the one with the known identifier, or else the one to the
    /// platform. The company's list can be missing, so only the connection's own address shows that it was
    /// removed.
    async fn status_in(
        &self,
        client: &mut codat::CodatClient,
        company: codat::Company,
    ) -> Result<RemoteStatus, ProviderRefusal> {
        let Some(remote_id) = &self.remote_id else {
            let all = client.connections_of(company).await?;
            let own = client.choose(all, &self.platform).await?;
            return self.status(client, own.as_ref()).await;
        };
        let listed =
            company.data_connections.into_iter().flatten().find(|one| one.id == *remote_id);
        let own = match listed {
            Some(own) => Ok(own),
            None => client.connection(&self.company, remote_id).await,
        };
        match own {
            Ok(own) => self.status(client, Some(&own)).await,
            Err(failure) => Ok(gone(&failure).map_err(|_| failure)?),
        }
    }

    async fn status(
        &self,
        client: &mut codat::CodatClient,
        connection: Option<&codat::CodatConnection>,
    ) -> Result<RemoteStatus, ProviderRefusal> {
        let is_linked = connection.is_some_and(|one| one.status == codat::ConnectionStatus::Linked);
        // Only a linked connection has data to ask about.
        let (data, pulls) = if is_linked {
            let data = client.data_status(&self.company).await?;
            (Some(data), client.pull_history(&self.company).await.ok())
        } else {
            (None, None)
        };
        let derived = derive(&CodatFacts {
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

impl ProviderClient for DirectCodat {
    async fn statuses(&self) -> StatusAnswer {
        let mut client = self.client();
        let answer = self.report(&mut client).await.map_err(Fault::from);
        // The companion sets the usual interval; this adds only the pauses that Codat asks for.
        let pause = client.budget.wait(Timestamp::now(), Pace::LinkPending);
        StatusAnswer { answer, pause: Some(pause) }
    }

    /// Reads Codat's record again: Codat has no check that reaches into QuickBooks.
    async fn check(&self, _connection: &str) -> Result<RemoteStatus, ProviderRefusal> {
        let reports = self.report(&mut self.client()).await?;
        Ok(reports.into_iter().next().map(|report| report.status).ok_or(Fault::Unusable)?)
    }

    async fn link(
        &self,
        _connection: &str,
        back: &ReturnRoute,
    ) -> Result<FreshLink, ProviderRefusal> {
        let mut client = self.client();
        let remote_id = match &self.remote_id {
            Some(remote_id) => Some(remote_id.clone()),
            None => {
                let all = client.connections(&self.company).await?;
                client.choose(all, &self.platform).await?.map(|own| own.id)
            }
        };
        match remote_id {
            Some(remote_id) => Ok(fresh_link(client.relink(&self.company, &remote_id).await?)),
            None => {
                let new = self.connect(&self.platform, back).await?;
                Ok(new.link.ok_or(Fault::Unusable)?)
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

    async fn connect(
        &self,
        integration: &str,
        _back: &ReturnRoute,
    ) -> Result<NewConnection, ProviderRefusal> {
        let new = self.client().create_connection(&self.company, integration).await?;
        let status = RemoteStatus { state: RemoteState::NotSetUp, ..RemoteStatus::default() };
        let report = ConnectionReport {
            id: new.id,
            company: self.connection.company.clone(),
            provider: self.connection.provider,
            mode: self.connection.mode,
            status,
        };
        Ok(NewConnection { report, link: new.link_url.map(fresh_link) })
    }

    async fn stop(&self, _connection: &str) -> Result<(), ProviderRefusal> {
        let remote_id = self.remote_id.as_ref().ok_or(Fault::Unusable)?;
        Ok(self.client().unlink(&self.company, remote_id).await?)
    }

    async fn remove(&self, _connection: &str) -> Result<(), ProviderRefusal> {
        let remote_id = self.remote_id.as_ref().ok_or(Fault::Unusable)?;
        Ok(self.client().delete(&self.company, remote_id).await?)
    }
}

/// A Codat link works once if it carries a one-time password, and repeatedly without.
/// docs/sources/codat.md#links
fn fresh_link(url: Secret) -> FreshLink {
    let single_use = Some(url.reveal().contains("otp="));
    FreshLink { url, until: None, single_use }
}

fn with_pictures(one: codat::CodatIntegration, branding: codat::Branding) -> Integration {
    let name = if one.name.is_empty() { one.key.clone() } else { one.name };
    let picture = |image: codat::Image, alt: &str| PictureSource {
        url: image.src,
        alt: image.alt.unwrap_or_else(|| alt.into()),
    };
    let logo = one.logo.map(|url| PictureSource { url, alt: name.clone() });
    Integration {
        logo: branding.square.or(branding.logo).map(|image| picture(image, &name)).or(logo),
        button: branding.button.map(|image| picture(image, "")),
        button_hover: branding.button_hover.map(|image| picture(image, "")),
        key: one.key,
        name,
    }
}

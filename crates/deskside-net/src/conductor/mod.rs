//! The client of Conductor: end users, auth sessions, the passive record and the active check.
//! docs/sources/conductor.md#endpoints
//!
//! Answers of both API generations are accepted (docs/sources/conductor.md#generations). One key reaches
//! every end user of a project, so only a business that owns its project holds one. Nothing is repeated: a
//! check can start QuickBooks and be billed (docs/sources/conductor.md#billing).

mod failure;
mod objects;
mod status;

use std::sync::Arc;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

pub use failure::{ConductorError, ConductorFailure, ErrorType};
pub use objects::{AuthSession, ConductorCheck, EndUser, IntegrationConnection};
pub use status::{checked, keep_what_a_check_found, passive, recorded};

use deskside_model::Secret;
use deskside_model::evidence::Fault;

use super::fields::Fields;
use super::http::{Answer, Http, address};

pub use deskside_model::provider::CONDUCTOR_BASE as BASE;

/// The lifetimes that a link can have, in minutes: 15 minutes to 7 days.
/// docs/sources/conductor.md#link
pub const LINK_EXPIRY_MINS: std::ops::RangeInclusive<u32> = 15..=10_080;

/// Conductor's name for QuickBooks Desktop in the path of the older check.
const INTEGRATION: &str = "quickbooks_desktop";

/// Conductor's API with the secret key of one project.
pub struct ConductorClient {
    http: Http,
    base: Url,
    key: Arc<Secret>,
}

/// An end user to be created: one company file of one customer.
#[derive(Clone, Copy, Debug)]
pub struct NewEndUser<'a> {
    /// The company's name, for people.
    pub company_name: &'a str,
    /// The caller's own identifier; Conductor accepts each only once.
    pub source_id: &'a str,
    /// The customer's email address.
    pub email: &'a str,
}

/// An auth session to be created.
#[derive(Clone, Copy, Debug)]
pub struct NewAuthSession<'a> {
    /// The project's publishable key, which becomes part of the link.
    pub publishable_key: &'a Secret,
    /// The end user to connect.
    pub end_user: &'a str,
    /// The link's lifetime within [`LINK_EXPIRY_MINS`]; 30 minutes if `None`.
    pub link_expiry_mins: Option<u32>,
    /// Where the browser is redirected afterwards; the tab closes if `None`.
    pub redirect_url: Option<&'a Url>,
}

impl ConductorClient {
    /// A client for `base`, usually [`BASE`].
    #[must_use]
    pub const fn new(http: Http, base: Url, key: Arc<Secret>) -> Self {
        Self { http, base, key }
    }

    /// Creates an end user. A second call with the same `source_id` fails.
    ///
    /// # Errors
    /// When Conductor refuses or gives no usable answer.
    pub async fn create_end_user(&self, new: &NewEndUser<'_>) -> Result<EndUser, ConductorFailure> {
        let body = json!({
            "companyName": new.company_name, "sourceId": new.source_id, "email": new.email,
        });
        one(&self.send(Method::POST, &["end-users"], Some(&body)).await?, EndUser::read)
    }

    /// Every end user of the project.
    ///
    /// # Errors
    /// When Conductor refuses or gives no usable answer.
    pub async fn end_users(&self) -> Result<Vec<EndUser>, ConductorFailure> {
        many(&self.send(Method::GET, &["end-users"], None).await?, EndUser::read)
    }

    /// Reads the record of an end user without reaching into QuickBooks.
    ///
    /// # Errors
    /// When Conductor refuses or gives no usable answer.
    pub async fn end_user(&self, id: &str) -> Result<EndUser, ConductorFailure> {
        one(&self.send(Method::GET, &["end-users", id], None).await?, EndUser::read)
    }

    /// Deletes an end user and its connections.
    ///
    /// # Errors
    /// When Conductor refuses or gives no usable answer.
    pub async fn delete_end_user(&self, id: &str) -> Result<(), ConductorFailure> {
        self.send(Method::DELETE, &["end-users", id], None).await.map(drop)
    }

    /// Creates a link for an end user.
    ///
    /// # Errors
    /// [`ConductorFailure::LinkExpiry`], without a request, for an unsupported lifetime; otherwise when
    /// Conductor refuses or gives no usable answer.
    pub async fn create_auth_session(
        &self,
        new: &NewAuthSession<'_>,
    ) -> Result<AuthSession, ConductorFailure> {
        // The publishable key leaves here, over TLS, to the provider that issued it.
        let key = new.publishable_key.reveal();
        let mut body = json!({ "publishableKey": key, "endUserId": new.end_user });
        if let (Some(minutes), Value::Object(body)) = (new.link_expiry_mins, &mut body) {
            if !LINK_EXPIRY_MINS.contains(&minutes) {
                return Err(ConductorFailure::LinkExpiry(minutes));
            }
            body.insert("linkExpiryMins".into(), minutes.into());
        }
        if let (Some(url), Value::Object(body)) = (new.redirect_url, &mut body) {
            body.insert("redirectUrl".into(), url.as_str().into());
        }
        let answer = self.send(Method::POST, &["auth-sessions"], Some(&body)).await?;
        let session = one(&answer, AuthSession::read)?;
        let expires_at = session.expires_at.map(|until| answer.by_our_clock(until));
        Ok(AuthSession { expires_at, ..session })
    }

    /// Reads an auth session; only the older generation offers this.
    ///
    /// # Errors
    /// When Conductor refuses or gives no usable answer.
    pub async fn auth_session(&self, id: &str) -> Result<AuthSession, ConductorFailure> {
        one(&self.send(Method::GET, &["auth-sessions", id], None).await?, AuthSession::read)
    }

    /// Every connection of the project; only the older generation lists them separately from end users.
    ///
    /// # Errors
    /// When Conductor refuses or gives no usable answer.
    pub async fn integration_connections(
        &self,
    ) -> Result<Vec<IntegrationConnection>, ConductorFailure> {
        let words = ["integration-connections"];
        let read = |fields: Fields<'_>| Some(IntegrationConnection::read(fields));
        many(&self.send(Method::GET, &words, None).await?, read)
    }

    /// Reaches into the end user's QuickBooks once: can start it, take a minute, and be billed
    /// (docs/sources/conductor.md#status). Uses the older check if the API does not offer the newer one.
    ///
    /// # Errors
    /// When Conductor or QuickBooks refuses, or there is no usable answer.
    pub async fn check(&self, end_user: &str) -> Result<ConductorCheck, ConductorFailure> {
        match self.health_check(end_user).await {
            Err(failure) if failure.is_unknown_route() => self.ping(end_user).await,
            answer => answer,
        }
    }

    /// The active check of the current generation.
    ///
    /// # Errors
    /// When Conductor or QuickBooks refuses, or there is no usable answer.
    pub async fn health_check(&self, end_user: &str) -> Result<ConductorCheck, ConductorFailure> {
        let request = self
            .request(Method::GET, &["quickbooks-desktop", "health-check"])?
            .header("Conductor-End-User-Id", end_user)
            .timeout(self.http.check_limit());
        one(&answered(&self.http, request).await?, ConductorCheck::read)
    }

    /// The active check of the older generation.
    ///
    /// # Errors
    /// When Conductor or QuickBooks refuses, or there is no usable answer.
    pub async fn ping(&self, end_user: &str) -> Result<ConductorCheck, ConductorFailure> {
        let words = ["end-users", end_user, "ping", INTEGRATION];
        let request = self.request(Method::GET, &words)?.timeout(self.http.check_limit());
        one(&answered(&self.http, request).await?, ConductorCheck::read)
    }

    async fn send(
        &self,
        method: Method,
        words: &[&str],
        body: Option<&Value>,
    ) -> Result<Answer, ConductorFailure> {
        let request = self.request(method, words)?;
        answered(
            &self.http,
            match body {
                Some(body) => request.json(body),
                None => request,
            },
        )
        .await
    }

    fn request(&self, method: Method, words: &[&str]) -> Result<RequestBuilder, Fault> {
        let request = self.http.call(method, address(&self.base, words))?;
        // The key leaves here, over TLS, to the provider that issued it.
        Ok(request.bearer_auth(self.key.reveal()))
    }
}

async fn answered(http: &Http, request: RequestBuilder) -> Result<Answer, ConductorFailure> {
    let answer = http.send(request).await?;
    if answer.is_success() { Ok(answer) } else { Err(ConductorFailure::of(&answer)) }
}

fn one<T>(answer: &Answer, read: fn(Fields<'_>) -> Option<T>) -> Result<T, ConductorFailure> {
    let body: Value = answer.json()?;
    Ok(read(Fields::of(&body)).ok_or(Fault::Unusable)?)
}

/// A list. Items without an identifier are skipped.
fn many<T>(answer: &Answer, read: fn(Fields<'_>) -> Option<T>) -> Result<Vec<T>, ConductorFailure> {
    let body: Value = answer.json()?;
    let items = Fields::of(&body).list("data").ok_or(Fault::Unusable)?;
    Ok(items.iter().filter_map(|item| read(Fields::of(item))).collect())
}

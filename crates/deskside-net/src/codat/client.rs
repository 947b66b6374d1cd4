//! The requests to Codat's API. docs/sources/codat.md#endpoints

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use deskside_model::Secret;
use deskside_model::evidence::Fault;
use deskside_model::provider::QUICKBOOKS_DESKTOP;
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

use super::budget::Budget;
use super::data::{DataStatus, PullOperation};
use super::failure::CodatFailure;
use crate::codat::objects::{
    Branding, CodatConnection, CodatIntegration, Company, QUICKBOOKS_DESKTOP_NAME,
};
use crate::fields::Fields;
use crate::http::{Answer, Http, address};

pub use deskside_model::provider::CODAT_BASE as BASE;

/// A page of this many items stays well below the largest answer that is read.
const PAGE_SIZE: usize = 100;
/// No list in use is longer, and a server that always announces another page must not loop forever.
const MAX_PAGES: usize = 20;

/// Codat's API with the key of one client.
pub struct CodatClient {
    http: Http,
    base: Url,
    key: Arc<Secret>,
    /// The rate limit as the answers so far report it.
    pub budget: Budget,
}

impl CodatClient {
    /// A client for `base`, usually [`BASE`], with the budget of earlier answers.
    #[must_use]
    pub const fn new(http: Http, base: Url, key: Arc<Secret>, budget: Budget) -> Self {
        Self { http, base, key, budget }
    }

    /// Creates a company: one customer's business. Codat silently removes some characters from the name.
    /// docs/sources/codat.md#endpoints
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn create_company(
        &mut self,
        name: &str,
        description: Option<&str>,
    ) -> Result<Company, CodatFailure> {
        let mut body = json!({ "name": name });
        if let (Some(description), Value::Object(body)) = (description, &mut body) {
            body.insert("description".into(), description.into());
        }
        let request = self.request(Method::POST, &["companies"])?.json(&body);
        one(&self.send(request).await?, Company::read)
    }

    /// One company with its connections.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn company(&mut self, company: &str) -> Result<Company, CodatFailure> {
        let request = self.request(Method::GET, &["companies", company])?;
        one(&self.send(request).await?, Company::read)
    }

    /// The companies, at most 2,000.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn companies(&mut self) -> Result<Vec<Company>, CodatFailure> {
        self.pages(&["companies"], &[], Company::read).await
    }

    /// The enabled integrations of one kind, for example `Accounting`.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn integrations(
        &mut self,
        source_type: &str,
    ) -> Result<Vec<CodatIntegration>, CodatFailure> {
        let wanted = format!("sourceType={source_type}&&enabled=true");
        let all =
            self.pages(&["integrations"], &[("query", &wanted)], CodatIntegration::read).await?;
        // Filtered again: Codat's documents contradict each other on whether this list can be queried.
        // docs/sources/codat.md#http
        Ok(all.into_iter().filter(|one| one.is_enabled_of(source_type)).collect())
    }

    /// The pictures that an integration's owner prescribes. They change rarely.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn branding(&mut self, platform_key: &str) -> Result<Branding, CodatFailure> {
        let request = self.request(Method::GET, &["integrations", platform_key, "branding"])?;
        one(&self.send(request).await?, |fields| Some(Branding::read(fields)))
    }

    /// A company's connections, at most 2,000.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer. A single unreadable connection fails the whole list,
    /// because a connection that seems to be missing would be created again.
    pub async fn connections(
        &mut self,
        company: &str,
    ) -> Result<Vec<CodatConnection>, CodatFailure> {
        let words = ["companies", company, "connections"];
        let all = self.pages(&words, &[], |fields| Some(CodatConnection::read(fields))).await?;
        Ok(all.into_iter().collect::<Option<_>>().ok_or(Fault::Unusable)?)
    }

    /// A company's connections, requested only if its record does not list them.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn connections_of(
        &mut self,
        company: Company,
    ) -> Result<Vec<CodatConnection>, CodatFailure> {
        match company.data_connections {
            Some(all) => Ok(all),
            None => self.connections(&company.id).await,
        }
    }

    /// The connection to a platform; of several, the one closest to working. A connection without the
    /// platform's key is matched by the platform's name.
    ///
    /// # Errors
    /// When the platform of one of the connections is unknown.
    pub async fn choose(
        &mut self,
        all: Vec<CodatConnection>,
        platform_key: &str,
    ) -> Result<Option<CodatConnection>, CodatFailure> {
        let has_no_key = |one: &CodatConnection| one.integration_key.is_none();
        let name = if all.iter().any(has_no_key) {
            self.platform_name(platform_key).await?
        } else {
            String::new()
        };
        let mut own = Vec::new();
        for one in all {
            let (said, wanted) = match &one.integration_key {
                Some(key) => (key, platform_key),
                None => (one.platform_name.as_ref().ok_or(Fault::Unusable)?, name.as_str()),
            };
            if said.eq_ignore_ascii_case(wanted) {
                own.push(one);
            }
        }
        Ok(own.into_iter().min_by_key(|one| one.status.distance()))
    }

    async fn platform_name(&mut self, platform_key: &str) -> Result<String, CodatFailure> {
        if platform_key.eq_ignore_ascii_case(QUICKBOOKS_DESKTOP) {
            return Ok(QUICKBOOKS_DESKTOP_NAME.to_owned());
        }
        let request = self.request(Method::GET, &["integrations", platform_key])?;
        one(&self.send(request).await?, CodatIntegration::read).map(|platform| platform.name)
    }

    /// Creates a connection with its first link.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn create_connection(
        &mut self,
        company: &str,
        platform_key: &str,
    ) -> Result<CodatConnection, CodatFailure> {
        let body = json!({ "platformKey": platform_key });
        let words = ["companies", company, "connections"];
        let request = self.request(Method::POST, &words)?.json(&body);
        one(&self.send(request).await?, CodatConnection::read)
    }

    /// One connection with a fresh link. Reading it again is also how a link is renewed.
    /// docs/sources/codat.md#links
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn connection(
        &mut self,
        company: &str,
        connection: &str,
    ) -> Result<CodatConnection, CodatFailure> {
        let words = ["companies", company, "connections", connection];
        let request = self.request(Method::GET, &words)?;
        one(&self.send(request).await?, CodatConnection::read)
    }

    /// A fresh link to the same connection, which can be opened only once if it has a one-time password.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer or no link.
    pub async fn relink(
        &mut self,
        company: &str,
        connection: &str,
    ) -> Result<Secret, CodatFailure> {
        let connection = self.connection(company, connection).await?;
        Ok(connection.link_url.ok_or(Fault::Unusable)?)
    }

    /// Stops the connection; its data is kept, and it can be linked again. A successful answer without a
    /// body is accepted.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn unlink(&mut self, company: &str, connection: &str) -> Result<(), CodatFailure> {
        let words = ["companies", company, "connections", connection];
        let body = json!({ "status": "Unlinked" });
        let request = self.request(Method::PATCH, &words)?.json(&body);
        let answer = self.send(request).await?;
        if answer.is_empty() { Ok(()) } else { one(&answer, CodatConnection::read).map(drop) }
    }

    /// Removes the connection permanently.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn delete(&mut self, company: &str, connection: &str) -> Result<(), CodatFailure> {
        let words = ["companies", company, "connections", connection];
        let request = self.request(Method::DELETE, &words)?;
        self.send(request).await.map(drop)
    }

    /// The transfer state of each type of a company's data.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn data_status(&mut self, company: &str) -> Result<DataStatus, CodatFailure> {
        let request = self.request(Method::GET, &["companies", company, "dataStatus"])?;
        let body: Value = self.send(request).await?.json()?;
        Ok(DataStatus::read(&body).ok_or(Fault::Unusable)?)
    }

    /// The newest pull operations of a company, newest first.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn pull_history(
        &mut self,
        company: &str,
    ) -> Result<Vec<PullOperation>, CodatFailure> {
        let words = ["companies", company, "data", "history"];
        let newest_first = [("orderBy", "-requested")];
        let page = self.page(&words, &newest_first, 1).await?;
        let (mut pulls, _) = results(&page, PullOperation::read)?;
        pulls.sort_by_key(|pull| std::cmp::Reverse(pull.requested));
        Ok(pulls)
    }

    /// Requests page after page. The next page's address in an answer is not used: the key must not be
    /// sent to another host.
    async fn pages<T>(
        &mut self,
        words: &[&str],
        query: &[(&str, &str)],
        read: fn(Fields<'_>) -> Option<T>,
    ) -> Result<Vec<T>, CodatFailure> {
        let mut all = Vec::new();
        for number in 1..=MAX_PAGES {
            let page = self.page(words, query, number).await?;
            let (mut results, more) = results(&page, read)?;
            all.append(&mut results);
            if !more {
                return Ok(all);
            }
        }
        tracing::warn!("a list has too many pages and was read in part");
        Ok(all)
    }

    async fn page(
        &mut self,
        words: &[&str],
        query: &[(&str, &str)],
        number: usize,
    ) -> Result<Value, CodatFailure> {
        let mut url = address(&self.base, words);
        let page = [("page", number.to_string()), ("pageSize", PAGE_SIZE.to_string())];
        url.query_pairs_mut().extend_pairs(page).extend_pairs(query);
        let request = self.authorized(Method::GET, url)?;
        Ok(self.send(request).await?.json()?)
    }

    fn request(&self, method: Method, words: &[&str]) -> Result<RequestBuilder, Fault> {
        self.authorized(method, address(&self.base, words))
    }

    fn authorized(&self, method: Method, url: Url) -> Result<RequestBuilder, Fault> {
        // The key leaves here, over TLS, to the provider that issued it. Codat expects the bare key in
        // Base64, without a user name and colon. docs/sources/codat.md#http
        let key = BASE64.encode(self.key.reveal());
        let mut value =
            HeaderValue::try_from(format!("Basic {key}")).map_err(|_| Fault::NoCredential)?;
        value.set_sensitive(true);
        Ok(self.http.call(method, url)?.header(AUTHORIZATION, value))
    }

    async fn send(&mut self, request: RequestBuilder) -> Result<Answer, CodatFailure> {
        let answer = self.http.send(request).await?;
        self.budget.update(&answer, Timestamp::now());
        if answer.is_success() { Ok(answer) } else { Err(CodatFailure::of(&answer)) }
    }
}

fn one<T>(answer: &Answer, read: fn(Fields<'_>) -> Option<T>) -> Result<T, CodatFailure> {
    let body: Value = answer.json()?;
    if !body.is_object() {
        return Err(Fault::Unusable.into());
    }
    Ok(read(Fields::of(&body)).ok_or(Fault::Unusable)?)
}

/// One page's items, and whether another page follows. Items without an identifier are skipped.
fn results<T>(page: &Value, read: fn(Fields<'_>) -> Option<T>) -> Result<(Vec<T>, bool), Fault> {
    let page = Fields::of(page);
    // An empty list can be missing. docs/sources/codat.md#nulls
    let items = match page.value("results") {
        Some(items) => items.as_array().map(Vec::as_slice).ok_or(Fault::Unusable)?,
        None if page.names().next().is_some() => &[],
        None => return Err(Fault::Unusable),
    };
    let more = !items.is_empty() && page.object("_links").value("next").is_some();
    Ok((items.iter().filter_map(|item| read(Fields::of(item))).collect(), more))
}

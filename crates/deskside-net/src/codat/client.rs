//! The calls.

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
use crate::codat::objects::{Branding, Company, Connection, Integration, QUICKBOOKS_DESKTOP_NAME};
use crate::fields::Fields;
use crate::http::{self, Answer, Http, address};

pub use deskside_model::provider::CODAT_BASE as BASE;

/// A page of this length stays well below what is read of an answer.
const PAGE_SIZE: usize = 100;
/// Nobody chooses among more; a server that always promises another page is not believed.
const MAX_PAGES: usize = 20;

/// Codat, with the API key of one client.
pub struct CodatClient {
    http: Http,
    base: Url,
    key: Arc<Secret>,
    /// What the answers so far say of further questions.
    pub budget: Budget,
}

impl CodatClient {
    /// Codat at this address, usually [`BASE`], with what earlier answers said.
    #[must_use]
    pub const fn new(http: Http, base: Url, key: Arc<Secret>, budget: Budget) -> Self {
        Self { http, base, key, budget }
    }

    /// Makes a company: one customer's business. Codat strips characters that it does not like.
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

    /// What can be connected of one kind, for example `Accounting`, and is enabled.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn integrations(
        &mut self,
        source_type: &str,
    ) -> Result<Vec<Integration>, CodatFailure> {
        let wanted = format!("sourceType={source_type}&&enabled=true");
        let all = self.pages(&["integrations"], &[("query", &wanted)], Integration::read).await?;
        // Codat's documents contradict each other on whether this question may be narrowed.
        Ok(all.into_iter().filter(|one| one.is_enabled_of(source_type)).collect())
    }

    /// The pictures that an integration's maker wants to be used. They change seldom.
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
    /// When Codat refuses or gives no usable answer; one that cannot be read would be made again.
    pub async fn connections(&mut self, company: &str) -> Result<Vec<Connection>, CodatFailure> {
        let words = ["companies", company, "connections"];
        let all = self.pages(&words, &[], |fields| Some(Connection::read(fields))).await?;
        Ok(all.into_iter().collect::<Option<_>>().ok_or(Fault::Unusable)?)
    }

    /// A company's connections, asked for only where its record does not list them.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn connections_of(
        &mut self,
        company: Company,
    ) -> Result<Vec<Connection>, CodatFailure> {
        match company.data_connections {
            Some(all) => Ok(all),
            None => self.connections(&company.id).await,
        }
    }

    /// The one of a company's connections that is to a platform, the nearest to working of several.
    /// Codat need not say the platform's key; then its name tells.
    ///
    /// # Errors
    /// When nobody can say to what one of them is.
    pub async fn choose(
        &mut self,
        all: Vec<Connection>,
        platform_key: &str,
    ) -> Result<Option<Connection>, CodatFailure> {
        let has_no_key = |one: &Connection| one.integration_key.is_none();
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
        one(&self.send(request).await?, Integration::read).map(|platform| platform.name)
    }

    /// Makes a connection, with its first link.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn create_connection(
        &mut self,
        company: &str,
        platform_key: &str,
    ) -> Result<Connection, CodatFailure> {
        let body = json!({ "platformKey": platform_key });
        let words = ["companies", company, "connections"];
        let request = self.request(Method::POST, &words)?.json(&body);
        one(&self.send(request).await?, Connection::read)
    }

    /// One connection, with a fresh link: whoever wants to link it again asks for it again.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn connection(
        &mut self,
        company: &str,
        connection: &str,
    ) -> Result<Connection, CodatFailure> {
        let words = ["companies", company, "connections", connection];
        let request = self.request(Method::GET, &words)?;
        one(&self.send(request).await?, Connection::read)
    }

    /// A fresh link to the same connection. It may open only once.
    ///
    /// # Errors
    /// When Codat refuses, gives no usable answer, or no link.
    pub async fn relink(
        &mut self,
        company: &str,
        connection: &str,
    ) -> Result<Secret, CodatFailure> {
        let connection = self.connection(company, connection).await?;
        Ok(connection.link_url.ok_or(Fault::Unusable)?)
    }

    /// Stops the connection; its data stays, and it can be linked again. That it is done is also
    /// said by an answer that says nothing more.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn unlink(&mut self, company: &str, connection: &str) -> Result<(), CodatFailure> {
        let words = ["companies", company, "connections", connection];
        let body = json!({ "status": "Unlinked" });
        let request = self.request(Method::PATCH, &words)?.json(&body);
        let answer = self.send(request).await?;
        if answer.is_empty() { Ok(()) } else { one(&answer, Connection::read).map(drop) }
    }

    /// Removes the connection for good.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn delete(&mut self, company: &str, connection: &str) -> Result<(), CodatFailure> {
        let words = ["companies", company, "connections", connection];
        let request = self.request(Method::DELETE, &words)?;
        self.send(request).await.map(drop)
    }

    /// How far each kind of a company's data has come.
    ///
    /// # Errors
    /// When Codat refuses or gives no usable answer.
    pub async fn data_status(&mut self, company: &str) -> Result<DataStatus, CodatFailure> {
        let request = self.request(Method::GET, &["companies", company, "dataStatus"])?;
        let body: Value = self.send(request).await?.json()?;
        Ok(DataStatus::read(&body).ok_or(Fault::Unusable)?)
    }

    /// The newest attempts to get a company's data, newest first.
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

    /// Asks for page after page. The address that an answer gives for the next one is not used:
    /// the key must go nowhere else.
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
        tracing::warn!("a list had no end and was read in part");
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
        let request = self.authorised(Method::GET, url)?;
        Ok(self.send(request).await?.json()?)
    }

    fn request(&self, method: Method, words: &[&str]) -> Result<RequestBuilder, Fault> {
        self.authorised(method, address(&self.base, words))
    }

    fn authorised(&self, method: Method, url: Url) -> Result<RequestBuilder, Fault> {
        // The key leaves here, over TLS, to the provider that gave it. Codat takes it encoded, but
        // without the user name that usually goes before it.
        let key = BASE64.encode(self.key.reveal());
        let mut value =
            HeaderValue::try_from(format!("Basic {key}")).map_err(|_| Fault::NoCredential)?;
        value.set_sensitive(true);
        Ok(self.http.call(method, url)?.header(AUTHORIZATION, value))
    }

    async fn send(&mut self, request: RequestBuilder) -> Result<Answer, CodatFailure> {
        let answer = http::send(request).await?;
        self.budget.heard(&answer, Timestamp::now());
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

/// One page's items, and whether another page follows; an item without an identifier is left out.
fn results<T>(page: &Value, read: fn(Fields<'_>) -> Option<T>) -> Result<(Vec<T>, bool), Fault> {
    let page = Fields::of(page);
    // The vendor's document lets the list be missing when it is empty.
    let items = match page.value("results") {
        Some(items) => items.as_array().map(Vec::as_slice).ok_or(Fault::Unusable)?,
        None if page.names().next().is_some() => &[],
        None => return Err(Fault::Unusable),
    };
    let more = !items.is_empty() && page.object("_links").value("next").is_some();
    Ok((items.iter().filter_map(|item| read(Fields::of(item))).collect(), more))
}

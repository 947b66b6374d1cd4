//! Codat's state: companies, their connections and links, and the sync state of their data.

mod connection;
mod data;
mod integrations;
mod link;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use connection::{ConnectionError, ConnectionStatus, DataConnection};
pub use data::{Dataset, Pull, PullStatus};
pub use integrations::{INTEGRATIONS, Integration, QUICKBOOKS_DESKTOP};
pub use link::{Link, VisitOutcome};

use crate::random;

/// The documented daily rate limit: 1,000 requests, plus as many for each company with a linked connection.
const DAILY_REQUESTS: usize = 1_000;

/// Settings of Codat, changed by `POST /codat/settings` at the control API.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Sends null for absent values (the official clients refuse most of these, although the schema allows them),
    /// undocumented fields and enum values, and dates without a time zone. A client of a live service must cope.
    pub loose: bool,
    /// Whether lists apply `query`. Codat's documentation contradicts itself for integrations, companies and
    /// connections.
    pub queries: bool,
    /// Whether a link needs a one-time password.
    pub one_time_passwords: bool,
    /// Lifetime of a one-time password. Codat documents one day.
    pub link_minutes: i64,
    /// Status of a successful `DELETE` of a connection: 200, as documented, or 204.
    pub connection_delete_status: u16,
    /// Requests until the first 429; null is the documented limit. Every change of settings starts a new day.
    pub rate_limit: Option<usize>,
    /// The `Retry-After` header of a 429, unless null.
    pub retry_after: Option<String>,
    /// Number of companies after which creating one answers 402; null is no limit.
    pub company_limit: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            loose: false,
            queries: true,
            one_time_passwords: true,
            link_minutes: 24 * 60,
            connection_delete_status: 200,
            rate_limit: None,
            retry_after: Some("60".to_owned()),
            company_limit: None,
        }
    }
}

/// The client's profile as it is on the wire.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    pub name: String,
    /// Template of every redirect; empty for none.
    pub redirect_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// Origins that a template with a placeholder in its host may lead to.
    #[serde(default)]
    pub white_list_urls: Vec<String>,
}

#[derive(Serialize)]
pub struct Codat {
    #[serde(skip)]
    connect: String,
    pub client_id: String,
    pub settings: Settings,
    pub profile: Profile,
    pub companies: Vec<Company>,
    pub connections: Vec<DataConnection>,
    pub pulls: Vec<Pull>,
    pub links: Vec<Link>,
    /// Requests of this day.
    pub requests_today: usize,
}

#[derive(Serialize)]
pub struct Company {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub created: Timestamp,
    pub last_sync: Option<Timestamp>,
    /// Sync state by data type, for the whole company.
    pub datasets: BTreeMap<String, Dataset>,
}

/// The day's rate limit and how many requests remain, including the current one.
pub struct RateLimit {
    pub limit: usize,
    pub remaining: usize,
}

impl Codat {
    /// `connect` is the base URL of the link pages.
    pub fn new(connect: String) -> Self {
        Self {
            connect,
            client_id: random::uuid(),
            settings: Settings::default(),
            profile: Profile { name: "Sandbox Books".to_owned(), ..Profile::default() },
            companies: Vec::new(),
            connections: Vec::new(),
            pulls: Vec::new(),
            links: Vec::new(),
            requests_today: 0,
        }
    }

    pub fn company(&self, id: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.id == id)
    }

    pub fn company_mut(&mut self, id: &str) -> Option<&mut Company> {
        self.companies.iter_mut().find(|company| company.id == id)
    }

    pub fn connection(&self, id: &str) -> Option<&DataConnection> {
        self.connections.iter().find(|connection| connection.id == id)
    }

    pub fn connection_mut(&mut self, id: &str) -> Option<&mut DataConnection> {
        self.connections.iter_mut().find(|connection| connection.id == id)
    }

    pub fn connections_of(&self, company_id: &str) -> impl Iterator<Item = &DataConnection> {
        self.connections.iter().filter(move |connection| connection.company_id == company_id)
    }

    /// Address of the Hosted Link page, which the sandbox does not serve.
    pub fn hosted_link(&self, company_id: &str) -> String {
        format!("{}/company/{company_id}", self.connect)
    }

    /// Adds a company and returns its id.
    pub fn add_company(
        &mut self,
        name: String,
        description: Option<String>,
        tags: BTreeMap<String, String>,
        now: Timestamp,
    ) -> String {
        let id = random::uuid();
        self.companies.push(Company {
            id: id.clone(),
            name,
            description,
            tags,
            created: now,
            last_sync: None,
            datasets: BTreeMap::new(),
        });
        id
    }

    pub fn remove_company(&mut self, id: &str) {
        self.companies.retain(|company| company.id != id);
        self.connections.retain(|connection| connection.company_id != id);
        self.pulls.retain(|pull| pull.company_id != id);
    }

    /// Adds a connection that awaits authorization and returns its id.
    pub fn add_connection(
        &mut self,
        company_id: &str,
        integration: &'static Integration,
        now: Timestamp,
    ) -> String {
        let id = random::uuid();
        self.connections.push(DataConnection {
            id: id.clone(),
            company_id: company_id.to_owned(),
            integration,
            created: now,
            status: ConnectionStatus::PendingAuth,
            last_sync: None,
            errors: Vec::new(),
            info: None,
        });
        id
    }

    pub fn remove_connection(&mut self, id: &str) {
        self.connections.retain(|connection| connection.id != id);
    }

    /// Counts a request against the day's rate limit.
    pub fn count_request(&mut self) -> RateLimit {
        let linked = |company: &&Company| {
            self.connections_of(&company.id).any(|it| it.status == ConnectionStatus::Linked)
        };
        let active = self.companies.iter().filter(linked).count();
        let limit = self.settings.rate_limit.unwrap_or(DAILY_REQUESTS.saturating_mul(1 + active));
        let remaining = limit.saturating_sub(self.requests_today);
        self.requests_today += 1;
        RateLimit { limit, remaining }
    }
}

//! What Codat knows: companies, their connections and links, and how far their data has come.

mod connection;
mod data;
mod integrations;
mod link;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use connection::{ConnectionError, ConnectionStatus, DataConnection};
pub use data::{Dataset, Progress, Pull};
pub use integrations::{INTEGRATIONS, Integration, QUICKBOOKS_DESKTOP};
pub use link::{Ending, Link};

use crate::random;

/// The documented daily budget: 1,000 requests, and as many again for each company with a linked connection.
const BUDGET: usize = 1_000;

/// What a test may turn, by `POST /codat/settings` at the control API.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Null for whatever is not there (the vendor's own client refuses most of these, though its schema allows them),
    /// fields and words that no list of the vendor has, dates without a zone. A client of a live service must bear it.
    pub loose: bool,
    /// Whether lists heed `query`. One page of the vendor says that those of integrations, companies and connections
    /// do, another that they do not.
    pub queries: bool,
    /// Whether a link works only with a one-time password.
    pub one_time_passwords: bool,
    /// The life of a one-time password. The vendor's is one day.
    pub link_minutes: i64,
    /// 200, as documented, or 204.
    pub connection_delete_status: u16,
    /// Requests until the first 429; null is the documented budget. Any change of settings starts a new day.
    pub rate_limit: Option<usize>,
    /// What a 429 says, unless null.
    pub retry_after: Option<String>,
    /// One company more is a 402; null is no limit.
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

/// The one profile of the client, in the words of the wire.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    pub name: String,
    /// The template of every redirect; empty is none.
    pub redirect_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// Where a template with a placeholder for the host may lead.
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
    pub spent: usize,
}

#[derive(Serialize)]
pub struct Company {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub created: Timestamp,
    pub last_sync: Option<Timestamp>,
    /// By data type, for the whole company.
    pub datasets: BTreeMap<String, Dataset>,
}

/// What is left of the day's requests, the present one included.
pub struct Budget {
    pub limit: usize,
    pub left: usize,
}

impl Codat {
    /// `connect` is where the links lead.
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
            spent: 0,
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

    /// The page of Hosted Link, which the sandbox does not serve.
    pub fn hosted_link(&self, company_id: &str) -> String {
        format!("{}/company/{company_id}", self.connect)
    }

    /// A new company; its id.
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

    /// A new connection, for which nobody has opened the link yet; its id.
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

    /// Counts a request.
    pub fn spend(&mut self) -> Budget {
        let linked = |company: &&Company| {
            self.connections_of(&company.id).any(|it| it.status == ConnectionStatus::Linked)
        };
        let active = self.companies.iter().filter(linked).count();
        let limit = self.settings.rate_limit.unwrap_or(BUDGET.saturating_mul(1 + active));
        let left = limit.saturating_sub(self.spent);
        self.spent += 1;
        Budget { limit, left }
    }
}

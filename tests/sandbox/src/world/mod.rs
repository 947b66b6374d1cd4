//! All state of the sandbox, in memory.
//!
//! The APIs of Conductor and Codat, the link pages, the vendor's backend and the control API are views of one world,
//! so they cannot disagree: once a link is finished on its page, the backend reports a healthy connection.

pub mod codat;
mod end_user;
mod session;
mod vendor;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use codat::Codat;
pub use end_user::{EndUser, EndUserState, IntegrationConnection};
pub use session::{AuthSession, LinkState, SessionOutcome};
pub use vendor::{Connection, Delivery, Device, Enrollment, INTEGRATION, Mode, Status};

use crate::{
    Endpoints,
    faults::{Fault, Target},
};

/// Lifetime of a Conductor link unless the request names one: the provider's documented default.
pub const DEFAULT_LINK_MINUTES: f64 = 30.0;

/// The world, shared by the five servers. The lock is held for one step of bookkeeping and never across an await.
#[derive(Clone)]
pub struct SharedWorld(Arc<Mutex<World>>);

impl SharedWorld {
    pub fn new(endpoints: Endpoints) -> Self {
        Self(Arc::new(Mutex::new(World::new(endpoints))))
    }

    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Settings of Conductor and the backend, changed by `POST /backend` at the control API.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Sent to a device when it enrolls.
    pub heartbeat_seconds: u64,
    /// Added to every answer to a report, unless null.
    pub next_report_after: Option<Value>,
    /// Added to every answer to a report, unless empty.
    pub messages: Vec<Value>,
    /// Answer in Conductor's older dialect: other session ids and date formats, durations as text.
    pub legacy: bool,
    /// Whether finishing the link page counts as a first successful request. Conductor does not document it.
    pub finish_is_success: bool,
}

pub struct World {
    pub endpoints: Endpoints,
    pub settings: Settings,
    pub codat: Codat,
    pub end_users: Vec<EndUser>,
    pub sessions: Vec<AuthSession>,
    pub enrollments: Vec<Enrollment>,
    pub devices: Vec<Device>,
    pub connections: Vec<Connection>,
    pub deliveries: Vec<Delivery>,
    pub faults: Vec<Fault>,
    requests: BTreeMap<(Target, String, String), u64>,
}

/// One line of `GET /requests`.
#[derive(Serialize)]
pub struct RequestCount<'a> {
    target: Target,
    method: &'a str,
    path: &'a str,
    count: u64,
}

impl World {
    fn new(endpoints: Endpoints) -> Self {
        let settings = Settings {
            heartbeat_seconds: 300,
            next_report_after: None,
            messages: Vec::new(),
            legacy: false,
            finish_is_success: true,
        };
        Self {
            codat: Codat::new(endpoints.connect.clone()),
            endpoints,
            settings,
            end_users: Vec::new(),
            sessions: Vec::new(),
            enrollments: Vec::new(),
            devices: Vec::new(),
            connections: Vec::new(),
            deliveries: Vec::new(),
            faults: Vec::new(),
            requests: BTreeMap::new(),
        }
    }

    /// Counts a request and returns the first planned fault that applies to it.
    pub fn count_request(&mut self, target: Target, method: &str, path: &str) -> Option<Fault> {
        *self.requests.entry((target, method.to_owned(), path.to_owned())).or_default() += 1;
        let fault = self.faults.iter_mut().find(|fault| fault.applies(target, method, path))?;
        fault.times = fault.times.map(|times| times.saturating_sub(1));
        let due = fault.clone();
        self.faults.retain(|fault| fault.times != Some(0));
        Some(due)
    }

    pub fn requests(&self) -> impl Iterator<Item = RequestCount<'_>> {
        self.requests.iter().map(|((target, method, path), count)| RequestCount {
            target: *target,
            method,
            path,
            count: *count,
        })
    }

    /// Finds an end user, including removed ones.
    pub fn end_user_mut(&mut self, id: &str) -> Option<&mut EndUser> {
        self.end_users.iter_mut().find(|user| user.id == id)
    }

    pub fn end_user(&self, id: &str) -> Option<&EndUser> {
        self.end_users.iter().find(|user| user.id == id)
    }

    /// Adds an end user and returns its id.
    pub fn add_end_user(
        &mut self,
        company_name: String,
        source_id: String,
        email: String,
        now: Timestamp,
    ) -> String {
        let user = EndUser::new(company_name, source_id, email, now);
        let id = user.id.clone();
        self.end_users.push(user);
        id
    }

    /// Adds an auth session for an existing end user.
    pub fn add_session(
        &mut self,
        end_user_id: &str,
        minutes: f64,
        redirect_url: Option<String>,
        now: Timestamp,
    ) -> AuthSession {
        let mut session = AuthSession::new(
            end_user_id.to_owned(),
            minutes,
            redirect_url,
            self.settings.legacy,
            now,
        );
        session.auth_flow_url = format!(
            "{}/qbd/{}?key={}",
            self.endpoints.connect, session.client_secret, self.endpoints.conductor_publishable_key
        );
        self.sessions.push(session.clone());
        session
    }

    /// Records how the link page was left.
    pub fn close_session(&mut self, client_secret: &str, outcome: SessionOutcome, now: Timestamp) {
        let counts_as_success = self.settings.finish_is_success;
        let Some(session) =
            self.sessions.iter_mut().find(|session| session.client_secret == client_secret)
        else {
            return;
        };
        session.outcome = Some(outcome);
        let end_user_id = session.end_user_id.clone();
        if outcome == SessionOutcome::Canceled {
            return;
        }
        if let Some(user) = self.end_user_mut(&end_user_id) {
            user.finish_link(counts_as_success, now);
        }
        for connection in
            self.connections.iter_mut().filter(|connection| connection.end_user_id == end_user_id)
        {
            connection.status_override = None;
        }
    }
}

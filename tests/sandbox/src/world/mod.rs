//! Everything the sandbox knows, in one place and in memory. The APIs of Conductor and Codat, the link pages, the
//! vendor's backend and the control API are views of this one world, so they cannot disagree: a link finished on the
//! page is a healthy connection at the backend in the same moment.

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
pub use end_user::{Condition, EndUser, IntegrationConnection};
pub use session::{AuthSession, Outcome, Standing};
pub use vendor::{Connection, Delivery, Device, Enrollment, INTEGRATION, Mode, Status};

use crate::faults::{Fault, Target};

/// How long a link lives when nobody says otherwise: the vendor's documented default.
pub const DEFAULT_LINK_MINUTES: f64 = 30.0;

/// The world, shared by the five servers. A lock is held for one step of pure bookkeeping and never across an await.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub fn new(place: Place) -> Self {
        Self(Arc::new(Mutex::new(World::new(place))))
    }

    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the sandbox can be reached, and the keys it accepts.
pub struct Place {
    pub backend: String,
    pub connect: String,
    pub secret_key: String,
    pub publishable_key: String,
    pub codat: String,
    pub codat_api_key: String,
}

/// What a test may turn, by `POST /backend` at the control API.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Told to a device when it enrols.
    pub heartbeat_seconds: u64,
    /// Put into every answer to a report, unless null.
    pub next_report_after: Option<Value>,
    /// Put into every answer to a report, unless empty.
    pub messages: Vec<Value>,
    /// Conductor's older dialect: other session ids, other dates, durations as text.
    pub legacy: bool,
    /// Whether finishing the link page counts as a first successful request. The vendor does not say.
    pub finish_is_success: bool,
}

pub struct World {
    pub place: Place,
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
    fn new(place: Place) -> Self {
        let settings = Settings {
            heartbeat_seconds: 300,
            next_report_after: None,
            messages: Vec::new(),
            legacy: false,
            finish_is_success: true,
        };
        Self {
            codat: Codat::new(place.connect.clone()),
            place,
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

    /// Counts a request, and gives the first planned fault that applies to it.
    pub fn arrived(&mut self, target: Target, method: &str, path: &str) -> Option<Fault> {
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

    /// An end user, removed ones included.
    pub fn end_user_mut(&mut self, id: &str) -> Option<&mut EndUser> {
        self.end_users.iter_mut().find(|user| user.id == id)
    }

    pub fn end_user(&self, id: &str) -> Option<&EndUser> {
        self.end_users.iter().find(|user| user.id == id)
    }

    /// A new end user; its id.
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

    /// A new auth session for an end user that exists.
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
            self.place.connect, session.client_secret, self.place.publishable_key
        );
        self.sessions.push(session.clone());
        session
    }

    /// The link page was closed with a result.
    pub fn close_session(&mut self, client_secret: &str, outcome: Outcome, now: Timestamp) {
        let counts_as_success = self.settings.finish_is_success;
        let Some(session) =
            self.sessions.iter_mut().find(|session| session.client_secret == client_secret)
        else {
            return;
        };
        session.outcome = Some(outcome);
        let end_user_id = session.end_user_id.clone();
        if outcome == Outcome::Cancelled {
            return;
        }
        if let Some(user) = self.end_user_mut(&end_user_id) {
            user.link_finished(counts_as_success, now);
        }
        for connection in
            self.connections.iter_mut().filter(|connection| connection.end_user_id == end_user_id)
        {
            connection.pinned = None;
        }
    }
}

//! The sandbox as a process of its own, and its control API.

use std::process::{Command, Stdio};

use reqwest::blocking::{Client, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Outcome, Program, built};

/// A running sandbox.
pub struct Sandbox {
    /// Where it listens.
    pub ready: Ready,
    http: Client,
    _program: Program,
}

/// The line that the sandbox prints when it is ready.
#[derive(Clone, Debug, Deserialize)]
pub struct Ready {
    /// Conductor's API is at `<conductor>/v1`.
    pub conductor: String,
    /// The vendor's backend.
    pub backend: String,
    /// The control API.
    pub control: String,
    /// A key for Conductor's API.
    pub conductor_secret_key: String,
    /// The key that Conductor's links name.
    pub conductor_publishable_key: String,
    /// Codat's API, without a version in the path.
    pub codat: String,
    /// The raw key for Codat's API.
    pub codat_api_key: String,
}

/// A minted enrollment.
#[derive(Clone, Debug, Deserialize)]
pub struct Enrollment {
    /// The one-time code.
    pub code: String,
    /// The link that a vendor's page would show.
    pub deep_link: String,
    /// The backend's connections.
    pub connection_ids: Vec<String>,
}

impl Sandbox {
    /// Starts a sandbox.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start() -> Outcome<Self> {
        let mut command = Command::new(built()?.join("deskside-sandbox"));
        command.args(["--listen", "127.0.0.1:0", "--until-stdin-closes"]).stdin(Stdio::piped());
        let (program, line) = Program::start_until_ready(&mut command)?;
        let http = loopback_client()?;
        Ok(Self { ready: serde_json::from_str(&line)?, http, _program: program })
    }

    /// Asks the control API.
    ///
    /// # Errors
    /// When it answers with anything but success.
    pub fn get(&self, path: &str) -> Outcome<Value> {
        send(self.http.get(self.address(path)))
    }

    /// Tells the control API something.
    ///
    /// # Errors
    /// When it answers with anything but success.
    pub fn post(&self, path: &str, body: Value) -> Outcome<Value> {
        send(self.http.post(self.address(path)).json(&body))
    }

    /// Takes something back at the control API.
    ///
    /// # Errors
    /// When it answers with anything but success.
    pub fn delete(&self, path: &str) -> Outcome {
        self.http.delete(self.address(path)).send()?.error_for_status()?;
        Ok(())
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.ready.control)
    }

    /// Mints an enrollment for an account with one connection.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub fn enrollment(&self, account: &str) -> Outcome<Enrollment> {
        let minted = self.post("/enrollments", json!({ "account": account }))?;
        Ok(serde_json::from_value(minted)?)
    }

    /// Adds an end user of Conductor in this state, and returns its identifier.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub fn end_user(&self, state: &str) -> Outcome<String> {
        let session = self.post("/sessions", json!({}))?;
        let id = session.get("end_user_id").and_then(Value::as_str).ok_or("no end user")?;
        self.post(&format!("/end-users/{id}"), json!({ "state": state }))?;
        Ok(id.to_owned())
    }

    /// How many requests arrived at this target, `conductor` for one, whose path contains this.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub fn requests(&self, target: &str, path: &str) -> Outcome<u64> {
        let requests = self.get("/requests")?;
        let requests = requests.get("requests").and_then(Value::as_array).ok_or("no requests")?;
        let text = |one: &Value, field: &str| one.get(field)?.as_str().map(str::to_owned);
        let is_counted = |one: &&Value| {
            text(one, "target").is_some_and(|of_one| of_one == target)
                && text(one, "path").is_some_and(|of_one| of_one.contains(path))
        };
        let count = |one: &Value| one.get("count").and_then(Value::as_u64);
        Ok(requests.iter().filter(is_counted).filter_map(count).sum())
    }

    /// The reports that arrived, oldest first: their envelopes.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub fn reports(&self) -> Outcome<Vec<Value>> {
        let events = self.get("/events")?;
        let events = events.pointer("/events").and_then(Value::as_array).cloned();
        let body = |event: Value| {
            let text = event.get("body").and_then(Value::as_str).unwrap_or_default();
            Ok(serde_json::from_str(text)?)
        };
        events.unwrap_or_default().into_iter().map(body).collect()
    }

    /// The verdicts of the first connection in all reports, repetitions left out.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub fn heard(&self) -> Outcome<Vec<String>> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let verdict = |report: &Value| text(report.pointer("/data/connections/0/verdict")?);
        let mut verdicts: Vec<String> = self.reports()?.iter().filter_map(verdict).collect();
        verdicts.dedup();
        Ok(verdicts)
    }
}

fn send(request: RequestBuilder) -> Outcome<Value> {
    Ok(request.send()?.error_for_status()?.json()?)
}

/// A client for servers on this computer. They speak plain HTTP; the client wants cryptography all
/// the same.
///
/// # Errors
/// When it cannot be built.
pub fn loopback_client() -> Outcome<Client> {
    // It fails only when it was done before.
    rustls::crypto::ring::default_provider().install_default().ok();
    Ok(Client::builder().no_proxy().build()?)
}

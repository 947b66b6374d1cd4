//! The sandbox as a process of its own, and its control API.

use std::process::Stdio;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::{Play, built};

/// A running sandbox.
pub struct Sandbox {
    /// Where it listens.
    pub ready: Ready,
    http: reqwest::Client,
    _child: Child,
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
    /// The auth flow pages.
    pub connect: String,
    /// A key for Conductor's API.
    pub conductor_secret_key: String,
    /// The key that Conductor's links name.
    pub conductor_publishable_key: String,
    /// Codat's API, without a version in the path.
    pub codat: String,
    /// The raw key for Codat's API.
    pub codat_api_key: String,
}

/// A minted enrolment.
#[derive(Clone, Debug, Deserialize)]
pub struct Enrollment {
    /// The one-time code.
    pub code: String,
    /// The link that a vendor's page would show.
    pub deep_link: String,
    /// Conductor's end users behind the connections.
    pub end_user_ids: Vec<String>,
    /// The backend's connections.
    pub connection_ids: Vec<String>,
}

impl Sandbox {
    /// Starts a sandbox.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start() -> Play<Self> {
        let mut command = Command::new(built("deskside-sandbox")?);
        command.args(["--listen", "127.0.0.1:0", "--until-stdin-closes"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        let ready = serde_json::from_str(&line)?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { ready, http, _child: child })
    }

    /// Asks the control API.
    ///
    /// # Errors
    /// When it answers with anything but success.
    pub async fn get(&self, path: &str) -> Play<Value> {
        let response = self.http.get(format!("{}{path}", self.ready.control)).send().await?;
        Ok(response.error_for_status()?.json().await?)
    }

    /// Tells the control API something.
    ///
    /// # Errors
    /// When it answers with anything but success.
    pub async fn post(&self, path: &str, body: Value) -> Play<Value> {
        let url = format!("{}{path}", self.ready.control);
        let response = self.http.post(url).json(&body).send().await?;
        Ok(response.error_for_status()?.json().await?)
    }

    /// Takes something back at the control API.
    ///
    /// # Errors
    /// When it answers with anything but success.
    pub async fn delete(&self, path: &str) -> Play {
        let response = self.http.delete(format!("{}{path}", self.ready.control)).send().await?;
        response.error_for_status()?;
        Ok(())
    }

    /// Mints an enrolment for an account with one connection.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub async fn enrollment(&self, account: &str) -> Play<Enrollment> {
        let minted = self.post("/enrollments", json!({ "account": account })).await?;
        Ok(serde_json::from_value(minted)?)
    }

    /// Sets the state of a connection's end user.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub async fn set_state(&self, connection: &str, state: &str) -> Play {
        self.post(&format!("/connections/{connection}"), json!({ "state": state })).await.map(drop)
    }

    /// The reports that arrived, oldest first: their envelopes.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub async fn reports(&self) -> Play<Vec<Value>> {
        let events = self.get("/events").await?;
        let events = events.pointer("/events").and_then(Value::as_array).cloned();
        let body = |event: Value| {
            let text = event.get("body").and_then(Value::as_str).unwrap_or_default().to_owned();
            serde_json::from_str(&text).map_err(Into::into)
        };
        events.unwrap_or_default().into_iter().map(body).collect()
    }

    /// The verdicts of the first connection in all reports, repetitions left out.
    ///
    /// # Errors
    /// When the control API does not answer.
    pub async fn heard(&self) -> Play<Vec<String>> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let verdict = |report: &Value| text(report.pointer("/data/connections/0/verdict")?);
        let mut verdicts: Vec<String> = self.reports().await?.iter().filter_map(verdict).collect();
        verdicts.dedup();
        Ok(verdicts)
    }
}

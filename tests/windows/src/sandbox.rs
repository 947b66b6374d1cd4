//! The sandbox as a process of its own, and its control API.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde::Deserialize;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::{Play, Stage, spawn, within};

/// A running sandbox.
pub struct Sandbox {
    /// Where it listens.
    pub ready: Ready,
    tokio: Runtime,
    http: reqwest::Client,
    child: Child,
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
}

impl Sandbox {
    /// Starts a sandbox.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(stage: &Stage) -> Play<Self> {
        let mut command = stage.command("deskside-sandbox.exe");
        command.args(["--listen", "127.0.0.1:0", "--until-stdin-closes"]);
        let mut child = spawn(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let output = child.stdout.take().ok_or("no output")?;
        let line = within("the sandbox is ready", move || {
            let mut line = String::new();
            BufReader::new(output).read_line(&mut line).map(|_| line)
        })?;
        let ready = serde_json::from_str(&line)?;
        let tokio = Builder::new_current_thread().enable_all().build()?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { ready, tokio, http, child })
    }

    /// Asks the control API.
    ///
    /// # Errors
    /// When it answers with anything but success.
    pub fn get(&self, path: &str) -> Play<Value> {
        self.exchange(self.http.get(format!("{}{path}", self.ready.control)))
    }

    /// Tells the control API something.
    ///
    /// # Errors
    /// When it answers with anything but success.
    pub fn post(&self, path: &str, body: &Value) -> Play<Value> {
        self.exchange(self.http.post(format!("{}{path}", self.ready.control)).json(body))
    }

    fn exchange(&self, request: reqwest::RequestBuilder) -> Play<Value> {
        self.tokio.block_on(async { Ok(request.send().await?.error_for_status()?.json().await?) })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It also ends when its standard input closes, and the stage ends what is left.
        drop(self.child.kill());
    }
}

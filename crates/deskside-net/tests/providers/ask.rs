//! Every client with one request, and the log during it.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use deskside_model::evidence::Fault;
use deskside_model::{ProxyChoice, Secret};
use deskside_net::{Backend, Http, Limits, ProviderClient, ReturnRoute, codat, conductor};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;
use url::Url;

use super::server::{Answer, Server};

/// The credential of every client.
pub const KEY: &str = "sk_conductor_never_logged";

/// Longer than any test takes.
pub const PATIENT: Limits = Limits {
    connect: Duration::from_secs(60),
    usual: Duration::from_secs(60),
    check: Duration::from_secs(60),
};

/// A client and its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Conductor,
    ConductorCheck,
    Codat,
    Backend,
    BackendCheck,
    BackendLink,
    BackendConnect,
    BackendStop,
    BackendIntegrations,
}

pub const ALL_CALLS: [Call; 9] = [
    Call::Conductor,
    Call::ConductorCheck,
    Call::Codat,
    Call::Backend,
    Call::BackendCheck,
    Call::BackendLink,
    Call::BackendConnect,
    Call::BackendStop,
    Call::BackendIntegrations,
];

impl Call {
    /// Sends the request once and returns only the fault.
    pub async fn send(self, http: Http, base: &Url) -> Result<(), Fault> {
        match self {
            Self::Conductor => {
                let asked = conductor(http, base).end_user("end_usr_1").await;
                asked.map(drop).map_err(|failure| failure.fault())
            }
            Self::ConductorCheck => {
                let asked = conductor(http, base).check("end_usr_1").await;
                asked.map(drop).map_err(|failure| failure.fault())
            }
            Self::Codat => {
                let asked = codat(http, base).connection("company", "connection").await;
                asked.map(drop).map_err(|failure| failure.fault())
            }
            Self::Backend => backend(http, base).statuses().await.answer.map(drop),
            Self::BackendCheck => Ok(backend(http, base).check("con_1").await.map(drop)?),
            Self::BackendLink => Ok(backend(http, base).link("con_1", &back()).await.map(drop)?),
            Self::BackendConnect => {
                Ok(backend(http, base).connect("desk", &back()).await.map(drop)?)
            }
            Self::BackendStop => Ok(backend(http, base).stop("con_1").await?),
            Self::BackendIntegrations => backend(http, base).integrations().await.map(drop),
        }
    }

    /// A valid answer to the request.
    pub const fn valid_answer(self) -> &'static str {
        match self {
            Self::Conductor => r#"{"id":"end_usr_1"}"#,
            Self::ConductorCheck => r#"{"duration":100,"status":"ok"}"#,
            Self::Codat => r#"{"id":"connection","status":"Linked"}"#,
            Self::Backend => "[]",
            Self::BackendCheck | Self::BackendConnect | Self::BackendStop => {
                r#"{"id":"con_1","status":"healthy"}"#
            }
            Self::BackendLink => r#"{"url":"https://connect.conductor.is/qbd/x"}"#,
            Self::BackendIntegrations => "[]",
        }
    }
}

fn back() -> ReturnRoute {
    ReturnRoute { state: Secret::new("state-never-logged".into()), receiver: None }
}

pub fn key() -> Arc<Secret> {
    Arc::new(Secret::new(KEY.into()))
}

pub fn http() -> Http {
    Http::trusting(PATIENT, &[], |_| ProxyChoice::Direct).unwrap()
}

pub fn conductor(http: Http, base: &Url) -> conductor::ConductorClient {
    conductor::ConductorClient::new(http, base.join("v1").unwrap(), key())
}

pub fn codat(http: Http, base: &Url) -> codat::CodatClient {
    codat::CodatClient::new(http, base.clone(), key(), codat::Budget::default())
}

pub fn backend(http: Http, base: &Url) -> Backend {
    Backend::new(http, serde_json::from_value(base.as_str().into()).unwrap(), key())
}

/// The result of every call against a server with this answer. Asserts that each sends one request, and
/// that the log contains no secret.
pub async fn results_of_all(
    limits: Limits,
    answer: impl Fn(Call) -> Answer,
) -> Vec<Result<(), Fault>> {
    let (mut found, http) =
        (Vec::new(), Http::trusting(limits, &[], |_| ProxyChoice::Direct).unwrap());
    for call in ALL_CALLS {
        let server = Server::answering(answer(call)).await;
        let log = Log::listen();
        found.push(call.send(http.clone(), &server.url).await);
        log.assert_no_secret();
        assert_eq!(server.requests().len(), 1, "{call:?} sent another request");
    }
    found
}

/// Everything that is logged on this thread, at all levels.
pub struct Log {
    lines: Lines,
    _listening: DefaultGuard,
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    pub fn listen() -> Self {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(lines.clone())
            .finish();
        Self { lines, _listening: tracing::subscriber::set_default(subscriber) }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap()
    }

    pub fn assert_no_secret(&self) {
        let (text, encoded) = (self.text(), base64::engine::general_purpose::STANDARD.encode(KEY));
        for secret in [KEY, &encoded, "end_usr_1", "one-time-password", "state-never-logged"] {
            assert!(!text.contains(secret), "{secret} is in the log: {text}");
        }
    }
}

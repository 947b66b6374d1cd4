//! Faults on demand: slow, cut off, refused, garbled, or answered by something that is not the server at all. They
//! sit in front of a listener, so the code behind it never knows.

mod body;

use std::{collections::BTreeMap, time::Duration};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{backend::Problem, codat, conductor::Refusal, door::Cut, html, world::Shared};

/// Which listener a request came to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Conductor,
    Backend,
    Connect,
    Codat,
}

/// A planned fault. `times: null` means until it is deleted.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    target: Target,
    path_prefix: Option<String>,
    method: Option<String>,
    kind: Kind,
    /// A delay before the fault, in milliseconds; for `latency` it is the whole fault.
    #[serde(default)]
    ms: u64,
    status: Option<u16>,
    body: Option<Value>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    pub times: Option<u32>,
    /// For `huge`: the size of the body.
    #[serde(default = "fifty_million")]
    bytes: u64,
    /// For `reset`: the request takes effect, and only the answer is lost.
    #[serde(default)]
    after: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The true answer, late.
    Latency,
    /// The connection is reset without an answer.
    Reset,
    /// The request takes effect; the connection is reset in the middle of the answer's body.
    ResetMidBody,
    /// The same, but the connection is closed politely: only the length tells that something is missing.
    Truncated,
    /// The true answer under the planned headers: another content type, for example.
    Headers,
    /// Status 200 and one JSON document of `bytes`, without a word on its length.
    Huge,
    /// An HTTP status, by default with the error document that the target itself would send. With a header, also a
    /// redirect (`location`) or a wish to be left alone (`retry-after`).
    Status,
    /// Status 200, a JSON content type, and no JSON.
    Malformed,
    /// A web page where JSON was expected: a captive portal or a proxy.
    Html,
}

const fn fifty_million() -> u64 {
    50_000_000
}

impl Fault {
    pub fn applies(&self, target: Target, method: &str, path: &str) -> bool {
        self.target == target
            && self.path_prefix.as_deref().is_none_or(|prefix| path.starts_with(prefix))
            && self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
    }

    /// What is wrong with a planned fault, if anything; asked before it is planned.
    pub fn mistake(&self) -> Option<&'static str> {
        if self.times == Some(0) {
            Some("times: 0 would never happen")
        } else if self
            .status
            .is_some_and(|status| StatusCode::from_u16(status).is_err() || status < 200)
        {
            Some("status: not a final HTTP status")
        } else if self.headers.iter().any(|(name, value)| header_pair(name, value).is_none()) {
            Some("headers: not a header")
        } else if self.kind == Kind::Headers && self.headers.is_empty() {
            Some("headers: at least one")
        } else if self.after && self.kind != Kind::Reset {
            Some("after: only for reset")
        } else {
            None
        }
    }

    fn status_or(&self, default: StatusCode) -> StatusCode {
        self.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(default)
    }

    /// The body as planned: text as it is, anything else as JSON.
    fn planned_body(&self) -> Option<Response> {
        let body = self.body.as_ref()?;
        Some(body.as_str().map_or_else(
            || axum::Json(body).into_response(),
            |text| text.to_owned().into_response(),
        ))
    }

    fn answer(&self) -> Response {
        let (status, body) = match self.kind {
            Kind::Html => (
                self.status_or(StatusCode::OK),
                self.planned_body().map_or_else(
                    || html::page(StatusCode::OK, "Sign in to the network", ""),
                    as_html,
                ),
            ),
            Kind::Malformed => (
                self.status_or(StatusCode::OK),
                as_json(
                    self.planned_body()
                        .unwrap_or_else(|| "{\"objectType\":\"end_user\",\"id\":".into_response()),
                ),
            ),
            Kind::Huge => {
                (self.status_or(StatusCode::OK), as_json(body::huge(self.bytes).into_response()))
            }
            Kind::Latency
            | Kind::Reset
            | Kind::ResetMidBody
            | Kind::Truncated
            | Kind::Headers
            | Kind::Status => {
                let status = self.status_or(StatusCode::INTERNAL_SERVER_ERROR);
                (status, self.planned_body().unwrap_or_else(|| usual_error(self.target, status)))
            }
        };
        let mut response = (status, body).into_response();
        *response.status_mut() = status;
        self.put_headers(response)
    }

    fn put_headers(&self, mut response: Response) -> Response {
        for (name, value) in
            self.headers.iter().filter_map(|(name, value)| header_pair(name, value))
        {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// What guards one listener.
#[derive(Clone)]
pub struct Gate {
    pub world: Shared,
    pub target: Target,
}

/// Counts each request, and lets the first fault that applies happen to it.
pub async fn gate(
    State(gate): State<Gate>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    let fault =
        gate.world.lock().arrived(gate.target, request.method().as_str(), request.uri().path());
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    if fault.ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.ms)).await;
    }
    match fault.kind {
        Kind::Latency => next.run(request).await,
        Kind::Reset => {
            if fault.after {
                drop(next.run(request).await);
            }
            cut.make();
            Response::default()
        }
        Kind::ResetMidBody => body::break_off(next.run(request).await, Some(cut)).await,
        Kind::Truncated => body::break_off(next.run(request).await, None).await,
        Kind::Headers => fault.put_headers(next.run(request).await),
        Kind::Huge | Kind::Status | Kind::Malformed | Kind::Html => fault.answer(),
    }
}

fn usual_error(target: Target, status: StatusCode) -> Response {
    match target {
        Target::Conductor => Refusal::of_status(status).into_response(),
        Target::Codat => codat::Refusal::of_status(status).into_response(),
        Target::Backend => {
            Problem::new(status, "sandbox_fault", "A fault planned by the test.").into_response()
        }
        Target::Connect => html::page(status, "The page is not available", ""),
    }
}

fn as_html(response: Response) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], response).into_response()
}

fn as_json(response: Response) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], response).into_response()
}

fn header_pair(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
}

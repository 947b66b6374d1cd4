//! Fault injection: answers that are late, cut off, refused, malformed, or from something that is not the server.
//!
//! Faults apply in front of a listener, so the code behind it does not know of them.

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

use crate::{
    backend::Problem, codat, conductor::ConductorError, html, listener::ResetHandle,
    world::SharedWorld,
};

/// A listener that faults can apply to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Conductor,
    Backend,
    Connect,
    Codat,
}

/// A planned fault. Without `times` it applies until it is deleted.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    target: Target,
    path_prefix: Option<String>,
    method: Option<String>,
    kind: FaultKind,
    /// Delay in milliseconds before the fault; for `latency` it is the fault.
    #[serde(default)]
    ms: u64,
    status: Option<u16>,
    body: Option<Value>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    pub times: Option<u32>,
    /// For `huge`: the size of the body in bytes.
    #[serde(default = "default_huge_bytes")]
    bytes: u64,
    /// For `reset`: the request takes effect and only the answer is lost.
    #[serde(default)]
    after: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FaultKind {
    /// The regular answer, late.
    Latency,
    /// The connection is reset without an answer.
    Reset,
    /// The request takes effect; the connection is reset in the middle of the answer's body.
    ResetMidBody,
    /// The same, but the connection is closed regularly: only the length shows that something is missing.
    Truncated,
    /// The regular answer with the planned headers, for example another content type.
    Headers,
    /// Status 200 and one JSON document of `bytes`, without a content length.
    Huge,
    /// An HTTP status, by default with the target's own error document. With headers, also a redirect (`location`) or
    /// a rate limit (`retry-after`).
    Status,
    /// Status 200 and a JSON content type, but not JSON.
    Malformed,
    /// A web page instead of JSON, as from a captive portal or a proxy.
    Html,
}

const fn default_huge_bytes() -> u64 {
    50_000_000
}

impl Fault {
    pub fn applies(&self, target: Target, method: &str, path: &str) -> bool {
        self.target == target
            && self.path_prefix.as_deref().is_none_or(|prefix| path.starts_with(prefix))
            && self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
    }

    /// Checks a fault before it is planned.
    ///
    /// # Errors
    /// The reason why it makes no sense.
    pub fn validate(&self) -> Result<(), &'static str> {
        if self.times == Some(0) {
            Err("times must be at least 1")
        } else if self
            .status
            .is_some_and(|status| StatusCode::from_u16(status).is_err() || status < 200)
        {
            Err("status must be a final HTTP status")
        } else if self.headers.iter().any(|(name, value)| header_pair(name, value).is_none()) {
            Err("headers contains an invalid header")
        } else if self.kind == FaultKind::Headers && self.headers.is_empty() {
            Err("headers must contain at least one header")
        } else if self.after && self.kind != FaultKind::Reset {
            Err("after is possible for the kind reset only")
        } else {
            Ok(())
        }
    }

    fn status_or(&self, default: StatusCode) -> StatusCode {
        self.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(default)
    }

    /// The planned body: text unchanged, any other value as JSON.
    fn planned_body(&self) -> Option<Response> {
        let body = self.body.as_ref()?;
        Some(body.as_str().map_or_else(
            || axum::Json(body).into_response(),
            |text| text.to_owned().into_response(),
        ))
    }

    fn answer(&self) -> Response {
        let (status, body) = match self.kind {
            FaultKind::Html => (
                self.status_or(StatusCode::OK),
                self.planned_body().map_or_else(
                    || html::page(StatusCode::OK, "Sign in to the network", ""),
                    as_html,
                ),
            ),
            FaultKind::Malformed => (
                self.status_or(StatusCode::OK),
                as_json(
                    self.planned_body()
                        .unwrap_or_else(|| "{\"objectType\":\"end_user\",\"id\":".into_response()),
                ),
            ),
            FaultKind::Huge => {
                (self.status_or(StatusCode::OK), as_json(body::huge(self.bytes).into_response()))
            }
            FaultKind::Latency
            | FaultKind::Reset
            | FaultKind::ResetMidBody
            | FaultKind::Truncated
            | FaultKind::Headers
            | FaultKind::Status => {
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

/// State of the middleware of one listener.
#[derive(Clone)]
pub struct Injector {
    pub world: SharedWorld,
    pub target: Target,
}

/// Middleware that counts each request and injects the first fault that applies to it.
pub async fn inject(
    State(injector): State<Injector>,
    ConnectInfo(connection): ConnectInfo<ResetHandle>,
    request: Request,
    next: Next,
) -> Response {
    let fault = injector.world.lock().count_request(
        injector.target,
        request.method().as_str(),
        request.uri().path(),
    );
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    if fault.ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.ms)).await;
    }
    match fault.kind {
        FaultKind::Latency => next.run(request).await,
        FaultKind::Reset => {
            if fault.after {
                drop(next.run(request).await);
            }
            connection.reset();
            Response::default()
        }
        FaultKind::ResetMidBody => body::break_off(next.run(request).await, Some(connection)).await,
        FaultKind::Truncated => body::break_off(next.run(request).await, None).await,
        FaultKind::Headers => fault.put_headers(next.run(request).await),
        FaultKind::Huge | FaultKind::Status | FaultKind::Malformed | FaultKind::Html => {
            fault.answer()
        }
    }
}

fn usual_error(target: Target, status: StatusCode) -> Response {
    match target {
        Target::Conductor => ConductorError::of_status(status).into_response(),
        Target::Codat => codat::CodatError::of_status(status).into_response(),
        Target::Backend => {
            Problem::new(status, "sandbox_fault", "This is a planned fault.").into_response()
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

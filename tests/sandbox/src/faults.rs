//! Faults on demand: slow, cut off, refused, garbled, or answered by something that is not the server at all. They
//! sit in front of a listener, so the code behind it never knows.

use std::{
    collections::BTreeMap,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body::Frame;
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
    /// An HTTP status, by default with the error document that the target itself would send.
    Status,
    /// Status 200, a JSON content type, and no JSON.
    Malformed,
    /// A web page where JSON was expected: a captive portal or a proxy.
    Html,
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
            Kind::Latency | Kind::Reset | Kind::ResetMidBody | Kind::Status => {
                let status = self.status_or(StatusCode::INTERNAL_SERVER_ERROR);
                (status, self.planned_body().unwrap_or_else(|| usual_error(self.target, status)))
            }
        };
        let mut response = (status, body).into_response();
        *response.status_mut() = status;
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
        Kind::ResetMidBody => break_off(next.run(request).await, cut).await,
        Kind::Status | Kind::Malformed | Kind::Html => fault.answer(),
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

/// The answer as it was meant, except that its body ends half-way. An answer without a body is lost whole.
async fn break_off(response: Response, cut: Cut) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if whole.is_empty() {
        cut.make();
        return Response::default();
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(parts, Body::new(Broken { half: Some(half), flushed: false, cut }))
}

/// A body that hands out its first half, gives the server one turn to put it on the wire, and then cuts the line.
struct Broken {
    half: Option<Bytes>,
    flushed: bool,
    cut: Cut,
}

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.cut.make();
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

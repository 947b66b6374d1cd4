//! The control API: how a test arranges the world and looks at it afterwards. It has no counterpart in reality and
//! asks nobody who they are, which is why the sandbox listens on loopback only.

mod arrange;
mod codat;
mod observe;

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use crate::world::Shared;

pub fn router(world: Shared) -> Router {
    Router::new()
        .route("/state", get(observe::state))
        .route("/secrets", get(observe::secrets))
        .route("/requests", get(observe::requests))
        .route("/events", get(observe::events).delete(observe::forget_events))
        .route("/end-users/{id}", post(arrange::end_user))
        .route("/connections/{id}", post(arrange::connection))
        .route("/enrollments", post(arrange::enrollment))
        .route("/sessions", post(arrange::session))
        .route("/sessions/expire", post(arrange::expire_sessions))
        .route("/devices/{id}/revoke", post(arrange::revoke_device))
        .route("/backend", post(arrange::settings))
        .route("/codat/companies", post(codat::company))
        .route("/codat/connections/{id}", post(codat::connection).delete(codat::remove_connection))
        .route("/codat/data-status", post(codat::data_status))
        .route("/codat/pull", post(codat::pull))
        .route("/codat/settings", post(codat::settings))
        .route("/codat/profile", post(codat::profile))
        .route("/codat/links/expire", post(codat::expire_links))
        .route("/faults", get(observe::faults).post(arrange::fault).delete(arrange::clear_faults))
        .fallback(async || Mistake::unknown("route"))
        .with_state(world)
}

/// The test asked for something that makes no sense. It is told so at once, not by a failure much later.
struct Mistake(StatusCode, String);

impl Mistake {
    fn of(why: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, why.into())
    }

    fn unknown(what: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }
}

impl IntoResponse for Mistake {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

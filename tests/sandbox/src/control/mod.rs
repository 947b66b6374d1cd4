//! The control API: sets the state of the world and inspects it.
//!
//! It has no counterpart at the providers and needs no key, which is why the sandbox listens on loopback only.

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

use crate::world::SharedWorld;

pub fn router(world: SharedWorld) -> Router {
    Router::new()
        .route("/state", get(observe::state))
        .route("/secrets", get(observe::secrets))
        .route("/requests", get(observe::requests))
        .route("/events", get(observe::events).delete(arrange::clear_events))
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
        .fallback(async || ControlError::not_found("route"))
        .with_state(world)
}

/// An error of the caller. It is reported at once, so that a test does not fail much later for an unclear reason.
struct ControlError(StatusCode, String);

impl ControlError {
    fn bad_request(reason: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, reason.into())
    }

    fn not_found(what: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

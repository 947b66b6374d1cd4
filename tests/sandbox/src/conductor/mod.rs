//! Conductor's API as its documentation and its official clients know it, both generations at once.
//!
//! Texts that Conductor does not document begin with `sandbox:`, so that nobody matches on them.

mod end_users;
mod error;
mod links;
mod objects;
mod quickbooks;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};

pub use error::ConductorError;

use crate::{random, requests::bearer, world::SharedWorld};

const REQUEST_ID: &str = "conductor-request-id";

pub fn router(world: SharedWorld) -> Router {
    let api = Router::new()
        .route("/end-users", get(end_users::list).post(end_users::create))
        .route("/end-users/{id}", get(end_users::retrieve).delete(end_users::delete))
        .route("/end-users/{id}/passthrough/quickbooks_desktop", post(quickbooks::request))
        .route("/end-users/{id}/request/quickbooks_desktop", post(quickbooks::request))
        .route("/end-users/{id}/ping/quickbooks_desktop", get(quickbooks::ping))
        .route("/quickbooks-desktop/health-check", get(quickbooks::health_check))
        .route("/quickbooks-desktop/company", get(quickbooks::company))
        .route("/auth-sessions", post(links::create))
        .route("/auth-sessions/{id}", get(links::retrieve))
        .route("/integration-connections", get(end_users::list_connections))
        .route("/integration-connections/{id}", get(end_users::retrieve_connection));
    Router::new()
        .nest("/v1", api)
        .fallback(async || ConductorError::invalid_at(404, "sandbox: there is no such route"))
        .method_not_allowed_fallback(async || {
            ConductorError::invalid_at(405, "sandbox: this route has no such method")
        })
        .layer(from_fn_with_state(world.clone(), authorize))
        .with_state(world)
}

/// Checks the key before anything else and adds a request id to every answer.
async fn authorize(State(world): State<SharedWorld>, request: Request, next: Next) -> Response {
    let error = match bearer(request.headers()) {
        Some(key) if key == world.lock().endpoints.conductor_secret_key => None,
        key => Some(ConductorError::invalid_key(key)),
    };
    let mut response = match error {
        Some(error) => error.into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !headers.contains_key(REQUEST_ID)
        && let Ok(id) = HeaderValue::try_from(random::id("req_"))
    {
        headers.insert(REQUEST_ID, id);
    }
    response
}

//! The vendor's backend, which implements Deskside's Backend Protocol.
//!
//! It stands for the application that depends on the data. It holds Conductor's secret key, so that no customer's PC
//! has to, and translates Conductor's answers into the protocol's.

mod connections;
mod devices;
mod events;
mod problem;
mod signature;

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, get, patch, post},
};
use serde::Deserialize;
use serde_json::json;

pub use connections::view as connection_view;
pub use problem::Problem;

use crate::{
    html::{escape, page},
    images,
    requests::bearer,
    world::{Device, INTEGRATION, SharedWorld, World, codat::QUICKBOOKS_DESKTOP},
};

pub fn router(world: SharedWorld) -> Router {
    let api = Router::new()
        .route("/enrollments", post(devices::look_up_code))
        .route("/devices", post(devices::enroll))
        .route("/devices/{id}", delete(devices::remove))
        .route("/integrations", get(integrations))
        .route("/connections", get(connections::list).post(connections::create))
        .route("/connections/{id}", patch(connections::unlink).delete(connections::delete))
        .route("/connections/{id}/links", post(connections::create_link))
        .route("/connections/{id}/checks", post(connections::check))
        .route("/events", post(events::receive));
    Router::new()
        .nest("/v1", api)
        .route("/return", get(return_page))
        .fallback(async || Problem::not_found("route"))
        .method_not_allowed_fallback(async || {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "This route has no such method.",
            )
        })
        .with_state(world)
        .merge(images::router())
}

/// The device that this request's token belongs to.
fn authenticate<'a>(world: &'a World, headers: &HeaderMap) -> Result<&'a Device, Problem> {
    let token = bearer(headers).ok_or_else(Problem::unauthorized)?;
    let mut devices = world.devices.iter().filter(|device| !device.revoked);
    devices.find(|device| device.token == token).ok_or_else(Problem::unauthorized)
}

async fn integrations(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let world = world.lock();
    authenticate(&world, &headers)?;
    let image = |file| format!("{}/images/{QUICKBOOKS_DESKTOP}/{file}", world.endpoints.backend);
    let all = json!([{
        "key": INTEGRATION,
        "name": "QuickBooks Desktop",
        "logo": image("logo-square.png"),
        "button": { "default": image("button-default.svg"), "hover": image("button-hover.svg") },
    }]);
    Ok(([(header::CACHE_CONTROL, "private, max-age=3600")], Json(all)).into_response())
}

#[derive(Deserialize)]
struct ReturnQuery {
    #[serde(default)]
    state: String,
}

/// The page that leads from the browser back to Deskside. It asks for a click, because browsers warn of pages that
/// open programs by themselves.
async fn return_page(Query(query): Query<ReturnQuery>) -> Response {
    if !is_opaque_token(&query.state) {
        return page(
            StatusCode::BAD_REQUEST,
            "This address is incomplete",
            "<p>Go back to Deskside.</p>",
        );
    }
    let body = format!(
        "<p><a id=\"back\" href=\"deskside://return?state={}\">Back to Deskside</a></p><p>You can close this tab.</p>",
        escape(&query.state)
    );
    page(StatusCode::OK, "You are done here", &body)
}

/// Whether Deskside accepts this text as `code` or `state`.
fn is_opaque_token(text: &str) -> bool {
    (1..=512).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

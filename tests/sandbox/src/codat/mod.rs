//! Codat's API as its documentation and its official clients know it: exact success statuses, optional fields omitted
//! instead of null, and its error document.
//!
//! Texts that Codat does not document begin with `sandbox:`, so that nobody matches on them.

mod companies;
mod connections;
mod data;
mod error;
mod integrations;
mod listing;
mod objects;
mod page;
mod profile;
mod query;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;

pub use error::CodatError;
pub use page::router as pages;

use crate::{images, world::SharedWorld};

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

pub fn router(world: SharedWorld) -> Router {
    let api = Router::new()
        .route("/companies", get(companies::list).post(companies::create))
        .route("/companies/{company}", get(companies::retrieve).delete(companies::delete))
        .route("/companies/{company}/accessToken", get(companies::access_token))
        .route("/companies/{company}/connections", get(connections::list).post(connections::create))
        .route(
            "/companies/{company}/connections/{connection}",
            get(connections::retrieve).patch(connections::unlink).delete(connections::delete),
        )
        .route("/companies/{company}/dataStatus", get(data::status))
        .route("/companies/{company}/data/history", get(data::history))
        .route("/companies/{company}/data/all", post(data::queue_all))
        .route("/companies/{company}/data/queue/{data_type}", post(data::queue))
        .route("/integrations", get(integrations::list))
        .route("/integrations/{key}", get(integrations::retrieve))
        .route("/integrations/{key}/branding", get(integrations::branding))
        .route("/profile", get(profile::retrieve).put(profile::update))
        .fallback(async || CodatError::not_found("NotFound"))
        .method_not_allowed_fallback(async || {
            CodatError::new(405, "PublicApi", "sandbox: this route has no such method")
        })
        .layer(from_fn_with_state(world.clone(), authorize))
        .layer(from_fn_with_state(world.clone(), limit_rate))
        .with_state(world);
    images::router().merge(api)
}

/// Checks the key: the raw key in base64, without the colon that separates a user from a password.
async fn authorize(State(world): State<SharedWorld>, request: Request, next: Next) -> Response {
    let expected = format!("Basic {}", STANDARD.encode(&world.lock().endpoints.codat_api_key));
    let header = request.headers().get(header::AUTHORIZATION);
    if header.is_none_or(|header| header.as_bytes() != expected.as_bytes()) {
        return CodatError::new(401, "PublicApi", "Unauthorized").into_response();
    }
    next.run(request).await
}

/// Counts the request against the day's rate limit and adds what remains to every answer.
async fn limit_rate(State(world): State<SharedWorld>, request: Request, next: Next) -> Response {
    let (rate, retry_after) = {
        let codat = &mut world.lock().codat;
        (codat.count_request(), codat.settings.retry_after.clone())
    };
    let mut response = if rate.remaining == 0 {
        let mut error = CodatError::too_many_requests().into_response();
        let after = retry_after.and_then(|text| HeaderValue::try_from(text).ok());
        error.headers_mut().extend(after.map(|value| (header::RETRY_AFTER, value)));
        error
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    put(headers, "x-rate-limit-limit", rate.limit);
    put(headers, "x-rate-limit-remaining", rate.remaining.saturating_sub(1));
    put(headers, "x-rate-limit-reset", midnight_after(Timestamp::now()));
    response
}

fn put(headers: &mut HeaderMap, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::try_from(value.to_string()) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// When the rate limit starts again: the next midnight in UTC. Codat does not document the header's format.
fn midnight_after(now: Timestamp) -> Timestamp {
    let day = now.as_second().div_euclid(SECONDS_PER_DAY) + 1;
    Timestamp::from_second(day * SECONDS_PER_DAY).unwrap_or(Timestamp::MAX)
}

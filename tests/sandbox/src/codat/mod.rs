//! Codat's API as its documentation and its official clients know it: exact success statuses, optional fields left out
//! rather than null, and its error document. Where the vendor's words are unknown ours begin with `sandbox:`.

mod companies;
mod connections;
mod data;
mod integrations;
mod listing;
mod objects;
mod page;
mod profile;
mod query;
mod refusal;

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

pub use page::router as pages;
pub use refusal::Refusal;

use crate::{images, world::Shared};

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

pub fn router(world: Shared) -> Router {
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
        .fallback(async || Refusal::not_found("NotFound"))
        .method_not_allowed_fallback(async || {
            Refusal::new(405, "PublicApi", "sandbox: no such method here")
        })
        .layer(from_fn_with_state(world.clone(), authorize))
        .layer(from_fn_with_state(world.clone(), meter))
        .with_state(world);
    images::router().merge(api)
}

/// Asks for the key: the raw key in base64, without the colon of a user and a password.
async fn authorize(State(world): State<Shared>, request: Request, next: Next) -> Response {
    let expected = format!("Basic {}", STANDARD.encode(&world.lock().place.codat_api_key));
    let given = request.headers().get(header::AUTHORIZATION);
    if given.is_none_or(|given| given.as_bytes() != expected.as_bytes()) {
        return Refusal::new(401, "PublicApi", "Unauthorized").into_response();
    }
    next.run(request).await
}

/// Counts the request against the day's budget, and says in every answer what is left.
async fn meter(State(world): State<Shared>, request: Request, next: Next) -> Response {
    let (budget, retry_after) = {
        let codat = &mut world.lock().codat;
        (codat.spend(), codat.settings.retry_after.clone())
    };
    let mut response = if budget.left == 0 {
        let mut refusal = Refusal::too_many().into_response();
        let after = retry_after.and_then(|text| HeaderValue::try_from(text).ok());
        refusal.headers_mut().extend(after.map(|value| (header::RETRY_AFTER, value)));
        refusal
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    put(headers, "x-rate-limit-limit", budget.limit);
    put(headers, "x-rate-limit-remaining", budget.left.saturating_sub(1));
    put(headers, "x-rate-limit-reset", midnight_after(Timestamp::now()));
    response
}

fn put(headers: &mut HeaderMap, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::try_from(value.to_string()) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// When the budget is full again: the next midnight of UTC. The format of the header is not known.
fn midnight_after(now: Timestamp) -> Timestamp {
    let day = now.as_second().div_euclid(SECONDS_PER_DAY) + 1;
    Timestamp::from_second(day * SECONDS_PER_DAY).unwrap_or(Timestamp::MAX)
}

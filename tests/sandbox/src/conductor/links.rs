//! Auth sessions: creating the link, and (older generation only) reading it again.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{
    Refusal,
    end_users::{dialect, find},
};
use crate::{
    requests,
    world::{DEFAULT_LINK_MINUTES, Shared},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewSession {
    publishable_key: String,
    end_user_id: String,
    #[serde(default, deserialize_with = "not_null")]
    link_expiry_mins: Option<f64>,
    #[serde(default, deserialize_with = "not_null")]
    redirect_url: Option<String>,
}

/// Optional in the vendor's schema means absent, not null.
fn not_null<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    value: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

pub async fn create(State(world): State<Shared>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let new: NewSession =
        requests::json(&body).map_err(|why| Refusal::invalid(format!("sandbox: {why}")))?;
    let minutes = new.link_expiry_mins.unwrap_or(DEFAULT_LINK_MINUTES);
    if !(15.0..=10_080.0).contains(&minutes) {
        return Err(Refusal::invalid("sandbox: linkExpiryMins is not between 15 and 10080"));
    }
    if new.redirect_url.as_deref().is_some_and(|text| Url::parse(text).is_err()) {
        return Err(Refusal::invalid("sandbox: redirectUrl is not a URI"));
    }
    let mut world = world.lock();
    if new.publishable_key != world.place.publishable_key {
        return Err(Refusal::invalid("sandbox: publishableKey is not this project's"));
    }
    find(&world, &new.end_user_id)?;
    let session = world.add_session(&new.end_user_id, minutes, new.redirect_url, Timestamp::now());
    Ok(Json(dialect(&world).session(&session)))
}

pub async fn retrieve(
    State(world): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let world = world.lock();
    let session = world.sessions.iter().find(|session| session.id == id);
    session
        .map(|session| Json(dialect(&world).session(session)))
        .ok_or_else(|| Refusal::missing("auth session"))
}

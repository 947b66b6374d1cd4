//! Auth sessions: creates links and, in the older generation only, reads them.

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
    ConductorError,
    end_users::{dialect, find},
};
use crate::{
    requests,
    world::{DEFAULT_LINK_MINUTES, SharedWorld},
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

/// A field that is optional in Conductor's schema may be absent but not null.
fn not_null<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    value: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

pub async fn create(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ConductorError> {
    let new: NewSession = requests::json(&body)
        .map_err(|reason| ConductorError::invalid(format!("sandbox: {reason}")))?;
    let minutes = new.link_expiry_mins.unwrap_or(DEFAULT_LINK_MINUTES);
    if !(15.0..=10_080.0).contains(&minutes) {
        return Err(ConductorError::invalid("sandbox: linkExpiryMins is not between 15 and 10080"));
    }
    if new.redirect_url.as_deref().is_some_and(|text| Url::parse(text).is_err()) {
        return Err(ConductorError::invalid("sandbox: redirectUrl is not a URI"));
    }
    let mut world = world.lock();
    if new.publishable_key != world.endpoints.conductor_publishable_key {
        return Err(ConductorError::invalid("sandbox: publishableKey belongs to another project"));
    }
    find(&world, &new.end_user_id)?;
    let session = world.add_session(&new.end_user_id, minutes, new.redirect_url, Timestamp::now());
    Ok(Json(dialect(&world).session(&session)))
}

pub async fn retrieve(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ConductorError> {
    let world = world.lock();
    let session = world.sessions.iter().find(|session| session.id == id);
    session
        .map(|session| Json(dialect(&world).session(session)))
        .ok_or_else(|| ConductorError::not_found("auth session"))
}

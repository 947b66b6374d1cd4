//! End users and, in the older generation, their connections.
//!
//! Nothing here reaches QuickBooks: these are the passive answers that a client may poll.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ConductorError,
    objects::{ConductorDialect, list as list_of},
};
use crate::{
    requests,
    world::{EndUser, EndUserState, SharedWorld, World},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewEndUser {
    company_name: String,
    source_id: String,
    email: String,
}

pub async fn create(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ConductorError> {
    let new: NewEndUser = requests::json(&body)
        .map_err(|reason| ConductorError::invalid(format!("sandbox: {reason}")))?;
    let mut world = world.lock();
    if existing(&world).any(|user| user.source_id == new.source_id) {
        return Err(ConductorError::invalid("sandbox: another end user has this sourceId"));
    }
    let id = world.add_end_user(new.company_name, new.source_id, new.email, Timestamp::now());
    find(&world, &id).map(|user| Json(dialect(&world).end_user(user)))
}

pub async fn list(State(world): State<SharedWorld>) -> Json<Value> {
    let world = world.lock();
    list_of("/v1/end-users", existing(&world).map(|user| dialect(&world).end_user(user)).collect())
}

pub async fn retrieve(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ConductorError> {
    let world = world.lock();
    find(&world, &id).map(|user| Json(dialect(&world).end_user(user)))
}

pub async fn delete(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ConductorError> {
    let mut world = world.lock();
    let user = world
        .end_user_mut(&id)
        .filter(|user| user.exists())
        .ok_or_else(|| ConductorError::not_found("end user"))?;
    user.set_state(EndUserState::Removed, Timestamp::now());
    Ok(Json(json!({ "id": id, "objectType": "end_user", "deleted": true })))
}

pub async fn list_connections(State(world): State<SharedWorld>) -> Json<Value> {
    let world = world.lock();
    let connections =
        existing(&world).filter_map(|user| dialect(&world).owned_connection(user)).collect();
    list_of("/v1/integration-connections", connections)
}

pub async fn retrieve_connection(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ConductorError> {
    let world = world.lock();
    existing(&world)
        .find(|user| user.connection.as_ref().is_some_and(|connection| connection.id == id))
        .and_then(|user| dialect(&world).owned_connection(user))
        .map(Json)
        .ok_or_else(|| ConductorError::not_found("integration connection"))
}

pub fn dialect(world: &World) -> ConductorDialect {
    ConductorDialect { legacy: world.settings.legacy }
}

pub fn find<'a>(world: &'a World, id: &str) -> Result<&'a EndUser, ConductorError> {
    existing(world).find(|user| user.id == id).ok_or_else(|| ConductorError::not_found("end user"))
}

fn existing(world: &World) -> impl Iterator<Item = &EndUser> {
    world.end_users.iter().filter(|user| user.exists())
}

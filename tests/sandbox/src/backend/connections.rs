//! A device's connections. Reading them is passive; only a check reaches QuickBooks.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Problem, authenticate, is_opaque_token};
use crate::{
    conductor::ConductorError,
    random, requests,
    world::{
        Connection, DEFAULT_LINK_MINUTES, EndUser, EndUserState, INTEGRATION, SharedWorld, Status,
        World,
    },
};

type Created = (StatusCode, Json<Value>);

#[derive(Deserialize)]
struct NewConnection {
    integration: String,
    state: Option<String>,
}

#[derive(Default, Deserialize)]
struct NewLink {
    state: Option<String>,
}

#[derive(Deserialize)]
struct ConnectionChange {
    status: String,
}

pub async fn list(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = world.lock();
    let id = &authenticate(&world, &headers)?.id;
    let now = Timestamp::now();
    let owned = world.connections.iter().filter(|it| it.device_id.as_ref() == Some(id));
    Ok(Json(owned.map(|it| view(&world, it, now)).collect()))
}

/// Creates a connection with its first link.
pub async fn create(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Created, Problem> {
    let mut world = world.lock();
    let device = authenticate(&world, &headers)?;
    let (account, mode, device_id) = (device.account.clone(), device.mode, device.id.clone());
    let new: NewConnection = requests::json(&body).map_err(Problem::bad_request)?;
    if new.integration != INTEGRATION {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "unknown_integration",
            "There is no such integration.",
        ));
    }
    let state = check_state(new.state)?;
    let now = Timestamp::now();
    let id = world.add_connection(&account, mode, Some(device_id.clone()), now);
    let link = link(&mut world, &device_id, &id, state, now)?;
    let mut connection = view(&world, owned_connection(&world, &device_id, &id)?, now);
    if let Some(fields) = connection.as_object_mut() {
        fields.insert("link".to_owned(), link);
    }
    Ok((StatusCode::CREATED, Json(connection)))
}

pub async fn create_link(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Created, Problem> {
    let mut world = world.lock();
    let device_id = authenticate(&world, &headers)?.id.clone();
    let new: NewLink = if body.is_empty() {
        NewLink::default()
    } else {
        requests::json(&body).map_err(Problem::bad_request)?
    };
    let state = check_state(new.state)?;
    let link = link(&mut world, &device_id, &id, state, Timestamp::now())?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Stops syncing but keeps the data: the only change that a device may request.
pub async fn unlink(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let mut world = world.lock();
    let device_id = authenticate(&world, &headers)?.id.clone();
    owned_connection(&world, &device_id, &id)?;
    let change: ConnectionChange = requests::json(&body).map_err(Problem::bad_request)?;
    if change.status != "unlinked" {
        return Err(Problem::bad_request("The only status that can be set is \"unlinked\"."));
    }
    world
        .connections
        .iter_mut()
        .filter(|it| it.id == id)
        .for_each(|it| it.status_override = Some(Status::Unlinked));
    Ok(Json(view(&world, owned_connection(&world, &device_id, &id)?, Timestamp::now())))
}

pub async fn delete(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut world = world.lock();
    let device_id = authenticate(&world, &headers)?.id.clone();
    let end_user_id = owned_connection(&world, &device_id, &id)?.end_user_id.clone();
    if let Some(user) = world.end_user_mut(&end_user_id) {
        user.set_state(EndUserState::Removed, Timestamp::now());
    }
    world.connections.retain(|connection| connection.id != id);
    Ok(StatusCode::NO_CONTENT)
}

/// The active check. A fault that it finds is its result, not a failure of the call.
pub async fn check(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let mut world = world.lock();
    let device_id = authenticate(&world, &headers)?.id.clone();
    let end_user_id = owned_connection(&world, &device_id, &id)?.end_user_id.clone();
    let now = Timestamp::now();
    if let Some(user) = world.end_user_mut(&end_user_id) {
        // A failed check shows in the connection's status below.
        drop(user.check_health(now));
        user.checked_at = Some(now);
        user.request_id = random::id("req_");
    }
    Ok(Json(view(&world, owned_connection(&world, &device_id, &id)?, now)))
}

/// A connection as the protocol shows it.
pub fn view(world: &World, connection: &Connection, now: Timestamp) -> Value {
    let status = world.status(connection, now);
    let user = world.end_user(&connection.end_user_id);
    let faulty = user.filter(|_| matches!(status, Status::Inactive | Status::Broken));
    json!({
        "id": connection.id,
        "provider": "conductor",
        "integration": INTEGRATION,
        "company_name": user.map(|user| &user.company_name),
        "mode": connection.mode,
        "status": status,
        "checked_at": user.and_then(|user| user.checked_at),
        "user_message": faulty.and_then(ConductorError::of_end_user).map(|error| error.user_message().to_owned()),
        "request_id": faulty.map(|user| &user.request_id),
        "data": user.and_then(data),
    })
}

/// The provider's sync, once there was one.
fn data(user: &EndUser) -> Option<Value> {
    let connection = user.connection.as_ref()?;
    let last_success_at = connection.last_successful_request_at?;
    let state =
        if connection.last_request_at == Some(last_success_at) { "complete" } else { "failed" };
    Some(json!({ "state": state, "last_success_at": last_success_at }))
}

fn owned_connection<'a>(
    world: &'a World,
    device_id: &str,
    id: &str,
) -> Result<&'a Connection, Problem> {
    let mut owned =
        world.connections.iter().filter(|it| it.device_id.as_deref() == Some(device_id));
    owned.find(|it| it.id == id).ok_or_else(|| Problem::not_found("connection"))
}

fn link(
    world: &mut World,
    device_id: &str,
    id: &str,
    state: Option<String>,
    now: Timestamp,
) -> Result<Value, Problem> {
    let end_user_id = owned_connection(world, device_id, id)?.end_user_id.clone();
    if !world.end_user(&end_user_id).is_some_and(EndUser::exists) {
        return Err(Problem::new(
            StatusCode::GONE,
            "connection_removed",
            "This connection was removed.",
        ));
    }
    let redirect = state.map(|state| format!("{}/return?state={state}", world.endpoints.backend));
    let session = world.add_session(&end_user_id, DEFAULT_LINK_MINUTES, redirect, now);
    Ok(
        json!({ "url": session.auth_flow_url, "expires_at": session.expires_at, "single_use": true }),
    )
}

fn check_state(state: Option<String>) -> Result<Option<String>, Problem> {
    match state {
        Some(state) if !is_opaque_token(&state) => Err(Problem::bad_request(
            "state must consist of 1 to 512 of the characters A-Z a-z 0-9 - . _ ~",
        )),
        valid => Ok(valid),
    }
}

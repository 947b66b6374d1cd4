//! A device's connections. Reading them is passive; only a check reaches into QuickBooks.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Problem, device, is_opaque};
use crate::{
    conductor::Refusal,
    random, requests,
    world::{
        Condition, Connection, DEFAULT_LINK_MINUTES, EndUser, INTEGRATION, Shared, Status, World,
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
struct Change {
    status: String,
}

pub async fn list(State(world): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let world = world.lock();
    let id = &device(&world, &headers)?.id;
    let now = Timestamp::now();
    let own = world.connections.iter().filter(|it| it.device_id.as_ref() == Some(id));
    Ok(Json(own.map(|it| view(&world, it, now)).collect()))
}

/// A new connection, with its first link.
pub async fn create(
    State(world): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Created, Problem> {
    let mut world = world.lock();
    let device = device(&world, &headers)?;
    let (account, mode, device_id) = (device.account.clone(), device.mode, device.id.clone());
    let new: NewConnection = requests::json(&body).map_err(Problem::bad_request)?;
    if new.integration != INTEGRATION {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "unknown_integration",
            "There is no such integration.",
        ));
    }
    let state = checked_state(new.state)?;
    let now = Timestamp::now();
    let id = world.add_connection(&account, mode, Some(device_id.clone()), now);
    let link = link(&mut world, &device_id, &id, state, now)?;
    let mut connection = view(&world, own(&world, &device_id, &id)?, now);
    if let Some(fields) = connection.as_object_mut() {
        fields.insert("link".to_owned(), link);
    }
    Ok((StatusCode::CREATED, Json(connection)))
}

pub async fn create_link(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Created, Problem> {
    let mut world = world.lock();
    let device_id = device(&world, &headers)?.id.clone();
    let new: NewLink = if body.is_empty() {
        NewLink::default()
    } else {
        requests::json(&body).map_err(Problem::bad_request)?
    };
    let state = checked_state(new.state)?;
    let link = link(&mut world, &device_id, &id, state, Timestamp::now())?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Stop syncing but keep the data: the only change a device may ask for.
pub async fn unlink(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let mut world = world.lock();
    let device_id = device(&world, &headers)?.id.clone();
    own(&world, &device_id, &id)?;
    let change: Change = requests::json(&body).map_err(Problem::bad_request)?;
    if change.status != "unlinked" {
        return Err(Problem::bad_request("The only status that can be asked for is \"unlinked\"."));
    }
    world
        .connections
        .iter_mut()
        .filter(|it| it.id == id)
        .for_each(|it| it.pinned = Some(Status::Unlinked));
    Ok(Json(view(&world, own(&world, &device_id, &id)?, Timestamp::now())))
}

pub async fn delete(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut world = world.lock();
    let device_id = device(&world, &headers)?.id.clone();
    let end_user_id = own(&world, &device_id, &id)?.end_user_id.clone();
    if let Some(user) = world.end_user_mut(&end_user_id) {
        user.becomes(Condition::Removed, Timestamp::now());
    }
    world.connections.retain(|connection| connection.id != id);
    Ok(StatusCode::NO_CONTENT)
}

/// The active check. That it finds a fault is its result, not a failure of the call.
pub async fn check(
    State(world): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let mut world = world.lock();
    let device_id = device(&world, &headers)?.id.clone();
    let end_user_id = own(&world, &device_id, &id)?.end_user_id.clone();
    let now = Timestamp::now();
    if let Some(user) = world.end_user_mut(&end_user_id) {
        // The state that refuses the check is the state shown below.
        drop(user.check_health(now));
        user.checked_at = Some(now);
        user.request_id = random::id("req_");
    }
    Ok(Json(view(&world, own(&world, &device_id, &id)?, now)))
}

/// A connection as the protocol shows it.
pub fn view(world: &World, connection: &Connection, now: Timestamp) -> Value {
    let status = world.status(connection, now);
    let user = world.end_user(&connection.end_user_id);
    let fault = user.filter(|_| matches!(status, Status::Inactive | Status::Broken));
    json!({
        "id": connection.id,
        "provider": "conductor",
        "integration": INTEGRATION,
        "company_name": user.map(|user| &user.company_name),
        "mode": connection.mode,
        "status": status,
        "checked_at": user.and_then(|user| user.checked_at),
        "user_message": fault.and_then(Refusal::of).map(|refusal| refusal.user_message().to_owned()),
        "request_id": fault.map(|user| &user.request_id),
        "data": user.and_then(data),
    })
}

/// The provider's own sync, once there was one.
fn data(user: &EndUser) -> Option<Value> {
    let connection = user.connection.as_ref()?;
    let last_success_at = connection.last_successful_request_at?;
    let state =
        if connection.last_request_at == Some(last_success_at) { "complete" } else { "failed" };
    Some(json!({ "state": state, "last_success_at": last_success_at }))
}

fn own<'a>(world: &'a World, device_id: &str, id: &str) -> Result<&'a Connection, Problem> {
    let mut own = world.connections.iter().filter(|it| it.device_id.as_deref() == Some(device_id));
    own.find(|it| it.id == id).ok_or_else(|| Problem::not_found("connection"))
}

fn link(
    world: &mut World,
    device_id: &str,
    id: &str,
    state: Option<String>,
    now: Timestamp,
) -> Result<Value, Problem> {
    let end_user_id = own(world, device_id, id)?.end_user_id.clone();
    if !world.end_user(&end_user_id).is_some_and(EndUser::exists) {
        return Err(Problem::new(
            StatusCode::GONE,
            "connection_removed",
            "This connection was removed.",
        ));
    }
    let back = state.map(|state| format!("{}/return?state={state}", world.place.backend));
    let session = world.add_session(&end_user_id, DEFAULT_LINK_MINUTES, back, now);
    Ok(
        json!({ "url": session.auth_flow_url, "expires_at": session.expires_at, "single_use": true }),
    )
}

fn checked_state(state: Option<String>) -> Result<Option<String>, Problem> {
    match state {
        Some(state) if !is_opaque(&state) => {
            Err(Problem::bad_request("state: 1 to 512 of A-Z a-z 0-9 - . _ ~"))
        }
        fine => Ok(fine),
    }
}

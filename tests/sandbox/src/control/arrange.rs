//! The routes of the control API that change the world, except for Codat's.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::ControlError;
use crate::{
    faults::Fault,
    html::encode,
    random, requests,
    world::{
        DEFAULT_LINK_MINUTES, EndUserState, LinkState, Mode, Settings, SharedWorld, Status, World,
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndUserChange {
    state: Option<EndUserState>,
    user_message: Option<String>,
    integration_code: Option<String>,
    last_request_at: Option<Timestamp>,
    last_successful_request_at: Option<Timestamp>,
    /// For a connection: the status that the backend reports, whatever Conductor reports. Any other change of the
    /// connection removes it.
    status: Option<Status>,
}

pub async fn end_user(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let change: EndUserChange = requests::json(&body).map_err(ControlError::bad_request)?;
    if change.status.is_some() {
        return Err(ControlError::bad_request("only a connection has a status"));
    }
    apply(&mut world.lock(), &id, change).map(Json)
}

pub async fn connection(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let change: EndUserChange = requests::json(&body).map_err(ControlError::bad_request)?;
    let mut world = world.lock();
    let connection = world.connections.iter_mut().find(|connection| connection.id == id);
    let connection = connection.ok_or_else(|| ControlError::not_found("connection"))?;
    connection.status_override = change.status;
    let end_user_id = connection.end_user_id.clone();
    apply(&mut world, &end_user_id, change).map(Json)
}

fn apply(
    world: &mut World,
    end_user_id: &str,
    change: EndUserChange,
) -> Result<Value, ControlError> {
    let user =
        world.end_user_mut(end_user_id).ok_or_else(|| ControlError::not_found("end user"))?;
    if let Some(state) = change.state {
        user.set_state(state, Timestamp::now());
    }
    user.user_message = change.user_message.or_else(|| user.user_message.take());
    user.integration_code = change.integration_code.or_else(|| user.integration_code.take());
    if let Some(connection) = &mut user.connection {
        connection.last_request_at = change.last_request_at.or(connection.last_request_at);
        connection.last_successful_request_at =
            change.last_successful_request_at.or(connection.last_successful_request_at);
    }
    Ok(json!(user))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NewEnrollment {
    account: String,
    url: String,
    connections: u32,
    mode: Mode,
    expires_in_seconds: i64,
}

impl Default for NewEnrollment {
    fn default() -> Self {
        Self {
            account: "Sandbox Books".to_owned(),
            url: "https://books.example".to_owned(),
            connections: 1,
            mode: Mode::default(),
            expires_in_seconds: 15 * 60,
        }
    }
}

pub async fn enrollment(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let new: NewEnrollment = requests::json(or_empty(&body)).map_err(ControlError::bad_request)?;
    let lifetime = SignedDuration::from_secs(new.expires_in_seconds);
    let mut world = world.lock();
    let backend = encode(&world.endpoints.backend);
    let enrollment = world.add_enrollment(
        new.account,
        new.url,
        new.mode,
        new.connections,
        lifetime,
        Timestamp::now(),
    );
    let (code, connection_ids) = (enrollment.code.clone(), enrollment.connection_ids.clone());
    let created =
        world.connections.iter().filter(|connection| connection_ids.contains(&connection.id));
    let answer = json!({
        "deep_link": format!("deskside://enroll?backend={backend}&code={code}"),
        "code": code,
        "end_user_ids": created.map(|connection| &connection.end_user_id).collect::<Vec<_>>(),
        "connection_ids": connection_ids,
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSession {
    end_user_id: Option<String>,
    link_expiry_mins: Option<f64>,
    redirect_url: Option<String>,
}

/// Creates a link as Conductor's dashboard does. Any lifetime is possible here, including none.
pub async fn session(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let new: NewSession = requests::json(or_empty(&body)).map_err(ControlError::bad_request)?;
    let now = Timestamp::now();
    let mut world = world.lock();
    let end_user_id = match new.end_user_id {
        Some(id) if world.end_user(&id).is_none() => {
            return Err(ControlError::not_found("end user"));
        }
        Some(id) => id,
        None => world.add_end_user(
            "Sandbox Books".to_owned(),
            random::id("source_"),
            String::new(),
            now,
        ),
    };
    let minutes = new.link_expiry_mins.unwrap_or(DEFAULT_LINK_MINUTES);
    let session = world.add_session(&end_user_id, minutes, new.redirect_url, now);
    let answer = json!({
        "deep_link": format!("deskside://connect?link={}", encode(&session.auth_flow_url)),
        "auth_flow_url": session.auth_flow_url,
        "client_secret": session.client_secret,
        "session_id": session.id,
        "end_user_id": end_user_id,
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionSelection {
    client_secret: Option<String>,
    #[serde(default)]
    all: bool,
}

pub async fn expire_sessions(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let selection: SessionSelection = requests::json(&body).map_err(ControlError::bad_request)?;
    if selection.all == selection.client_secret.is_some() {
        return Err(ControlError::bad_request("name either client_secret or all: true"));
    }
    let now = Timestamp::now();
    let mut world = world.lock();
    let selected = world.sessions.iter_mut().filter(|session| {
        session.link_state(now) == LinkState::Open
            && (selection.all || selection.client_secret.as_ref() == Some(&session.client_secret))
    });
    let expired = selected.map(|session| session.expires_at = now).count();
    if expired == 0 && !selection.all {
        return Err(ControlError::not_found("open session"));
    }
    Ok(Json(json!({ "expired": expired })))
}

pub async fn revoke_device(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ControlError> {
    let mut world = world.lock();
    let device = world
        .devices
        .iter_mut()
        .find(|device| device.id == id)
        .ok_or_else(|| ControlError::not_found("device"))?;
    device.revoked = true;
    Ok(Json(json!({})))
}

/// Changes the settings in the body and keeps the others.
pub async fn settings(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let mut world = world.lock();
    world.settings = merge::<Settings>(&world.settings, &body)?;
    Ok(Json(json!(world.settings)))
}

pub async fn fault(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ControlError> {
    let fault: Fault = requests::json(&body).map_err(ControlError::bad_request)?;
    fault.validate().map_err(ControlError::bad_request)?;
    let answer = json!(fault);
    world.lock().faults.push(fault);
    Ok((StatusCode::CREATED, Json(answer)))
}

pub async fn clear_faults(State(world): State<SharedWorld>) -> StatusCode {
    world.lock().faults.clear();
    StatusCode::NO_CONTENT
}

pub async fn clear_events(State(world): State<SharedWorld>) -> StatusCode {
    world.lock().deliveries.clear();
    StatusCode::NO_CONTENT
}

/// The old value with the fields that the body sets.
pub fn merge<T: Serialize + DeserializeOwned>(old: &T, body: &[u8]) -> Result<T, ControlError> {
    let change: Map<String, Value> = requests::json(body).map_err(ControlError::bad_request)?;
    let mut merged = json!(old);
    if let Some(fields) = merged.as_object_mut() {
        fields.extend(change);
    }
    serde_json::from_value(merged).map_err(|error| ControlError::bad_request(error.to_string()))
}

/// An empty body stands for an empty object: all defaults.
pub fn or_empty(body: &[u8]) -> &[u8] {
    if body.is_empty() { b"{}" } else { body }
}

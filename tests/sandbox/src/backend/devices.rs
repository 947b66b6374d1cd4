//! Enrollment: a one-time code becomes a device with a token and a signing secret of its own.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Problem, authenticate, connections::view};
use crate::{
    random, requests,
    world::{Device, Enrollment, SharedWorld, World},
};

#[derive(Deserialize)]
struct CodeQuery {
    code: String,
}

#[derive(Deserialize)]
struct NewDevice {
    code: String,
    device: DeviceDescription,
}

#[derive(Deserialize)]
struct DeviceDescription {
    name: String,
    platform: String,
    app_version: String,
}

/// Names the account behind a code. A lookup does not use the code up: the user has not agreed yet.
pub async fn look_up_code(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let query: CodeQuery = requests::json(&body).map_err(Problem::bad_request)?;
    let mut world = world.lock();
    let enrollment = open_enrollment(&mut world, &query.code, Timestamp::now())?;
    Ok(Json(json!({
        "account": { "name": enrollment.account, "url": enrollment.url },
        "expires_at": enrollment.expires_at,
    })))
}

pub async fn enroll(
    State(world): State<SharedWorld>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let new: NewDevice = requests::json(&body).map_err(Problem::bad_request)?;
    let now = Timestamp::now();
    let mut world = world.lock();
    let enrollment = open_enrollment(&mut world, &new.code, now)?;
    enrollment.used = true;
    let (account, url) = (enrollment.account.clone(), enrollment.url.clone());
    let (mode, connection_ids) = (enrollment.mode, enrollment.connection_ids.clone());
    let device = Device {
        id: random::id("dev_"),
        name: new.device.name,
        platform: new.device.platform,
        app_version: new.device.app_version,
        account: account.clone(),
        mode,
        token: random::id("dtok_"),
        signing_secret: random::signing_secret(),
        revoked: false,
    };
    for connection in world.connections.iter_mut().filter(|it| connection_ids.contains(&it.id)) {
        connection.device_id = Some(device.id.clone());
    }
    let owned = world.connections.iter().filter(|it| it.device_id.as_ref() == Some(&device.id));
    let answer = json!({
        "device_id": device.id,
        "token": device.token,
        "signing_secret": device.signing_secret,
        "account": { "name": account, "url": url },
        "connections": owned.map(|it| view(&world, it, now)).collect::<Vec<_>>(),
        "heartbeat_seconds": world.settings.heartbeat_seconds,
    });
    world.devices.push(device);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Removes the calling device. A device cannot remove another one.
pub async fn remove(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut world = world.lock();
    if authenticate(&world, &headers)?.id != id {
        return Err(Problem::not_found("device"));
    }
    world
        .devices
        .iter_mut()
        .filter(|device| device.id == id)
        .for_each(|device| device.revoked = true);
    Ok(StatusCode::NO_CONTENT)
}

fn open_enrollment<'a>(
    world: &'a mut World,
    code: &str,
    now: Timestamp,
) -> Result<&'a mut Enrollment, Problem> {
    let found = world.enrollments.iter_mut().find(|enrollment| enrollment.code == code);
    let enrollment = found.ok_or_else(|| Problem::not_found("code"))?;
    if enrollment.used {
        Err(Problem::new(
            StatusCode::GONE,
            "code_used",
            "This code has been used. Ask for a new one.",
        ))
    } else if enrollment.expires_at <= now {
        Err(Problem::new(
            StatusCode::GONE,
            "code_expired",
            "This code has expired. Ask for a new one.",
        ))
    } else {
        Ok(enrollment)
    }
}

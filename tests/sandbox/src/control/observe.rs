//! The half of the control API that only looks.

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    backend::connection_view,
    world::{Shared, World},
};

/// Everything but tokens and signing secrets.
pub async fn state(State(world): State<Shared>) -> Json<Value> {
    let world = world.lock();
    Json(json!({
        "settings": world.settings,
        "end_users": world.end_users,
        "connections": connections(&world),
        "sessions": world.sessions,
        "devices": devices(&world),
        "enrollments": enrollments(&world),
        "codat": world.codat,
    }))
}

fn connections(world: &World) -> Vec<Value> {
    let now = Timestamp::now();
    let all = world.connections.iter();
    all.map(|connection| {
        let mut seen = connection_view(world, connection, now);
        if let Some(fields) = seen.as_object_mut() {
            fields.insert("device_id".to_owned(), json!(connection.device_id));
            fields.insert("end_user_id".to_owned(), json!(connection.end_user_id));
        }
        seen
    })
    .collect()
}

fn devices(world: &World) -> Vec<Value> {
    let all = world.devices.iter();
    all.map(|device| {
        json!({
            "id": device.id,
            "name": device.name,
            "platform": device.platform,
            "app_version": device.app_version,
            "account": device.account,
            "revoked": device.revoked,
        })
    })
    .collect()
}

fn enrollments(world: &World) -> Vec<Value> {
    let all = world.enrollments.iter();
    all.map(|it| {
        json!({
            "account": it.account,
            "mode": it.mode,
            "used": it.used,
            "expires_at": it.expires_at,
            "connection_ids": it.connection_ids,
        })
    })
    .collect()
}

/// Signing secrets by device, for whoever verifies the reports.
pub async fn secrets(State(world): State<Shared>) -> Json<BTreeMap<String, String>> {
    let world = world.lock();
    Json(
        world
            .devices
            .iter()
            .map(|device| (device.id.clone(), device.signing_secret.clone()))
            .collect(),
    )
}

pub async fn requests(State(world): State<Shared>) -> Json<Value> {
    let world = world.lock();
    Json(json!({ "requests": world.requests().collect::<Vec<_>>() }))
}

pub async fn events(State(world): State<Shared>) -> Json<Value> {
    Json(json!({ "events": world.lock().deliveries }))
}

pub async fn forget_events(State(world): State<Shared>) -> StatusCode {
    world.lock().deliveries.clear();
    StatusCode::NO_CONTENT
}

pub async fn faults(State(world): State<Shared>) -> Json<Value> {
    Json(json!({ "faults": world.lock().faults }))
}

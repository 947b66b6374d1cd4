//! The routes of the control API that only read.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    backend::connection_view,
    world::{SharedWorld, World},
};

/// The whole world without tokens and signing secrets.
pub async fn state(State(world): State<SharedWorld>) -> Json<Value> {
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
        let mut view = connection_view(world, connection, now);
        if let Some(fields) = view.as_object_mut() {
            fields.insert("device_id".to_owned(), json!(connection.device_id));
            fields.insert("end_user_id".to_owned(), json!(connection.end_user_id));
        }
        view
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

/// Signing secrets by device, for verifying the reports.
pub async fn secrets(State(world): State<SharedWorld>) -> Json<BTreeMap<String, String>> {
    let world = world.lock();
    Json(
        world
            .devices
            .iter()
            .map(|device| (device.id.clone(), device.signing_secret.clone()))
            .collect(),
    )
}

pub async fn requests(State(world): State<SharedWorld>) -> Json<Value> {
    let world = world.lock();
    Json(json!({ "requests": world.requests().collect::<Vec<_>>() }))
}

pub async fn events(State(world): State<SharedWorld>) -> Json<Value> {
    Json(json!({ "events": world.lock().deliveries }))
}

pub async fn faults(State(world): State<SharedWorld>) -> Json<Value> {
    Json(json!({ "faults": world.lock().faults }))
}

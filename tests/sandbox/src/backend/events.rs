//! Receives reports. Every delivery is recorded as it arrived, accepted or not, so that tests and the official
//! libraries can verify it afterwards.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Problem, authenticate, signature};
use crate::{
    requests,
    world::{Delivery, Settings, SharedWorld},
};

const SINGLE: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";

pub async fn receive(
    State(world): State<SharedWorld>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let now = Timestamp::now();
    let mut world = world.lock();
    let device = authenticate(&world, &headers)?;
    let verification = signature::verify(&device.signing_secret, &headers, &body, now);
    let mut delivery = Delivery {
        device_id: device.id.clone(),
        headers: recorded_headers(&headers),
        body: String::from_utf8_lossy(&body).into_owned(),
        verified: verification.is_ok(),
        duplicate: false,
        received_at: now,
    };
    let id = delivery.headers.get("webhook-id");
    let mut earlier =
        world.deliveries.iter().filter(|it| it.verified && it.device_id == delivery.device_id);
    delivery.duplicate = id.is_some() && earlier.any(|it| it.headers.get("webhook-id") == id);
    world.deliveries.push(delivery);
    verification
        .map_err(|reason| Problem::new(StatusCode::BAD_REQUEST, "invalid_signature", reason))?;
    check_events(&headers, &body)?;
    Ok((StatusCode::ACCEPTED, Json(answer(&world.settings))))
}

/// All headers but the one with the device's token.
fn recorded_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let recorded = headers.iter().filter(|(name, _)| *name != header::AUTHORIZATION);
    recorded
        .map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect()
}

/// Checks the required attributes of CloudEvents 1.0 and no more; the official library checks the rest.
fn check_events(headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let events: Vec<Map<String, Value>> = match media_type.as_str() {
        SINGLE => requests::json(body).map(|event| vec![event]),
        BATCH => requests::json(body),
        _ => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                content_type,
            ));
        }
    }
    .map_err(|reason| Problem::new(StatusCode::BAD_REQUEST, "invalid_event", reason))?;
    let text = |event: &Map<String, Value>, name: &str| {
        event.get(name).and_then(Value::as_str).map(str::to_owned)
    };
    let is_valid = |event: &Map<String, Value>| {
        text(event, "specversion").as_deref() == Some("1.0")
            && ["id", "source", "type"]
                .iter()
                .all(|name| text(event, name).is_some_and(|value| !value.is_empty()))
    };
    if events.iter().all(is_valid) {
        Ok(())
    } else {
        Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_event",
            "The body is not a CloudEvents 1.0 envelope.",
        ))
    }
}

fn answer(settings: &Settings) -> Value {
    let mut answer = Map::new();
    if let Some(after) = &settings.next_report_after {
        answer.insert("next_report_after".to_owned(), after.clone());
    }
    if !settings.messages.is_empty() {
        answer.insert("messages".to_owned(), json!(settings.messages));
    }
    Value::Object(answer)
}

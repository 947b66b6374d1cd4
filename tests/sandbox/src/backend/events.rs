//! Where reports arrive. Every delivery is kept, accepted or not, exactly as it came: the tests and the official
//! libraries judge it afterwards.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Problem, device, signature};
use crate::{
    requests,
    world::{Delivery, Settings, Shared},
};

const SINGLE: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";

pub async fn receive(
    State(world): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let now = Timestamp::now();
    let mut world = world.lock();
    let device = device(&world, &headers)?;
    let verdict = signature::verify(&device.signing_secret, &headers, &body, now);
    let mut delivery = Delivery {
        device_id: device.id.clone(),
        headers: shown(&headers),
        body: String::from_utf8_lossy(&body).into_owned(),
        verified: verdict.is_ok(),
        duplicate: false,
        received_at: now,
    };
    let id = delivery.headers.get("webhook-id");
    let mut earlier =
        world.deliveries.iter().filter(|it| it.verified && it.device_id == delivery.device_id);
    delivery.duplicate = id.is_some() && earlier.any(|it| it.headers.get("webhook-id") == id);
    world.deliveries.push(delivery);
    verdict.map_err(|why| Problem::new(StatusCode::BAD_REQUEST, "invalid_signature", why))?;
    check_events(&headers, &body)?;
    Ok((StatusCode::ACCEPTED, Json(answer(&world.settings))))
}

/// The headers as they came, without the device's token.
fn shown(headers: &HeaderMap) -> BTreeMap<String, String> {
    let shown = headers.iter().filter(|(name, _)| *name != header::AUTHORIZATION);
    shown
        .map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect()
}

/// The required attributes of CloudEvents 1.0, and no more: the official library does the rest of the judging.
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
    .map_err(|why| Problem::new(StatusCode::BAD_REQUEST, "invalid_event", why))?;
    let text = |event: &Map<String, Value>, name: &str| {
        event.get(name).and_then(Value::as_str).map(str::to_owned)
    };
    let fine = |event: &Map<String, Value>| {
        text(event, "specversion").as_deref() == Some("1.0")
            && ["id", "source", "type"]
                .iter()
                .all(|name| text(event, name).is_some_and(|value| !value.is_empty()))
    };
    if events.iter().all(fine) {
        Ok(())
    } else {
        Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_event",
            "Not a CloudEvents 1.0 envelope.",
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

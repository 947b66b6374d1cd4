//! Enrollment at a backend: the account of a code, and that no unusable device is left behind.

use deskside_model::Secret;
use deskside_model::exchange::EnrollFault;
use deskside_model::link::BackendUrl;
use deskside_net::{NewDevice, account, enroll};
use serde_json::{Value, json};

use super::ask::{KEY as TOKEN, Log, http};
use super::server::{Answer, Server};

const SIGNING_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn address(server: &Server) -> BackendUrl {
    serde_json::from_value(server.url.as_str().into()).unwrap()
}

fn code() -> Secret {
    Secret::new("state-never-logged".into())
}

async fn named(name: &str) -> Result<String, EnrollFault> {
    let answer = json!({ "account": { "name": name }, "expires_at": "2026-11-20T09:15:00Z" });
    let server = Server::answering(Answer::json(200, answer.to_string())).await;
    account(&http(), &address(&server), &code()).await
}

/// A device as the protocol defines it, with these fields replaced.
fn device(with: Value) -> Value {
    let mut device = json!({
        "device_id": "dev_1",
        "token": TOKEN,
        "signing_secret": SIGNING_SECRET,
        "account": { "name": "Larch" },
        "connections": [],
    });
    for (name, value) in with.as_object().unwrap() {
        device[name] = value.clone();
    }
    device
}

/// Enrolls at a backend with this answer; also returns its requests.
async fn enrolled(answer: Value) -> (Result<NewDevice, EnrollFault>, Vec<String>) {
    let server = Server::choosing(move |request| {
        if request.starts_with("DELETE") {
            Answer::raw("HTTP/1.1 204 So\r\nConnection: close\r\n\r\n")
        } else {
            Answer::json(201, answer.to_string())
        }
    })
    .await;
    let log = Log::listen();
    let made = enroll(&http(), &address(&server), &code(), "Larch".into(), "front-desk").await;
    log.assert_no_secret();
    (made, server.requests())
}

#[tokio::test]
async fn account_names_are_trimmed_bounded_and_required() {
    assert_eq!(named(" Larch & Söhne ").await.as_deref(), Ok("Larch & Söhne"));
    for nothing in ["", "  ", "\u{a0}\n"] {
        assert_eq!(named(nothing).await, Err(EnrollFault::Unusable), "{nothing:?}");
    }
    let long = named(&"é".repeat(5_000)).await.unwrap();
    assert_eq!((long.chars().count(), long.ends_with("é…")), (200, true));
    assert_eq!(named(&"é".repeat(200)).await, Ok("é".repeat(200)));
}

#[tokio::test]
async fn unusable_device_is_refused_and_removed_immediately() {
    for unusable in [
        json!({ "signing_secret": "secret" }),
        json!({ "signing_secret": "whsec_%%%" }),
        json!({ "signing_secret": "whsec_" }),
        json!({ "signing_secret": null }),
        json!({ "connections": [{ "status": "healthy" }] }),
        json!({ "connections": 7 }),
    ] {
        let (made, requests) = enrolled(device(unusable.clone())).await;
        assert_eq!(made.err(), Some(EnrollFault::Unusable), "{unusable}");
        let [_, leaving] = requests.as_slice() else { panic!("{unusable}: {requests:?}") };
        assert!(leaving.starts_with("DELETE /v1/devices/dev_1 "), "{unusable}: {leaving}");
        assert!(leaving.contains(&format!("Bearer {TOKEN}")), "{unusable}: {leaving}");
    }
    // An answer without the device's identifier leaves nothing to remove.
    let (made, requests) = enrolled(json!({ "token": TOKEN })).await;
    assert_eq!((made.err(), requests.len()), (Some(EnrollFault::Unusable), 1));
}

#[tokio::test]
async fn invalid_heartbeat_does_not_fail_enrollment() {
    for (said, seconds) in [
        (json!(60), 60),
        (json!(86_400), 86_400),
        (json!(99_999_999_999_i64), 86_400),
        (json!(-1), 300),
        (json!(0), 300),
        (json!("often"), 300),
        (json!(null), 300),
    ] {
        let (made, requests) = enrolled(device(json!({ "heartbeat_seconds": said }))).await;
        let made = made.unwrap_or_else(|fault| panic!("{said}: {fault:?}"));
        assert_eq!(
            (made.enrolled.device.heartbeat_seconds, requests.len()),
            (seconds, 1),
            "{said}"
        );
    }
}

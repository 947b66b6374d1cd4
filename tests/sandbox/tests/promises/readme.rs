//! The README names everything that a vendor can use. What it names is taken from the program itself, so that a new
//! flag, route, setting or fault cannot be forgotten.

use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, text};

const README: &str = include_str!("../../README.md");

/// The words between backticks in serde's message about an unknown variant, without the variant itself.
fn allowed_values(message: &str) -> Vec<&str> {
    let (_, list) = message.split_once("expected one of ").unwrap();
    list.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_flag_is_documented() {
    let program = env!("CARGO_BIN_EXE_deskside-sandbox");
    let help = Command::new(program).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let is_part = |character: char| character.is_ascii_lowercase() || character == '-';
    let words = help.split(|character| !is_part(character));
    let flags: Vec<_> = words.filter(|word| word.starts_with("--")).collect();
    assert!(flags.len() >= 7, "{flags:?}");
    for flag in flags {
        assert!(README.contains(&format!("`{flag}")), "{flag} is not in the README");
    }
}

#[test]
fn every_control_route_is_documented() {
    let source = include_str!("../../src/control/mod.rs");
    let routes: Vec<_> =
        source.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(routes.len() >= 18, "{routes:?}");
    for route in routes {
        assert!(README.contains(&format!("{route}`")), "{route} is not in the README");
    }
}

#[tokio::test]
async fn every_setting_and_ready_line_field_is_documented() {
    let harness = Harness::new().await;
    let ready = serde_json::to_value(&harness.sandbox.endpoints).unwrap();
    let backend = harness.arrange("/backend", json!({})).await;
    let codat = harness.arrange("/codat/settings", json!({})).await;
    for fields in [ready, backend, codat] {
        for name in fields.as_object().unwrap().keys() {
            assert!(README.contains(&format!("`{name}`")), "{name} is not in the README");
        }
    }
}

#[tokio::test]
async fn every_state_status_fault_and_target_is_documented() {
    let harness = Harness::new().await;
    let (_, code) = harness.device(json!({})).await;
    let connection = format!("/connections/{}", text(&code["connection_ids"][0]));
    for (path, body) in [
        (connection.as_str(), json!({ "state": "none" })),
        (connection.as_str(), json!({ "status": "none" })),
        ("/enrollments", json!({ "mode": "none" })),
        ("/faults", json!({ "target": "backend", "kind": "none" })),
        ("/faults", json!({ "target": "none", "kind": "reset" })),
        ("/faults", json!({ "target": "backend", "kind": "reset", "none": 1 })),
        ("/sessions", json!({ "none": 1 })),
        ("/enrollments", json!({ "none": 1 })),
    ] {
        let (status, answer): (u16, Value) = harness.control(Method::POST, path, body).await;
        assert_eq!(status, 400, "{answer}");
        let message = text(&answer["error"]);
        for value in allowed_values(&message) {
            assert!(README.contains(&format!("`{value}`")), "{value} is not in the README");
        }
    }
}

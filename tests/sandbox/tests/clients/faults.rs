//! Every failure on the way to a provider is reported as a fault: no client derives a status from it, repeats the
//! request, or follows a redirect.

use deskside_model::evidence::Fault;
use deskside_net::ProviderClient;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::world::World;

/// Each planned fault with the fault that a client must report.
fn faults(world: &World) -> Vec<(Value, Fault)> {
    let elsewhere = format!("{}/state", world.sandbox.endpoints.control);
    vec![
        (json!({ "kind": "latency", "ms": 20_000 }), Fault::Unreachable),
        (json!({ "kind": "reset" }), Fault::Unreachable),
        (json!({ "kind": "reset_mid_body" }), Fault::Unreachable),
        (json!({ "kind": "truncated" }), Fault::Unreachable),
        (json!({ "kind": "status", "status": 429 }), Fault::Unusable),
        (
            json!({ "kind": "status", "status": 429, "headers": { "retry-after": "7" } }),
            Fault::Unusable,
        ),
        (json!({ "kind": "status", "status": 500 }), Fault::Unusable),
        (json!({ "kind": "status", "status": 503 }), Fault::Unusable),
        (json!({ "kind": "status", "status": 401 }), Fault::Rejected),
        (
            json!({ "kind": "status", "status": 302, "headers": { "location": elsewhere } }),
            Fault::Unusable,
        ),
        (
            json!({ "kind": "status", "status": 307, "headers": { "location": elsewhere } }),
            Fault::Unusable,
        ),
        (json!({ "kind": "html" }), Fault::Unusable),
        (json!({ "kind": "html", "status": 502 }), Fault::Unusable),
        (json!({ "kind": "malformed" }), Fault::Unusable),
        (json!({ "kind": "huge" }), Fault::Unusable),
        (json!({ "kind": "headers", "headers": { "content-type": "text/html" } }), Fault::Unusable),
    ]
}

#[tokio::test]
async fn every_fault_is_reported_correctly_without_a_second_request() {
    let world = World::new().await;
    for (fault, expected) in faults(&world) {
        for (name, client) in &world.clients {
            let mut planned = fault.clone();
            planned["target"] = json!(name);
            world.arrange("/faults", planned).await;
            let before = world.requests(name).await;
            let result = client.statuses().await;
            assert_eq!(result.answer.err(), Some(expected), "{name} met {fault}");
            assert_eq!(world.requests(name).await, before + 1, "{name} met {fault}");
            world.clear_faults().await;
        }
    }
}

#[tokio::test]
async fn a_failed_active_check_reports_only_the_fault() {
    let world = World::new().await;
    for (fault, expected) in faults(&world) {
        for name in ["backend", "conductor"] {
            let mut planned = fault.clone();
            planned["target"] = json!(name);
            world.arrange("/faults", planned).await;
            let answer = world.client(name).check(&world.connection).await;
            let reported = answer.err().map(Fault::from);
            assert_eq!(reported, Some(expected), "{name} met {fault}");
            world.clear_faults().await;
        }
    }
}

#[tokio::test]
async fn retry_after_is_passed_on_as_a_pause() {
    let world = World::new().await;
    let limit = json!({ "kind": "status", "status": 429, "headers": { "retry-after": "7000" } });
    for name in ["backend", "conductor", "codat"] {
        let mut planned = limit.clone();
        planned["target"] = json!(name);
        world.arrange("/faults", planned).await;
        let pause = world.client(name).statuses().await.pause.unwrap_or_default();
        assert!(pause >= SignedDuration::from_secs(6_990), "{name} waits for {pause}");
        world.clear_faults().await;
    }
}

#[tokio::test]
async fn a_fault_does_not_change_the_reported_status() {
    let world = World::new().await;
    let before = world.status("backend").await;
    world.arrange("/faults", json!({ "target": "backend", "kind": "html", "times": 1 })).await;
    assert!(world.client("backend").statuses().await.answer.is_err());
    assert_eq!(world.status("backend").await.state, before.state);
}

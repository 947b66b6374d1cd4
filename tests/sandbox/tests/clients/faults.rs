//! Whatever goes wrong on the way is a fault that says so: never a status, never a second try, never a redirect that is
//! followed.

use deskside_model::evidence::Fault;
use deskside_net::Provider;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::asked::World;

/// What is planned, and what a question then comes to.
fn faults(world: &World) -> Vec<(Value, Fault)> {
    let elsewhere = format!("{}/state", world.sandbox.control);
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
async fn every_fault_is_told_as_what_it_is_and_nothing_is_asked_twice() {
    let world = World::new().await;
    for (fault, expected) in faults(&world) {
        for (name, teller) in &world.tellers {
            let mut planned = fault.clone();
            planned["target"] = json!(name);
            world.arrange("/faults", planned).await;
            let before = world.requests(name).await;
            let heard = teller.statuses().await;
            assert_eq!(heard.answer.err(), Some(expected), "{name} met {fault}");
            assert_eq!(world.requests(name).await, before + 1, "{name} met {fault}");
            world.clear_faults().await;
        }
    }
}

#[tokio::test]
async fn an_active_check_that_goes_wrong_says_nothing_of_the_connection() {
    let world = World::new().await;
    for (fault, expected) in faults(&world) {
        for name in ["backend", "conductor"] {
            let mut planned = fault.clone();
            planned["target"] = json!(name);
            world.arrange("/faults", planned).await;
            let answer = world.teller(name).check(&world.connection).await;
            let met = answer.err().map(Fault::from);
            assert_eq!(met, Some(expected), "{name} met {fault}");
            world.clear_faults().await;
        }
    }
}

#[tokio::test]
async fn a_wish_to_be_left_alone_is_passed_on() {
    let world = World::new().await;
    let wish = json!({ "kind": "status", "status": 429, "headers": { "retry-after": "7000" } });
    for name in ["backend", "conductor", "codat"] {
        let mut planned = wish.clone();
        planned["target"] = json!(name);
        world.arrange("/faults", planned).await;
        let pause = world.teller(name).statuses().await.pause.unwrap_or_default();
        assert!(pause >= SignedDuration::from_secs(6_990), "{name} waits for {pause}");
        world.clear_faults().await;
    }
}

#[tokio::test]
async fn a_status_that_was_told_is_forgotten_by_no_fault() {
    let world = World::new().await;
    let before = world.status("backend").await;
    world.arrange("/faults", json!({ "target": "backend", "kind": "html", "times": 1 })).await;
    assert!(world.teller("backend").statuses().await.answer.is_err());
    assert_eq!(world.status("backend").await.state, before.state);
}

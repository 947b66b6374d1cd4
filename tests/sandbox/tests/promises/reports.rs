//! Reports: recorded as they arrive, and rejected unless they are signed CloudEvents.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Harness, answer, problem, signature, text};

const EVENT: &str =
    r#"{"specversion":"1.0","id":"evt-1","source":"urn:desk","type":"deskside.report","data":{}}"#;

async fn report(
    harness: &Harness,
    device: &Value,
    id: &str,
    sent: i64,
    signature: &str,
    body: &str,
) -> Answer {
    let request = harness.backend(Method::POST, "/events").bearer_auth(text(&device["token"]));
    let request = request.header("content-type", "application/cloudevents+json; charset=utf-8");
    let request = request.header("webhook-id", id).header("webhook-timestamp", sent);
    answer(request.header("webhook-signature", signature).body(body.to_owned())).await
}

async fn sign_and_report(harness: &Harness, device: &Value, id: &str, body: &str) -> Answer {
    let now = Timestamp::now().as_second();
    let signature = signature(&text(&device["signing_secret"]), id, now, body);
    report(harness, device, id, now, &signature, body).await
}

#[tokio::test]
async fn signed_reports_are_recorded_unchanged_and_repeated_ones_marked() {
    let harness = Harness::new().await;
    let (device, _) = harness.device(json!({})).await;
    assert_eq!(sign_and_report(&harness, &device, "evt-1", EVENT).await, (202, json!({})));
    harness
        .arrange("/backend", json!({ "next_report_after": 60, "messages": [{ "text": "Hello" }] }))
        .await;
    let expected = json!({ "next_report_after": 60, "messages": [{ "text": "Hello" }] });
    assert_eq!(sign_and_report(&harness, &device, "evt-1", EVENT).await, (202, expected));

    let recorded = harness.observe("/events").await;
    let flags: Vec<_> = recorded["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["verified"], &it["duplicate"]))
        .collect();
    assert_eq!(flags, [(&json!(true), &json!(false)), (&json!(true), &json!(true))]);
    assert_eq!(recorded["events"][0]["body"], EVENT);
    assert_eq!(recorded["events"][0]["headers"]["webhook-id"], "evt-1");
    assert!(
        recorded["events"][0]["headers"].get("authorization").is_none(),
        "the token was recorded"
    );
    let secret = &harness.observe("/secrets").await[text(&device["device_id"])];
    assert_eq!(secret, &device["signing_secret"]);
    harness.control(Method::DELETE, "/events", Value::Null).await;
    assert_eq!(harness.observe("/events").await, json!({ "events": [] }));
}

#[tokio::test]
async fn reports_with_an_invalid_signature_are_rejected_but_recorded() {
    let harness = Harness::new().await;
    let (device, _) = harness.device(json!({})).await;
    let (other, _) = harness.device(json!({})).await;
    let now = Timestamp::now().as_second();
    let sign = |sent| signature(&text(&device["signing_secret"]), "evt-1", sent, EVENT);
    let foreign = signature(&text(&other["signing_secret"]), "evt-1", now, EVENT);
    let changed = EVENT.replace("evt-1", "evt-2");
    for (sent, signature, body) in [
        (now, foreign, EVENT),
        (now - 301, sign(now - 301), EVENT),
        (now, sign(now), changed.as_str()),
    ] {
        let answer = report(&harness, &device, "evt-1", sent, &signature, body).await;
        assert_eq!((answer.0, problem(&answer).as_str()), (400, "invalid_signature"));
    }
    let recorded = harness.observe("/events").await;
    assert_eq!(recorded["events"].as_array().unwrap().len(), 3);
    assert!(
        recorded["events"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["verified"] == false && it["duplicate"] == false)
    );
}

#[tokio::test]
async fn a_signed_body_must_be_cloud_events() {
    let harness = Harness::new().await;
    let (device, _) = harness.device(json!({})).await;
    for body in
        [r#"{"id":"1","source":"s","type":"t"}"#, "[]", "no JSON", &EVENT.replace("evt-1", "")]
    {
        assert_eq!(
            problem(&sign_and_report(&harness, &device, "a", body).await),
            "invalid_event",
            "{body}"
        );
    }
    let now = Timestamp::now().as_second();
    let batch = format!("[{EVENT},{EVENT}]");
    for (content_type, expected) in
        [("application/cloudevents-batch+json", 202), ("application/json", 415)]
    {
        let request = harness.backend(Method::POST, "/events").bearer_auth(text(&device["token"]));
        let request = request.header("content-type", content_type).header("webhook-id", "b");
        let signature = signature(&text(&device["signing_secret"]), "b", now, &batch);
        let request =
            request.header("webhook-timestamp", now).header("webhook-signature", signature);
        assert_eq!(answer(request.body(batch.clone())).await.0, expected, "{content_type}");
    }
}

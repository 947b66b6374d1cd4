//! Reports: signed, kept as they came, and refused when they are not what they should be.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk, answer, problem, signature, text};

const EVENT: &str =
    r#"{"specversion":"1.0","id":"evt-1","source":"urn:desk","type":"deskside.report","data":{}}"#;

async fn report(
    desk: &Desk,
    device: &Value,
    id: &str,
    sent: i64,
    signature: &str,
    body: &str,
) -> Answer {
    let request = desk.backend(Method::POST, "/events").bearer_auth(text(&device["token"]));
    let request = request.header("content-type", "application/cloudevents+json; charset=utf-8");
    let request = request.header("webhook-id", id).header("webhook-timestamp", sent);
    answer(request.header("webhook-signature", signature).body(body.to_owned())).await
}

async fn sign_and_report(desk: &Desk, device: &Value, id: &str, body: &str) -> Answer {
    let now = Timestamp::now().as_second();
    let signature = signature(&text(&device["signing_secret"]), id, now, body);
    report(desk, device, id, now, &signature, body).await
}

#[tokio::test]
async fn a_signed_report_is_kept_as_it_came_and_a_repeated_one_is_marked() {
    let desk = Desk::new().await;
    let (device, _) = desk.device(json!({})).await;
    assert_eq!(sign_and_report(&desk, &device, "evt-1", EVENT).await, (202, json!({})));
    desk.arrange("/backend", json!({ "next_report_after": 60, "messages": [{ "text": "Hello" }] }))
        .await;
    let expected = json!({ "next_report_after": 60, "messages": [{ "text": "Hello" }] });
    assert_eq!(sign_and_report(&desk, &device, "evt-1", EVENT).await, (202, expected));

    let kept = desk.observe("/events").await;
    let flags: Vec<_> = kept["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["verified"], &it["duplicate"]))
        .collect();
    assert_eq!(flags, [(&json!(true), &json!(false)), (&json!(true), &json!(true))]);
    assert_eq!(kept["events"][0]["body"], EVENT);
    assert_eq!(kept["events"][0]["headers"]["webhook-id"], "evt-1");
    assert!(kept["events"][0]["headers"].get("authorization").is_none(), "the token was kept");
    let secret = &desk.observe("/secrets").await[text(&device["device_id"])];
    assert_eq!(secret, &device["signing_secret"]);
    desk.control(Method::DELETE, "/events", Value::Null).await;
    assert_eq!(desk.observe("/events").await, json!({ "events": [] }));
}

#[tokio::test]
async fn a_report_that_was_not_signed_by_its_device_is_refused_but_kept() {
    let desk = Desk::new().await;
    let (device, _) = desk.device(json!({})).await;
    let (other, _) = desk.device(json!({})).await;
    let now = Timestamp::now().as_second();
    let own = |sent| signature(&text(&device["signing_secret"]), "evt-1", sent, EVENT);
    let foreign = signature(&text(&other["signing_secret"]), "evt-1", now, EVENT);
    let changed = EVENT.replace("evt-1", "evt-2");
    for (sent, signature, body) in [
        (now, foreign, EVENT),
        (now - 301, own(now - 301), EVENT),
        (now, own(now), changed.as_str()),
    ] {
        let got = report(&desk, &device, "evt-1", sent, &signature, body).await;
        assert_eq!((got.0, problem(&got).as_str()), (400, "invalid_signature"));
    }
    let kept = desk.observe("/events").await;
    assert_eq!(kept["events"].as_array().unwrap().len(), 3);
    assert!(
        kept["events"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["verified"] == false && it["duplicate"] == false)
    );
}

#[tokio::test]
async fn a_signed_body_must_still_be_cloud_events() {
    let desk = Desk::new().await;
    let (device, _) = desk.device(json!({})).await;
    for body in
        [r#"{"id":"1","source":"s","type":"t"}"#, "[]", "no JSON", &EVENT.replace("evt-1", "")]
    {
        assert_eq!(
            problem(&sign_and_report(&desk, &device, "a", body).await),
            "invalid_event",
            "{body}"
        );
    }
    let now = Timestamp::now().as_second();
    let batch = format!("[{EVENT},{EVENT}]");
    for (content_type, expected) in
        [("application/cloudevents-batch+json", 202), ("application/json", 415)]
    {
        let request = desk.backend(Method::POST, "/events").bearer_auth(text(&device["token"]));
        let request = request.header("content-type", content_type).header("webhook-id", "b");
        let signature = signature(&text(&device["signing_secret"]), "b", now, &batch);
        let request =
            request.header("webhook-timestamp", now).header("webhook-signature", signature);
        assert_eq!(answer(request.body(batch.clone())).await.0, expected, "{content_type}");
    }
}

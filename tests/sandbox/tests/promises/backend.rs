//! The Backend Protocol: codes, devices and connections.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, answer, header, problem, text};

#[tokio::test]
async fn a_code_can_be_looked_up_repeatedly_and_used_once() {
    let harness = Harness::new().await;
    let enrollment = json!({ "account": "Acme Ltd", "url": "https://acme.example", "connections": 2, "mode": "unattended" });
    let made = harness.arrange("/enrollments", enrollment).await;
    assert!(
        text(&made["deep_link"]).starts_with("deskside://enroll?backend=http%3A%2F%2F127.0.0.1%3A")
    );
    let look_up = || {
        answer(harness.backend(Method::POST, "/enrollments").json(&json!({ "code": made["code"] })))
    };
    for _ in 0..2 {
        let (status, body) = look_up().await;
        assert_eq!((status, &body["account"]["name"]), (200, &json!("Acme Ltd")));
        assert!(text(&body["expires_at"]).parse::<Timestamp>().unwrap() > Timestamp::now());
    }
    let device = json!({ "name": "PC", "platform": "windows", "app_version": "0.1.0" });
    let enroll = || {
        let body = json!({ "code": made["code"], "device": device });
        answer(harness.backend(Method::POST, "/devices").json(&body))
    };
    let (status, enrolled) = enroll().await;
    assert_eq!(status, 201);
    assert!(
        text(&enrolled["device_id"]).starts_with("dev_")
            && text(&enrolled["token"]).starts_with("dtok_")
    );
    assert!(text(&enrolled["signing_secret"]).starts_with("whsec_"));
    assert_eq!(enrolled["heartbeat_seconds"], 300);
    let ids: Vec<_> =
        enrolled["connections"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert_eq!(json!(ids), made["connection_ids"]);
    assert_eq!(enrolled["connections"][0]["status"], "not_set_up");
    assert_eq!(enrolled["connections"][1]["mode"], "unattended");
    assert_eq!(problem(&enroll().await), "code_used");
    assert_eq!(look_up().await.0, 410);
}

#[tokio::test]
async fn unknown_codes_are_not_found_and_expired_ones_gone() {
    let harness = Harness::new().await;
    let expired = harness.arrange("/enrollments", json!({ "expires_in_seconds": 0 })).await;
    for (code, status, problem_code) in
        [(json!("nobody"), 404, "not_found"), (expired["code"].clone(), 410, "code_expired")]
    {
        let device = json!({ "name": "PC", "platform": "windows", "app_version": "0.1.0" });
        for (path, body) in [
            ("/enrollments", json!({ "code": code })),
            ("/devices", json!({ "code": code, "device": device })),
        ] {
            let request = harness.backend(Method::POST, path).json(&body);
            let response = request.send().await.unwrap();
            assert_eq!(header(&response, "content-type"), "application/problem+json");
            let answer = (response.status().as_u16(), response.json().await.unwrap());
            assert_eq!((answer.0, problem(&answer).as_str()), (status, problem_code));
        }
    }
}

#[tokio::test]
async fn a_token_works_until_removal_for_its_own_connections_only() {
    let harness = Harness::new().await;
    let (one, one_code) = harness.device(json!({})).await;
    let (two, _) = harness.device(json!({})).await;
    let list = |device: &Value| {
        answer(harness.backend(Method::GET, "/connections").bearer_auth(text(&device["token"])))
    };
    assert_eq!(answer(harness.backend(Method::GET, "/connections")).await.0, 401);
    assert_eq!(list(&json!({ "token": "dtok_guess" })).await.0, 401);
    assert_eq!(list(&one).await.1.as_array().unwrap().len(), 1);

    let foreign = format!("/connections/{}/checks", text(&one_code["connection_ids"][0]));
    assert_eq!(
        answer(harness.backend(Method::POST, &foreign).bearer_auth(text(&two["token"]))).await.0,
        404
    );
    let foreign = format!("/devices/{}", text(&one["device_id"]));
    assert_eq!(
        answer(harness.backend(Method::DELETE, &foreign).bearer_auth(text(&two["token"]))).await.0,
        404
    );

    assert_eq!(
        answer(harness.backend(Method::DELETE, &foreign).bearer_auth(text(&one["token"]))).await.0,
        204
    );
    assert_eq!(problem(&list(&one).await), "unauthorized");
    harness.arrange(&format!("/devices/{}/revoke", text(&two["device_id"])), json!({})).await;
    assert_eq!(list(&two).await.0, 401);
}

#[tokio::test]
async fn a_connections_status_follows_its_end_user() {
    let harness = Harness::new().await;
    let (device, code) = harness.device(json!({})).await;
    let (token, id) = (text(&device["token"]), text(&code["connection_ids"][0]));
    let show = || async {
        answer(harness.backend(Method::GET, "/connections").bearer_auth(&token)).await.1[0].take()
    };
    for (state, status) in [
        ("working", "healthy"),
        ("timeout", "healthy"),
        ("request_refused", "healthy"),
        ("inactive", "inactive"),
        ("broken", "broken"),
        ("removed", "removed"),
        ("not_set_up", "not_set_up"),
    ] {
        harness.arrange(&format!("/connections/{id}"), json!({ "state": state })).await;
        let seen = show().await;
        assert_eq!(seen["status"], status, "{state}");
        let has_details = matches!(status, "inactive" | "broken");
        assert_eq!(
            (seen["user_message"].is_string(), seen["request_id"].is_string()),
            (has_details, has_details),
            "{state}"
        );
    }
    for status in ["deauthorized", "unknown"] {
        harness.arrange(&format!("/connections/{id}"), json!({ "status": status })).await;
        assert_eq!(show().await["status"], status);
    }
    let user = harness.state_of("end_users", &text(&code["end_user_ids"][0])).await;
    assert_eq!(user["health_checks"], 0, "reading the list must not reach QuickBooks");

    let check =
        harness.backend(Method::POST, &format!("/connections/{id}/checks")).bearer_auth(&token);
    assert_eq!(answer(check).await.0, 200);
    let user = harness.state_of("end_users", &text(&code["end_user_ids"][0])).await;
    assert_eq!(user["health_checks"], 1);
}

#[tokio::test]
async fn an_open_link_means_waiting_and_a_finished_one_healthy() {
    let harness = Harness::new().await;
    let (device, code) = harness.device(json!({})).await;
    let (token, id) = (text(&device["token"]), text(&code["connection_ids"][0]));
    let links = format!("/connections/{id}/links");
    let bad =
        harness.backend(Method::POST, &links).bearer_auth(&token).json(&json!({ "state": "a b" }));
    assert_eq!(answer(bad).await.0, 400);
    let (status, link) = answer(
        harness
            .backend(Method::POST, &links)
            .bearer_auth(&token)
            .json(&json!({ "state": "n0nce" })),
    )
    .await;
    assert_eq!((status, &link["single_use"]), (201, &json!(true)));
    let status = || async {
        answer(harness.backend(Method::GET, "/connections").bearer_auth(&token)).await.1[0]["status"]
            .take()
    };
    assert_eq!(status().await, "waiting");
    harness.arrange("/sessions/expire", json!({ "all": true })).await;
    assert_eq!(status().await, "not_set_up", "the link has expired");

    let (_, link) = answer(
        harness
            .backend(Method::POST, &links)
            .bearer_auth(&token)
            .json(&json!({ "state": "n0nce" })),
    )
    .await;
    let finish = text(&link["url"]).replacen('?', "/finish?", 1);
    let response = harness.http.post(finish).send().await.unwrap();
    assert_eq!(
        header(&response, "location"),
        format!("{}/return?state=n0nce", harness.sandbox.endpoints.backend)
    );
    assert_eq!(status().await, "healthy");
    assert_eq!(
        answer(harness.backend(Method::POST, &links).bearer_auth(&token)).await.0,
        201,
        "the body is optional"
    );
}

#[tokio::test]
async fn connections_can_be_added_unlinked_and_deleted() {
    let harness = Harness::new().await;
    let (device, _) = harness.device(json!({ "connections": 0 })).await;
    let token = text(&device["token"]);
    let integrations =
        harness.backend(Method::GET, "/integrations").bearer_auth(&token).send().await.unwrap();
    assert!(header(&integrations, "cache-control").contains("max-age"));
    assert_eq!(integrations.json::<Value>().await.unwrap()[0]["key"], "quickbooks_desktop");

    let add = |name: &str| {
        let request = harness.backend(Method::POST, "/connections").bearer_auth(&token);
        answer(request.json(&json!({ "integration": name })))
    };
    assert_eq!(problem(&add("abacus").await), "unknown_integration");
    let (status, made) = add("quickbooks_desktop").await;
    assert_eq!((status, &made["status"]), (201, &json!("waiting")));
    assert!(text(&made["link"]["url"]).starts_with(&harness.sandbox.endpoints.connect));

    let one = format!("/connections/{}", text(&made["id"]));
    let patch = |status: &str| {
        let request = harness.backend(Method::PATCH, &one).bearer_auth(&token);
        answer(request.json(&json!({ "status": status })))
    };
    assert_eq!(patch("healthy").await.0, 400);
    assert_eq!(patch("unlinked").await.1["status"], "unlinked");
    assert_eq!(answer(harness.backend(Method::DELETE, &one).bearer_auth(&token)).await.0, 204);
    assert_eq!(answer(harness.backend(Method::DELETE, &one).bearer_auth(&token)).await.0, 404);
}

#[tokio::test]
async fn the_backend_serves_the_pictures_of_its_integrations() {
    let harness = Harness::new().await;
    let (device, _) = harness.device(json!({})).await;
    let request = harness.backend(Method::GET, "/integrations").bearer_auth(text(&device["token"]));
    let (status, list) = answer(request).await;
    assert_eq!((status, &list[0]["key"]), (200, &json!("quickbooks_desktop")));
    for (image, kind) in [
        (&list[0]["logo"], "image/png"),
        (&list[0]["button"]["default"], "image/svg+xml"),
        (&list[0]["button"]["hover"], "image/svg+xml"),
    ] {
        let url = text(image);
        assert!(url.starts_with(&harness.sandbox.endpoints.backend), "{url}");
        let picture = harness.http.get(&url).send().await.unwrap();
        assert_eq!(
            (picture.status().as_u16(), header(&picture, "content-type").as_str()),
            (200, kind),
            "{url}"
        );
    }
}

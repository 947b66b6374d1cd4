//! Conductor's API: both generations, the documented errors, and connections that exist before they work.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, answer, header, text};

#[tokio::test]
async fn answers_carry_a_request_id_and_errors_all_required_fields() {
    let harness = Harness::new().await;
    let list = harness.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert!(header(&list, "conductor-request-id").starts_with("req_"));

    for (method, path, expected) in [
        (Method::GET, "/end-users/end_usr_unknown", 404),
        (Method::GET, "/quickbooks-desktop/health-check", 400),
        (Method::GET, "/nowhere", 404),
        (Method::PUT, "/end-users", 405),
        (Method::POST, "/end-users", 400),
    ] {
        let response = harness.conductor(method, path).send().await.unwrap();
        let id = header(&response, "conductor-request-id");
        assert_eq!(response.status().as_u16(), expected, "{path}");
        assert_eq!(header(&response, "content-type"), "application/json", "{path}");
        let error = response.json::<Value>().await.unwrap()["error"].take();
        assert_eq!(error["httpStatusCode"], expected, "{path}");
        assert_eq!(error["requestId"], id.as_str(), "{path}: header and body disagree");
        assert_eq!(error["type"], "INVALID_REQUEST_ERROR", "{path}");
        assert!(
            text(&error["message"]).starts_with("sandbox:"),
            "{path}: a text of ours must be marked"
        );
        assert_eq!(
            error["userFacingMessage"], "An internal server error occurred. Please try again.",
            "{path}"
        );
    }
}

#[tokio::test]
async fn missing_and_wrong_keys_are_rejected_first() {
    let harness = Harness::new().await;
    let url = format!("{}/v1/end-users", harness.sandbox.endpoints.conductor);
    let (status, body) = answer(harness.http.get(&url)).await;
    assert_eq!((status, &body["error"]["code"]), (401, &json!("API_KEY_INVALID")));
    let (status, body) =
        answer(harness.http.get(&url).bearer_auth("sk_live_somebody_else_1234")).await;
    assert_eq!((status, &body["error"]["type"]), (401, &json!("AUTHENTICATION_ERROR")));
    assert_eq!(body["error"]["message"], "Invalid API key provided: 'sk_live_...1234'");
}

#[tokio::test]
async fn requests_outside_the_schema_are_rejected() {
    let harness = Harness::new().await;
    let user = harness.end_user("one").await;
    let key = harness.sandbox.endpoints.conductor_publishable_key.as_str();
    let user_body =
        |source: &str| json!({ "companyName": "A", "sourceId": source, "email": "a@b.example" });
    let mut unknown = user_body("two");
    unknown["color"] = json!("green");
    for body in [
        user_body("one"),
        unknown,
        json!({ "companyName": "A" }),
        json!({ "companyName": 1 }),
        json!([]),
    ] {
        let (status, answer) =
            answer(harness.conductor(Method::POST, "/end-users").json(&body)).await;
        assert_eq!(status, 400, "accepted {body}: {answer}");
    }
    let session = |more: Value| {
        let mut body = json!({ "publishableKey": key, "endUserId": user });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (more, expected) in [
        (json!({ "linkExpiryMins": 15 }), 200),
        (
            json!({ "linkExpiryMins": 10080, "redirectUrl": "https://app.example/done?state=x" }),
            200,
        ),
        (json!({ "linkExpiryMins": 14 }), 400),
        (json!({ "linkExpiryMins": 10081 }), 400),
        (json!({ "linkExpiryMins": "30" }), 400),
        (json!({ "linkExpiryMins": null }), 400),
        (json!({ "redirectUrl": "not a URI" }), 400),
        (json!({ "publishableKey": "pk_conductor_other" }), 400),
        (json!({ "endUserId": "end_usr_unknown" }), 404),
        (json!({ "extra": true }), 400),
    ] {
        let request =
            harness.conductor(Method::POST, "/auth-sessions").json(&session(more.clone()));
        assert_eq!(answer(request).await.0, expected, "{more}");
    }
}

#[tokio::test]
async fn an_opened_link_leaves_a_connection_not_set_up() {
    // Given an end user with a link
    let harness = Harness::new().await;
    let user = harness.end_user("one").await;
    let link = harness.arrange("/sessions", json!({ "end_user_id": user })).await;
    // When the page is opened, and nothing more
    harness.http.get(text(&link["auth_flow_url"])).send().await.unwrap();
    // Then the passive answer shows a connection, and the health check still says "not set up"
    let (_, seen) = answer(harness.conductor(Method::GET, &format!("/end-users/{user}"))).await;
    assert_eq!(seen["integrationConnections"][0]["lastSuccessfulRequestAt"], Value::Null);
    assert_eq!(seen["integrationConnections"][0]["integrationSlug"], "quickbooks_desktop");
    let (status, body) = harness.health(&user).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (409, &json!("INTEGRATION_CONNECTION_NOT_SET_UP"))
    );
}

#[tokio::test]
async fn each_state_fails_both_health_checks_with_its_own_error() {
    let harness = Harness::new().await;
    let user = harness.end_user("one").await;
    let cases = [
        ("not_set_up", 409, "INTEGRATION_CONNECTION_ERROR", "INTEGRATION_CONNECTION_NOT_SET_UP"),
        ("inactive", 409, "INTEGRATION_CONNECTION_ERROR", "INTEGRATION_CONNECTION_NOT_ACTIVE"),
        ("broken", 502, "INTEGRATION_CONNECTION_ERROR", "QBD_CONNECTION_ERROR"),
        ("timeout", 504, "INTEGRATION_CONNECTION_ERROR", "QBD_REQUEST_TIMEOUT"),
        ("request_refused", 502, "INTEGRATION_ERROR", "QBD_REQUEST_ERROR"),
        ("removed", 404, "INVALID_REQUEST_ERROR", "RESOURCE_MISSING"),
    ];
    for (state, expected, kind, code) in cases {
        harness.arrange(&format!("/end-users/{user}"), json!({ "state": state })).await;
        let ping =
            harness.conductor(Method::GET, &format!("/end-users/{user}/ping/quickbooks_desktop"));
        for (status, body) in [harness.health(&user).await, answer(ping).await] {
            assert_eq!(status, expected, "{state}");
            assert_eq!(
                (&body["error"]["type"], &body["error"]["code"]),
                (&json!(kind), &json!(code)),
                "{state}"
            );
        }
    }
    harness.arrange(&format!("/end-users/{user}"), json!({ "state": "working" })).await;
    assert_eq!(harness.health(&user).await, (200, json!({ "duration": 100, "status": "ok" })));
    let ping =
        harness.conductor(Method::GET, &format!("/end-users/{user}/ping/quickbooks_desktop"));
    assert_eq!(answer(ping).await, (200, json!({ "duration": 100 })), "a ping has no status");
    assert_eq!(
        harness.state_of("end_users", &user).await["health_checks"],
        14,
        "each check is counted"
    );
}

#[tokio::test]
async fn a_broken_connection_has_documented_texts_unless_overridden() {
    let harness = Harness::new().await;
    let user = harness.end_user("one").await;
    harness.arrange(&format!("/end-users/{user}"), json!({ "state": "broken" })).await;
    let error = harness.health(&user).await.1["error"].take();
    assert_eq!(error["integrationCode"], "0x80040420");
    assert_eq!(
        error["message"],
        "QBD Connection Error (0x80040420): The QuickBooks user has denied access."
    );
    assert!(
        text(&error["userFacingMessage"])
            .starts_with("We could not connect to QuickBooks Desktop because")
    );

    let custom = json!({ "state": "broken", "integration_code": "0x80040414", "user_message": "Close the window." });
    harness.arrange(&format!("/end-users/{user}"), custom).await;
    let error = harness.health(&user).await.1["error"].take();
    assert_eq!(
        (&error["integrationCode"], &error["userFacingMessage"]),
        (&json!("0x80040414"), &json!("Close the window."))
    );
}

#[tokio::test]
async fn only_active_calls_of_both_generations_reach_quickbooks() {
    let harness = Harness::new().await;
    let user = harness.end_user("one").await;
    harness.arrange(&format!("/end-users/{user}"), json!({ "state": "working" })).await;
    for route in ["passthrough", "request"] {
        let request = harness
            .conductor(Method::POST, &format!("/end-users/{user}/{route}/quickbooks_desktop"));
        let (status, body) =
            answer(request.json(&json!({ "CustomerQueryRq": { "MaxReturned": 1 } }))).await;
        assert_eq!(status, 200);
        assert_eq!(body["CustomerQueryRs"]["CustomerRet"][0]["Name"], "Sandbox Customer");
    }
    let company = harness
        .conductor(Method::GET, "/quickbooks-desktop/company")
        .header("Conductor-End-User-Id", &user);
    assert_eq!(answer(company).await.1["companyName"], "Acme & Söhne");
    for path in ["/end-users", "/integration-connections"] {
        let (status, list) = answer(harness.conductor(Method::GET, path)).await;
        assert_eq!((status, &list["url"]), (200, &json!(format!("/v1{path}"))));
    }
    let seen = harness.state_of("end_users", &user).await;
    assert_eq!((&seen["health_checks"], &seen["other_requests"]), (&json!(0), &json!(3)));
}

#[tokio::test]
async fn a_deleted_end_user_disappears_from_every_answer() {
    let harness = Harness::new().await;
    let user = harness.end_user("one").await;
    let (status, body) =
        answer(harness.conductor(Method::DELETE, &format!("/end-users/{user}"))).await;
    assert_eq!(
        (status, body),
        (200, json!({ "id": user, "objectType": "end_user", "deleted": true }))
    );
    assert_eq!(answer(harness.conductor(Method::GET, &format!("/end-users/{user}"))).await.0, 404);
    assert_eq!(
        answer(harness.conductor(Method::DELETE, &format!("/end-users/{user}"))).await.0,
        404
    );
    assert_eq!(answer(harness.conductor(Method::GET, "/end-users")).await.1["data"], json!([]));
    harness.end_user("one").await;
}

#[tokio::test]
async fn legacy_dialect_changes_ids_dates_and_durations() {
    let harness = Harness::new().await;
    harness.arrange("/backend", json!({ "legacy": true })).await;
    let user = harness.end_user("one").await;
    harness.arrange(&format!("/end-users/{user}"), json!({ "state": "working" })).await;
    let body = json!({ "publishableKey": harness.sandbox.endpoints.conductor_publishable_key, "endUserId": user });
    let (_, session) = answer(harness.conductor(Method::POST, "/auth-sessions").json(&body)).await;
    let id = text(&session["id"]);
    assert!(id.starts_with("int_conn_auth_sess_"));
    let expires = text(&session["expiresAt"]);
    assert!(
        expires.ends_with("+00") && expires.contains(' ') && !expires.contains('T'),
        "{expires}"
    );
    assert_eq!(
        answer(harness.conductor(Method::GET, &format!("/auth-sessions/{id}"))).await.1,
        session
    );
    assert_eq!(harness.health(&user).await.1, json!({ "duration": "111", "status": "ok" }));
}

//! Fault injection: what a client sees, and whether its request took effect.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, answer, header};

/// Sends a request over a plain socket. Returns all received bytes and how the connection ended.
async fn raw(base: &str, request: &str) -> (String, Result<(), ErrorKind>) {
    let address = base.strip_prefix("http://").unwrap().to_owned();
    let request = request.to_owned();
    let exchange = move || {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let mut piece = [0; 4096];
        let end = loop {
            match socket.read(&mut piece) {
                Ok(0) => break Ok(()),
                Ok(count) => bytes.extend_from_slice(&piece[..count]),
                Err(error) => break Err(error.kind()),
            }
        };
        (String::from_utf8(bytes).unwrap(), end)
    };
    tokio::task::spawn_blocking(exchange).await.unwrap()
}

#[tokio::test]
async fn a_reset_sends_no_byte_of_the_answer() {
    let harness = Harness::new().await;
    harness.arrange("/faults", json!({ "target": "conductor", "kind": "reset", "times": 1 })).await;
    let request = "GET /v1/end-users HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\r\n";
    assert_eq!(
        raw(&harness.sandbox.endpoints.conductor, request).await,
        (String::new(), Err(ErrorKind::ConnectionReset))
    );
    let (after, end) = raw(&harness.sandbox.endpoints.conductor, request).await;
    assert!(after.starts_with("HTTP/1.1 401"), "the fault applied twice: {after}");
    assert_eq!(end, Ok(()));
}

#[tokio::test]
async fn a_late_reset_loses_only_the_answer() {
    let harness = Harness::new().await;
    let body = json!({ "companyName": "A", "sourceId": "one", "email": "a@b.example" });
    for (after, expected) in [(false, 0), (true, 1)] {
        let fault = json!({ "target": "conductor", "kind": "reset", "method": "post", "times": 1, "after": after });
        harness.arrange("/faults", fault).await;
        let failed =
            harness.conductor(Method::POST, "/end-users").json(&body).send().await.unwrap_err();
        assert!(failed.is_request(), "without an answer this is a failed request: {failed:?}");
        let (_, list) = answer(harness.conductor(Method::GET, "/end-users")).await;
        assert_eq!(list["data"].as_array().unwrap().len(), expected, "after: {after}");
    }
}

#[tokio::test]
async fn reset_mid_body_sends_the_head_and_half_a_body() {
    let harness = Harness::new().await;
    harness
        .arrange("/faults", json!({ "target": "connect", "kind": "reset_mid_body", "times": 1 }))
        .await;
    let request = "GET /qbd/unknown HTTP/1.1\r\nhost: sandbox\r\n\r\n";
    let (bytes, end) = raw(&harness.sandbox.endpoints.connect, request).await;
    assert_eq!(end, Err(ErrorKind::ConnectionReset));
    let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let length: usize = length.parse().unwrap();
    assert_eq!(body.len(), length / 2, "not exactly half of the body");

    harness.arrange("/faults", json!({ "target": "conductor", "kind": "reset_mid_body" })).await;
    let response = harness.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "half a body was accepted as complete");
}

#[tokio::test]
async fn latency_delays_the_regular_answer() {
    let harness = Harness::new().await;
    harness.arrange("/faults", json!({ "target": "conductor", "kind": "latency", "ms": 80 })).await;
    let started = Instant::now();
    assert_eq!(answer(harness.conductor(Method::GET, "/end-users")).await.0, 200);
    assert!(started.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn status_faults_carry_the_targets_error_document_and_planned_headers() {
    let harness = Harness::new().await;
    for target in ["conductor", "backend", "connect"] {
        let fault = json!({ "target": target, "kind": "status", "status": 503, "headers": { "retry-after": "7" } });
        harness.arrange("/faults", fault).await;
    }
    let response = harness.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "retry-after").as_str()), (503, "7"));
    let error = response.json::<Value>().await.unwrap();
    assert_eq!(
        (&error["error"]["httpStatusCode"], &error["error"]["type"]),
        (&json!(503), &json!("INTERNAL_ERROR"))
    );
    let response = harness.backend(Method::GET, "/connections").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type").as_str()),
        (503, "application/problem+json")
    );
    let response = harness.http.get(&harness.sandbox.endpoints.connect).send().await.unwrap();
    assert!(header(&response, "content-type").starts_with("text/html"));

    harness.control(Method::DELETE, "/faults", Value::Null).await;
    let custom =
        json!({ "target": "backend", "kind": "status", "status": 429, "body": { "slow": "down" } });
    harness.arrange("/faults", custom).await;
    assert_eq!(
        answer(harness.backend(Method::GET, "/connections")).await,
        (429, json!({ "slow": "down" }))
    );
}

#[tokio::test]
async fn malformed_faults_claim_json_and_html_faults_send_a_page() {
    let harness = Harness::new().await;
    harness
        .arrange("/faults", json!({ "target": "conductor", "kind": "malformed", "times": 1 }))
        .await;
    harness.arrange("/faults", json!({ "target": "conductor", "kind": "html", "times": 1 })).await;
    let response = harness.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type").as_str()),
        (200, "application/json")
    );
    assert!(response.json::<Value>().await.is_err());
    let response = harness.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(header(&response, "content-type").starts_with("text/html"));
    assert_eq!(
        harness.observe("/faults").await,
        json!({ "faults": [] }),
        "a fault for one request remained"
    );
}

#[tokio::test]
async fn a_fault_hits_only_its_target_and_requests_are_counted() {
    let harness = Harness::new().await;
    let fault = json!({ "target": "backend", "kind": "reset", "path_prefix": "/v1/events", "method": "POST" });
    harness.arrange("/faults", fault).await;
    assert_eq!(answer(harness.backend(Method::GET, "/events")).await.0, 405);
    assert_eq!(answer(harness.backend(Method::GET, "/connections")).await.0, 401);
    assert!(harness.backend(Method::POST, "/events").send().await.is_err());
    let counts = harness.observe("/requests").await;
    let count = |method: &str, path: &str| {
        let list = counts["requests"].as_array().unwrap();
        let found = list
            .iter()
            .find(|it| it["target"] == "backend" && it["method"] == method && it["path"] == path);
        found.map(|it| it["count"].clone())
    };
    assert_eq!(count("GET", "/v1/events"), Some(json!(1)));
    assert!(count("POST", "/v1/events").is_some(), "a request with a fault was not counted");
    assert_eq!(count("GET", "/v1/nothing"), None);
}

#[tokio::test]
async fn invalid_faults_are_rejected() {
    let harness = Harness::new().await;
    for fault in [
        json!({ "target": "control", "kind": "reset" }),
        json!({ "target": "backend", "kind": "explode" }),
        json!({ "target": "backend", "kind": "reset", "times": 0 }),
        json!({ "target": "backend", "kind": "status", "status": 99 }),
        json!({ "target": "backend", "kind": "status", "headers": { "bad name": "x" } }),
        json!({ "target": "backend", "kind": "status", "after": true }),
        json!({ "target": "backend", "kind": "status", "often": 3 }),
    ] {
        assert_eq!(harness.control(Method::POST, "/faults", fault.clone()).await.0, 400, "{fault}");
    }
}

#[tokio::test]
async fn a_truncated_body_closes_regularly_before_its_content_length() {
    let harness = Harness::new().await;
    harness
        .arrange("/faults", json!({ "target": "connect", "kind": "truncated", "times": 1 }))
        .await;
    let request = "GET /qbd/unknown HTTP/1.1\r\nhost: sandbox\r\n\r\n";
    let (bytes, end) = raw(&harness.sandbox.endpoints.connect, request).await;
    assert_eq!(end, Ok(()), "the connection was reset");
    let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);

    harness.arrange("/faults", json!({ "target": "codat", "kind": "truncated", "times": 1 })).await;
    let response = harness.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "half a body was accepted as complete");
}

#[tokio::test]
async fn a_huge_body_is_valid_json_without_a_content_length() {
    let harness = Harness::new().await;
    harness.arrange("/faults", json!({ "target": "codat", "kind": "huge", "times": 1 })).await;
    let mut response = harness.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.content_length()), (200, None));
    let mut size = 0;
    while let Some(piece) = response.chunk().await.unwrap() {
        size += piece.len();
    }
    assert!(size > 50_000_000, "{size}");
    harness
        .arrange("/faults", json!({ "target": "conductor", "kind": "huge", "bytes": 100_000 }))
        .await;
    let (status, body) = answer(harness.conductor(Method::GET, "/end-users")).await;
    assert_eq!((status, body["data"].as_str().unwrap().len()), (200, 100_000));
}

#[tokio::test]
async fn a_headers_fault_replaces_the_content_type() {
    let harness = Harness::new().await;
    let fault = json!({ "target": "codat", "kind": "headers", "headers": { "content-type": "text/plain" } });
    harness.arrange("/faults", fault).await;
    let response = harness.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type").as_str()),
        (200, "text/plain")
    );
    assert_eq!(response.json::<Value>().await.unwrap()["totalResults"], 0);
    let (status, _) = harness
        .control(Method::POST, "/faults", json!({ "target": "codat", "kind": "headers" }))
        .await;
    assert_eq!(status, 400, "a fault without headers was accepted");
}

#[tokio::test]
async fn a_status_fault_can_redirect_or_set_retry_after() {
    let harness = Harness::new().await;
    let elsewhere = json!({ "location": "https://elsewhere.example/" });
    harness.arrange("/faults", json!({ "target": "codat", "kind": "status", "status": 302, "headers": elsewhere, "times": 1 })).await;
    let response = harness.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "location").as_str()),
        (302, "https://elsewhere.example/")
    );
    for (headers, expected) in [(json!({ "retry-after": "120" }), Some("120")), (json!({}), None)] {
        harness.arrange("/faults", json!({ "target": "codat", "kind": "status", "status": 429, "headers": headers, "times": 1 })).await;
        let response = harness.codat(Method::GET, "/companies").send().await.unwrap();
        let after = response.headers().get("retry-after").map(|value| value.to_str().unwrap());
        assert_eq!((response.status().as_u16(), after), (429, expected));
    }
}

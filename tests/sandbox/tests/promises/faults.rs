//! Faults on demand: what a client sees, and what really happened behind it.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, answer, header};

/// The bare socket's view: all bytes that came, and how the connection ended.
async fn raw(base: &str, request: &str) -> (String, Result<(), ErrorKind>) {
    let address = base.strip_prefix("http://").unwrap().to_owned();
    let request = request.to_owned();
    let talk = move || {
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
    tokio::task::spawn_blocking(talk).await.unwrap()
}

#[tokio::test]
async fn a_reset_drops_the_connection_without_one_byte_of_answer() {
    let desk = Desk::new().await;
    desk.arrange("/faults", json!({ "target": "conductor", "kind": "reset", "times": 1 })).await;
    let request = "GET /v1/end-users HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\r\n";
    assert_eq!(
        raw(&desk.sandbox.conductor, request).await,
        (String::new(), Err(ErrorKind::ConnectionReset))
    );
    let (after, end) = raw(&desk.sandbox.conductor, request).await;
    assert!(after.starts_with("HTTP/1.1 401"), "the fault was for one request: {after}");
    assert_eq!(end, Ok(()));
}

#[tokio::test]
async fn a_reset_can_lose_only_the_answer() {
    let desk = Desk::new().await;
    let body = json!({ "companyName": "A", "sourceId": "one", "email": "a@b.example" });
    for (after, expected) in [(false, 0), (true, 1)] {
        let fault = json!({ "target": "conductor", "kind": "reset", "method": "post", "times": 1, "after": after });
        desk.arrange("/faults", fault).await;
        let failed =
            desk.conductor(Method::POST, "/end-users").json(&body).send().await.unwrap_err();
        assert!(failed.is_request(), "no answer came, so this is a failed request: {failed:?}");
        let (_, list) = answer(desk.conductor(Method::GET, "/end-users")).await;
        assert_eq!(list["data"].as_array().unwrap().len(), expected, "after: {after}");
    }
}

#[tokio::test]
async fn a_reset_in_the_body_sends_the_head_and_half_of_the_body() {
    let desk = Desk::new().await;
    desk.arrange("/faults", json!({ "target": "connect", "kind": "reset_mid_body", "times": 1 }))
        .await;
    let request = "GET /qbd/unknown HTTP/1.1\r\nhost: sandbox\r\n\r\n";
    let (bytes, end) = raw(&desk.sandbox.connect, request).await;
    assert_eq!(end, Err(ErrorKind::ConnectionReset));
    let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    let promised = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let promised: usize = promised.parse().unwrap();
    assert_eq!(body.len(), promised / 2, "neither nothing nor everything");

    desk.arrange("/faults", json!({ "target": "conductor", "kind": "reset_mid_body" })).await;
    let response = desk.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "half a body passed for a whole one");
}

#[tokio::test]
async fn latency_delays_the_true_answer() {
    let desk = Desk::new().await;
    desk.arrange("/faults", json!({ "target": "conductor", "kind": "latency", "ms": 80 })).await;
    let started = Instant::now();
    assert_eq!(answer(desk.conductor(Method::GET, "/end-users")).await.0, 200);
    assert!(started.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_status_comes_with_the_error_document_of_its_target_and_the_planned_headers() {
    let desk = Desk::new().await;
    for target in ["conductor", "backend", "connect"] {
        let fault = json!({ "target": target, "kind": "status", "status": 503, "headers": { "retry-after": "7" } });
        desk.arrange("/faults", fault).await;
    }
    let response = desk.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "retry-after").as_str()), (503, "7"));
    let error = response.json::<Value>().await.unwrap();
    assert_eq!(
        (&error["error"]["httpStatusCode"], &error["error"]["type"]),
        (&json!(503), &json!("INTERNAL_ERROR"))
    );
    let response = desk.backend(Method::GET, "/connections").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type").as_str()),
        (503, "application/problem+json")
    );
    let response = desk.http.get(&desk.sandbox.connect).send().await.unwrap();
    assert!(header(&response, "content-type").starts_with("text/html"));

    desk.control(Method::DELETE, "/faults", Value::Null).await;
    let own =
        json!({ "target": "backend", "kind": "status", "status": 429, "body": { "slow": "down" } });
    desk.arrange("/faults", own).await;
    assert_eq!(
        answer(desk.backend(Method::GET, "/connections")).await,
        (429, json!({ "slow": "down" }))
    );
}

#[tokio::test]
async fn garbled_answers_say_json_and_are_none_and_a_portal_says_html() {
    let desk = Desk::new().await;
    desk.arrange("/faults", json!({ "target": "conductor", "kind": "malformed", "times": 1 }))
        .await;
    desk.arrange("/faults", json!({ "target": "conductor", "kind": "html", "times": 1 })).await;
    let response = desk.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type").as_str()),
        (200, "application/json")
    );
    assert!(response.json::<Value>().await.is_err());
    let response = desk.conductor(Method::GET, "/end-users").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(header(&response, "content-type").starts_with("text/html"));
    assert_eq!(desk.observe("/faults").await, json!({ "faults": [] }), "both were for one request");
}

#[tokio::test]
async fn a_fault_strikes_only_what_it_names_and_every_request_is_counted() {
    let desk = Desk::new().await;
    let fault = json!({ "target": "backend", "kind": "reset", "path_prefix": "/v1/events", "method": "POST" });
    desk.arrange("/faults", fault).await;
    assert_eq!(answer(desk.backend(Method::GET, "/events")).await.0, 405);
    assert_eq!(answer(desk.backend(Method::GET, "/connections")).await.0, 401);
    assert!(desk.backend(Method::POST, "/events").send().await.is_err());
    let counted = desk.observe("/requests").await;
    let count = |method: &str, path: &str| {
        let list = counted["requests"].as_array().unwrap();
        let found = list
            .iter()
            .find(|it| it["target"] == "backend" && it["method"] == method && it["path"] == path);
        found.map(|it| it["count"].clone())
    };
    assert_eq!(count("GET", "/v1/events"), Some(json!(1)));
    assert!(count("POST", "/v1/events").is_some(), "a request that met a fault counts too");
    assert_eq!(count("GET", "/v1/nothing"), None);
}

#[tokio::test]
async fn a_fault_that_makes_no_sense_is_refused() {
    let desk = Desk::new().await;
    for fault in [
        json!({ "target": "control", "kind": "reset" }),
        json!({ "target": "backend", "kind": "explode" }),
        json!({ "target": "backend", "kind": "reset", "times": 0 }),
        json!({ "target": "backend", "kind": "status", "status": 99 }),
        json!({ "target": "backend", "kind": "status", "headers": { "bad name": "x" } }),
        json!({ "target": "backend", "kind": "status", "after": true }),
        json!({ "target": "backend", "kind": "status", "often": 3 }),
    ] {
        assert_eq!(desk.control(Method::POST, "/faults", fault.clone()).await.0, 400, "{fault}");
    }
}

#[tokio::test]
async fn a_truncated_body_ends_politely_before_its_promised_length() {
    let desk = Desk::new().await;
    desk.arrange("/faults", json!({ "target": "connect", "kind": "truncated", "times": 1 })).await;
    let request = "GET /qbd/unknown HTTP/1.1\r\nhost: sandbox\r\n\r\n";
    let (bytes, end) = raw(&desk.sandbox.connect, request).await;
    assert_eq!(end, Ok(()), "a reset was not asked for");
    let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
    let promised = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), promised.parse::<usize>().unwrap() / 2);

    desk.arrange("/faults", json!({ "target": "codat", "kind": "truncated", "times": 1 })).await;
    let response = desk.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "half a body passed for a whole one");
}

#[tokio::test]
async fn a_huge_body_is_valid_json_that_does_not_say_how_long_it_is() {
    let desk = Desk::new().await;
    desk.arrange("/faults", json!({ "target": "codat", "kind": "huge", "times": 1 })).await;
    let mut response = desk.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.content_length()), (200, None));
    let mut size = 0;
    while let Some(piece) = response.chunk().await.unwrap() {
        size += piece.len();
    }
    assert!(size > 50_000_000, "{size}");
    desk.arrange("/faults", json!({ "target": "conductor", "kind": "huge", "bytes": 100_000 }))
        .await;
    let (status, body) = answer(desk.conductor(Method::GET, "/end-users")).await;
    assert_eq!((status, body["data"].as_str().unwrap().len()), (200, 100_000));
}

#[tokio::test]
async fn the_true_answer_can_come_under_a_wrong_content_type() {
    let desk = Desk::new().await;
    let fault = json!({ "target": "codat", "kind": "headers", "headers": { "content-type": "text/plain" } });
    desk.arrange("/faults", fault).await;
    let response = desk.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "content-type").as_str()),
        (200, "text/plain")
    );
    assert_eq!(response.json::<Value>().await.unwrap()["totalResults"], 0);
    let (status, _) = desk
        .control(Method::POST, "/faults", json!({ "target": "codat", "kind": "headers" }))
        .await;
    assert_eq!(status, 400, "headers without headers");
}

#[tokio::test]
async fn a_status_with_a_header_is_a_redirect_or_a_wish_to_be_left_alone() {
    let desk = Desk::new().await;
    let elsewhere = json!({ "location": "https://elsewhere.example/" });
    desk.arrange("/faults", json!({ "target": "codat", "kind": "status", "status": 302, "headers": elsewhere, "times": 1 })).await;
    let response = desk.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), header(&response, "location").as_str()),
        (302, "https://elsewhere.example/")
    );
    for (headers, expected) in [(json!({ "retry-after": "120" }), Some("120")), (json!({}), None)] {
        desk.arrange("/faults", json!({ "target": "codat", "kind": "status", "status": 429, "headers": headers, "times": 1 })).await;
        let response = desk.codat(Method::GET, "/companies").send().await.unwrap();
        let after = response.headers().get("retry-after").map(|value| value.to_str().unwrap());
        assert_eq!((response.status().as_u16(), after), (429, expected));
    }
}

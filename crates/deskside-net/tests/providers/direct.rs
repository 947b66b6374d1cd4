//! Direct mode from outside: what a business with its own key receives, and the requests sent for it.

use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::connection::{Account, Connection, Mode, Origin};
use deskside_model::evidence::{Fault, RemoteState};
use deskside_model::exchange::{FreshLink, Target};
use deskside_net::codat::ConnectionStatus;
use deskside_net::{AnyProvider, ProviderClient, ProviderRefusal, ReturnRoute};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::Url;

use super::ask::{KEY, backend, codat, http};
use super::server::{Answer, Server, body, line};

fn provider(account: Account, base: &Url) -> AnyProvider {
    let connection = Connection {
        id: "direct-1".into(),
        company: None,
        provider: Some(account.provider()),
        mode: Mode::Attended,
        origin: Origin::Direct { account, base_url: Some(base.to_string()) },
        link: None,
    };
    let keys = Arc::new(Secret::new(format!("{KEY}\npk_1")));
    AnyProvider::new(http(), Target::Direct(Box::new(connection), None), keys).unwrap()
}

fn at_conductor(server: &Server) -> AnyProvider {
    let base = server.url.join("v1").unwrap();
    provider(Account::Conductor { end_user: "end_usr_1".into() }, &base)
}

fn at_codat(server: &Server, connection: Option<&str>, platform: &str) -> AnyProvider {
    let (connection, platform) = (connection.map(str::to_owned), platform.to_owned());
    provider(Account::Codat { company: "c".into(), connection, platform }, &server.url)
}

fn back(receiver: Option<&str>) -> ReturnRoute {
    let receiver = receiver.map(|address| address.parse().unwrap());
    ReturnRoute { state: Secret::new("nonce".into()), receiver }
}

fn lines(server: &Server) -> Vec<String> {
    server.requests().iter().map(|request| line(request).to_owned()).collect()
}

fn conductor_error(code: &str, message: &str) -> String {
    json!({ "error": { "message": message, "userFacingMessage": "masked",
        "type": "INVALID_REQUEST_ERROR", "code": code, "httpStatusCode": 400,
        "requestId": "req_1" } })
    .to_string()
}

fn codat_error(error: &str) -> String {
    json!({ "service": "PublicApi", "error": error, "correlationId": "corr-1" }).to_string()
}

fn one(id: &str, key: &str, status: &str) -> Value {
    json!({ "id": id, "integrationKey": key, "platformName": "QuickBooks Desktop",
        "linkUrl": format!("https://link-api.codat.io/{id}"), "status": status })
}

/// Codat with one company: its record lists `listed`, its list of connections is `all`, and each of `all`
/// can be read by its own address.
async fn company(listed: Value, all: Vec<Value>) -> Server {
    Server::choosing(move |request| match line(request).split('?').next().unwrap() {
        "GET /companies/c" => {
            let record = json!({ "id": "c", "dataConnections": listed });
            Answer::json(200, record.to_string())
        }
        "GET /companies/c/connections" => Answer::json(200, json!({ "results": all }).to_string()),
        "GET /companies/c/dataStatus" => {
            Answer::json(200, r#"{"bills":{"currentStatus":"Complete"}}"#)
        }
        "GET /companies/c/data/history" => Answer::json(200, r#"{"results":[],"pageNumber":1}"#),
        "POST /companies/c/connections" => {
            let key = body(request)["platformKey"].as_str().unwrap().to_owned();
            Answer::json(200, one("new", &key, "PendingAuth").to_string())
        }
        asked => {
            let id = asked.strip_prefix("GET /companies/c/connections/").unwrap_or_default();
            match all.iter().find(|one| one["id"] == id) {
                Some(found) => Answer::json(200, found.to_string()),
                None => Answer::json(404, codat_error("not found")),
            }
        }
    })
    .await
}

#[tokio::test]
async fn missing_connection_list_removes_no_connection() {
    let linked = one("con", "pqsw", "Linked");
    for listed in [json!(null), json!([]), json!([{ "id": null, "status": "Linked" }]), json!(5)] {
        let there = company(listed.clone(), vec![linked.clone()]).await;
        let status = at_codat(&there, Some("con"), "pqsw").check("").await.unwrap();
        assert_eq!(status.state, RemoteState::Healthy, "{listed}");
        let gone = company(listed.clone(), Vec::new()).await;
        let status = at_codat(&gone, Some("con"), "pqsw").check("").await.unwrap();
        assert_eq!(status.state, RemoteState::Removed, "{listed}");
        assert_eq!(status.request_id.as_deref(), Some("corr-1"), "{listed}");
    }
    let there = company(json!(null), vec![linked]).await;
    let status = at_codat(&there, None, "pqsw").check("").await.unwrap();
    assert_eq!(status.state, RemoteState::Healthy, "the list was not requested");
}

#[tokio::test]
async fn list_with_an_unreadable_connection_is_refused() {
    let nameless = vec![one("con", "pqsw", "Linked"), json!({ "id": null })];
    let server = company(json!(null), nameless).await;
    assert!(codat(http(), &server.url).connections("c").await.is_err());
    let link = at_codat(&server, None, "pqsw").link("", &back(None)).await;
    assert_eq!(link.map(drop), Err(Fault::Unusable.into()));
    assert!(
        lines(&server).iter().all(|line| !line.starts_with("POST")),
        "another connection was created"
    );
}

#[tokio::test]
async fn working_connection_is_chosen_for_any_platform_spelling() {
    let desktop = |id: &str, key: Value, name: Value, status: &str| json!({ "id": id, "integrationKey": key, "platformName": name, "status": status });
    let (pqsw, name) = (json!("pqsw"), json!("QuickBooks Desktop"));
    for (all, chosen) in [
        (vec![one("a", "PQSW", "Linked")], Some("a")),
        (vec![desktop("a", json!(null), json!("quickbooks desktop"), "Linked")], Some("a")),
        (vec![desktop("a", json!(null), json!("Xero"), "Linked")], None),
        (vec![one("a", "qhyg", "Linked")], None),
        (vec![one("a", "pqsw", "Unlinked"), one("b", "pqsw", "Linked")], Some("b")),
        (vec![one("a", "pqsw", "Deauthorized"), one("b", "pqsw", "PendingAuth")], Some("b")),
        (vec![one("a", "pqsw", "PendingAuth"), one("b", "pqsw", "Linked")], Some("b")),
        (vec![one("a", "pqsw", "Paused")], Some("a")),
        (
            vec![
                desktop("a", pqsw, name.clone(), "Unlinked"),
                desktop("b", json!(null), name, "Linked"),
            ],
            Some("b"),
        ),
    ] {
        let text = json!(all).to_string();
        let server = company(json!(null), all).await;
        let mut client = codat(http(), &server.url);
        let all = client.connections("c").await.unwrap();
        let found = client.choose(all, "pqsw").await.unwrap();
        assert_eq!(found.as_ref().map(|one| one.id.as_str()), chosen, "{text}");
    }
    let nameless = vec![desktop("a", json!(null), json!(null), "Linked")];
    let server = company(json!(null), nameless).await;
    let mut client = codat(http(), &server.url);
    let all = client.connections("c").await.unwrap();
    assert_eq!(all[0].status, ConnectionStatus::Linked);
    assert!(
        client.choose(all, "pqsw").await.is_err(),
        "a connection of an unknown platform was chosen"
    );
}

#[tokio::test]
async fn platform_without_a_key_is_matched_by_name() {
    let server = Server::choosing(|request| match line(request) {
        "GET /integrations/hbql" => Answer::json(200, r#"{"key":"hbql","name":"Sage 50 (UK)"}"#),
        _ => Answer::json(
            200,
            r#"{"results":[{"id":"a","platformName":"QuickBooks Desktop"},
                {"id":"b","platformName":"Sage 50 (UK)"}]}"#,
        ),
    })
    .await;
    let mut client = codat(http(), &server.url);
    let all = client.connections("c").await.unwrap();
    assert_eq!(client.choose(all, "hbql").await.unwrap().unwrap().id, "b");
}

#[tokio::test]
async fn link_is_for_the_requested_platform() {
    let server = company(json!([]), vec![one("desk", "pqsw", "Linked")]).await;
    let link = at_codat(&server, None, "hbql").link("", &back(None)).await.unwrap();
    assert_eq!(link.url.reveal(), "https://link-api.codat.io/new");
    assert_eq!(body(&server.requests()[1]), json!({ "platformKey": "hbql" }));
}

#[tokio::test]
async fn empty_success_answer_confirms_stopping() {
    for (answer, expected) in [
        (Answer::json(200, ""), Ok(())),
        (Answer::raw("HTTP/1.1 204 So\r\nConnection: close\r\n\r\n"), Ok(())),
        (Answer::json(200, r#"{"id":"con","status":"Unlinked"}"#), Ok(())),
        (Answer::with(200, "", "text/html", "<h1>Sign in</h1>"), Err(Fault::Unusable)),
        (Answer::json(400, codat_error("only linked")), Err(Fault::Unusable)),
    ] {
        let server = Server::answering(answer).await;
        let stopped = at_codat(&server, Some("con"), "pqsw").stop("").await;
        assert_eq!(stopped.map_err(Fault::from), expected);
    }
}

#[tokio::test]
async fn refusals_keep_message_and_request_id() {
    let said = |fault, message: Option<&str>, request: &str| ProviderRefusal {
        fault,
        message: message.map(str::to_owned),
        request_id: Some(request.to_owned()),
    };
    for status in [400, 402, 404, 429, 500, 503] {
        let expected = said(Fault::Unusable, Some("as Codat says it"), "corr-1");
        let server = Server::answering(Answer::json(status, codat_error("as Codat says it"))).await;
        let provider = at_codat(&server, Some("con"), "pqsw");
        assert_eq!(provider.stop("").await, Err(expected.clone()), "{status}");
        let link = provider.link("", &back(None)).await.map(drop);
        assert_eq!(link, Err(expected.clone()), "{status}");
        let server = Server::choosing(move |request| {
            if line(request).ends_with("/dataStatus") {
                return Answer::json(status, codat_error("as Codat says it"));
            }
            let linked = one("con", "pqsw", "Linked");
            Answer::json(200, json!({ "id": "c", "dataConnections": [linked] }).to_string())
        })
        .await;
        let check = at_codat(&server, Some("con"), "pqsw").check("").await;
        assert_eq!(check, Err(expected), "{status}");
    }
    for status in [429, 500] {
        let error = conductor_error("NEW_CODE", "publishableKey is invalid");
        let server = Server::answering(Answer::json(status, error)).await;
        let expected = said(Fault::Unusable, Some("publishableKey is invalid"), "req_1");
        let link = at_conductor(&server).link("", &back(None)).await.map(drop);
        assert_eq!(link, Err(expected.clone()), "{status}");
        if status == 429 {
            assert_eq!(at_conductor(&server).check("").await, Err(expected));
        }
    }
}

#[tokio::test]
async fn messages_about_a_rejected_key_are_dropped() {
    for status in [401, 403] {
        let server = Server::answering(Answer::json(status, codat_error(KEY))).await;
        let refused = at_codat(&server, Some("con"), "pqsw").check("").await.unwrap_err();
        assert_eq!((refused.fault, refused.message), (Fault::Rejected, None));
        assert_eq!(refused.request_id.as_deref(), Some("corr-1"));
        let server = Server::answering(Answer::json(status, conductor_error("X", KEY))).await;
        let refused = at_conductor(&server).check("").await.unwrap_err();
        assert_eq!((refused.fault, refused.message), (Fault::Rejected, None));
    }
}

/// Conductor that refuses a session with a redirect with this status, and creates any other.
async fn refusing_redirects(status: u16) -> Server {
    Server::choosing(move |request| {
        if body(request).get("redirectUrl").is_some() {
            return Answer::json(status, conductor_error("PARAMETER", "redirectUrl must be https"));
        }
        let url = "https://connect.conductor.is/qbd/x?key=pk_1";
        Answer::json(200, json!({ "id": "auth_sess_1", "authFlowUrl": url }).to_string())
    })
    .await
}

#[tokio::test]
async fn refused_loopback_redirect_falls_back_to_none() {
    let loopback = back(Some("http://127.0.0.1:5000/return/nonce"));
    let server = refusing_redirects(400).await;
    let FreshLink { url, .. } = at_conductor(&server).link("", &loopback).await.unwrap();
    assert_eq!(url.reveal(), "https://connect.conductor.is/qbd/x?key=pk_1");
    assert_eq!(server.requests().len(), 2);

    let server = refusing_redirects(500).await;
    let refused = at_conductor(&server).link("", &loopback).await.map(drop).unwrap_err();
    assert_eq!(refused.message.as_deref(), Some("redirectUrl must be https"));
    assert_eq!(server.requests().len(), 1, "a refusal for another reason was retried");

    let wrong = Answer::json(400, conductor_error("PARAMETER", "publishableKey is invalid"));
    let server = Server::answering(wrong).await;
    let refused = at_conductor(&server).link("", &back(None)).await.map(drop).unwrap_err();
    assert_eq!(refused.message.as_deref(), Some("publishableKey is invalid"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn link_expiry_is_converted_to_the_local_clock() {
    // Given servers whose clocks show another day; each creates a link for thirty minutes
    let url = "https://connect.conductor.is/qbd/x?key=pk_1";
    let made = json!({ "id": "auth_sess_1", "authFlowUrl": url,
        "expiresAt": "2020-02-03T08:30:00Z" });
    let linked = json!({ "url": url, "expires_at": "2020-02-03T08:30:00Z" });
    let dated = |document: Value| {
        let date = "Date: Mon, 03 Feb 2020 08:00:00 GMT\r\n";
        Answer::with(200, date, "application/json", document.to_string())
    };
    let server = Server::answering(dated(made)).await;
    let direct = at_conductor(&server).link("", &back(None)).await.unwrap();
    let server = Server::answering(dated(linked)).await;
    let asked = backend(http(), &server.url).link("con_1", &back(None)).await.unwrap();
    // Then none of the links counts as expired
    for FreshLink { until, .. } in [direct, asked] {
        let left = until.unwrap().duration_since(Timestamp::now());
        assert!((29..=30).contains(&left.as_mins()), "{left}");
    }
}

#[tokio::test]
async fn conductor_retry_after_becomes_the_pause() {
    for (headers, pause) in [
        ("Retry-After: 3600\r\n", Some(SignedDuration::from_hours(1))),
        ("Retry-After: 999999999\r\n", Some(SignedDuration::from_hours(24))),
        ("", None),
    ] {
        let answer = Answer::with(429, headers, "application/json", conductor_error("X", "slower"));
        let server = Server::answering(answer).await;
        let statuses = at_conductor(&server).statuses().await;
        assert_eq!(statuses.answer, Err(Fault::Unusable));
        assert_eq!(statuses.pause, pause, "{headers}");
    }
}

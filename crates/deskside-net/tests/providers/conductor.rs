//! The requests to Conductor, and the meaning of its answers.

use deskside_model::Secret;
use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_net::conductor::{
    ConductorCheck, ConductorFailure, ErrorType, NewAuthSession, NewEndUser, checked,
    keep_what_a_check_found, recorded,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::ask::{KEY, conductor, http};
use super::server::{Answer, Server, body, header, line};

const END_USER: &str = r#"{"id":"end_usr_1","objectType":"end_user","companyName":"Acme Inc.",
    "createdAt":"2024-01-01T12:34:56.789Z","sourceId":"s","email":"bob@acme.example",
    "integrationConnections":[]}"#;

const SESSION: &str = r#"{"id":"int_conn_auth_sess_1","objectType":"auth_session",
    "endUserId":"end_usr_1","clientSecret":"auth_sess_client_secret_1",
    "authFlowUrl":"https://connect.conductor.is/qbd/auth_sess_client_secret_1?key=pk_1",
    "expiresAt":"2022-11-16 23:51:08.996+00","redirectUrl":null}"#;

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn error(kind: &str, code: &str) -> String {
    json!({ "error": {
        "message": "for developers", "userFacingMessage": "for users", "type": kind, "code": code,
        "integrationCode": "0x80040420", "httpStatusCode": 999, "requestId": "req_1",
    }})
    .to_string()
}

async fn refused(answer: Answer) -> ConductorFailure {
    let server = Server::answering(answer).await;
    conductor(http(), &server.url).health_check("end_usr_1").await.unwrap_err()
}

#[tokio::test]
async fn end_users_are_created_read_and_deleted_with_bearer_key() {
    let server = Server::answering(Answer::json(200, END_USER)).await;
    let client = conductor(http(), &server.url);
    let new = NewEndUser { company_name: "Acme Inc.", source_id: "s", email: "bob@acme.example" };
    let made = client.create_end_user(&new).await.unwrap();
    assert_eq!(made, client.end_user("end/usr 1").await.unwrap());
    client.delete_end_user("end_usr_1").await.unwrap();
    assert_eq!(made.company_name.as_deref(), Some("Acme Inc."));
    assert_eq!(made.created_at, Some("2024-01-01T12:34:56.789Z".parse().unwrap()));

    let requests = server.requests();
    let lines: Vec<&str> = requests.iter().map(|request| line(request)).collect();
    let expected =
        ["POST /v1/end-users", "GET /v1/end-users/end%2Fusr%201", "DELETE /v1/end-users/end_usr_1"];
    assert_eq!(lines, expected);
    let sent = json!({ "companyName": "Acme Inc.", "sourceId": "s", "email": "bob@acme.example" });
    assert_eq!(body(&requests[0]), sent);
    let bearer = format!("Bearer {KEY}");
    assert!(requests.iter().all(|request| header(request, "authorization") == Some(&bearer)));
}

#[tokio::test]
async fn list_items_without_an_identifier_are_skipped() {
    let list = format!(r#"{{"objectType":"list","data":[{END_USER},{{"id":null}},7]}}"#);
    let server = Server::answering(Answer::json(200, list)).await;
    assert_eq!(conductor(http(), &server.url).end_users().await.unwrap().len(), 1);
    let rows =
        r#"{"data":[{"id":"int_conn_1","endUserId":"e","integrationSlug":"quickbooks-desktop"}]}"#;
    let server = Server::answering(Answer::json(200, rows)).await;
    let rows = conductor(http(), &server.url).integration_connections().await.unwrap();
    assert_eq!(rows[0].end_user_id.as_deref(), Some("e"));
    assert_eq!(line(&server.only_request()), "GET /v1/integration-connections");
}

#[tokio::test]
async fn auth_session_sends_requested_options_and_hides_the_link() {
    let server = Server::answering(Answer::json(200, SESSION)).await;
    let client = conductor(http(), &server.url);
    let key = Secret::new("pk_1".into());
    let redirect = "https://app.example/back?state=s".parse().unwrap();
    let plain = NewAuthSession {
        publishable_key: &key,
        end_user: "end_usr_1",
        link_expiry_mins: None,
        redirect_url: None,
    };
    let full =
        NewAuthSession { link_expiry_mins: Some(1440), redirect_url: Some(&redirect), ..plain };
    let session = client.create_auth_session(&plain).await.unwrap();
    client.create_auth_session(&full).await.unwrap();
    assert!(session.auth_flow_url.reveal().ends_with("auth_sess_client_secret_1?key=pk_1"));
    assert_eq!(session.expires_at, Some("2022-11-16T23:51:08.996Z".parse().unwrap()));
    assert!(!format!("{session:?}").contains("client_secret"), "{session:?}");

    let requests = server.requests();
    let sent = json!({ "publishableKey": "pk_1", "endUserId": "end_usr_1" });
    assert_eq!(body(&requests[0]), sent, "an option that was not requested was sent");
    let sent = json!({ "publishableKey": "pk_1", "endUserId": "end_usr_1",
        "linkExpiryMins": 1440, "redirectUrl": "https://app.example/back?state=s" });
    assert_eq!(body(&requests[1]), sent);
    let again = client.auth_session("int_conn_auth_sess_1").await.unwrap();
    assert_eq!(again.end_user_id.as_deref(), Some("end_usr_1"));
}

#[tokio::test]
async fn unsupported_link_lifetimes_are_refused_locally() {
    let server = Server::answering(Answer::json(200, SESSION)).await;
    let client = conductor(http(), &server.url);
    let key = Secret::new("pk_1".into());
    for (minutes, allowed) in [(0, false), (14, false), (15, true), (10_080, true), (10_081, false)]
    {
        let new = NewAuthSession {
            publishable_key: &key,
            end_user: "end_usr_1",
            link_expiry_mins: Some(minutes),
            redirect_url: None,
        };
        let answer = client.create_auth_session(&new).await.map(drop);
        assert_eq!(
            answer,
            if allowed { Ok(()) } else { Err(ConductorFailure::LinkExpiry(minutes)) }
        );
    }
    assert_eq!(server.requests().len(), 2, "an unsupported lifetime was requested");
}

#[tokio::test]
async fn older_check_is_used_only_if_newer_is_unknown() {
    let older = |newer: Answer| {
        Server::choosing(move |request| match line(request) {
            "GET /v1/quickbooks-desktop/health-check" => newer.clone(),
            "GET /v1/end-users/end_usr_1/ping/quickbooks_desktop" => {
                Answer::json(200, r#"{"duration":"111"}"#)
            }
            _ => Answer::json(500, "{}"),
        })
    };
    let server = older(Answer::with(404, "", "text/html", "Cannot GET")).await;
    let check = conductor(http(), &server.url).check("end_usr_1").await.unwrap();
    assert_eq!(
        check,
        ConductorCheck { duration: Some(SignedDuration::from_millis(111)), status: None }
    );
    assert_eq!(server.requests().len(), 2);
    assert_eq!(header(&server.requests()[0], "conductor-end-user-id"), Some("end_usr_1"));

    for code in ["RESOURCE_MISSING", "END_USER_NOT_FOUND"] {
        let server = older(Answer::json(404, error("INVALID_REQUEST_ERROR", code))).await;
        let gone = conductor(http(), &server.url).check("end_usr_1").await;
        let status = checked(&gone, now()).unwrap();
        assert_eq!(status.state, RemoteState::Removed, "{code}");
        assert_eq!(status.request_id.as_deref(), Some("req_1"), "{code}");
        assert_eq!(server.requests().len(), 1, "{code}: QuickBooks was checked twice");
    }
}

#[tokio::test]
async fn failed_checks_are_never_repeated() {
    for status in [408, 409, 429, 500, 502, 504] {
        let body = error("INTEGRATION_CONNECTION_ERROR", "INTEGRATION_CONNECTION_NOT_SET_UP");
        let answer = Answer::with(status, "x-should-retry: true\r\n", "application/json", body);
        let server = Server::answering(answer).await;
        conductor(http(), &server.url).check("end_usr_1").await.unwrap_err();
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn nested_flat_and_unknown_errors_are_parsed() {
    let nested = refused(Answer::json(502, error("NEW_ERROR", "NEW_CODE"))).await;
    let nested = nested.refusal().unwrap().clone();
    assert_eq!(nested.kind, ErrorType::Other("NEW_ERROR".into()));
    assert_eq!(nested.code.as_deref(), Some("NEW_CODE"));
    assert_eq!(nested.integration_code.as_deref(), Some("0x80040420"));
    assert_eq!(nested.http_status_code, 502, "the status in the body was used");
    let flat: serde_json::Value = serde_json::from_str(&error("NEW_ERROR", "NEW_CODE")).unwrap();
    let flat = refused(Answer::json(502, flat["error"].to_string())).await;
    assert_eq!(flat.refusal(), Some(&nested));

    let header = "Conductor-Request-Id: req_header\r\n";
    let bare = refused(Answer::with(500, header, "text/html", "<h1>Oh</h1>")).await;
    assert_eq!(bare.refusal().unwrap().request_id.as_deref(), Some("req_header"));
    let both = Answer::with(500, header, "application/json", error("INTERNAL_ERROR", "X"));
    assert_eq!(refused(both).await.refusal().unwrap().request_id.as_deref(), Some("req_1"));
}

#[tokio::test]
async fn user_facing_message_is_shown_unless_masked() {
    for (kind, text) in [
        ("INTEGRATION_CONNECTION_ERROR", "for users"),
        ("INVALID_REQUEST_ERROR", "for developers"),
        ("NEW_ERROR", "for users"),
    ] {
        let failure = refused(Answer::json(400, error(kind, "X"))).await;
        assert_eq!(failure.refusal().unwrap().text_to_show(), Some(text), "{kind}");
    }
}

#[tokio::test]
async fn check_results_map_to_the_documented_states() {
    let connection = "INTEGRATION_CONNECTION_ERROR";
    for (status, kind, code, expected) in [
        (409, connection, "INTEGRATION_CONNECTION_NOT_SET_UP", Ok(RemoteState::NotSetUp)),
        (409, connection, "INTEGRATION_CONNECTION_NOT_ACTIVE", Ok(RemoteState::Inactive)),
        (502, connection, "QBD_CONNECTION_ERROR", Ok(RemoteState::Broken)),
        (504, "NEW_ERROR", "QBD_REQUEST_TIMEOUT", Ok(RemoteState::Inactive)),
        (502, connection, "NEW_CODE", Ok(RemoteState::Broken)),
        (502, "INTEGRATION_ERROR", "QBD_REQUEST_ERROR", Ok(RemoteState::Healthy)),
        (502, "INTEGRATION_ERROR", "NEW_CODE", Ok(RemoteState::Healthy)),
        (404, "INVALID_REQUEST_ERROR", "RESOURCE_MISSING", Ok(RemoteState::Removed)),
        (400, "INVALID_REQUEST_ERROR", "NEW_CODE", Ok(RemoteState::Unknown)),
        (502, "NEW_ERROR", "NEW_CODE", Ok(RemoteState::Unknown)),
        (401, "AUTHENTICATION_ERROR", "API_KEY_INVALID", Err(Fault::Rejected)),
        (403, "PERMISSION_ERROR", "NEW_CODE", Err(Fault::Rejected)),
        (429, "NEW_ERROR", "NEW_CODE", Err(Fault::Unusable)),
        (500, "INTERNAL_ERROR", "NEW_CODE", Err(Fault::Unusable)),
    ] {
        let failure = refused(Answer::json(status, error(kind, code))).await;
        let status = checked(&Err(failure), now());
        assert_eq!(status.as_ref().map(|status| status.state).map_err(|f| *f), expected, "{code}");
        if let Ok(status) = status {
            assert!(status.user_message.is_some(), "{kind} {code}: the text was lost");
            assert_eq!(status.request_id.as_deref(), Some("req_1"));
            assert_eq!(status.checked_at, Some(now()));
            assert_eq!(status.last_success_at, None);
        }
    }
}

#[tokio::test]
async fn only_a_quickbooks_answer_is_healthy() {
    for (answer, expected) in [
        (r#"{"duration":100,"status":"ok"}"#, Ok(RemoteState::Healthy)),
        (r#"{"duration":"111"}"#, Ok(RemoteState::Healthy)),
        (r#"{"duration":100,"status":"starting"}"#, Ok(RemoteState::Unknown)),
        ("{}", Err(Fault::Unusable)),
        (r#"{"duration":-1}"#, Err(Fault::Unusable)),
        (r#"{"duration":"soon","status":null}"#, Err(Fault::Unusable)),
        ("[]", Err(Fault::Unusable)),
        ("", Err(Fault::Unusable)),
    ] {
        let server = Server::answering(Answer::json(200, answer)).await;
        let check = conductor(http(), &server.url).check("end_usr_1").await;
        assert_eq!(checked(&check, now()).map(|status| status.state), expected, "{answer}");
    }
}

#[tokio::test]
async fn removed_record_is_distinguished_from_a_wrong_address() {
    for (answer, expected) in [
        (
            Answer::json(404, error("INVALID_REQUEST_ERROR", "RESOURCE_MISSING")),
            Ok(RemoteState::Removed),
        ),
        (Answer::with(404, "", "text/html", "<h1>Not here</h1>"), Err(Fault::Unusable)),
        (Answer::json(404, r#"{"detail":"Not Found"}"#), Err(Fault::Unusable)),
        (Answer::json(200, END_USER), Ok(RemoteState::NotSetUp)),
        (Answer::json(200, r#"{"id":"end_usr_1"}"#), Ok(RemoteState::Unknown)),
    ] {
        let server = Server::answering(answer).await;
        let record = conductor(http(), &server.url).end_user("end_usr_1").await;
        assert_eq!(recorded(&record).map(|status| status.state), expected);
    }
}

async fn state(request: &str, success: &str) -> RemoteState {
    let record = format!(
        r#"{{"id":"end_usr_1","integrationConnections":[{{"integrationSlug":"quickbooks_desktop",
        "lastRequestAt":{request},"lastSuccessfulRequestAt":{success}}}]}}"#
    );
    let server = Server::answering(Answer::json(200, record)).await;
    let record = conductor(http(), &server.url).end_user("end_usr_1").await;
    recorded(&record).unwrap().state
}

#[tokio::test]
async fn record_is_healthy_only_after_a_successful_request() {
    let (early, late) = ("\"2024-01-01T12:00:00Z\"", "\"2024-01-01 13:00:00.5+00\"");
    assert_eq!(state("null", "null").await, RemoteState::NotSetUp);
    assert_eq!(state(late, "null").await, RemoteState::NotSetUp);
    assert_eq!(state(early, early).await, RemoteState::Healthy);
    assert_eq!(state(early, late).await, RemoteState::Healthy);
    assert_eq!(state(late, early).await, RemoteState::Unknown);
    assert_eq!(state(early, "\"yesterday\"").await, RemoteState::Unknown);
    assert_eq!(state(early, "true").await, RemoteState::Unknown);
}

#[tokio::test]
async fn missing_record_fields_are_unknown_and_newest_success_counts() {
    let never = json!({ "integrationSlug": "quickbooks_desktop", "lastRequestAt": null,
        "lastSuccessfulRequestAt": null });
    let at = |when: &str| {
        json!({ "integrationSlug": "quickbooks-desktop", "lastRequestAt": when,
            "lastSuccessfulRequestAt": when })
    };
    let (early, late) = ("2024-01-01T12:00:00Z", "2024-01-01T13:00:00Z");
    let without = |name: &str, mut row: serde_json::Value| {
        row.as_object_mut().unwrap().remove(name);
        row
    };
    let other = json!({ "integrationSlug": "xero", "lastSuccessfulRequestAt": early });
    for (rows, expected) in [
        (json!([]), (RemoteState::NotSetUp, None)),
        (json!([other]), (RemoteState::NotSetUp, None)),
        (json!([without("integrationSlug", never.clone())]), (RemoteState::Unknown, None)),
        (json!([without("lastSuccessfulRequestAt", never.clone())]), (RemoteState::Unknown, None)),
        (json!([null, never]), (RemoteState::Unknown, None)),
        (json!([without("lastRequestAt", at(late))]), (RemoteState::Healthy, Some(late))),
        (json!([never, at(early)]), (RemoteState::Healthy, Some(early))),
        (json!([at(late), at(early), never]), (RemoteState::Healthy, Some(late))),
    ] {
        let record = json!({ "id": "end_usr_1", "integrationConnections": rows }).to_string();
        let server = Server::answering(Answer::json(200, record)).await;
        let record = conductor(http(), &server.url).end_user("end_usr_1").await;
        let status = recorded(&record).unwrap();
        let found = (status.state, status.last_success_at);
        assert_eq!(found, (expected.0, expected.1.map(|at| at.parse().unwrap())), "{rows}");
    }
}

#[test]
fn fault_found_by_a_check_persists_until_data_flows() {
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let found = RemoteStatus {
        state: RemoteState::Broken,
        checked_at: at("2024-01-02T12:00:00Z"),
        ..RemoteStatus::default()
    };
    let passive = |state, success: &str| RemoteStatus {
        state,
        last_success_at: at(success),
        ..RemoteStatus::default()
    };
    for (state, success, expected) in [
        (RemoteState::Healthy, "2024-01-01T12:00:00Z", RemoteState::Broken),
        (RemoteState::Healthy, "2024-01-02T12:00:01Z", RemoteState::Healthy),
        (RemoteState::Removed, "2024-01-01T12:00:00Z", RemoteState::Removed),
    ] {
        let kept = keep_what_a_check_found(Some(&found), passive(state, success));
        assert_eq!(kept.state, expected);
    }
}

//! The requests to Codat, and how its answers are parsed.

use base64::Engine;
use deskside_model::evidence::{Fault, RemoteState};
use deskside_net::codat::{CodatFailure, ConnectionStatus, ErrorState, Progress, gone};
use serde_json::{Value, json};

use super::ask::{KEY, codat, http};
use super::server::{Answer, Server, body, header, line};

const CONNECTION: &str = r#"{"id":"con","integrationId":"i","integrationKey":"pqsw",
    "sourceType":"Accounting","platformName":"QuickBooks Desktop",
    "linkUrl":"https://link-api.codat.io/companies/c/connections/con/start?otp=one-time-password",
    "status":"PendingAuth","created":"2022-09-01T10:21:57.0807447Z","platform":"unlisted"}"#;

fn page(items: &[Value], next: bool) -> String {
    let mut links = json!({ "self": { "href": "/" }, "current": { "href": "/" } });
    if next {
        links["next"] = json!({ "href": "https://elsewhere.example/?page=2" });
    }
    json!({ "results": items, "pageNumber": 0, "pageSize": 0, "totalResults": 1, "_links": links })
        .to_string()
}

async fn answering(body: impl AsRef<[u8]>) -> Server {
    Server::answering(Answer::json(200, body)).await
}

#[tokio::test]
async fn companies_and_connections_are_created_with_the_encoded_key() {
    let server = answering(CONNECTION).await;
    let mut client = codat(http(), &server.url);
    client.create_company("cust_1", None).await.unwrap();
    client.create_company("cust_1", Some("a")).await.unwrap();
    client.company("c").await.unwrap();
    let connection = client.create_connection("c", "pqsw").await.unwrap();
    client.connection("c", "con/1").await.unwrap();
    client.unlink("c", "con").await.unwrap();

    assert_eq!(connection.status, ConnectionStatus::PendingAuth);
    assert_eq!(connection.created, Some("2022-09-01T10:21:57.0807447Z".parse().unwrap()));
    assert_eq!(connection.last_sync, None);
    let requests = server.requests();
    let lines: Vec<&str> = requests.iter().map(|request| line(request)).collect();
    let expected = [
        "POST /companies",
        "POST /companies",
        "GET /companies/c",
        "POST /companies/c/connections",
        "GET /companies/c/connections/con%2F1",
        "PATCH /companies/c/connections/con",
    ];
    assert_eq!(lines, expected);
    assert_eq!(body(&requests[0]), json!({ "name": "cust_1" }));
    assert_eq!(body(&requests[1]), json!({ "name": "cust_1", "description": "a" }));
    assert_eq!(body(&requests[3]), json!({ "platformKey": "pqsw" }));
    assert_eq!(body(&requests[5]), json!({ "status": "Unlinked" }));
    let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(KEY));
    assert!(requests.iter().all(|request| header(request, "authorization") == Some(&basic)));
}

#[tokio::test]
async fn relinking_requests_the_same_connection_and_hides_the_link() {
    let server = answering(CONNECTION).await;
    let mut client = codat(http(), &server.url);
    let link = client.relink("c", "con").await.unwrap();
    assert!(link.reveal().ends_with("one-time-password"));
    assert_eq!(line(&server.only_request()), "GET /companies/c/connections/con");
    let company = format!(
        r#"{{"id":"c","redirect":"https://link.codat.io/company/one-time-password",
        "dataConnections":[{CONNECTION}]}}"#
    );
    let company = codat(http(), &answering(company).await.url).company("c").await.unwrap();
    let shown = format!("{company:?}");
    assert!(shown.contains("PendingAuth") && !shown.contains("one-time-password"), "{shown}");

    let server = answering(r#"{"id":"con","linkUrl":null}"#).await;
    let none = codat(http(), &server.url).relink("c", "con").await.map(drop);
    assert_eq!(none, Err(CodatFailure::NoAnswer(Fault::Unusable)));
}

#[tokio::test]
async fn connection_deletion_accepts_200_and_204() {
    for status in [200, 204] {
        let empty = format!("HTTP/1.1 {status} So\r\nConnection: close\r\n\r\n");
        let server = Server::answering(Answer::raw(empty)).await;
        codat(http(), &server.url).delete("c", "con").await.unwrap();
        assert_eq!(line(&server.only_request()), "DELETE /companies/c/connections/con");
    }
}

#[tokio::test]
async fn integrations_are_filtered_in_the_query_and_afterwards() {
    let integration = |key: &str, kind: &str, enabled: Value| {
        json!({ "key": key, "name": 7, "sourceType": kind, "enabled": enabled, "logoUrl": "no",
            "isOfflineConnector": null,
            "datatypeFeatures": [{ "dataType": "invoices" }, { "datatype": "bills" }, 5] })
    };
    let items = [
        integration("pqsw", "accounting", json!(true)),
        integration("qhyg", "ACCOUNTING", json!("True")),
        integration("bank", "Banking", json!(true)),
        integration("dead", "Accounting", json!(false)),
        integration("null", "Accounting", json!(null)),
        json!({ "name": "no key", "sourceType": "Accounting", "enabled": true }),
    ];
    let server = answering(page(&items, false)).await;
    let found = codat(http(), &server.url).integrations("Accounting").await.unwrap();
    let keys: Vec<&str> = found.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys, ["pqsw", "qhyg"]);
    assert_eq!((found[0].name.as_str(), &found[0].logo), ("7", &None));
    assert_eq!(found[0].data_types, ["invoices", "bills"]);
    let request = server.only_request();
    assert!(
        line(&request).contains("query=sourceType%3DAccounting%26%26enabled%3Dtrue"),
        "{request}"
    );
}

#[tokio::test]
async fn paging_stays_on_the_host_and_is_bounded() {
    let item = [json!({ "id": "one" })];
    let two = Server::choosing(move |request| {
        Answer::json(200, page(&item, line(request).contains("page=1&")))
    })
    .await;
    assert_eq!(codat(http(), &two.url).companies().await.unwrap().len(), 2);
    let lines: Vec<String> = two.requests().iter().map(|one| line(one).to_owned()).collect();
    assert_eq!(lines, ["GET /companies?page=1&pageSize=100", "GET /companies?page=2&pageSize=100"]);

    let endless = answering(page(&[json!({ "id": "one" })], true)).await;
    assert_eq!(codat(http(), &endless.url).companies().await.unwrap().len(), 20);
    assert_eq!(endless.requests().len(), 20);
    let empty = answering(page(&[], true)).await;
    assert_eq!(codat(http(), &empty.url).connections("c").await.unwrap().len(), 0);
    assert_eq!(empty.requests().len(), 1, "an empty page has no next one");
}

#[tokio::test]
async fn nulls_letter_case_and_unknown_words_are_tolerated() {
    let odd = json!({ "id": 5, "integrationKey": null, "sourceType": [], "status": "linked",
        "created": "2024-09-01T23:59:99Z", "lastSync": "2022-10-23", "connectionInfo": [1],
        "dataConnectionErrors": [
            { "statusCode": 403, "errorMessage": null, "status": null },
            { "statusCode": "403", "errorMessage": "User cancelled", "status": "ACTIVE" },
            { "status": "Resolved" }, null
        ] });
    let server = answering(odd.to_string()).await;
    let odd = codat(http(), &server.url).connection("c", "5").await.unwrap();
    assert_eq!((odd.id.as_str(), &odd.status), ("5", &ConnectionStatus::Linked));
    assert_eq!((odd.created, &odd.link_url.is_none()), (None, &true));
    assert_eq!(odd.last_sync, Some("2022-10-23T00:00:00Z".parse().unwrap()));
    let states: Vec<ErrorState> = odd.errors.iter().map(|error| error.state).collect();
    let unknown = ErrorState::Unknown;
    assert_eq!(states, [unknown, ErrorState::Active, ErrorState::Resolved, unknown]);
    assert_eq!(odd.errors[0].status_code.as_deref(), Some("403"));

    let new =
        r#"{"id":"con","status":"Paused","connectionInfo":{"connector":"off","since":4,"x":{}}}"#;
    let new = codat(http(), &answering(new).await.url).connection("c", "con").await.unwrap();
    assert_eq!(new.status, ConnectionStatus::Unknown("Paused".into()));
    let info = [("connector".into(), "off".into()), ("since".into(), "4".into())];
    assert_eq!(new.info, info);
}

#[tokio::test]
async fn objects_without_an_identifier_are_rejected() {
    for odd in ["{}", r#"{"id":null}"#, r#"{"id":[]}"#, "[]", "null", "7"] {
        let server = answering(odd).await;
        let mut client = codat(http(), &server.url);
        let unusable = Err(CodatFailure::NoAnswer(Fault::Unusable));
        assert_eq!(client.company("c").await.map(drop), unusable, "{odd}");
        assert_eq!(client.connection("c", "con").await.map(drop), unusable, "{odd}");
    }
}

#[tokio::test]
async fn branding_pictures_are_read_and_invalid_urls_ignored() {
    let branding = json!({
        "logo": { "full": { "image": { "src": "https://static.codat.io/l.png", "alt": "QB" } },
            "square": { "image": { "src": "not an address" } } },
        "button": { "default": { "image": { "src": "https://static.codat.io/b.png" } },
            "hover": { "image": { "src": "https://static.codat.io/h.png", "alt": null } } } });
    let server = answering(branding.to_string()).await;
    let found = codat(http(), &server.url).branding("pqsw").await.unwrap();
    assert_eq!(line(&server.only_request()), "GET /integrations/pqsw/branding");
    assert_eq!(found.logo.unwrap().alt.as_deref(), Some("QB"));
    assert_eq!(found.square, None);
    assert_eq!(found.button.unwrap().src.as_str(), "https://static.codat.io/b.png");
    assert_eq!(found.button_hover.unwrap().src.as_str(), "https://static.codat.io/h.png");
    let server = answering("[]").await;
    assert!(codat(http(), &server.url).branding("pqsw").await.is_err());
}

#[tokio::test]
async fn data_status_is_read_per_type_and_history_newest_first() {
    let status = json!({
        "invoices": { "dataType": "invoices", "currentStatus": "complete",
            "lastSuccessfulSync": "2026-11-19T03:00:00Z" },
        "suppliers": { "dataType": "suppliers" },
        "bills": null,
        "accounts": { "currentStatus": "Teleporting" },
        "items": { "currentStatus": ["Complete"] },
        "taxes": 5 });
    let server = answering(status.to_string()).await;
    let found = codat(http(), &server.url).data_status("c").await.unwrap();
    let progress: Vec<Progress> = found.0.values().map(|set| set.progress).collect();
    let unknown = Progress::Unknown;
    let expected =
        [unknown, Progress::Never, Progress::Complete, unknown, Progress::Never, unknown];
    assert_eq!(progress, expected);
    assert_eq!(found.0["accounts"].word.as_deref(), Some("Teleporting"));

    let pull = |id: &str, requested: &str| json!({ "id": id, "status": "Fetching", "requested": requested });
    let history = [pull("old", "2026-11-18T00:00:00Z"), pull("new", "2026-11-19T00:00:00Z")];
    let server = answering(page(&history, true)).await;
    let found = codat(http(), &server.url).pull_history("c").await.unwrap();
    let ids: Vec<&str> = found.iter().map(|pull| pull.id.as_str()).collect();
    assert_eq!(ids, ["new", "old"]);
    assert_eq!(server.requests().len(), 1, "the whole history was read");
}

#[tokio::test]
async fn codat_refusals_use_the_http_status() {
    let body = r#"{"statusCode":429,"service":"ClientsApi","error":"No company was found with ID c",
        "correlationId":"0a1b","validation":{"errors":[{"itemId":"","message":"too long"}]},
        "canBeRetried":true,"detailedErrorCode":0}"#;
    let server = Server::answering(Answer::json(404, body)).await;
    let failure = codat(http(), &server.url).company("c").await.map(drop).unwrap_err();
    let error = failure.refusal().unwrap();
    assert_eq!((error.status, error.correlation_id.as_deref()), (404, Some("0a1b")));
    assert_eq!(
        (error.validation.as_slice(), error.can_be_retried.as_deref()),
        (&["too long".to_owned()][..], Some("true"))
    );
    let status = gone(&failure).unwrap();
    assert_eq!((status.state, status.request_id.as_deref()), (RemoteState::Removed, Some("0a1b")));
}

#[tokio::test]
async fn only_codat_itself_can_report_a_removed_object() {
    for (answer, fault) in [
        (Answer::with(404, "", "text/html", "<h1>Not here</h1>"), Fault::Unusable),
        (Answer::json(404, r#"{"detail":"Not Found"}"#), Fault::Unusable),
        (Answer::json(402, r#"{"error":"Company limit exceeded"}"#), Fault::Unusable),
        (Answer::json(401, r#"{"error":"Unauthorized"}"#), Fault::Rejected),
        (Answer::json(503, r#"{"error":"offline for maintenance"}"#), Fault::Unusable),
    ] {
        let server = Server::answering(answer).await;
        let failure = codat(http(), &server.url).connection("c", "con").await.unwrap_err();
        assert_eq!(gone(&failure), Err(fault));
    }
}

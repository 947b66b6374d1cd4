//! Codat's API: exact statuses, nothing null, errors with a correlation id, a budget of requests.

use jiff::Timestamp;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::desk::{Answer, Desk, answer, header, text};

const QUICKBOOKS_DESKTOP: &str = "sourceType=Accounting&&enabled=true";

async fn get(desk: &Desk, path: &str) -> Answer {
    answer(desk.codat(Method::GET, path)).await
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// Every null in a document, by its path.
fn nulls(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Null => vec![path.to_owned()],
        Value::Array(items) => {
            items.iter().flat_map(|item| nulls(item, &format!("{path}[]"))).collect()
        }
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, item)| nulls(item, &format!("{path}.{name}"))).collect()
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn keys(list: &Value) -> Vec<String> {
    list["results"].as_array().unwrap().iter().map(|it| text(&it["key"])).collect()
}

#[tokio::test]
async fn the_raw_key_in_base64_opens_the_door_and_nothing_else_does() {
    let desk = Desk::new().await;
    assert_eq!(get(&desk, "/companies").await.0, 200);
    let url = format!("{}/companies", desk.sandbox.codat);
    let key = &desk.sandbox.codat_api_key;
    let attempts = [
        desk.http.get(&url),
        desk.http.get(&url).basic_auth(key, Some("")),
        desk.http.get(&url).bearer_auth(key),
        desk.http.get(&url).header("authorization", format!("Basic {key}")),
    ];
    for attempt in attempts {
        let (status, body) = answer(attempt).await;
        assert_eq!((status, &body["error"]), (401, &json!("Unauthorized")));
    }
}

#[tokio::test]
async fn each_call_answers_with_its_own_documented_status() {
    let desk = Desk::new().await;
    let (company, connection) = desk.codat_connection().await;
    for path in
        [&company, &connection, &format!("{company}/connections"), &format!("{company}/dataStatus")]
    {
        assert_eq!(get(&desk, path).await.0, 200, "{path}");
    }
    for path in [
        "/companies",
        "/integrations",
        "/integrations/pqsw",
        "/integrations/pqsw/branding",
        "/profile",
    ] {
        assert_eq!(get(&desk, path).await.0, 200, "{path}");
    }
    let token = get(&desk, &format!("{company}/accessToken")).await;
    assert_eq!(
        (token.0, &token.1["expiresIn"], &token.1["tokenType"]),
        (200, &json!(86400), &json!("Bearer"))
    );
    let withdrawn = get(&desk, &format!("{company}/connectionManagement/accessToken")).await;
    assert_eq!((withdrawn.0, &withdrawn.1["error"]), (404, &json!("NotFound")));

    let all = desk.codat(Method::POST, &format!("{company}/data/all"));
    assert_eq!(answer(all).await, (204, Value::Null));
    let deleted = desk.codat(Method::DELETE, &connection).send().await.unwrap();
    assert_eq!((deleted.status().as_u16(), deleted.text().await.unwrap().as_str()), (200, ""));
    assert_eq!(get(&desk, &connection).await.0, 404);
    assert_eq!(answer(desk.codat(Method::DELETE, &company)).await, (204, Value::Null));
    assert_eq!(get(&desk, &company).await.0, 404);
}

#[tokio::test]
async fn a_deleted_connection_can_be_told_in_the_other_way_too() {
    let desk = Desk::new().await;
    let (_, connection) = desk.codat_connection().await;
    desk.arrange("/codat/settings", json!({ "connection_delete_status": 204 })).await;
    assert_eq!(answer(desk.codat(Method::DELETE, &connection)).await, (204, Value::Null));
}

#[tokio::test]
async fn a_new_connection_waits_for_its_link_and_says_nothing_that_is_not_there() {
    let desk = Desk::new().await;
    let (company, connection) = desk.codat_connection().await;
    let (_, seen) = get(&desk, &connection).await;
    let names: Vec<_> = seen.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "created",
        "id",
        "integrationId",
        "integrationKey",
        "linkUrl",
        "platformName",
        "sourceId",
        "sourceType",
        "status",
    ];
    assert_eq!(names, expected);
    assert_eq!((&seen["status"], &seen["integrationKey"]), (&json!("PendingAuth"), &json!("pqsw")));
    assert!(text(&seen["created"]).parse::<Timestamp>().is_ok());
    for path in [company.as_str(), "/companies", "/integrations", "/profile"] {
        let (_, body) = get(&desk, path).await;
        assert_eq!(nulls(&body, ""), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn loosely_spoken_it_says_null_and_words_that_nobody_has_heard_of() {
    let desk = Desk::new().await;
    let (company, connection) = desk.codat_connection().await;
    desk.arrange("/codat/settings", json!({ "loose": true })).await;
    let (_, seen) = get(&desk, &connection).await;
    assert_eq!(nulls(&seen, ""), [".connectionInfo", ".dataConnectionErrors", ".lastSync"]);
    assert!(seen["sandboxUnknownField"].is_object());
    assert!(
        text(&seen["created"]).parse::<Timestamp>().is_err(),
        "a time without a zone was wanted"
    );
    assert_eq!(get(&desk, &company).await.1["lastSync"], Value::Null);
    let (_, status) = get(&desk, &format!("{company}/dataStatus")).await;
    assert_eq!(status["suppliers"], json!({ "dataType": "suppliers" }));
    assert_eq!(status["sandboxUnknown"]["currentStatus"], "SandboxUnknown");
    let (_, list) = get(&desk, "/integrations").await;
    assert!(
        list["results"].as_array().unwrap().iter().any(|it| it["sourceType"] == "SandboxUnknown")
    );

    let other = json!({ "status": "Hibernating" });
    desk.arrange(&format!("/codat/connections/{}", last(&connection)), other).await;
    assert_eq!(get(&desk, &connection).await.1["status"], "Hibernating");
}

#[tokio::test]
async fn every_error_carries_its_own_status_and_a_correlation_id() {
    let desk = Desk::new().await;
    let (company, connection) = desk.codat_connection().await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    let unlinked = json!({ "status": "Unlinked" });
    let cases = [
        (
            Method::GET,
            format!("/companies/{nobody}"),
            Value::Null,
            404,
            "No company was found with ID",
        ),
        (
            Method::GET,
            format!("{company}/connections/{nobody}"),
            Value::Null,
            404,
            "Data connection",
        ),
        (Method::GET, "/nowhere".to_owned(), Value::Null, 404, "NotFound"),
        (Method::PUT, "/companies".to_owned(), Value::Null, 405, "sandbox:"),
        (
            Method::GET,
            "/companies?query=broken".to_owned(),
            Value::Null,
            400,
            "Error parsing query - Malformed query.",
        ),
        (Method::GET, "/companies?page=0".to_owned(), Value::Null, 400, "sandbox:"),
        (Method::GET, "/companies?pageSize=5001".to_owned(), Value::Null, 400, "sandbox:"),
        (Method::POST, "/companies".to_owned(), json!({}), 400, "sandbox:"),
        (Method::POST, "/companies".to_owned(), json!({ "name": "%%" }), 400, "sandbox:"),
        (
            Method::POST,
            format!("{company}/connections"),
            json!({ "platformKey": "none" }),
            400,
            "sandbox:",
        ),
        (
            Method::POST,
            format!("{company}/connections"),
            json!({ "platformKey": "hbql" }),
            400,
            "sandbox:",
        ),
        (Method::PATCH, connection.clone(), unlinked, 400, "sandbox: only a linked"),
        (Method::PATCH, connection.clone(), json!({ "status": "Linked" }), 400, "sandbox:"),
        (Method::POST, format!("{company}/data/queue/invoices"), Value::Null, 400, "sandbox:"),
        (Method::GET, "/integrations/none".to_owned(), Value::Null, 404, "sandbox:"),
        (
            Method::PUT,
            "/profile".to_owned(),
            json!({ "name": "A", "redirectUrl": "deskside://return" }),
            400,
            "sandbox:",
        ),
    ];
    for (method, path, body, status, start) in cases {
        let (got, error) = answer(desk.codat(method, &path).json(&body)).await;
        assert_eq!((got, &error["statusCode"]), (status, &json!(status)), "{path}: {error}");
        assert!(text(&error["error"]).starts_with(start), "{path}: {error}");
        assert_eq!(text(&error["correlationId"]).len(), 36, "{path}: {error}");
        assert!(
            error["canBeRetried"].is_string() && error["service"].is_string(),
            "{path}: {error}"
        );
    }
}

#[tokio::test]
async fn a_name_loses_what_is_not_allowed_and_tags_have_limits() {
    let desk = Desk::new().await;
    let create = |body: Value| {
        let request = desk.codat(Method::POST, "/companies").json(&body);
        answer(request)
    };
    let (_, made) = create(
        json!({ "name": "Søhne & Co. #1", "tags": { "uid": "cust_1" }, "description": "one" }),
    )
    .await;
    assert_eq!((&made["name"], &made["description"]), (&json!("Shne & Co. 1"), &json!("one")));
    assert_eq!(create(json!({ "name": "A", "tags": { "x".repeat(28): "1" } })).await.0, 400);
    assert_eq!(create(json!({ "name": "A", "tags": { "x": "1".repeat(101) } })).await.0, 400);
    desk.arrange("/codat/settings", json!({ "company_limit": 1 })).await;
    let (status, error) = create(json!({ "name": "B" })).await;
    assert_eq!(
        (status, &error["error"]),
        (402, &json!("CompanyValidationException: Company limit exceeded"))
    );

    let (_, found) = get(&desk, "/companies?tags=uid%3Dcust_1").await;
    assert_eq!(found["totalResults"], 1);
    let (_, found) = get(&desk, "/companies?tags=uid%3Dcust_2").await;
    assert_eq!(found["totalResults"], 0);
}

#[tokio::test]
async fn lists_come_in_pages_that_lead_to_one_another() {
    let desk = Desk::new().await;
    for name in ["c", "a", "b"] {
        desk.arrange("/codat/companies", json!({ "name": name })).await;
    }
    let mut path = "/companies?page=1&pageSize=2&orderBy=-name&query=name%21%3Dz".to_owned();
    let mut names = Vec::new();
    loop {
        let (_, page) = get(&desk, &path).await;
        assert_eq!((&page["pageSize"], &page["totalResults"]), (&json!(2), &json!(3)));
        names.extend(page["results"].as_array().unwrap().iter().map(|it| text(&it["name"])));
        assert_eq!(page["_links"]["self"]["href"], "/companies");
        match page["_links"]["next"]["href"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(names, ["c", "b", "a"]);
    let (_, second) = get(&desk, &path).await;
    assert!(text(&second["_links"]["previous"]["href"]).contains("page=1"));
}

#[tokio::test]
async fn integrations_are_filtered_by_the_server_unless_the_test_says_otherwise() {
    let desk = Desk::new().await;
    let path = format!(
        "/integrations?query={}",
        QUICKBOOKS_DESKTOP.replace('=', "%3D").replace('&', "%26")
    );
    assert_eq!(keys(&get(&desk, &path).await.1), ["pqsw", "qhyg"]);
    desk.arrange("/codat/settings", json!({ "queries": false })).await;
    let (_, all) = get(&desk, &path).await;
    let all = all["results"].as_array().unwrap();
    assert!(
        all.iter().any(|it| it["enabled"] == false),
        "a client need not filter the disabled ones"
    );
    assert!(
        all.iter().any(|it| it["sourceType"] != "Accounting"),
        "a client need not filter other kinds"
    );
}

async fn kept(desk: &Desk, url: &str, tag: &str) -> Response {
    let key = desk.codat(Method::GET, "").build().unwrap().headers()["authorization"].clone();
    let request = desk.http.get(url).header("authorization", key).header("if-none-match", tag);
    request.send().await.unwrap()
}

#[tokio::test]
async fn branding_and_its_pictures_can_be_kept() {
    let desk = Desk::new().await;
    let url = format!("{}/integrations/pqsw/branding", desk.sandbox.codat);
    let first = kept(&desk, &url, "\"other\"").await;
    let (tag, cache) = (header(&first, "etag"), header(&first, "cache-control"));
    assert!(cache.contains("max-age="), "{cache}");
    let branding: Value = first.json().await.unwrap();
    let again = kept(&desk, &url, &tag).await;
    assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, tag));
    assert_eq!(again.text().await.unwrap(), "");

    for (pointer, kind) in [
        ("/button/default/image", "image/svg+xml"),
        ("/button/hover/image", "image/svg+xml"),
        ("/logo/full/image", "image/svg+xml"),
        ("/logo/square/image", "image/png"),
    ] {
        let image = branding.pointer(pointer).unwrap();
        assert!(text(&image["alt"]).contains("QuickBooks Desktop"), "{pointer}");
        let url = text(&image["src"]);
        let picture = desk.http.get(&url).send().await.unwrap();
        assert_eq!(
            (picture.status().as_u16(), header(&picture, "content-type").as_str()),
            (200, kind),
            "{url}"
        );
        let tag = header(&picture, "etag");
        assert!(!picture.bytes().await.unwrap().is_empty(), "{url}");
        assert_eq!(kept(&desk, &url, &tag).await.status(), 304, "{url}");
    }
    assert_ne!(branding["button"]["default"], branding["button"]["hover"]);
    let other = format!("{}/images/pqsw/secret.svg", desk.sandbox.codat);
    assert_eq!(desk.http.get(other).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn every_answer_says_what_is_left_of_the_day_and_then_it_is_too_much() {
    let desk = Desk::new().await;
    let first = desk.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!(
        (
            header(&first, "x-rate-limit-limit").as_str(),
            header(&first, "x-rate-limit-remaining").as_str()
        ),
        ("1000", "999")
    );
    assert!(header(&first, "x-rate-limit-reset").parse::<Timestamp>().unwrap() > Timestamp::now());

    desk.arrange("/codat/settings", json!({ "rate_limit": 1, "retry_after": "7" })).await;
    let missing = desk.codat(Method::GET, "/nowhere").send().await.unwrap();
    assert_eq!(
        (missing.status().as_u16(), header(&missing, "x-rate-limit-remaining").as_str()),
        (404, "0")
    );
    let late = desk.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!((late.status().as_u16(), header(&late, "retry-after").as_str()), (429, "7"));
    assert_eq!(header(&late, "x-rate-limit-remaining"), "0");
    desk.arrange("/codat/settings", json!({ "rate_limit": 0, "retry_after": null })).await;
    let late = desk.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!((late.status().as_u16(), late.headers().get("retry-after")), (429, None));
}

#[tokio::test]
async fn data_moves_only_when_the_test_says_so() {
    // Given a linked company
    let desk = Desk::new().await;
    let (company, connection) = desk.codat_connection().await;
    let (company_id, connection_id) = (last(&company).to_owned(), last(&connection).to_owned());
    desk.arrange(&format!("/codat/connections/{connection_id}"), json!({ "status": "Linked" }))
        .await;
    // Then all is queued, and stays so when it is asked for again
    assert_eq!(answer(desk.codat(Method::POST, &format!("{company}/data/all"))).await.0, 204);
    let (_, status) = get(&desk, &format!("{company}/dataStatus")).await;
    let words: Vec<_> =
        status.as_object().unwrap().values().map(|it| text(&it["currentStatus"])).collect();
    assert!(words.len() > 10 && words.iter().all(|word| word == "Queued"), "{words:?}");
    assert_eq!(status["invoices"].get("lastSuccessfulSync"), None);
    // When the schedule has come
    let done =
        json!({ "company_id": company_id, "status": "Complete", "at": "2026-11-20T20:00:00Z" });
    desk.arrange("/codat/data-status", done).await;
    let failed = json!({ "company_id": company_id, "data_type": "bills", "status": "FetchError", "error_message": "no" });
    desk.arrange("/codat/pull", failed).await;
    // Then that shows in every answer
    let (_, status) = get(&desk, &format!("{company}/dataStatus")).await;
    assert_eq!(status["invoices"]["currentStatus"], "Complete");
    assert_eq!(status["bills"]["currentStatus"], "FetchError");
    assert_eq!(status["bills"]["lastSuccessfulSync"], "2026-11-20T20:00:00.0000000Z");
    assert_eq!(get(&desk, &connection).await.1["lastSync"], "2026-11-20T20:00:00.0000000Z");
    let (_, history) = get(&desk, &format!("{company}/data/history?pageSize=1")).await;
    let pull = &history["results"][0];
    assert_eq!(
        (&pull["isErrored"], &pull["errorMessage"], &pull["dataType"]),
        (&json!(true), &json!("no"), &json!("bills"))
    );
    let queue = desk
        .codat(Method::POST, &format!("{company}/data/queue/bills?connectionId={connection_id}"));
    let (code, pull) = answer(queue).await;
    assert_eq!(
        (code, &pull["status"], &pull["isCompleted"]),
        (200, &json!("Queued"), &json!(false))
    );
}

#[tokio::test]
async fn a_connection_is_unlinked_only_when_it_is_linked_and_keeps_its_errors() {
    let desk = Desk::new().await;
    let (_, connection) = desk.codat_connection().await;
    let control = format!("/codat/connections/{}", last(&connection));
    desk.arrange(&control, json!({ "status": "Linked", "connection_info": { "note": "x" } })).await;
    let unlink = desk.codat(Method::PATCH, &connection).json(&json!({ "status": "Unlinked" }));
    let (status, seen) = answer(unlink).await;
    assert_eq!(
        (status, &seen["status"], &seen["connectionInfo"]["note"]),
        (200, &json!("Unlinked"), &json!("x"))
    );

    desk.arrange(&control, json!({ "status": "Deauthorized" })).await;
    let (_, seen) = get(&desk, &connection).await;
    assert_eq!(seen["dataConnectionErrors"][0]["statusCode"], "401");
    assert_eq!(seen["dataConnectionErrors"][0]["status"], "Active");
    desk.arrange(&control, json!({ "errors": [{ "status_code": "500", "error_message": "Own" }] }))
        .await;
    let (_, seen) = get(&desk, &connection).await;
    assert_eq!(seen["dataConnectionErrors"][0]["errorMessage"], "Own");
    assert_eq!(desk.control(Method::DELETE, &control, Value::Null).await.0, 204);
    assert_eq!(get(&desk, &connection).await.0, 404);
}

#[tokio::test]
async fn faults_strike_codat_in_its_own_words_and_its_requests_are_counted() {
    let desk = Desk::new().await;
    for status in [400, 401, 402, 403, 404, 409, 429, 451, 500, 502, 503] {
        desk.arrange(
            "/faults",
            json!({ "target": "codat", "kind": "status", "status": status, "times": 1 }),
        )
        .await;
        let (got, error) = get(&desk, "/companies").await;
        assert_eq!((got, &error["statusCode"]), (status, &json!(status)));
        assert!(error["correlationId"].is_string());
    }
    let counted = desk.observe("/requests").await;
    let counted = counted["requests"].as_array().unwrap();
    assert!(
        counted
            .iter()
            .any(|it| it["target"] == "codat" && it["path"] == "/companies" && it["count"] == 11)
    );
}

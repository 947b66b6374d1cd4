//! Codat's API: exact statuses, no nulls, errors with a correlation id, a daily rate limit.

use jiff::Timestamp;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::harness::{Answer, Harness, answer, header, text};

const QUICKBOOKS_DESKTOP: &str = "sourceType=Accounting&&enabled=true";

async fn get(harness: &Harness, path: &str) -> Answer {
    answer(harness.codat(Method::GET, path)).await
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
async fn only_the_raw_key_in_base64_is_accepted() {
    let harness = Harness::new().await;
    assert_eq!(get(&harness, "/companies").await.0, 200);
    let url = format!("{}/companies", harness.sandbox.endpoints.codat);
    let key = &harness.sandbox.endpoints.codat_api_key;
    let attempts = [
        harness.http.get(&url),
        harness.http.get(&url).basic_auth(key, Some("")),
        harness.http.get(&url).bearer_auth(key),
        harness.http.get(&url).header("authorization", format!("Basic {key}")),
    ];
    for attempt in attempts {
        let (status, body) = answer(attempt).await;
        assert_eq!((status, &body["error"]), (401, &json!("Unauthorized")));
    }
}

#[tokio::test]
async fn each_call_answers_its_documented_status() {
    let harness = Harness::new().await;
    let (company, connection) = harness.codat_connection().await;
    for path in
        [&company, &connection, &format!("{company}/connections"), &format!("{company}/dataStatus")]
    {
        assert_eq!(get(&harness, path).await.0, 200, "{path}");
    }
    for path in [
        "/companies",
        "/integrations",
        "/integrations/pqsw",
        "/integrations/pqsw/branding",
        "/profile",
    ] {
        assert_eq!(get(&harness, path).await.0, 200, "{path}");
    }
    let token = get(&harness, &format!("{company}/accessToken")).await;
    assert_eq!(
        (token.0, &token.1["expiresIn"], &token.1["tokenType"]),
        (200, &json!(86400), &json!("Bearer"))
    );
    let withdrawn = get(&harness, &format!("{company}/connectionManagement/accessToken")).await;
    assert_eq!((withdrawn.0, &withdrawn.1["error"]), (404, &json!("NotFound")));

    let all = harness.codat(Method::POST, &format!("{company}/data/all"));
    assert_eq!(answer(all).await, (204, Value::Null));
    let deleted = harness.codat(Method::DELETE, &connection).send().await.unwrap();
    assert_eq!((deleted.status().as_u16(), deleted.text().await.unwrap().as_str()), (200, ""));
    assert_eq!(get(&harness, &connection).await.0, 404);
    assert_eq!(answer(harness.codat(Method::DELETE, &company)).await, (204, Value::Null));
    assert_eq!(get(&harness, &company).await.0, 404);
}

#[tokio::test]
async fn deleting_a_connection_can_answer_204() {
    let harness = Harness::new().await;
    let (_, connection) = harness.codat_connection().await;
    harness.arrange("/codat/settings", json!({ "connection_delete_status": 204 })).await;
    assert_eq!(answer(harness.codat(Method::DELETE, &connection)).await, (204, Value::Null));
}

#[tokio::test]
async fn a_new_connection_is_pending_and_omits_absent_fields() {
    let harness = Harness::new().await;
    let (company, connection) = harness.codat_connection().await;
    let (_, seen) = get(&harness, &connection).await;
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
        let (_, body) = get(&harness, path).await;
        assert_eq!(nulls(&body, ""), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn loose_dialect_sends_nulls_and_undocumented_values() {
    let harness = Harness::new().await;
    let (company, connection) = harness.codat_connection().await;
    harness.arrange("/codat/settings", json!({ "loose": true })).await;
    let (_, seen) = get(&harness, &connection).await;
    assert_eq!(nulls(&seen, ""), [".connectionInfo", ".dataConnectionErrors", ".lastSync"]);
    assert!(seen["sandboxUnknownField"].is_object());
    assert!(text(&seen["created"]).parse::<Timestamp>().is_err(), "the time has a time zone");
    assert_eq!(get(&harness, &company).await.1["lastSync"], Value::Null);
    let (_, status) = get(&harness, &format!("{company}/dataStatus")).await;
    assert_eq!(status["suppliers"], json!({ "dataType": "suppliers" }));
    assert_eq!(status["sandboxUnknown"]["currentStatus"], "SandboxUnknown");
    let (_, list) = get(&harness, "/integrations").await;
    assert!(
        list["results"].as_array().unwrap().iter().any(|it| it["sourceType"] == "SandboxUnknown")
    );

    let other = json!({ "status": "Hibernating" });
    harness.arrange(&format!("/codat/connections/{}", last(&connection)), other).await;
    assert_eq!(get(&harness, &connection).await.1["status"], "Hibernating");
}

#[tokio::test]
async fn every_error_carries_its_status_and_a_correlation_id() {
    let harness = Harness::new().await;
    let (company, connection) = harness.codat_connection().await;
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
        let (answered, error) = answer(harness.codat(method, &path).json(&body)).await;
        assert_eq!((answered, &error["statusCode"]), (status, &json!(status)), "{path}: {error}");
        assert!(text(&error["error"]).starts_with(start), "{path}: {error}");
        assert_eq!(text(&error["correlationId"]).len(), 36, "{path}: {error}");
        assert!(
            error["canBeRetried"].is_string() && error["service"].is_string(),
            "{path}: {error}"
        );
    }
}

#[tokio::test]
async fn company_names_are_cleaned_and_tags_are_limited() {
    let harness = Harness::new().await;
    let create = |body: Value| {
        let request = harness.codat(Method::POST, "/companies").json(&body);
        answer(request)
    };
    let (_, made) = create(
        json!({ "name": "Søhne & Co. #1", "tags": { "uid": "cust_1" }, "description": "one" }),
    )
    .await;
    assert_eq!((&made["name"], &made["description"]), (&json!("Shne & Co. 1"), &json!("one")));
    assert_eq!(create(json!({ "name": "A", "tags": { "x".repeat(28): "1" } })).await.0, 400);
    assert_eq!(create(json!({ "name": "A", "tags": { "x": "1".repeat(101) } })).await.0, 400);
    harness.arrange("/codat/settings", json!({ "company_limit": 1 })).await;
    let (status, error) = create(json!({ "name": "B" })).await;
    assert_eq!(
        (status, &error["error"]),
        (402, &json!("CompanyValidationException: Company limit exceeded"))
    );

    let (_, found) = get(&harness, "/companies?tags=uid%3Dcust_1").await;
    assert_eq!(found["totalResults"], 1);
    let (_, found) = get(&harness, "/companies?tags=uid%3Dcust_2").await;
    assert_eq!(found["totalResults"], 0);
}

#[tokio::test]
async fn lists_have_pages_that_link_to_each_other() {
    let harness = Harness::new().await;
    for name in ["c", "a", "b"] {
        harness.arrange("/codat/companies", json!({ "name": name })).await;
    }
    let mut path = "/companies?page=1&pageSize=2&orderBy=-name&query=name%21%3Dz".to_owned();
    let mut names = Vec::new();
    loop {
        let (_, page) = get(&harness, &path).await;
        assert_eq!((&page["pageSize"], &page["totalResults"]), (&json!(2), &json!(3)));
        names.extend(page["results"].as_array().unwrap().iter().map(|it| text(&it["name"])));
        assert_eq!(page["_links"]["self"]["href"], "/companies");
        match page["_links"]["next"]["href"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(names, ["c", "b", "a"]);
    let (_, second) = get(&harness, &path).await;
    assert!(text(&second["_links"]["previous"]["href"]).contains("page=1"));
}

#[tokio::test]
async fn integrations_are_filtered_unless_queries_are_off() {
    let harness = Harness::new().await;
    let path = format!(
        "/integrations?query={}",
        QUICKBOOKS_DESKTOP.replace('=', "%3D").replace('&', "%26")
    );
    assert_eq!(keys(&get(&harness, &path).await.1), ["pqsw", "qhyg"]);
    harness.arrange("/codat/settings", json!({ "queries": false })).await;
    let (_, all) = get(&harness, &path).await;
    let all = all["results"].as_array().unwrap();
    assert!(all.iter().any(|it| it["enabled"] == false), "every integration is enabled");
    assert!(
        all.iter().any(|it| it["sourceType"] != "Accounting"),
        "every integration is of the kind Accounting"
    );
}

async fn revalidate(harness: &Harness, url: &str, tag: &str) -> Response {
    let key = harness.codat(Method::GET, "").build().unwrap().headers()["authorization"].clone();
    let request = harness.http.get(url).header("authorization", key).header("if-none-match", tag);
    request.send().await.unwrap()
}

#[tokio::test]
async fn branding_and_pictures_can_be_cached() {
    let harness = Harness::new().await;
    let url = format!("{}/integrations/pqsw/branding", harness.sandbox.endpoints.codat);
    let first = revalidate(&harness, &url, "\"other\"").await;
    let (tag, cache) = (header(&first, "etag"), header(&first, "cache-control"));
    assert!(cache.contains("max-age="), "{cache}");
    let branding: Value = first.json().await.unwrap();
    let again = revalidate(&harness, &url, &tag).await;
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
        let picture = harness.http.get(&url).send().await.unwrap();
        assert_eq!(
            (picture.status().as_u16(), header(&picture, "content-type").as_str()),
            (200, kind),
            "{url}"
        );
        let tag = header(&picture, "etag");
        assert!(!picture.bytes().await.unwrap().is_empty(), "{url}");
        assert_eq!(revalidate(&harness, &url, &tag).await.status(), 304, "{url}");
    }
    assert_ne!(branding["button"]["default"], branding["button"]["hover"]);
    let other = format!("{}/images/pqsw/secret.svg", harness.sandbox.endpoints.codat);
    assert_eq!(harness.http.get(other).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn every_answer_reports_the_rate_limit_until_429() {
    let harness = Harness::new().await;
    let first = harness.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!(
        (
            header(&first, "x-rate-limit-limit").as_str(),
            header(&first, "x-rate-limit-remaining").as_str()
        ),
        ("1000", "999")
    );
    assert!(header(&first, "x-rate-limit-reset").parse::<Timestamp>().unwrap() > Timestamp::now());

    harness.arrange("/codat/settings", json!({ "rate_limit": 1, "retry_after": "7" })).await;
    let missing = harness.codat(Method::GET, "/nowhere").send().await.unwrap();
    assert_eq!(
        (missing.status().as_u16(), header(&missing, "x-rate-limit-remaining").as_str()),
        (404, "0")
    );
    let late = harness.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!((late.status().as_u16(), header(&late, "retry-after").as_str()), (429, "7"));
    assert_eq!(header(&late, "x-rate-limit-remaining"), "0");
    harness.arrange("/codat/settings", json!({ "rate_limit": 0, "retry_after": null })).await;
    let late = harness.codat(Method::GET, "/companies").send().await.unwrap();
    assert_eq!((late.status().as_u16(), late.headers().get("retry-after")), (429, None));
}

#[tokio::test]
async fn sync_state_changes_only_through_the_control_api() {
    // Given a linked company
    let harness = Harness::new().await;
    let (company, connection) = harness.codat_connection().await;
    let (company_id, connection_id) = (last(&company).to_owned(), last(&connection).to_owned());
    harness
        .arrange(&format!("/codat/connections/{connection_id}"), json!({ "status": "Linked" }))
        .await;
    // Then everything is queued, and stays queued after a refresh
    assert_eq!(answer(harness.codat(Method::POST, &format!("{company}/data/all"))).await.0, 204);
    let (_, status) = get(&harness, &format!("{company}/dataStatus")).await;
    let words: Vec<_> =
        status.as_object().unwrap().values().map(|it| text(&it["currentStatus"])).collect();
    assert!(words.len() > 10 && words.iter().all(|word| word == "Queued"), "{words:?}");
    assert_eq!(status["invoices"].get("lastSuccessfulSync"), None);
    // When the control API plays the scheduled sync
    let done =
        json!({ "company_id": company_id, "status": "Complete", "at": "2026-11-20T20:00:00Z" });
    harness.arrange("/codat/data-status", done).await;
    let failed = json!({ "company_id": company_id, "data_type": "bills", "status": "FetchError", "error_message": "no" });
    harness.arrange("/codat/pull", failed).await;
    // Then every answer shows its result
    let (_, status) = get(&harness, &format!("{company}/dataStatus")).await;
    assert_eq!(status["invoices"]["currentStatus"], "Complete");
    assert_eq!(status["bills"]["currentStatus"], "FetchError");
    assert_eq!(status["bills"]["lastSuccessfulSync"], "2026-11-20T20:00:00.0000000Z");
    assert_eq!(get(&harness, &connection).await.1["lastSync"], "2026-11-20T20:00:00.0000000Z");
    let (_, history) = get(&harness, &format!("{company}/data/history?pageSize=1")).await;
    let pull = &history["results"][0];
    assert_eq!(
        (&pull["isErrored"], &pull["errorMessage"], &pull["dataType"]),
        (&json!(true), &json!("no"), &json!("bills"))
    );
    let queue = harness
        .codat(Method::POST, &format!("{company}/data/queue/bills?connectionId={connection_id}"));
    let (code, pull) = answer(queue).await;
    assert_eq!(
        (code, &pull["status"], &pull["isCompleted"]),
        (200, &json!("Queued"), &json!(false))
    );
}

#[tokio::test]
async fn only_linked_connections_can_be_unlinked_and_errors_remain() {
    let harness = Harness::new().await;
    let (_, connection) = harness.codat_connection().await;
    let control = format!("/codat/connections/{}", last(&connection));
    harness
        .arrange(&control, json!({ "status": "Linked", "connection_info": { "note": "x" } }))
        .await;
    let unlink = harness.codat(Method::PATCH, &connection).json(&json!({ "status": "Unlinked" }));
    let (status, seen) = answer(unlink).await;
    assert_eq!(
        (status, &seen["status"], &seen["connectionInfo"]["note"]),
        (200, &json!("Unlinked"), &json!("x"))
    );

    harness.arrange(&control, json!({ "status": "Deauthorized" })).await;
    let (_, seen) = get(&harness, &connection).await;
    assert_eq!(seen["dataConnectionErrors"][0]["statusCode"], "401");
    assert_eq!(seen["dataConnectionErrors"][0]["status"], "Active");
    harness
        .arrange(&control, json!({ "errors": [{ "status_code": "500", "error_message": "Own" }] }))
        .await;
    let (_, seen) = get(&harness, &connection).await;
    assert_eq!(seen["dataConnectionErrors"][0]["errorMessage"], "Own");
    assert_eq!(harness.control(Method::DELETE, &control, Value::Null).await.0, 204);
    assert_eq!(get(&harness, &connection).await.0, 404);
}

#[tokio::test]
async fn codat_faults_use_its_error_document_and_requests_are_counted() {
    let harness = Harness::new().await;
    for status in [400, 401, 402, 403, 404, 409, 429, 451, 500, 502, 503] {
        harness
            .arrange(
                "/faults",
                json!({ "target": "codat", "kind": "status", "status": status, "times": 1 }),
            )
            .await;
        let (answered, error) = get(&harness, "/companies").await;
        assert_eq!((answered, &error["statusCode"]), (status, &json!(status)));
        assert!(error["correlationId"].is_string());
    }
    let counts = harness.observe("/requests").await;
    let counts = counts["requests"].as_array().unwrap();
    assert!(
        counts
            .iter()
            .any(|it| it["target"] == "codat" && it["path"] == "/companies" && it["count"] == 11)
    );
}

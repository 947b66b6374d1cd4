//! The page behind Codat's link: it opens once, and its redirect follows the profile's template.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, answer, header, text};

async fn link(harness: &Harness, connection: &str) -> String {
    text(&answer(harness.codat(Method::GET, connection)).await.1["linkUrl"])
}

async fn open(harness: &Harness, url: &str) -> (u16, String) {
    let response = harness.http.get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Presses a button. Returns the status and the address that the browser is redirected to.
async fn press(harness: &Harness, link: &str, button: &str) -> (u16, String) {
    let response =
        harness.http.post(link.replacen("/start", &format!("/{button}"), 1)).send().await.unwrap();
    (response.status().as_u16(), header(&response, "location"))
}

#[tokio::test]
async fn a_link_opens_once_and_each_read_creates_another() {
    // Given a link
    let harness = Harness::new().await;
    let (company, connection) = harness.codat_connection().await;
    let first = link(&harness, &connection).await;
    assert!(
        first.starts_with(&format!("{}{connection}/start?otp=", harness.sandbox.endpoints.connect)),
        "{first}"
    );
    // When it is opened
    let (status, page) = open(&harness, &first).await;
    assert_eq!(status, 200);
    for part in [
        "id=\"finish\"",
        "id=\"cancel\"",
        "id=\"fail\"",
        "id=\"already\"",
        "id=\"unsupported\"",
        "Acme 1",
    ] {
        assert!(page.contains(part), "the page lacks {part}");
    }
    // Then it does not open again, but the open page can be finished although the connection was read meanwhile
    let second = link(&harness, &connection).await;
    assert_ne!(first, second);
    let (status, page) = open(&harness, &first).await;
    assert_eq!((status, page.contains("has been used")), (410, true));
    assert_eq!(press(&harness, &first, "finish").await.0, 200);
    assert_eq!(press(&harness, &first, "cancel").await.0, 410, "a second button worked");
    assert_eq!(open(&harness, &second).await.0, 200, "a new link does not open");
    // And the connection is linked, and its data waits for the schedule
    let (_, seen) = answer(harness.codat(Method::GET, &connection)).await;
    assert_eq!((&seen["status"], seen.get("lastSync")), (&json!("Linked"), None));
    let (_, data) = answer(harness.codat(Method::GET, &format!("{company}/dataStatus"))).await;
    assert_eq!(data["invoices"]["currentStatus"], "Queued");
}

#[tokio::test]
async fn expired_links_answer_410_and_wrong_ones_404() {
    let harness = Harness::new().await;
    let (_, connection) = harness.codat_connection().await;
    let old = link(&harness, &connection).await;
    let expired = harness.arrange("/codat/links/expire", json!({})).await;
    assert!(expired["expired"].as_u64().unwrap() >= 1);
    let (status, page) = open(&harness, &old).await;
    assert_eq!((status, page.contains("has expired")), (410, true));
    let fresh = link(&harness, &connection).await;
    for wrong in [
        fresh.replace("otp=", "otp=0"),
        fresh.split('?').next().unwrap().to_owned(),
        fresh.replace("/companies/", "/companies/0"),
    ] {
        assert_eq!(open(&harness, &wrong).await.0, 404, "{wrong}");
        assert_eq!(press(&harness, &wrong, "finish").await.0, 404, "{wrong}");
    }
    harness.arrange("/codat/settings", json!({ "link_minutes": 0 })).await;
    assert_eq!(open(&harness, &link(&harness, &connection).await).await.0, 410);
}

#[tokio::test]
async fn without_one_time_passwords_a_link_opens_repeatedly() {
    let harness = Harness::new().await;
    harness.arrange("/codat/settings", json!({ "one_time_passwords": false })).await;
    let (_, connection) = harness.codat_connection().await;
    let link = link(&harness, &connection).await;
    assert!(!link.contains('?'), "{link}");
    for _ in 0..2 {
        assert_eq!(open(&harness, &link).await.0, 200);
    }
    assert_eq!(press(&harness, &link, "finish").await.0, 200);
}

#[tokio::test]
async fn each_visit_outcome_has_its_redirect_code_and_error() {
    let harness = Harness::new().await;
    let template = "https://app.example/{platform}/done?Flow=codat&statuscode={statusCode}&message={errorMessage}&s={state}&none={Statuscode}";
    harness.arrange("/codat/profile", json!({ "redirectUrl": template })).await;
    for (button, code, message, status, error) in [
        ("finish", 200, "", "Linked", None),
        ("cancel", 403, "User%20cancelled.", "PendingAuth", Some("User cancelled")),
        (
            "fail",
            500,
            "Unknown%20error%20occurred.",
            "PendingAuth",
            Some("Unknown error occurred."),
        ),
        ("already", 201, "", "PendingAuth", None),
        ("unsupported", 501, "Not%20supported.", "PendingAuth", Some("Not supported.")),
    ] {
        let (_, connection) = harness.codat_connection().await;
        let link = format!("{}&state=a%26b", link(&harness, &connection).await);
        assert_eq!(open(&harness, &link).await.0, 200);
        let target = format!(
            "https://app.example/pqsw/done?Flow=codat&statuscode={code}&message={message}&s=a%26b&none="
        );
        assert_eq!(press(&harness, &link, button).await, (303, target), "{button}");
        let (_, seen) = answer(harness.codat(Method::GET, &connection)).await;
        assert_eq!(seen["status"], status, "{button}");
        assert_eq!(seen["dataConnectionErrors"][0]["errorMessage"].as_str(), error, "{button}");
    }
}

#[tokio::test]
async fn finishing_after_canceling_resolves_the_error() {
    let harness = Harness::new().await;
    let (_, connection) = harness.codat_connection().await;
    press(&harness, &link(&harness, &connection).await, "cancel").await;
    let error =
        answer(harness.codat(Method::GET, &connection)).await.1["dataConnectionErrors"][0].take();
    assert_eq!(
        (&error["statusCode"], &error["statusText"], &error["status"]),
        (&json!("403"), &json!("User cancelled linking"), &json!("Active"))
    );
    press(&harness, &link(&harness, &connection).await, "finish").await;
    let (_, seen) = answer(harness.codat(Method::GET, &connection)).await;
    assert_eq!(
        (&seen["status"], &seen["dataConnectionErrors"][0]["status"]),
        (&json!("Linked"), &json!("Resolved"))
    );
}

#[tokio::test]
async fn a_host_placeholder_may_only_name_allowed_hosts() {
    let harness = Harness::new().await;
    let (_, connection) = harness.codat_connection().await;
    let profile = json!({ "name": "Acme", "redirectUrl": "https://{host}/done", "whiteListUrls": ["https://good.example"] });
    assert_eq!(answer(harness.codat(Method::PUT, "/profile").json(&profile)).await, (200, profile));
    for (host, expected) in [
        ("good.example", (303, "https://good.example/done".to_owned())),
        ("bad.example", (400, String::new())),
    ] {
        let link = format!("{}&host={host}", link(&harness, &connection).await);
        assert_eq!(press(&harness, &link, "finish").await, expected, "{host}");
    }
}

#[tokio::test]
async fn the_control_api_creates_a_company_with_its_links() {
    let harness = Harness::new().await;
    let company = harness
        .arrange("/codat/companies", json!({ "name": "Acme", "platform_keys": ["pqsw", "sbnk"] }))
        .await;
    let connections = company["connections"].as_array().unwrap();
    assert_eq!(connections.len(), 2);
    assert!(
        text(&connections[0]["deep_link"])
            .starts_with("deskside://connect?link=http%3A%2F%2F127.0.0.1%3A")
    );
    assert_eq!(open(&harness, &text(&connections[0]["link_url"])).await.0, 200);
    let state = harness.observe("/state").await;
    assert_eq!(state["codat"]["links"][0]["opens"], 1);
    let (status, _) = harness
        .control(Method::POST, "/codat/companies", json!({ "platform_keys": ["none"] }))
        .await;
    assert_eq!(status, 404);
    assert_eq!(state["codat"]["companies"][0]["name"], "Acme");
    let rejected = harness.control(Method::POST, "/codat/connections/none", Value::Null).await;
    assert!(rejected.0 >= 400, "{rejected:?}");
}

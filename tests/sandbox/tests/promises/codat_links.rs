//! The page behind Codat's link: good for one visit, and its end is told as the profile's template wants it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, answer, header, text};

async fn link(desk: &Desk, connection: &str) -> String {
    text(&answer(desk.codat(Method::GET, connection)).await.1["linkUrl"])
}

async fn open(desk: &Desk, url: &str) -> (u16, String) {
    let response = desk.http.get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Presses a button; the status, and where the browser is sent.
async fn press(desk: &Desk, link: &str, button: &str) -> (u16, String) {
    let response =
        desk.http.post(link.replacen("/start", &format!("/{button}"), 1)).send().await.unwrap();
    (response.status().as_u16(), header(&response, "location"))
}

#[tokio::test]
async fn a_link_is_good_for_one_visit_and_a_new_reading_brings_another() {
    // Given a link
    let desk = Desk::new().await;
    let (company, connection) = desk.codat_connection().await;
    let first = link(&desk, &connection).await;
    assert!(
        first.starts_with(&format!("{}{connection}/start?otp=", desk.sandbox.connect)),
        "{first}"
    );
    // When it is opened
    let (status, page) = open(&desk, &first).await;
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
    // Then it opens no more, but the page that is open can be finished, while the connection is read meanwhile
    let second = link(&desk, &connection).await;
    assert_ne!(first, second);
    let (status, page) = open(&desk, &first).await;
    assert_eq!((status, page.contains("has been used")), (410, true));
    assert_eq!(press(&desk, &first, "finish").await.0, 200);
    assert_eq!(press(&desk, &first, "cancel").await.0, 410, "a second button worked");
    assert_eq!(open(&desk, &second).await.0, 200, "a fresh link is no use");
    // And the company works, and waits for its schedule
    let (_, seen) = answer(desk.codat(Method::GET, &connection)).await;
    assert_eq!((&seen["status"], seen.get("lastSync")), (&json!("Linked"), None));
    let (_, data) = answer(desk.codat(Method::GET, &format!("{company}/dataStatus"))).await;
    assert_eq!(data["invoices"]["currentStatus"], "Queued");
}

#[tokio::test]
async fn an_old_link_and_a_wrong_one_are_told_apart() {
    let desk = Desk::new().await;
    let (_, connection) = desk.codat_connection().await;
    let old = link(&desk, &connection).await;
    let expired = desk.arrange("/codat/links/expire", json!({})).await;
    assert!(expired["expired"].as_u64().unwrap() >= 1);
    let (status, page) = open(&desk, &old).await;
    assert_eq!((status, page.contains("has expired")), (410, true));
    let fresh = link(&desk, &connection).await;
    for wrong in [
        fresh.replace("otp=", "otp=0"),
        fresh.split('?').next().unwrap().to_owned(),
        fresh.replace("/companies/", "/companies/0"),
    ] {
        assert_eq!(open(&desk, &wrong).await.0, 404, "{wrong}");
        assert_eq!(press(&desk, &wrong, "finish").await.0, 404, "{wrong}");
    }
    desk.arrange("/codat/settings", json!({ "link_minutes": 0 })).await;
    assert_eq!(open(&desk, &link(&desk, &connection).await).await.0, 410);
}

#[tokio::test]
async fn without_one_time_passwords_a_link_can_be_opened_again() {
    let desk = Desk::new().await;
    desk.arrange("/codat/settings", json!({ "one_time_passwords": false })).await;
    let (_, connection) = desk.codat_connection().await;
    let link = link(&desk, &connection).await;
    assert!(!link.contains('?'), "{link}");
    for _ in 0..2 {
        assert_eq!(open(&desk, &link).await.0, 200);
    }
    assert_eq!(press(&desk, &link, "finish").await.0, 200);
}

#[tokio::test]
async fn each_end_of_a_visit_has_its_code_and_its_trace() {
    let desk = Desk::new().await;
    let template = "https://app.example/{platform}/done?Flow=codat&statuscode={statusCode}&message={errorMessage}&s={state}&none={Statuscode}";
    desk.arrange("/codat/profile", json!({ "redirectUrl": template })).await;
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
        let (_, connection) = desk.codat_connection().await;
        let link = format!("{}&state=a%26b", link(&desk, &connection).await);
        assert_eq!(open(&desk, &link).await.0, 200);
        let target = format!(
            "https://app.example/pqsw/done?Flow=codat&statuscode={code}&message={message}&s=a%26b&none="
        );
        assert_eq!(press(&desk, &link, button).await, (303, target), "{button}");
        let (_, seen) = answer(desk.codat(Method::GET, &connection)).await;
        assert_eq!(seen["status"], status, "{button}");
        assert_eq!(seen["dataConnectionErrors"][0]["errorMessage"].as_str(), error, "{button}");
    }
}

#[tokio::test]
async fn a_cancelled_link_can_be_repeated_and_the_error_is_then_resolved() {
    let desk = Desk::new().await;
    let (_, connection) = desk.codat_connection().await;
    press(&desk, &link(&desk, &connection).await, "cancel").await;
    let error =
        answer(desk.codat(Method::GET, &connection)).await.1["dataConnectionErrors"][0].take();
    assert_eq!(
        (&error["statusCode"], &error["statusText"], &error["status"]),
        (&json!("403"), &json!("User cancelled linking"), &json!("Active"))
    );
    press(&desk, &link(&desk, &connection).await, "finish").await;
    let (_, seen) = answer(desk.codat(Method::GET, &connection)).await;
    assert_eq!(
        (&seen["status"], &seen["dataConnectionErrors"][0]["status"]),
        (&json!("Linked"), &json!("Resolved"))
    );
}

#[tokio::test]
async fn a_host_from_the_link_must_be_one_that_the_profile_allows() {
    let desk = Desk::new().await;
    let (_, connection) = desk.codat_connection().await;
    let profile = json!({ "name": "Acme", "redirectUrl": "https://{host}/done", "whiteListUrls": ["https://good.example"] });
    assert_eq!(answer(desk.codat(Method::PUT, "/profile").json(&profile)).await, (200, profile));
    for (host, expected) in [
        ("good.example", (303, "https://good.example/done".to_owned())),
        ("bad.example", (400, String::new())),
    ] {
        let link = format!("{}&host={host}", link(&desk, &connection).await);
        assert_eq!(press(&desk, &link, "finish").await, expected, "{host}");
    }
}

#[tokio::test]
async fn control_hands_out_a_company_with_its_links() {
    let desk = Desk::new().await;
    let made = desk
        .arrange("/codat/companies", json!({ "name": "Acme", "platform_keys": ["pqsw", "sbnk"] }))
        .await;
    let connections = made["connections"].as_array().unwrap();
    assert_eq!(connections.len(), 2);
    assert!(
        text(&connections[0]["deep_link"])
            .starts_with("deskside://connect?link=http%3A%2F%2F127.0.0.1%3A")
    );
    assert_eq!(open(&desk, &text(&connections[0]["link_url"])).await.0, 200);
    let state = desk.observe("/state").await;
    assert_eq!(state["codat"]["links"][0]["opens"], 1);
    let (status, _) =
        desk.control(Method::POST, "/codat/companies", json!({ "platform_keys": ["none"] })).await;
    assert_eq!(status, 404);
    assert_eq!(state["codat"]["companies"][0]["name"], "Acme");
    let nothing = desk.control(Method::POST, "/codat/connections/none", Value::Null).await;
    assert!(nothing.0 >= 400, "{nothing:?}");
}

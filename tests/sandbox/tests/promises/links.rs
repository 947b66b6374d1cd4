//! The page behind Conductor's link: it is finished or canceled once, and afterwards says why it no longer works.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, header, text};

async fn press(harness: &Harness, link: &Value, button: &str) -> (u16, String, String) {
    let url = text(&link["auth_flow_url"]).replacen('?', &format!("/{button}?"), 1);
    let response = harness.http.post(url).send().await.unwrap();
    (response.status().as_u16(), header(&response, "location"), response.text().await.unwrap())
}

async fn open(harness: &Harness, url: &str) -> (u16, String) {
    let response = harness.http.get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn finishing_connects_the_company_and_redirects() {
    // Given a link with a redirect
    let harness = Harness::new().await;
    let target = "https://app.example/done?state=abc";
    let link = harness.arrange("/sessions", json!({ "redirect_url": target })).await;
    assert!(
        text(&link["deep_link"]).starts_with("deskside://connect?link=http%3A%2F%2F127.0.0.1%3A")
    );
    let user = text(&link["end_user_id"]);
    // When it is opened and finished
    let (status, page) = open(&harness, &text(&link["auth_flow_url"])).await;
    assert_eq!(status, 200);
    for part in [
        "id=\"finish\"",
        "id=\"cancel\"",
        "<html lang=\"en\">",
        "<main>",
        "single-user mode",
        "Auto-Run",
    ] {
        assert!(page.contains(part), "the page lacks {part}");
    }
    assert_eq!(press(&harness, &link, "finish").await.1, target);
    // Then the connection works and the page was opened exactly once
    assert_eq!(harness.health(&user).await.0, 200);
    let state = harness.observe("/state").await;
    assert_eq!(
        (&state["sessions"][0]["opens"], &state["sessions"][0]["outcome"]),
        (&json!(1), &json!("finished"))
    );
}

#[tokio::test]
async fn a_finished_page_without_redirect_offers_to_close_the_tab() {
    let harness = Harness::new().await;
    let link = harness.arrange("/sessions", json!({})).await;
    let (status, _, page) = press(&harness, &link, "finish").await;
    assert_eq!(status, 200);
    assert!(page.contains("You can close this tab"));
}

#[tokio::test]
async fn canceling_connects_nothing() {
    let harness = Harness::new().await;
    let link =
        harness.arrange("/sessions", json!({ "redirect_url": "https://app.example/done" })).await;
    assert_eq!(press(&harness, &link, "cancel").await.1, "https://app.example/done");
    assert_eq!(
        harness.state_of("end_users", &text(&link["end_user_id"])).await["state"],
        "not_set_up"
    );
}

#[tokio::test]
async fn a_link_works_once_before_expiry_with_its_key_only() {
    let harness = Harness::new().await;
    let used = harness.arrange("/sessions", json!({})).await;
    press(&harness, &used, "finish").await;
    let (status, page) = open(&harness, &text(&used["auth_flow_url"])).await;
    assert_eq!(status, 410);
    assert!(page.contains("has been used"));
    assert_eq!(press(&harness, &used, "finish").await.0, 410, "finished twice");

    let old = harness.arrange("/sessions", json!({})).await;
    harness.arrange("/sessions/expire", json!({ "client_secret": old["client_secret"] })).await;
    let (status, page) = open(&harness, &text(&old["auth_flow_url"])).await;
    assert_eq!(status, 410);
    assert!(page.contains("has expired"));
    assert_eq!(press(&harness, &old, "finish").await.0, 410, "an expired link was finished");
    let expired = harness.arrange("/sessions", json!({ "link_expiry_mins": 0 })).await;
    assert_eq!(open(&harness, &text(&expired["auth_flow_url"])).await.0, 410);

    let good = text(&harness.arrange("/sessions", json!({})).await["auth_flow_url"]);
    let wrong_key = good.replace("?key=pk_", "?key=qk_");
    let no_key = good.split('?').next().unwrap().to_owned();
    let wrong_secret = good.replace("client_secret_", "client_secret_0");
    for url in [wrong_key, no_key, wrong_secret] {
        assert_eq!(open(&harness, &url).await.0, 404, "{url}");
    }
}

#[tokio::test]
async fn whether_finishing_counts_as_a_success_is_a_setting() {
    let harness = Harness::new().await;
    harness.arrange("/backend", json!({ "finish_is_success": false })).await;
    let link = harness.arrange("/sessions", json!({})).await;
    press(&harness, &link, "finish").await;
    let user = harness.state_of("end_users", &text(&link["end_user_id"])).await;
    assert_eq!(
        (&user["state"], &user["connection"]["last_successful_request_at"]),
        (&json!("working"), &Value::Null)
    );
}

#[tokio::test]
async fn return_page_requires_a_click_and_accepts_only_a_state() {
    let harness = Harness::new().await;
    let page = |state: &str| format!("{}/return?state={state}", harness.sandbox.endpoints.backend);
    let (status, html) = open(&harness, &page("a-B_c.9~")).await;
    assert_eq!(status, 200);
    assert!(
        html.contains(
            "<a id=\"back\" href=\"deskside://return?state=a-B_c.9~\">Back to Deskside</a>"
        )
    );
    assert!(!html.contains("refresh"), "the page must not open a program by itself");
    for bad in ["", "%22%3E%3Cscript%3E", "a%26b%3Dc", &"x".repeat(513)] {
        assert_eq!(open(&harness, &page(bad)).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn all_open_links_can_be_expired_at_once() {
    let harness = Harness::new().await;
    harness.arrange("/sessions", json!({})).await;
    harness.arrange("/sessions", json!({})).await;
    assert_eq!(
        harness.arrange("/sessions/expire", json!({ "all": true })).await,
        json!({ "expired": 2 })
    );
    let (status, _) = harness.control(Method::POST, "/sessions/expire", json!({})).await;
    assert_eq!(status, 400, "a request that selects no link was accepted");
}

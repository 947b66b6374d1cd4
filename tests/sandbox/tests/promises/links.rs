//! The page behind a link: opened once, finished or cancelled once, and honest about why it no longer works.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, header, text};

async fn press(desk: &Desk, link: &Value, button: &str) -> (u16, String, String) {
    let url = text(&link["auth_flow_url"]).replacen('?', &format!("/{button}?"), 1);
    let response = desk.http.post(url).send().await.unwrap();
    (response.status().as_u16(), header(&response, "location"), response.text().await.unwrap())
}

async fn open(desk: &Desk, url: &str) -> (u16, String) {
    let response = desk.http.get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn finishing_connects_the_company_and_goes_back_to_where_the_link_says() {
    // Given a link with a place to go back to
    let desk = Desk::new().await;
    let target = "https://app.example/done?state=abc";
    let link = desk.arrange("/sessions", json!({ "redirect_url": target })).await;
    assert!(
        text(&link["deep_link"]).starts_with("deskside://connect?link=http%3A%2F%2F127.0.0.1%3A")
    );
    let user = text(&link["end_user_id"]);
    // When it is opened and finished
    let (status, page) = open(&desk, &text(&link["auth_flow_url"])).await;
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
    assert_eq!(press(&desk, &link, "finish").await.1, target);
    // Then the connection works, and the page was opened exactly once
    assert_eq!(desk.health(&user).await.0, 200);
    let state = desk.observe("/state").await;
    assert_eq!(
        (&state["sessions"][0]["opens"], &state["sessions"][0]["outcome"]),
        (&json!(1), &json!("finished"))
    );
}

#[tokio::test]
async fn without_a_place_to_go_back_to_the_page_says_that_the_tab_can_be_closed() {
    let desk = Desk::new().await;
    let link = desk.arrange("/sessions", json!({})).await;
    let (status, _, page) = press(&desk, &link, "finish").await;
    assert_eq!(status, 200);
    assert!(page.contains("You can close this tab"));
}

#[tokio::test]
async fn cancelling_connects_nothing() {
    let desk = Desk::new().await;
    let link =
        desk.arrange("/sessions", json!({ "redirect_url": "https://app.example/done" })).await;
    assert_eq!(press(&desk, &link, "cancel").await.1, "https://app.example/done");
    assert_eq!(
        desk.state_of("end_users", &text(&link["end_user_id"])).await["state"],
        "not_set_up"
    );
}

#[tokio::test]
async fn a_link_works_once_until_it_expires_and_only_with_its_key() {
    let desk = Desk::new().await;
    let used = desk.arrange("/sessions", json!({})).await;
    press(&desk, &used, "finish").await;
    let (status, page) = open(&desk, &text(&used["auth_flow_url"])).await;
    assert_eq!(status, 410);
    assert!(page.contains("has been used"));
    assert_eq!(press(&desk, &used, "finish").await.0, 410, "finished twice");

    let old = desk.arrange("/sessions", json!({})).await;
    desk.arrange("/sessions/expire", json!({ "client_secret": old["client_secret"] })).await;
    let (status, page) = open(&desk, &text(&old["auth_flow_url"])).await;
    assert_eq!(status, 410);
    assert!(page.contains("has expired"));
    assert_eq!(press(&desk, &old, "finish").await.0, 410, "an expired link was finished");
    let stillborn = desk.arrange("/sessions", json!({ "link_expiry_mins": 0 })).await;
    assert_eq!(open(&desk, &text(&stillborn["auth_flow_url"])).await.0, 410);

    let good = text(&desk.arrange("/sessions", json!({})).await["auth_flow_url"]);
    let wrong_key = good.replace("?key=pk_", "?key=qk_");
    let no_key = good.split('?').next().unwrap().to_owned();
    let wrong_secret = good.replace("client_secret_", "client_secret_0");
    for url in [wrong_key, no_key, wrong_secret] {
        assert_eq!(open(&desk, &url).await.0, 404, "{url}");
    }
}

#[tokio::test]
async fn whether_finishing_counts_as_a_first_success_is_for_the_test_to_say() {
    let desk = Desk::new().await;
    desk.arrange("/backend", json!({ "finish_is_success": false })).await;
    let link = desk.arrange("/sessions", json!({})).await;
    press(&desk, &link, "finish").await;
    let user = desk.state_of("end_users", &text(&link["end_user_id"])).await;
    assert_eq!(
        (&user["state"], &user["connection"]["last_successful_request_at"]),
        (&json!("working"), &Value::Null)
    );
}

#[tokio::test]
async fn the_bridge_page_asks_for_a_click_and_lets_nothing_but_a_state_through() {
    let desk = Desk::new().await;
    let page = |state: &str| format!("{}/return?state={state}", desk.sandbox.backend);
    let (status, html) = open(&desk, &page("a-B_c.9~")).await;
    assert_eq!(status, 200);
    assert!(
        html.contains(
            "<a id=\"back\" href=\"deskside://return?state=a-B_c.9~\">Back to Deskside</a>"
        )
    );
    assert!(!html.contains("refresh"), "the page must not open a program by itself");
    for bad in ["", "%22%3E%3Cscript%3E", "a%26b%3Dc", &"x".repeat(513)] {
        assert_eq!(open(&desk, &page(bad)).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn all_open_links_can_be_expired_at_once() {
    let desk = Desk::new().await;
    desk.arrange("/sessions", json!({})).await;
    desk.arrange("/sessions", json!({})).await;
    assert_eq!(
        desk.arrange("/sessions/expire", json!({ "all": true })).await,
        json!({ "expired": 2 })
    );
    let (status, _) = desk.control(Method::POST, "/sessions/expire", json!({})).await;
    assert_eq!(status, 400, "neither one nor all was expired without a word");
}

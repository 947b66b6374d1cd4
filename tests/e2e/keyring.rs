//! A keyring that is locked, missing or late: said, lived through, and over when it is over.

use deskside_tests::{
    App, Cli, Desktop, PATIENCE, Parts, Play, Sandbox, eventually, eventually_within,
};
use serde_json::json;

#[tokio::test]
async fn a_locked_keyring_blocks_enrolment_and_enrolment_works_once_it_is_unlocked() -> Play {
    // Given a keyring that was locked after signing in
    let desktop = Desktop::set_up(Parts::default()).await?;
    let sandbox = Sandbox::start().await?;
    let enrollment = sandbox.enrollment("Acme Books").await?;
    desktop.lock_keyring().await?;

    // When the link is clicked and agreed to
    let app = App::start(&desktop, &[&enrollment.deep_link]).await?;
    let page = app.page(&desktop).await?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;

    // Then that is said, and nothing was used up
    page.says("Passwords cannot be stored").await?;
    let state = sandbox.get("/state").await?;
    assert_eq!((&state["devices"], &state["enrollments"][0]["used"]), (&json!([]), &json!(false)));

    // When the user answers the keyring's own prompt, Deskside notices by itself
    desktop.answer_keyring_prompt().await?;
    eventually("the notice is gone", async || {
        Ok((!page.text().await?.contains("Passwords cannot be")).then_some(()))
    })
    .await?;

    // And the same link works
    App::click(&desktop, &enrollment.deep_link).await?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.press("Yes, tell them").await?;
    eventually("the token is in the keyring", async || {
        let device = sandbox.get("/state").await?["devices"][0]["id"].clone();
        let Some(device) = device.as_str() else { return Ok(None) };
        desktop.secret(&format!("backend/127.0.0.1/{device}/token")).await
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn without_any_session_bus_the_program_lives_and_says_what_is_missing() -> Play {
    let parts = Parts { keyring: false, bus: false, ..Parts::default() };
    let desktop = Desktop::set_up(parts).await?;
    let mut app = App::start(&desktop, &[]).await?;
    let page = app.page(&desktop).await?;
    page.says("Passwords cannot be read").await?;
    let status = Cli(&desktop).run(&["status", "--json"]).await?;
    assert_eq!(status.code, Some(3));
    assert!(app.is_running()?);
    Ok(())
}

#[tokio::test]
async fn a_keyring_that_comes_late_is_noticed() -> Play {
    let parts = Parts { keyring: false, ..Parts::default() };
    let mut desktop = Desktop::set_up(parts).await?;
    let app = App::start(&desktop, &[]).await?;
    let page = app.page(&desktop).await?;
    page.says("Passwords cannot be read").await?;
    desktop.unlock_keyring().await?;
    // It is tried seldom, because a locked one may ask the user each time.
    eventually_within(3 * PATIENCE, "the notice is gone", async || {
        Ok((!page.text().await?.contains("Passwords cannot be")).then_some(()))
    })
    .await
}

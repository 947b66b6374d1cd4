//! A keyring that is locked, missing or late: Deskside says so, survives it, and notices its end.

use deskside_tests::{Outcome, PATIENCE, Parts, Sandbox, Stage, eventually, eventually_within};
use serde_json::json;

use super::agree;

#[test]
fn enrollment_waits_until_a_locked_keyring_is_unlocked() -> Outcome {
    // Given a keyring that was locked after signing in
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    let enrollment = sandbox.enrollment("Acme Books")?;
    stage.desktop.lock_keyring()?;

    // When the link is clicked and agreed to
    let _app = stage.app(&[&enrollment.deep_link])?;
    let page = stage.desktop.page()?;
    page.click("input[type=checkbox]")?;
    page.press("Link")?;

    // Then the page says so, and nothing was used up
    page.says("Passwords cannot be stored")?;
    let state = sandbox.get("/state")?;
    assert_eq!((&state["devices"], &state["enrollments"][0]["used"]), (&json!([]), &json!(false)));

    // When the user answers the keyring's own prompt, Deskside notices
    stage.desktop.answer_keyring_prompt()?;
    eventually("the notice is gone", || {
        Ok((!page.text()?.contains("Passwords cannot be")).then_some(()))
    })?;

    // And the same link works
    stage.click(&enrollment.deep_link)?;
    agree(&page)?;
    eventually("the token is in the keyring", || {
        let device = sandbox.get("/state")?["devices"][0]["id"].clone();
        let Some(device) = device.as_str() else { return Ok(None) };
        stage.desktop.secret(&format!("backend/127.0.0.1/{device}/token"))
    })?;
    Ok(())
}

#[test]
fn without_a_session_bus_the_app_names_the_problem() -> Outcome {
    let parts = Parts { keyring: false, bus: false, ..Parts::default() };
    let stage = Stage::set_up_with(parts)?;
    let mut app = stage.app(&[])?;
    let page = stage.desktop.page()?;
    page.says("Passwords cannot be read")?;
    let status = stage.cli(&["status", "--json"])?;
    assert_eq!(status.code, Some(3));
    assert!(app.is_running()?);
    Ok(())
}

#[test]
fn a_keyring_that_starts_late_is_noticed() -> Outcome {
    let parts = Parts { keyring: false, ..Parts::default() };
    let mut stage = Stage::set_up_with(parts)?;
    let _app = stage.app(&[])?;
    let page = stage.desktop.page()?;
    page.says("Passwords cannot be read")?;
    stage.desktop.unlock_keyring()?;
    // Deskside tries seldom, because a locked keyring may ask the user each time.
    eventually_within(3 * PATIENCE, "the notice is gone", || {
        Ok((!page.text()?.contains("Passwords cannot be")).then_some(()))
    })
}

//! The end of a session, sleep and waking, as Windows tells them to every top-level window.

use std::time::Duration;

use deskside_windows_tests::{
    App, Play, Sandbox, Stage, Window, eventually, eventually_within, top_level_windows,
};
use serde_json::{Value, json};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    PBT_APMRESUMEAUTOMATIC, PBT_APMSUSPEND, WM_ENDSESSION, WM_POWERBROADCAST, WM_QUERYENDSESSION,
};

/// The window that hears of these things.
fn listener(app: &App) -> Play<Window> {
    eventually("something listens", || {
        let windows = top_level_windows()?.into_iter();
        let mut of_app = windows.filter(|window| window.process == app.id());
        Ok(of_app.find(|window| window.class == "DesksideMessages"))
    })
}

/// How often the provider was asked.
fn asked(sandbox: &Sandbox) -> Play<u64> {
    let requests = sandbox.get("/requests")?;
    let list = requests["requests"].as_array().ok_or("no list")?;
    let of_provider = list.iter().filter(|one| one["target"] == "conductor");
    Ok(of_provider.filter_map(|one| one["count"].as_u64()).sum())
}

#[test]
fn a_session_that_ends_ends_the_program_and_one_that_goes_on_does_not() -> Play {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    let window = listener(&app)?;
    // Somebody else has stopped it
    assert_eq!(window.send(WM_QUERYENDSESSION, 0, 0)?, 1);
    assert_eq!(window.send(WM_ENDSESSION, 0, 0)?, 0);
    assert_eq!(stage.companion_answers()?["running"], true);
    assert!(app.is_running()?);
    // It ends indeed
    assert_eq!(window.send(WM_QUERYENDSESSION, 0, 0)?, 1);
    assert_eq!(window.send(WM_ENDSESSION, 1, 0)?, 0);
    assert_eq!(app.ends()?, Some(0));
    assert!(!stage.data.join("control.pipe").exists(), "it did not end by itself");
    Ok(())
}

#[test]
fn after_a_sleep_everything_is_looked_at_again() -> Play {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start(&stage)?;
    let session = sandbox.post("/sessions", &json!({}))?;
    let user = session["end_user_id"].as_str().ok_or("no end user")?;
    sandbox.post(&format!("/end-users/{user}"), &json!({ "state": "working" }))?;
    let base = format!("{}/v1", sandbox.ready.conductor);
    let add = ["connection", "add", "conductor", "--end-user", user, "--base-url", &base];
    let added = stage.cli_with(&add, sandbox.ready.conductor_secret_key.as_bytes())?;
    assert_eq!(added.code, Some(0), "{added:?}");

    let app = stage.app(&["--background"])?;
    let status = stage.companion_answers()?;
    assert_ne!(status["connections"], Value::Array(Vec::new()));
    let window = listener(&app)?;
    // The first question may be one of those that come with the start. The second is not: without
    // a reason nobody is asked more than once in 54 seconds.
    for _ in 0..2 {
        let before = asked(&sandbox)?;
        assert_eq!(window.send(WM_POWERBROADCAST, PBT_APMSUSPEND as usize, 0)?, 1);
        assert_eq!(window.send(WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC as usize, 0)?, 1);
        eventually_within(Duration::from_secs(20), "the provider is asked again", || {
            Ok((asked(&sandbox)? > before).then_some(()))
        })?;
    }
    Ok(())
}

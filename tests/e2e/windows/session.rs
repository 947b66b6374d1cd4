//! The end of a session, sleep and waking, as Windows announces them to every top-level window.

use std::time::Duration;

use deskside_tests::{
    Outcome, Program, Sandbox, Stage, Window, eventually, eventually_within, top_level_windows,
};
use serde_json::Value;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    PBT_APMRESUMEAUTOMATIC, PBT_APMSUSPEND, WM_ENDSESSION, WM_POWERBROADCAST, WM_QUERYENDSESSION,
};

use crate::direct::working_connection;

/// The window that receives these messages.
fn listener(app: &Program) -> Outcome<Window> {
    eventually("something listens", || {
        let windows = top_level_windows()?.into_iter();
        let mut of_app = windows.filter(|window| window.process == app.id());
        Ok(of_app.find(|window| window.class == "DesksideMessages"))
    })
}

#[test]
fn only_a_session_that_really_ends_ends_the_app() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    let window = listener(&app)?;
    // When another program prevents the end of the session
    assert_eq!(window.send(WM_QUERYENDSESSION, 0, 0)?, 1);
    assert_eq!(window.send(WM_ENDSESSION, 0, 0)?, 0);
    assert_eq!(stage.companion_answers()?["running"], true);
    assert!(app.is_running()?);
    // When the session really ends
    assert_eq!(window.send(WM_QUERYENDSESSION, 0, 0)?, 1);
    assert_eq!(window.send(WM_ENDSESSION, 1, 0)?, 0);
    assert_eq!(app.ends()?, Some(0));
    Ok(())
}

#[test]
fn after_a_sleep_the_provider_is_asked_again() -> Outcome {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    working_connection(&stage, &sandbox)?;

    let app = stage.app(&["--background"])?;
    let status = stage.companion_answers()?;
    assert_ne!(status["connections"], Value::Array(Vec::new()));
    let window = listener(&app)?;
    // The first request may be part of the start. The second is not: without a reason nobody is
    // asked more than once in 54 seconds.
    for _ in 0..2 {
        let before = sandbox.requests("conductor", "")?;
        assert_eq!(window.send(WM_POWERBROADCAST, PBT_APMSUSPEND as usize, 0)?, 1);
        assert_eq!(window.send(WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC as usize, 0)?, 1);
        eventually_within(Duration::from_secs(20), "the provider is asked again", || {
            Ok((sandbox.requests("conductor", "")? > before).then_some(()))
        })?;
    }
    Ok(())
}

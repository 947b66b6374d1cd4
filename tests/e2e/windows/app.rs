//! The tray app where WebView2 may be missing and the taskbar may come and go.

use std::time::{Duration, Instant};

use deskside_tests::{
    MouseButton, OtherDesktop, Outcome, Program, Stage, TrayIcon, eventually, eventually_within,
    has_taskbar, running_in, top_level_windows,
};

use super::app_without_webview2;

/// The app looks after its icon once a minute.
const UNTIL_CHECKED: Duration = Duration::from_secs(90);

fn in_the_tray(app: &Program) -> Outcome<TrayIcon> {
    eventually("the tray has its icon", || TrayIcon::of(app.id()))
}

fn visible_windows(app: &Program) -> Outcome<Vec<String>> {
    let windows = top_level_windows()?.into_iter();
    let of_app = windows.filter(|window| window.process == app.id() && window.can_be_seen);
    Ok(of_app.map(|window| window.class).collect())
}

#[test]
fn started_in_the_background_the_app_shows_only_its_icon() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    assert_eq!(stage.companion_answers()?["headline"], "No connection yet");
    in_the_tray(&app)?;
    assert_eq!(visible_windows(&app)?, Vec::<String>::new());
    assert!(app.is_running()?);
    assert_eq!(stage.log()?, "", "something was wrong");

    // When it ends, so does its icon
    app.crash()?;
    assert!(TrayIcon::of(app.id())?.is_none(), "an icon of nobody");
    Ok(())
}

#[test]
fn without_webview2_the_app_logs_it_and_keeps_running() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = app_without_webview2(&stage)?;
    eventually("the window was tried", || {
        Ok(stage.log()?.contains("the window could not be opened").then_some(()))
    })?;
    assert_eq!(stage.companion_answers()?["headline"], "No connection yet");
    in_the_tray(&app)?;
    eventually("a box is all there is to see, and no empty frame", || {
        let windows = visible_windows(&app)?;
        if windows == ["#32770"] { Ok(Some(())) } else { Err(format!("{windows:?}").into()) }
    })?;
    assert!(app.is_running()?);
    Ok(())
}

#[test]
fn started_before_the_taskbar_the_icon_appears_later() -> Outcome {
    // Sometimes Wine makes a desktop that cannot be inspected, which says nothing about the app.
    let desktops = ["deskside-early", "deskside-early-2", "deskside-early-3"];
    let complaints: Vec<String> = desktops
        .into_iter()
        .map_while(|name| comes_into_the_tray_of(name).err().map(|why| why.to_string()))
        .collect();
    if complaints.len() < desktops.len() { Ok(()) } else { Err(complaints.join("; ").into()) }
}

fn comes_into_the_tray_of(name: &str) -> Outcome {
    let stage = Stage::set_up()?;
    // Given a new desktop, on which Windows itself never puts a taskbar
    let desktop = OtherDesktop::make(name)?;
    // When the app is the first program there
    let app = desktop.start(&stage.programs.join("deskside.exe"), "--background")?;
    // Then it runs, and is in the tray as soon as there is one
    assert_eq!(stage.companion_answers()?["headline"], "No connection yet");
    eventually("the tray has its icon if there is a tray", || {
        let seen = desktop.look(|| Ok((has_taskbar(), TrayIcon::of(app)?.is_some())))?;
        if seen.0 == seen.1 { Ok(Some(())) } else { Err(format!("{seen:?}").into()) }
    })?;
    assert_eq!(running_in(&stage.programs)?.len(), 1, "it has ended");
    Ok(())
}

#[test]
fn its_icon_comes_back_with_a_new_taskbar() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    in_the_tray(&app)?.lose()?;
    in_the_tray(&app)?;
    assert!(app.is_running()?);
    Ok(())
}

#[test]
fn its_icon_comes_back_when_it_was_taken_away_silently() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    in_the_tray(&app)?.take_away()?;
    eventually_within(UNTIL_CHECKED, "the icon is back", || TrayIcon::of(app.id()))?;
    assert!(app.is_running()?);
    Ok(())
}

#[test]
fn clicks_on_the_icon_open_the_menu_and_the_window() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    let icon = in_the_tray(&app)?;
    assert_eq!(visible_windows(&app)?, Vec::<String>::new());

    icon.click(MouseButton::Right)?;
    eventually("the menu is open", || {
        let windows = visible_windows(&app)?;
        if windows == ["#32768"] { Ok(Some(())) } else { Err(format!("{windows:?}").into()) }
    })?;
    icon.click(MouseButton::Left)?;
    eventually("the window is there, or the reason why there is none", || {
        let windows = visible_windows(&app)?;
        Ok(windows.iter().any(|class| class != "#32768").then_some(()))
    })?;
    assert!(app.is_running()?);
    Ok(())
}

#[test]
fn a_second_copy_ends_quickly_and_successfully() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    for arguments in [&["--background"][..], &[], &["deskside://open/settings"]] {
        let began = Instant::now();
        assert_eq!(stage.app(arguments)?.ends()?, Some(0), "{arguments:?}");
        // A copy that did not reach the first one would wait for five seconds before it gives up.
        assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
    }
    assert!(app.is_running()?);
    Ok(())
}

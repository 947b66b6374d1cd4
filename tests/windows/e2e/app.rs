//! The tray app on a computer that may have no WebView2, and whose taskbar comes and goes.

use std::time::{Duration, Instant};

use deskside_windows_tests::{
    App, OtherDesktop, Play, Stage, TrayIcon, eventually, has_taskbar, running, top_level_windows,
};

fn in_the_tray(app: &App) -> Play<TrayIcon> {
    eventually("the tray has its icon", || TrayIcon::of(app.id()))
}

fn visible_windows(app: &App) -> Play<Vec<String>> {
    let windows = top_level_windows()?.into_iter();
    let of_app = windows.filter(|window| window.process == app.id() && window.can_be_seen);
    Ok(of_app.map(|window| window.class).collect())
}

#[test]
fn started_with_the_computer_it_is_in_the_tray_and_shows_nothing_else() -> Play {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    assert_eq!(stage.companion_answers()?["headline"], "No connection yet");
    in_the_tray(&app)?;
    assert_eq!(visible_windows(&app)?, Vec::<String>::new());
    assert!(app.is_running()?);
    assert_eq!(stage.log()?, "", "something was wrong");

    // When it ends, its icon goes, too
    app.crash()?;
    assert!(TrayIcon::of(app.id())?.is_none(), "an icon of nobody");
    Ok(())
}

#[test]
fn without_webview2_it_says_so_in_the_log_and_keeps_working() -> Play {
    let stage = Stage::set_up()?;
    let mut app = stage.app_without_webview2(&[])?;
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
fn started_before_the_taskbar_is_there_it_comes_into_the_tray_later() -> Play {
    // Now and then Wine makes a desktop that nobody can look at, which says nothing about the app.
    let desktops = ["deskside-early", "deskside-early-2", "deskside-early-3"];
    let complaints: Vec<String> = desktops
        .into_iter()
        .map_while(|name| comes_into_the_tray_of(name).err().map(|why| why.to_string()))
        .collect();
    if complaints.len() < desktops.len() { Ok(()) } else { Err(complaints.join("; ").into()) }
}

fn comes_into_the_tray_of(name: &str) -> Play {
    let stage = Stage::set_up()?;
    // Given a desktop that nobody has been on; Windows itself never puts a taskbar on it
    let desktop = OtherDesktop::make(name)?;
    // When the app is the first there
    let app = desktop.start(&stage.programs.join("deskside.exe"), "--background")?;
    // Then it runs, and is in the tray as soon as there is one
    assert_eq!(stage.companion_answers()?["headline"], "No connection yet");
    eventually("the tray has its icon if there is a tray", || {
        let seen = desktop.look(|| Ok((has_taskbar(), TrayIcon::of(app)?.is_some())))?;
        if seen.0 == seen.1 { Ok(Some(())) } else { Err(format!("{seen:?}").into()) }
    })?;
    assert_eq!(running(&stage.programs)?.len(), 1, "it has ended");
    Ok(())
}

#[test]
fn its_icon_comes_back_with_a_new_taskbar() -> Play {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    in_the_tray(&app)?.lose()?;
    in_the_tray(&app)?;
    assert!(app.is_running()?);
    Ok(())
}

#[test]
fn a_second_copy_ends_at_once_and_well() -> Play {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    for arguments in [&["--background"][..], &[], &["deskside://open/settings"]] {
        let began = Instant::now();
        assert_eq!(stage.app(arguments)?.ends()?, Some(0), "{arguments:?}");
        assert!(began.elapsed() < Duration::from_secs(3), "it took {:?}", began.elapsed());
    }
    assert!(app.is_running()?);
    Ok(())
}

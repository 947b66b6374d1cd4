//! What only Windows itself can show: Wine has no WebView2, no notifications and no Explorer.
//!
//! `cargo xtask windows desktop` runs these tests; the public checks do so on two versions of
//! Windows. They need a session with a taskbar.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use deskside_tests::{
    NAME, Outcome, Program, Sandbox, Stage, TrayIcon, eventually, eventually_within, has_taskbar,
    top_level_windows,
};

use super::open_company;
use crate::direct::working_connection;

/// The most private memory of the app without a window, in bytes: about twice what it needs on
/// Linux.
const MOST_AT_REST: u64 = 64 * 1024 * 1024;

/// The longest time between a problem and its notification.
const UNTIL_NOTIFIED: Duration = Duration::from_secs(180);

/// Runs a script in Windows PowerShell, which can call WinRT, and returns its output.
fn powershell(script: &str) -> Outcome<String> {
    let arguments = ["-NoProfile", "-NonInteractive", "-Command", script];
    let output = Command::new("powershell.exe").args(arguments).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

/// Waits until the app's own window is on the screen.
fn window_appears(app: &Program) -> Outcome {
    eventually("the window is there", || {
        let mut windows = top_level_windows()?.into_iter();
        let found = windows
            .any(|window| window.process == app.id() && window.can_be_seen && window.title == NAME);
        Ok(found.then_some(()))
    })
}

/// The private memory of a process and all processes below it, in bytes.
fn private_bytes(app: &Program) -> Outcome<u64> {
    let script = format!(
        "$all = Get-CimInstance Win32_Process; $ids = @({}); \
         do {{ $count = $ids.Count; $ids = @($ids + ($all | Where-Object {{ $ids -contains \
         $_.ParentProcessId }}).ProcessId | Sort-Object -Unique) }} while ($ids.Count -gt $count); \
         (Get-Process -Id $ids | Measure-Object -Sum PrivateMemorySize64).Sum",
        app.id()
    );
    Ok(powershell(&script)?.parse()?)
}

#[test]
#[ignore = "needs Windows itself"]
fn a_link_through_the_shell_opens_the_window_of_the_running_app() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    // Explorer, browsers and mail programs open links with this call.
    let line = ["/c", "start", "", "deskside://open/status"];
    assert_eq!(Program::start(Command::new("cmd").args(line))?.ends()?, Some(0));
    window_appears(&app)?;
    assert!(app.is_running()?);
    assert_eq!(stage.log()?, "", "something was wrong");
    Ok(())
}

#[test]
#[ignore = "needs Windows itself"]
fn the_icon_comes_back_after_explorer_has_ended() -> Outcome {
    assert!(has_taskbar(), "this session has no taskbar");
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    eventually("the tray has its icon", || TrayIcon::of(app.id()))?;
    let line = ["/f", "/im", "explorer.exe"];
    assert_eq!(Program::start(Command::new("taskkill").args(line))?.ends()?, Some(0));
    eventually("the taskbar is gone", || Ok((!has_taskbar()).then_some(())))?;
    // Windows restarts it in a session that a user has signed in to.
    let restarted = eventually_within(Duration::from_secs(10), "a new taskbar", || {
        Ok(has_taskbar().then_some(()))
    });
    if restarted.is_err() {
        Command::new("explorer.exe").spawn()?;
        eventually("a new taskbar", || Ok(has_taskbar().then_some(())))?;
    }
    eventually("the tray has its icon again", || TrayIcon::of(app.id()))?;
    assert!(app.is_running()?);
    Ok(())
}

#[test]
#[ignore = "needs Windows itself"]
fn a_problem_reaches_the_notification_center() -> Outcome {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    let quickbooks = open_company(&stage)?;
    let _web_connector = stage.web_connector()?;
    working_connection(&stage, &sandbox)?;
    let _app = stage.app(&["--background"])?;
    stage.verdict_becomes("healthy")?;

    drop(quickbooks);
    let history = "[void][Windows.UI.Notifications.ToastNotificationManager, \
        Windows.UI.Notifications, ContentType = WindowsRuntime]; \
        [Windows.UI.Notifications.ToastNotificationManager]::History\
        .GetHistory('com.deskside.companion') | ForEach-Object { $_.Content.GetXml() }";
    let shown = eventually_within(UNTIL_NOTIFIED, "a notification", || {
        Ok(Some(powershell(history)?).filter(|shown| shown.contains("QuickBooks")))
    })?;
    assert!(shown.contains("deskside://open/"), "a click on it opens nothing: {shown}");
    Ok(())
}

#[test]
#[ignore = "needs Windows itself"]
fn the_window_shows_the_page_in_webview2() -> Outcome {
    let stage = Stage::set_up()?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let arguments = format!("--remote-debugging-port={port}");
    let mut command = stage.command("deskside");
    let mut app = Program::start(command.env("WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS", arguments))?;
    let pages = eventually("the page is there", || {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        write!(stream, "GET /json/list HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(Some(answer).filter(|answer| answer.contains("tauri.localhost")))
    })?;
    assert!(pages.contains("\"title\": \"Deskside\""), "{pages}");
    assert!(app.is_running()?, "the app has ended");
    assert_eq!(stage.log()?, "", "something was wrong");
    Ok(())
}

#[test]
#[ignore = "needs Windows itself"]
fn memory_at_rest_is_small_and_returns_to_that_after_the_window() -> Outcome {
    let stage = Stage::set_up()?;
    let app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    let at_rest = private_bytes(&app)?;
    let began = Instant::now();
    assert_eq!(stage.app(&[])?.ends()?, Some(0));
    window_appears(&app)?;
    let (opened, with_window) = (began.elapsed(), private_bytes(&app)?);
    let close = "(Get-Process -Name deskside).CloseMainWindow()";
    assert_eq!(powershell(close)?, "True");
    let afterwards = eventually("the memory of the window is free", || {
        Ok(Some(private_bytes(&app)?).filter(|bytes| *bytes < MOST_AT_REST))
    })?;
    println!(
        "private bytes: at rest {at_rest}, with a window {with_window}, afterwards {afterwards}; \
         the window opened in {opened:?}"
    );
    assert!(at_rest < MOST_AT_REST, "{at_rest} bytes at rest");
    Ok(())
}

#[test]
#[ignore = "needs Windows itself"]
fn a_dead_page_is_built_again() -> Outcome {
    let stage = Stage::set_up()?;
    let app = stage.app(&[])?;
    window_appears(&app)?;
    let renderer = || {
        let script = format!(
            "$all = Get-CimInstance Win32_Process -Filter \"name = 'msedgewebview2.exe'\"; \
             $browser = $all | Where-Object ParentProcessId -eq {}; ($all | Where-Object {{ \
             $_.ParentProcessId -eq $browser.ProcessId -and $_.CommandLine -like \
             '*--type=renderer*' }} | Select-Object -First 1).ProcessId",
            app.id()
        );
        Ok(powershell(&script)?.parse::<u32>().ok())
    };
    let before = eventually("the page has a process", renderer)?;
    powershell(&format!("Stop-Process -Force -Id {before}"))?;
    eventually("the page is back", || {
        Ok(stage.log()?.contains("the window shows its page again").then_some(()))
    })?;
    assert_ne!(renderer()?, Some(before), "the page has its process still");
    window_appears(&app)
}

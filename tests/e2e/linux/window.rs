//! The window, when its webview fails.

use std::process::Command;

use deskside_tests::{Outcome, Program, Stage, eventually, running};

/// The process of a page, of whose name Linux keeps 15 bytes.
const PAGE_PROCESS: &str = "WebKitWebProces";

/// Ends the process of the page in the app's window, other than the one of the page before.
fn end_page(app: &Program, before: Option<u32>) -> Outcome<u32> {
    let page = eventually("the page has a process", || {
        let page = running()?.into_iter().find(|one| {
            one.parent == Some(app.id()) && one.name == PAGE_PROCESS && Some(one.id) != before
        });
        Ok(page.map(|page| page.id))
    })?;
    assert!(Command::new("kill").args(["-KILL", &page.to_string()]).status()?.success());
    Ok(page)
}

/// Waits until the page was back so many times. A WebDriver reaches the first page only.
fn page_is_back(stage: &Stage, count: usize) -> Outcome {
    eventually(&format!("the page was back {count} times"), || {
        let log = stage.log()?;
        let back = log.matches("the window shows its page again").count();
        if back == count { Ok(Some(())) } else { Err(log.into()) }
    })
}

#[test]
fn a_dead_page_comes_back_and_is_given_up_the_third_time() -> Outcome {
    // Given a window that shows its page
    let stage = Stage::set_up()?;
    let app = stage.app(&[])?;
    stage.desktop.page()?.says("No connection yet")?;
    // When the page's process ends, then another page takes its place, twice
    let first = end_page(&app, None)?;
    page_is_back(&stage, 1)?;
    let second = end_page(&app, Some(first))?;
    page_is_back(&stage, 2)?;
    assert!(stage.desktop.data.join("webview").is_dir(), "the folder is the usual one");
    // And the third time the window is closed, which is said
    end_page(&app, Some(second))?;
    eventually("it is said that there is no window", || {
        let toasts = stage.desktop.toasts()?;
        let is_said = toasts.iter().any(|toast| toast.contains("cannot show its window"));
        if is_said { Ok(Some(())) } else { Err(format!("{toasts:?}").into()) }
    })?;
    assert_eq!(stage.desktop.windows()?, Vec::<String>::new());
    // And the next click opens it
    stage.click("deskside://open/status")?;
    page_is_back(&stage, 3)
}

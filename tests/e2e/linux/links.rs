//! Links that arrive while Deskside runs, invalid links, and what a link leaves behind.

use deskside_tests::{Browser, Outcome, Output, Sandbox, Stage, eventually, processes_with, tool};

use super::{secret_of, session};

#[test]
fn a_shared_link_opens_once_and_only_after_a_yes() -> Outcome {
    let stage = Stage::set_up()?;
    let browser = Browser::install(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let (deep_link, link) = session(&sandbox)?;
    let secret = secret_of(&link)?;

    // When the link starts the program, it does not stay in the list of processes
    let _app = stage.app(&[&deep_link])?;
    let page = stage.desktop.page()?;
    page.says("Open Conductor’s connection page?")?;
    assert_eq!(processes_with(secret)?, Vec::<String>::new());

    // And nothing opens when the user declines
    page.press("No, don’t open")?;
    page.says("No connection yet")?;
    assert_eq!(browser.opened()?, Vec::<String>::new());

    // When it is clicked again, through a second copy, and agreed to
    stage.click(&deep_link)?;
    page.press("Open in browser")?;
    page.press("Open it anyway")?;
    let tab = browser.page_with(&stage.desktop, "#finish")?;

    // Then the browser has exactly that link, once
    assert_eq!(browser.opened()?, std::slice::from_ref(&link));
    let opens = sandbox.get("/state")?["sessions"][0]["opens"].clone();
    assert_eq!(opens, 1, "the link was fetched by somebody else, too");
    tab.click("#finish")?;
    eventually("the page says that it is done", || {
        Ok(tab.text()?.contains("close this tab").then_some(()))
    })?;
    tab.quit()?;

    // And the verdict claims no more than can be known of such a connection
    let status = stage.verdict_becomes("problem")?;
    assert_eq!(status["problems"][0]["code"], "quickbooks.not_running");
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    stage.verdict_becomes("waiting")?;

    // And the link is nowhere but in the browser
    assert_eq!(stage.files_with(secret)?, Vec::<std::path::PathBuf>::new());
    assert!(!page.source()?.contains(secret), "the link is on the page");
    assert!(!status.to_string().contains(secret), "the link is in the status");
    assert_eq!(processes_with(secret)?, Vec::<String>::new());
    Ok(())
}

#[test]
fn an_invalid_link_is_refused_in_words() -> Outcome {
    let stage = Stage::set_up()?;
    let browser = Browser::install(&stage.desktop)?;
    let mut app = stage.app(&[])?;
    let page = stage.desktop.page()?;
    page.says("No connection yet")?;

    for (garbage, words) in [
        (
            "deskside://connect?link=https%3A%2F%2Fconnect.conductor.is.evil.example%2Fqbd%2Fx",
            "website that Deskside does not know",
        ),
        ("deskside://connect?link=javascript%3Aalert(1)", "without protection"),
        ("deskside://launch", "does not know"),
        ("not a link at all", "not a Deskside link"),
        ("deskside://return?state=guessed", "No connection yet"),
    ] {
        stage.click(garbage)?;
        page.says(words)?;
        assert!(app.is_running()?, "{garbage} ended the program");
    }
    let long = format!(
        "deskside://connect?link=https%3A%2F%2Fconnect.conductor.is%2F{}",
        "x".repeat(5000)
    );
    stage.click(&long)?;
    page.says("longer than any real one")?;
    assert_eq!(browser.opened()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn of_several_links_only_the_newest_is_asked_about() -> Outcome {
    let stage = Stage::set_up()?;
    let browser = Browser::install(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let _app = stage.app(&[])?;
    let page = stage.desktop.page()?;
    let mut newest = String::new();
    for _ in 0..5 {
        let (deep_link, link) = session(&sandbox)?;
        stage.click(&deep_link)?;
        newest = link;
    }
    page.press("Open in browser")?;
    page.press("Open it anyway")?;
    let opened =
        eventually("a link was opened", || Ok(Some(browser.opened()?).filter(|o| !o.is_empty())))?;
    assert_eq!(opened, [newest], "not the newest, or not only that");
    // And no other question is left behind
    page.says("Conductor · 127.0.0.1")
}

#[test]
fn the_command_line_opens_a_link_like_a_click() -> Outcome {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    let (deep_link, _) = session(&sandbox)?;

    let _app = stage.app(&["--background"])?;
    eventually("the companion answers", || {
        Ok((stage.cli(&["status", "--json"])?.code == Some(3)).then_some(()))
    })?;
    assert_eq!(stage.desktop.windows()?, Vec::<String>::new(), "a window at rest");
    assert_eq!(stage.cli(&["link", "open", &deep_link])?.code, Some(0));
    stage.desktop.page()?.says("Open Conductor’s connection page?")
}

#[test]
fn the_desktop_opens_deskside_links_with_the_app() -> Outcome {
    let stage = Stage::set_up()?;
    let _app = stage.app(&["--background"])?;
    eventually("the scheme is registered", || {
        let query = ["query", "default", "x-scheme-handler/deskside"];
        let answer = Output::of(stage.command(tool("xdg-mime")?).args(query), "")?;
        Ok(answer.out.contains("deskside").then_some(()))
    })?;
    // As GNOME opens links: xdg-open itself fails on the quoted program.
    let mut open = stage.command(tool("gio")?);
    assert!(open.args(["open", "deskside://open/settings"]).status()?.success());
    stage.desktop.page()?.says("This computer’s name")
}

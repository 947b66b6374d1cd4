//! The life of a link that has to wait, across a crash, and what can be done with a connection.

use std::path::PathBuf;

use deskside_tests::{Browser, Outcome, Sandbox, Stage, eventually};
use serde_json::{Value, json};

use super::{agree, secret_of, session};

#[test]
fn a_link_waits_in_the_keyring_until_quickbooks_is_open() -> Outcome {
    // Given a computer on which QuickBooks is closed
    let stage = Stage::set_up()?;
    let browser = Browser::install(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let (deep_link, link) = session(&sandbox)?;
    let secret = secret_of(&link)?;

    // When the user agrees to a link
    let mut app = stage.app(&[&deep_link])?;
    let page = stage.desktop.page()?;
    page.says("QuickBooks is closed.")?;
    page.press("Open in browser")?;

    // Then the link is not used up, and the page names what is missing
    page.says("Before the page opens")?;
    page.says("QuickBooks is closed. Open it with the company")?;
    assert_eq!(browser.opened()?, Vec::<String>::new());
    assert_eq!(stage.files_with(secret)?, Vec::<PathBuf>::new());

    // And it survives a crash, in the keyring only
    app.crash()?;
    let _app = stage.app(&["--background", "deskside://open/status"])?;
    let page = stage.desktop.page()?;
    page.says("Before the page opens")?;
    assert_eq!(browser.opened()?, Vec::<String>::new(), "opened by itself after a crash");

    // When QuickBooks is open, the link can be opened
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    page.says("Nothing is known to be wrong")?;
    page.press("Open the page")?;
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    assert_eq!(browser.opened()?, std::slice::from_ref(&link));
    page.says("Waiting for the steps in your browser")?;
    page.says("Yes, always; allow access even if QuickBooks is not running")?;
    assert_eq!(stage.files_with(secret)?, Vec::<PathBuf>::new());
    tab.quit()?;

    // And a link that works only once is not opened a second time
    stage.click(&deep_link)?;
    page.press("Open in browser")?;
    page.says("This link was opened before")?;
    assert_eq!(browser.opened()?.len(), 1);

    // And it can be canceled at any time
    page.press("Cancel this link")?;
    page.says("The steps were not finished")?;
    Ok(())
}

#[test]
fn an_offered_connection_can_be_made_stopped_removed_and_left() -> Outcome {
    // Given a computer that is linked to an application, with everything open
    let stage = Stage::set_up()?;
    let browser = Browser::install(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    let enrollment = sandbox.enrollment("O’Brien Café")?;
    let first = enrollment.connection_ids.first().ok_or("no connection")?;
    let _app = stage.app(&[&enrollment.deep_link])?;
    let page = stage.desktop.page()?;
    agree(&page)?;
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    tab.click("#finish")?;
    tab.quit()?;
    stage.verdict_becomes("healthy")?;

    // When the setup page is opened, it shows the application's own button, which only we fetch
    stage.click("deskside://open/setup")?;
    page.says("Connect at 127.0.0.1")?;
    eventually("the button's picture is shown", || {
        Ok(page.source()?.contains("src=\"data:image/").then_some(()))
    })?;

    // And using it makes a second connection, whose page opens
    page.click("button[aria-label^='Connect QuickBooks Desktop']")?;
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    tab.click("#finish")?;
    tab.quit()?;
    let second = eventually("two connections work", || {
        let status = stage.cli(&["status", "--json"])?.json()?;
        let all = status["connections"].as_array().cloned().unwrap_or_default();
        let works = |one: &&Value| one["verdict"] == "healthy";
        let other = all.iter().find(|one| one["id"] != json!(first)).cloned();
        Ok(other.filter(|_| all.iter().filter(works).count() == 2))
    })?;
    assert_eq!(browser.opened()?.len(), 2);

    // When the first one is stopped, its data stays and it can be connected again
    stage.click("deskside://open/status")?;
    page.click("[data-command=stop_syncing]")?;
    page.says("What 127.0.0.1 has copied so far stays there")?;
    page.click("div[role=group][aria-describedby] button:not(.primary)")?;
    eventually("the application has stopped it", || {
        let state = sandbox.get("/state")?;
        Ok(state.to_string().contains("\"unlinked\"").then_some(()))
    })?;

    // When the second one is removed on the command line, it is gone there and here
    let id = second["id"].as_str().ok_or("no id")?;
    assert_eq!(stage.cli(&["connection", "remove", id])?.code, Some(0));
    eventually("one connection is left", || {
        let status = stage.cli(&["status", "--json"])?.json()?;
        Ok((status["connections"].as_array().map(Vec::len) == Some(1)).then_some(()))
    })?;

    // When this computer signs out, the application forgets it
    stage.click("deskside://open/settings")?;
    page.press("Sign this computer out")?;
    page.press("Sign out")?;
    eventually("the application has forgotten this computer", || {
        let state = sandbox.get("/state")?;
        Ok((state["devices"][0]["revoked"] == json!(true)).then_some(()))
    })?;
    stage.click("deskside://open/status")?;
    page.says("No connection yet")
}

//! The life of a link where it is hard: before it is opened, over a crash, and when it comes back by
//! the web. And what can be done with a connection that stands.

use std::path::PathBuf;

use deskside_tests::{App, Browser, Cli, Desktop, Parts, Play, Sandbox, eventually};
use serde_json::{Value, json};

/// The secret part of an auth flow link.
fn secret_of(link: &str) -> Play<String> {
    let last = link.rsplit('/').next().and_then(|part| part.split('?').next());
    Ok(last.ok_or("no secret")?.to_owned())
}

#[tokio::test]
async fn a_link_waits_in_the_keyring_for_quickbooks_and_is_opened_once() -> Play {
    // Given a computer on which QuickBooks is closed
    let desktop = Desktop::set_up(Parts::default()).await?;
    let browser = Browser::install(&desktop).await?;
    let sandbox = Sandbox::start().await?;
    let session = sandbox.post("/sessions", json!({})).await?;
    let deep_link = session["deep_link"].as_str().ok_or("no link")?.to_owned();
    let link = session["auth_flow_url"].as_str().ok_or("no link")?.to_owned();
    let secret = secret_of(&link)?;

    // When a link is agreed to
    let mut app = App::start(&desktop, &[&deep_link]).await?;
    let page = app.page(&desktop).await?;
    page.says("QuickBooks is closed.").await?;
    page.press("Open in browser").await?;

    // Then it is not spent, and what is missing is named
    page.says("Before the page opens").await?;
    page.says("QuickBooks is closed. Open it with the company").await?;
    assert_eq!(browser.opened()?, Vec::<String>::new());
    assert_eq!(desktop.files_with(&secret)?, Vec::<PathBuf>::new());

    // And it survives a crash, in the keyring only
    app.crash().await?;
    let app = App::start(&desktop, &["--background", "deskside://open/status"]).await?;
    let page = app.page(&desktop).await?;
    page.says("Before the page opens").await?;
    assert_eq!(browser.opened()?, Vec::<String>::new(), "opened by itself after a crash");

    // When QuickBooks is open, it can go on
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    page.says("Nothing is known to be wrong").await?;
    page.press("Open the page").await?;
    let tab = browser.page_with(&desktop, "#finish").await?;
    assert_eq!(browser.opened()?, std::slice::from_ref(&link));
    page.says("Waiting for the steps in your browser").await?;
    page.says("Yes, always; allow access even if QuickBooks is not running").await?;
    assert_eq!(desktop.files_with(&secret)?, Vec::<PathBuf>::new());
    tab.quit().await?;

    // And a link that counts only once is not opened a second time
    App::click(&desktop, &deep_link).await?;
    page.press("Open in browser").await?;
    page.says("This link was opened before").await?;
    assert_eq!(browser.opened()?.len(), 1);

    // And it can be given up at any time
    page.press("Cancel this link").await?;
    page.says("The steps were not finished").await?;
    Ok(())
}

#[tokio::test]
async fn what_an_application_offers_is_connected_stopped_removed_and_left() -> Play {
    // Given a computer that is linked to an application, with everything open
    let desktop = Desktop::set_up(Parts::default()).await?;
    let browser = Browser::install(&desktop).await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let enrollment = sandbox.enrollment("O’Brien Café").await?;
    let first = enrollment.connection_ids.first().ok_or("no connection")?;
    let app = App::start(&desktop, &[&enrollment.deep_link]).await?;
    let page = app.page(&desktop).await?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.press("Yes, tell them").await?;
    let tab = browser.page_with(&desktop, "#finish").await?;
    tab.click("#finish").await?;
    tab.quit().await?;
    cli.verdict_becomes("healthy").await?;

    // When the set-up page is opened, it shows the application's own button, fetched by nobody but us
    App::click(&desktop, "deskside://open/setup").await?;
    page.says("Connect at 127.0.0.1").await?;
    eventually("the button's picture is shown", async || {
        Ok(page.source().await?.contains("src=\"data:image/").then_some(()))
    })
    .await?;

    // And using it makes a second connection, whose page opens
    page.click("button[aria-label^='Connect QuickBooks Desktop']").await?;
    let tab = browser.page_with(&desktop, "#finish").await?;
    tab.click("#finish").await?;
    tab.quit().await?;
    let second = eventually("two connections work", async || {
        let status = cli.run(&["status", "--json"]).await?.json()?;
        let all = status["connections"].as_array().cloned().unwrap_or_default();
        let works = |one: &&Value| one["verdict"] == "healthy";
        let other = all.iter().find(|one| one["id"] != json!(first)).cloned();
        Ok(other.filter(|_| all.iter().filter(works).count() == 2))
    })
    .await?;
    assert_eq!(browser.opened()?.len(), 2);

    // When the first one is stopped, its data stays and it can be connected again
    App::click(&desktop, "deskside://open/status").await?;
    page.click("[data-offer=stop_syncing]").await?;
    page.says("What 127.0.0.1 has copied so far stays there").await?;
    page.click("div[role=group][aria-describedby] button:not(.primary)").await?;
    eventually("the application has stopped it", async || {
        let state = sandbox.get("/state").await?;
        Ok(state.to_string().contains("\"unlinked\"").then_some(()))
    })
    .await?;

    // When the second one is removed on the command line, it is gone there and here
    let id = second["id"].as_str().ok_or("no id")?;
    assert_eq!(cli.run(&["connection", "remove", id]).await?.code, Some(0));
    eventually("one connection is left", async || {
        let status = cli.run(&["status", "--json"]).await?.json()?;
        Ok((status["connections"].as_array().map(Vec::len) == Some(1)).then_some(()))
    })
    .await?;

    // When this computer signs out, the application knows it no more
    App::click(&desktop, "deskside://open/settings").await?;
    page.press("Sign this computer out").await?;
    page.press("Sign out").await?;
    eventually("the application has forgotten this computer", async || {
        let state = sandbox.get("/state").await?;
        Ok((state["devices"][0]["revoked"] == json!(true)).then_some(()))
    })
    .await?;
    App::click(&desktop, "deskside://open/status").await?;
    page.says("No connection yet").await
}

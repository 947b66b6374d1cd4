//! Links that arrive while Deskside runs, links that must not do anything, and what a link leaves
//! behind.

use deskside_tests::{
    App, Browser, Cli, Desktop, Parts, Play, Sandbox, eventually, processes_with, tool,
};
use serde_json::{Value, json};

/// The secret parts of an auth flow link.
fn secret_of(link: &str) -> Option<&str> {
    link.rsplit('/').next()?.split('?').next()
}

async fn session(sandbox: &Sandbox) -> Play<(String, String)> {
    let session = sandbox.post("/sessions", json!({})).await?;
    let text = |field: &str| session[field].as_str().map(str::to_owned).ok_or("no link");
    Ok((text("deep_link")?, text("auth_flow_url")?))
}

#[tokio::test]
async fn a_shared_link_is_opened_exactly_once_and_only_after_a_yes() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let browser = Browser::install(&desktop).await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    let (deep_link, link) = session(&sandbox).await?;
    let secret = secret_of(&link).ok_or("no secret")?.to_owned();

    // When the link starts the program, it does not stay in the list of processes
    let app = App::start(&desktop, &[&deep_link]).await?;
    let page = app.page(&desktop).await?;
    page.says("Open Conductor’s connection page?").await?;
    assert_eq!(processes_with(&secret)?, Vec::<String>::new());

    // And nothing opens after a no
    page.press("No, don’t open").await?;
    page.says("No connection yet").await?;
    assert_eq!(browser.opened()?, Vec::<String>::new());

    // When it is clicked again, through a second copy, and agreed to
    App::click(&desktop, &deep_link).await?;
    page.press("Open in browser").await?;
    page.press("Open it anyway").await?;
    let tab = browser.page_with(&desktop, "#finish").await?;

    // Then the browser has exactly that link, once
    assert_eq!(browser.opened()?, std::slice::from_ref(&link));
    let opens = sandbox.get("/state").await?["sessions"][0]["opens"].clone();
    assert_eq!(opens, 1, "the link was fetched by somebody else, too");
    tab.click("#finish").await?;
    eventually("the page says that it is done", async || {
        Ok(tab.text().await?.contains("close this tab").then_some(()))
    })
    .await?;
    tab.quit().await?;

    // And the best that such a connection can reach is said honestly
    let status = cli.verdict_becomes("problem").await?;
    assert_eq!(status["problems"][0]["code"], "quickbooks.not_running");
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    cli.verdict_becomes("waiting").await?;

    // And the link is nowhere but in the browser
    assert_eq!(desktop.files_with(&secret)?, Vec::<std::path::PathBuf>::new());
    assert!(!page.source().await?.contains(&secret), "the link is on the page");
    assert!(!status.to_string().contains(&secret), "the link is in the status");
    assert_eq!(processes_with(&secret)?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn garbage_is_refused_with_its_code_and_harms_nothing() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let browser = Browser::install(&desktop).await?;
    let mut app = App::start(&desktop, &[]).await?;
    let page = app.page(&desktop).await?;
    page.says("No connection yet").await?;

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
        App::click(&desktop, garbage).await?;
        page.says(words).await?;
        assert!(app.is_running()?, "{garbage} ended the program");
    }
    let long = format!(
        "deskside://connect?link=https%3A%2F%2Fconnect.conductor.is%2F{}",
        "x".repeat(5000)
    );
    App::click(&desktop, &long).await?;
    page.says("longer than any real one").await?;
    assert_eq!(browser.opened()?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_burst_of_links_shows_one_question_and_a_stale_one_answers_nothing() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let browser = Browser::install(&desktop).await?;
    let sandbox = Sandbox::start().await?;
    let app = App::start(&desktop, &[]).await?;
    let page = app.page(&desktop).await?;
    let mut newest = String::new();
    for _ in 0..5 {
        let (deep_link, link) = session(&sandbox).await?;
        App::click(&desktop, &deep_link).await?;
        newest = link;
    }
    page.press("Open in browser").await?;
    page.press("Open it anyway").await?;
    let opened = eventually("a link was opened", async || {
        Ok(Some(browser.opened()?).filter(|o| !o.is_empty()))
    })
    .await?;
    assert_eq!(opened, [newest], "not the newest, or not only that");
    // And no other question is left behind
    page.says("Conductor · 127.0.0.1").await
}

#[tokio::test]
async fn the_command_line_hands_a_link_over_as_a_click_does() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let sandbox = Sandbox::start().await?;
    let (deep_link, _) = session(&sandbox).await?;
    let cli = Cli(&desktop);

    let app = App::start(&desktop, &["--background"]).await?;
    eventually("the companion answers", async || {
        Ok((cli.run(&["status", "--json"]).await?.code == Some(3)).then_some(()))
    })
    .await?;
    assert_eq!(desktop.windows().await?, Vec::<String>::new(), "a window at rest");
    assert_eq!(cli.run(&["link", "open", &deep_link]).await?.code, Some(0));
    app.page(&desktop).await?.says("Open Conductor’s connection page?").await
}

#[tokio::test]
async fn what_inspect_says_is_what_would_happen() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let cli = Cli(&desktop);
    let connect =
        "deskside://connect?link=https%3A%2F%2Fconnect.conductor.is%2Fqbd%2Fs%3Fkey%3Dpk_1";
    for (link, code, expected) in [
        (
            connect,
            0,
            json!({"schema":1,"verdict":"ask","action":"connect","provider":"conductor","host":"connect.conductor.is","reason":null}),
        ),
        (
            "deskside://enroll?backend=https%3A%2F%2Fapp.acme.example&code=abc",
            0,
            json!({"schema":1,"verdict":"ask","action":"enroll","provider":null,"host":"app.acme.example","reason":null}),
        ),
        (
            "deskside://open/settings",
            0,
            json!({"schema":1,"verdict":"navigate","action":"open","provider":null,"host":null,"reason":null}),
        ),
        (
            "https://example.com",
            1,
            json!({"schema":1,"verdict":"reject","action":null,"provider":null,"host":null,"reason":"not_deskside"}),
        ),
    ] {
        let output = cli.run(&["link", "inspect", link, "--json"]).await?;
        let seen: Value = output.json()?;
        assert_eq!((output.code, seen), (Some(code), expected), "{link}");
    }
    Ok(())
}

#[tokio::test]
async fn the_desktop_itself_opens_our_links_with_the_program() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let app = App::start(&desktop, &["--background"]).await?;
    eventually("the scheme is registered", async || {
        let mut query = desktop.command(tool("xdg-mime")?);
        let answer = query.args(["query", "default", "x-scheme-handler/deskside"]).output().await?;
        Ok(String::from_utf8(answer.stdout)?.contains("deskside").then_some(()))
    })
    .await?;
    // As GNOME and its relatives open links: xdg-open alone trips over the quoted program.
    let mut open = desktop.command(tool("gio")?);
    assert!(open.args(["open", "deskside://open/settings"]).status().await?.success());
    app.page(&desktop).await?.says("This computer’s name").await
}

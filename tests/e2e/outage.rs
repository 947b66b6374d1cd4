//! A backend that is away: nothing is lost, nothing is told twice, and the end of it is noticed.

use deskside_tests::{App, Browser, Cli, Desktop, Fault, Parts, Play, Sandbox, eventually};
use serde_json::json;
use tokio::process::Child;

struct Enrolled {
    desktop: Desktop,
    sandbox: Sandbox,
    app: App,
    connection: String,
    quickbooks: Child,
    _web_connector: Child,
}

/// A desktop with a connection that works.
async fn enrolled() -> Play<Enrolled> {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let browser = Browser::install(&desktop).await?;
    let sandbox = Sandbox::start().await?;
    let quickbooks = desktop.stand_in("QBW.EXE")?;
    let web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let enrollment = sandbox.enrollment("Acme Books").await?;
    let app = App::start(&desktop, &[&enrollment.deep_link]).await?;
    let page = app.page(&desktop).await?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.press("Yes, tell them").await?;
    let tab = browser.page_with(&desktop, "#finish").await?;
    tab.click("#finish").await?;
    tab.attribute("#back", "href").await?;
    tab.quit().await?;
    let connection = enrollment.connection_ids.first().ok_or("no connection")?.clone();
    Cli(&desktop).verdict_becomes("healthy").await?;
    Ok(Enrolled { desktop, sandbox, app, connection, quickbooks, _web_connector: web_connector })
}

#[tokio::test]
async fn a_backend_that_is_down_hears_everything_later_and_in_order() -> Play {
    let Enrolled { desktop, sandbox, mut app, quickbooks, _web_connector, .. } = enrolled().await?;
    let cli = Cli(&desktop);
    eventually("the backend has heard that all is well", async || {
        Ok(sandbox.heard().await?.last().filter(|last| *last == "healthy").cloned())
    })
    .await?;
    sandbox.delete("/events").await?;

    // Given a backend that drops every call
    sandbox.post("/faults", json!({ "target": "backend", "kind": "reset" })).await?;

    // When QuickBooks is closed and opened again, and the computer loses power in between
    drop(quickbooks);
    cli.verdict_becomes("problem").await?;
    app.crash().await?;
    let _app = App::start(&desktop, &["--background"]).await?;
    let status = cli.verdict_becomes("problem").await?;
    assert_eq!(status["problems"][0]["code"], "quickbooks.not_running");
    assert_eq!(sandbox.heard().await?, Vec::<String>::new(), "the backend was not away");

    // And the backend comes back
    sandbox.delete("/faults").await?;
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    cli.verdict_becomes("healthy").await?;

    // Then it hears of the problem first, and of the recovery after it
    eventually("the backend has heard of the recovery", async || {
        let heard = sandbox.heard().await?;
        let at = |verdict: &str| heard.iter().position(|told| told == verdict);
        Ok(at("problem").zip(at("healthy")).filter(|(problem, healthy)| problem < healthy))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn what_the_provider_says_is_shown_as_given() -> Play {
    let stage = enrolled().await?;
    let Enrolled { desktop, sandbox, connection, .. } = &stage;
    let cli = Cli(desktop);
    let said = "Open QuickBooks as Admin & allow «Acme» to sign in.";
    let body = json!({ "state": "broken", "user_message": said });
    sandbox.post(&format!("/connections/{connection}"), body).await?;
    App::click(desktop, "deskside://open/status").await?;
    let status = eventually("the provider's words", async || {
        let status = cli.verdict_becomes("problem").await?;
        Ok(Some(status).filter(|s| s["problems"][0]["provider_message"] == said))
    })
    .await?;
    assert_eq!(status["problems"][0]["code"], "connection.broken");
    assert!(status["problems"][0]["request_id"].is_string());
    // When the user asks for a check, and only then, somebody reaches into QuickBooks
    let checks = async || {
        Ok::<_, Fault>(sandbox.get("/state").await?["end_users"][0]["health_checks"].clone())
    };
    assert_eq!(checks().await?, 0);
    stage.app.page(desktop).await?.press("Check now").await?;
    eventually("the check", async || Ok((checks().await? == 1).then_some(()))).await?;
    // And they are not repeated to the backend, which knows them
    assert!(sandbox.reports().await?.iter().all(|report| !report.to_string().contains("Admin &")));
    Ok(())
}

#[tokio::test]
async fn a_revoked_sign_in_is_told_and_stops_the_reports() -> Play {
    let stage = enrolled().await?;
    let Enrolled { desktop, sandbox, .. } = &stage;
    let device = sandbox.get("/state").await?["devices"][0]["id"].clone();
    let device = device.as_str().ok_or("no device")?;
    sandbox.post(&format!("/devices/{device}/revoke"), json!({})).await?;
    App::click(desktop, "deskside://open/status").await?;
    let status = Cli(desktop).verdict_becomes("problem").await?;
    assert_eq!(status["problems"][0]["code"], "companion.credentials_rejected");
    Ok(())
}

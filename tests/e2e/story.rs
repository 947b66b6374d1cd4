//! The main job: from a clicked enrolment link to an outage that is noticed, told and over.

use std::process::Stdio;

use deskside_tests::{App, Browser, Cli, Desktop, Panel, Parts, Play, Sandbox, eventually, tool};
use serde_json::json;
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn a_clicked_link_becomes_a_connection_whose_health_is_known_shown_and_reported() -> Play {
    // Given a desktop with everything open, and a vendor's backend
    let desktop = Desktop::set_up(Parts::default()).await?;
    let browser = Browser::install(&desktop).await?;
    let panel = Panel::start(&desktop).await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    let quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let enrollment = sandbox.enrollment("Larch & Söhne").await?;

    // When the link is clicked, with no companion running
    let mut app = App::start(&desktop, &[&enrollment.deep_link]).await?;
    let page = app.page(&desktop).await?;

    // Then nothing happens before both questions are answered
    page.says("127.0.0.1").await?;
    let state = sandbox.get("/state").await?;
    assert_eq!(state["devices"], json!([]), "enrolled without being asked");
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.says("Larch & Söhne").await?;
    let state = sandbox.get("/state").await?;
    assert_eq!(state["devices"], json!([]), "enrolled before the account was confirmed");
    page.press("Yes, tell them").await?;

    // And the auth page opens in the browser, once
    let tab = browser.page_with(&desktop, "#finish").await?;
    assert_eq!(browser.opened()?.len(), 1, "opened more than once");
    cli.verdict_becomes("waiting").await?;
    tab.click("#finish").await?;
    let back = tab.attribute("#back", "href").await?;
    assert!(back.starts_with("deskside://return?state="), "{back}");
    App::click(&desktop, &back).await?;
    tab.quit().await?;

    // And the connection is healthy, in every place that says so
    let status = cli.verdict_becomes("healthy").await?;
    assert_eq!(status["connections"][0]["id"], json!(enrollment.connection_ids[0]));
    page.says("Connected and working").await?;
    panel.says("Connected and working").await?;
    let calm = panel.icon().await?;
    let diagnosed = cli.run(&["diagnose", "--json"]).await?;
    assert_eq!(diagnosed.code, Some(0));
    assert_eq!(diagnosed.json()?["verdict"], "healthy");

    // And the secrets are in the keyring, and nowhere else
    let device = sandbox.get("/state").await?["devices"][0]["id"].clone();
    let device = device.as_str().ok_or("no device")?;
    let token =
        desktop.secret(&format!("backend/127.0.0.1/{device}/token")).await?.ok_or("no token")?;
    let signing = sandbox.get("/secrets").await?[device].clone();
    let kept = desktop.secret(&format!("backend/127.0.0.1/{device}/signing-secret")).await?;
    assert_eq!(kept.as_deref(), signing.as_str());
    let link = browser.opened()?.pop().ok_or("no link")?;
    let secret_part =
        link.rsplit('/').next().and_then(|p| p.split('?').next()).ok_or("no secret")?;
    for secret in [token.as_str(), signing.as_str().unwrap_or_default(), secret_part] {
        let files = desktop.files_with(secret)?;
        assert!(files.is_empty(), "a secret lies in {files:?}");
        let processes = deskside_tests::processes_with(secret)?;
        assert!(processes.is_empty(), "a secret stands in {processes:?}");
        assert!(!page.source().await?.contains(secret), "a secret is on the page");
    }

    // When the window is closed
    desktop.close_window("Deskside").await?;

    // Then no webview is left
    let app_id = app.id().ok_or("the app has ended")?;
    eventually("no webview is left", async || Ok(webviews(app_id)?.is_empty().then_some(())))
        .await?;

    // When QuickBooks is closed
    drop(quickbooks);
    let status = cli.verdict_becomes("problem").await?;

    // Then the cause is named, in the status, in the tray and in one notification
    assert_eq!(status["problems"][0]["code"], "quickbooks.not_running");
    panel.says("QuickBooks is closed").await?;
    assert_ne!(panel.icon().await?, calm, "the icon looks as if all were well");
    eventually("a notification", async || {
        Ok(desktop
            .toasts()
            .await?
            .first()
            .filter(|t| t.starts_with("QuickBooks is closed"))
            .cloned())
    })
    .await?;
    let diagnosed = cli.run(&["diagnose", "--json"]).await?;
    assert_eq!((diagnosed.code, &diagnosed.json()?["verdict"]), (Some(1), &json!("problem")));

    // When it is opened again
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    cli.verdict_becomes("healthy").await?;

    // Then that is told once, too
    eventually("a notification of the recovery", async || {
        Ok(desktop.toasts().await?.first().filter(|t| t.starts_with("Working again")).cloned())
    })
    .await?;
    assert_eq!(desktop.toasts().await?.len(), 2, "{:?}", desktop.toasts().await?);

    // And the backend heard all of it in order, in a form that the official libraries accept
    let verdicts = ["healthy", "problem", "healthy"];
    eventually("the backend has heard of the recovery", async || {
        let heard = sandbox.heard().await?;
        Ok(heard.ends_with(&verdicts.map(str::to_owned)).then_some(()))
    })
    .await?;
    let reports = sandbox.reports().await?;
    let seqs: Vec<u64> = reports.iter().filter_map(|r| r["data"]["seq"].as_u64()).collect();
    assert!(seqs.is_sorted(), "out of order: {seqs:?}");
    verify(&desktop, &sandbox).await?;

    // And nothing reached into QuickBooks along the way
    let state = sandbox.get("/state").await?;
    assert_eq!(state["end_users"][0]["health_checks"], 0, "an active check was made unasked");

    // When the user quits from the tray, the program ends
    panel.choose("Quit Deskside").await?;
    eventually("the program has ended", async || Ok((!app.is_running()?).then_some(()))).await
}

/// The official libraries of Standard Webhooks and CloudEvents judge every report.
async fn verify(desktop: &Desktop, sandbox: &Sandbox) -> Play {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/conformance/verify-events.mjs");
    let mut evidence = sandbox.get("/events").await?;
    evidence["secrets"] = sandbox.get("/secrets").await?;
    let mut command = desktop.command(tool("node")?);
    command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut input = child.stdin.take().ok_or("no input")?;
    input.write_all(evidence.to_string().as_bytes()).await?;
    drop(input);
    let output = child.wait_with_output().await?;
    assert!(output.status.success(), "{output:?}");
    Ok(())
}

/// The web processes among the children of a process.
fn webviews(parent: u32) -> Play<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let folder = entry?.path();
        let status = std::fs::read_to_string(folder.join("status")).unwrap_or_default();
        let of_parent = status.lines().any(|line| line == format!("PPid:\t{parent}"));
        let name = std::fs::read_to_string(folder.join("comm")).unwrap_or_default();
        if of_parent && name.starts_with("WebKitWebProces") {
            found.push(name);
        }
    }
    Ok(found)
}

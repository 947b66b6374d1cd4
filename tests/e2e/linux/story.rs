//! The main job: from a clicked enrollment link to an outage that is noticed, reported and over.

use deskside_tests::{
    Browser, Outcome, Output, Panel, Sandbox, Stage, eventually, processes_with, running, tool,
};
use serde_json::json;

use super::secret_of;

#[test]
fn a_clicked_link_becomes_a_connection_whose_health_is_reported() -> Outcome {
    // Given a desktop with everything open, and a vendor's backend
    let stage = Stage::set_up()?;
    let browser = Browser::install(&stage.desktop)?;
    let panel = Panel::start(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    let enrollment = sandbox.enrollment("Larch & Söhne")?;

    // When the link is clicked, with no companion running
    let mut app = stage.app(&[&enrollment.deep_link])?;
    let page = stage.desktop.page()?;

    // Then nothing happens before both questions are answered
    page.says("127.0.0.1")?;
    let state = sandbox.get("/state")?;
    assert_eq!(state["devices"], json!([]), "enrolled without being asked");
    page.click("input[type=checkbox]")?;
    page.press("Link")?;
    page.says("Larch & Söhne")?;
    let state = sandbox.get("/state")?;
    assert_eq!(state["devices"], json!([]), "enrolled before the account was confirmed");
    page.press("Yes, tell them")?;

    // And the auth page opens in the browser, once
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    assert_eq!(browser.opened()?.len(), 1, "opened more than once");
    stage.verdict_becomes("waiting")?;
    tab.click("#finish")?;
    let back = tab.attribute("#back", "href")?;
    assert!(back.starts_with("deskside://return?state="), "{back}");
    stage.click(&back)?;
    tab.quit()?;

    // And the connection is healthy, in every place that says so
    let status = stage.verdict_becomes("healthy")?;
    assert_eq!(status["connections"][0]["id"], json!(enrollment.connection_ids[0]));
    page.says("Connected and working")?;
    panel.says("Connected and working")?;
    let calm = panel.icon()?;
    let diagnosed = stage.cli(&["diagnose", "--json"])?;
    assert_eq!(diagnosed.code, Some(0));
    assert_eq!(diagnosed.json()?["verdict"], "healthy");

    // And the secrets are in the keyring, and nowhere else
    let device = sandbox.get("/state")?["devices"][0]["id"].clone();
    let device = device.as_str().ok_or("no device")?;
    let token =
        stage.desktop.secret(&format!("backend/127.0.0.1/{device}/token"))?.ok_or("no token")?;
    let signing = sandbox.get("/secrets")?[device].clone();
    let kept = stage.desktop.secret(&format!("backend/127.0.0.1/{device}/signing-secret"))?;
    assert_eq!(kept.as_deref(), signing.as_str());
    let link = browser.opened()?.pop().ok_or("no link")?;
    // A browser has the link among its arguments, and takes a moment to end.
    let is_browser = |name: &String| name.starts_with("chrom") || name.starts_with("xdg-open");
    eventually("the browser has ended", || {
        let processes = processes_with(secret_of(&link)?)?;
        Ok((!processes.iter().any(is_browser)).then_some(()))
    })?;
    for secret in [token.as_str(), signing.as_str().unwrap_or_default(), secret_of(&link)?] {
        let files = stage.files_with(secret)?;
        assert!(files.is_empty(), "a secret lies in {files:?}");
        let processes = processes_with(secret)?;
        assert!(processes.is_empty(), "a secret stands in {processes:?}");
        assert!(!page.source()?.contains(secret), "a secret is on the page");
    }

    // When the window is closed
    stage.desktop.close_window("Deskside")?;

    // Then no webview is left
    eventually("no webview is left", || {
        let of_app = running()?.into_iter().filter(|one| one.parent == Some(app.id()));
        let mut webviews = of_app.filter(|one| one.name.starts_with("WebKitWebProces"));
        Ok(webviews.next().is_none().then_some(()))
    })?;

    // When QuickBooks is closed
    drop(quickbooks);
    let status = stage.verdict_becomes("problem")?;

    // Then the cause is named, in the status, in the tray and in one notification
    assert_eq!(status["problems"][0]["code"], "quickbooks.not_running");
    panel.says("QuickBooks is closed")?;
    assert_ne!(panel.icon()?, calm, "the icon looks as if all were well");
    eventually("a notification", || {
        let toasts = stage.desktop.toasts()?;
        Ok(toasts.into_iter().next().filter(|toast| toast.starts_with("QuickBooks is closed")))
    })?;
    let diagnosed = stage.cli(&["diagnose", "--json"])?;
    assert_eq!((diagnosed.code, &diagnosed.json()?["verdict"]), (Some(1), &json!("problem")));

    // When it is opened again
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    stage.verdict_becomes("healthy")?;

    // Then there is one notification of that, too
    eventually("a notification of the recovery", || {
        let toasts = stage.desktop.toasts()?;
        Ok(toasts.into_iter().next().filter(|toast| toast.starts_with("Working again")))
    })?;
    assert_eq!(stage.desktop.toasts()?.len(), 2, "{:?}", stage.desktop.toasts()?);

    // And the backend got all reports in order, in a form that the official libraries accept
    let verdicts = ["healthy", "problem", "healthy"];
    eventually("the backend has heard of the recovery", || {
        let heard = sandbox.heard()?;
        Ok(heard.ends_with(&verdicts.map(str::to_owned)).then_some(()))
    })?;
    let reports = sandbox.reports()?;
    let seqs: Vec<u64> = reports.iter().filter_map(|r| r["data"]["seq"].as_u64()).collect();
    assert!(seqs.is_sorted(), "out of order: {seqs:?}");
    verify(&stage, &sandbox)?;

    // And no active check was made
    let state = sandbox.get("/state")?;
    assert_eq!(state["end_users"][0]["health_checks"], 0, "an active check was made unasked");

    // When the user quits from the tray, the program ends
    panel.choose("Quit Deskside")?;
    app.ends().map(drop)
}

/// Has the official libraries of Standard Webhooks and CloudEvents check every report.
fn verify(stage: &Stage, sandbox: &Sandbox) -> Outcome {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/conformance/verify-events.mjs");
    let mut evidence = sandbox.get("/events")?;
    evidence["secrets"] = sandbox.get("/secrets")?;
    let mut judge = stage.command(tool("node")?);
    let judged = Output::of(judge.arg(script), &evidence.to_string())?;
    assert_eq!(judged.code, Some(0), "{judged:?}");
    Ok(())
}

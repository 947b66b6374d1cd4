//! A backend that is down: no report is lost or repeated, and the recovery is noticed.

use deskside_tests::{Browser, Fault, Outcome, Player, Program, Sandbox, Stage, eventually};
use serde_json::json;

use super::agree;

/// A stage with a connection. The programs end before the stage does.
struct Enrolled {
    app: Program,
    connection: String,
    quickbooks: Player,
    _web_connector: Player,
    sandbox: Sandbox,
    stage: Stage,
}

/// A connection that works.
fn enrolled() -> Outcome<Enrolled> {
    let stage = Stage::set_up()?;
    let browser = Browser::install(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    let enrollment = sandbox.enrollment("Acme Books")?;
    let app = stage.app(&[&enrollment.deep_link])?;
    let page = stage.desktop.page()?;
    agree(&page)?;
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    tab.click("#finish")?;
    tab.attribute("#back", "href")?;
    tab.quit()?;
    let connection = enrollment.connection_ids.first().ok_or("no connection")?.clone();
    stage.verdict_becomes("healthy")?;
    Ok(Enrolled { app, connection, quickbooks, _web_connector, sandbox, stage })
}

#[test]
fn a_backend_that_was_down_gets_all_reports_in_order() -> Outcome {
    let Enrolled { stage, sandbox, _web_connector, quickbooks, mut app, .. } = enrolled()?;
    eventually("the backend has heard that all is well", || {
        Ok(sandbox.heard()?.last().filter(|last| *last == "healthy").cloned())
    })?;
    sandbox.delete("/events")?;

    // Given a backend that drops every call
    sandbox.post("/faults", json!({ "target": "backend", "kind": "reset" }))?;

    // When QuickBooks is closed and opened again, and the computer loses power in between
    drop(quickbooks);
    stage.verdict_becomes("problem")?;
    app.crash()?;
    let _app = stage.app(&["--background"])?;
    let status = stage.verdict_becomes("problem")?;
    assert_eq!(status["problems"][0]["code"], "quickbooks.not_running");
    assert_eq!(sandbox.heard()?, Vec::<String>::new(), "the backend was not down");

    // And the backend is up again
    sandbox.delete("/faults")?;
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    stage.verdict_becomes("healthy")?;

    // Then it gets the problem first and the recovery after it
    eventually("the backend has heard of the recovery", || {
        let heard = sandbox.heard()?;
        let at = |verdict: &str| heard.iter().position(|told| told == verdict);
        Ok(at("problem").zip(at("healthy")).filter(|(problem, healthy)| problem < healthy))
    })?;
    Ok(())
}

#[test]
fn a_provider_message_is_shown_as_given() -> Outcome {
    let Enrolled { stage, sandbox, connection, .. } = &enrolled()?;
    let said = "Open QuickBooks as Admin & allow «Acme» to sign in.";
    let body = json!({ "state": "broken", "user_message": said });
    sandbox.post(&format!("/connections/{connection}"), body)?;
    stage.click("deskside://open/status")?;
    let status = eventually("the provider's words", || {
        let status = stage.verdict_becomes("problem")?;
        Ok(Some(status).filter(|s| s["problems"][0]["provider_message"] == said))
    })?;
    assert_eq!(status["problems"][0]["code"], "connection.broken");
    assert!(status["problems"][0]["request_id"].is_string());
    // An active check is made only when the user asks for one
    let checks = || Ok::<_, Fault>(sandbox.get("/state")?["end_users"][0]["health_checks"].clone());
    assert_eq!(checks()?, 0);
    stage.desktop.page()?.press("Check now")?;
    eventually("the check", || Ok((checks()? == 1).then_some(())))?;
    // And the provider's words are not sent to the backend, which knows them
    assert!(sandbox.reports()?.iter().all(|report| !report.to_string().contains("Admin &")));
    Ok(())
}

#[test]
fn a_revoked_device_is_a_problem() -> Outcome {
    let Enrolled { stage, sandbox, .. } = &enrolled()?;
    let device = sandbox.get("/state")?["devices"][0]["id"].clone();
    let device = device.as_str().ok_or("no device")?;
    sandbox.post(&format!("/devices/{device}/revoke"), json!({}))?;
    stage.click("deskside://open/status")?;
    let status = stage.verdict_becomes("problem")?;
    assert_eq!(status["problems"][0]["code"], "companion.credentials_rejected");
    Ok(())
}

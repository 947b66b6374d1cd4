//! The command line of a computer: which processes it sees, and what it does with a backend's
//! connections.

use std::time::{Duration, Instant};

use deskside_tests::{
    Fault, Outcome, Part, Program, Sandbox, Stage, eventually, eventually_within,
};
use serde_json::json;

use super::agree;

#[test]
fn only_the_exact_names_count() -> Outcome {
    let stage = Stage::set_up()?;
    let verdict = || Ok::<_, Fault>(stage.cli(&["diagnose", "--json"])?.json()?["verdict"].clone());

    // Given only programs that share the beginning of the name
    let mut others = Vec::new();
    for name in ["QBWPro.exe", "QBDBMgrN.exe", "QBWEBCONNECTOR", "QBW.EXE.bak", "QBWebConnectorX"] {
        others.push(stage.quickbooks(name)?);
    }
    assert_eq!(verdict()?, "problem");

    // When the real names run, in whatever case
    let _quickbooks = stage.quickbooks("qbw32.exe")?;
    let _web_connector = stage.play(Part::WebConnector, "qbwebconnector.EXE", &[])?;
    assert_eq!(verdict()?, "unknown", "what they show is seen on Windows only");
    Ok(())
}

#[test]
fn start_and_stop_are_noticed_within_two_seconds() -> Outcome {
    let stage = Stage::set_up()?;
    let _companion = stage.companion("run.log")?;
    let seen = |wanted: bool| {
        eventually_within(Duration::from_secs(5), "QuickBooks is noticed", || {
            let evidence = stage.cli(&["status", "--json", "--print-evidence"])?.json()?;
            Ok((evidence["quickbooks"]["known"].is_object() == wanted).then_some(()))
        })
    };
    seen(false)?;
    for _ in 0..3 {
        let started = Instant::now();
        let quickbooks = stage.quickbooks("QBW.EXE")?;
        seen(true)?;
        let noticed = started.elapsed();
        assert!(noticed < Duration::from_millis(2500), "start noticed after {noticed:?}");
        let stopped = Instant::now();
        drop(quickbooks);
        seen(false)?;
        let noticed = stopped.elapsed();
        assert!(noticed < Duration::from_millis(2500), "stop noticed after {noticed:?}");
    }
    Ok(())
}

#[test]
fn printed_evidence_gets_the_same_verdict_from_a_file() -> Outcome {
    let stage = Stage::set_up()?;
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let printed = stage.cli(&["diagnose", "--print-evidence"])?;
    assert_eq!(printed.code, Some(0));
    let file = stage.scratch.join("evidence.json");
    std::fs::write(&file, &printed.out)?;
    let file = file.display().to_string();
    let judged = stage.cli(&["diagnose", "--json", "--evidence", &file])?;
    assert_eq!(judged.json()?["problems"][0]["code"], "web_connector.not_running");
    assert_eq!(judged.code, Some(1));
    Ok(())
}

/// A computer that was just linked to the sandbox's backend, and the app that runs on it.
fn linked(stage: &Stage, sandbox: &Sandbox) -> Outcome<Program> {
    let enrollment = sandbox.enrollment("Acme Books")?;
    let app = stage.app(&[&enrollment.deep_link])?;
    let page = stage.desktop.page()?;
    agree(&page)?;
    let listed = eventually("its connection is listed", || {
        let listed = stage.cli(&["connection", "list", "--json"])?.json()?;
        Ok(listed["connections"][0].is_object().then_some(listed))
    })?;
    assert_eq!(listed["connections"][0]["via"], "Acme Books · 127.0.0.1");
    Ok(app)
}

fn is_revoked(sandbox: &Sandbox) -> Outcome<bool> {
    Ok(sandbox.get("/state")?["devices"][0]["revoked"] == true)
}

fn is_told(sandbox: &Sandbox) -> Outcome {
    eventually("the backend knows", || Ok(is_revoked(sandbox)?.then_some(())))
}

#[test]
fn signing_out_removes_connections_and_tells_the_backend() -> Outcome {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    let _app = linked(&stage, &sandbox)?;

    // Signing out of another backend changes nothing
    let other = stage.cli(&["connection", "sign-out", "elsewhere.example"])?;
    assert_eq!(other.code, Some(2));
    assert!(other.err.contains("is not linked to elsewhere.example"), "{}", other.err);
    assert!(!is_revoked(&sandbox)?);

    // Signing out of this one tells the backend at once
    let signed_out = stage.cli(&["connection", "sign-out", "127.0.0.1"])?;
    assert_eq!(signed_out.code, Some(0), "{signed_out:?}");
    is_told(&sandbox)?;
    let listed = stage.cli(&["connection", "list", "--json"])?.json()?;
    assert_eq!(listed["connections"], json!([]));
    Ok(())
}

#[test]
fn the_next_companion_tells_the_backend_of_a_sign_out() -> Outcome {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    drop(linked(&stage, &sandbox)?);
    let signed_out = stage.cli(&["connection", "sign-out", "127.0.0.1"])?;
    assert_eq!(signed_out.code, Some(0), "{signed_out:?}");
    assert!(signed_out.err.contains("when Deskside runs next"), "{}", signed_out.err);
    let listed = stage.cli(&["connection", "list", "--json"])?.json()?;
    assert_eq!(listed["connections"], json!([]));
    assert!(!is_revoked(&sandbox)?, "told by nobody");

    let _companion = stage.companion("run.log")?;
    is_told(&sandbox)?;
    Ok(())
}

#[test]
fn a_backends_connection_is_stopped_and_removed_there_too() -> Outcome {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    let _app = linked(&stage, &sandbox)?;
    let listed = stage.cli(&["connection", "list", "--json"])?.json()?;
    let id = listed["connections"][0]["id"].as_str().ok_or("no connection")?;

    let stopped = stage.cli(&["connection", "stop", id])?;
    assert_eq!(stopped.code, Some(0), "{stopped:?}");
    let state = sandbox.get("/state")?;
    assert_eq!(state["connections"][0]["status"], "unlinked");

    let removed = stage.cli(&["connection", "remove", id])?;
    assert_eq!(removed.code, Some(0), "{removed:?}");
    assert!(removed.err.contains("removed at 127.0.0.1 too"), "{}", removed.err);
    assert_eq!(sandbox.get("/state")?["connections"], json!([]));
    eventually("it is gone here too", || {
        let listed = stage.cli(&["connection", "list", "--json"])?.json()?;
        Ok((listed["connections"] == json!([])).then_some(()))
    })
}

//! A business that holds its own key: the whole way to the sandbox and back, without a window.

use std::path::PathBuf;

use deskside_tests::{Outcome, Output, Sandbox, Stage, eventually};
use serde_json::{Value, json};

use crate::platform::open_company;

/// Adds a connection that works, with a key of the business's own: Conductor's name for its end
/// user, and what was printed, which is our name for the connection.
pub(crate) fn working_connection(stage: &Stage, sandbox: &Sandbox) -> Outcome<(String, Output)> {
    let user = sandbox.end_user("working")?;
    let base = format!("{}/v1", sandbox.ready.conductor);
    let add = ["connection", "add", "conductor", "--end-user", &user, "--base-url", &base];
    let added = stage.cli_with(&add, &sandbox.ready.conductor_secret_key)?;
    assert_eq!(added.code, Some(0), "{added:?}");
    Ok((user, added))
}

#[test]
fn a_direct_connection_is_watched_without_a_window() -> Outcome {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    let _quickbooks = open_company(&stage)?;
    let _web_connector = stage.web_connector()?;

    // Given a connection with a key of the business's own
    let (user, added) = working_connection(&stage, &sandbox)?;
    assert!(added.err.contains("reaches every end user"), "not warned: {added:?}");
    let id = added.out.trim();
    assert_eq!(stage.cli(&["connection", "check", id])?.code, Some(0));
    assert_eq!(stage.cli(&["diagnose", "--json"])?.json()?["verdict"], "healthy");

    // When the companion watches it
    let mut companion = stage.companion("run.log")?;
    let status = stage.verdict_becomes("healthy")?;
    assert_eq!(status["connections"][0]["id"], id);
    let listed = stage.cli(&["connection", "list", "--json"])?.json()?;
    let listed = &listed["connections"][0];
    assert_eq!((&listed["via"], &listed["link"]), (&json!("Conductor"), &Value::Null));
    assert!(listed["last_success_at"].is_string(), "{listed}");

    // Then the key is in the vault and nowhere else
    let key = &sandbox.ready.conductor_secret_key;
    assert_eq!(stage.desktop.secret(&format!("direct/{id}/key"))?.as_ref(), Some(key));
    assert_eq!(stage.files_with(key)?, Vec::<PathBuf>::new());
    let log = std::fs::read_to_string(stage.scratch.join("run.log"))?;
    assert!(!log.contains(key.as_str()), "the key is in the log");

    // And a second companion of the same profile does not start
    let second = stage.cli(&["run"])?;
    assert_eq!(second.code, Some(2));
    assert!(second.err.contains("already running"), "{second:?}");

    // And a failure is noticed
    sandbox.post(&format!("/end-users/{user}"), json!({ "state": "broken" }))?;
    let checked = stage.cli(&["connection", "check", id, "--json"])?;
    let code = &checked.json()?["problems"][0]["code"];
    assert_eq!((checked.code, code), (Some(1), &json!("web_connector.consent_denied")));

    // And removing it removes the key, and says what becomes of the data
    let removed = stage.cli(&["connection", "remove", id])?;
    assert_eq!(removed.code, Some(0));
    assert!(removed.err.contains("At Conductor the connection and the data stay"), "{removed:?}");
    eventually("the key is gone", || Ok(stage.desktop.secrets()?.is_empty().then_some(())))?;
    assert!(companion.is_running()?);
    Ok(())
}

//! What a backend knows after a computer was purged. The window, in which people link a computer, needs
//! WebView2; so these computers are linked by the same calls, without it.

use std::fs;

use deskside_companion::SavedState;
use deskside_runtime::store::Store;
use deskside_tests::{Outcome, Sandbox, credentials};
use serde_json::json;

use super::one_user::User;

/// Links this profile to the sandbox's backend.
fn link(user: &User, sandbox: &Sandbox) -> Outcome {
    let code = sandbox.enrollment("Acme Books")?.code;
    let device = json!({ "name": "PC", "platform": "windows", "app_version": "1.0.0" });
    let backend = &sandbox.ready.backend;
    let asked = reqwest::blocking::Client::builder().no_proxy().build()?;
    let asked = asked.post(format!("{backend}/v1/devices"));
    let asked = asked.json(&json!({ "code": code, "device": device })).send()?;
    let enrolled: serde_json::Value = asked.error_for_status()?.json()?;
    let text = |field: &str| enrolled[field].as_str().ok_or("an answer without it");
    let id = format!("127.0.0.1/{}", text("device_id")?);
    user.cli(&["secret", "set", &format!("backend/{id}/token")], text("token")?)?;
    let signing = text("signing_secret")?;
    user.cli(&["secret", "set", &format!("backend/{id}/signing-secret")], signing)?;
    fs::create_dir_all(&user.stage.desktop.data)?;
    let (store, _) = Store::open(&user.stage.desktop.data)?;
    let device =
        json!({ "id": id, "backend": backend, "account": "Acme Books", "heartbeat_seconds": 300 });
    let saved: SavedState = serde_json::from_value(json!({ "devices": [device] }))?;
    store.save(&saved)?;
    Ok(())
}

fn is_revoked(sandbox: &Sandbox) -> Outcome<bool> {
    Ok(sandbox.get("/state")?["devices"][0]["revoked"] == true)
}

#[test]
fn purging_a_running_program_signs_out_of_its_backend() -> Outcome {
    let user = User::new()?;
    let sandbox = Sandbox::start()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    link(&user, &sandbox)?;
    let mut app = user.start()?;
    assert_eq!(user.cli(&["secret", "list"], "")?.lines().count(), 2, "it is not linked");
    user.uninstall(" /PURGE")?;
    assert_eq!(app.ends()?, Some(0));
    assert!(is_revoked(&sandbox)?, "the backend still accepts the token");
    assert_eq!(credentials()?, []);
    Ok(())
}

#[test]
fn purging_also_signs_out_while_nothing_runs() -> Outcome {
    let user = User::new()?;
    let sandbox = Sandbox::start()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    link(&user, &sandbox)?;
    user.uninstall(" /PURGE")?;
    assert!(is_revoked(&sandbox)?, "the backend still accepts the token");
    assert_eq!(credentials()?, []);
    assert!(!user.stage.desktop.data.exists(), "the data is still there");
    Ok(())
}

#[test]
fn uninstalling_without_purging_stays_signed_in() -> Outcome {
    let user = User::new()?;
    let sandbox = Sandbox::start()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    link(&user, &sandbox)?;
    user.uninstall("")?;
    assert!(!is_revoked(&sandbox)?);
    assert_eq!(credentials()?.len(), 2);
    Ok(())
}

//! A business that holds its own key: the whole way to the sandbox and back, without a window.

use deskside_fake_quickbooks::orders::{QuickBooksOrder, Shown};
use deskside_fake_quickbooks::player::{Part, Player};
use deskside_windows_tests::{Play, Sandbox, Stage, built, credential, credentials, eventually};
use serde_json::json;

fn play(stage: &Stage, part: Part, name: &str) -> Play<Player> {
    let program = part.copy(&built()?, &stage.backstage.join("Intuit"), name)?;
    Ok(Player::start(&program, [""; 0])?)
}

fn company_is_open() -> QuickBooksOrder {
    let title = "Larch LLC  - Intuit QuickBooks Enterprise Solutions: Accountant 24.0".into();
    QuickBooksOrder::Main { title, shown: Shown::Open }
}

/// A connection with a key of the business's own that works; Conductor's name for its end user, and
/// our name for the connection.
pub(crate) fn working_connection(stage: &Stage, sandbox: &Sandbox) -> Play<(String, String)> {
    let session = sandbox.post("/sessions", &json!({}))?;
    let user = session["end_user_id"].as_str().ok_or("no end user")?;
    sandbox.post(&format!("/end-users/{user}"), &json!({ "state": "working" }))?;
    let base = format!("{}/v1", sandbox.ready.conductor);
    let add = ["connection", "add", "conductor", "--end-user", user, "--base-url", &base];
    let added = stage.cli_with(&add, sandbox.ready.conductor_secret_key.as_bytes())?;
    assert_eq!(added.code, Some(0), "{added:?}");
    Ok((user.to_owned(), added.text()?.trim().to_owned()))
}

#[test]
fn a_direct_connection_is_watched_without_a_window() -> Play {
    let stage = Stage::set_up()?;
    let sandbox = Sandbox::start(&stage)?;
    let mut quickbooks = play(&stage, Part::QuickBooks, "QBW.EXE")?;
    quickbooks.obey(&company_is_open())?;
    let _web_connector = play(&stage, Part::WebConnector, "QBWebConnector.exe")?;

    // Given a connection with a key of the business's own
    let (user, id) = working_connection(&stage, &sandbox)?;
    let key = &sandbox.ready.conductor_secret_key;
    assert_eq!(stage.cli(&["connection", "check", &id])?.code, Some(0));
    assert_eq!(stage.cli(&["diagnose", "--json"])?.json()?["verdict"], "healthy");

    // When the companion watches it
    let mut companion = stage.companion("run.log")?;
    let status = stage.verdict_becomes("healthy")?;
    assert_eq!(status["connections"][0]["id"], id.as_str());

    // Then the key is in the Credential Manager and nowhere else
    let kept = || credential(&format!("com.deskside.companion/direct/{id}/key"));
    assert_eq!(kept()?.ok_or("no key")?.secret, key.as_bytes());
    assert_eq!(stage.files_with(key)?, Vec::<std::path::PathBuf>::new());

    // And a second companion of the same profile does not start
    let second = stage.cli(&["run"])?;
    assert_eq!(second.code, Some(2));
    assert!(second.complaint()?.contains("already running"), "{second:?}");

    // And what breaks is noticed
    sandbox.post(&format!("/end-users/{user}"), &json!({ "state": "broken" }))?;
    let checked = stage.cli(&["connection", "check", &id, "--json"])?;
    let code = &checked.json()?["problems"][0]["code"];
    assert_eq!((checked.code, code), (Some(1), &json!("web_connector.consent_denied")));

    // And forgetting it takes the key along
    assert_eq!(stage.cli(&["connection", "remove", &id])?.code, Some(0));
    eventually("the key is gone", || Ok(credentials()?.is_empty().then_some(())))?;
    assert!(companion.is_running()?);
    Ok(())
}

#[test]
fn quickbooks_is_noticed_when_it_starts_and_when_it_ends() -> Play {
    let stage = Stage::set_up()?;
    let _companion = stage.companion("run.log")?;
    let seen = |wanted: bool| {
        eventually("QuickBooks is noticed", || {
            let evidence = stage.cli(&["status", "--json", "--print-evidence"])?.json()?;
            Ok((evidence["quickbooks"]["known"].is_object() == wanted).then_some(()))
        })
    };
    seen(false)?;
    let quickbooks = play(&stage, Part::QuickBooks, "qbw32.exe")?;
    seen(true)?;
    drop(quickbooks);
    seen(false)
}

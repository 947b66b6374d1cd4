//! A business that holds its own key: Conductor itself, without a backend and without a window.

use deskside_tests::{Cli, Desktop, Parts, Play, Sandbox, eventually};
use serde_json::{Value, json};

async fn end_user(sandbox: &Sandbox, state: &str) -> Play<String> {
    let session = sandbox.post("/sessions", json!({})).await?;
    let id = session["end_user_id"].as_str().ok_or("no end user")?.to_owned();
    sandbox.post(&format!("/end-users/{id}"), json!({ "state": state })).await?;
    Ok(id)
}

async fn add(cli: &Cli<'_>, sandbox: &Sandbox, end_user: &str) -> Play<String> {
    let base = format!("{}/v1", sandbox.ready.conductor);
    let arguments = ["connection", "add", "conductor", "--end-user", end_user, "--base-url", &base];
    let key = format!("{}\n", sandbox.ready.conductor_secret_key);
    let added = cli.run_with(&arguments, &key).await?;
    assert_eq!(added.code, Some(0), "{added:?}");
    Ok(added.out.trim().to_owned())
}

async fn requests(sandbox: &Sandbox, path: &str) -> Play<u64> {
    let requests = sandbox.get("/requests").await?;
    let all = requests["requests"].as_array().cloned().unwrap_or_default();
    let count = |r: &Value| (r["path"].as_str()?.contains(path)).then(|| r["count"].as_u64())?;
    Ok(all.iter().filter_map(count).sum())
}

#[tokio::test]
async fn a_direct_connection_is_watched_without_a_window() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    let _quickbooks = desktop.stand_in("QBW32.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let user = end_user(&sandbox, "working").await?;
    let id = add(&cli, &sandbox, &user).await?;
    // Data has flowed before
    assert_eq!(cli.run(&["connection", "check", &id]).await?.code, Some(0));

    let mut companion = cli.companion(&desktop.backstage.join("run.log"))?;
    let status = cli.verdict_becomes("healthy").await?;
    assert_eq!(status["connections"][0]["id"], id.as_str());

    // The key is in the keyring and nowhere else
    let key = &sandbox.ready.conductor_secret_key;
    assert_eq!(desktop.secret(&format!("direct/{id}/key")).await?.as_ref(), Some(key));
    assert_eq!(desktop.files_with(key)?, Vec::<std::path::PathBuf>::new());
    let log = std::fs::read_to_string(desktop.backstage.join("run.log"))?;
    assert!(!log.contains(key.as_str()), "the key is in the log");

    // A second companion of the same profile does not start
    let second = cli.run(&["run"]).await?;
    assert_eq!(second.code, Some(2));
    assert!(second.err.contains("already running"), "{}", second.err);

    // Forgetting it takes the key along
    assert_eq!(cli.run(&["connection", "remove", &id]).await?.code, Some(0));
    eventually("the key is gone", async || {
        Ok(desktop.secret(&format!("direct/{id}/key")).await?.is_none().then_some(()))
    })
    .await?;
    companion.kill().await?;
    Ok(())
}

#[tokio::test]
async fn a_check_says_what_conductor_says_and_asks_once() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    for (state, code) in [
        ("not_set_up", "connection.not_set_up"),
        ("inactive", "connection.inactive"),
        ("broken", "web_connector.consent_denied"),
    ] {
        let user = end_user(&sandbox, state).await?;
        let id = add(&cli, &sandbox, &user).await?;
        let before = requests(&sandbox, "health-check").await?;
        let checked = cli.run(&["connection", "check", &id, "--json"]).await?;
        let problem = &checked.json()?["problems"][0];
        assert_eq!((checked.code, &problem["code"]), (Some(1), &json!(code)), "{checked:?}");
        assert!(problem["request_id"].as_str().is_some_and(|id| id.starts_with("req_")));
        assert!(problem["provider_message"].is_string());
        assert_eq!(requests(&sandbox, "health-check").await? - before, 1, "{state}: asked again");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_key_is_told_as_such() -> Play {
    let desktop = Desktop::set_up(Parts::default()).await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let user = end_user(&sandbox, "working").await?;
    let id = add(&cli, &sandbox, &user).await?;
    let name = format!("direct/{id}/key");
    assert_eq!(cli.run_with(&["secret", "set", &name], "sk_wrong").await?.code, Some(0));
    let diagnosed = cli.run(&["diagnose", "--json"]).await?;
    assert_eq!(diagnosed.json()?["problems"][0]["code"], "companion.credentials_rejected");
    assert!(!diagnosed.out.contains("sk_wrong"));
    let listed = cli.run(&["secret", "list", "--json"]).await?.json()?;
    assert_eq!(listed["secrets"][0], json!({ "name": name, "present": true }));
    Ok(())
}

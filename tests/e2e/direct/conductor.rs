//! Conductor itself, without a backend and without a window.

use std::path::PathBuf;

use deskside_tests::{Browser, Cli, Play, built, eventually, processes_with};
use serde_json::{Value, json};

use super::stage::{Stage, end_user, opens, requests};

#[tokio::test]
async fn a_direct_connection_is_watched_without_a_window() -> Play {
    let stage = Stage::set_up().await?;
    let Stage { desktop, sandbox, .. } = &stage;
    let cli = Cli(desktop);
    let _quickbooks = desktop.stand_in("QBW32.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let user = end_user(sandbox, "working").await?;
    let added = stage.add(&user).await?;
    assert_eq!(added.code, Some(0), "{added:?}");
    assert!(added.err.contains("reaches every end user"), "not warned: {added:?}");
    let id = added.out.trim();
    assert_eq!(cli.run(&["connection", "check", id]).await?.code, Some(0));

    let mut companion = cli.companion(&desktop.backstage.join("run.log"))?;
    let status = cli.verdict_becomes("healthy").await?;
    assert_eq!(status["connections"][0]["id"], id);
    let listed = cli.run(&["connection", "list", "--json"]).await?.json()?;
    let listed = &listed["connections"][0];
    assert_eq!((&listed["via"], &listed["link"]), (&json!("Conductor"), &Value::Null));
    assert!(listed["last_success_at"].is_string(), "{listed}");

    // The key is in the keyring and nowhere else
    let key = &sandbox.ready.conductor_secret_key;
    assert_eq!(desktop.secret(&format!("direct/{id}/key")).await?.as_ref(), Some(key));
    assert_eq!(desktop.files_with(key)?, Vec::<PathBuf>::new());
    let log = std::fs::read_to_string(desktop.backstage.join("run.log"))?;
    assert!(!log.contains(key.as_str()), "the key is in the log");

    // A second companion of the same profile does not start
    let second = cli.run(&["run"]).await?;
    assert_eq!(second.code, Some(2));
    assert!(second.err.contains("already running"), "{}", second.err);

    // Forgetting it takes the key along, and says what becomes of the data
    let removed = cli.run(&["connection", "remove", id]).await?;
    assert_eq!(removed.code, Some(0));
    assert!(removed.err.contains("At Conductor the connection and the data stay"), "{removed:?}");
    eventually("the key is gone", async || {
        Ok(desktop.secret(&format!("direct/{id}/key")).await?.is_none().then_some(()))
    })
    .await?;
    companion.kill().await?;
    Ok(())
}

#[tokio::test]
async fn additions_at_the_same_moment_are_all_kept() -> Play {
    let stage = Stage::set_up().await?;
    let mut users = Vec::new();
    for _ in 0..4 {
        users.push(end_user(&stage.sandbox, "working").await?);
    }
    let [one, two, three, four] = users.as_slice() else { return Err("not four".into()) };
    let added = tokio::join!(stage.add(one), stage.add(two), stage.add(three), stage.add(four));
    for added in [added.0?, added.1?, added.2?, added.3?] {
        assert_eq!(added.code, Some(0), "{added:?}");
    }
    let listed = stage.run(&["connection", "list", "--json"], "").await?.json()?;
    assert_eq!(listed["connections"].as_array().map(Vec::len), Some(4), "{listed}");
    assert_eq!(stage.names_in_the_keyring().await?.len(), 4, "a probe is left");
    Ok(())
}

#[tokio::test]
async fn a_key_is_in_no_process_while_it_is_used() -> Play {
    let stage = Stage::set_up().await?;
    let user = end_user(&stage.sandbox, "working").await?;
    let slow = json!({ "target": "conductor", "path_prefix": "/v1/quickbooks-desktop", "kind": "latency", "ms": 2000 });
    stage.sandbox.post("/faults", slow).await?;
    let key = &stage.sandbox.ready.conductor_secret_key;
    let looked = eventually("the check is under way", async || {
        let asked = requests(&stage.sandbox, "health-check").await? > 0;
        asked.then(|| processes_with(key)).transpose()
    });
    let (added, looked) = tokio::join!(stage.add(&user), looked);
    assert_eq!(added?.code, Some(0));
    assert_eq!(looked?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn each_answer_of_conductor_is_shown_as_given_and_none_opens_a_page() -> Play {
    let stage = Stage::set_up().await?;
    let browser = Browser::install(&stage.desktop).await?;
    let keys = stage.both_keys().await?;
    for (state, code, words) in [
        ("working", 0, "Connected."),
        ("request_refused", 0, "Connected."),
        ("inactive", 1, "is not active. It was last active"),
        ("broken", 1, "'Allow this application to log in automatically' is checked"),
        ("timeout", 1, "timed out after 90 seconds"),
        ("removed", 2, "nothing is kept"),
    ] {
        let user = end_user(&stage.sandbox, state).await?;
        let before = requests(&stage.sandbox, "health-check").await?;
        let added = stage.add_with(&user, &keys, &[]).await?;
        assert_eq!(added.code, Some(code), "{state}: {added:?}");
        assert!(added.err.contains(words), "{state}: {}", added.err);
        let has_request = added.err.contains("Request: req_");
        assert_eq!(has_request, code != 0, "{state}: {}", added.err);
        assert_eq!(requests(&stage.sandbox, "health-check").await? - before, 1, "{state}");
        assert_eq!(added.out.is_empty(), code == 2, "{state}: {}", added.out);
        assert_eq!(opens(&stage.sandbox, &user).await?, Vec::<Value>::new(), "{state}: a link");
    }
    let user = end_user(&stage.sandbox, "inactive").await?;
    let said = "Größe “5” — 试试 <b>";
    stage.sandbox.post(&format!("/end-users/{user}"), json!({ "user_message": said })).await?;
    let added = stage.add(&user).await?;
    assert!(added.err.contains(&format!("Message: {said}\n")), "{}", added.err);
    assert_eq!(browser.opened()?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_fault_of_conductor_itself_is_neither_a_connection_error_nor_health() -> Play {
    let stage = Stage::set_up().await?;
    let user = end_user(&stage.sandbox, "working").await?;
    for (status, kind, code) in [
        (500, "INTERNAL_ERROR", 3),
        (429, "SOMETHING_NEW", 3),
        (400, "INVALID_REQUEST_ERROR", 3),
        (409, "SOMETHING_NEW", 3),
        (502, "INTEGRATION_CONNECTION_ERROR", 1),
        (403, "PERMISSION_ERROR", 2),
        (401, "AUTHENTICATION_ERROR", 2),
    ] {
        let error = json!({
            "message": "for developers", "userFacingMessage": "for users", "type": kind,
            "code": "SOMETHING", "httpStatusCode": status, "requestId": "req_1",
        });
        let fault = json!({
            "target": "conductor", "path_prefix": "/v1/quickbooks-desktop", "kind": "status",
            "status": status, "body": { "error": error }, "times": 1,
        });
        stage.sandbox.post("/faults", fault).await?;
        let added = stage.add(&user).await?;
        assert_eq!(added.code, Some(code), "{status}: {added:?}");
        assert!(added.err.contains("Request: req_1"), "{status}: {}", added.err);
        // What is said of a key may hold parts of it.
        let shown = if kind == "INVALID_REQUEST_ERROR" { "for developers" } else { "for users" };
        assert_eq!(added.err.contains(shown), code != 2, "{status}: {}", added.err);
    }
    Ok(())
}

#[tokio::test]
async fn a_refused_key_is_not_kept_and_a_key_that_cannot_be_kept_is_not_used() -> Play {
    let stage = Stage::set_up().await?;
    let user = end_user(&stage.sandbox, "working").await?;
    let refused = stage.add_with(&user, "sk_conductor_0123456789abcdef\n", &[]).await?;
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""), "{refused:?}");
    assert!(refused.err.contains("does not accept this key"), "{}", refused.err);
    assert!(!refused.err.contains("sk_cond"), "a part of the key: {}", refused.err);
    stage.keeps_nothing("a refused key").await?;

    for (keys, words) in
        [("", "give the secret"), ("\n\n", "give the secret"), ("a\nb\nc", "too many")]
    {
        let added = stage.add_with(&user, keys, &[]).await?;
        assert_eq!(added.code, Some(2), "{keys:?}: {added:?}");
        assert!(added.err.contains(words), "{keys:?}: {}", added.err);
    }
    let long = stage.add_with(&user, &"k".repeat(2561), &[]).await?;
    assert_eq!(long.code, Some(2), "{long:?}");

    let before = requests(&stage.sandbox, "health-check").await?;
    stage.desktop.lock_keyring().await?;
    let locked = stage.add(&user).await?;
    assert_eq!((locked.code, locked.out.as_str()), (Some(2), ""), "{locked:?}");
    assert!(locked.err.contains("password store"), "{}", locked.err);
    assert_eq!(requests(&stage.sandbox, "health-check").await?, before, "checked all the same");
    Ok(())
}

#[tokio::test]
async fn what_is_not_set_up_has_its_page_opened_once_where_no_app_can_be_started() -> Play {
    let stage = Stage::set_up().await?;
    let Stage { desktop, sandbox, .. } = &stage;
    let browser = Browser::install(desktop).await?;
    let keys = stage.both_keys().await?;
    let user = end_user(sandbox, "not_set_up").await?;

    // Without the publishable key there is no link, and that is said
    let added = stage.add(&user).await?;
    assert_eq!(added.code, Some(1), "{added:?}");
    assert!(added.err.contains("on the second line"), "{}", added.err);
    assert!(added.err.contains("sandbox: Your QuickBooks Desktop connection is not set up"));
    let id = added.out.trim().to_owned();
    assert_eq!(opens(sandbox, &user).await?, Vec::<Value>::new());

    // When it is added again with both, it is the same connection, and its page opens
    let added = stage.add_with(&user, &keys, &[]).await?;
    assert_eq!((added.code, added.out.trim()), (Some(1), id.as_str()), "{added:?}");
    let tab = browser.page_with(desktop, "#finish").await?;
    let opened = browser.opened()?;
    assert_eq!((opened.len(), opens(sandbox, &user).await?), (1, vec![json!(1)]));

    // And the link is nowhere but in the browser
    let secret = opened[0].rsplit('/').next().and_then(|end| end.split('?').next());
    let secret = secret.ok_or("no secret")?.to_owned();
    assert!(!format!("{added:?}").contains(&secret), "the link was printed");
    assert_eq!(desktop.files_with(&secret)?, Vec::<PathBuf>::new());
    let listed = stage.run(&["connection", "list", "--json"], "").await?.json()?;
    assert_eq!(listed["connections"][0]["link"]["stage"], "opened", "{listed}");

    // When the steps are done, it works
    tab.click("#finish").await?;
    eventually("Conductor knows that it is done", async || {
        let state = sandbox.get("/state").await?;
        let users = state["end_users"].as_array().cloned().unwrap_or_default();
        Ok(users.iter().any(|one| one["id"] == user && one["state"] == "working").then_some(()))
    })
    .await?;
    tab.quit().await?;
    let added = stage.add_with(&user, &keys, &[]).await?;
    assert_eq!((added.code, added.out.trim()), (Some(0), id.as_str()), "{added:?}");

    // A link that is asked for by name is printed, and not opened
    let printed = stage.run(&["connection", "link", &id, "--print-link"], "").await?;
    assert_eq!(printed.code, Some(1), "{printed:?}");
    assert!(printed.out.contains("/qbd/"), "{printed:?}");
    assert_eq!(
        (browser.opened()?.len(), opens(sandbox, &user).await?),
        (1, vec![json!(1), json!(0)])
    );
    Ok(())
}

#[tokio::test]
async fn a_running_companion_opens_the_page_and_hears_what_a_check_found() -> Play {
    let stage = Stage::set_up().await?;
    let Stage { desktop, sandbox, .. } = &stage;
    let browser = Browser::install(desktop).await?;
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let cli = Cli(desktop);
    let mut companion = cli.companion(&desktop.backstage.join("run.log"))?;
    eventually("the companion has looked", async || {
        let evidence = cli.run(&["status", "--json", "--print-evidence"]).await?.json()?;
        Ok(evidence["quickbooks"]["known"].is_object().then_some(()))
    })
    .await?;

    // Given a connection whose first keys had none for links
    let user = end_user(sandbox, "not_set_up").await?;
    assert_eq!(stage.add(&user).await?.code, Some(1));
    // When it is added with both
    let added = stage.add_with(&user, &stage.both_keys().await?, &[]).await?;
    assert_eq!(added.code, Some(1), "{added:?}");
    // Then the companion opens its page, once
    let tab = browser.page_with(desktop, "#finish").await?;
    assert_eq!((browser.opened()?.len(), opens(sandbox, &user).await?), (1, vec![json!(1)]));
    let listed = stage.run(&["connection", "list", "--json"], "").await?.json()?;
    assert_eq!(listed["connections"][0]["link"]["stage"], "opened", "{listed}");
    tab.click("#finish").await?;
    cli.verdict_becomes("healthy").await?;
    tab.quit().await?;

    // When a check finds something that no passive question could, the companion says so too
    let id = added.out.trim();
    sandbox.post(&format!("/end-users/{user}"), json!({ "state": "broken" })).await?;
    let before = requests(sandbox, "health-check").await?;
    assert_eq!(stage.run(&["connection", "check", id], "").await?.code, Some(1));
    let status = cli.verdict_becomes("problem").await?;
    assert_eq!(status["problems"][0]["code"], "web_connector.consent_denied");
    assert_eq!(requests(sandbox, "health-check").await? - before, 1, "asked again");
    companion.kill().await?;
    Ok(())
}

#[tokio::test]
async fn where_no_companion_runs_the_app_is_started_and_opens_the_page() -> Play {
    let stage = Stage { cli: built("deskside-cli")?, ..Stage::set_up().await? };
    let Stage { desktop, sandbox, .. } = &stage;
    let browser = Browser::install(desktop).await?;
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    built("deskside")?;
    let user = end_user(sandbox, "not_set_up").await?;
    let added = stage.add_with(&user, &stage.both_keys().await?, &[]).await?;
    assert_eq!(added.code, Some(1), "{added:?}");
    let tab = browser.page_with(desktop, "#finish").await?;
    assert_eq!((browser.opened()?.len(), opens(sandbox, &user).await?), (1, vec![json!(1)]));
    tab.quit().await?;
    eventually("its window is open", async || {
        let windows = desktop.windows().await?;
        Ok(windows.iter().any(|title| title.contains("Deskside")).then_some(()))
    })
    .await?;
    let status = stage.run(&["status", "--json"], "").await?.json()?;
    assert_eq!((&status["running"], &status["verdict"]), (&json!(true), &json!("waiting")));
    assert_eq!(stage.run(&["quit"], "").await?.code, Some(0));
    Ok(())
}

#[tokio::test]
async fn a_new_end_user_is_made_once_and_named() -> Play {
    let stage = Stage::set_up().await?;
    let base = format!("{}/v1", stage.sandbox.ready.conductor);
    let create = [
        "connection",
        "add",
        "conductor",
        "--create",
        "--company-name",
        "Larch & Söhne",
        "--source-id",
        "larch-1",
        "--email",
        "books@larch.example",
        "--base-url",
        &base,
    ];
    let key = stage.sandbox.ready.conductor_secret_key.clone();
    let added = stage.run(&create, &key).await?;
    assert_eq!(added.code, Some(1), "{added:?}");
    let state = stage.sandbox.get("/state").await?;
    let made = &state["end_users"][0];
    assert_eq!(
        (&made["company_name"], &made["source_id"]),
        (&json!("Larch & Söhne"), &json!("larch-1"))
    );
    assert!(added.err.contains(made["id"].as_str().ok_or("no end user")?), "{}", added.err);
    let listed = stage.run(&["connection", "list", "--json"], "").await?.json()?;
    assert_eq!(listed["connections"][0]["company"], "Larch & Söhne");

    // A second time Conductor refuses, in its own words, and nothing new is kept
    let again = stage.run(&create, &key).await?;
    assert_eq!((again.code, again.out.as_str()), (Some(2), ""), "{again:?}");
    assert!(again.err.contains("Message: "), "{}", again.err);
    assert_eq!(stage.names_in_the_keyring().await?.len(), 1);

    // One that is named is made only where Conductor does not know it
    let known = made["id"].as_str().ok_or("no end user")?.to_owned();
    let named = stage.run(&[&create[..], &["--end-user", &known]].concat(), &key).await?;
    assert_eq!(named.code, Some(1), "{named:?}");
    let other = create.map(|word| if word == "larch-1" { "larch-2" } else { word });
    let named = stage.run(&[&other[..], &["--end-user", "end_usr_0"]].concat(), &key).await?;
    assert_eq!(named.code, Some(1), "{named:?}");
    let state = stage.sandbox.get("/state").await?;
    assert_eq!(state["end_users"].as_array().map(Vec::len), Some(2), "{state}");
    Ok(())
}

#[tokio::test]
async fn a_check_says_what_conductor_says_and_asks_once() -> Play {
    let stage = Stage::set_up().await?;
    let Stage { desktop, sandbox, .. } = &stage;
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    for (state, code) in [
        ("not_set_up", "connection.not_set_up"),
        ("inactive", "connection.inactive"),
        ("broken", "web_connector.consent_denied"),
    ] {
        let user = end_user(sandbox, state).await?;
        let added = stage.add(&user).await?;
        let before = requests(sandbox, "health-check").await?;
        let checked = stage.run(&["connection", "check", added.out.trim(), "--json"], "").await?;
        let problem = &checked.json()?["problems"][0];
        assert_eq!((checked.code, &problem["code"]), (Some(1), &json!(code)), "{checked:?}");
        assert!(problem["request_id"].as_str().is_some_and(|id| id.starts_with("req_")));
        assert!(problem["provider_message"].is_string());
        assert_eq!(requests(sandbox, "health-check").await? - before, 1, "{state}: asked again");
    }
    Ok(())
}

#[tokio::test]
async fn what_conductor_says_of_a_request_that_fails_is_repeated_with_its_number() -> Play {
    let stage = Stage::set_up().await?;
    let user = end_user(&stage.sandbox, "working").await?;
    let added = stage.add_with(&user, &stage.both_keys().await?, &[]).await?;
    assert_eq!(added.code, Some(0), "{added:?}");
    let id = added.out.trim();
    let fails = |status: u16, kind: &str| {
        json!({
            "target": "conductor", "kind": "status", "status": status, "times": 1,
            "body": { "error": {
                "message": "as it is said", "userFacingMessage": "as it is said", "type": kind,
                "code": "NEW_CODE", "httpStatusCode": status, "requestId": "req_1",
            } },
        })
    };
    for (status, kind) in
        [(402, "NEW_ERROR"), (409, "NEW_ERROR"), (429, "NEW_ERROR"), (500, "INTERNAL_ERROR")]
    {
        stage.sandbox.post("/faults", fails(status, kind)).await?;
        let checked = stage.run(&["connection", "check", id], "").await?;
        let said = checked.err.contains("Message: as it is said\nRequest: req_1\n");
        assert!(said, "{status}: {checked:?}");
    }
    stage.sandbox.post("/faults", fails(400, "INVALID_REQUEST_ERROR")).await?;
    let link = stage.run(&["connection", "link", id, "--print-link"], "").await?;
    assert_eq!((link.code, link.out.as_str()), (Some(2), ""), "{link:?}");
    assert!(link.err.contains("Message: as it is said\nRequest: req_1\n"), "{link:?}");
    assert!(!link.err.contains("no usable answer"), "{link:?}");
    Ok(())
}

#[tokio::test]
async fn a_wrong_key_is_told_as_such() -> Play {
    let stage = Stage::set_up().await?;
    let _quickbooks = stage.desktop.stand_in("QBW.EXE")?;
    let _web_connector = stage.desktop.stand_in("QBWebConnector.exe")?;
    let user = end_user(&stage.sandbox, "working").await?;
    let id = stage.add(&user).await?.out.trim().to_owned();
    let name = format!("direct/{id}/key");
    assert_eq!(stage.run(&["secret", "set", &name], "sk_wrong").await?.code, Some(0));
    let diagnosed = stage.run(&["diagnose", "--json"], "").await?;
    assert_eq!(diagnosed.json()?["problems"][0]["code"], "companion.key_rejected");
    assert!(!diagnosed.out.contains("sk_wrong"));
    let listed = stage.run(&["secret", "list", "--json"], "").await?.json()?;
    assert_eq!(listed["secrets"][0], json!({ "name": name, "present": true }));
    Ok(())
}

#[tokio::test]
async fn what_conductor_cannot_do_is_said_and_changes_nothing() -> Play {
    let stage = Stage::set_up().await?;
    let user = end_user(&stage.sandbox, "working").await?;
    let id = stage.add(&user).await?.out.trim().to_owned();
    let stopped = stage.run(&["connection", "stop", &id], "").await?;
    assert_eq!(stopped.code, Some(2));
    assert!(stopped.err.contains("Conductor cannot stop"), "{}", stopped.err);
    for command in ["check", "link", "stop", "remove"] {
        let unknown = stage.run(&["connection", command, "direct-0"], "").await?;
        assert_eq!(unknown.code, Some(2), "{command}");
        assert!(unknown.err.contains("there is no connection direct-0"), "{}", unknown.err);
    }
    assert_eq!(
        stage.run(&["connection", "list"], "").await?.out.trim(),
        format!("{id}\tQuickBooks ({user})\tConductor\tconductor\t-\t-\t-\t-")
    );
    Ok(())
}

#[tokio::test]
async fn a_look_of_the_command_lines_own_walks_the_way_and_the_bundle_tells_it_without_the_key()
-> Play {
    let stage = Stage::set_up().await?;
    let user = end_user(&stage.sandbox, "working").await?;
    assert_eq!(stage.add(&user).await?.code, Some(0));
    stage.sandbox.post("/faults", json!({ "target": "conductor", "kind": "reset" })).await?;
    let seen = stage.run(&["diagnose", "--print-evidence"], "").await?.json()?;
    assert_eq!(seen["connections"][0]["server"], "127.0.0.1", "{seen}");
    assert_eq!(seen["reach"][0]["host"], "127.0.0.1", "{seen}");
    assert!(seen["reach"][0]["stopped_by"].is_string(), "{seen}");

    let file = stage.desktop.backstage.join("bundle.zip");
    let exported = stage.run(&["export", &file.display().to_string()], "").await?;
    assert_eq!(exported.code, Some(0), "{exported:?}");
    // Nothing in it is compressed.
    let bundle = String::from_utf8_lossy(&std::fs::read(&file)?).into_owned();
    assert!(bundle.contains("\"stopped_by\""), "{bundle}");
    let key = &stage.sandbox.ready.conductor_secret_key;
    assert!(!bundle.contains(key.as_str()) && !bundle.contains(&user), "{bundle}");
    Ok(())
}

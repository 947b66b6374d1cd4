//! A business that holds its own key: the providers themselves, without a backend and without a
//! window.

use std::path::PathBuf;
use std::process::Stdio;

use deskside_tests::{
    Browser, Cli, Desktop, Output, Parts, Play, Sandbox, built, eventually, processes_with, tool,
};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

/// A desktop, a sandbox, and the command line with no app beside it that it could start.
struct Stage {
    desktop: Desktop,
    sandbox: Sandbox,
    cli: PathBuf,
}

impl Stage {
    async fn set_up() -> Play<Self> {
        let desktop = Desktop::set_up(Parts::default()).await?;
        let cli = desktop.backstage.join("deskside-cli");
        // By a process of its own: a program that another test's child still holds open for writing,
        // as ours would be, cannot be started.
        let mut copy = desktop.command(tool("cp")?);
        let copied = copy.arg(built("deskside-cli")?).arg(&cli).status().await?;
        assert!(copied.success(), "the command line could not be copied");
        Ok(Self { desktop, sandbox: Sandbox::start().await?, cli })
    }

    /// Runs the command line to its end. No key is ever in what it prints, whatever happens.
    async fn run(&self, arguments: &[&str], input: &str) -> Play<Output> {
        let mut command = self.desktop.command(&self.cli);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let mut stdin = child.stdin.take().ok_or("no input")?;
        stdin.write_all(input.as_bytes()).await?;
        drop(stdin);
        let output = child.wait_with_output().await?;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes);
        let (out, err) = (text(output.stdout)?, text(output.stderr)?);
        let ready = &self.sandbox.ready;
        for key in [&ready.conductor_secret_key, &ready.codat_api_key] {
            assert!(!out.contains(key) && !err.contains(key), "a key was printed: {out}{err}");
        }
        Ok(Output { code: output.status.code(), out, err })
    }

    /// Adds an end user of Conductor with these keys.
    async fn add_with(&self, end_user: &str, keys: &str, more: &[&str]) -> Play<Output> {
        let base = format!("{}/v1", self.sandbox.ready.conductor);
        let add = ["connection", "add", "conductor", "--end-user", end_user, "--base-url", &base];
        self.run(&[&add, more].concat(), keys).await
    }

    async fn add(&self, end_user: &str) -> Play<Output> {
        self.add_with(end_user, &self.sandbox.ready.conductor_secret_key, &[]).await
    }

    /// Both keys, as they are given for links.
    async fn both_keys(&self) -> Play<String> {
        let session = self.sandbox.post("/sessions", json!({})).await?;
        let link = session["auth_flow_url"].as_str().ok_or("no link")?;
        let (_, publishable) = link.split_once("?key=").ok_or("no key in the link")?;
        Ok(format!("{}\r\n{publishable}\r\n", self.sandbox.ready.conductor_secret_key))
    }

    async fn add_codat(&self, arguments: &[&str]) -> Play<Output> {
        let base = &self.sandbox.ready.codat;
        let add = ["connection", "add", "codat", "--base-url", base];
        self.run(&[&add, arguments].concat(), &self.sandbox.ready.codat_api_key).await
    }

    /// The names under which the keyring holds something of ours, asked by a program that is not
    /// ours.
    async fn names_in_the_keyring(&self) -> Play<Vec<String>> {
        let mut command = self.desktop.command(tool("secret-tool")?);
        command.args(["search", "--all", "service", "com.deskside.companion"]);
        let output = command.output().await?;
        let said = String::from_utf8([output.stdout, output.stderr].concat())?;
        let name = |line: &str| line.strip_prefix("attribute.username = ").map(str::to_owned);
        Ok(said.lines().filter_map(name).collect())
    }

    /// Asserts that nothing of a connection was kept.
    async fn keeps_nothing(&self, why: &str) -> Play {
        let listed = self.run(&["connection", "list", "--json"], "").await?.json()?;
        assert_eq!(listed["connections"], json!([]), "{why}");
        let kept = self.names_in_the_keyring().await?;
        assert_eq!(kept, Vec::<String>::new(), "{why}: a key without a connection");
        Ok(())
    }
}

async fn end_user(sandbox: &Sandbox, state: &str) -> Play<String> {
    let session = sandbox.post("/sessions", json!({})).await?;
    let id = session["end_user_id"].as_str().ok_or("no end user")?.to_owned();
    sandbox.post(&format!("/end-users/{id}"), json!({ "state": state })).await?;
    Ok(id)
}

async fn requests(sandbox: &Sandbox, path: &str) -> Play<u64> {
    let requests = sandbox.get("/requests").await?;
    let all = requests["requests"].as_array().cloned().unwrap_or_default();
    let count = |r: &Value| (r["path"].as_str()?.contains(path)).then(|| r["count"].as_u64())?;
    Ok(all.iter().filter_map(count).sum())
}

/// The links of an end user that were made: how often each was opened.
async fn opens(sandbox: &Sandbox, end_user: &str) -> Play<Vec<Value>> {
    let state = sandbox.get("/state").await?;
    let sessions = state["sessions"].as_array().cloned().unwrap_or_default();
    let own = sessions.into_iter().filter(|session| session["end_user_id"] == end_user);
    // The first was made by the stage.
    Ok(own.skip(1).map(|session| session["opens"].clone()).collect())
}

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
async fn a_wrong_key_is_told_as_such() -> Play {
    let stage = Stage::set_up().await?;
    let _quickbooks = stage.desktop.stand_in("QBW.EXE")?;
    let _web_connector = stage.desktop.stand_in("QBWebConnector.exe")?;
    let user = end_user(&stage.sandbox, "working").await?;
    let id = stage.add(&user).await?.out.trim().to_owned();
    let name = format!("direct/{id}/key");
    assert_eq!(stage.run(&["secret", "set", &name], "sk_wrong").await?.code, Some(0));
    let diagnosed = stage.run(&["diagnose", "--json"], "").await?;
    assert_eq!(diagnosed.json()?["problems"][0]["code"], "companion.credentials_rejected");
    assert!(!diagnosed.out.contains("sk_wrong"));
    let listed = stage.run(&["secret", "list", "--json"], "").await?.json()?;
    assert_eq!(listed["secrets"][0], json!({ "name": name, "present": true }));
    Ok(())
}

/// A company of Codat with one connection: both identifiers.
async fn company(sandbox: &Sandbox) -> Play<(String, String)> {
    let made = sandbox.post("/codat/companies", json!({})).await?;
    let text = |at: &str| made.pointer(at).and_then(Value::as_str).map(str::to_owned);
    let company = text("/company_id").ok_or("no company")?;
    Ok((company, text("/connections/0/connection_id").ok_or("no connection")?))
}

/// The links of a connection at Codat that were opened: how often each was.
async fn codat_opens(sandbox: &Sandbox, connection: &str) -> Play<Vec<Value>> {
    let state = sandbox.get("/state").await?;
    let links = state["codat"]["links"].as_array().cloned().unwrap_or_default();
    let is_opened = |link: &Value| link["connection_id"] == connection && link["opens"] != 0;
    Ok(links.into_iter().filter(is_opened).map(|link| link["opens"].clone()).collect())
}

#[tokio::test]
async fn the_status_of_a_codat_connection_decides_whether_a_link_is_wanted() -> Play {
    let stage = Stage::set_up().await?;
    let browser = Browser::install(&stage.desktop).await?;
    let (company, connection) = company(&stage.sandbox).await?;
    for (status, code, words) in [
        ("PendingAuth", 1, ""),
        ("Linked", 0, "at its next planned time"),
        ("Deauthorized", 1, ""),
        ("Unlinked", 1, ""),
        ("SomethingNew", 3, "does not say whether it works"),
    ] {
        let change = json!({ "status": status });
        stage.sandbox.post(&format!("/codat/connections/{connection}"), change).await?;
        let added = stage.add_codat(&["--company", &company, "--print-link"]).await?;
        assert_eq!(added.code, Some(code), "{status}: {added:?}");
        assert!(added.err.contains(words), "{status}: {}", added.err);
        assert!(added.err.contains("reaches every company"), "{status}: not warned");
        // A link of the same connection, or none
        let printed = added.out.contains(&format!("/connections/{connection}/start?otp="));
        assert_eq!(printed, code == 1, "{status}: {}", added.out);
    }
    let change = json!({ "status": "Linked" });
    stage.sandbox.post(&format!("/codat/connections/{connection}"), change).await?;
    for (status, code, words) in [
        ("Complete", 0, "Connected."),
        ("FetchError", 1, "No new link is needed"),
        ("AuthError", 1, "Open this link"),
    ] {
        let data = json!({ "company_id": company, "status": status });
        stage.sandbox.post("/codat/data-status", data).await?;
        let added = stage.add_codat(&["--company", &company, "--print-link"]).await?;
        assert_eq!(added.code, Some(code), "{status}: {added:?}");
        assert!(added.err.contains(words), "{status}: {}", added.err);
    }
    let state = stage.sandbox.get("/state").await?;
    assert_eq!(state["codat"]["connections"].as_array().map(Vec::len), Some(1), "made another");
    let listed = stage.run(&["connection", "list", "--json"], "").await?.json()?;
    assert_eq!(listed["connections"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(browser.opened()?, Vec::<String>::new(), "opened and printed");
    Ok(())
}

#[tokio::test]
async fn a_company_without_a_connection_gets_one_whose_link_opens_once() -> Play {
    let stage = Stage::set_up().await?;
    let Stage { desktop, sandbox, .. } = &stage;
    let browser = Browser::install(desktop).await?;
    let added = stage.add_codat(&["--create", "--company-name", "larch-1"]).await?;
    assert_eq!(added.code, Some(1), "{added:?}");
    let tab = browser.page_with(desktop, "#finish").await?;
    let state = sandbox.get("/state").await?;
    let company = &state["codat"]["companies"][0];
    assert!(added.err.contains(company["id"].as_str().ok_or("no company")?), "{}", added.err);
    let connection = state["codat"]["connections"][0]["id"].as_str().ok_or("no connection")?;
    assert_eq!(
        (browser.opened()?.len(), codat_opens(sandbox, connection).await?),
        (1, vec![json!(1)])
    );

    // The link is nowhere but in the browser, and the key only in the keyring
    let opened = browser.opened()?.remove(0);
    let (_, password) = opened.split_once("otp=").ok_or("no password")?;
    assert!(!added.out.contains("otp=") && !added.err.contains("otp="), "{added:?}");
    assert_eq!(desktop.files_with(&format!("otp={password}"))?, Vec::<PathBuf>::new());
    let key = &sandbox.ready.codat_api_key;
    assert_eq!(desktop.files_with(key)?, Vec::<PathBuf>::new());
    let name = format!("direct/{}/key", added.out.trim());
    assert_eq!(desktop.secret(&name).await?.as_ref(), Some(key));

    // When the steps are done, it is linked; stopping it keeps it, and a new link is of the same
    tab.click("#finish").await?;
    let id = added.out.trim();
    eventually("it is linked", async || {
        let state = sandbox.get("/state").await?;
        Ok((state["codat"]["connections"][0]["status"] == "Linked").then_some(()))
    })
    .await?;
    tab.quit().await?;
    let stopped = stage.run(&["connection", "stop", id], "").await?;
    assert_eq!(stopped.code, Some(0), "{stopped:?}");
    let state = sandbox.get("/state").await?;
    assert_eq!(state["codat"]["connections"][0]["status"], "Unlinked");
    let again = stage.run(&["connection", "link", id, "--print-link"], "").await?;
    assert!(again.out.contains(&format!("/connections/{connection}/start")), "{again:?}");
    let removed = stage.run(&["connection", "remove", id], "").await?;
    assert_eq!(removed.code, Some(0), "{removed:?}");
    stage.keeps_nothing("removed").await
}

#[tokio::test]
async fn what_codat_refuses_is_not_kept_and_said_with_its_number() -> Play {
    let stage = Stage::set_up().await?;
    let (company, _) = company(&stage.sandbox).await?;
    for (status, code, words) in [
        (401, 2, "does not accept this key"),
        (403, 2, "does not accept this key"),
        (404, 2, "does not know this account"),
    ] {
        let fault = json!({
            "target": "codat", "kind": "status", "status": status, "times": 1,
            "body": { "service": "PublicApi", "error": "as Codat says it", "correlationId": "c-1" },
        });
        stage.sandbox.post("/faults", fault).await?;
        let added = stage.add_codat(&["--company", &company]).await?;
        assert_eq!((added.code, added.out.as_str()), (Some(code), ""), "{status}: {added:?}");
        for said in [words, "Message: as Codat says it", "Request: c-1"] {
            assert!(added.err.contains(said), "{status}: {}", added.err);
        }
        stage.keeps_nothing("refused").await?;
    }
    let offline = json!({ "target": "codat", "kind": "status", "status": 503, "times": 1 });
    stage.sandbox.post("/faults", offline).await?;
    let added = stage.add_codat(&["--company", &company]).await?;
    assert_eq!(added.code, Some(3), "{added:?}");
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
        format!("{id}\tQuickBooks ({user})\tConductor")
    );
    Ok(())
}

//! Codat itself, without a backend and without a window.

use std::path::PathBuf;

use deskside_tests::{Browser, Play, Sandbox, eventually};
use serde_json::{Value, json};

use super::stage::Stage;

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
async fn another_platform_of_a_company_has_a_connection_and_links_of_its_own() -> Play {
    let stage = Stage::set_up().await?;
    let (company, desktop) = company(&stage.sandbox).await?;
    let online = ["--company", &company, "--platform", "qhyg", "--print-link"];
    let added = stage.add_codat(&online).await?;
    assert_eq!(added.code, Some(1), "{added:?}");
    let state = stage.sandbox.get("/state").await?;
    let made = state["codat"]["connections"][1]["id"].as_str().ok_or("none was made")?.to_owned();
    assert_ne!(made, desktop);
    assert!(added.out.contains(&format!("/connections/{made}/start")), "{}", added.out);
    // Again, nothing more is made; and what is not offered is refused
    let again = stage.add_codat(&online).await?;
    assert!(again.out.contains(&format!("/connections/{made}/start")), "{}", again.out);
    let unknown = ["--company", &company, "--platform", "hbql"];
    assert_eq!(stage.add_codat(&unknown).await?.code, Some(2));
    let state = stage.sandbox.get("/state").await?;
    assert_eq!(state["codat"]["connections"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[tokio::test]
async fn a_company_whose_list_is_left_out_gets_no_second_connection() -> Play {
    let stage = Stage::set_up().await?;
    let (company, connection) = company(&stage.sandbox).await?;
    for list in [json!({}), json!({ "dataConnections": null })] {
        let mut body = json!({ "id": company, "name": "larch-1" });
        body.as_object_mut()
            .ok_or("no record")?
            .extend(list.as_object().cloned().unwrap_or_default());
        let left_out = json!({
            "target": "codat", "kind": "status", "status": 200, "times": 1, "body": body,
        });
        stage.sandbox.post("/faults", left_out).await?;
        let added = stage.add_codat(&["--company", &company, "--print-link"]).await?;
        assert_eq!(added.code, Some(1), "{list}: {added:?}");
        let printed = added.out.contains(&format!("/connections/{connection}/start"));
        assert!(printed, "{list}: {}", added.out);
        let state = stage.sandbox.get("/state").await?;
        let connections = state["codat"]["connections"].as_array().map(Vec::len);
        assert_eq!(connections, Some(1), "{list}: another one was made");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_wanted_is_remembered_where_codat_does_not_answer_at_first() -> Play {
    let stage = Stage::set_up().await?;
    let (company, _) = company(&stage.sandbox).await?;
    let offline = json!({ "target": "codat", "kind": "status", "status": 503, "times": 1 });
    stage.sandbox.post("/faults", offline).await?;
    let added = stage.add_codat(&["--company", &company, "--platform", "qhyg"]).await?;
    assert_eq!(added.code, Some(3), "{added:?}");
    let link = ["connection", "link", added.out.trim(), "--print-link"];
    for round in 0..2 {
        let linked = stage.run(&link, "").await?;
        let state = stage.sandbox.get("/state").await?;
        let connections = state["codat"]["connections"].as_array().cloned().unwrap_or_default();
        assert_eq!(connections.len(), 2, "round {round}: {connections:?}");
        let made = connections[1]["id"].as_str().ok_or("none was made")?;
        assert!(linked.out.contains(&format!("/connections/{made}/start")), "{linked:?}");
        let listed = stage.run(&["connection", "list", "--json"], "").await?.json()?;
        let account = &listed["connections"][0]["origin"]["account"];
        assert_eq!((&account["connection"], &account["platform"]), (&json!(made), &json!("qhyg")));
    }
    Ok(())
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
        for said in [words, "Request: c-1"] {
            assert!(added.err.contains(said), "{status}: {}", added.err);
        }
        // What is said of a refused key may hold the key
        let is_said = added.err.contains("Message: as Codat says it");
        assert_eq!(is_said, status == 404, "{status}: {}", added.err);
        stage.keeps_nothing("refused").await?;
    }
    let offline = json!({ "target": "codat", "kind": "status", "status": 503, "times": 1 });
    stage.sandbox.post("/faults", offline).await?;
    let added = stage.add_codat(&["--company", &company]).await?;
    assert_eq!(added.code, Some(3), "{added:?}");
    Ok(())
}

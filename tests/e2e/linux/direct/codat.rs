//! Codat itself, without a backend and without a window.

use std::path::PathBuf;

use deskside_tests::{Browser, Outcome, Sandbox, eventually};
use serde_json::{Value, json};

use super::business::Business;

/// Adds a company with one connection at Codat, and returns both identifiers.
fn company(sandbox: &Sandbox) -> Outcome<(String, String)> {
    let made = sandbox.post("/codat/companies", json!({}))?;
    let text = |at: &str| made.pointer(at).and_then(Value::as_str).map(str::to_owned);
    let company = text("/company_id").ok_or("no company")?;
    Ok((company, text("/connections/0/connection_id").ok_or("no connection")?))
}

/// The links of a connection at Codat that were opened: how often each was.
fn codat_opens(sandbox: &Sandbox, connection: &str) -> Outcome<Vec<Value>> {
    let state = sandbox.get("/state")?;
    let links = state["codat"]["links"].as_array().cloned().unwrap_or_default();
    let is_opened = |link: &Value| link["connection_id"] == connection && link["opens"] != 0;
    Ok(links.into_iter().filter(is_opened).map(|link| link["opens"].clone()).collect())
}

#[test]
fn the_status_at_codat_decides_whether_a_link_is_made() -> Outcome {
    let business = Business::open()?;
    let browser = Browser::install(&business.stage.desktop)?;
    let (company, connection) = company(&business.sandbox)?;
    for (status, code, words) in [
        ("PendingAuth", 1, ""),
        ("Linked", 0, "at its next planned time"),
        ("Deauthorized", 1, ""),
        ("Unlinked", 1, ""),
        ("SomethingNew", 3, "does not say whether it works"),
    ] {
        let change = json!({ "status": status });
        business.sandbox.post(&format!("/codat/connections/{connection}"), change)?;
        let added = business.add_codat(&["--company", &company, "--print-link"])?;
        assert_eq!(added.code, Some(code), "{status}: {added:?}");
        assert!(added.err.contains(words), "{status}: {}", added.err);
        assert!(added.err.contains("reaches every company"), "{status}: not warned");
        // A link of the same connection, or none
        let printed = added.out.contains(&format!("/connections/{connection}/start?otp="));
        assert_eq!(printed, code == 1, "{status}: {}", added.out);
    }
    let change = json!({ "status": "Linked" });
    business.sandbox.post(&format!("/codat/connections/{connection}"), change)?;
    for (status, code, words) in [
        ("Complete", 0, "Connected."),
        ("FetchError", 1, "No new link is needed"),
        ("AuthError", 1, "Open this link"),
    ] {
        let data = json!({ "company_id": company, "status": status });
        business.sandbox.post("/codat/data-status", data)?;
        let added = business.add_codat(&["--company", &company, "--print-link"])?;
        assert_eq!(added.code, Some(code), "{status}: {added:?}");
        assert!(added.err.contains(words), "{status}: {}", added.err);
    }
    let state = business.sandbox.get("/state")?;
    assert_eq!(state["codat"]["connections"].as_array().map(Vec::len), Some(1), "made another");
    let listed = business.connections()?;
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(browser.opened()?, Vec::<String>::new(), "opened and printed");
    Ok(())
}

#[test]
fn a_new_company_gets_a_connection_whose_link_opens_once() -> Outcome {
    let business = Business::open()?;
    let Business { stage, sandbox } = &business;
    let browser = Browser::install(&stage.desktop)?;
    let added = business.add_codat(&["--create", "--company-name", "larch-1"])?;
    assert_eq!(added.code, Some(1), "{added:?}");
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    let state = sandbox.get("/state")?;
    let company = &state["codat"]["companies"][0];
    assert!(added.err.contains(company["id"].as_str().ok_or("no company")?), "{}", added.err);
    let connection = state["codat"]["connections"][0]["id"].as_str().ok_or("no connection")?;
    assert_eq!((browser.opened()?.len(), codat_opens(sandbox, connection)?), (1, vec![json!(1)]));

    // The link is nowhere but in the browser, and the key only in the keyring
    let opened = browser.opened()?.remove(0);
    let (_, password) = opened.split_once("otp=").ok_or("no password")?;
    assert!(!added.out.contains("otp=") && !added.err.contains("otp="), "{added:?}");
    assert_eq!(stage.files_with(&format!("otp={password}"))?, Vec::<PathBuf>::new());
    let key = &sandbox.ready.codat_api_key;
    assert_eq!(stage.files_with(key)?, Vec::<PathBuf>::new());
    let name = format!("direct/{}/key", added.out.trim());
    assert_eq!(stage.desktop.secret(&name)?.as_ref(), Some(key));

    // When the steps are done it is linked; stopping keeps it, and a new link belongs to it
    tab.click("#finish")?;
    let id = added.out.trim();
    eventually("it is linked", || {
        let state = sandbox.get("/state")?;
        Ok((state["codat"]["connections"][0]["status"] == "Linked").then_some(()))
    })?;
    tab.quit()?;
    let stopped = business.run(&["connection", "stop", id], "")?;
    assert_eq!(stopped.code, Some(0), "{stopped:?}");
    let state = sandbox.get("/state")?;
    assert_eq!(state["codat"]["connections"][0]["status"], "Unlinked");
    let again = business.run(&["connection", "link", id, "--print-link"], "")?;
    assert!(again.out.contains(&format!("/connections/{connection}/start")), "{again:?}");
    let removed = business.run(&["connection", "remove", id], "")?;
    assert_eq!(removed.code, Some(0), "{removed:?}");
    business.keeps_nothing("removed")
}

#[test]
fn another_platform_of_a_company_has_its_own_connection() -> Outcome {
    let business = Business::open()?;
    let (company, desktop) = company(&business.sandbox)?;
    let online = ["--company", &company, "--platform", "qhyg", "--print-link"];
    let added = business.add_codat(&online)?;
    assert_eq!(added.code, Some(1), "{added:?}");
    let state = business.sandbox.get("/state")?;
    let made = state["codat"]["connections"][1]["id"].as_str().ok_or("none was made")?.to_owned();
    assert_ne!(made, desktop);
    assert!(added.out.contains(&format!("/connections/{made}/start")), "{}", added.out);
    // The second time nothing is made; and an unknown platform is refused
    let again = business.add_codat(&online)?;
    assert!(again.out.contains(&format!("/connections/{made}/start")), "{}", again.out);
    let unknown = ["--company", &company, "--platform", "hbql"];
    assert_eq!(business.add_codat(&unknown)?.code, Some(2));
    let state = business.sandbox.get("/state")?;
    assert_eq!(state["codat"]["connections"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[test]
fn an_answer_without_connections_makes_no_second_one() -> Outcome {
    let business = Business::open()?;
    let (company, connection) = company(&business.sandbox)?;
    for list in [json!({}), json!({ "dataConnections": null })] {
        let mut body = json!({ "id": company, "name": "larch-1" });
        body.as_object_mut()
            .ok_or("no record")?
            .extend(list.as_object().cloned().unwrap_or_default());
        let left_out = json!({
            "target": "codat", "kind": "status", "status": 200, "times": 1, "body": body,
        });
        business.sandbox.post("/faults", left_out)?;
        let added = business.add_codat(&["--company", &company, "--print-link"])?;
        assert_eq!(added.code, Some(1), "{list}: {added:?}");
        let printed = added.out.contains(&format!("/connections/{connection}/start"));
        assert!(printed, "{list}: {}", added.out);
        let state = business.sandbox.get("/state")?;
        let connections = state["codat"]["connections"].as_array().map(Vec::len);
        assert_eq!(connections, Some(1), "{list}: another one was made");
    }
    Ok(())
}

#[test]
fn the_platform_is_remembered_while_codat_is_down() -> Outcome {
    let business = Business::open()?;
    let (company, _) = company(&business.sandbox)?;
    let offline = json!({ "target": "codat", "kind": "status", "status": 503, "times": 1 });
    business.sandbox.post("/faults", offline)?;
    let added = business.add_codat(&["--company", &company, "--platform", "qhyg"])?;
    assert_eq!(added.code, Some(3), "{added:?}");
    let link = ["connection", "link", added.out.trim(), "--print-link"];
    for round in 0..2 {
        let linked = business.run(&link, "")?;
        let state = business.sandbox.get("/state")?;
        let connections = state["codat"]["connections"].as_array().cloned().unwrap_or_default();
        assert_eq!(connections.len(), 2, "round {round}: {connections:?}");
        let made = connections[1]["id"].as_str().ok_or("none was made")?;
        assert!(linked.out.contains(&format!("/connections/{made}/start")), "{linked:?}");
        let listed = business.connections()?;
        let account = &listed[0]["origin"]["account"];
        assert_eq!((&account["connection"], &account["platform"]), (&json!(made), &json!("qhyg")));
    }
    Ok(())
}

#[test]
fn a_refusal_by_codat_is_shown_and_nothing_kept() -> Outcome {
    let business = Business::open()?;
    let (company, _) = company(&business.sandbox)?;
    for (status, code, words) in [
        (401, 2, "does not accept this key"),
        (403, 2, "does not accept this key"),
        (404, 2, "does not know this account"),
    ] {
        let fault = json!({
            "target": "codat", "kind": "status", "status": status, "times": 1,
            "body": { "service": "PublicApi", "error": "as Codat says it", "correlationId": "c-1" },
        });
        business.sandbox.post("/faults", fault)?;
        let added = business.add_codat(&["--company", &company])?;
        assert_eq!((added.code, added.out.as_str()), (Some(code), ""), "{status}: {added:?}");
        for said in [words, "Request: c-1"] {
            assert!(added.err.contains(said), "{status}: {}", added.err);
        }
        // A message about a refused key may hold the key
        let is_said = added.err.contains("Message: as Codat says it");
        assert_eq!(is_said, status == 404, "{status}: {}", added.err);
        business.keeps_nothing("refused")?;
    }
    let offline = json!({ "target": "codat", "kind": "status", "status": 503, "times": 1 });
    business.sandbox.post("/faults", offline)?;
    let added = business.add_codat(&["--company", &company])?;
    assert_eq!(added.code, Some(3), "{added:?}");
    Ok(())
}

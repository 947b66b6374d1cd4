//! Conductor itself, without a backend and without a window.

use std::path::PathBuf;
use std::thread;

use deskside_tests::{Browser, Outcome, built, eventually, processes_with};
use serde_json::{Value, json};

use super::business::Business;

#[test]
fn connections_added_at_the_same_moment_are_all_kept() -> Outcome {
    let business = Business::open()?;
    let mut users = Vec::new();
    for _ in 0..4 {
        users.push(business.sandbox.end_user("working")?);
    }
    let business = &business;
    let added: Vec<_> = thread::scope(|scope| {
        let adding = users.iter().map(|user| scope.spawn(|| business.add(user)));
        let adding: Vec<_> = adding.collect();
        adding.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for added in added {
        let added = added?;
        assert_eq!(added.code, Some(0), "{added:?}");
    }
    let listed = business.connections()?;
    assert_eq!(listed.as_array().map(Vec::len), Some(4), "{listed}");
    assert_eq!(business.stage.desktop.secrets()?.len(), 4, "a probe is left");
    Ok(())
}

#[test]
fn a_key_is_in_no_process_while_it_is_used() -> Outcome {
    let business = Business::open()?;
    let user = business.sandbox.end_user("working")?;
    let slow = json!({ "target": "conductor", "path_prefix": "/v1/quickbooks-desktop", "kind": "latency", "ms": 2000 });
    business.sandbox.post("/faults", slow)?;
    let key = &business.sandbox.ready.conductor_secret_key;
    thread::scope(|scope| {
        let adding = scope.spawn(|| business.add(&user));
        let looked = eventually("the check is under way", || {
            let asked = business.checks()? > 0;
            asked.then(|| processes_with(key)).transpose()
        });
        assert_eq!(adding.join().unwrap()?.code, Some(0));
        assert_eq!(looked?, Vec::<String>::new());
        Ok(())
    })
}

#[test]
fn each_answer_of_conductor_is_shown_as_given() -> Outcome {
    let business = Business::open()?;
    let browser = Browser::install(&business.stage.desktop)?;
    let keys = business.both_keys();
    for (state, code, words) in [
        ("working", 0, "Connected."),
        ("request_refused", 0, "Connected."),
        ("inactive", 1, "is not active. It was last active"),
        ("broken", 1, "'Allow this application to log in automatically' is checked"),
        ("timeout", 1, "timed out after 90 seconds"),
        ("removed", 2, "nothing is kept"),
    ] {
        let user = business.sandbox.end_user(state)?;
        let before = business.checks()?;
        let added = business.add_with(&user, &keys)?;
        assert_eq!(added.code, Some(code), "{state}: {added:?}");
        assert!(added.err.contains(words), "{state}: {}", added.err);
        let has_request = added.err.contains("Request: req_");
        assert_eq!(has_request, code != 0, "{state}: {}", added.err);
        assert_eq!(business.checks()? - before, 1, "{state}");
        assert_eq!(added.out.is_empty(), code == 2, "{state}: {}", added.out);
        assert_eq!(business.opens(&user)?, Vec::<Value>::new(), "{state}: a link");
    }
    let user = business.sandbox.end_user("inactive")?;
    let said = "Größe “5” — 试试 <b>";
    business.sandbox.post(&format!("/end-users/{user}"), json!({ "user_message": said }))?;
    let added = business.add(&user)?;
    assert!(added.err.contains(&format!("Message: {said}\n")), "{}", added.err);
    assert_eq!(browser.opened()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn each_kind_of_conductor_error_has_its_exit_code() -> Outcome {
    let business = Business::open()?;
    let user = business.sandbox.end_user("working")?;
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
        business.sandbox.post("/faults", fault)?;
        let added = business.add(&user)?;
        assert_eq!(added.code, Some(code), "{status}: {added:?}");
        assert!(added.err.contains("Request: req_1"), "{status}: {}", added.err);
        // A message about a key may hold parts of it.
        let shown = if kind == "INVALID_REQUEST_ERROR" { "for developers" } else { "for users" };
        assert_eq!(added.err.contains(shown), code != 2, "{status}: {}", added.err);
    }
    Ok(())
}

#[test]
fn a_refused_or_unstorable_key_is_not_used() -> Outcome {
    let business = Business::open()?;
    let user = business.sandbox.end_user("working")?;
    let refused = business.add_with(&user, "sk_conductor_0123456789abcdef\n")?;
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""), "{refused:?}");
    assert!(refused.err.contains("does not accept this key"), "{}", refused.err);
    assert!(!refused.err.contains("sk_cond"), "a part of the key: {}", refused.err);
    business.keeps_nothing("a refused key")?;

    for (keys, words) in
        [("", "give the secret"), ("\n\n", "give the secret"), ("a\nb\nc", "too many")]
    {
        let added = business.add_with(&user, keys)?;
        assert_eq!(added.code, Some(2), "{keys:?}: {added:?}");
        assert!(added.err.contains(words), "{keys:?}: {}", added.err);
    }
    let long = business.add_with(&user, &"k".repeat(2561))?;
    assert_eq!(long.code, Some(2), "{long:?}");

    let before = business.checks()?;
    business.stage.desktop.lock_keyring()?;
    let locked = business.add(&user)?;
    assert_eq!((locked.code, locked.out.as_str()), (Some(2), ""), "{locked:?}");
    assert!(locked.err.contains("password store"), "{}", locked.err);
    assert_eq!(business.checks()?, before, "checked all the same");
    Ok(())
}

#[test]
fn without_an_app_the_command_line_opens_the_page_once() -> Outcome {
    let business = Business::open()?;
    let Business { stage, sandbox } = &business;
    let browser = Browser::install(&stage.desktop)?;
    let keys = business.both_keys();
    let user = sandbox.end_user("not_set_up")?;

    // Without the publishable key there is no link, and the command says so
    let added = business.add(&user)?;
    assert_eq!(added.code, Some(1), "{added:?}");
    assert!(added.err.contains("on the second line"), "{}", added.err);
    assert!(added.err.contains("sandbox: Your QuickBooks Desktop connection is not set up"));
    let id = added.out.trim().to_owned();
    assert_eq!(business.opens(&user)?, Vec::<Value>::new());

    // When it is added again with both, it is the same connection, and its page opens
    let added = business.add_with(&user, &keys)?;
    assert_eq!((added.code, added.out.trim()), (Some(1), id.as_str()), "{added:?}");
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    let opened = browser.opened()?;
    assert_eq!((opened.len(), business.opens(&user)?), (1, vec![json!(1)]));

    // And the link is nowhere but in the browser
    let secret = opened[0].rsplit('/').next().and_then(|end| end.split('?').next());
    let secret = secret.ok_or("no secret")?.to_owned();
    assert!(!format!("{added:?}").contains(&secret), "the link was printed");
    assert_eq!(stage.files_with(&secret)?, Vec::<PathBuf>::new());
    let listed = business.connections()?;
    assert_eq!(listed[0]["link"]["stage"], "opened", "{listed}");

    // When the steps are done, it works
    tab.click("#finish")?;
    eventually("Conductor knows that it is done", || {
        let state = sandbox.get("/state")?;
        let users = state["end_users"].as_array().cloned().unwrap_or_default();
        Ok(users.iter().any(|one| one["id"] == user && one["state"] == "working").then_some(()))
    })?;
    tab.quit()?;
    let added = business.add_with(&user, &keys)?;
    assert_eq!((added.code, added.out.trim()), (Some(0), id.as_str()), "{added:?}");

    // A link that is asked for by name is printed, and not opened
    let printed = business.run(&["connection", "link", &id, "--print-link"], "")?;
    assert_eq!(printed.code, Some(1), "{printed:?}");
    assert!(printed.out.contains("/qbd/"), "{printed:?}");
    assert_eq!((browser.opened()?.len(), business.opens(&user)?), (1, vec![json!(1), json!(0)]));
    Ok(())
}

#[test]
fn a_running_companion_opens_pages_and_learns_of_checks() -> Outcome {
    let business = Business::open()?;
    let Business { stage, sandbox } = &business;
    let browser = Browser::install(&stage.desktop)?;
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    let _companion = stage.companion("run.log")?;
    eventually("the companion has looked", || {
        let evidence = stage.cli(&["status", "--json", "--print-evidence"])?.json()?;
        Ok(evidence["quickbooks"]["known"].is_object().then_some(()))
    })?;

    // Given a connection that was added without the key for links
    let user = sandbox.end_user("not_set_up")?;
    assert_eq!(business.add(&user)?.code, Some(1));
    // When it is added with both
    let added = business.add_with(&user, &business.both_keys())?;
    assert_eq!(added.code, Some(1), "{added:?}");
    // Then the companion opens its page, once
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    assert_eq!((browser.opened()?.len(), business.opens(&user)?), (1, vec![json!(1)]));
    let listed = business.connections()?;
    assert_eq!(listed[0]["link"]["stage"], "opened", "{listed}");
    tab.click("#finish")?;
    stage.verdict_becomes("healthy")?;
    tab.quit()?;

    // When a check finds what a passive request could not, the companion says so too
    let id = added.out.trim();
    sandbox.post(&format!("/end-users/{user}"), json!({ "state": "broken" }))?;
    let before = business.checks()?;
    assert_eq!(business.run(&["connection", "check", id], "")?.code, Some(1));
    let status = stage.verdict_becomes("problem")?;
    assert_eq!(status["problems"][0]["code"], "web_connector.consent_denied");
    assert_eq!(business.checks()? - before, 1, "asked again");
    Ok(())
}

#[test]
fn without_a_companion_the_app_starts_and_opens_the_page() -> Outcome {
    let mut business = Business::open()?;
    business.stage.programs = built()?;
    let Business { stage, sandbox } = &business;
    let browser = Browser::install(&stage.desktop)?;
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    let user = sandbox.end_user("not_set_up")?;
    let added = business.add_with(&user, &business.both_keys())?;
    assert_eq!(added.code, Some(1), "{added:?}");
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    assert_eq!((browser.opened()?.len(), business.opens(&user)?), (1, vec![json!(1)]));
    tab.quit()?;
    eventually("its window is open", || {
        let windows = stage.desktop.windows()?;
        Ok(windows.iter().any(|title| title.contains("Deskside")).then_some(()))
    })?;
    let status = business.run(&["status", "--json"], "")?.json()?;
    assert_eq!((&status["running"], &status["verdict"]), (&json!(true), &json!("waiting")));
    assert_eq!(business.run(&["quit"], "")?.code, Some(0));
    Ok(())
}

#[test]
fn a_new_end_user_is_made_once_and_named() -> Outcome {
    let business = Business::open()?;
    let base = format!("{}/v1", business.sandbox.ready.conductor);
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
    let key = business.sandbox.ready.conductor_secret_key.clone();
    let added = business.run(&create, &key)?;
    assert_eq!(added.code, Some(1), "{added:?}");
    let state = business.sandbox.get("/state")?;
    let made = &state["end_users"][0];
    assert_eq!(
        (&made["company_name"], &made["source_id"]),
        (&json!("Larch & Söhne"), &json!("larch-1"))
    );
    assert!(added.err.contains(made["id"].as_str().ok_or("no end user")?), "{}", added.err);
    let listed = business.connections()?;
    assert_eq!(listed[0]["company"], "Larch & Söhne");

    // The second time Conductor refuses in its own words, and nothing new is kept
    let again = business.run(&create, &key)?;
    assert_eq!((again.code, again.out.as_str()), (Some(2), ""), "{again:?}");
    assert!(again.err.contains("Message: "), "{}", again.err);
    assert_eq!(business.stage.desktop.secrets()?.len(), 1);

    // An end user that is named is made only if Conductor does not know it
    let known = made["id"].as_str().ok_or("no end user")?.to_owned();
    let named = business.run(&[&create[..], &["--end-user", &known]].concat(), &key)?;
    assert_eq!(named.code, Some(1), "{named:?}");
    let other = create.map(|word| if word == "larch-1" { "larch-2" } else { word });
    let named = business.run(&[&other[..], &["--end-user", "end_usr_0"]].concat(), &key)?;
    assert_eq!(named.code, Some(1), "{named:?}");
    let state = business.sandbox.get("/state")?;
    assert_eq!(state["end_users"].as_array().map(Vec::len), Some(2), "{state}");
    Ok(())
}

#[test]
fn a_check_asks_conductor_once_and_shows_its_answer() -> Outcome {
    let business = Business::open()?;
    let Business { stage, sandbox } = &business;
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    for (state, code) in [
        ("not_set_up", "connection.not_set_up"),
        ("inactive", "connection.inactive"),
        ("broken", "web_connector.consent_denied"),
    ] {
        let user = sandbox.end_user(state)?;
        let added = business.add(&user)?;
        let before = business.checks()?;
        let checked = business.run(&["connection", "check", added.out.trim(), "--json"], "")?;
        let problem = &checked.json()?["problems"][0];
        assert_eq!((checked.code, &problem["code"]), (Some(1), &json!(code)), "{checked:?}");
        assert!(problem["request_id"].as_str().is_some_and(|id| id.starts_with("req_")));
        assert!(problem["provider_message"].is_string());
        assert_eq!(business.checks()? - before, 1, "{state}: asked again");
    }
    Ok(())
}

#[test]
fn a_failed_request_shows_conductors_message_and_request_id() -> Outcome {
    let business = Business::open()?;
    let user = business.sandbox.end_user("working")?;
    let added = business.add_with(&user, &business.both_keys())?;
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
        business.sandbox.post("/faults", fails(status, kind))?;
        let checked = business.run(&["connection", "check", id], "")?;
        let said = checked.err.contains("Message: as it is said\nRequest: req_1\n");
        assert!(said, "{status}: {checked:?}");
    }
    business.sandbox.post("/faults", fails(400, "INVALID_REQUEST_ERROR"))?;
    let link = business.run(&["connection", "link", id, "--print-link"], "")?;
    assert_eq!((link.code, link.out.as_str()), (Some(2), ""), "{link:?}");
    assert!(link.err.contains("Message: as it is said\nRequest: req_1\n"), "{link:?}");
    assert!(!link.err.contains("no usable answer"), "{link:?}");
    Ok(())
}

#[test]
fn a_wrong_key_is_a_problem_of_its_own() -> Outcome {
    let business = Business::open()?;
    let _quickbooks = business.stage.quickbooks("QBW.EXE")?;
    let _web_connector = business.stage.web_connector()?;
    let user = business.sandbox.end_user("working")?;
    let id = business.add(&user)?.out.trim().to_owned();
    let name = format!("direct/{id}/key");
    assert_eq!(business.run(&["secret", "set", &name], "sk_wrong")?.code, Some(0));
    let diagnosed = business.run(&["diagnose", "--json"], "")?;
    assert_eq!(diagnosed.json()?["problems"][0]["code"], "companion.key_rejected");
    assert!(!diagnosed.out.contains("sk_wrong"));
    let listed = business.run(&["secret", "list", "--json"], "")?.json()?;
    assert_eq!(listed["secrets"][0], json!({ "name": name, "present": true }));
    Ok(())
}

#[test]
fn what_conductor_cannot_do_is_refused_and_changes_nothing() -> Outcome {
    let business = Business::open()?;
    let user = business.sandbox.end_user("working")?;
    let id = business.add(&user)?.out.trim().to_owned();
    let stopped = business.run(&["connection", "stop", &id], "")?;
    assert_eq!(stopped.code, Some(2));
    assert!(stopped.err.contains("Conductor cannot stop"), "{}", stopped.err);
    for command in ["check", "link", "stop", "remove"] {
        let unknown = business.run(&["connection", command, "direct-0"], "")?;
        assert_eq!(unknown.code, Some(2), "{command}");
        assert!(unknown.err.contains("there is no connection direct-0"), "{}", unknown.err);
    }
    assert_eq!(
        business.run(&["connection", "list"], "")?.out.trim(),
        format!("{id}\tQuickBooks ({user})\tConductor\tconductor\t-\t-\t-\t-")
    );
    Ok(())
}

#[test]
fn the_bundle_shows_where_a_connection_breaks_without_the_key() -> Outcome {
    let business = Business::open()?;
    let user = business.sandbox.end_user("working")?;
    assert_eq!(business.add(&user)?.code, Some(0));
    business.sandbox.post("/faults", json!({ "target": "conductor", "kind": "reset" }))?;
    let seen = business.run(&["diagnose", "--print-evidence"], "")?.json()?;
    assert_eq!(seen["connections"][0]["server"], "127.0.0.1", "{seen}");
    assert_eq!(seen["reach"][0]["host"], "127.0.0.1", "{seen}");
    assert!(seen["reach"][0]["stopped_by"].is_string(), "{seen}");

    let file = business.stage.scratch.join("bundle.zip");
    let exported = business.run(&["export", &file.display().to_string()], "")?;
    assert_eq!(exported.code, Some(0), "{exported:?}");
    // Nothing in it is compressed.
    let bundle = String::from_utf8_lossy(&std::fs::read(&file)?).into_owned();
    assert!(bundle.contains("\"stopped_by\""), "{bundle}");
    let key = &business.sandbox.ready.conductor_secret_key;
    assert!(!bundle.contains(key.as_str()) && !bundle.contains(&user), "{bundle}");
    Ok(())
}

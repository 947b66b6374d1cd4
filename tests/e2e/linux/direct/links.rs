//! Links that the command line opens by itself, where no companion runs and none can be started.

use std::thread;
use std::time::Instant;

use deskside_tests::{Browser, Outcome, Output, eventually};
use serde_json::{Value, json};

use super::business::Business;

/// A connection that works, with both keys.
fn working(business: &Business) -> Outcome<String> {
    let user = business.sandbox.end_user("working")?;
    let added = business.add_with(&user, &business.both_keys())?;
    assert_eq!(added.code, Some(0), "{added:?}");
    Ok(added.out.trim().to_owned())
}

/// Runs a command, and says when it has ended.
fn timed(business: &Business, arguments: &[&str]) -> Outcome<(Output, Instant)> {
    let output = business.run(arguments, "")?;
    Ok((output, Instant::now()))
}

#[test]
fn a_success_from_before_does_not_confirm_a_link_of_the_command_line() -> Outcome {
    let business = Business::open()?;
    let browser = Browser::install(&business.stage.desktop)?;
    let id = working(&business)?;

    // When a link is opened for a connection that works already
    let opened = business.run(&["connection", "link", &id], "")?;
    assert_eq!(opened.code, Some(1), "{opened:?}");
    let said = opened.err.contains("is open in the browser");
    assert!(said, "{opened:?}");
    let tab = browser.page_with(&business.stage.desktop, "#finish")?;

    // Then the next companion waits for the steps of this link
    let _companion = business.stage.companion("run.log")?;
    let listed = eventually("the connection is asked about", || {
        let listed = business.connections()?;
        Ok((listed[0]["status"] == "healthy").then_some(listed))
    })?;
    assert_eq!(listed[0]["link"]["stage"], "opened", "{listed}");
    tab.quit()
}

#[test]
fn commands_at_the_same_moment_change_the_profile_one_after_the_other() -> Outcome {
    let business = Business::open()?;
    let browser = Browser::install(&business.stage.desktop)?;
    let id = working(&business)?;
    let slow = json!({
        "target": "conductor", "path_prefix": "/v1/auth-sessions", "kind": "latency", "ms": 2000,
    });
    business.sandbox.post("/faults", slow)?;

    // When a connection is removed while a link for it is under way
    let business = &business;
    let (linked, removed) = thread::scope(|scope| {
        let linking = scope.spawn(|| timed(business, &["connection", "link", &id]));
        let asked = eventually("the link is asked for", || {
            Ok((business.sandbox.requests("conductor", "auth-sessions")? > 0).then_some(()))
        });
        let removed = asked.and_then(|()| timed(business, &["connection", "remove", &id]));
        Ok::<_, deskside_tests::Fault>((linking.join().unwrap()?, removed?))
    })?;

    // Then it is removed when the link is open, and nothing brings it back
    assert_eq!((linked.0.code, removed.0.code), (Some(1), Some(0)), "{linked:?} {removed:?}");
    assert!(linked.1 < removed.1, "removed while the link was under way");
    eventually("the link is open", || Ok((browser.opened()?.len() == 1).then_some(())))?;
    business.keeps_nothing("removed")
}

#[test]
fn a_refusal_of_a_link_is_shown_in_the_providers_words() -> Outcome {
    let business = Business::open()?;
    let browser = Browser::install(&business.stage.desktop)?;
    let id = working(&business)?;
    let fault = json!({
        "target": "conductor", "path_prefix": "/v1/auth-sessions", "kind": "status",
        "status": 400, "times": 1,
        "body": { "error": {
            "message": "as it is said", "userFacingMessage": "as it is said",
            "type": "INVALID_REQUEST_ERROR", "code": "NEW_CODE", "httpStatusCode": 400,
            "requestId": "req_1",
        } },
    });
    business.sandbox.post("/faults", fault)?;
    let link = business.run(&["connection", "link", &id], "")?;
    assert_eq!((link.code, link.out.as_str()), (Some(2), ""), "{link:?}");
    assert!(link.err.contains("Message: as it is said\nRequest: req_1\n"), "{link:?}");
    assert_eq!(browser.opened()?, Vec::<String>::new());
    let ending = business.connections()?[0]["link"]["ending"].clone();
    assert_eq!(ending, Value::from("not_fetched"));
    Ok(())
}

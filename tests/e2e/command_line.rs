//! The command line where no connection is: what it sees of this computer, and how it judges.

use std::time::{Duration, Instant};

use deskside_tests::{App, Cli, Desktop, PATIENCE, Parts, Play, Sandbox, eventually_within};
use serde_json::json;

/// A desktop with a bus and a keyring, for commands that show nothing.
async fn desktop() -> Play<Desktop> {
    Desktop::set_up(Parts::default()).await
}

#[tokio::test]
async fn only_the_exact_names_count() -> Play {
    let desktop = desktop().await?;
    let cli = Cli(&desktop);
    let verdict = async |cli: &Cli<'_>| {
        Ok::<_, deskside_tests::Fault>(
            cli.run(&["diagnose", "--json"]).await?.json()?["verdict"].clone(),
        )
    };

    // Given only programs that share the beginning of the name
    let mut others = Vec::new();
    for name in ["QBWPro.exe", "QBDBMgrN.exe", "QBWEBCONNECTOR", "QBW.EXE.bak", "QBWebConnectorX"] {
        others.push(desktop.stand_in(name)?);
    }
    assert_eq!(verdict(&cli).await?, "problem");

    // When the real names run, in whatever case
    let _quickbooks = desktop.stand_in("qbw32.exe")?;
    let _web_connector = desktop.stand_in("qbwebconnector.EXE")?;
    assert_eq!(verdict(&cli).await?, "unknown", "what they show is seen on Windows only");
    Ok(())
}

#[tokio::test]
async fn start_and_stop_are_noticed_within_two_seconds() -> Play {
    let desktop = desktop().await?;
    let cli = Cli(&desktop);
    let mut companion = cli.companion(&desktop.backstage.join("run.log"))?;
    let seen = async |wanted: bool| {
        eventually_within(Duration::from_secs(5), "QuickBooks is noticed", async || {
            let evidence = cli.run(&["status", "--json", "--print-evidence"]).await?.json()?;
            Ok((evidence["quickbooks"]["known"].is_object() == wanted).then_some(()))
        })
        .await
    };
    seen(false).await?;
    for _ in 0..3 {
        let started = Instant::now();
        let quickbooks = desktop.stand_in("QBW.EXE")?;
        seen(true).await?;
        let noticed = started.elapsed();
        assert!(noticed < Duration::from_millis(2500), "start noticed after {noticed:?}");
        let stopped = Instant::now();
        drop(quickbooks);
        seen(false).await?;
        let noticed = stopped.elapsed();
        assert!(noticed < Duration::from_millis(2500), "stop noticed after {noticed:?}");
    }
    companion.kill().await?;
    Ok(())
}

#[tokio::test]
async fn evidence_that_was_printed_is_judged_the_same_from_a_file() -> Play {
    let desktop = desktop().await?;
    let cli = Cli(&desktop);
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let printed = cli.run(&["diagnose", "--print-evidence"]).await?;
    assert_eq!(printed.code, Some(0));
    let file = desktop.backstage.join("evidence.json");
    std::fs::write(&file, &printed.out)?;
    let file = file.display().to_string();
    let judged = cli.run(&["diagnose", "--json", "--evidence", &file]).await?;
    assert_eq!(judged.json()?["problems"][0]["code"], "web_connector.not_running");
    assert_eq!(judged.code, Some(1));
    Ok(())
}

#[tokio::test]
async fn what_is_not_known_is_said_with_its_own_exit_code() -> Play {
    let desktop = desktop().await?;
    let cli = Cli(&desktop);
    let file = desktop.backstage.join("evidence.json");
    std::fs::write(&file, json!({ "at": "2026-11-20T08:00:00Z" }).to_string())?;
    let name = file.display().to_string();
    let judged = cli.run(&["diagnose", "--json", "--evidence", &name]).await?;
    assert_eq!((judged.code, &judged.json()?["verdict"]), (Some(3), &json!("unknown")));

    std::fs::write(&file, "{")?;
    let judged = cli.run(&["diagnose", "--json", "--evidence", &name]).await?;
    assert_eq!((judged.code, judged.out.as_str()), (Some(2), ""));
    assert!(judged.err.contains("is not evidence"), "{}", judged.err);

    let status = cli.run(&["status", "--json"]).await?;
    assert_eq!((status.code, status.out.as_str()), (Some(2), ""));
    Ok(())
}

#[tokio::test]
async fn quit_ends_the_companion_and_returns_when_it_has_ended() -> Play {
    let desktop = desktop().await?;
    let cli = Cli(&desktop);
    let mut companion = cli.companion(&desktop.backstage.join("run.log"))?;
    eventually_within(Duration::from_secs(10), "the companion answers", async || {
        let status = cli.run(&["status", "--json"]).await?;
        Ok((!status.out.is_empty()).then_some(()))
    })
    .await?;
    // When it is asked to quit
    assert_eq!(cli.run(&["quit"]).await?.code, Some(0));
    // Then nobody answers any more, and it has ended as if by its own menu
    assert_eq!(cli.run(&["status", "--json"]).await?.code, Some(2));
    let ended = tokio::time::timeout(Duration::from_secs(10), companion.wait()).await??;
    assert_eq!(ended.code(), Some(0));
    // And a second time there is nothing to do
    let again = cli.run(&["quit"]).await?;
    assert_eq!(again.code, Some(0));
    assert!(again.err.contains("was not running"), "{}", again.err);
    Ok(())
}

#[tokio::test]
async fn a_link_of_every_known_provider_is_named_and_nothing_of_it_is_repeated() -> Play {
    let desktop = desktop().await?;
    let cli = Cli(&desktop);
    for (provider, host, link) in [
        ("conductor", "connect.conductor.is", "/qbd/SECRET?key=pk_SECRET"),
        ("codat", "link-api.codat.io", "/companies/1/connections/2/start?otp=SECRET"),
        ("codat", "link.codat.io", "/company/1?link.otp=SECRET"),
        ("merge", "link.merge.dev", "/SECRET"),
        ("rutter", "link.rutterapi.com", "/connection/SECRET"),
        ("railz", "auth.railz.ai", "/?widgetId=SECRET"),
        ("railz", "connect.railz.ai", "/?widgetId=SECRET"),
        ("apideck", "vault.apideck.com", "/session/SECRET"),
        ("qubesync", "qubesync.com", "/onboarding/SECRET"),
    ] {
        let inner = format!("https://{host}{link}").replace('?', "%3F").replace('=', "%3D");
        let deep_link = format!("deskside://connect?link={inner}");
        let seen = cli.run(&["link", "inspect", &deep_link, "--json"]).await?;
        let expected = json!({
            "schema": 1, "verdict": "ask", "action": "connect", "provider": provider,
            "host": host, "reason": null,
        });
        assert_eq!((seen.code, seen.json()?), (Some(0), expected), "{deep_link}");
        assert!(!format!("{seen:?}").contains("SECRET"), "{seen:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_return_only_navigates_whatever_a_provider_adds_to_it() -> Play {
    let desktop = desktop().await?;
    let cli = Cli(&desktop);
    for added in ["", "&statusCode=403&errorMessage=User%20cancelled.", "&status=connected"] {
        let deep_link = format!("deskside://return?state=SECRET{added}");
        let seen = cli.run(&["link", "inspect", &deep_link, "--json"]).await?;
        let expected = json!({
            "schema": 1, "verdict": "navigate", "action": "return", "provider": null,
            "host": null, "reason": null,
        });
        assert_eq!((seen.code, seen.json()?), (Some(0), expected), "{deep_link}");
    }
    Ok(())
}

#[tokio::test]
async fn every_command_says_what_it_does() -> Play {
    let desktop = desktop().await?;
    let cli = Cli(&desktop);
    for (command, words) in [
        (&["connection", "--help"][..], "sign-out"),
        (&["connection", "add", "conductor", "--help"], "publishable key on its second"),
        (&["connection", "add", "codat", "--help"], "It reaches every company of its client"),
        (&["connection", "link", "--help"], "Print the link instead of opening it"),
        (&["connection", "remove", "--help"], "Without a terminal nobody is asked"),
        (&["connection", "sign-out", "--help"], "<HOST|DEVICE>"),
    ] {
        let help = cli.run(command).await?;
        assert_eq!(help.code, Some(0), "{command:?}");
        assert!(help.out.contains(words), "{command:?}: {}", help.out);
    }
    // And what contradicts itself is refused before anything is read or asked
    for wrong in [
        &["connection", "add", "conductor"][..],
        &["connection", "add", "conductor", "--create", "--end-user", "x"],
        &["connection", "add", "conductor", "--create", "--company-name", "x"],
        &["connection", "add", "codat", "--company", "x", "--create"],
        &["connection", "add", "codat", "--company", "x", "--base-url", "here"],
    ] {
        let refused = cli.run(wrong).await?;
        assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""), "{wrong:?}");
    }
    Ok(())
}

/// A computer that was just linked to the sandbox's backend, and the app that runs on it.
async fn linked(desktop: &Desktop, sandbox: &Sandbox) -> Play<App> {
    let cli = Cli(desktop);
    let enrollment = sandbox.enrollment("Acme Books").await?;
    let app = App::start(desktop, &[&enrollment.deep_link]).await?;
    let page = app.page(desktop).await?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.press("Yes, tell them").await?;
    let listed = eventually_within(PATIENCE, "its connection is listed", async || {
        let listed = cli.run(&["connection", "list", "--json"]).await?.json()?;
        Ok(listed["connections"][0].is_object().then_some(listed))
    })
    .await?;
    assert_eq!(listed["connections"][0]["via"], "Acme Books · 127.0.0.1");
    Ok(app)
}

async fn is_revoked(sandbox: &Sandbox) -> Play<bool> {
    Ok(sandbox.get("/state").await?["devices"][0]["revoked"] == true)
}

async fn is_told(sandbox: &Sandbox) -> Play {
    eventually_within(PATIENCE, "the backend knows", async || {
        Ok(is_revoked(sandbox).await?.then_some(()))
    })
    .await
}

#[tokio::test]
async fn signing_out_takes_its_connections_along_and_is_told_to_the_backend() -> Play {
    let desktop = desktop().await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    let _app = linked(&desktop, &sandbox).await?;

    // When somebody signs out of another one, nothing happens
    let other = cli.run(&["connection", "sign-out", "elsewhere.example"]).await?;
    assert_eq!(other.code, Some(2));
    assert!(other.err.contains("is not linked to elsewhere.example"), "{}", other.err);
    assert!(!is_revoked(&sandbox).await?);

    // When it is this one, the backend is told at once
    let signed_out = cli.run(&["connection", "sign-out", "127.0.0.1"]).await?;
    assert_eq!(signed_out.code, Some(0), "{signed_out:?}");
    is_told(&sandbox).await?;
    let listed = cli.run(&["connection", "list", "--json"]).await?.json()?;
    assert_eq!(listed["connections"], json!([]));
    Ok(())
}

#[tokio::test]
async fn a_sign_out_while_nothing_runs_is_told_by_the_next_companion() -> Play {
    let desktop = desktop().await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    linked(&desktop, &sandbox).await?.crash().await?;
    let signed_out = cli.run(&["connection", "sign-out", "127.0.0.1"]).await?;
    assert_eq!(signed_out.code, Some(0), "{signed_out:?}");
    assert!(signed_out.err.contains("when Deskside runs next"), "{}", signed_out.err);
    let listed = cli.run(&["connection", "list", "--json"]).await?.json()?;
    assert_eq!(listed["connections"], json!([]));
    assert!(!is_revoked(&sandbox).await?, "told by nobody");

    let mut companion = cli.companion(&desktop.backstage.join("run.log"))?;
    is_told(&sandbox).await?;
    companion.kill().await?;
    Ok(())
}

#[tokio::test]
async fn a_backends_connection_is_stopped_and_removed_where_it_is_kept() -> Play {
    let desktop = desktop().await?;
    let sandbox = Sandbox::start().await?;
    let cli = Cli(&desktop);
    let _app = linked(&desktop, &sandbox).await?;
    let listed = cli.run(&["connection", "list", "--json"]).await?.json()?;
    let id = listed["connections"][0]["id"].as_str().ok_or("no connection")?;

    let stopped = cli.run(&["connection", "stop", id]).await?;
    assert_eq!(stopped.code, Some(0), "{stopped:?}");
    let state = sandbox.get("/state").await?;
    assert_eq!(state["connections"][0]["status"], "unlinked");

    let removed = cli.run(&["connection", "remove", id]).await?;
    assert_eq!(removed.code, Some(0), "{removed:?}");
    assert!(removed.err.contains("removed at 127.0.0.1 too"), "{}", removed.err);
    assert_eq!(sandbox.get("/state").await?["connections"], json!([]));
    eventually_within(PATIENCE, "it is gone here too", async || {
        let listed = cli.run(&["connection", "list", "--json"]).await?.json()?;
        Ok((listed["connections"] == json!([])).then_some(()))
    })
    .await
}

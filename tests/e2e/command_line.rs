//! The command line where no connection is: what it sees of this computer, and how it judges.

use std::time::{Duration, Instant};

use deskside_tests::{Cli, Desktop, Parts, Play, eventually_within};
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
    assert_eq!(verdict(&cli).await?, "ready");
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

//! The command line on both systems: its verdicts on evidence and links, and its help.

use deskside_tests::{Outcome, Stage};
use serde_json::{Value, json};

#[test]
fn an_unknown_verdict_has_an_exit_code_of_its_own() -> Outcome {
    let stage = Stage::set_up()?;
    let file = stage.scratch.join("evidence.json");
    std::fs::write(&file, json!({ "at": "2026-11-20T08:00:00Z" }).to_string())?;
    let name = file.display().to_string();
    let judged = stage.cli(&["diagnose", "--json", "--evidence", &name])?;
    assert_eq!((judged.code, &judged.json()?["verdict"]), (Some(3), &json!("unknown")));

    std::fs::write(&file, "{")?;
    let judged = stage.cli(&["diagnose", "--json", "--evidence", &name])?;
    assert_eq!((judged.code, judged.out.as_str()), (Some(2), ""));
    assert!(judged.err.contains("is not evidence"), "{}", judged.err);

    let status = stage.cli(&["status", "--json"])?;
    assert_eq!((status.code, status.out.as_str()), (Some(2), ""));
    Ok(())
}

#[test]
fn quit_returns_when_the_companion_has_ended() -> Outcome {
    let stage = Stage::set_up()?;
    let mut companion = stage.companion("run.log")?;
    stage.companion_answers()?;
    // When it is asked to quit
    assert_eq!(stage.cli(&["quit"])?.code, Some(0));
    // Then nothing answers any more, and the companion has ended well
    assert_eq!(stage.cli(&["status", "--json"])?.code, Some(2));
    assert_eq!(companion.ends()?, Some(0));
    // And the second time there is nothing to do
    let again = stage.cli(&["quit"])?;
    assert_eq!(again.code, Some(0));
    assert!(again.err.contains("was not running"), "{}", again.err);
    Ok(())
}

#[test]
fn inspect_names_every_known_provider_and_repeats_no_secret() -> Outcome {
    let stage = Stage::set_up()?;
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
        let seen = stage.cli(&["link", "inspect", &deep_link, "--json"])?;
        let expected = json!({
            "schema": 1, "verdict": "ask", "action": "connect", "provider": provider,
            "host": host, "reason": null,
        });
        assert_eq!((seen.code, seen.json()?), (Some(0), expected), "{deep_link}");
        assert!(!format!("{seen:?}").contains("SECRET"), "{seen:?}");
    }
    Ok(())
}

#[test]
fn a_return_navigates_whatever_a_provider_adds_to_it() -> Outcome {
    let stage = Stage::set_up()?;
    for added in ["", "&statusCode=403&errorMessage=User%20cancelled.", "&status=connected"] {
        let deep_link = format!("deskside://return?state=SECRET{added}");
        let seen = stage.cli(&["link", "inspect", &deep_link, "--json"])?;
        let expected = json!({
            "schema": 1, "verdict": "navigate", "action": "return", "provider": null,
            "host": null, "reason": null,
        });
        assert_eq!((seen.code, seen.json()?), (Some(0), expected), "{deep_link}");
    }
    Ok(())
}

#[test]
fn every_command_has_help_and_refuses_contradictions() -> Outcome {
    let stage = Stage::set_up()?;
    for (command, words) in [
        (&["connection", "--help"][..], "sign-out"),
        (&["connection", "add", "conductor", "--help"], "publishable key on its second"),
        (&["connection", "add", "codat", "--help"], "It reaches every company of its client"),
        (&["connection", "link", "--help"], "Print the link instead of opening it"),
        (&["connection", "remove", "--help"], "Without a terminal there is no question"),
        (&["connection", "sign-out", "--help"], "<HOST|DEVICE>"),
    ] {
        let help = stage.cli(command)?;
        assert_eq!(help.code, Some(0), "{command:?}");
        assert!(help.out.contains(words), "{command:?}: {}", help.out);
    }
    // And contradictions are refused before anything is read or asked
    for wrong in [
        &["connection", "add", "conductor"][..],
        &["connection", "add", "conductor", "--create", "--end-user", "x"],
        &["connection", "add", "conductor", "--create", "--company-name", "x"],
        &["connection", "add", "codat", "--company", "x", "--create"],
        &["connection", "add", "codat", "--company", "x", "--base-url", "here"],
    ] {
        let refused = stage.cli(wrong)?;
        assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""), "{wrong:?}");
    }
    Ok(())
}

#[test]
fn inspect_says_what_a_link_would_do() -> Outcome {
    let stage = Stage::set_up()?;
    let connect =
        "deskside://connect?link=https%3A%2F%2Fconnect.conductor.is%2Fqbd%2Fs%3Fkey%3Dpk_1";
    for (link, code, expected) in [
        (
            connect,
            0,
            json!({"schema":1,"verdict":"ask","action":"connect","provider":"conductor","host":"connect.conductor.is","reason":null}),
        ),
        (
            "deskside://enroll?backend=https%3A%2F%2Fapp.acme.example&code=abc",
            0,
            json!({"schema":1,"verdict":"ask","action":"enroll","provider":null,"host":"app.acme.example","reason":null}),
        ),
        (
            "deskside://open/settings",
            0,
            json!({"schema":1,"verdict":"navigate","action":"open","provider":null,"host":null,"reason":null}),
        ),
        (
            "https://example.com",
            1,
            json!({"schema":1,"verdict":"reject","action":null,"provider":null,"host":null,"reason":"not_deskside"}),
        ),
    ] {
        let output = stage.cli(&["link", "inspect", link, "--json"])?;
        let seen: Value = output.json()?;
        assert_eq!((output.code, seen), (Some(code), expected), "{link}");
    }
    Ok(())
}

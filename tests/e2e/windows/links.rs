//! Links on their way into the program: unchanged, and not left where others can read them.

use std::os::windows::process::CommandExt;

use deskside_tests::{
    Listener, Outcome, Program, Stage, eventually, processes_with, running_in, text_value,
};

use windows_sys::Win32::UI::WindowsAndMessaging::{IDRETRY, WM_COMMAND};

use super::alert;

/// The longest link that is accepted, in bytes.
const LONGEST: usize = 4096;

/// A link to an unknown website, of this length in bytes.
fn link_of(length: usize, secret: &str) -> String {
    let start = format!("deskside://connect?link=https%3A%2F%2Fbooks.evil.example%2F{secret}%2F");
    let rest = length - start.len();
    start + &"x".repeat(rest)
}

#[test]
fn a_link_is_handed_over_byte_by_byte() -> Outcome {
    let stage = Stage::set_up()?;
    let mut companion = Listener::claim(&stage.desktop)?;
    let links = [
        "deskside://connect?link=https%3A%2F%2Fa.example%2F%20x&b=1|2&c=%25PATH%25^!".to_owned(),
        "deskside://connect?link=\"quoted\"&trailing=\\".to_owned(),
        "deskside://connect?link=it's&name=Zoë+Müller&x=日本".to_owned(),
        link_of(LONGEST, "whole"),
    ];
    for link in links {
        let mut copy = stage.app(&[&link])?;
        assert_eq!(companion.asked()?, format!("link {link}\n"));
        assert_eq!(copy.ends()?, Some(0));
        let mut cli = Program::start(stage.command("deskside-cli").args(["link", "open", &link]))?;
        assert_eq!(companion.asked()?, format!("link {link}\n"));
        assert_eq!(cli.ends()?, Some(0));
    }
    Ok(())
}

#[test]
fn a_link_that_is_not_taken_is_kept_until_it_is() -> Outcome {
    let stage = Stage::set_up()?;
    let mut companion = Listener::claim(&stage.desktop)?;
    let link = link_of(200, "kept");
    // Given a companion that does not understand the request
    let mut copy = stage.app(&[&link])?;
    assert_eq!(companion.answer("null")?, format!("link {link}\n"));
    let question = alert::appears(&copy)?;
    // When the user tries again
    question.send(WM_COMMAND, usize::try_from(IDRETRY)?, 0)?;
    // Then the link arrives
    assert_eq!(companion.asked()?, format!("link {link}\n"));
    assert_eq!(copy.ends()?, Some(0));
    Ok(())
}

#[test]
fn the_registered_command_takes_a_link_as_explorer_gives_it() -> Outcome {
    let stage = Stage::set_up()?;
    let mut app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    let key = r"Software\Classes\deskside\shell\open\command";
    let command = eventually("the scheme is registered", || Ok(text_value(key, "")))?;
    assert_eq!(command, format!("\"{}\" \"%1\"", stage.programs.join("deskside.exe").display()));
    assert_eq!(text_value(r"Software\Classes\deskside", "URL Protocol").as_deref(), Some(""));
    app.crash()?;

    let mut companion = Listener::claim(&stage.desktop)?;
    let link = "deskside://connect?link=https%3A%2F%2Fa.example%2F%20x&b=1|2&c=%2525PATH%25^";
    // Explorer replaces the %1 and knows nothing of quoting.
    let mut copy = Program::start(stage.command("deskside").raw_arg(format!("\"{link}\"")))?;
    assert_eq!(companion.asked()?, format!("link {link}\n"));
    assert_eq!(copy.ends()?, Some(0));
    Ok(())
}

#[test]
fn a_link_arrives_whole_and_leaves_the_process_list() -> Outcome {
    for (length, code) in [(LONGEST, "untrusted_host"), (LONGEST + 1, "too_long")] {
        let stage = Stage::set_up()?;
        let secret = format!("secret-of-{length}");
        let mut first = stage.app(&[&link_of(length, &secret)])?;
        eventually("the link has arrived and was judged", || {
            let log = stage.log()?;
            if log.contains(&format!("deep link refused code=\"{code}\"")) {
                return Ok(Some(()));
            }
            Err(log.into())
        })?;
        assert_eq!(first.ends()?, Some(0), "the copy with the link still runs");
        let left = processes_with(&secret)?;
        assert!(left.is_empty(), "the link can be read: {left:?}");
        assert_eq!(running_in(&stage.programs)?.len(), 1, "not one program");
        assert!(!stage.log()?.contains(&secret), "the link is in the log");
        assert_eq!(stage.companion_answers()?["running"], true);
    }
    Ok(())
}

#[test]
fn the_command_line_starts_the_program_with_a_link() -> Outcome {
    let stage = Stage::set_up()?;
    let opened = stage.cli(&["link", "open", &link_of(200, "secret-word")])?;
    assert_eq!(opened.code, Some(0), "{opened:?}");
    eventually("the link has arrived", || {
        Ok(stage.log()?.contains("deep link refused").then_some(()))
    })?;
    assert!(processes_with("secret-word")?.is_empty(), "the link can be read");
    Ok(())
}

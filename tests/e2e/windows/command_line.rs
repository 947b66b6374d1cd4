//! What `deskside-cli` prints, where, and in which encoding.

use std::os::windows::process::CommandExt;

use deskside_tests::{Outcome, Output, Stage};

#[test]
fn documents_go_to_standard_output_and_errors_to_standard_error() -> Outcome {
    let stage = Stage::set_up()?;
    let diagnosed = stage.cli(&["diagnose", "--json"])?;
    assert_eq!((diagnosed.code, &diagnosed.json()?["verdict"]), (Some(1), &"problem".into()));
    assert_eq!(diagnosed.err, "");

    let asked = stage.cli(&["status", "--json"])?;
    assert_eq!((asked.code, asked.out.as_str()), (Some(2), ""));
    assert!(asked.err.contains("Deskside is not running"), "{asked:?}");

    let misspelt = stage.cli(&["diagnoze"])?;
    assert_eq!((misspelt.code, misspelt.out.as_str()), (Some(2), ""));
    assert!(misspelt.err.contains("unrecognized subcommand"), "{misspelt:?}");
    Ok(())
}

/// Letters of which no single DOS code page has all.
const LETTERS: &str = "Łuka-é-“ж”";

/// Has the command interpreter run a line in the folder of the programs.
fn shell(stage: &Stage, line: &str) -> Outcome<Output> {
    let mut command = stage.command(std::env::var("COMSPEC")?);
    // The interpreter takes the line unescaped, between quotation marks of its own.
    command.current_dir(&stage.programs).raw_arg(format!("/d /s /c \"{line}\""));
    Output::of(&mut command, "")
}

#[test]
fn piped_output_is_utf_8_with_every_code_page() -> Outcome {
    let stage = Stage::set_up()?;
    let words = format!("there is no connection {LETTERS}");
    let piped = stage.cli(&["connection", "remove", LETTERS])?;
    assert!(piped.err.contains(&words), "{piped:?}");
    for page in [437, 850, 1252] {
        let line = format!("chcp {page} >nul & deskside-cli connection remove {LETTERS}");
        let piped = shell(&stage, &line)?;
        assert_eq!(piped.code, Some(2), "{piped:?}");
        assert!(piped.err.contains(&words), "code page {page}: {piped:?}");
    }
    Ok(())
}

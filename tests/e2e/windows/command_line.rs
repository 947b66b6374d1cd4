//! What `deskside-cli` prints, where, and in which encoding.

use deskside_tests::{Outcome, Stage};

#[test]
fn documents_go_to_standard_output_and_errors_to_standard_error() -> Outcome {
    let stage = Stage::set_up()?;
    let diagnosed = stage.cli(&["diagnose", "--json"])?;
    assert_eq!((diagnosed.code, &diagnosed.json()?["verdict"]), (Some(1), &"problem".into()));
    assert_eq!(diagnosed.err, "");

    let asked = stage.cli(&["status", "--json"])?;
    assert_eq!((asked.code, asked.out), (Some(2), ""));
    assert!(asked.err.contains("Deskside is not running"), "{asked:?}");

    let misspelt = stage.cli(&["diagnoze"])?;
    assert_eq!((misspelt.code, misspelt.out), (Some(2), ""));
    assert!(misspelt.err.contains("unrecognized subcommand"), "{misspelt:?}");
    Ok(())
}

/// Letters of which no single DOS code page has all.
const LETTERS: &str = "Łuka-é-“ж”";

#[test]
fn piped_output_is_utf_8_with_every_code_page() -> Outcome {
    let stage = Stage::set_up()?;
    let words = format!("there is no connection {LETTERS}");
    let piped = stage.cli(&["connection", "remove", LETTERS])?;
    assert!(piped.err.contains(&words), "{piped:?}");
    for page in [437, 850, 1252] {
        let line = format!("chcp {page} >nul & deskside-cli connection remove {LETTERS}");
        let piped = stage.shell(&line)?;
        assert_eq!(piped.code, Some(2), "{piped:?}");
        assert!(piped.err.contains(&words), "code page {page}: {piped:?}");
    }
    Ok(())
}

//! What `deskside-cli` prints, and where to.

use deskside_windows_tests::{Play, Stage};

#[test]
fn a_document_goes_to_standard_output_and_a_complaint_to_standard_error() -> Play {
    let stage = Stage::set_up()?;
    let diagnosed = stage.cli(&["diagnose", "--json"])?;
    assert_eq!((diagnosed.code, &diagnosed.json()?["verdict"]), (Some(1), &"problem".into()));
    assert_eq!(diagnosed.complaint()?, "");

    let asked = stage.cli(&["status", "--json"])?;
    assert_eq!((asked.code, asked.text()?), (Some(2), ""));
    assert!(asked.complaint()?.contains("Deskside is not running"), "{asked:?}");

    let misspelt = stage.cli(&["diagnoze"])?;
    assert_eq!((misspelt.code, misspelt.text()?), (Some(2), ""));
    assert!(misspelt.complaint()?.contains("unrecognized subcommand"), "{misspelt:?}");
    Ok(())
}

/// Letters that no code page of DOS has all of.
const LETTERS: &str = "Łuka-é-“ж”";

#[test]
fn what_is_piped_is_utf_8_whatever_the_code_page_of_the_console() -> Play {
    let stage = Stage::set_up()?;
    let words = format!("there is no connection {LETTERS}");
    let piped = stage.cli(&["connection", "remove", LETTERS])?;
    assert!(piped.complaint()?.contains(&words), "{piped:?}");
    for page in [437, 850, 1252] {
        let line = format!("chcp {page} >nul & deskside-cli connection remove {LETTERS}");
        let piped = stage.shell(&line)?;
        assert_eq!(piped.code, Some(2), "{piped:?}");
        assert!(piped.complaint()?.contains(&words), "code page {page}: {piped:?}");
    }
    Ok(())
}

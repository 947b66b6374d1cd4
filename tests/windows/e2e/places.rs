//! Users, folders and disks as they really are: accents, spaces, and no right to write.

use std::fs;

use deskside_windows_tests::{Layout, Play, Stage, TrayIcon, eventually, text_value};

/// What a user and a person who installs things may be called.
const UNUSUAL: Layout<'_> =
    Layout { programs: Some(r"Pröbe & Söhne\Desk side"), user: Some("Zoë Łuka 日本") };

#[test]
fn accents_and_spaces_in_folders_do_no_harm() -> Play {
    let stage = Stage::set_up_as(UNUSUAL)?;
    let mut app = stage.app(&["--background"])?;
    assert_eq!(stage.companion_answers()?["running"], true);
    let made: Vec<_> = fs::read_dir(&stage.data)?.filter_map(Result::ok).collect();
    assert!(made.iter().any(|one| one.file_name() == "deskside.db"), "elsewhere: {made:?}");

    // The registered command is the installed program, and a link comes in through it
    let key = r"Software\Classes\deskside\shell\open\command";
    let command = eventually("the scheme is registered", || Ok(text_value(key, "")))?;
    assert_eq!(command, format!("\"{}\" \"%1\"", stage.programs.join("deskside.exe").display()));
    assert_eq!(stage.app(&["deskside://return?state=guessed"])?.ends()?, Some(0));
    eventually("the link has arrived", || {
        Ok(stage.log()?.contains("a return with an unknown state").then_some(()))
    })?;
    assert!(app.is_running()?);
    Ok(())
}

#[test]
fn a_link_starts_the_program_from_a_folder_with_accents() -> Play {
    let stage = Stage::set_up_as(UNUSUAL)?;
    stage.app(&["deskside://return?state=guessed"])?;
    eventually("the link has arrived", || {
        Ok(stage.log()?.contains("a return with an unknown state").then_some(()))
    })
}

#[test]
fn without_a_folder_to_write_to_that_is_said() -> Play {
    let stage = Stage::set_up()?;
    fs::write(&stage.data, "a file where the folder belongs")?;
    let diagnosed = stage.cli(&["diagnose"])?;
    assert_eq!(diagnosed.code, Some(2));
    assert!(diagnosed.complaint()?.contains("cannot be made"), "{diagnosed:?}");
    fs::remove_file(&stage.data)?;
    Ok(())
}

#[test]
fn when_nothing_can_be_written_it_runs_without_a_past() -> Play {
    // Given a profile in which no file can be made or opened
    let stage = Stage::set_up()?;
    for name in ["deskside.db", "deskside.log", "control.pipe"] {
        fs::create_dir_all(stage.data.join(name))?;
    }
    // When the app starts
    let mut app = stage.app(&["--background"])?;
    // Then it is there
    eventually("the tray has its icon", || TrayIcon::of(app.id()))?;
    // And a second copy finds it all the same
    assert_eq!(stage.app(&["--background"])?.ends()?, Some(0));
    assert!(app.is_running()?);
    Ok(())
}

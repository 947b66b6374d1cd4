//! Folders as users have them: accents, spaces, and no permission to write.

use std::fs;

use deskside_tests::{INSTALLED, Outcome, Parts, Stage, TrayIcon, eventually, text_value};

/// A user and a folder with unusual names.
fn unusual() -> Outcome<Stage> {
    let mut stage = Stage::set_up_with(Parts { user: Some("Zoë Łuka 日本") })?;
    stage.install(r"Pröbe & Söhne\Desk side", &INSTALLED)?;
    Ok(stage)
}

#[test]
fn accents_and_spaces_in_folder_names_work() -> Outcome {
    let stage = unusual()?;
    let mut app = stage.app(&["--background"])?;
    assert_eq!(stage.companion_answers()?["running"], true);
    let made: Vec<_> = fs::read_dir(&stage.desktop.data)?.filter_map(Result::ok).collect();
    assert!(made.iter().any(|one| one.file_name() == "deskside.db"), "elsewhere: {made:?}");

    // The registered command is the installed program, and a link comes in through it
    let key = r"Software\Classes\deskside\shell\open\command";
    let command = eventually("the scheme is registered", || Ok(text_value(key, "")))?;
    assert_eq!(command, format!("\"{}\" \"%1\"", stage.programs.join("deskside.exe").display()));
    stage.click("deskside://return?state=guessed")?;
    eventually("the link has arrived", || {
        Ok(stage.log()?.contains("return ignored: unknown state").then_some(()))
    })?;
    assert!(app.is_running()?);
    Ok(())
}

#[test]
fn a_link_starts_the_program_from_a_folder_with_accents() -> Outcome {
    let stage = unusual()?;
    let _copy = stage.app(&["deskside://return?state=guessed"])?;
    eventually("the link has arrived", || {
        Ok(stage.log()?.contains("return ignored: unknown state").then_some(()))
    })
}

#[test]
fn without_a_writable_folder_the_command_line_says_so() -> Outcome {
    let stage = Stage::set_up()?;
    fs::write(&stage.desktop.data, "a file where the folder belongs")?;
    let diagnosed = stage.cli(&["diagnose"])?;
    assert_eq!(diagnosed.code, Some(2));
    assert!(diagnosed.err.contains("cannot be created"), "{diagnosed:?}");
    fs::remove_file(&stage.desktop.data)?;
    Ok(())
}

#[test]
fn without_writable_files_the_app_still_runs() -> Outcome {
    // Given a profile in which no file can be made or opened
    let stage = Stage::set_up()?;
    for name in ["deskside.db", "deskside.log"] {
        fs::create_dir_all(stage.desktop.data.join(name))?;
    }
    // When the app starts
    let mut app = stage.app(&["--background"])?;
    // Then it is there
    eventually("the tray has its icon", || TrayIcon::of(app.id()))?;
    // And a second copy still finds it
    assert_eq!(stage.app(&["--background"])?.ends()?, Some(0));
    assert!(app.is_running()?);
    Ok(())
}

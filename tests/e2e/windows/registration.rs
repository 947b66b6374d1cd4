//! What Deskside writes into this user's registry, and what it leaves alone.

use std::path::Path;

use deskside_tests::{IDENTIFIER, INSTALLED, NAME, Outcome, Stage, eventually, text_value};
use windows_registry::{CURRENT_USER, Type};

const COMMAND: &str = r"Software\Classes\deskside\shell\open\command";
const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";
const UNINSTALL: &str = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Deskside";

/// A folder as installers make it, with characters that are special on a command line.
fn installed() -> Outcome<Stage> {
    let mut stage = Stage::set_up()?;
    stage.install("Program Files & 100% (x86)", &INSTALLED)?;
    Ok(stage)
}

/// What an installer and Task Manager write to the registry; removed when dropped.
struct Traces;

impl Traces {
    fn of_an_installer(folder: &Path) -> Outcome<Self> {
        let traces = Self;
        let folder = folder.to_str().ok_or("a folder that is no text")?;
        CURRENT_USER.create(UNINSTALL)?.set_string("InstallLocation", folder)?;
        Ok(traces)
    }

    fn of_task_manager(first: u8) -> Outcome<Self> {
        let traces = Self;
        let approval = [first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        CURRENT_USER.create(APPROVED)?.set_bytes(NAME, Type::Bytes, &approval)?;
        Ok(traces)
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        let installer =
            CURRENT_USER.open(UNINSTALL).is_err() || CURRENT_USER.remove_tree(UNINSTALL).is_ok();
        let key = CURRENT_USER.options().read().write().open(APPROVED);
        let manager = key
            .is_ok_and(|key| key.get_type(NAME).is_err() || key.remove_value(NAME).is_ok())
            || CURRENT_USER.open(APPROVED).is_err();
        assert!(installer && manager || std::thread::panicking(), "traces are left");
    }
}

fn app_of(stage: &Stage) -> String {
    stage.programs.join("deskside.exe").display().to_string()
}

fn login_command(stage: &Stage) -> String {
    format!("\"{}\" --background", app_of(stage))
}

fn registers(stage: &Stage) -> Outcome {
    let ours = format!("\"{}\" \"%1\"", app_of(stage));
    eventually("links are registered for this program", || {
        let now = text_value(COMMAND, "");
        if now.as_deref() == Some(&ours) { Ok(Some(())) } else { Err(format!("{now:?}").into()) }
    })
}

#[test]
fn links_are_registered_with_quotes_a_name_and_an_icon() -> Outcome {
    let stage = installed()?;
    let _app = stage.app(&["--background"])?;
    registers(&stage)?;
    let scheme = r"Software\Classes\deskside";
    assert_eq!(text_value(scheme, "").as_deref(), Some("URL:Deskside"));
    assert_eq!(text_value(scheme, "URL Protocol").as_deref(), Some(""));
    let icon = text_value(r"Software\Classes\deskside\DefaultIcon", "");
    assert_eq!(icon, Some(format!("\"{}\",0", app_of(&stage))));
    Ok(())
}

#[test]
fn a_registration_for_a_missing_program_is_repaired() -> Outcome {
    let stage = Stage::set_up()?;
    let gone = stage.scratch.join("moved away").join("deskside.exe");
    CURRENT_USER.create(COMMAND)?.set_string("", format!("\"{}\" \"%1\"", gone.display()))?;
    let _app = stage.app(&["--background"])?;
    registers(&stage)
}

#[test]
fn an_existing_other_program_keeps_the_links() -> Outcome {
    let stage = Stage::set_up()?;
    let other = stage.scratch.join("other one.exe");
    std::fs::write(&other, "a program")?;
    let theirs = format!("\"{}\" --url \"%1\"", other.display());
    CURRENT_USER.create(COMMAND)?.set_string("", &theirs)?;
    let _app = stage.app(&["--background"])?;
    eventually("it is said who opens the links", || {
        Ok(stage.log()?.contains(r#"program="other one.exe""#).then_some(()))
    })?;
    assert_eq!(text_value(COMMAND, ""), Some(theirs));
    assert!(!stage.log()?.contains("deskside-"), "a folder of the user is in the log");
    Ok(())
}

#[test]
fn an_installed_copy_registers_for_login_only_once() -> Outcome {
    let stage = installed()?;
    let _traces = Traces::of_an_installer(&stage.programs)?;
    let mut app = stage.app(&["--background"])?;
    let command = eventually("it starts at login", || Ok(text_value(RUN, NAME)))?;
    assert_eq!(command, login_command(&stage));

    // When the user removes it
    eventually("it ends", || Ok(stage.cli(&["quit"])?.code.filter(|code| *code == 0)))?;
    assert_eq!(app.ends()?, Some(0));
    CURRENT_USER.create(RUN)?.remove_value(NAME)?;
    // Then it stays away
    let _app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    registers(&stage)?;
    assert_eq!(text_value(RUN, NAME), None);
    Ok(())
}

#[test]
fn a_portable_copy_does_not_start_at_login() -> Outcome {
    let stage = Stage::set_up()?;
    let _app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    registers(&stage)?;
    assert_eq!(text_value(RUN, NAME), None);
    Ok(())
}

#[test]
fn a_login_entry_for_a_missing_program_is_repaired() -> Outcome {
    let stage = Stage::set_up()?;
    let gone = stage.scratch.join("moved away").join("deskside.exe");
    CURRENT_USER.create(RUN)?.set_string(NAME, format!("{} --background", gone.display()))?;
    let _app = stage.app(&["--background"])?;
    let ours = login_command(&stage);
    eventually("the entry is repaired", || {
        Ok((text_value(RUN, NAME).as_deref() == Some(&*ours)).then_some(()))
    })
}

#[test]
fn startup_that_task_manager_disabled_stays_disabled() -> Outcome {
    let stage = installed()?;
    let _installer = Traces::of_an_installer(&stage.programs)?;
    let _manager = Traces::of_task_manager(3)?;
    CURRENT_USER.create(RUN)?.set_string(NAME, login_command(&stage))?;
    let _app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    registers(&stage)?;
    let approval = CURRENT_USER.open(APPROVED)?.get_bytes(NAME)?;
    assert_eq!(approval.first(), Some(&3));
    assert_eq!(text_value(RUN, NAME), Some(login_command(&stage)));
    Ok(())
}

#[test]
fn notifications_have_a_name_and_icon_before_the_first() -> Outcome {
    let stage = Stage::set_up()?;
    let _app = stage.app(&["--background"])?;
    stage.companion_answers()?;
    let key = format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}");
    assert_eq!(text_value(&key, "DisplayName").as_deref(), Some(NAME));
    let activator = text_value(&key, "CustomActivator").ok_or("no activator")?;
    assert!(activator.starts_with('{') && activator.len() == 38, "{activator}");
    let icon = text_value(&key, "IconUri").ok_or("no icon")?;
    assert!(Path::new(&icon).is_absolute() && std::fs::read(&icon)?.starts_with(b"\x89PNG"));
    Ok(())
}

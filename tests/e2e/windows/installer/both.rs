//! Both installers on one computer: there are never two programs for one profile.

use std::os::windows::process::CommandExt;
use std::process::Command;

use deskside_tests::{NAME, Outcome, Program, eventually, running_in, text_value};
use windows_registry::CURRENT_USER;

use super::UNINSTALL;
use super::everybody::{Machine, folder, shared};
use super::one_user::User;

/// What Windows runs once for each user at sign-in.
const ACTIVE_SETUP: &str =
    r"Software\Microsoft\Active Setup\Installed Components\{5A0B7B0E-8B7E-4B63-9C0F-1D7A2C6E0B0A}";

#[test]
fn the_machine_installer_refuses_beside_the_users_own_installation() -> Outcome {
    let machine = Machine::new()?;
    let user = User::new()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    let mut app = user.start()?;
    // When the same person installs it for everybody
    let refused = machine.msiexec("/i", "newer.msi", &[])?;
    // Then nothing has changed
    assert_ne!(refused, Some(0));
    assert!(!folder()?.join("deskside.exe").exists(), "there are two of it now");
    assert!(app.is_running()?, "the user's own was ended");
    // And without the user's own it is installed
    user.uninstall("")?;
    assert_eq!(machine.msiexec("/i", "newer.msi", &[])?, Some(0));
    Ok(())
}

#[test]
fn a_users_own_installation_gives_way_at_the_next_login() -> Outcome {
    let machine = Machine::new()?;
    let user = User::new()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    let mut app = user.start()?;
    // Given that it was installed for everybody by somebody who cannot see the user's registry
    let own = CURRENT_USER.create(UNINSTALL)?;
    let place = own.get_string("InstallLocation")?;
    own.remove_value("InstallLocation")?;
    assert_eq!(machine.msiexec("/i", "newer.msi", &["AUTOSTART=0"])?, Some(0));
    own.set_string("InstallLocation", place)?;
    assert!(shared(ACTIVE_SETUP, "Version").is_some_and(|version| version.contains(',')));
    drop(own);

    // When Windows runs what is registered, as at sign-in
    let stub = shared(ACTIVE_SETUP, "StubPath").ok_or("nothing is registered")?;
    let (program, arguments) = stub.split_once("\" ").ok_or("its program is not quoted")?;
    let mut command = Command::new(program.trim_matches('"'));
    let local = user.stage.desktop.data.parent().ok_or("no local data")?;
    Program::start(command.raw_arg(arguments).env("LOCALAPPDATA", local))?.ends()?;
    // Then the user's own has ended and is gone, except for the data
    eventually("the user's own is uninstalled", || {
        let is_gone = text_value(UNINSTALL, "DisplayName").is_none();
        Ok((is_gone && !user.stage.programs.exists()).then_some(()))
    })?;
    assert_eq!(app.ends()?, Some(0));
    assert!(running_in(&user.stage.programs)?.is_empty());
    assert!(user.stage.desktop.data.join("deskside.db").is_file(), "the data is gone");
    assert!(folder()?.join("deskside.exe").is_file(), "{NAME} is gone");
    Ok(())
}

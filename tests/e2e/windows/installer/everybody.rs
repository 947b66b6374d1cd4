//! The installer for all users of a computer, as an administrator deploys it.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use deskside_tests::{Fault, NAME, Outcome, Program, Stage};
use windows_registry::LOCAL_MACHINE;

use super::{OTHER_VERSION_INSTALLED, UNINSTALL, made, set_up};

const POLICY: &str = r"Software\Policies\Deskside";
const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const COMMAND: &str = r"Software\Classes\deskside\shell\open\command";

/// A computer on which nothing is installed before a test and after it.
struct Computer {
    stage: Stage,
}

impl Computer {
    fn new() -> Outcome<Self> {
        let computer = Self { stage: Stage::set_up()? };
        computer.clean()?;
        Ok(computer)
    }

    /// Runs Windows Installer with a package, silently, and returns its exit code.
    fn msiexec(&self, what: &str, package: &str, properties: &[&str]) -> Outcome<Option<i32>> {
        let mut command = Command::new("msiexec");
        command.arg(what).arg(made(package)?).arg("/qn").args(properties);
        Program::start(&mut command)?.ends()
    }

    fn clean(&self) -> Outcome {
        for package in ["newer.msi", "older.msi"] {
            // A package that is not installed is refused, which is fine.
            self.msiexec("/x", package, &[])?;
        }
        match fs::remove_file(policy_file()?) {
            Err(why) if why.kind() != ErrorKind::NotFound => Err(why.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

impl Drop for Computer {
    fn drop(&mut self) {
        let cleaned = self.clean();
        assert!(cleaned.is_ok() || std::thread::panicking(), "still installed: {cleaned:?}");
    }
}

fn folder() -> Outcome<PathBuf> {
    let programs = std::env::var_os("ProgramFiles").ok_or("there is no ProgramFiles")?;
    Ok(PathBuf::from(programs).join(NAME))
}

fn policy_file() -> Outcome<PathBuf> {
    Ok(folder()?.join("policy.json"))
}

fn shared(key: &str, name: &str) -> Option<String> {
    LOCAL_MACHINE.open(key).ok()?.get_string(name).ok()
}

#[test]
fn an_administrator_installs_for_everybody_and_sets_the_policy() -> Outcome {
    let computer = Computer::new()?;
    let folder = folder()?;
    // When it is installed with every property
    let properties =
        ["AUTOSTART=1", "DESKSIDE_BACKEND=app.acme.example", "DESKSIDE_ENROLLMENT=once-1"];
    assert_eq!(computer.msiexec("/i", "newer.msi", &properties)?, Some(0));
    // Then the programs are there, and links and everybody's login start them
    for file in ["deskside.exe", "deskside-cli.exe", "third-party-notices.txt"] {
        assert!(folder.join(file).is_file(), "{file} is missing");
    }
    let app = folder.join("deskside.exe").display().to_string();
    assert_eq!(shared(COMMAND, ""), Some(format!("\"{app}\" \"%1\"")));
    assert_eq!(shared(RUN, NAME), Some(format!("\"{app}\" --background")));
    // And the policy holds the properties
    assert_eq!(shared(POLICY, "Autostart").as_deref(), Some("1"));
    assert_eq!(shared(POLICY, "Backend").as_deref(), Some("app.acme.example"));
    assert_eq!(shared(POLICY, "Enrollment").as_deref(), Some("once-1"));

    // When it is uninstalled
    assert_eq!(computer.msiexec("/x", "newer.msi", &[])?, Some(0));
    // Then all of it is gone
    assert!(!folder.exists(), "files are left");
    for (key, name) in [(COMMAND, ""), (RUN, NAME), (UNINSTALL, "InstallLocation")] {
        assert_eq!(shared(key, name), None, "{key} is left");
    }
    assert!(LOCAL_MACHINE.open(POLICY).is_err(), "the policy is left");
    Ok(())
}

#[test]
fn without_properties_the_package_sets_no_policy() -> Outcome {
    let computer = Computer::new()?;
    assert_eq!(computer.msiexec("/i", "newer.msi", &[])?, Some(0));
    assert!(shared(RUN, NAME).is_some(), "it starts at login unless somebody says otherwise");
    assert!(LOCAL_MACHINE.open(POLICY).is_err(), "a policy was made up");
    Ok(())
}

#[test]
fn without_autostart_nothing_starts_at_login() -> Outcome {
    let computer = Computer::new()?;
    assert_eq!(computer.msiexec("/i", "newer.msi", &["AUTOSTART=0"])?, Some(0));
    assert_eq!(shared(RUN, NAME), None);
    assert_eq!(shared(POLICY, "Autostart").as_deref(), Some("0"));
    Ok(())
}

#[test]
fn a_newer_package_replaces_an_older_one_never_the_reverse() -> Outcome {
    let computer = Computer::new()?;
    assert_eq!(computer.msiexec("/i", "older.msi", &[])?, Some(0));
    assert_eq!(computer.msiexec("/i", "newer.msi", &[])?, Some(0));
    let refused = computer.msiexec("/i", "older.msi", &[])?;
    assert_ne!(refused, Some(0), "the older one was installed over the newer one");
    // Then only the newer one is installed: without it there is none
    assert!(folder()?.join("deskside.exe").is_file());
    assert_eq!(computer.msiexec("/x", "newer.msi", &[])?, Some(0));
    assert!(!folder()?.exists(), "another one is still installed");
    Ok(())
}

#[test]
fn the_user_installer_refuses_beside_the_machine_installation() -> Outcome {
    let computer = Computer::new()?;
    assert_eq!(computer.msiexec("/i", "newer.msi", &[])?, Some(0));
    assert_eq!(set_up(&computer.stage, "newer", "")?, OTHER_VERSION_INSTALLED);
    Ok(())
}

#[test]
fn a_backend_named_at_installation_is_known() -> Outcome {
    let computer = Computer::new()?;
    let link = "deskside://enroll?backend=https%3A%2F%2Fapp.acme.example&code=once-1";
    let verdict = || {
        let seen = computer.stage.cli(&["link", "inspect", link, "--json"])?.json()?;
        Ok::<_, Fault>(seen["verdict"].clone())
    };
    // Given a policy that forbids unknown backends
    let policy = policy_file()?;
    fs::create_dir_all(policy.parent().ok_or("no folder")?)?;
    fs::write(&policy, r#"{"unknown_backends": "forbid"}"#)?;
    assert_eq!(verdict()?, "reject");
    // When one is named at installation, in mixed case
    let backend = ["DESKSIDE_BACKEND=App.Acme.example"];
    assert_eq!(computer.msiexec("/i", "newer.msi", &backend)?, Some(0));
    // Then the user is asked, as for any known backend
    assert_eq!(verdict()?, "ask");
    Ok(())
}

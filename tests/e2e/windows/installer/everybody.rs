//! The installer for all users of a computer, as an administrator deploys it.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use deskside_tests::{
    Fault, IDENTIFIER, NAME, Outcome, Output, Program, Stage, eventually, running_in, text_value,
};
use windows_registry::{CURRENT_USER, LOCAL_MACHINE};

use super::{OTHER_VERSION_INSTALLED, UNINSTALL, made, set_up};

const POLICY: &str = r"Software\Policies\Deskside";
const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const COMMAND: &str = r"Software\Classes\deskside\shell\open\command";

/// The installation for everybody: there is none before a test and after it.
pub(super) struct Machine(());

impl Machine {
    pub(super) fn new() -> Outcome<Self> {
        let machine = Self(());
        machine.clean()?;
        Ok(machine)
    }

    /// Runs Windows Installer with a package, silently, and returns its exit code.
    pub(super) fn msiexec(
        &self,
        what: &str,
        package: &str,
        properties: &[&str],
    ) -> Outcome<Option<i32>> {
        // A program that has only just started cannot be asked to end.
        if !running_in(&folder()?)?.is_empty() {
            eventually("the companion answers", || {
                let mut status = Command::new(folder()?.join("deskside-cli.exe"));
                Output::of(status.args(["status", "--json"]), "")?.json().map(Some)
            })?;
        }
        let mut command = Command::new("msiexec");
        command.arg(what).arg(made(package)?).arg("/qn").args(properties);
        Program::start(&mut command)?.ends()
    }

    fn clean(&self) -> Outcome {
        for package in ["newer.msi", "older.msi"] {
            // A package that is not installed is refused, which is fine.
            self.msiexec("/x", package, &[])?;
        }
        if LOCAL_MACHINE.open(POLICY).is_ok() {
            LOCAL_MACHINE.remove_tree(POLICY)?;
        }
        match fs::remove_file(policy_file()?) {
            Err(why) if why.kind() != ErrorKind::NotFound => Err(why.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let cleaned = self.clean();
        assert!(cleaned.is_ok() || std::thread::panicking(), "still installed: {cleaned:?}");
    }
}

/// A computer on which nothing is installed.
struct Computer {
    machine: Machine,
    stage: Stage,
}

impl Computer {
    fn new() -> Outcome<Self> {
        Ok(Self { machine: Machine::new()?, stage: Stage::set_up()? })
    }

    fn msiexec(&self, what: &str, package: &str, properties: &[&str]) -> Outcome<Option<i32>> {
        self.machine.msiexec(what, package, properties)
    }
}

pub(super) fn folder() -> Outcome<PathBuf> {
    let programs = std::env::var_os("ProgramFiles").ok_or("there is no ProgramFiles")?;
    Ok(PathBuf::from(programs).join(NAME))
}

fn policy_file() -> Outcome<PathBuf> {
    Ok(folder()?.join("policy.json"))
}

pub(super) fn shared(key: &str, name: &str) -> Option<String> {
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
fn an_upgrade_without_properties_keeps_what_was_set() -> Outcome {
    let computer = Computer::new()?;
    let properties =
        ["AUTOSTART=0", "DESKSIDE_BACKEND=app.acme.example", "DESKSIDE_ENROLLMENT=once-1"];
    assert_eq!(computer.msiexec("/i", "older.msi", &properties)?, Some(0));
    assert_eq!(computer.msiexec("/i", "newer.msi", &[])?, Some(0));
    assert_eq!(shared(RUN, NAME), None, "it starts at login now");
    assert_eq!(shared(POLICY, "Autostart").as_deref(), Some("0"));
    assert_eq!(shared(POLICY, "Backend").as_deref(), Some("app.acme.example"));
    assert_eq!(shared(POLICY, "Enrollment").as_deref(), Some("once-1"));
    Ok(())
}

#[test]
fn a_property_that_is_given_replaces_what_was_set() -> Outcome {
    let computer = Computer::new()?;
    let before = ["AUTOSTART=0", "DESKSIDE_BACKEND=app.acme.example"];
    assert_eq!(computer.msiexec("/i", "older.msi", &before)?, Some(0));
    let now = ["AUTOSTART=1", "DESKSIDE_BACKEND=books.example"];
    assert_eq!(computer.msiexec("/i", "newer.msi", &now)?, Some(0));
    assert!(shared(RUN, NAME).is_some(), "it does not start at login");
    assert_eq!(shared(POLICY, "Autostart").as_deref(), Some("1"));
    assert_eq!(shared(POLICY, "Backend").as_deref(), Some("books.example"));
    Ok(())
}

#[test]
fn an_installation_accepts_what_group_policy_has_set() -> Outcome {
    let computer = Computer::new()?;
    // Given values of Group Policy, one of them a number
    let policy = LOCAL_MACHINE.create(POLICY)?;
    policy.set_u32("Autostart", 0)?;
    policy.set_string("Backend", "app.acme.example")?;
    assert_eq!(computer.msiexec("/i", "newer.msi", &[])?, Some(0));
    assert_eq!(shared(RUN, NAME), None, "it starts at login");
    assert_eq!(shared(POLICY, "Autostart").as_deref(), Some("0"));
    assert_eq!(shared(POLICY, "Backend").as_deref(), Some("app.acme.example"));
    Ok(())
}

#[test]
fn the_program_runs_after_an_installation_and_after_an_upgrade() -> Outcome {
    let computer = Computer::new()?;
    let runs = || {
        computer.stage.companion_answers()?;
        let runs = running_in(&folder()?)?;
        assert_eq!(runs.len(), 1, "{runs:?}");
        assert_eq!(runs[0].arguments.get(1).map(String::as_str), Some("--background"));
        Ok::<_, Fault>(runs[0].id)
    };
    assert_eq!(computer.msiexec("/i", "older.msi", &[])?, Some(0));
    let before = runs()?;
    assert_eq!(computer.msiexec("/i", "newer.msi", &[])?, Some(0));
    assert_ne!(runs()?, before, "the old program still runs");
    Ok(())
}

#[test]
fn nothing_is_started_where_nothing_starts_at_login() -> Outcome {
    let computer = Computer::new()?;
    assert_eq!(computer.msiexec("/i", "newer.msi", &["AUTOSTART=0"])?, Some(0));
    let runs = running_in(&folder()?)?;
    assert!(runs.is_empty(), "{runs:?}");
    Ok(())
}

#[test]
fn uninstalling_ends_the_program_and_forgets_the_users_entries() -> Outcome {
    let computer = Computer::new()?;
    assert_eq!(computer.msiexec("/i", "newer.msi", &[])?, Some(0));
    computer.stage.companion_answers()?;
    let notifications = format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}");
    assert!(CURRENT_USER.open(&notifications).is_ok(), "the program writes no entry any more");
    CURRENT_USER.create(RUN)?.set_string(NAME, "\"deskside.exe\" --background")?;
    // An upgrade keeps them
    assert_eq!(computer.msiexec("/i", "newer.msi", &["REINSTALL=ALL"])?, Some(0));
    assert!(text_value(RUN, NAME).is_some());
    computer.stage.companion_answers()?;

    assert_eq!(computer.msiexec("/x", "newer.msi", &[])?, Some(0));
    assert!(!folder()?.exists(), "files are left");
    assert!(CURRENT_USER.open(&notifications).is_err(), "notifications are still registered");
    assert_eq!(text_value(RUN, NAME), None);
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

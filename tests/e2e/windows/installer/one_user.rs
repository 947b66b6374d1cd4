//! The installer for one user: what it puts where, what an upgrade keeps, and what is left in the
//! end.

use std::fs;
use std::os::windows::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use deskside_tests::{
    IDENTIFIER, MovedProfile, NAME, Outcome, Parts, Program, Stage, credentials, eventually,
    running_in, text_value,
};
use windows_registry::CURRENT_USER;

use super::{OLDER, OTHER_VERSION_INSTALLED, UNINSTALL, VERSION, set_up, setup};

const SCHEME: &str = r"Software\Classes\deskside";
const COMMAND: &str = r"Software\Classes\deskside\shell\open\command";
const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

/// Windows' "this program is blocked by group policy".
const START_FORBIDDEN: Option<i32> = Some(1260);

const FILES: [&str; 6] = [
    "deskside.exe",
    "deskside-cli.exe",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "third-party-notices.txt",
    "uninstall.exe",
];

/// A user whose name has every kind of character a path may have, and what is installed for them.
pub(super) struct User {
    pub(super) stage: Stage,
}

impl User {
    /// Nothing is installed.
    pub(super) fn new() -> Outcome<Self> {
        let mut stage = Stage::set_up_with(Parts { user: Some("Zoë d'Ångström & Söhne") })?;
        let local = stage.desktop.data.parent().ok_or("no local data")?;
        stage.programs = local.join("Programs").join(NAME);
        let user = Self { stage };
        user.clean()?;
        Ok(user)
    }

    /// Runs an installer to its end, with these switches, and returns its exit code.
    pub(super) fn install(&self, which: &str, switches: &str) -> Outcome<Option<i32>> {
        set_up(&self.stage, which, switches)
    }

    /// Runs the installed `deskside-cli`, which must succeed, and returns what it prints.
    pub(super) fn cli(&self, arguments: &[&str], input: &str) -> Outcome<String> {
        self.cli_ends_with(0, arguments, input)
    }

    /// Runs the installed `deskside-cli`, which must end with this code, and returns what it prints.
    fn cli_ends_with(&self, code: i32, arguments: &[&str], input: &str) -> Outcome<String> {
        let output = self.stage.cli_with(arguments, input)?;
        if output.code != Some(code) {
            return Err(format!("{arguments:?}: {output:?}").into());
        }
        Ok(output.out.trim().to_owned())
    }

    /// Adds a connection with a key of the business's own, and answers its identifier. Nobody answers
    /// at its address, so nobody can tell how it is.
    fn add_connection(&self) -> Outcome<String> {
        let what = ["connection", "add", "conductor", "--end-user", "end_usr_1"];
        let nobody = ["--base-url", "http://127.0.0.1:9/v1"];
        self.cli_ends_with(3, &[&what[..], &nobody].concat(), "sk_conductor_1")
    }

    /// Starts the installed program as Windows does at login, and waits until it answers.
    pub(super) fn start(&self) -> Outcome<Program> {
        let app = self.stage.app(&["--background"])?;
        self.stage.companion_answers()?;
        Ok(app)
    }

    /// Runs the uninstall command that Windows would run, and waits until it is done.
    pub(super) fn uninstall(&self, more: &str) -> Outcome {
        let command = text_value(UNINSTALL, "QuietUninstallString").ok_or("it is not installed")?;
        let (program, switches) = split(&command)?;
        let mut command = self.stage.command(program);
        Program::start(command.raw_arg(switches).raw_arg(more))?.ends()?;
        // The uninstaller continues as a copy of itself, so that it can delete itself.
        eventually("everything is uninstalled", || {
            Ok((text_value(UNINSTALL, "DisplayName").is_none() && !self.stage.programs.exists())
                .then_some(()))
        })
    }

    /// Removes what a test has installed, wherever that is.
    fn clean(&self) -> Outcome {
        if let Some(folder) = text_value(UNINSTALL, "InstallLocation") {
            let folder = PathBuf::from(folder.trim_matches('"'));
            if folder.join("uninstall.exe").is_file() {
                let mut uninstall = self.stage.command(folder.join("uninstall.exe"));
                // With this switch the uninstaller does its work itself and starts no copy.
                uninstall.raw_arg(format!("/S _?={}", folder.display()));
                Program::start(&mut uninstall)?.ends()?;
            }
            if CURRENT_USER.open(UNINSTALL).is_ok() {
                CURRENT_USER.remove_tree(UNINSTALL)?;
            }
        }
        if CURRENT_USER.open(APPROVED).is_ok() {
            CURRENT_USER.remove_tree(APPROVED)?;
        }
        Ok(())
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let cleaned = self.clean();
        assert!(cleaned.is_ok() || std::thread::panicking(), "still installed: {cleaned:?}");
    }
}

/// A command as the registry has it: a quoted program, and the rest.
fn split(command: &str) -> Outcome<(&str, &str)> {
    let quoted = command.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    quoted.ok_or_else(|| format!("its program is not quoted: {command}").into())
}

fn shortcut() -> Outcome<PathBuf> {
    let roaming = std::env::var_os("APPDATA").ok_or("there is no APPDATA")?;
    Ok(Path::new(&roaming).join(r"Microsoft\Windows\Start Menu\Programs\Deskside.lnk"))
}

fn installed(name: &str) -> Option<String> {
    text_value(UNINSTALL, name)
}

#[test]
fn a_silent_installation_registers_everything_with_windows() -> Outcome {
    let user = User::new()?;
    // When it is installed
    assert_eq!(user.install("newer", "")?, Some(0));
    let folder = user.stage.programs.display().to_string();

    // Then every file is there, and works
    for file in FILES {
        assert!(user.stage.programs.join(file).is_file(), "{file} is missing");
    }
    assert_eq!(user.cli(&["--version"], "")?, format!("deskside-cli {VERSION}"));
    // And Windows can list and uninstall it
    assert_eq!(installed("DisplayName").as_deref(), Some(NAME));
    assert_eq!(installed("DisplayVersion").as_deref(), Some(VERSION));
    assert_eq!(installed("Publisher").as_deref(), Some(NAME));
    assert_eq!(installed("InstallLocation"), Some(format!("\"{folder}\"")));
    let quiet = Some(format!("\"{folder}\\uninstall.exe\" /S"));
    assert_eq!(installed("QuietUninstallString"), quiet);
    let size = CURRENT_USER.open(UNINSTALL)?.get_u32("EstimatedSize")?;
    assert!(size > 1000, "{size} kilobytes are too little");
    // And links, notifications and the Start menu find it
    let command = Some(format!("\"{folder}\\deskside.exe\" \"%1\""));
    assert_eq!(text_value(COMMAND, ""), command);
    assert_eq!(text_value(SCHEME, "URL Protocol").as_deref(), Some(""));
    let aumid = format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}");
    assert_eq!(text_value(&aumid, "DisplayName").as_deref(), Some(NAME));
    let activator = text_value(&aumid, "CustomActivator");
    assert_eq!(activator.as_deref(), Some("{E2B41D0C-6B0F-4B0B-8E0F-3C5D9A7714F6}"));
    let shortcut = fs::read(shortcut()?)?;
    let folder: Vec<u8> = folder.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for part in [folder.as_slice(), b"deskside.exe"] {
        let is_there = shortcut.windows(part.len()).any(|found| found == part);
        assert!(is_there, "the shortcut lacks {:?}", String::from_utf8_lossy(part));
    }
    // And nothing was started, or will start without the user's consent
    assert!(running_in(&user.stage.programs)?.is_empty(), "it was started without being asked");
    assert_eq!(text_value(RUN, NAME), None);
    Ok(())
}

#[test]
fn another_folder_may_have_a_very_long_name() -> Outcome {
    let mut user = User::new()?;
    user.stage.programs = user.stage.scratch.join("Où l'on range");
    while user.stage.programs.as_os_str().len() < 205 {
        user.stage.programs.push("très loin");
    }
    // When it is installed there
    assert_eq!(user.install("newer", &format!("/D={}", user.stage.programs.display()))?, Some(0));
    // Then it runs there and can be uninstalled
    let _app = user.start()?;
    assert_eq!(running_in(&user.stage.programs)?.len(), 1);
    user.uninstall("")
}

#[test]
fn an_upgrade_keeps_the_users_data_and_restarts_the_program() -> Outcome {
    let user = User::new()?;
    // Given a running older version with a connection that starts at login
    assert_eq!(user.install("older", "")?, Some(0));
    assert_eq!(installed("DisplayVersion").as_deref(), Some(OLDER));
    let mut before = user.start()?;
    let connection = user.add_connection()?;
    let login = format!("\"{}\\deskside.exe\" --background", user.stage.programs.display());
    CURRENT_USER.create(RUN)?.set_string(NAME, &login)?;

    // When the newer one is installed
    assert_eq!(user.install("newer", "")?, Some(0));
    // Then the old program has ended by itself, and the new one runs without a window
    assert_eq!(before.ends()?, Some(0));
    user.stage.companion_answers()?;
    let runs = running_in(&user.stage.programs)?;
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0].arguments.get(1).map(String::as_str), Some("--background"));
    assert_eq!(installed("DisplayVersion").as_deref(), Some(VERSION));
    // And nothing is lost, or left over
    assert!(user.cli(&["connection", "list"], "")?.starts_with(&connection));
    assert!(user.cli(&["secret", "list"], "")?.ends_with("kept"));
    assert_eq!(text_value(RUN, NAME), Some(login));
    assert_eq!(left_over(&user.stage.programs)?, 0);
    Ok(())
}

/// An administrator runs it, as under Wine and on the CI; any other installer has no rights to pass on.
#[test]
fn an_elevated_installer_does_not_start_the_program_itself() -> Outcome {
    let user = User::new()?;
    assert_eq!(user.install("older", "")?, Some(0));
    let mut before = user.start()?;
    // When an upgrade restarts the program
    let mut setup = Program::start(&mut setup(&user.stage, "newer")?)?;
    let installer = setup.id();
    assert_eq!(setup.ends()?, Some(0));
    assert_eq!(before.ends()?, Some(0));
    // Then somebody else has started it, with rights of their own
    let parent = eventually("the program runs", || {
        let runs = running_in(&user.stage.programs)?;
        Ok(runs.first().map(|program| program.parent))
    })?;
    assert_ne!(parent, Some(installer));
    Ok(())
}

/// Only Wine can be told from here not to start a program.
#[test]
fn nothing_is_changed_where_windows_starts_no_programs() -> Outcome {
    let user = User::new()?;
    let Some(forbidden) = Forbidden::program("deskside-cli.exe")? else { return Ok(()) };
    // When somebody installs it for the first time
    assert_eq!(user.install("newer", "")?, START_FORBIDDEN);
    // Then nothing is there
    assert_eq!(installed("DisplayName"), None);
    assert!(!user.stage.programs.exists(), "files are left");
    drop(forbidden);

    // Given an older version that runs
    assert_eq!(user.install("older", "")?, Some(0));
    let mut app = user.start()?;
    let _forbidden = Forbidden::program("deskside-cli.exe")?;
    // When it is to be replaced
    assert_eq!(user.install("newer", "")?, START_FORBIDDEN);
    // Then it runs on as it was
    assert!(app.is_running()?, "the older version was ended");
    assert_eq!(installed("DisplayVersion").as_deref(), Some(OLDER));
    assert!(!user.stage.programs.join("setup").exists(), "files are left");
    Ok(())
}

/// A program that Wine does not start, as a library that it needs is switched off for it.
struct Forbidden(String);

impl Forbidden {
    /// `None` on Windows itself.
    fn program(name: &str) -> Outcome<Option<Self>> {
        if CURRENT_USER.open(r"Software\Wine").is_err() {
            return Ok(None);
        }
        let key = format!(r"Software\Wine\AppDefaults\{name}");
        CURRENT_USER.create(format!(r"{key}\DllOverrides"))?.set_string("pdh", "")?;
        Ok(Some(Self(key)))
    }
}

impl Drop for Forbidden {
    fn drop(&mut self) {
        let allowed = CURRENT_USER.remove_tree(&self.0);
        assert!(allowed.is_ok() || std::thread::panicking(), "still forbidden: {allowed:?}");
    }
}

#[test]
fn an_upgrade_does_not_wait_for_a_running_program() -> Outcome {
    let user = User::new()?;
    assert_eq!(user.install("older", "")?, Some(0));
    // Given a program that waits for input and does not respond
    let mut waiting = user.stage.command("deskside-cli");
    waiting.args(["secret", "set", "anything"]).stdin(Stdio::piped());
    let mut waiting = Program::start(&mut waiting)?;
    // When the newer version is installed
    assert_eq!(user.install("newer", "")?, Some(0));
    // Then it is there, and the old program still runs from a renamed file
    assert_eq!(installed("DisplayVersion").as_deref(), Some(VERSION));
    assert!(user.stage.programs.join("deskside-cli.exe").is_file());
    assert!(waiting.is_running()?, "a program of the user's was ended");
    assert_eq!(left_over(&user.stage.programs)?, 1);
    // And the next installation removes that file
    drop(waiting);
    assert_eq!(user.install("newer", "")?, Some(0));
    assert_eq!(left_over(&user.stage.programs)?, 0);
    Ok(())
}

#[test]
fn an_older_version_does_not_replace_a_newer_one() -> Outcome {
    let user = User::new()?;
    // Given the newer version with one file missing
    assert_eq!(user.install("newer", "")?, Some(0));
    fs::remove_file(user.stage.programs.join("LICENSE-MIT"))?;
    // When somebody tries to install the older one
    assert_eq!(user.install("older", "")?, OTHER_VERSION_INSTALLED);
    // Then nothing has changed
    assert_eq!(installed("DisplayVersion").as_deref(), Some(VERSION));
    assert!(!user.stage.programs.join("LICENSE-MIT").exists(), "the older one has written files");
    Ok(())
}

#[test]
fn nothing_is_installed_for_windows_itself() -> Outcome {
    let user = User::new()?;
    // Given a profile in Windows' own folder, as that of SYSTEM is
    let windows = std::env::var_os("SystemRoot").ok_or("there is no SystemRoot")?;
    let profile = tempfile::tempdir_in(Path::new(&windows).join("Temp"))?;
    let moved = MovedProfile::to(profile.path())?;
    assert_eq!(user.install("newer", "")?, Some(1625));
    drop(moved);
    assert_eq!(installed("DisplayVersion"), None);
    assert!(!user.stage.programs.join("deskside.exe").exists());
    Ok(())
}

#[test]
fn installing_the_same_version_again_repairs_it_in_place() -> Outcome {
    let user = User::new()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    // Given that files, links and the shortcut are missing
    fs::remove_file(user.stage.programs.join("deskside.exe"))?;
    fs::write(user.stage.programs.join("deskside-cli.exe"), "damaged")?;
    CURRENT_USER.remove_tree(SCHEME)?;
    fs::remove_file(shortcut()?)?;
    // When it is installed again, into another folder
    let elsewhere = user.stage.scratch.join("elsewhere");
    assert_eq!(user.install("newer", &format!("/D={}", elsewhere.display()))?, Some(0));
    // Then everything is back where it was
    for file in FILES {
        assert!(user.stage.programs.join(file).is_file(), "{file} is missing");
    }
    assert_eq!(user.cli(&["--version"], "")?, format!("deskside-cli {VERSION}"));
    assert!(text_value(COMMAND, "").is_some(), "links are not opened");
    assert!(shortcut()?.is_file(), "it is not in the Start menu");
    assert!(!elsewhere.exists(), "there are two of it now");
    Ok(())
}

#[test]
fn uninstalling_keeps_only_the_users_data() -> Outcome {
    let user = User::new()?;
    // Given a running program with a connection that starts at login
    assert_eq!(user.install("newer", "")?, Some(0));
    let mut app = user.start()?;
    user.add_connection()?;
    CURRENT_USER.create(RUN)?.set_string(NAME, "\"deskside.exe\" --background")?;
    CURRENT_USER.create(APPROVED)?.set_bytes(NAME, windows_registry::Type::Bytes, &[2; 12])?;

    // When it is uninstalled
    user.uninstall("")?;
    // Then it has ended, and nothing refers to it
    assert_eq!(app.ends()?, Some(0));
    for key in [SCHEME, UNINSTALL, &format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}")] {
        assert!(CURRENT_USER.open(key).is_err(), "{key} is still there");
    }
    assert_eq!(text_value(RUN, NAME), None);
    assert!(CURRENT_USER.open(APPROVED)?.get_value(NAME).is_err(), "Task Manager still knows it");
    assert!(!shortcut()?.exists(), "it is still in the Start menu");
    // And the connection and its key are kept for the next installation
    assert!(user.stage.desktop.data.join("deskside.db").is_file(), "the connections are gone");
    assert_eq!(credentials()?.len(), 1);
    Ok(())
}

#[test]
fn purging_also_removes_connections_and_secrets() -> Outcome {
    let user = User::new()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    user.add_connection()?;
    assert_eq!(credentials()?.len(), 1);
    user.uninstall(" /PURGE")?;
    assert!(!user.stage.desktop.data.exists(), "the connections are still there");
    assert_eq!(credentials()?, [], "a secret is still there");
    Ok(())
}

#[test]
fn uninstalling_leaves_links_to_another_copy_alone() -> Outcome {
    let user = User::new()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    let other = r#""D:\Portable\deskside.exe" "%1""#;
    CURRENT_USER.create(COMMAND)?.set_string("", other)?;
    user.uninstall("")?;
    assert_eq!(text_value(COMMAND, "").as_deref(), Some(other));
    Ok(())
}

/// How many files were moved out of the way and still exist.
fn left_over(folder: &Path) -> Outcome<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        count += usize::from(entry?.path().extension().is_some_and(|ending| ending == "tmp"));
    }
    Ok(count)
}

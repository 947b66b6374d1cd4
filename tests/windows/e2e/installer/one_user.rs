//! The installer for one user: what it puts where, what an upgrade keeps, and what is left in the
//! end.

use std::fs;
use std::os::windows::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use deskside_windows_tests::{
    IDENTIFIER, Layout, NAME, Play, Stage, credentials, eventually, running, spawn, text_value,
    within,
};
use windows_registry::CURRENT_USER;

use super::{OLDER, OTHER_VERSION_INSTALLED, UNINSTALL, VERSION, set_up};

const SCHEME: &str = r"Software\Classes\deskside";
const COMMAND: &str = r"Software\Classes\deskside\shell\open\command";
const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

const FILES: [&str; 6] = [
    "deskside.exe",
    "deskside-cli.exe",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "third-party-notices.txt",
    "uninstall.exe",
];

/// A user in whose name is everything that a path may have, and what is installed for them.
struct User {
    folder: PathBuf,
    stage: Stage,
}

impl User {
    /// Nothing is installed.
    fn new() -> Play<Self> {
        let stage =
            Stage::set_up_as(Layout { user: Some("Zoë d'Ångström & Söhne"), programs: None })?;
        let local = stage.data.parent().ok_or("no local data")?;
        let user = Self { folder: local.join("Programs").join(NAME), stage };
        user.clean()?;
        Ok(user)
    }

    /// Runs an installer to its end, with these switches, and answers its exit code.
    fn install(&self, which: &str, switches: &str) -> Play<Option<i32>> {
        set_up(&self.stage, which, switches)
    }

    /// Runs the installed `deskside-cli` to its end, which must be a success; what it prints.
    fn cli(&self, arguments: &[&str], input: &str) -> Play<String> {
        self.cli_ends_with(0, arguments, input)
    }

    /// Runs the installed `deskside-cli` to this end; what it prints.
    fn cli_ends_with(&self, code: i32, arguments: &[&str], input: &str) -> Play<String> {
        let mut command = self.stage.command(self.folder.join("deskside-cli.exe"));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = spawn(&mut command)?;
        std::io::Write::write_all(&mut child.stdin.take().ok_or("no input")?, input.as_bytes())?;
        let output = within(&format!("{arguments:?} ends"), move || child.wait_with_output())?;
        if output.status.code() != Some(code) {
            return Err(format!("{arguments:?}: {output:?}").into());
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Adds a connection with a key of the business's own, and answers its identifier. Nobody answers
    /// at its address, so nobody can tell how it is.
    fn add_connection(&self) -> Play<String> {
        let what = ["connection", "add", "conductor", "--end-user", "end_usr_1"];
        let nobody = ["--base-url", "http://127.0.0.1:9/v1"];
        self.cli_ends_with(3, &[&what[..], &nobody].concat(), "sk_conductor_1")
    }

    /// Starts the installed program as Windows does at login, and waits until it is up.
    fn start(&self) -> Play<Child> {
        let mut command = self.stage.command(self.folder.join("deskside.exe"));
        let child = spawn(command.arg("--background"))?;
        self.companion_answers()?;
        Ok(child)
    }

    fn companion_answers(&self) -> Play {
        // Its exit code tells how the connections are; that there is an answer is what counts.
        eventually("the companion answers", || {
            let mut command = self.stage.command(self.folder.join("deskside-cli.exe"));
            let output = command.args(["status", "--json"]).stdout(Stdio::piped()).output()?;
            Ok((!output.stdout.is_empty()).then_some(()))
        })
    }

    /// Uninstalls by the command that Windows would run, and waits until it is done.
    fn uninstall(&self, more: &str) -> Play {
        let command = text_value(UNINSTALL, "QuietUninstallString").ok_or("it is not installed")?;
        let (program, switches) = split(&command)?;
        let mut command = self.stage.command(program);
        spawn(command.raw_arg(switches).raw_arg(more))?.wait()?;
        // It goes on as a copy of itself, to be able to take itself away.
        eventually("everything is uninstalled", || {
            Ok((text_value(UNINSTALL, "DisplayName").is_none() && !self.folder.exists())
                .then_some(()))
        })
    }

    /// Takes away what a test has installed, wherever that is.
    fn clean(&self) -> Play {
        if let Some(folder) = text_value(UNINSTALL, "InstallLocation") {
            let folder = PathBuf::from(folder.trim_matches('"'));
            if folder.join("uninstall.exe").is_file() {
                let mut uninstall = self.stage.command(folder.join("uninstall.exe"));
                // Told where it is, it works at once and not as a copy of itself.
                uninstall.raw_arg(format!("/S _?={}", folder.display()));
                within("the uninstaller ends", move || uninstall.status())?;
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
fn split(command: &str) -> Play<(&str, &str)> {
    let quoted = command.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    quoted.ok_or_else(|| format!("its program is not quoted: {command}").into())
}

fn shortcut() -> Play<PathBuf> {
    let roaming = std::env::var_os("APPDATA").ok_or("there is no APPDATA")?;
    Ok(Path::new(&roaming).join(r"Microsoft\Windows\Start Menu\Programs\Deskside.lnk"))
}

fn installed(name: &str) -> Option<String> {
    text_value(UNINSTALL, name)
}

#[test]
fn a_silent_installation_puts_everything_where_windows_looks_for_it() -> Play {
    let user = User::new()?;
    // When it is installed
    assert_eq!(user.install("newer", "")?, Some(0));
    let folder = user.folder.display().to_string();

    // Then every file is there, and works
    for file in FILES {
        assert!(user.folder.join(file).is_file(), "{file} is missing");
    }
    assert_eq!(user.cli(&["--version"], "")?, format!("deskside-cli {VERSION}"));
    // And Windows can list it and take it away again
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
    let shortcut = fs::read(shortcut()?)?;
    let folder: Vec<u8> = folder.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for part in [folder.as_slice(), b"deskside.exe"] {
        let is_there = shortcut.windows(part.len()).any(|found| found == part);
        assert!(is_there, "the shortcut lacks {:?}", String::from_utf8_lossy(part));
    }
    // And nothing was started, or will be without the user's wish
    assert!(running(&user.folder)?.is_empty(), "it was started without being asked");
    assert_eq!(text_value(RUN, NAME), None);
    Ok(())
}

#[test]
fn another_folder_may_have_a_very_long_name() -> Play {
    let mut user = User::new()?;
    user.folder = user.stage.backstage.join("Où l'on range");
    while user.folder.as_os_str().len() < 205 {
        user.folder.push("très loin");
    }
    // When it is installed there
    assert_eq!(user.install("newer", &format!("/D={}", user.folder.display()))?, Some(0));
    // Then it runs there, and goes from there
    let _app = user.start()?;
    assert_eq!(running(&user.folder)?.len(), 1);
    user.uninstall("")
}

#[test]
fn an_upgrade_keeps_what_the_user_has_and_starts_the_program_again() -> Play {
    let user = User::new()?;
    // Given an older version that runs, with a connection, and that starts at login
    assert_eq!(user.install("older", "")?, Some(0));
    assert_eq!(installed("DisplayVersion").as_deref(), Some(OLDER));
    let mut before = user.start()?;
    let connection = user.add_connection()?;
    let login = format!("\"{}\\deskside.exe\" --background", user.folder.display());
    CURRENT_USER.create(RUN)?.set_string(NAME, &login)?;

    // When the newer one is installed
    assert_eq!(user.install("newer", "")?, Some(0));
    // Then the old program has ended by itself, and the new one runs without a window
    assert_eq!(within("the old one ends", move || before.wait())?.code(), Some(0));
    user.companion_answers()?;
    let runs = running(&user.folder)?;
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0].arguments.get(1).map(String::as_str), Some("--background"));
    assert_eq!(installed("DisplayVersion").as_deref(), Some(VERSION));
    // And nothing is lost, or left over
    assert!(user.cli(&["connection", "list"], "")?.starts_with(&connection));
    assert!(user.cli(&["secret", "list"], "")?.ends_with("kept"));
    assert_eq!(text_value(RUN, NAME), Some(login));
    assert_eq!(left_over(&user.folder)?, 0);
    Ok(())
}

#[test]
fn a_program_that_does_not_end_does_not_hold_up_an_upgrade() -> Play {
    let user = User::new()?;
    assert_eq!(user.install("older", "")?, Some(0));
    // Given a program that waits for its input and listens to nobody
    let waiting = user.stage.command(user.folder.join("deskside-cli.exe"));
    let mut waiting = Waiting::start(waiting)?;
    // When the newer version is installed
    assert_eq!(user.install("newer", "")?, Some(0));
    // Then it is there, and the old program still runs from a file of another name
    assert_eq!(installed("DisplayVersion").as_deref(), Some(VERSION));
    assert!(user.folder.join("deskside-cli.exe").is_file());
    assert!(waiting.0.try_wait()?.is_none(), "a program of the user's was ended");
    assert_eq!(left_over(&user.folder)?, 1);
    // And the next time that goes, too
    drop(waiting);
    assert_eq!(user.install("newer", "")?, Some(0));
    assert_eq!(left_over(&user.folder)?, 0);
    Ok(())
}

#[test]
fn an_older_version_does_not_replace_a_newer_one() -> Play {
    let user = User::new()?;
    // Given the newer version, without one of its files
    assert_eq!(user.install("newer", "")?, Some(0));
    fs::remove_file(user.folder.join("LICENSE-MIT"))?;
    // When the older one is to be installed
    assert_eq!(user.install("older", "")?, OTHER_VERSION_INSTALLED);
    // Then it has touched nothing
    assert_eq!(installed("DisplayVersion").as_deref(), Some(VERSION));
    assert!(!user.folder.join("LICENSE-MIT").exists(), "the older one has written files");
    Ok(())
}

#[test]
fn installing_the_same_version_again_repairs_it_where_it_is() -> Play {
    let user = User::new()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    // Given that files, links and the shortcut are gone
    fs::remove_file(user.folder.join("deskside.exe"))?;
    fs::write(user.folder.join("deskside-cli.exe"), "damaged")?;
    CURRENT_USER.remove_tree(SCHEME)?;
    fs::remove_file(shortcut()?)?;
    // When it is installed once more, and somebody names another folder
    let elsewhere = user.stage.backstage.join("elsewhere");
    assert_eq!(user.install("newer", &format!("/D={}", elsewhere.display()))?, Some(0));
    // Then all is back where it was
    for file in FILES {
        assert!(user.folder.join(file).is_file(), "{file} is missing");
    }
    assert_eq!(user.cli(&["--version"], "")?, format!("deskside-cli {VERSION}"));
    assert!(text_value(COMMAND, "").is_some(), "links are not opened");
    assert!(shortcut()?.is_file(), "it is not in the Start menu");
    assert!(!elsewhere.exists(), "there are two of it now");
    Ok(())
}

#[test]
fn uninstalling_leaves_nothing_but_what_is_the_users() -> Play {
    let user = User::new()?;
    // Given a running program with a connection, that starts at login
    assert_eq!(user.install("newer", "")?, Some(0));
    let mut app = user.start()?;
    user.add_connection()?;
    CURRENT_USER.create(RUN)?.set_string(NAME, "\"deskside.exe\" --background")?;
    CURRENT_USER.create(APPROVED)?.set_bytes(NAME, windows_registry::Type::Bytes, &[2; 12])?;

    // When it is uninstalled
    user.uninstall("")?;
    // Then it has ended, and no entry leads to it
    assert_eq!(within("the program ends", move || app.wait())?.code(), Some(0));
    for key in [SCHEME, UNINSTALL, &format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}")] {
        assert!(CURRENT_USER.open(key).is_err(), "{key} is still there");
    }
    assert_eq!(text_value(RUN, NAME), None);
    assert!(CURRENT_USER.open(APPROVED)?.get_value(NAME).is_err(), "Task Manager still knows it");
    assert!(!shortcut()?.exists(), "it is still in the Start menu");
    // And the connection and its key wait for the next installation
    assert!(user.stage.data.join("deskside.db").is_file(), "the connections are gone");
    assert_eq!(credentials()?.len(), 1);
    Ok(())
}

#[test]
fn purging_takes_connections_and_secrets_away_too() -> Play {
    let user = User::new()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    user.add_connection()?;
    assert_eq!(credentials()?.len(), 1);
    user.uninstall(" /PURGE")?;
    assert!(!user.stage.data.exists(), "the connections are still there");
    assert_eq!(credentials()?, [], "a secret is still there");
    Ok(())
}

#[test]
fn uninstalling_leaves_links_to_another_copy_alone() -> Play {
    let user = User::new()?;
    assert_eq!(user.install("newer", "")?, Some(0));
    let other = r#""D:\Portable\deskside.exe" "%1""#;
    CURRENT_USER.create(COMMAND)?.set_string("", other)?;
    user.uninstall("")?;
    assert_eq!(text_value(COMMAND, "").as_deref(), Some(other));
    Ok(())
}

/// A program that waits for its input until this is dropped.
struct Waiting(Child);

impl Waiting {
    fn start(mut command: Command) -> Play<Self> {
        Ok(Self(spawn(command.args(["secret", "set", "anything"]).stdin(Stdio::piped()))?))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // It may have ended by itself, and then neither call has anything to do.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// How many files were moved out of the way and are still there.
fn left_over(folder: &Path) -> Play<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        count += usize::from(entry?.path().extension().is_some_and(|ending| ending == "tmp"));
    }
    Ok(count)
}

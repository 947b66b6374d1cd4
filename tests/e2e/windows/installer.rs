//! The installers. `cargo xtask windows` makes two of each kind: of this version, and of an older one.

mod both;
mod everybody;
mod leaving;
mod one_user;

use std::os::windows::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use deskside_tests::{Outcome, Program, Stage, built};
use windows_registry::CURRENT_USER;

/// Where both installers register themselves.
const UNINSTALL: &str = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Deskside";

/// Of the newer installers.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Of the older installers.
const OLDER: &str = "0.0.1";

/// Windows Installer's "another version is installed already".
const OTHER_VERSION_INSTALLED: Option<i32> = Some(1638);

/// An installer that was built for these tests.
fn made(name: &str) -> Outcome<PathBuf> {
    let built = built()?;
    let found = built.ancestors().map(|folder| folder.join("dist-test").join(name));
    found
        .into_iter()
        .find(|file| file.is_file())
        .ok_or_else(|| format!("{name} is not made: `cargo xtask windows`").into())
}

/// Runs an installer for one user to its end and returns its exit code. These switches come last,
/// as the one for the folder must, and without quotes, which it does not understand.
fn set_up(stage: &Stage, which: &str, switches: &str) -> Outcome<Option<i32>> {
    Program::start(setup(stage, which)?.raw_arg(switches))?.ends()
}

/// An installer for one user that asks nothing.
fn setup(stage: &Stage, which: &str) -> Outcome<Command> {
    let name = format!("{which}-setup.exe");
    pretend_windows_10(&name)?;
    let mut command = stage.command(made(&name)?);
    command.arg("/S");
    Ok(command)
}

/// Wine 8 calls itself Windows 7 unless it is told otherwise, and that is refused. Not for all
/// programs: as Windows 10 it lets the app call functions that it does not have.
fn pretend_windows_10(program: &str) -> Outcome {
    if CURRENT_USER.open(r"Software\Wine").is_ok() {
        let settings = format!(r"Software\Wine\AppDefaults\{program}");
        CURRENT_USER.create(settings)?.set_string("Version", "win10")?;
    }
    Ok(())
}

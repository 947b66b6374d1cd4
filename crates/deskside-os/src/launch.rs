//! Opens what the user asked for as the desktop opens it: a link in the browser, a program, a document, a
//! page of the Windows settings.

#[cfg_attr(windows, path = "launch/windows.rs")]
#[cfg_attr(not(windows), path = "launch/other.rs")]
mod platform;

use std::io::{self, ErrorKind};
use std::path::Path;

use deskside_model::Secret;
use deskside_model::exchange::Launch;

/// The Windows settings page for power and sleep.
const SLEEP_SETTINGS: &str = "ms-settings:powersleep";

/// Opens a link in the default browser, once.
///
/// # Errors
/// The kind of failure only: the launcher's own message contains the link.
pub fn link(link: &Secret) -> Result<(), ErrorKind> {
    // The browser needs the link; the process that has it as an argument exists only briefly.
    // docs/sources/platform.md#opening-links
    platform::link(link.reveal()).map_err(|why| why.kind())
}

/// The longest link for the Windows shell, in bytes, a little below its limit of 2,083: it drops the
/// rest of longer ones. docs/sources/platform.md#opening-links
#[cfg(any(windows, test))]
const LONGEST_SHELL_LINK: usize = 2_000;

/// The command line with which a browser opens a link, from the command that the browser registered.
/// `None` when the command has no place for a link, or the link could end the argument that it becomes.
#[cfg(any(windows, test))]
fn command_line(command: &str, link: &str) -> Option<Secret> {
    let is_one_argument =
        |part: char| part == '"' || part == '\\' || part.is_whitespace() || part.is_control();
    if link.contains(is_one_argument) {
        return None;
    }
    let place = ["%1", "%L", "%l"].into_iter().find(|place| command.contains(place))?;
    Some(Secret::new(command.replacen(place, link, 1)))
}

/// Starts a program that keeps running on its own and inherits no handle.
///
/// # Errors
/// When it cannot be started.
pub fn program(path: &Path) -> io::Result<()> {
    platform::start(path)
}

/// Opens something on this computer.
///
/// # Errors
/// Why it could not be opened.
pub fn open(what: &Launch) -> Result<(), String> {
    let opened = match what {
        Launch::Program(path) => platform::start(Path::new(path)),
        Launch::Document(path) => platform::open(path),
        Launch::SleepSettings => platform::open(SLEEP_SETTINGS),
    };
    opened.map_err(|why| why.to_string())
}

#[cfg(test)]
mod long_links {
    use super::*;

    /// A link of 2,100 characters, as with a signed token.
    fn long_link() -> String {
        format!("https://connect.conductor.is/qbd/{}", "x".repeat(2_067))
    }

    #[test]
    fn they_stay_one_whole_argument_of_the_browser() {
        let link = long_link();
        assert!(link.len() > LONGEST_SHELL_LINK);
        for (command, expected) in [
            (
                r#""C:\Edge\msedge.exe" --single-argument %1"#,
                r#""C:\Edge\msedge.exe" --single-argument LINK"#,
            ),
            (r#""C:\F\firefox.exe" -osint -url "%1""#, r#""C:\F\firefox.exe" -osint -url "LINK""#),
            ("opera.exe %L", "opera.exe LINK"),
        ] {
            let line = command_line(command, &link).unwrap();
            assert_eq!(line.reveal(), expected.replace("LINK", &link));
        }
    }

    #[test]
    fn what_would_be_a_second_argument_is_not_opened() {
        let command = r#""b.exe" "%1""#;
        for link in ["https://a/\" --evil \"", "https://a/ b", "https://a/\n", r"https://a/\"] {
            assert!(command_line(command, link).is_none(), "{link}");
        }
        assert!(command_line("browser.exe", "https://a/").is_none());
    }
}

#[cfg(all(test, windows))]
mod tests {
    use std::fs;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn programs_open_from_paths_with_special_characters() {
        let folder = tempfile::Builder::new().prefix("Zoë's new ").tempdir().unwrap();
        let (program, mark) = (folder.path().join("a b.cmd"), folder.path().join("mark"));
        fs::write(&program, "echo here> \"%~dp0mark\"\r\n").unwrap();
        open(&Launch::Program(program.to_string_lossy().into_owned())).unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        while !mark.exists() {
            assert!(Instant::now() < deadline, "the program was opened and never ran");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[test]
    fn opening_a_missing_program_fails() {
        let gone = Launch::Program(r"C:\Gone\QBW.EXE".into());
        assert!(open(&gone).is_err(), "opening a missing program succeeded");
    }
}

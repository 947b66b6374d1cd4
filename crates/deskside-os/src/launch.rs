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
    platform::open(link.reveal()).map_err(|why| why.kind())
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
    let target = match what {
        Launch::Program(path) | Launch::Document(path) => path.as_str(),
        Launch::SleepSettings => SLEEP_SETTINGS,
    };
    platform::open(target).map_err(|why| why.to_string())
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

//! How the Web Connector is set up for this user, where it logs, and whether it starts at login.
//! docs/sources/web-connector.md#registry

use std::path::{Path, PathBuf};

use deskside_model::evidence::Finding;
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type, Value};
use windows_sys::Win32::UI::Shell::{
    FOLDERID_CommonStartup, FOLDERID_ProgramData, FOLDERID_Startup,
};
use windows_sys::core::GUID;

use super::registry::{self, RegistryView};
use super::{Lookup, desktop, files, finding, unless_empty};

/// The keys of its settings. Intuit's guide once uses the second spelling for the applications.
/// docs/sources/web-connector.md#registry
const SETTINGS: [&str; 2] =
    [r"Software\Intuit\QBWebConnector", r"Software\Intuit\QB web connector"];

/// The log level in capitals; absent if it was never chosen.
pub(crate) fn log_level() -> Finding<String> {
    finding(log_level_in(SETTINGS[0]))
}

fn log_level_in(settings: &str) -> Lookup<String> {
    let Some(key) = own(settings)? else { return Ok(None) };
    Ok(registry::text(&key, "Level")?.map(|level| level.trim().to_ascii_uppercase()))
}

/// Whether a run is in progress or was interrupted; absent before the first run.
/// docs/sources/web-connector.md#registry
pub(crate) fn update_lock() -> Finding<bool> {
    finding(update_lock_in(SETTINGS[0]))
}

fn update_lock_in(settings: &str) -> Lookup<bool> {
    let Some(key) = own(settings)? else { return Ok(None) };
    let Some(value) = registry::value(&key, "UpdateLock")? else { return Ok(None) };
    let locked = boolean(&value);
    locked.map(Some).ok_or_else(|| "the Web Connector's lock has an unknown format".into())
}

/// Parses `TRUE` or `FALSE`. The type of the value is not documented, so text and numbers are accepted.
/// docs/sources/web-connector.md#registry
fn boolean(value: &Value) -> Option<bool> {
    if value.ty() == Type::U32 {
        return Some(value.iter().any(|byte| *byte != 0));
    }
    match registry::as_text(value)?.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" | "" => Some(false),
        _ => None,
    }
}

/// The names of this user's applications; absent if there is none.
pub(crate) fn applications() -> Finding<Vec<String>> {
    finding(applications_in(&SETTINGS).map(unless_empty))
}

fn applications_in(settings: &[&str]) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for settings in settings {
        let key = own(settings)?;
        names.extend(key.map_or(Ok(Vec::new()), |key| registry::keys(&key))?);
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

fn own(path: &str) -> Lookup<Key> {
    registry::open(CURRENT_USER, RegistryView::Bits64, path)
}

/// The log file, which all users share. docs/sources/web-connector.md#log-location
pub(crate) fn log() -> Finding<String> {
    let log = files::known_folder(&FOLDERID_ProgramData).and_then(|data| log_in(&data));
    finding(log.map(|log| log.map(|log| log.display().to_string())))
}

/// The current location, or the newest log of the Windows XP locations, which contain the version in their
/// path and are in the same folder on later Windows. docs/sources/web-connector.md#log-location
fn log_in(data: &Path) -> Lookup<PathBuf> {
    const NAME: &str = "QWCLog.txt";
    let today = data.join(r"Intuit\QBWebConnector\log").join(NAME);
    if files::file(&today)?.is_some() {
        return Ok(Some(today));
    }
    let mut old = Vec::new();
    for version in files::entries(&data.join(r"Intuit\Quickbooks Web Connector"))? {
        let log = version.path().join(NAME);
        let written = files::file(&log)?.and_then(|file| file.modified().ok());
        old.extend(written.map(|written| (written, log)));
    }
    Ok(old.into_iter().max().map(|(_, log)| log))
}

/// Whether the Web Connector starts at login. docs/sources/web-connector.md#autostart
pub(crate) fn starts_at_login() -> Finding<bool> {
    starts_with(desktop::has_shell())
}

/// Windows' shell starts these entries. A session that shows single programs only, as with RemoteApp, has none.
/// docs/sources/platform.md#autostart
fn starts_with(shell: bool) -> Finding<bool> {
    if !shell {
        return Finding::Unknown("this session has no desktop that starts programs".into());
    }
    let links = [link_starts_it(&FOLDERID_CommonStartup), link_starts_it(&FOLDERID_Startup)];
    let runs = RUNS.iter().map(|run| run.starts_it());
    // One positive answer is sufficient; "no" requires all of them.
    let answers: Vec<Result<bool, String>> = links.into_iter().chain(runs).collect();
    if answers.contains(&Ok(true)) {
        return Finding::Known(true);
    }
    let all: Result<Vec<bool>, String> = answers.into_iter().collect();
    finding(all.map(|_| Some(false)))
}

/// Where Windows stores which startup entries were switched off. docs/sources/platform.md#autostart
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved";

/// The link is named `QuickBooks Web Connector.lnk`, in older releases `Web Connector.lnk`.
/// docs/sources/web-connector.md#autostart
fn link_starts_it(folder: &GUID) -> Result<bool, String> {
    let links = files::entries(&files::known_folder(folder)?)?;
    let names = links.iter().map(|link| link.file_name().to_string_lossy().into_owned());
    for name in names.filter(|name| name.to_ascii_lowercase().ends_with("web connector.lnk")) {
        if !is_switched_off("StartupFolder", &name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A list of programs that Windows starts at login. docs/sources/platform.md#autostart
struct Run {
    root: &'static Key,
    view: RegistryView,
    /// The list that stores which of them are switched off.
    approved: &'static str,
}

const RUNS: [Run; 3] = [
    Run { root: CURRENT_USER, view: RegistryView::Bits64, approved: "Run" },
    Run { root: LOCAL_MACHINE, view: RegistryView::Bits64, approved: "Run" },
    Run { root: LOCAL_MACHINE, view: RegistryView::Bits32, approved: "Run32" },
];

impl Run {
    fn starts_it(&self) -> Result<bool, String> {
        let path = r"Software\Microsoft\Windows\CurrentVersion\Run";
        let Some(key) = registry::open(self.root, self.view, path)? else { return Ok(false) };
        for (name, value) in registry::values(&key)? {
            let is_it = registry::as_text(&value).is_some_and(|line| names_web_connector(&line));
            if is_it && !is_switched_off(self.approved, &name)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn names_web_connector(command_line: &str) -> bool {
    command_line.to_ascii_lowercase().contains("qbwebconnector.exe")
}

/// True if the entry is switched off for this user or for everybody. Where Windows stores it for a machine-wide
/// entry that a user without administrator rights switches off is not documented.
fn is_switched_off(list: &str, name: &str) -> Result<bool, String> {
    let path = format!(r"{APPROVED}\{list}");
    let off_for = |root| -> Result<bool, String> {
        let Some(key) = registry::open(root, RegistryView::Bits64, &path)? else {
            return Ok(false);
        };
        Ok(registry::value(&key, name)?.is_some_and(|value| is_off(&value)))
    };
    Ok(off_for(CURRENT_USER)? || off_for(LOCAL_MACHINE)?)
}

/// An odd first byte means off; the rest is a time. Not documented, but unchanged since Windows 8.
/// docs/sources/platform.md#autostart
fn is_off(note: &[u8]) -> bool {
    note.first().is_some_and(|first| first & 1 == 1)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::probe::platform::registry::tests::Scratch;

    #[test]
    fn update_lock_is_read_in_every_possible_format() {
        let scratch = Scratch::new("lock");
        let key = scratch.key("");
        assert_eq!(update_lock_in(&scratch.path), Ok(None), "no value yet");
        for (text, locked) in [("TRUE", true), ("false", false), ("True ", true), ("0", false)] {
            key.set_string("UpdateLock", text).unwrap();
            assert_eq!(update_lock_in(&scratch.path), Ok(Some(locked)), "{text}");
        }
        for (number, locked) in [(1, true), (0, false)] {
            key.set_u32("UpdateLock", number).unwrap();
            assert_eq!(update_lock_in(&scratch.path), Ok(Some(locked)), "{number}");
        }
        key.set_string("UpdateLock", "perhaps").unwrap();
        assert!(update_lock_in(&scratch.path).is_err(), "an unknown word was accepted");
    }

    #[test]
    fn log_level_is_uppercase_and_absent_until_chosen() {
        let scratch = Scratch::new("level");
        let key = scratch.key("");
        assert_eq!(log_level_in(&scratch.path), Ok(None));
        key.set_string("Level", "Verbose").unwrap();
        assert_eq!(log_level_in(&scratch.path), Ok(Some("VERBOSE".into())));
        key.set_u32("Level", 2).unwrap();
        assert!(log_level_in(&scratch.path).is_err(), "a number is no level");
    }

    #[test]
    fn applications_are_collected_from_both_key_spellings() {
        let (one, other) = (Scratch::new("applications"), Scratch::new("applications too"));
        one.key("Larch Sync");
        one.key("Otter Sync");
        other.key("Larch Sync");
        let found = applications_in(&[&one.path, &other.path, r"Software\Deskside test\none"]);
        assert_eq!(found, Ok(vec!["Larch Sync".into(), "Otter Sync".into()]));
    }

    #[test]
    fn current_log_location_wins_over_older_ones() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(log_in(data.path()), Ok(None));
        let old = data.path().join(r"Intuit\Quickbooks Web Connector\2.1.0.30");
        fs::create_dir_all(&old).unwrap();
        fs::write(old.join("QWCLog.txt"), "old").unwrap();
        assert_eq!(log_in(data.path()), Ok(Some(old.join("QWCLog.txt"))));
        let today = data.path().join(r"Intuit\QBWebConnector\log");
        fs::create_dir_all(&today).unwrap();
        fs::write(today.join("QWCLog.txt"), "new").unwrap();
        assert_eq!(log_in(data.path()), Ok(Some(today.join("QWCLog.txt"))));
    }

    #[test]
    fn startup_entry_is_off_if_its_first_byte_is_odd() {
        assert!(is_off(&[3, 0, 0, 0]) && is_off(&[7]));
        assert!(!is_off(&[2, 0, 0, 0]) && !is_off(&[6]) && !is_off(&[]));
    }

    /// The only test that changes entries that Windows itself reads; it removes them again.
    #[test]
    fn startup_link_counts_until_it_is_switched_off() {
        let folder = files::known_folder(&FOLDERID_Startup).unwrap();
        fs::create_dir_all(&folder).unwrap();
        let name = "Deskside test Web Connector.lnk";
        assert_eq!(starts_with(true), Finding::Known(false));
        fs::write(folder.join(name), "").unwrap();
        let with_link = starts_with(true);
        let switched_off = [CURRENT_USER, LOCAL_MACHINE].map(|root| {
            let approved = root.create(format!(r"{APPROVED}\StartupFolder")).unwrap();
            approved.set_bytes(name, Type::Bytes, &[3, 0, 0, 0]).unwrap();
            let switched_off = starts_with(true);
            approved.remove_value(name).unwrap();
            switched_off
        });
        fs::remove_file(folder.join(name)).unwrap();
        let run = CURRENT_USER.create(r"Software\Microsoft\Windows\CurrentVersion\Run").unwrap();
        run.set_string("Deskside test", r#""C:\x\QBWebConnector.exe" -tray"#).unwrap();
        let in_the_list = starts_with(true);
        let without_shell = starts_with(false);
        run.remove_value("Deskside test").unwrap();
        assert_eq!([with_link, in_the_list], [true, true].map(Finding::Known));
        assert_eq!(switched_off, [false, false].map(Finding::Known));
        assert!(matches!(without_shell, Finding::Unknown(_)), "{without_shell:?}");
    }
}

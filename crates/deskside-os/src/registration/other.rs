//! Elsewhere: the desktop's own files. Links are registered by the app's deep-link plugin, and
//! notifications need no registration.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use deskside_model::evidence::Finding;
use deskside_model::registration::Scheme;
use deskside_model::{LoginStart, NAME};
use directories::BaseDirs;

use crate::registration::BACKGROUND;

/// Who opens `deskside:` links for this user: looked at on Windows only.
#[must_use]
pub fn probe_scheme(_app: &Path) -> Finding<Scheme> {
    Finding::default()
}

/// On Windows, makes this program open `deskside:` links.
#[must_use]
pub fn register_scheme(_app: &Path) -> Finding<Scheme> {
    Finding::default()
}

/// Whether this program starts at login, after doing what the user `wanted`, if anything.
#[must_use]
pub fn login_start(app: &Path, wanted: Option<bool>) -> LoginStart {
    let Some(file) = autostart_file() else { return LoginStart::CannotTell };
    let done = match wanted {
        Some(true) => write(&file, &autostart_entry(&app.to_string_lossy())),
        Some(false) => fs::remove_file(&file),
        None => Ok(()),
    };
    match done.and_then(|()| fs::read_to_string(&file)) {
        Ok(entry) if starts(&entry) => LoginStart::On,
        Ok(_) => LoginStart::Off,
        Err(why) if why.kind() == ErrorKind::NotFound => LoginStart::Off,
        Err(why) => {
            tracing::warn!(%why, "whether {NAME} starts at login cannot be told or changed");
            LoginStart::CannotTell
        }
    }
}

/// On Windows, whether an installer has put this program where it is.
#[must_use]
pub fn is_installed(_app: &Path) -> bool {
    false
}

/// On Windows, gives our notifications a name and a face.
///
/// # Errors
/// Never, here.
pub fn register_notifications(_icon: &Path) -> io::Result<()> {
    Ok(())
}

/// Desktop Application Autostart Specification.
fn autostart_file() -> Option<PathBuf> {
    BaseDirs::new().map(|base| base.config_dir().join("autostart/deskside.desktop"))
}

fn write(file: &Path, entry: &str) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(file, entry)
}

/// Desktops switch an entry off without taking it away.
fn starts(entry: &str) -> bool {
    let off = ["Hidden=true", "X-GNOME-Autostart-enabled=false"];
    !entry.lines().any(|line| off.contains(&line.trim()))
}

fn autostart_entry(app: &str) -> String {
    let exec = format!("{} {BACKGROUND}", quoted(app));
    format!("[Desktop Entry]\nType=Application\nName={NAME}\nExec={exec}\nTerminal=false\n")
}

/// An argument of an `Exec` line, by the Desktop Entry Specification: quoted, then every backslash
/// doubled, because that is how a string is kept in such a file.
fn quoted(argument: &str) -> String {
    let mut text = String::new();
    for c in argument.chars() {
        match c {
            '"' | '`' | '$' | '\\' => text.extend(['\\', c]),
            '%' => text.push_str("%%"),
            _ => text.push(c),
        }
    }
    format!("\"{}\"", text.replace('\\', r"\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn desktop_entry_quotes_unusual_paths() {
        assert_eq!(quoted("/opt/Desk side/deskside"), "\"/opt/Desk side/deskside\"");
        assert_eq!(quoted(r#"/a"b\c$d%e"#), r#""/a\\"b\\\\c\\$d%%e""#);
    }

    #[test]
    fn disabled_desktop_entry_does_not_start() {
        let entry = autostart_entry("/usr/bin/deskside");
        assert!(starts(&entry));
        assert!(!starts(&format!("{entry}Hidden=true\n")));
        assert!(!starts(&format!("{entry}X-GNOME-Autostart-enabled=false\n")));
    }
}

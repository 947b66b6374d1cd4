//! Other systems: the desktop's own files. The app's deep-link plugin registers links, and notifications
//! need no registration.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use deskside_model::evidence::Finding;
use deskside_model::registration::Scheme;
use deskside_model::{LoginStart, NAME};
use directories::BaseDirs;

use crate::registration::BACKGROUND;

/// Always unknown: the registration of `deskside:` links is probed on Windows only.
#[must_use]
pub fn probe_scheme(_app: &Path) -> Finding<Scheme> {
    Finding::default()
}

/// Does nothing: links are registered by this code on Windows only.
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
            tracing::warn!(%why, "the start of {NAME} at login cannot be read or changed");
            LoginStart::CannotTell
        }
    }
}

/// Always false: installation is detected on Windows only.
#[must_use]
pub fn is_installed(_app: &Path) -> bool {
    false
}

/// Does nothing: notifications are registered on Windows only.
///
/// # Errors
/// Never.
pub fn register_notifications(_icon: &Path) -> io::Result<()> {
    Ok(())
}

/// The file of the Desktop Application Autostart Specification. docs/sources/platform.md#autostart
fn autostart_file() -> Option<PathBuf> {
    BaseDirs::new().map(|base| base.config_dir().join("autostart/deskside.desktop"))
}

fn write(file: &Path, entry: &str) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(file, entry)
}

/// Desktops can disable an entry without removing it. docs/sources/platform.md#autostart
fn starts(entry: &str) -> bool {
    let off = ["Hidden=true", "X-GNOME-Autostart-enabled=false"];
    !entry.lines().any(|line| off.contains(&line.trim()))
}

fn autostart_entry(app: &str) -> String {
    let exec = format!("{} {BACKGROUND}", quoted(app));
    format!("[Desktop Entry]\nType=Application\nName={NAME}\nExec={exec}\nTerminal=false\n")
}

/// Quotes an argument of an `Exec` line and then doubles every backslash, as the Desktop Entry
/// Specification requires for strings. docs/sources/platform.md#autostart
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

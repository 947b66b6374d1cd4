//! Windows: the registry. Entries are written for this user only; machine-wide entries belong to an
//! installer and are only read.
//!
//! Sources: docs/sources/platform.md#deep-links, docs/sources/platform.md#autostart (including the
//! undocumented values of Task Manager), docs/sources/platform.md#toasts.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use deskside_model::evidence::Finding;
use deskside_model::registration::Scheme;
use deskside_model::{IDENTIFIER, LoginStart, NAME};
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

use super::entries::{self, Change, LoginEntries, LoginEntry, Owner};
use crate::probe::as_text;

const SCHEME: &str = r"Software\Classes\deskside";
const COMMAND: &str = r"Software\Classes\deskside\shell\open\command";
const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";
const UNINSTALL: &str = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Deskside";
const POLICY: &str = r"Software\Policies\Deskside";

/// The program that opens `deskside:` links for this user. Only reads.
#[must_use]
pub fn probe_scheme(app: &Path) -> Finding<Scheme> {
    registered_command().map_or_else(
        |why| Finding::Unknown(why.to_string()),
        |command| Finding::Known(scheme(command.as_deref(), app)),
    )
}

/// Registers this program for `deskside:` links unless another existing program is registered. Returns
/// the resulting registration.
#[must_use]
pub fn register_scheme(app: &Path) -> Finding<Scheme> {
    let found = probe_scheme(app);
    if found != Finding::Known(Scheme::Missing) {
        return found;
    }
    match write_scheme(&app.to_string_lossy()) {
        Ok(()) => Finding::Known(Scheme::Ours),
        Err(why) => {
            tracing::warn!(%why, "the links of {NAME} could not be registered");
            found
        }
    }
}

fn scheme(command: Option<&str>, app: &Path) -> Scheme {
    let ours = entries::scheme_command(&app.to_string_lossy());
    entries::scheme(command, &ours, |program| whose(Path::new(program), app))
}

/// The user's own registration takes precedence. docs/sources/platform.md#deep-links
fn registered_command() -> io::Result<Option<String>> {
    match text(CURRENT_USER, COMMAND, "")? {
        Some(own) => Ok(Some(own)),
        None => text(LOCAL_MACHINE, COMMAND, ""),
    }
}

fn write_scheme(app: &str) -> io::Result<()> {
    let scheme = CURRENT_USER.create(SCHEME)?;
    scheme.set_string("", format!("URL:{NAME}"))?;
    scheme.set_string("URL Protocol", "")?;
    scheme.create("DefaultIcon")?.set_string("", format!("\"{app}\",0"))?;
    CURRENT_USER.create(COMMAND)?.set_string("", entries::scheme_command(app))?;
    Ok(())
}

/// Whether this program starts at login, after applying what the user `wanted`, if anything. Also repairs
/// an entry of ours that would start nothing.
#[must_use]
pub fn login_start(app: &Path, wanted: Option<bool>) -> LoginStart {
    let settled = login_entries().and_then(|entries| {
        let ours = entries::login_command(&app.to_string_lossy());
        let whose = |program: &str| whose(Path::new(program), app);
        match entries::change(&entries, wanted, &ours, whose) {
            Change::Keep => return Ok(entries),
            Change::Write => CURRENT_USER.create(RUN)?.set_string(NAME, &ours)?,
            Change::Remove => CURRENT_USER.create(RUN)?.remove_value(NAME)?,
        }
        login_entries()
    });
    match settled {
        Ok(entries) => entries::login_start(&entries),
        Err(why) => {
            tracing::warn!(%why, "the start of {NAME} at login cannot be read or changed");
            LoginStart::CannotTell
        }
    }
}

fn login_entries() -> io::Result<LoginEntries> {
    let policy = text(LOCAL_MACHINE, POLICY, "Autostart")?;
    Ok(LoginEntries {
        policy: policy.and_then(|value| match value.trim() {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        }),
        own: login_entry(CURRENT_USER)?,
        shared: login_entry(LOCAL_MACHINE)?,
    })
}

fn login_entry(root: &Key) -> io::Result<LoginEntry> {
    Ok(LoginEntry { command: text(root, RUN, NAME)?, approval: approval()? })
}

/// What Task Manager has stored, for this user or for everybody: where a user without administrator rights
/// switches a machine-wide entry is not documented. Off in one place is off.
fn approval() -> io::Result<Option<Vec<u8>>> {
    let stored =
        |root: &Key| unless_missing(root.open(APPROVED).and_then(|key| key.get_bytes(NAME)));
    let stored = [stored(CURRENT_USER)?, stored(LOCAL_MACHINE)?];
    Ok(stored.into_iter().flatten().max_by_key(|bytes| entries::is_off(bytes)))
}

/// True if an installer has installed this program; false for a portable copy and a development build.
#[must_use]
pub fn is_installed(app: &Path) -> bool {
    [CURRENT_USER, LOCAL_MACHINE].into_iter().any(|root| {
        let folder = text(root, UNINSTALL, "InstallLocation").ok().flatten();
        let same = |folder: String| is_same(Path::new(folder.trim_matches('"')), app.parent());
        folder.is_some_and(same)
    })
}

/// Names the program that Windows would start for a click on a notification. Without one it does not
/// keep notifications in the notification center; there is none, because a click opens a link.
/// Installers write the same. Source: "Send a local toast notification from other types of unpackaged
/// apps", Microsoft Learn.
const TOAST_ACTIVATOR: &str = "{E2B41D0C-6B0F-4B0B-8E0F-3C5D9A7714F6}";

/// Registers a name, an icon and an activator for our notifications: without a name Windows drops
/// them silently, without an activator it does not keep them.
/// docs/sources/platform.md#toasts
///
/// # Errors
/// When the registry cannot be written.
pub fn register_notifications(icon: &Path) -> io::Result<()> {
    let key = CURRENT_USER.create(format!(r"Software\Classes\AppUserModelId\{IDENTIFIER}"))?;
    key.set_string("DisplayName", NAME)?;
    key.set_string("IconUri", icon.to_string_lossy())?;
    key.set_string("CustomActivator", TOAST_ACTIVATOR)?;
    Ok(())
}

fn text(root: &Key, path: &str, name: &str) -> io::Result<Option<String>> {
    let Some(value) = unless_missing(root.open(path).and_then(|key| key.get_value(name)))? else {
        return Ok(None);
    };
    as_text(&value).map(Some).ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "it is no text"))
}

/// A missing entry is `None`; any other failure is an error.
fn unless_missing<T>(read: windows_registry::Result<T>) -> io::Result<Option<T>> {
    match read.map_err(io::Error::from) {
        Ok(value) => Ok(Some(value)),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why),
    }
}

/// The owner of a command's program. A program without a folder is searched in many, and one on an
/// unavailable drive may return: neither counts as gone.
fn whose(program: &Path, app: &Path) -> Owner {
    if is_same(program, Some(app)) {
        Owner::Ours
    } else if program.is_absolute() && matches!(program.try_exists(), Ok(false)) {
        Owner::Gone
    } else {
        Owner::Another
    }
}

/// Compares resolved paths, because one file has several names: short ones, and in any letter case.
fn is_same(one: &Path, other: Option<&Path>) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    other.is_some_and(|other| real(one).is_some_and(|one| real(other) == Some(one)))
}

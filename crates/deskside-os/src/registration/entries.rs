//! Interprets registry entries and decides which of them must be written, without I/O.

use deskside_model::LoginStart;
use deskside_model::registration::Scheme;

use crate::registration::BACKGROUND;

/// The program that a command line starts, as far as the disk shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// This program.
    Ours,
    /// Another program that exists, or whose existence is unknown.
    Another,
    /// A program that no longer exists.
    Gone,
}

/// The command that opens a link. Quoted, because folder names contain spaces, and a malicious link could
/// contain one to pass a second argument.
pub(super) fn scheme_command(app: &str) -> String {
    format!("\"{app}\" \"%1\"")
}

/// The command that starts the program at login.
pub(super) fn login_command(app: &str) -> String {
    format!("\"{app}\" {BACKGROUND}")
}

/// The program that a command line starts. Without quotes Windows tries longer and longer parts; the end
/// of the first `.exe` is what was intended. docs/sources/platform.md#deep-links
pub(super) fn program(command: &str) -> &str {
    let command = command.trim();
    if let Some(quoted) = command.strip_prefix('"') {
        return quoted.split('"').next().unwrap_or(quoted);
    }
    let lower = command.to_ascii_lowercase();
    let end = lower.find(".exe").map(|at| at + ".exe".len());
    let first_word = || command.split_whitespace().next().unwrap_or("");
    end.and_then(|end| command.get(..end)).unwrap_or_else(first_word)
}

/// The program that opens our links, according to the registered command. A command that starts this
/// program differently from `ours` counts as missing, so that it is rewritten.
pub(super) fn scheme(command: Option<&str>, ours: &str, whose: impl Fn(&str) -> Owner) -> Scheme {
    let Some(command) = command else { return Scheme::Missing };
    let program = program(command);
    match whose(program) {
        Owner::Ours if command.eq_ignore_ascii_case(ours) => Scheme::Ours,
        Owner::Ours | Owner::Gone => Scheme::Missing,
        Owner::Another => Scheme::Taken { program: file_name(program).to_owned() },
    }
}

fn file_name(program: &str) -> &str {
    program.rsplit(['\\', '/']).next().unwrap_or(program)
}

/// One entry that starts the program at login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LoginEntry {
    /// The command that it starts; `None` without an entry.
    pub(super) command: Option<String>,
    /// The value that Task Manager stores if the entry was switched there.
    pub(super) approval: Option<Vec<u8>>,
}

impl LoginEntry {
    fn starts(&self) -> bool {
        self.command.is_some() && !self.is_turned_off()
    }

    fn is_turned_off(&self) -> bool {
        self.approval.as_ref().is_some_and(|bytes| is_off(bytes))
    }
}

/// Task Manager writes 2 or 6 for an entry that starts, 3 or 7 for one that does not.
/// docs/sources/platform.md#autostart
pub(super) fn is_off(approval: &[u8]) -> bool {
    approval.first().is_some_and(|byte| byte & 1 == 1)
}

/// Everything that decides whether the program starts at login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LoginEntries {
    /// The administrator's policy.
    pub(super) policy: Option<bool>,
    /// The user's own entry.
    pub(super) own: LoginEntry,
    /// The machine-wide entry.
    pub(super) shared: LoginEntry,
}

/// Whether the program starts at login, and who decides. Truthful first of all: never "on" for an entry
/// that Windows does not start.
pub(super) fn login_start(entries: &LoginEntries) -> LoginStart {
    let LoginEntries { policy, own, shared } = entries;
    let is_there = own.command.is_some() || shared.command.is_some();
    match policy {
        _ if shared.starts() => LoginStart::ByAdministrator { on: true },
        Some(false) => LoginStart::ByAdministrator { on: false },
        Some(true) if own.starts() => LoginStart::ByAdministrator { on: true },
        None if own.starts() => LoginStart::On,
        Some(true) | None if is_there => LoginStart::TurnedOffInTaskManager,
        Some(true) | None => LoginStart::Off,
    }
}

/// How to change the user's own entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// No change.
    Keep,
    /// Write or rewrite it.
    Write,
    /// Remove it.
    Remove,
}

/// How to change the user's own entry, given what the user `wanted`, if anything. The policy takes
/// precedence. An entry that starts this program incorrectly, or a missing program, is rewritten.
pub(super) fn change(
    entries: &LoginEntries,
    wanted: Option<bool>,
    ours: &str,
    whose: impl Fn(&str) -> Owner,
) -> Change {
    let own = entries.own.command.as_deref();
    let is_stale = |command: &str| match whose(program(command)) {
        Owner::Ours => !command.eq_ignore_ascii_case(ours),
        Owner::Gone => true,
        Owner::Another => false,
    };
    match (entries.policy.or(wanted), own) {
        (Some(false), Some(_)) => Change::Remove,
        (Some(true), None) if !entries.shared.starts() => Change::Write,
        (Some(true) | None, Some(command)) if is_stale(command) => Change::Write,
        (Some(_) | None, Some(_) | None) => Change::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = r"C:\Program Files\Deskside\deskside.exe";

    /// A disk with this program and others on it.
    fn disk(program: &str) -> Owner {
        match program {
            APP => Owner::Ours,
            r"C:\Other\other.exe" | "deskside.exe" | r"D:\Copy\deskside.exe" => Owner::Another,
            _ => Owner::Gone,
        }
    }

    fn seen(command: &str) -> Scheme {
        scheme(Some(command), &scheme_command(APP), disk)
    }

    fn entry(command: &str) -> LoginEntry {
        LoginEntry { command: Some(command.into()), approval: None }
    }

    fn switched(command: &str, first: u8) -> LoginEntry {
        LoginEntry { approval: Some(vec![first, 0, 0, 0]), ..entry(command) }
    }

    fn own(own: LoginEntry) -> LoginEntries {
        LoginEntries { own, ..LoginEntries::default() }
    }

    #[test]
    fn program_is_extracted_with_and_without_quotes() {
        for (command, expected) in [
            (r#""C:\a b\c.exe" "%1""#, r"C:\a b\c.exe"),
            (r"C:\a b\c.EXE --url %1", r"C:\a b\c.EXE"),
            (r"C:\tool.cmd %1", r"C:\tool.cmd"),
            (r#""C:\never closed"#, r"C:\never closed"),
            ("", ""),
        ] {
            assert_eq!(program(command), expected, "{command}");
        }
    }

    #[test]
    fn own_command_is_recognized_in_any_letter_case() {
        assert_eq!(seen(&scheme_command(APP)), Scheme::Ours);
        assert_eq!(
            scheme(Some(&scheme_command(APP).to_uppercase()), &scheme_command(APP), |_| {
                Owner::Ours
            }),
            Scheme::Ours
        );
    }

    #[test]
    fn unquoted_or_stale_commands_are_rewritten() {
        assert_eq!(seen(&format!("{APP} %1")), Scheme::Missing);
        assert_eq!(seen(r#""C:\Gone\deskside.exe" "%1""#), Scheme::Missing);
        assert_eq!(scheme(None, &scheme_command(APP), disk), Scheme::Missing);
    }

    #[test]
    fn other_existing_program_keeps_the_scheme() {
        let taken = |program: &str| Scheme::Taken { program: program.into() };
        assert_eq!(seen(r#""C:\Other\other.exe" "%1""#), taken("other.exe"));
        assert_eq!(seen(r#""D:\Copy\deskside.exe" "%1""#), taken("deskside.exe"));
    }

    #[test]
    fn entries_turned_off_in_task_manager_stay_off() {
        for (first, expected) in [
            (2, LoginStart::On),
            (6, LoginStart::On),
            (3, LoginStart::TurnedOffInTaskManager),
            (7, LoginStart::TurnedOffInTaskManager),
        ] {
            let entries = own(switched(&login_command(APP), first));
            assert_eq!(login_start(&entries), expected, "{first}");
            let change = change(&entries, Some(true), &login_command(APP), disk);
            assert_eq!(change, Change::Keep, "{first}");
        }
    }

    #[test]
    fn policy_overrides_the_user() {
        let ours = login_command(APP);
        let off = LoginEntries { policy: Some(false), ..own(entry(&ours)) };
        assert_eq!(login_start(&off), LoginStart::ByAdministrator { on: false });
        assert_eq!(change(&off, Some(true), &ours, disk), Change::Remove);
        let on = LoginEntries { policy: Some(true), ..LoginEntries::default() };
        assert_eq!(change(&on, Some(false), &ours, disk), Change::Write);
        let on = LoginEntries { policy: Some(true), ..own(entry(&ours)) };
        assert_eq!(login_start(&on), LoginStart::ByAdministrator { on: true });
        let refused = LoginEntries { policy: Some(true), ..own(switched(&ours, 3)) };
        assert_eq!(login_start(&refused), LoginStart::TurnedOffInTaskManager);
    }

    #[test]
    fn machine_wide_entry_needs_no_user_entry() {
        let shared = LoginEntries { shared: entry(&login_command(APP)), ..LoginEntries::default() };
        assert_eq!(login_start(&shared), LoginStart::ByAdministrator { on: true });
        assert_eq!(change(&shared, Some(true), &login_command(APP), disk), Change::Keep);
    }

    #[test]
    fn only_incorrect_or_stale_login_entries_are_repaired() {
        let ours = login_command(APP);
        for (command, expected) in [
            (ours.as_str(), Change::Keep),
            (r"C:\Program Files\Deskside\deskside.exe --background", Change::Write),
            (r#""C:\Gone\deskside.exe" --background"#, Change::Write),
            (r#""D:\Copy\deskside.exe" --background"#, Change::Keep),
        ] {
            assert_eq!(change(&own(entry(command)), None, &ours, disk), expected, "{command}");
        }
        assert_eq!(change(&LoginEntries::default(), None, &ours, disk), Change::Keep);
    }

    #[test]
    fn user_can_turn_login_start_on_and_off() {
        let ours = login_command(APP);
        let nothing = LoginEntries::default();
        assert_eq!(login_start(&nothing), LoginStart::Off);
        assert_eq!(change(&nothing, Some(true), &ours, disk), Change::Write);
        assert_eq!(change(&own(entry(&ours)), Some(false), &ours, disk), Change::Remove);
    }
}

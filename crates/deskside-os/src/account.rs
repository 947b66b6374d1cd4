//! As whom this process runs, and so whose profile it reads.

#[cfg(windows)]
#[path = "account/windows.rs"]
mod platform;
#[cfg(windows)]
#[path = "account/unelevated.rs"]
mod unelevated;

#[cfg(windows)]
pub(crate) use platform::User;

/// Means that a start with everyday rights was tried: it is tried once. Internal.
pub const UNELEVATED: &str = "--unelevated";

/// Starts this program again with everyday rights when it runs as administrator and its user usually
/// does not; true when the new process is there, and this one must end. `arguments` are this process's
/// own, without a link: other programs can read them.
#[cfg(windows)]
#[must_use]
pub fn restart_unelevated(arguments: &[&str]) -> bool {
    let is_elevated = unelevated::is_elevated().unwrap_or_else(|why| {
        tracing::warn!(%why, "Windows does not say whether this program runs as administrator");
        false
    });
    if !is_elevated {
        return false;
    }
    let arguments = [&[UNELEVATED], arguments].concat().join(" ");
    let started = unelevated::start(&arguments);
    started.inspect_err(|why| tracing::warn!(%why, "Deskside goes on as administrator")).is_ok()
}

/// Windows only.
#[cfg(not(windows))]
#[must_use]
pub const fn restart_unelevated(_arguments: &[&str]) -> bool {
    false
}

/// As whom a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessOwner {
    /// The person who is signed in.
    Person,
    /// A person, beside their desktop: over SSH, or in a task that needs no sign-in. Their programs run in
    /// other sessions.
    PersonWithoutDesktop,
    /// Windows itself or one of its services: tools that manage computers run programs so. Its
    /// profile has no QuickBooks, no connections and no keyring of a person.
    Service,
}

impl ProcessOwner {
    /// As whom this process runs; a person, where nobody says otherwise.
    #[must_use]
    pub fn of_this_process() -> Self {
        #[cfg(windows)]
        match platform::own() {
            Ok((user, session)) => return Self::of(&user, session),
            Err(why) => tracing::warn!(%why, "Windows does not say as whom this program runs"),
        }
        Self::Person
    }

    /// Session 0 has no desktop. docs/sources/platform.md#session
    #[cfg(any(windows, test))]
    fn of(user: &str, session: u32) -> Self {
        match (user, session) {
            // SYSTEM, and the accounts of services
            ("S-1-5-18" | "S-1-5-19" | "S-1-5-20", _) => Self::Service,
            (_, 0) => Self::PersonWithoutDesktop,
            (_, _) => Self::Person,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_accounts_of_windows_itself_are_services() {
        use ProcessOwner::{Person, PersonWithoutDesktop, Service};
        let person = "S-1-5-21-1004336348-1177238915-682003330-512";
        for (user, session, expected) in [
            (person, 1, Person),
            (person, 7, Person),
            (person, 0, PersonWithoutDesktop),
            ("S-1-5-18", 0, Service),
            ("S-1-5-18", 1, Service),
            ("S-1-5-19", 0, Service),
            ("S-1-5-20", 0, Service),
            ("S-1-5-180", 1, Person),
        ] {
            assert_eq!(ProcessOwner::of(user, session), expected, "{user} in {session}");
        }
    }
}

//! What the title of a window of QuickBooks says about it. Only a few titles are known in public; any
//! other window simply waits for an answer. See docs/sources/quickbooks-desktop.md#windows.

use super::{CodeFamily, ErrorCode, Meaning, look_up};

/// What a window of QuickBooks is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// QuickBooks asks whether an application may come in. Closing it keeps the application out.
    Permission,
    /// QuickBooks is at work with its file or with itself, and needs nobody.
    Work,
    /// The computer with the company file does not let this one in. Its code, such as 202.
    Hosting(u16),
}

/// Intuit's certificate dialog, and the ones that follow it.
const PERMISSION: [&str; 4] = [
    "quickbooks application certificate",
    "access confirmation",
    "application permission",
    "application with no certificate",
];

/// Titles of windows that show progress. "Create Backup" alone is not among them: it also asks.
const WORK: [&str; 17] = [
    "verifying",
    "verify data",
    "rebuilding",
    "rebuild data",
    "condensing",
    "condense data",
    "backing up",
    "backup in progress",
    "back up in progress",
    "creating backup",
    "creating a backup",
    "updating quickbooks",
    "updating your data",
    "updating company",
    "update in progress",
    "installing update",
    "please wait",
];

/// What a window is about, if its title tells.
#[must_use]
pub fn window_of(title: &str) -> Option<Window> {
    let lower = title.to_lowercase();
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    if has(&PERMISSION) {
        return Some(Window::Permission);
    }
    let hosting = match look_up(title).code {
        Some(code @ ErrorCode::Hosting(number)) if code.is_known() => Some(number),
        Some(_) | None => None,
    };
    hosting.map(Window::Hosting).or_else(|| has(&WORK).then_some(Window::Work))
}

/// What is known of the code in a title, if it is one that QuickBooks shows on its screen.
#[must_use]
pub fn meaning_of_title(title: &str) -> Option<&'static Meaning> {
    look_up(title).known.filter(|known| known.kind == CodeFamily::Screen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_tell_what_a_window_is_about() {
        for (title, about) in [
            ("QuickBooks Application Certificate", Some(Window::Permission)),
            ("Access Confirmation", Some(Window::Permission)),
            ("QuickBooks - Application with No Certificate", Some(Window::Permission)),
            ("Verify Data", Some(Window::Work)),
            ("Rebuilding Data", Some(Window::Work)),
            ("Problem: Multi-user mode H202", Some(Window::Hosting(202))),
            ("H505", Some(Window::Hosting(505))),
            ("Create Backup", None),
            ("Update Company File", None),
            ("Hotel 202", None),
            ("", None),
        ] {
            assert_eq!(window_of(title), about, "{title}");
        }
    }
}

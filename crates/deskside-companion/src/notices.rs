//! What the companion answered to the user: each notice stays until it is dismissed or outdated.

use deskside_health::Code;
use deskside_model::Severity;
use deskside_model::vault::VaultState;
use deskside_text::{self as text, Words};

use crate::view::Notice;

/// The code of the notice that says that an answer was blocked by the vault.
pub(super) const VAULT_NOTICE: &str = Code::VaultUnavailable.text();

/// The notices that are shown, the newest last; one for each code.
#[derive(Debug, Default)]
pub(super) struct Notices {
    shown: Vec<Notice>,
}

impl Notices {
    /// Shows a notice that the user can dismiss, in place of an older one with the same code.
    pub(super) fn show(&mut self, code: &str, severity: Severity, words: Words) {
        self.remove(code);
        self.shown.push(Notice {
            code: code.into(),
            severity,
            title: words.title,
            text: words.cause,
            steps: words.steps,
            action: None,
            dismissible: true,
        });
    }

    /// Says that the vault does not work, so that the link or the enrollment cannot go on.
    pub(super) fn show_vault(&mut self, vault: VaultState) {
        let words = match vault {
            VaultState::Forbidden => text::vault_forbids_link(),
            VaultState::Unknown
            | VaultState::Working
            | VaultState::Locked
            | VaultState::Silent
            | VaultState::Missing => text::vault_refused_link(),
        };
        self.show(VAULT_NOTICE, Severity::Blocking, words);
    }

    pub(super) fn remove(&mut self, code: &str) {
        self.shown.retain(|notice| notice.code != code);
    }

    /// Removes every notice whose code starts with this.
    pub(super) fn remove_all(&mut self, prefix: &str) {
        self.shown.retain(|notice| !notice.code.starts_with(prefix));
    }

    pub(super) fn contains(&self, code: &str) -> bool {
        self.shown.iter().any(|notice| notice.code == code)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Notice> {
        self.shown.iter()
    }
}

//! The catalogue of problems: everything about a problem that is not words, as data.
//!
//! A new code does not compile until it has an entry, and an entry names its causes, so the root
//! cause can be found without any rule elsewhere.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::companion::{Offer, Severity, Who};

/// A stable code. The order is the order in which root causes are told when several
/// are found, and a cause stands before everything that it explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Code {
    /// The keyring gives nothing, so nothing that needs a credential is known.
    #[serde(rename = "companion.vault_unavailable")]
    VaultUnavailable,
    /// The backend or provider does not accept the credential.
    #[serde(rename = "companion.credentials_rejected")]
    CredentialsRejected,
    /// No way to the network.
    #[serde(rename = "network.offline")]
    Offline,
    /// The network is there; the one who is asked does not answer.
    #[serde(rename = "network.provider_unreachable")]
    ProviderUnreachable,
    /// QuickBooks runs, but for another person signed in to this computer.
    #[serde(rename = "quickbooks.other_session")]
    QuickBooksOtherSession,
    /// QuickBooks does not run.
    #[serde(rename = "quickbooks.not_running")]
    QuickBooksNotRunning,
    /// The auth flow was not finished.
    #[serde(rename = "connection.not_set_up")]
    NotSetUp,
    /// The Web Connector does not run.
    #[serde(rename = "web_connector.not_running")]
    WebConnectorNotRunning,
    /// Set up, but this computer does not answer.
    #[serde(rename = "connection.inactive")]
    Inactive,
    /// The provider says that it fails.
    #[serde(rename = "connection.broken")]
    Broken,
}

/// Everything about a problem that is not words.
#[derive(Debug)]
pub struct Entry {
    /// How bad.
    pub severity: Severity,
    /// Who must act.
    pub who: Who,
    /// These explain it: while one of them is there, this one is only a symptom.
    pub depends_on: &'static [Code],
    /// How long it must last before anybody hears of it.
    pub visible_after: SignedDuration,
    /// How long it must be gone before it counts as gone.
    pub clear_after: SignedDuration,
    /// The one button that helps.
    pub action: Option<Offer>,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 10] = [
        Self::VaultUnavailable,
        Self::CredentialsRejected,
        Self::Offline,
        Self::ProviderUnreachable,
        Self::QuickBooksOtherSession,
        Self::QuickBooksNotRunning,
        Self::NotSetUp,
        Self::WebConnectorNotRunning,
        Self::Inactive,
        Self::Broken,
    ];

    /// The stable text of the code.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::VaultUnavailable => "companion.vault_unavailable",
            Self::CredentialsRejected => "companion.credentials_rejected",
            Self::Offline => "network.offline",
            Self::ProviderUnreachable => "network.provider_unreachable",
            Self::QuickBooksOtherSession => "quickbooks.other_session",
            Self::QuickBooksNotRunning => "quickbooks.not_running",
            Self::WebConnectorNotRunning => "web_connector.not_running",
            Self::NotSetUp => "connection.not_set_up",
            Self::Inactive => "connection.inactive",
            Self::Broken => "connection.broken",
        }
    }

    /// Its entry in the catalogue.
    #[must_use]
    pub const fn entry(self) -> Entry {
        let seconds = SignedDuration::from_secs;
        match self {
            Self::VaultUnavailable => Entry {
                severity: Severity::Blocking,
                who: Who::User,
                depends_on: &[],
                visible_after: seconds(0),
                clear_after: seconds(0),
                action: None,
            },
            Self::CredentialsRejected => Entry {
                severity: Severity::Blocking,
                who: Who::Vendor,
                depends_on: &[Self::VaultUnavailable],
                visible_after: seconds(0),
                clear_after: seconds(0),
                action: None,
            },
            // Wi-Fi that changes its access point or a PC that wakes is back within this time.
            Self::Offline => Entry {
                severity: Severity::Blocking,
                who: Who::User,
                depends_on: &[],
                visible_after: seconds(20),
                clear_after: seconds(5),
                action: None,
            },
            // A backend that is being redeployed is not worth a word.
            Self::ProviderUnreachable => Entry {
                severity: Severity::Warning,
                who: Who::Nobody,
                depends_on: &[Self::VaultUnavailable, Self::Offline],
                visible_after: seconds(90),
                clear_after: seconds(0),
                action: None,
            },
            Self::QuickBooksOtherSession => Entry {
                severity: Severity::Blocking,
                who: Who::User,
                depends_on: &[],
                visible_after: seconds(10),
                clear_after: seconds(3),
                action: None,
            },
            // QuickBooks' own update scripts close it and start it again.
            Self::QuickBooksNotRunning => Entry {
                severity: Severity::Blocking,
                who: Who::User,
                depends_on: &[Self::QuickBooksOtherSession],
                visible_after: seconds(10),
                clear_after: seconds(3),
                action: None,
            },
            // The auth flow installs and starts it.
            Self::WebConnectorNotRunning => Entry {
                severity: Severity::Blocking,
                who: Who::User,
                depends_on: &[Self::NotSetUp],
                visible_after: seconds(20),
                clear_after: seconds(3),
                action: None,
            },
            // Right after enrolling, the link that is fetched then answers it.
            Self::NotSetUp => Entry {
                severity: Severity::Blocking,
                who: Who::User,
                depends_on: &[],
                visible_after: seconds(5),
                clear_after: seconds(0),
                action: Some(Offer::OpenLink),
            },
            // The few seconds let a deeper cause, which is seen locally, be found first.
            Self::Inactive | Self::Broken => Entry {
                severity: Severity::Blocking,
                who: Who::User,
                depends_on: &[
                    Self::Offline,
                    Self::QuickBooksOtherSession,
                    Self::QuickBooksNotRunning,
                    Self::WebConnectorNotRunning,
                ],
                visible_after: seconds(5),
                clear_after: seconds(0),
                action: Some(Offer::Check),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_come_before_what_they_explain_so_there_is_no_circle() {
        for code in Code::ALL {
            for cause in code.entry().depends_on {
                assert!(*cause < code, "{} stands after {}", cause.text(), code.text());
            }
        }
    }

    #[test]
    fn a_code_is_written_the_same_everywhere() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.text());
        }
    }
}

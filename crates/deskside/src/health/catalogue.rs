//! The catalogue of problems: everything about a problem that is not words, as data.
//!
//! One entry is one row: a code cannot be added without its severity, who must act, its causes and
//! its delays, and the root cause can be found without any rule elsewhere.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::companion::{Offer, Severity, Who};

/// Everything about a problem that is not words.
#[derive(Debug)]
pub struct Entry {
    /// How bad. What is only worth knowing changes no verdict.
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

macro_rules! catalogue {
    ($(
        $(#[$why:meta])*
        $code:ident = $text:literal, $severity:ident, $who:ident,
            after $visible:literal, gone $clear:literal, action $action:expr,
            because of [$($cause:ident),* $(,)?];
    )+) => {
        /// A stable code. The order is the order in which root causes are told when several
        /// are found, and a cause stands before everything that it explains.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Code {
            $($(#[$why])* #[serde(rename = $text)] $code,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The stable text of the code.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$code => $text,)+ }
            }

            /// Its entry in the catalogue.
            #[must_use]
            pub const fn entry(self) -> Entry {
                match self {
                    $(Self::$code => Entry {
                        severity: Severity::$severity,
                        who: Who::$who,
                        depends_on: &[$(Self::$cause),*],
                        visible_after: SignedDuration::from_secs($visible),
                        clear_after: SignedDuration::from_secs($clear),
                        action: $action,
                    },)+
                }
            }
        }
    };
}

// Seconds after which it shows, and seconds after which it is gone.
catalogue! {
    /// The keyring gives nothing, so nothing that needs a credential is known.
    VaultUnavailable = "companion.vault_unavailable", Blocking, User,
        after 0, gone 0, action None, because of [];
    /// The backend or provider does not accept the credential.
    CredentialsRejected = "companion.credentials_rejected", Blocking, Vendor,
        after 0, gone 0, action None, because of [VaultUnavailable];
    /// No way to the network. Wi-Fi that changes its access point or a PC that wakes is back within
    /// this time.
    Offline = "network.offline", Blocking, User,
        after 20, gone 5, action None, because of [];
    /// The network is there; the one who is asked does not answer. One that is being redeployed is
    /// not worth a word.
    ProviderUnreachable = "network.provider_unreachable", Warning, Nobody,
        after 90, gone 0, action None, because of [VaultUnavailable, Offline];
    /// Windows tells that QuickBooks has crashed.
    Crashed = "quickbooks.crashed", Blocking, User,
        after 5, gone 3, action None, because of [];
    /// QuickBooks or its file is being repaired, which nothing may disturb.
    Repairing = "quickbooks.repairing", Blocking, User,
        after 20, gone 5, action None, because of [];
    /// There is no QuickBooks Desktop on this computer.
    QuickBooksNotInstalled = "quickbooks.not_installed", Blocking, User,
        after 10, gone 3, action None, because of [Crashed, Repairing];
    /// QuickBooks runs, but for another person signed in to this computer.
    QuickBooksOtherSession = "quickbooks.other_session", Blocking, User,
        after 10, gone 3, action None, because of [];
    /// QuickBooks does not run. Its own update scripts close it and start it again.
    QuickBooksNotRunning = "quickbooks.not_running", Blocking, User,
        after 10, gone 3, action Some(Offer::OpenQuickBooks),
        because of [Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession];
    /// Only one of QuickBooks and the Web Connector has an administrator's rights: neither reaches
    /// the other.
    ElevationMismatch = "quickbooks.elevation_mismatch", Blocking, User,
        after 20, gone 3, action None, because of [Crashed];
    /// A QuickBooks without a window is left over from a run, and blocks the next one. One that is
    /// just closing, or that the Web Connector has just started, is gone within this time.
    LeftoverProcess = "quickbooks.leftover_process", Blocking, User,
        after 120, gone 3, action None, because of [Crashed, Repairing, ElevationMismatch];
    /// QuickBooks has no main window yet. A slow disk and a large file take minutes.
    Starting = "quickbooks.starting", Warning, Nobody,
        after 120, gone 0, action None, because of [Crashed, Repairing];
    /// QuickBooks does not take what people do.
    NotResponding = "quickbooks.not_responding", Blocking, User,
        after 30, gone 5, action None, because of [Crashed, Repairing];
    /// QuickBooks asks who is there.
    SignIn = "quickbooks.sign_in", Blocking, User,
        after 60, gone 3, action None, because of [Crashed, Repairing, NotResponding];
    /// A window of QuickBooks must be answered first. People at work answer most of them themselves
    /// within this time.
    WindowBlocking = "quickbooks.window_blocking", Blocking, User,
        after 120, gone 3, action None,
        because of [Crashed, Repairing, NotResponding, SignIn];
    /// QuickBooks is open without a company.
    NoCompany = "quickbooks.no_company", Blocking, User,
        after 60, gone 3, action None,
        because of [
            Crashed, Repairing, LeftoverProcess, Starting, NotResponding, SignIn, WindowBlocking,
        ];
    /// The auth flow was not finished. Right after enrolling, the link that is fetched then answers
    /// it.
    NotSetUp = "connection.not_set_up", Blocking, User,
        after 5, gone 0, action Some(Offer::OpenLink), because of [];
    /// There is no Web Connector on this computer. The auth flow installs it.
    WebConnectorNotInstalled = "web_connector.not_installed", Blocking, User,
        after 20, gone 3, action None, because of [NotSetUp];
    /// The Web Connector does not run. The auth flow starts it.
    WebConnectorNotRunning = "web_connector.not_running", Blocking, User,
        after 20, gone 3, action Some(Offer::StartWebConnector),
        because of [NotSetUp, WebConnectorNotInstalled];
    /// Set up, but this computer does not answer. The few seconds let a deeper cause, which is seen
    /// locally, be found first.
    Inactive = "connection.inactive", Blocking, User,
        after 5, gone 0, action Some(Offer::Check),
        because of [
            Offline, Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, ElevationMismatch, LeftoverProcess, Starting, NotResponding,
            SignIn, WindowBlocking, NoCompany, WebConnectorNotInstalled, WebConnectorNotRunning,
        ];
    /// The provider says that it fails.
    Broken = "connection.broken", Blocking, User,
        after 5, gone 0, action Some(Offer::Check),
        because of [
            Offline, Crashed, Repairing, QuickBooksNotInstalled, QuickBooksOtherSession,
            QuickBooksNotRunning, ElevationMismatch, LeftoverProcess, Starting, NotResponding,
            SignIn, WindowBlocking, NoCompany, WebConnectorNotInstalled, WebConnectorNotRunning,
        ];
    /// Another program answers links to Deskside.
    SchemeTaken = "companion.scheme_taken", Info, It,
        after 0, gone 0, action None, because of [];
    /// Windows' own browser component is missing, so there is no window.
    WebviewMissing = "companion.webview_missing", Info, It,
        after 0, gone 0, action None, because of [];
    /// This computer goes to sleep when nobody uses it.
    Sleeps = "computer.sleeps", Info, User,
        after 0, gone 0, action Some(Offer::OpenSleepSettings), because of [];
    /// The Web Connector does not start by itself.
    AutostartOff = "web_connector.autostart_off", Info, User,
        after 0, gone 0, action None, because of [];
    /// Windows waits for a restart.
    RestartPending = "computer.restart_pending", Info, User,
        after 0, gone 0, action None, because of [];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_come_before_what_they_explain_so_there_is_no_circle() {
        for code in Code::ALL {
            for cause in code.entry().depends_on {
                assert!(cause < code, "{} stands after {}", cause.text(), code.text());
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

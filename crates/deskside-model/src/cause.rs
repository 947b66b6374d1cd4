//! Why a run of the Web Connector failed, or what one of its messages means, in one word.
//!
//! A cause is coarser than a code, of which there are hundreds, and closer to the event than a
//! problem, which says what a person should do. Support counts causes over many computers, so the
//! words are stable.

use serde::{Deserialize, Serialize};

macro_rules! causes {
    ($($(#[$why:meta])* $cause:ident = $text:literal;)+) => {
        /// Why it failed. There is no cause at all if nothing is wrong with the connection.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Cause {
            $($(#[$why])* $cause,)+
        }

        impl Cause {
            /// Every cause.
            pub const ALL: &'static [Self] = &[$(Self::$cause),+];

            /// The stable text of the cause.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$cause => $text,)+ }
            }
        }
    };
}

causes! {
    /// The application's server gave no usable answer: its name does not resolve, or it refuses the
    /// connection, times out or hangs up.
    ServerUnreachable = "server_unreachable";
    /// The server answered when the Web Connector signed in, but the Web Connector cannot read the
    /// answer.
    ServerAuth = "server_auth";
    /// Another bad answer from the server.
    ServerResponse = "server_response";
    /// The server answers, but the page that the setup file names does not exist (404).
    WrongUrl = "wrong_url";
    /// No secure connection to the server: a certificate, a clock, or an interception on the
    /// network.
    Tls = "tls";
    /// QuickBooks could not read the request that the application sent through the Web Connector.
    BadRequest = "bad_request";
    /// The server does not accept the password saved in the Web Connector.
    WrongPassword = "wrong_password";
    /// QuickBooks is not running or could not be started.
    QuickbooksNotRunning = "quickbooks_not_running";
    /// QuickBooks ended or hung during a call.
    QuickbooksCrashed = "quickbooks_crashed";
    /// QuickBooks is running without a company.
    NoCompany = "no_company";
    /// The open company file is not the requested one, or the requested one does not exist.
    WrongCompanyFile = "wrong_company_file";
    /// The company file was moved, renamed or deleted, or its drive is not there.
    FileMissing = "file_missing";
    /// Another Web Connector or another computer has locked the company file.
    FileLocked = "file_locked";
    /// The QuickBooks user of the application is signed in elsewhere.
    UserInUse = "user_in_use";
    /// The QuickBooks user of the application lacks a permission.
    NoPermission = "no_permission";
    /// QuickBooks is not registered, or its subscription has ended.
    NotRegistered = "not_registered";
    /// A QuickBooks window is waiting for an answer.
    ModalDialog = "modal_dialog";
    /// The company file is open in the other mode: single-user instead of multi-user, or the
    /// reverse.
    FileMode = "file_mode";
    /// The QuickBooks Admin has not allowed the application, or no longer does.
    Consent = "consent";
    /// The application may not sign in while QuickBooks is closed.
    AutoLogin = "auto_login";
    /// QuickBooks and the Web Connector run with different privileges or for different users.
    Elevation = "elevation";
    /// A part of QuickBooks or of the Web Connector is missing, damaged or too old.
    ComponentMissing = "component_missing";
    /// The Web Connector cannot write its log.
    LogFile = "log_file";
    /// The Web Connector or QuickBooks refuses the setup file (.QWC).
    SetupFile = "setup_file";
    /// Another or unknown cause, including any word that a later version adds.
    #[serde(other)]
    Unknown = "unknown";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_serialize_as_their_stable_text() {
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.text());
        }
    }
}

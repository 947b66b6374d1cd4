//! Why a run of the Web Connector failed, or what a message of it means, in one word.
//!
//! A cause is coarser than a code, of which there are hundreds, and nearer to what happened than a
//! problem, which says what a person should do. What support counts over many computers is causes,
//! so the words are stable.

use serde::{Deserialize, Serialize};

macro_rules! causes {
    ($($(#[$why:meta])* $cause:ident = $text:literal;)+) => {
        /// Why it failed. Where nothing is wrong with the connection, there is no cause at all.
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
    /// The application's server gave no usable answer at all: its name is not known, it refuses,
    /// it is too slow, or it hangs up.
    ServerUnreachable = "server_unreachable";
    /// The server answered when the Web Connector signed in, but not in a way that it can read.
    ServerAuth = "server_auth";
    /// Another bad answer of the server.
    ServerResponse = "server_response";
    /// The server is there, but not the page that the setup file names (404).
    WrongUrl = "wrong_url";
    /// No secure connection to the server: a certificate, a clock, or somebody in between.
    Tls = "tls";
    /// QuickBooks could not read the request that the application sent through the Web Connector.
    BadRequest = "bad_request";
    /// The server does not accept the password that the Web Connector keeps.
    WrongPassword = "wrong_password";
    /// QuickBooks does not run, or could not be started.
    QuickbooksNotRunning = "quickbooks_not_running";
    /// QuickBooks ended, or got stuck, in the middle of a call.
    QuickbooksCrashed = "quickbooks_crashed";
    /// QuickBooks runs without a company.
    NoCompany = "no_company";
    /// Another company file is open than the one that is asked for, or that one is not there.
    WrongCompanyFile = "wrong_company_file";
    /// A window of QuickBooks waits for an answer.
    ModalDialog = "modal_dialog";
    /// The company file is open in the other one of single-user and multi-user mode.
    FileMode = "file_mode";
    /// QuickBooks' Admin has not allowed the application, or no longer does.
    Consent = "consent";
    /// The application may not sign in while QuickBooks is closed.
    AutoLogin = "auto_login";
    /// QuickBooks and the Web Connector run with different rights, or for different people.
    Elevation = "elevation";
    /// A part of QuickBooks or of the Web Connector is missing or damaged, or is too old.
    ComponentMissing = "component_missing";
    /// The Web Connector cannot write its log.
    LogFile = "log_file";
    /// The Web Connector or QuickBooks refuses the setup file (.QWC).
    SetupFile = "setup_file";
    /// Something else, or nothing that is known says what; and any word of a later version.
    #[serde(other)]
    Unknown = "unknown";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_written_the_same_everywhere() {
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.text());
        }
    }
}

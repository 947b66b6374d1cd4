//! Everything a person reads about a problem, in one place, so that it can be read in a row.
//!
//! Present tense, no blame, no codes, nothing a bookkeeper would have to look up.

use super::{Code, Problem};

/// A problem in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// A few words, for a title or a tooltip.
    pub title: &'static str,
    /// One sentence: the cause.
    pub cause: String,
    /// What to do, in order.
    pub steps: &'static [&'static str],
}

/// Puts a problem into words.
#[must_use]
pub fn words(problem: &Problem) -> Words {
    let host = problem.arguments.host.as_deref().unwrap_or("the application's website");
    match problem.code {
        Code::VaultUnavailable => Words {
            title: "Passwords cannot be read",
            cause:
                "This computer's password store is locked or missing, so Deskside cannot sign in \
                    to ask how your connection is."
                    .into(),
            steps: &[
                "Unlock the password store, or sign out of this computer and in again.",
                "Deskside notices by itself when it is back.",
            ],
        },
        Code::CredentialsRejected => Words {
            title: "Sign-in no longer accepted",
            cause: format!("{host} no longer accepts this computer's sign-in."),
            steps: &[
                "Ask the maker of your application for a new Deskside link.",
                "Click that link on this computer.",
            ],
        },
        Code::Offline => Words {
            title: "No internet connection",
            cause: "This computer has no connection to the internet.".into(),
            steps: &[
                "Check the network cable or the Wi-Fi.",
                "Open any website to see that it works again.",
            ],
        },
        Code::ProviderUnreachable => Words {
            title: "No answer from the application",
            cause: format!("{host} does not answer at the moment; this computer looks fine."),
            steps: &["Wait: Deskside keeps trying and tells you if you are needed."],
        },
        Code::QuickBooksOtherSession => Words {
            title: "QuickBooks is open for someone else",
            cause: "QuickBooks is open on this computer, but for another person who is signed in."
                .into(),
            steps: &[
                "Ask that person to close QuickBooks.",
                "Open QuickBooks and your company file here.",
            ],
        },
        Code::QuickBooksNotRunning => Words {
            title: "QuickBooks is closed",
            cause: "QuickBooks Desktop is not open on this computer.".into(),
            steps: &["Open QuickBooks Desktop.", "Open your company file and leave it open."],
        },
        Code::WebConnectorNotRunning => Words {
            title: "Web Connector is closed",
            cause: "The QuickBooks Web Connector, which carries the data, is not open.".into(),
            steps: &[
                "In QuickBooks, choose File, then App Management, then Update Web Services.",
                "Leave the Web Connector open, or choose Hide.",
            ],
        },
        Code::NotSetUp => Words {
            title: "Not connected yet",
            cause: "QuickBooks on this computer is not connected yet.".into(),
            steps: &[
                "Open QuickBooks with your company file, signed in as Admin.",
                "Choose “Open the connection page” and follow the steps in your browser.",
            ],
        },
        Code::Inactive => Words {
            title: "Computer does not answer",
            cause: "The connection is set up, but requests to this computer's QuickBooks get no \
                    answer."
                .into(),
            steps: &[
                "In QuickBooks, choose File, then App Management, then Update Web Services.",
                "See that the box Auto-Run is ticked next to your application.",
                "Answer any window that QuickBooks shows.",
            ],
        },
        Code::Broken => Words {
            title: "QuickBooks refuses the connection",
            cause: "QuickBooks is open, but the connection to it fails.".into(),
            steps: &["Follow the message below.", "Then choose “Check now”."],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_person_reads_is_long_or_technical() {
        const JARGON: [&str; 12] = [
            "API",
            "HTTP",
            "token",
            "credential",
            "process",
            "session",
            "backend",
            "provider",
            "keyring",
            "timeout",
            "exception",
            "error",
        ];
        for code in Code::ALL {
            let words = words(&Problem::plain(code));
            assert!(words.title.chars().count() <= 40, "{}: title too long", code.text());
            assert!(!words.steps.is_empty(), "{}: nothing to do", code.text());
            let sentences = words.steps.iter().copied().chain([words.title, &words.cause]);
            for sentence in sentences {
                assert!(sentence.split_whitespace().count() <= 25, "too long: {sentence}");
                let plain = |word: &str| {
                    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
                    !JARGON.iter().any(|jargon| jargon.eq_ignore_ascii_case(word))
                };
                assert!(sentence.split_whitespace().all(plain), "jargon: {sentence}");
            }
        }
    }
}

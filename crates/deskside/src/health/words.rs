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
        Code::Crashed => Words {
            title: "QuickBooks has stopped working",
            cause: "Windows says that QuickBooks has stopped working.".into(),
            steps: &[
                "Close the message from Windows.",
                "Open QuickBooks and your company file again.",
            ],
        },
        Code::Repairing => Words {
            title: "QuickBooks is being repaired",
            cause: "A repair or a check of QuickBooks or its file is going on.".into(),
            steps: &["Let it finish.", "Then open QuickBooks and your company file."],
        },
        Code::QuickBooksNotInstalled => Words {
            title: "QuickBooks is not on this computer",
            cause: "QuickBooks Desktop is not installed on this computer.".into(),
            steps: &["Use Deskside on the computer where you work with QuickBooks Desktop."],
        },
        Code::ElevationMismatch => Words {
            title: "QuickBooks cannot be reached",
            cause: "Only one of QuickBooks and the Web Connector runs as administrator, so they \
                    cannot see each other."
                .into(),
            steps: &[
                "Close QuickBooks and the Web Connector.",
                "Open both again with a normal double-click, not with “Run as administrator”.",
            ],
        },
        Code::LeftoverProcess => Words {
            title: "QuickBooks did not close completely",
            cause: "A part of QuickBooks still runs without a window and is in the way.".into(),
            steps: &[
                "Save your work and close QuickBooks.",
                "Restart this computer.",
                "Open QuickBooks and your company file.",
            ],
        },
        Code::Starting => Words {
            title: "QuickBooks is starting",
            cause: "QuickBooks has been started, and its window is not there yet.".into(),
            steps: &["Wait a few minutes.", "If nothing comes, restart this computer."],
        },
        Code::NotResponding => Words {
            title: "QuickBooks does not respond",
            cause: "QuickBooks is open but does not respond.".into(),
            steps: &[
                "Wait a few minutes: large files take their time.",
                "If it stays so, close QuickBooks and open it again.",
            ],
        },
        Code::SignIn => Words {
            title: "QuickBooks asks you to sign in",
            cause: "QuickBooks is waiting for somebody to sign in.".into(),
            steps: &["Go to QuickBooks and sign in to your company file."],
        },
        Code::WindowBlocking => Words {
            title: "QuickBooks waits for an answer",
            cause: match &problem.arguments.window {
                Some(title) => format!("QuickBooks waits for you in the window “{title}”."),
                None => "QuickBooks waits for you in one of its windows.".into(),
            },
            steps: &["Go to QuickBooks and answer or close that window."],
        },
        Code::NoCompany => Words {
            title: "No company is open",
            cause: "QuickBooks is open, but no company file is.".into(),
            steps: &["In QuickBooks, open your company file and leave it open."],
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
        Code::WebConnectorNotInstalled => Words {
            title: "Web Connector is missing",
            cause: "The QuickBooks Web Connector, which carries the data, is not on this computer."
                .into(),
            steps: &[
                "Search for “QuickBooks Web Connector” on Intuit's support site.",
                "Download it, install it, and open it once.",
            ],
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
        Code::SchemeTaken => Words {
            title: "Links open another program",
            cause: match &problem.arguments.program {
                Some(program) => format!("Links to Deskside open another program: {program}."),
                None => "Links to Deskside open another program.".into(),
            },
            steps: &["Remove the other program, then start Deskside again."],
        },
        Code::WebviewMissing => Words {
            title: "Deskside cannot show its window",
            cause: "A part of Windows that shows windows like this one is missing: the Microsoft \
                    Edge WebView2 Runtime."
                .into(),
            steps: &[
                "Install “WebView2 Runtime” from Microsoft's website.",
                "Start Deskside again.",
            ],
        },
        Code::Sleeps => Words {
            title: "This computer goes to sleep",
            cause: match problem.arguments.minutes {
                Some(1) => {
                    "This computer sleeps after 1 minute without use; no data flows then.".into()
                }
                Some(minutes) => format!(
                    "This computer sleeps after {minutes} minutes without use; no data flows then."
                ),
                None => "This computer sleeps when nobody uses it; no data flows then.".into(),
            },
            steps: &["In Windows' settings for power and sleep, choose “Never” when plugged in."],
        },
        Code::AutostartOff => Words {
            title: "Web Connector does not start by itself",
            cause: "After a restart of this computer nobody starts the Web Connector.".into(),
            steps: &["After each restart, open the Web Connector once."],
        },
        Code::RestartPending => Words {
            title: "Windows wants to restart",
            cause: "Windows waits for a restart, for example to finish an update.".into(),
            steps: &["Save your work and restart this computer when it suits you."],
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
        for code in Code::ALL.iter().copied() {
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

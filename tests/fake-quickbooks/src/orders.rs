//! What the fake programs can be told, as data: an order is a line of JSON, `{"main":{...}}` or
//! `"wake"`.
//!
//! The same types are written by tests and read from a day's file, so the two cannot disagree.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::run::Run;

/// What `fake-quickbooks` obeys. It shows nothing until it is told to, like the copy that
/// QuickBooks' own SDK starts with `-Embedding`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum QuickBooksOrder {
    /// Show the main window, class `MauiFrame`, or change the one that is there.
    Main {
        /// The whole title, for example
        /// `Larch LLC  - Intuit QuickBooks Enterprise Solutions: Accountant 24.0`.
        title: String,
        /// How it lies on the screen. A hidden frame makes the process windowless.
        #[serde(default)]
        shown: Shown,
    },
    /// Show the sign-in window with its password field.
    SignIn {
        /// Where it is: some tools see a window of its own, others a child of the frame.
        place: SignInPlace,
        /// Its title.
        #[serde(default = "sign_in_title")]
        title: String,
    },
    /// Show the screen for "no company open" inside the main window.
    NoCompany,
    /// Show a modal dialog; what it belongs to is disabled until it is closed.
    Dialog {
        /// Its title.
        title: String,
        /// Its window class.
        #[serde(default)]
        class: DialogClass,
        /// The sentence inside it.
        #[serde(default)]
        text: String,
    },
    /// Show a window of any other class: a tool tip, `Afx:...`, a repair tool, a crash report.
    Window {
        /// Its window class.
        class: String,
        /// Its title.
        title: String,
    },
    /// Close what was shown under this title, as a person would, except for the main window.
    Close {
        /// The exact title.
        title: String,
    },
    /// Stop answering the system, from the answer to this order on.
    Hang {
        /// For how long; without it until `wake`.
        #[serde(default)]
        seconds: Option<u32>,
    },
    /// Answer the system again.
    Wake,
    /// End the process, once this order is answered.
    Exit {
        /// Windows' exit code, for example 2147483651 (0x80000003) for the known crash in
        /// `libcef.dll`.
        #[serde(default)]
        code: u32,
    },
}

/// How the main window lies on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Open.
    #[default]
    Open,
    /// In the taskbar; it keeps its title.
    Minimised,
    /// Not at all.
    Hidden,
}

/// Where the sign-in window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInPlace {
    /// Inside the main window.
    Child,
    /// A window of its own. Assumed: modal, as a dialog is.
    Window,
}

/// The two classes that QuickBooks' dialogs are known to have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DialogClass {
    /// A dialog of Windows itself.
    #[default]
    #[serde(rename = "#32770")]
    System,
    /// A dialog of Intuit's own toolkit.
    #[serde(rename = "MauiForm")]
    MauiForm,
}

/// What `fake-web-connector` obeys.
///
/// The registry key is the real one, `HKCU\Software\Intuit\QBWebConnector`. One that a real Web
/// Connector made is refused, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WebConnectorOrder {
    /// Show its window instead of sitting in the tray.
    Show,
    /// Back into the tray: the window is hidden, the process goes on.
    Hide,
    /// Write to this log file from now on; it is made, with its header, if it is missing.
    Log {
        /// Where `QWCLog.txt` is to be.
        path: PathBuf,
        /// The time in the header; now, if it is missing.
        #[serde(default)]
        at: Option<Timestamp>,
        /// The version of the Web Connector: the header prints its first two numbers.
        #[serde(default = "version")]
        version: String,
    },
    /// Begin the log anew, as the file menu does.
    ClearLog {
        /// The time in the header; now, if it is missing.
        #[serde(default)]
        at: Option<Timestamp>,
    },
    /// Set the log's level in the registry. As with the real one it counts from the next start.
    Level(Level),
    /// Add an application, as a double-click on a .QWC file does, or change its values.
    Application {
        /// The subkey's name: `AppName`.
        name: String,
        /// The subkey's text values. No source documents their names, so there are none unless
        /// they are given here.
        #[serde(default)]
        values: BTreeMap<String, String>,
    },
    /// Remove an application.
    RemoveApplication {
        /// `AppName`.
        name: String,
    },
    /// Let an application do one update: log records, and the lock in the registry.
    Run(Box<Run>),
    /// Write what is left of a run that was told to stop somewhere.
    FinishRun,
    /// Set `UpdateLock` alone, for example to what a crash left behind.
    UpdateLock {
        /// `TRUE` or `FALSE`.
        locked: bool,
    },
    /// Remove the whole registry key.
    Forget,
    /// Stop answering the system, from the answer to this order on.
    Hang {
        /// For how long; without it until `wake`.
        #[serde(default)]
        seconds: Option<u32>,
    },
    /// Answer the system again.
    Wake,
    /// End the process, once this order is answered. The registry stays as it is.
    Exit {
        /// Windows' exit code.
        #[serde(default)]
        code: u32,
    },
}

/// How much the Web Connector writes to its log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// No records at all.
    None,
    /// Every record, with each XML document cut short.
    #[default]
    Debug,
    /// Everything.
    Verbose,
}

impl Level {
    /// As the registry and the log's header spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Debug => "DEBUG",
            Self::Verbose => "VERBOSE",
        }
    }

    /// The level of that name; the default for any other.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let known = [Self::None, Self::Debug, Self::Verbose];
        known.into_iter().find(|level| level.name().eq_ignore_ascii_case(name)).unwrap_or_default()
    }
}

/// The answer to an order: one line of standard output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// `{"done":true}`: what was ordered is to be seen now.
    Done {
        /// Always true.
        done: bool,
    },
    /// `{"error":"..."}`: nothing was done, and why.
    Error {
        /// A sentence for whoever gave the order.
        error: String,
    },
}

fn sign_in_title() -> String {
    "QuickBooks Desktop Login".into()
}

/// Seen with QuickBooks Enterprise 2024 R21.
fn version() -> String {
    "34.0.10010.76".into()
}

//! The orders that the fake programs execute. An order is a line of JSON, for example
//! `{"main":{"title":"..."}}` or `"wake"`.
//!
//! Tests serialize the same types that a day's file is parsed into, so the two cannot disagree.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::run::Run;

/// The orders of `fake-quickbooks`. Before the first one it shows nothing, like the process that
/// the QuickBooks SDK starts with `-Embedding`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum QuickBooksOrder {
    /// Shows the main window, class `MauiFrame`, or changes the existing one.
    Main {
        /// The full title, for example
        /// `Larch LLC  - Intuit QuickBooks Enterprise Solutions: Accountant 24.0`.
        title: String,
        /// Whether it is visible. With a hidden main window the process has no visible window.
        #[serde(default)]
        shown: Shown,
    },
    /// Shows the sign-in window with its password field.
    SignIn {
        /// Where it is: some tools report a window of its own, others a child of the main window.
        place: SignInPlace,
        /// Its title.
        #[serde(default = "sign_in_title")]
        title: String,
    },
    /// Shows the screen for "no company open" inside the main window.
    NoCompany,
    /// Shows a modal dialog. Its owner is disabled until it is closed.
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
    /// Shows a window that nothing waits for: a tool tip, `Afx:...`, a repair tool, a crash report; with the
    /// class `MauiForm`, a form of multi-monitor mode or a question for access.
    Window {
        /// Its window class.
        class: String,
        /// Its title.
        title: String,
        /// Whether it has a password field, as preferences have.
        #[serde(default)]
        password: bool,
    },
    /// Closes the window that was shown with this title, as a user would. Does not apply to the
    /// main window.
    Close {
        /// The exact title.
        title: String,
    },
    /// Stops responding to Windows after the answer to this order.
    Hang {
        /// Duration; until `wake` by default.
        #[serde(default)]
        seconds: Option<u32>,
    },
    /// Hides the main window and stops responding until `wake`. This is how a hung program looks once somebody
    /// clicks on it: Windows hides the window and shows a copy that belongs to another process.
    HangHidden,
    /// Responds to Windows again.
    Wake,
    /// Exits after the answer to this order.
    Exit {
        /// The exit code, for example 2147483651 (0x80000003) for the known crash in `libcef.dll`.
        #[serde(default)]
        code: u32,
    },
}

/// Whether the main window is visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Open.
    #[default]
    Open,
    /// Minimized to the taskbar; it keeps its title.
    Minimised,
    /// Not visible.
    Hidden,
}

/// Where the sign-in window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInPlace {
    /// Inside the main window.
    Child,
    /// A window of its own. Assumed: modal, like a dialog.
    Window,
}

/// The two known classes of QuickBooks dialogs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DialogClass {
    /// A standard Windows dialog.
    #[default]
    #[serde(rename = "#32770")]
    System,
    /// A dialog of Intuit's toolkit.
    #[serde(rename = "MauiForm")]
    MauiForm,
}

/// The orders of `fake-web-connector`.
///
/// It uses the real registry key, `HKCU\Software\Intuit\QBWebConnector`. It refuses to start if a
/// real Web Connector created the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WebConnectorOrder {
    /// Shows its window.
    Show,
    /// Hides its window in the tray. The process keeps running.
    Hide,
    /// Sets the log file. It is created with its header if it is missing.
    Log {
        /// The path of `QWCLog.txt`.
        path: PathBuf,
        /// The time in the header; the current time by default.
        #[serde(default)]
        at: Option<Timestamp>,
        /// The version of the Web Connector. The header shows its first two numbers.
        #[serde(default = "version")]
        version: String,
        /// What other programs may do with the file while a record is written.
        #[serde(default)]
        sharing: Sharing,
    },
    /// Clears the log, as the file menu does.
    ClearLog {
        /// The time in the header; the current time by default.
        #[serde(default)]
        at: Option<Timestamp>,
    },
    /// Sets the log level in the registry. As in the real program, it applies after a restart.
    Level(Level),
    /// Adds an application, as a double-click on a .QWC file does, or changes its values.
    Application {
        /// The subkey's name: `AppName`.
        name: String,
        /// The text values of its subkey. No source documents their names, so there are none by
        /// default.
        #[serde(default)]
        values: BTreeMap<String, String>,
    },
    /// Removes an application.
    RemoveApplication {
        /// `AppName`.
        name: String,
    },
    /// Runs one update of an application: log records, and the lock in the registry.
    Run(Box<Run>),
    /// Writes the remaining records of a run with `stop_after`.
    FinishRun,
    /// Sets `UpdateLock` alone, for example as a crash leaves it.
    UpdateLock {
        /// `TRUE` or `FALSE`.
        locked: bool,
    },
    /// Deletes the registry key.
    Forget,
    /// Stops responding to Windows after the answer to this order.
    Hang {
        /// Duration; until `wake` by default.
        #[serde(default)]
        seconds: Option<u32>,
    },
    /// Responds to Windows again.
    Wake,
    /// Exits after the answer to this order. The registry remains unchanged.
    Exit {
        /// The exit code.
        #[serde(default)]
        code: u32,
    },
}

/// What other programs may do with the log while the Web Connector has it open. Which of them the real program
/// allows is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Everything.
    #[default]
    Everything,
    /// Read it: the usual way of a .NET program (`FileShare.Read`).
    Reading,
    /// Nothing (`FileShare.None`). Opening the log fails while another program has it open.
    Nothing,
}

/// The level of the Web Connector's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// No records.
    None,
    /// Every record, with XML documents truncated.
    #[default]
    Debug,
    /// Every record with full XML documents.
    Verbose,
}

impl Level {
    /// Its name in the registry and in the log's header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Debug => "DEBUG",
            Self::Verbose => "VERBOSE",
        }
    }

    /// The level with this name; the default level for any other name.
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
    /// `{"done":true}`: the order is executed and its effect visible.
    Done {
        /// Always true.
        done: bool,
    },
    /// `{"error":"..."}`: the order was not executed.
    Error {
        /// The reason.
        error: String,
    },
}

fn sign_in_title() -> String {
    "QuickBooks Desktop Login".into()
}

/// The version that came with QuickBooks Enterprise 2024 R21.
fn version() -> String {
    "34.0.10010.76".into()
}

//! Shared vocabulary: how severe a problem is, who must act, what can be done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A button of a connection or of the computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Command {
    /// Ask the provider for a query of QuickBooks now.
    Check,
    /// Get a link, first or new, and open it in the browser.
    OpenLink,
    /// Open the link in spite of a failed check.
    GoOn,
    /// Cancel the link that is open or about to be opened.
    CancelLink,
    /// Stop the flow of data and keep the existing data.
    StopSyncing,
    /// Copy a description for support.
    CopyDetails,
    /// Remove this connection; the view says what that means.
    Remove,
    /// Open QuickBooks.
    #[serde(rename = "open_quickbooks")]
    OpenQuickBooks,
    /// Start the Web Connector.
    StartWebConnector,
    /// Open the Web Connector's log.
    OpenLog,
    /// Open the sleep settings of Windows.
    OpenSleepSettings,
}

/// The severity of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It will cause a failure soon, or causes a minor one now.
    Warning,
    /// Data does not flow.
    Blocking,
}

/// Who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Who {
    /// The person at this computer.
    User,
    /// The IT support of this computer.
    It,
    /// The application that uses the data.
    Vendor,
    /// No one; it heals by itself.
    Nobody,
}

/// Whether Deskside starts when the user signs in to the computer, and who decides that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum LoginStart {
    /// It starts; the user can change that.
    On,
    /// It does not start; the user can change that.
    Off,
    /// The user turned it off outside of Deskside, and it can only be turned on there.
    TurnedOffInTaskManager,
    /// The administrator decided.
    ByAdministrator {
        /// Whether it starts.
        on: bool,
    },
    /// Not known.
    #[default]
    CannotTell,
}

/// A page of the window; the pages of `deskside://open/…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Page {
    /// The state of the connections.
    Status,
    /// How to connect.
    Setup,
    /// What was observed on this computer.
    Diagnostics,
    /// What can be changed.
    Settings,
}

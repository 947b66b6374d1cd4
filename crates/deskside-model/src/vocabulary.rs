//! Words that everybody shares: how bad, who must act, what can be done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A button: on a connection, or on what concerns the computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Command {
    /// Ask the provider to reach into QuickBooks now.
    Check,
    /// Get a link and open it in the browser: the first one, or a new one.
    OpenLink,
    /// Open the link although something is not as it should be.
    GoOn,
    /// Give up the link that is out or about to be opened.
    CancelLink,
    /// Let no more data flow, and keep what there is.
    StopSyncing,
    /// Copy a description for support.
    CopyDetails,
    /// Remove this connection; [`ConnectionView::removing`] says what that means.
    Remove,
    /// Open QuickBooks.
    #[serde(rename = "open_quickbooks")]
    OpenQuickBooks,
    /// Start the Web Connector.
    StartWebConnector,
    /// Open the Web Connector's log.
    OpenLog,
    /// Open Windows' settings for sleep.
    OpenSleepSettings,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Will hurt soon, or hurts a little.
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
    /// Whoever looks after this computer.
    It,
    /// The application that asks for the data.
    Vendor,
    /// Nobody; it heals by itself.
    Nobody,
}

/// Whether Deskside starts when the user signs in to the computer, and who decides that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum LoginStart {
    /// It does; the user may change it.
    On,
    /// It does not; the user may change it.
    Off,
    /// The user has switched it off outside of Deskside, and only there it is switched on again.
    TurnedOffInTaskManager,
    /// Whoever looks after this computer has decided.
    ByAdministrator {
        /// It does.
        on: bool,
    },
    /// It could not be looked at.
    #[default]
    CannotTell,
}

/// A page of the window; the words of `deskside://open/…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Page {
    /// How the connections are.
    Status,
    /// How to connect.
    Setup,
    /// What this computer shows.
    Diagnostics,
    /// What can be changed.
    Settings,
}

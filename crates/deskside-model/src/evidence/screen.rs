//! What QuickBooks shows on screen. See docs/sources/quickbooks-desktop.md#windows.

use serde::{Deserialize, Serialize};

use super::Title;

/// What one QuickBooks instance shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Screen {
    /// The parsed title of the main window; `None` while there is none.
    pub main: Option<Title>,
    /// It is asking the user to sign in.
    pub sign_in: bool,
    /// The title of a window that must be answered first; empty if it has no title.
    pub blocking: Option<String>,
    /// It does not respond to input.
    pub hung: bool,
}

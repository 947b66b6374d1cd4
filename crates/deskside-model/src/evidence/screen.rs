//! What QuickBooks shows on the screen.

use serde::{Deserialize, Serialize};

use super::Title;

/// What one QuickBooks shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Screen {
    /// What the main window's title says; `None` while there is no main window yet.
    pub main: Option<Title>,
    /// It asks who is there.
    pub sign_in: bool,
    /// The title of a window that must be answered first; empty when it has none.
    pub blocking: Option<String>,
    /// It does not take what people do.
    pub hung: bool,
}

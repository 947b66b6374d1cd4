//! Windows: a toast in the name of this program.

use tauri_winrt_notification::{Result, Toast};

/// Shows a notification.
///
/// # Errors
/// When Windows refuses it. One that Windows drops silently cannot be told from one that is shown.
pub(crate) fn show(title: &str, body: &str) -> Result<()> {
    Toast::new(deskside::IDENTIFIER).title(title).text1(body).show()
}

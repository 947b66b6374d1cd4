//! Elsewhere: the panel opens the menu itself, and delivers every click.

use std::sync::mpsc::Sender;

use tauri::tray::TrayIcon;

use crate::desk::Order;

/// Nothing is needed.
///
/// # Errors
/// Never, here.
pub(crate) const fn listen(_icon: &TrayIcon, _desk: &Sender<Order>) -> tauri::Result<()> {
    Ok(())
}

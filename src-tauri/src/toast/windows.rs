//! Windows: a toast under this program's name.
//!
//! Clicking it opens one of our links, which works whether or not the program still runs and goes
//! through the same checks as every other link.

use std::path::Path;
use std::{fs, io};

use deskside_model::IDENTIFIER;
use deskside_os::registration;
use windows::UI::Notifications::{
    NotificationSetting, ToastNotification, ToastNotificationManager, ToastTemplateType,
};
use windows::core::{HSTRING, Result, h};
use windows_sys::Win32::UI::Shell::SetCurrentProcessExplicitAppUserModelID;

/// The icon beside the program's name. Windows reads it from a file.
const ICON: &[u8] = include_bytes!("../../../icons/generated/128x128.png");

/// Registers the name for toasts with Windows, once before the first one.
///
/// # Errors
/// When the icon or the registration cannot be written.
pub(crate) fn prepare(folder: &Path) -> io::Result<()> {
    let icon = folder.join("deskside.png");
    if fs::read(&icon).ok().as_deref() != Some(ICON) {
        fs::write(&icon, ICON)?;
    }
    registration::register_notifications(&icon)?;
    let identifier = HSTRING::from(IDENTIFIER);
    #[expect(unsafe_code, reason = "the one call that names this process")]
    // SAFETY: the text ends with a zero and lives until the call returns, which copies it.
    let named = unsafe { SetCurrentProcessExplicitAppUserModelID(identifier.as_ptr()) };
    if named < 0 { Err(io::Error::from_raw_os_error(named)) } else { Ok(()) }
}

/// Shows a notification, which replaces the one before.
///
/// # Errors
/// When Windows refuses it, or the user has switched our notifications off. One that Windows drops
/// silently looks like one that is shown.
pub(crate) fn show(title: &str, body: &str) -> Result<()> {
    let xml = ToastNotificationManager::GetTemplateContent(ToastTemplateType::ToastText02)?;
    let places = xml.GetElementsByTagName(h!("text"))?;
    for (place, text) in [(0, title), (1, body)] {
        let text = xml.CreateTextNode(&HSTRING::from(text))?;
        places.Item(place)?.AppendChild(&text)?;
    }
    let root = xml.DocumentElement()?;
    root.SetAttribute(h!("activationType"), h!("protocol"))?;
    root.SetAttribute(h!("launch"), h!("deskside://open/status"))?;

    let toast = ToastNotification::CreateToastNotification(&xml)?;
    toast.SetTag(h!("status"))?;
    toast.SetGroup(h!("deskside"))?;
    let identifier = HSTRING::from(IDENTIFIER);
    let notifier = ToastNotificationManager::CreateToastNotifierWithId(&identifier)?;
    // Before the first toast Windows may answer with an error.
    match notifier.Setting() {
        Ok(NotificationSetting::Enabled) | Err(_) => notifier.Show(&toast),
        Ok(_) => Err(windows::core::Error::new(ACCESS_DENIED, "notifications are switched off")),
    }
}

/// `E_ACCESSDENIED`.
const ACCESS_DENIED: windows::core::HRESULT = windows::core::HRESULT(0x8007_0005_u32.cast_signed());

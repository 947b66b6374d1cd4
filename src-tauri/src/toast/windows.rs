//! Windows: a toast under this program's name.
//!
//! Clicking it opens one of our links, which works whether or not the program still runs and goes
//! through the same checks as every other link. Where another program opens our links, clicking it
//! does nothing: it must not start that program.

use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use deskside_companion::Toast;
use deskside_health::Code;
use deskside_model::IDENTIFIER;
use deskside_os::registration;
use windows::Foundation::{DateTime, IReference, PropertyValue};
use windows::UI::Notifications::{
    NotificationSetting, ToastNotification, ToastNotificationManager, ToastTemplateType,
};
use windows::core::{HSTRING, Interface, Result, h};
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

/// All our notifications are one group.
const GROUP: &str = "deskside";

/// The tag of good news, of which only the newest stays.
const GOOD_NEWS: &str = "good-news";

/// How long a notification stays in the notification center. A problem that lasts longer stands in
/// the tray and in the window.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// The tag of a notification that was shown.
pub(crate) type Shown = HSTRING;

/// Shows a notification, which replaces an older one about the same problem. A click on it opens our
/// link only if that `opens_us`.
///
/// # Errors
/// When Windows refuses it, or the user has switched our notifications off. One that Windows drops
/// silently looks like one that is shown.
pub(crate) fn show(toast: &Toast, opens_us: bool) -> Result<Shown> {
    let xml = ToastNotificationManager::GetTemplateContent(ToastTemplateType::ToastText02)?;
    let places = xml.GetElementsByTagName(h!("text"))?;
    for (place, text) in [(0, &toast.title), (1, &toast.body)] {
        let text = xml.CreateTextNode(&HSTRING::from(text))?;
        places.Item(place)?.AppendChild(&text)?;
    }
    if opens_us {
        let root = xml.DocumentElement()?;
        root.SetAttribute(h!("activationType"), h!("protocol"))?;
        root.SetAttribute(h!("launch"), h!("deskside://open/status"))?;
    }

    let tag = HSTRING::from(toast.problem.map_or(GOOD_NEWS, Code::text));
    let notification = ToastNotification::CreateToastNotification(&xml)?;
    notification.SetTag(&tag)?;
    notification.SetGroup(&HSTRING::from(GROUP))?;
    let end = PropertyValue::CreateDateTime(windows_time(SystemTime::now(), KEPT_FOR))?;
    notification.SetExpirationTime(&end.cast::<IReference<DateTime>>()?)?;
    let identifier = HSTRING::from(IDENTIFIER);
    let notifier = ToastNotificationManager::CreateToastNotifierWithId(&identifier)?;
    // Before the first toast Windows may answer with an error.
    match notifier.Setting() {
        Ok(NotificationSetting::Enabled) | Err(_) => notifier.Show(&notification).map(|()| tag),
        Ok(_) => Err(windows::core::Error::new(ACCESS_DENIED, "notifications are switched off")),
    }
}

/// Takes a notification back, from the screen and from the notification center.
///
/// # Errors
/// When Windows does not do it.
pub(crate) fn take_back(shown: &Shown) -> Result<()> {
    let history = ToastNotificationManager::History()?;
    history.RemoveGroupedTagWithId(shown, &HSTRING::from(GROUP), &HSTRING::from(IDENTIFIER))
}

/// A moment as Windows counts it: in units of 100 nanoseconds since the year 1601. Source:
/// `DateTime.UniversalTime`, Microsoft Learn.
fn windows_time(now: SystemTime, later: Duration) -> DateTime {
    const FROM_1601_TO_1970: i64 = 116_444_736_000_000_000;
    let since_1970 = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let ticks = i64::try_from(since_1970.saturating_add(later).as_nanos() / 100);
    DateTime { UniversalTime: FROM_1601_TO_1970.saturating_add(ticks.unwrap_or_default()) }
}

/// `E_ACCESSDENIED`.
const ACCESS_DENIED: windows::core::HRESULT = windows::core::HRESULT(0x8007_0005_u32.cast_signed());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moment_is_counted_from_the_year_1601() {
        // 2000-01-01T00:00:00Z.
        let then = SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_799);
        let time = windows_time(then, Duration::from_secs(1)).UniversalTime;
        assert_eq!(time, 125_911_584_000_000_000);
    }
}

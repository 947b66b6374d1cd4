//! Elsewhere: the Desktop Notifications Specification, version 1.2.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use deskside_companion::Toast;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::Value;

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The desktop decides how long a notification stays.
const AS_USUAL: i32 = -1;

/// Nothing is needed: the desktop accepts the name in each notification.
///
/// # Errors
/// Never, here.
pub(crate) fn prepare(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// The number of a notification that was shown.
pub(crate) type Shown = u32;

/// Shows a notification. The desktop does nothing when it is clicked.
///
/// # Errors
/// When there is no session bus, or no notification service on it.
pub(crate) fn show(toast: &Toast, _opens_us: bool) -> zbus::Result<Shown> {
    let service = service()?;
    let can: Vec<String> = service.call("GetCapabilities", &())?;
    let has_markup = can.iter().any(|one| one == "body-markup");
    let body = if has_markup { plain(&toast.body) } else { toast.body.clone() };
    let (replaces, icon) = (0_u32, "deskside");
    let (actions, hints) = (Vec::<&str>::new(), HashMap::<&str, Value<'_>>::new());
    let name = deskside_model::NAME;
    let message = (name, replaces, icon, &toast.title, body, actions, hints, AS_USUAL);
    service.call("Notify", &message)
}

/// Takes a notification back. One that is gone already may count as an error.
///
/// # Errors
/// When the notification service does not do it.
pub(crate) fn take_back(shown: &Shown) -> zbus::Result<()> {
    service()?.call("CloseNotification", shown)
}

fn service() -> zbus::Result<Proxy<'static>> {
    Proxy::new(&Connection::session()?, SERVICE, PATH, SERVICE)
}

/// Escapes a text so that a desktop with markup shows it unchanged.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_name_is_escaped_as_markup() {
        assert_eq!(plain("Larch & <Söhne>"), "Larch &amp; &lt;Söhne&gt;");
    }
}

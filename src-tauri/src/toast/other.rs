//! Elsewhere: the Desktop Notifications Specification, version 1.2.

use std::collections::HashMap;
use std::io;
use std::path::Path;

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

/// Shows a notification.
///
/// # Errors
/// When there is no session bus, or no notification service on it.
pub(crate) fn show(title: &str, body: &str) -> zbus::Result<()> {
    let bus = Connection::session()?;
    let service = Proxy::new(&bus, SERVICE, PATH, SERVICE)?;
    let can: Vec<String> = service.call("GetCapabilities", &())?;
    let body = if can.iter().any(|one| one == "body-markup") { plain(body) } else { body.into() };
    let (replaces, icon) = (0_u32, "deskside");
    let (actions, hints) = (Vec::<&str>::new(), HashMap::<&str, Value<'_>>::new());
    let message = (deskside_model::NAME, replaces, icon, title, body, actions, hints, AS_USUAL);
    service.call::<_, _, u32>("Notify", &message).map(drop)
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

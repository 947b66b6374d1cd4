//! Takes the place of a desktop's panel: accepts the tray icon and reads it, as any panel
//! does, by the StatusNotifierItem and dbusmenu interfaces.

use std::sync::{Arc, Mutex, PoisonError};

use zbus::blocking::{Connection, connection};
use zbus::message::Header;
use zbus::proxy::CacheProperties;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{interface, proxy};

use crate::{Desktop, Outcome, eventually};

/// A panel with one tray.
pub struct Panel {
    bus: Connection,
    items: Arc<Mutex<Vec<String>>>,
}

struct Watcher {
    items: Arc<Mutex<Vec<String>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, path: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        self.items.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{sender} {path}"));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

#[proxy(interface = "org.kde.StatusNotifierItem", gen_async = false)]
trait Item {
    #[zbus(property)]
    fn icon_name(&self) -> zbus::Result<String>;
    #[zbus(property)]
    fn menu(&self) -> zbus::Result<zbus::zvariant::OwnedObjectPath>;
}

type Node = (i32, std::collections::HashMap<String, OwnedValue>, Vec<OwnedValue>);

#[proxy(interface = "com.canonical.dbusmenu", gen_async = false)]
trait Menu {
    fn get_layout(&self, parent: i32, depth: i32, names: &[&str]) -> zbus::Result<(u32, Node)>;
    fn event(&self, id: i32, event: &str, data: &Value<'_>, timestamp: u32) -> zbus::Result<()>;
}

impl Panel {
    /// Starts a panel on a desktop.
    ///
    /// # Errors
    /// When the desktop has no bus, or a panel already.
    pub fn start(desktop: &Desktop) -> Outcome<Self> {
        let items = Arc::new(Mutex::new(Vec::new()));
        let bus = connection::Builder::address(desktop.bus_address().ok_or("no bus")?)?
            .serve_at("/StatusNotifierWatcher", Watcher { items: Arc::clone(&items) })?
            .name("org.kde.StatusNotifierWatcher")?
            .build()?;
        Ok(Self { bus, items })
    }

    fn item(&self) -> Outcome<(ItemProxy<'static>, MenuProxy<'static>)> {
        let item = eventually("a tray icon", || {
            Ok(self.items.lock().unwrap_or_else(PoisonError::into_inner).last().cloned())
        })?;
        let (sender, path) = item.split_once(' ').ok_or("no sender")?;
        let (sender, path) = (sender.to_owned(), path.to_owned());
        let item = ItemProxy::builder(&self.bus).destination(sender.clone())?.path(path)?;
        let item = item.cache_properties(CacheProperties::No).build()?;
        let menu = item.menu()?;
        let menu = MenuProxy::builder(&self.bus).destination(sender)?.path(menu)?.build()?;
        Ok((item, menu))
    }

    /// The picture that the tray shows, as the bytes of its file.
    ///
    /// # Errors
    /// When there is no tray icon.
    pub fn icon(&self) -> Outcome<Vec<u8>> {
        let (item, _) = self.item()?;
        Ok(std::fs::read(item.icon_name()?)?)
    }

    /// The lines of the tray's menu.
    ///
    /// # Errors
    /// When there is no tray icon.
    pub fn menu(&self) -> Outcome<Vec<String>> {
        Ok(self.entries()?.into_iter().map(|(_, label)| label).collect())
    }

    /// Waits until the menu begins with these words: the tray is drawn a moment after the rest.
    ///
    /// # Errors
    /// When it does not; with what it says instead.
    pub fn says(&self, words: &str) -> Outcome {
        eventually(&format!("the tray says {words:?}"), || {
            let menu = self.menu()?;
            let first = menu.first().ok_or("an empty menu")?;
            if first == words { Ok(Some(())) } else { Err(format!("it says {first:?}").into()) }
        })
    }

    /// Chooses an entry of the menu.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn choose(&self, wanted: &str) -> Outcome {
        let entries = self.entries()?;
        let entry = entries.iter().find(|(_, label)| label == wanted);
        let (id, _) = entry.ok_or_else(|| format!("no {wanted:?} in {entries:?}"))?;
        let (_, menu) = self.item()?;
        Ok(menu.event(*id, "clicked", &Value::from(""), 0)?)
    }

    fn entries(&self) -> Outcome<Vec<(i32, String)>> {
        let (_, menu) = self.item()?;
        let (_, (_, _, children)) = menu.get_layout(0, -1, &["label"])?;
        let mut entries = Vec::new();
        for child in children {
            let (id, properties, _): Node = child.try_into()?;
            if let Some(label) = properties.get("label") {
                entries.push((id, String::try_from(label.try_clone()?)?));
            }
        }
        Ok(entries)
    }
}

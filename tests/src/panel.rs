//! Stands where a desktop's panel would be: takes in the tray icon and reads it, as any panel
//! does, by the StatusNotifierItem and dbusmenu interfaces.

use std::sync::{Arc, Mutex, PoisonError};

use zbus::message::Header;
use zbus::proxy::CacheProperties;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, interface, proxy};

use crate::{Desktop, Play, eventually};

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

#[proxy(interface = "org.kde.StatusNotifierItem")]
trait Item {
    #[zbus(property)]
    fn icon_name(&self) -> zbus::Result<String>;
    #[zbus(property)]
    fn menu(&self) -> zbus::Result<zbus::zvariant::OwnedObjectPath>;
}

type Node = (i32, std::collections::HashMap<String, OwnedValue>, Vec<OwnedValue>);

#[proxy(interface = "com.canonical.dbusmenu")]
trait Menu {
    fn get_layout(&self, parent: i32, depth: i32, names: &[&str]) -> zbus::Result<(u32, Node)>;
    fn event(&self, id: i32, event: &str, data: &Value<'_>, timestamp: u32) -> zbus::Result<()>;
}

impl Panel {
    /// Starts a panel on a desktop.
    ///
    /// # Errors
    /// When the desktop has no bus, or a panel already.
    pub async fn start(desktop: &Desktop) -> Play<Self> {
        let items = Arc::new(Mutex::new(Vec::new()));
        let bus = zbus::connection::Builder::address(desktop.bus_address().ok_or("no bus")?)?
            .serve_at("/StatusNotifierWatcher", Watcher { items: Arc::clone(&items) })?
            .name("org.kde.StatusNotifierWatcher")?
            .build()
            .await?;
        Ok(Self { bus, items })
    }

    async fn item(&self) -> Play<(ItemProxy<'static>, MenuProxy<'static>)> {
        let item = eventually("a tray icon", async || {
            Ok(self.items.lock().unwrap_or_else(PoisonError::into_inner).last().cloned())
        })
        .await?;
        let (sender, path) = item.split_once(' ').ok_or("no sender")?;
        let (sender, path) = (sender.to_owned(), path.to_owned());
        let item = ItemProxy::builder(&self.bus).destination(sender.clone())?.path(path)?;
        let item = item.cache_properties(CacheProperties::No).build().await?;
        let menu = item.menu().await?;
        let menu = MenuProxy::builder(&self.bus).destination(sender)?.path(menu)?.build().await?;
        Ok((item, menu))
    }

    /// The picture that the tray shows, as the bytes of its file.
    ///
    /// # Errors
    /// When there is no tray icon.
    pub async fn icon(&self) -> Play<Vec<u8>> {
        let (item, _) = self.item().await?;
        Ok(std::fs::read(item.icon_name().await?)?)
    }

    /// The lines of the tray's menu.
    ///
    /// # Errors
    /// When there is no tray icon.
    pub async fn menu(&self) -> Play<Vec<String>> {
        Ok(self.entries().await?.into_iter().map(|(_, label)| label).collect())
    }

    /// Waits until the menu begins with these words: the tray is drawn a moment after the rest.
    ///
    /// # Errors
    /// When it does not; with what it says instead.
    pub async fn says(&self, words: &str) -> Play {
        eventually(&format!("the tray says {words:?}"), async || {
            let menu = self.menu().await?;
            let first = menu.first().ok_or("an empty menu")?;
            if first == words { Ok(Some(())) } else { Err(format!("it says {first:?}").into()) }
        })
        .await
    }

    /// Chooses an entry of the menu.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn choose(&self, wanted: &str) -> Play {
        let entries = self.entries().await?;
        let entry = entries.iter().find(|(_, label)| label == wanted);
        let (id, _) = entry.ok_or_else(|| format!("no {wanted:?} in {entries:?}"))?;
        let (_, menu) = self.item().await?;
        Ok(menu.event(*id, "clicked", &Value::from(""), 0).await?)
    }

    async fn entries(&self) -> Play<Vec<(i32, String)>> {
        let (_, menu) = self.item().await?;
        let (_, (_, _, children)) = menu.get_layout(0, -1, &["label"]).await?;
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

//! The Web Connector's settings in the registry of one Windows user.

use std::collections::BTreeMap;
use std::io;

use crate::orders::Level;

#[cfg_attr(windows, path = "settings/windows.rs")]
#[cfg_attr(not(windows), path = "settings/other.rs")]
mod platform;

/// The key `HKCU\Software\Intuit\QBWebConnector`, if it was created here.
#[derive(Debug)]
pub struct Settings {
    key: platform::Key,
}

impl Settings {
    /// Opens the key, or creates it with the real program's defaults.
    ///
    /// Assumed: both values are text.
    ///
    /// # Errors
    /// If the key exists but was not created here, or the registry refuses.
    pub fn open() -> io::Result<Self> {
        let settings = Self { key: platform::Key::open()? };
        if settings.key.text("Level").is_none() {
            settings.set_level(Level::default())?;
            settings.set_lock(false)?;
        }
        Ok(settings)
    }

    /// The level of the log.
    #[must_use]
    pub fn level(&self) -> Level {
        self.key.text("Level").map_or_else(Level::default, |name| Level::named(&name))
    }

    /// Sets the level.
    ///
    /// # Errors
    /// If the registry refuses.
    pub fn set_level(&self, level: Level) -> io::Result<()> {
        self.key.set_text("Level", level.name())
    }

    /// Sets whether an update is running.
    ///
    /// # Errors
    /// If the registry refuses.
    pub fn set_lock(&self, locked: bool) -> io::Result<()> {
        self.key.set_text("UpdateLock", if locked { "TRUE" } else { "FALSE" })
    }

    /// Adds an application, or values to an existing one.
    ///
    /// # Errors
    /// If the registry refuses.
    pub fn add(&self, application: &str, values: &BTreeMap<String, String>) -> io::Result<()> {
        self.key.add(application, values)
    }

    /// Removes an application.
    ///
    /// # Errors
    /// If there is none of that name, or the registry refuses.
    pub fn remove(&self, application: &str) -> io::Result<()> {
        self.key.remove(application)
    }

    /// Deletes the key.
    ///
    /// # Errors
    /// If the registry refuses.
    pub fn delete(&self) -> io::Result<()> {
        self.key.delete()
    }
}

//! Windows: the real key, with a mark in it. A key without the mark belongs to a real Web
//! Connector, on the computer of someone who would miss it.

use std::collections::BTreeMap;
use std::io;

use windows_registry::CURRENT_USER;

const PATH: &str = r"Software\Intuit\QBWebConnector";
const MARK: &str = "MadeBy";
const US: &str = "deskside-fake-quickbooks";

#[derive(Debug)]
pub(super) struct Key(windows_registry::Key);

impl Key {
    pub(super) fn open() -> io::Result<Self> {
        if let Ok(key) = CURRENT_USER.open(PATH)
            && key.get_string(MARK).ok().as_deref() != Some(US)
        {
            return Err(io::Error::other(
                "A real Web Connector is set up for this Windows user: nothing is touched.",
            ));
        }
        let key = CURRENT_USER.create(PATH)?;
        key.set_string(MARK, US)?;
        Ok(Self(key))
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get_string(name).ok()
    }

    pub(super) fn set_text(&self, name: &str, text: &str) -> io::Result<()> {
        Ok(self.0.set_string(name, text)?)
    }

    pub(super) fn add(&self, name: &str, values: &BTreeMap<String, String>) -> io::Result<()> {
        let application = self.0.create(name)?;
        for (name, text) in values {
            application.set_string(name, text)?;
        }
        Ok(())
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        Ok(self.0.remove_tree(name)?)
    }

    pub(super) fn forget(&self) -> io::Result<()> {
        Ok(CURRENT_USER.remove_tree(PATH)?)
    }
}

//! Windows: the real key with a value that marks it as ours. A key without this value belongs to a
//! real Web Connector and must not be changed.

use std::collections::BTreeMap;
use std::io;

use windows_registry::CURRENT_USER;

const PATH: &str = r"Software\Intuit\QBWebConnector";
const OWNER_VALUE: &str = "MadeBy";
const OWNER: &str = "deskside-fake-quickbooks";

#[derive(Debug)]
pub(super) struct Key(windows_registry::Key);

impl Key {
    pub(super) fn open() -> io::Result<Self> {
        if let Ok(key) = CURRENT_USER.open(PATH)
            && key.get_string(OWNER_VALUE).ok().as_deref() != Some(OWNER)
        {
            return Err(io::Error::other(
                "A real Web Connector is set up for this Windows user. Nothing was changed.",
            ));
        }
        let key = CURRENT_USER.create(PATH)?;
        key.set_string(OWNER_VALUE, OWNER)?;
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

    pub(super) fn delete(&self) -> io::Result<()> {
        Ok(CURRENT_USER.remove_tree(PATH)?)
    }
}

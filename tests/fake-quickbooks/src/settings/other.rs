//! Other systems than Windows have no registry: nothing is stored and the defaults apply.

use std::collections::BTreeMap;
use std::io;

#[derive(Debug)]
pub(super) struct Key;

impl Key {
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn text(&self, _name: &str) -> Option<String> {
        None
    }

    pub(super) fn set_text(&self, _name: &str, _text: &str) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn add(&self, _name: &str, _values: &BTreeMap<String, String>) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn remove(&self, _name: &str) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn delete(&self) -> io::Result<()> {
        Ok(())
    }
}

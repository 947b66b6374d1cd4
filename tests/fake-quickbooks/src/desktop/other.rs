//! Anywhere but on Windows this is a process without windows, which obeys `exit` alone.

use std::io;

use super::Frame;
use crate::orders::QuickBooksOrder;

#[derive(Debug)]
pub(super) struct Desktop;

impl Desktop {
    pub(super) fn start(_frame: Frame) -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn obey(&self, _order: QuickBooksOrder) -> io::Result<()> {
        Err(io::Error::other("QuickBooks' windows can be shown on Windows only."))
    }
}

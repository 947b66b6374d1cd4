//! On other systems than Windows the program has no windows and executes only `exit`.

use std::io;

use super::MainWindow;
use crate::orders::QuickBooksOrder;

#[derive(Debug)]
pub(super) struct Desktop;

impl Desktop {
    pub(super) fn start(_main_window: MainWindow) -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn obey(&self, _order: QuickBooksOrder) -> io::Result<()> {
        Err(io::Error::other("QuickBooks windows can be shown on Windows only."))
    }
}

//! The windows of one fake program. They run on a thread of their own, so that they can hang while
//! the program still reads orders.

#[cfg_attr(windows, path = "desktop/windows.rs")]
#[cfg_attr(not(windows), path = "desktop/other.rs")]
mod platform;

use std::io;

use crate::orders::QuickBooksOrder;

/// The kind of main window that a program has.
#[derive(Clone, Copy, Debug)]
pub struct MainWindow {
    /// Its window class.
    pub class: &'static str,
    /// The title of a main window that exists from the start but is hidden.
    pub hidden_title: Option<&'static str>,
}

/// The main window of QuickBooks, which an order creates.
pub const QUICKBOOKS: MainWindow = MainWindow { class: "MauiFrame", hidden_title: None };

/// The windows of a program.
#[derive(Debug)]
pub struct Desktop(platform::Desktop);

impl Desktop {
    /// Starts the thread of the windows.
    ///
    /// # Errors
    /// If the thread or the hidden main window cannot be created.
    pub fn start(main_window: MainWindow) -> io::Result<Self> {
        platform::Desktop::start(main_window).map(Self)
    }

    /// Executes an order. The order `exit` is the program's own and has no effect here.
    ///
    /// # Errors
    /// If this system cannot show windows, if there is no such window, or if the windows hang and
    /// the order is not `wake`.
    pub fn obey(&self, order: QuickBooksOrder) -> io::Result<()> {
        self.0.obey(order)
    }
}

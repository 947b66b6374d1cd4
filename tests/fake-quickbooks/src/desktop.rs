//! The windows of one fake program, on a thread of their own: they can hang while orders are still
//! read.

#[cfg_attr(windows, path = "desktop/windows.rs")]
#[cfg_attr(not(windows), path = "desktop/other.rs")]
mod platform;

use std::io;

use crate::orders::QuickBooksOrder;

/// The main window's nature.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Its window class.
    pub class: &'static str,
    /// The title of a main window that is there from the start, hidden.
    pub hidden_title: Option<&'static str>,
}

/// The main window of QuickBooks, which appears when it is ordered.
pub const QUICKBOOKS: Frame = Frame { class: "MauiFrame", hidden_title: None };

/// What a program shows.
#[derive(Debug)]
pub struct Desktop(platform::Desktop);

impl Desktop {
    /// Starts the windows' thread.
    ///
    /// # Errors
    /// When the thread or the hidden main window cannot be made.
    pub fn start(frame: Frame) -> io::Result<Self> {
        platform::Desktop::start(frame).map(Self)
    }

    /// Carries out an order. `exit` is not its business and changes nothing.
    ///
    /// # Errors
    /// When nothing can be shown here, when there is no such window, or when the windows hang and
    /// the order is not `wake`.
    pub fn obey(&self, order: QuickBooksOrder) -> io::Result<()> {
        self.0.obey(order)
    }
}

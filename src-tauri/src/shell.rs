//! The companion's shell: it passes every order to the desk and does not wait.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use deskside_companion::{Toast, View};
use deskside_model::{Page, Secret};
use deskside_os::registration;
use deskside_runtime::Shell;

use crate::desk::Order;

/// Passes orders to the desk.
pub(crate) struct DeskShell {
    desk: Sender<Order>,
}

impl DeskShell {
    pub(crate) const fn new(desk: Sender<Order>) -> Self {
        Self { desk }
    }

    fn order(&self, order: Order) {
        if self.desk.send(order).is_err() {
            tracing::error!("the desk has ended");
        }
    }
}

impl Shell for DeskShell {
    fn draw(&mut self, view: &View) {
        self.order(Order::Draw(Box::new(view.clone())));
    }

    fn open_browser(
        &mut self,
        link: Arc<Secret>,
    ) -> impl Future<Output = Result<(), String>> + Send + 'static {
        deskside_runtime::open_browser(link)
    }

    fn open_window(&mut self, page: Page) {
        self.order(Order::OpenWindow(page));
    }

    fn toast(&mut self, toast: &Toast) {
        self.order(Order::Toast(toast.clone()));
    }

    fn program(&self) -> Option<PathBuf> {
        registration::app()
    }
}

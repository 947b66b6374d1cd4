//! Elsewhere: WebKitGTK says when the process of a page has ended.

use std::sync::mpsc::Sender;

use tauri::webview::WebviewWindow;
use webkit2gtk::WebViewExt;

use crate::desk::Order;

/// Tells the desk when the page of this window dies.
///
/// # Errors
/// When the window is gone already.
pub(crate) fn watch(window: &WebviewWindow, orders: Sender<Order>) -> tauri::Result<()> {
    window.with_webview(move |webview| {
        webview.inner().connect_web_process_terminated(move |_, reason| {
            tracing::error!(?reason, "the page's process has ended");
            if orders.send(Order::PageDied).is_err() {
                tracing::debug!("the desk has ended");
            }
        });
    })
}

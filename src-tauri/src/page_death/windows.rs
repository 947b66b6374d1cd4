//! Windows: WebView2 says when a process of a page has ended. Not every process matters: the others
//! are started again by WebView2 itself.

use std::sync::mpsc::Sender;

use tauri::webview::{PlatformWebview, WebviewWindow};
use webview2_com::Microsoft::Web::WebView2::Win32::{
    COREWEBVIEW2_PROCESS_FAILED_KIND, COREWEBVIEW2_PROCESS_FAILED_KIND_BROWSER_PROCESS_EXITED,
    COREWEBVIEW2_PROCESS_FAILED_KIND_RENDER_PROCESS_EXITED,
};
use webview2_com::ProcessFailedEventHandler;

use crate::desk::Order;

/// Tells the desk when the page of this window dies.
///
/// # Errors
/// When the window is gone already.
pub(crate) fn watch(window: &WebviewWindow, orders: Sender<Order>) -> tauri::Result<()> {
    window.with_webview(move |webview| {
        if let Err(why) = listen(&webview, orders) {
            tracing::warn!(%why, "a dead page will be noticed at the next click only");
        }
    })
}

#[expect(unsafe_code, reason = "WebView2 is reached through COM alone")]
fn listen(webview: &PlatformWebview, orders: Sender<Order>) -> windows::core::Result<()> {
    let handler = ProcessFailedEventHandler::create(Box::new(move |_, failure| {
        let mut kind = COREWEBVIEW2_PROCESS_FAILED_KIND::default();
        if let Some(failure) = failure {
            // SAFETY: called on the thread of the webview, and `kind` outlives the call.
            unsafe { failure.ProcessFailedKind(&raw mut kind)? };
        }
        tracing::error!(kind = kind.0, "a process of the page has ended");
        let is_page = kind == COREWEBVIEW2_PROCESS_FAILED_KIND_BROWSER_PROCESS_EXITED
            || kind == COREWEBVIEW2_PROCESS_FAILED_KIND_RENDER_PROCESS_EXITED;
        if is_page && orders.send(Order::PageDied).is_err() {
            tracing::debug!("the desk has ended");
        }
        Ok(())
    }));
    let mut token = 0;
    // SAFETY: called on the thread of the webview; the handler counts its own references.
    unsafe { webview.controller().CoreWebView2()?.add_ProcessFailed(&handler, &raw mut token) }
}

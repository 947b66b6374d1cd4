//! Windows: a message box on the calling thread.

use deskside_model::{NAME, Secret};
use deskside_runtime::alert::{self, NoWindow};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    IDRETRY, IDYES, MB_ICONERROR, MB_ICONWARNING, MB_OK, MB_RETRYCANCEL, MB_SETFOREGROUND,
    MB_YESNO, MESSAGEBOX_RESULT, MESSAGEBOX_STYLE, MessageBoxW,
};

/// Microsoft's download page of the runtime for end users.
const DOWNLOAD_PAGE: &str = "https://developer.microsoft.com/microsoft-edge/webview2/consumer/";

/// Shows why the program ends, and waits until the user closes the message.
pub(crate) fn it_ends(why: &str) {
    show(&alert::cannot_start_because(why), MB_OK | MB_ICONERROR);
}

/// Shows why there is no window, waits for the answer, and opens the download page if the user
/// wants it.
pub(crate) fn no_window(why: &NoWindow) {
    if show(&why.question(), MB_YESNO | MB_ICONWARNING) != IDYES {
        return;
    }
    if let Err(kind) = deskside_os::launch::link(&Secret::new(DOWNLOAD_PAGE.into())) {
        tracing::warn!(%kind, "the download page could not be opened");
    }
}

/// Says why a clicked link has not arrived. True if the user wants to try again, however often it was
/// tried.
pub(crate) fn link_waits(why: &str, _tries: u32) -> bool {
    show(&alert::link_waits(why), MB_RETRYCANCEL | MB_ICONWARNING) == IDRETRY
}

fn show(text: &str, style: MESSAGEBOX_STYLE) -> MESSAGEBOX_RESULT {
    let (text, title) = (wide(text), wide(NAME));
    let style = style | MB_SETFOREGROUND;
    #[expect(unsafe_code, reason = "the one call that shows a message without a window")]
    // SAFETY: both texts end with a zero and live until the call returns; there is no owner.
    unsafe {
        MessageBoxW(std::ptr::null_mut(), text.as_ptr(), title.as_ptr(), style)
    }
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain(std::iter::once(0)).collect()
}

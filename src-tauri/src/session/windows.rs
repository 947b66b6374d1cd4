//! Windows: a hidden window, because only top-level windows receive these messages.
//!
//! Tauri's event loop ends the process as soon as Windows ends the session. So everything is
//! done when Windows asks *whether* it may end, which it asks every window first.

use std::cell::RefCell;
use std::io;
use std::ptr::null_mut;
use std::sync::mpsc;
use std::time::Duration;

use deskside_companion::Input;
use deskside_runtime::{Inbox, Message};
use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Power::RegisterSuspendResumeNotification;
use windows_sys::Win32::System::RemoteDesktop::{
    NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DEVICE_NOTIFY_WINDOW_HANDLE, DefWindowProcW, DispatchMessageW, GetMessageW,
    MSG, PBT_APMRESUMEAUTOMATIC, PBT_APMSUSPEND, RegisterClassW, WM_ENDSESSION, WM_POWERBROADCAST,
    WM_QUERYENDSESSION, WM_WTSSESSION_CHANGE, WNDCLASSW, WTS_SESSION_LOCK, WTS_SESSION_UNLOCK,
};
use windows_sys::core::w;

/// A little more than the companion needs at most. Windows waits about 2 seconds before it sleeps,
/// and 5 seconds at the end of a session.
const PATIENCE: Duration = Duration::from_millis(1_800);

thread_local! {
    /// Windows calls back without a context; this thread has one window and one companion.
    static INBOX: RefCell<Option<Inbox>> = const { RefCell::new(None) };
}

/// Notifies the companion when the session ends, the computer sleeps or wakes, or the screen is
/// locked.
///
/// # Errors
/// When no thread can be started.
pub(crate) fn listen(inbox: Inbox) -> io::Result<()> {
    let serve = move || {
        INBOX.set(Some(inbox));
        if let Err(why) = serve() {
            tracing::warn!(%why, "the end of the session will not be noticed");
        }
    };
    std::thread::Builder::new().name("session".into()).spawn(serve).map(drop)
}

fn serve() -> io::Result<()> {
    let window = make_window()?;
    #[expect(unsafe_code, reason = "asking for session messages, and waiting for messages")]
    // SAFETY: the window was just made by this thread; `message` is ours and outlives each call.
    unsafe {
        if WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION) == 0 {
            let why = io::Error::last_os_error();
            tracing::info!(%why, "a locked screen will not be noticed");
        }
        // With Modern Standby only windows that asked for it are told.
        if RegisterSuspendResumeNotification(window, DEVICE_NOTIFY_WINDOW_HANDLE) == 0 {
            let why = io::Error::last_os_error();
            tracing::info!(%why, "sleep will be noticed by the clocks alone");
        }
        let mut message = MSG::default();
        while GetMessageW(&raw mut message, null_mut(), 0, 0) > 0 {
            DispatchMessageW(&raw const message);
        }
    }
    Ok(())
}

/// Top-level and never shown. A message-only window receives no broadcasts.
fn make_window() -> io::Result<HWND> {
    let name = w!("DesksideMessages");
    #[expect(unsafe_code, reason = "windows are made by calls that take raw pointers")]
    // SAFETY: the name is static, the class lives through its call, and `answer` is a function.
    let window = unsafe {
        let instance = GetModuleHandleW(std::ptr::null());
        let class = WNDCLASSW {
            lpfnWndProc: Some(answer),
            hInstance: instance,
            lpszClassName: name,
            ..WNDCLASSW::default()
        };
        if RegisterClassW(&raw const class) == 0 {
            return Err(io::Error::last_os_error());
        }
        let none = null_mut();
        CreateWindowExW(0, name, name, 0, 0, 0, 0, 0, none, none, instance, std::ptr::null())
    };
    if window.is_null() { Err(io::Error::last_os_error()) } else { Ok(window) }
}

extern "system" fn answer(window: HWND, message: u32, what: WPARAM, more: LPARAM) -> LRESULT {
    let what_small = u32::try_from(what).unwrap_or(u32::MAX);
    match message {
        // 1 allows the end. If the session does not end after all, the early reports do no harm.
        WM_QUERYENDSESSION => {
            flush();
            1
        }
        WM_ENDSESSION => {
            if what != 0 {
                tell(Message::Quit);
            }
            0
        }
        WM_POWERBROADCAST => {
            match what_small {
                PBT_APMSUSPEND => flush(),
                PBT_APMRESUMEAUTOMATIC => tell(Message::Input(Input::Resumed)),
                _ => {}
            }
            1
        }
        WM_WTSSESSION_CHANGE => {
            match what_small {
                WTS_SESSION_LOCK => tell(Message::Input(Input::Locked(true))),
                WTS_SESSION_UNLOCK => tell(Message::Input(Input::Locked(false))),
                _ => {}
            }
            0
        }
        #[expect(unsafe_code, reason = "the default handling of a window message")]
        // SAFETY: passes on exactly the arguments from Windows.
        _ => unsafe { DefWindowProcW(window, message, what, more) },
    }
}

/// Lets the companion send its waiting reports.
fn flush() {
    let (done, is_done) = mpsc::channel();
    tell(Message::Flush(done));
    if is_done.recv_timeout(PATIENCE).is_err() {
        tracing::warn!("the companion did not finish in time");
    }
}

fn tell(message: Message) {
    INBOX.with_borrow(|inbox| {
        let Some(inbox) = inbox else { return };
        if let Err(why) = inbox.try_send(message) {
            tracing::warn!(%why, "the companion was not notified");
        }
    });
}

//! Windows: clicks on the tray icon where Windows does not say where the icon is.
//!
//! tray-icon 0.25.1 drops every mouse message, that for the menu included, when
//! `Shell_NotifyIconGetRect` fails. Wine never answers that call, and Windows was seen to refuse it,
//! for instance over Remote Desktop. So this listens on the icon's hidden window as well, and acts
//! only where the library does not.

use std::io;
use std::sync::OnceLock;
use std::sync::mpsc::Sender;

use tauri::menu::{ContextMenu, Menu};
use tauri::tray::TrayIcon;
use tauri::{AppHandle, Wry};
use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, POINT, RECT, S_OK, WPARAM};
use windows_sys::Win32::UI::Shell::{
    DefSubclassProc, NOTIFYICONIDENTIFIER, SetWindowSubclass, Shell_NotifyIconGetRect,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    GetCursorPos, HMENU, PostMessageW, SetForegroundWindow, TPM_BOTTOMALIGN, TPM_LEFTALIGN,
    TrackPopupMenu, WM_LBUTTONUP, WM_NULL, WM_RBUTTONUP,
};

use crate::desk::Order;

/// The message by which the taskbar tells the library of the mouse. Source: `WM_USER_TRAYICON` of
/// tray-icon 0.25.1. Its numbers are the icon's and the mouse message's.
const MOUSE: u32 = 6002;

/// Tells this listener from others on the same window.
const LISTENER: usize = 1;

static DESK: OnceLock<Sender<Order>> = OnceLock::new();

/// Listens on the hidden window of an icon, for as long as it exists.
///
/// # Errors
/// When the window is gone.
#[expect(unsafe_code, reason = "only the system can pass on a window's messages")]
pub(crate) fn listen(icon: &TrayIcon, desk: &Sender<Order>) -> tauri::Result<()> {
    DESK.get_or_init(|| desk.clone());
    let heard = icon.with_inner_tray_icon(|icon| {
        // SAFETY: the window lives as long as the icon, this is the thread that made it, and `hear`
        // needs no data.
        unsafe { SetWindowSubclass(icon.window_handle(), Some(hear), LISTENER, 0) }
    })?;
    if heard == 0 { Err(io::Error::last_os_error().into()) } else { Ok(()) }
}

#[expect(unsafe_code, reason = "called by Windows")]
unsafe extern "system" fn hear(
    window: HWND,
    message: u32,
    wparam: WPARAM,
    lparam: LPARAM,
    _listener: usize,
    _data: usize,
) -> LRESULT {
    if message == MOUSE
        && let Some(order) = order_of(lparam)
        && !has_place(window, wparam)
        && let Some(desk) = DESK.get()
        && desk.send(order).is_err()
    {
        tracing::error!("the desk has ended");
    }
    // SAFETY: passes on what Windows passed to this function.
    unsafe { DefSubclassProc(window, message, wparam, lparam) }
}

/// What a mouse message on the icon asks for.
fn order_of(mouse: LPARAM) -> Option<Order> {
    match u32::try_from(mouse).ok()? {
        WM_LBUTTONUP => Some(Order::Summon),
        WM_RBUTTONUP => Some(Order::OpenMenu),
        _ => None,
    }
}

/// True where Windows says where the icon is, so that the library acts.
#[expect(unsafe_code, reason = "the taskbar has no safe interface")]
fn has_place(window: HWND, number: WPARAM) -> bool {
    let icon = NOTIFYICONIDENTIFIER {
        cbSize: u32::try_from(size_of::<NOTIFYICONIDENTIFIER>()).unwrap_or_default(),
        hWnd: window,
        uID: u32::try_from(number).unwrap_or_default(),
        ..NOTIFYICONIDENTIFIER::default()
    };
    let mut place = RECT::default();
    // SAFETY: reads one structure and writes the other; both outlive the call.
    unsafe { Shell_NotifyIconGetRect(&icon, &mut place) == S_OK }
}

/// Opens the menu where the mouse is. Returns before a line is chosen.
///
/// # Errors
/// When the program ends.
pub(crate) fn open_menu(app: &AppHandle, icon: &TrayIcon, menu: &Menu<Wry>) -> tauri::Result<()> {
    let handle = menu.hpopupmenu()?;
    let (icon, menu) = (icon.clone(), menu.clone());
    app.run_on_main_thread(move || {
        let opened = icon.with_inner_tray_icon(move |icon| track(icon.window_handle(), handle));
        if let Err(why) = opened {
            tracing::warn!(%why, "the tray's menu could not be opened");
        }
        // Neither may end before its window and its handle are used.
        drop((icon, menu));
    })
}

/// As the library does it: the window must be in front, or a click elsewhere would not close the
/// menu; and a message must follow. Source: `TrackPopupMenu`, Microsoft Learn, "Remarks".
#[expect(unsafe_code, reason = "menus at the mouse have no safe interface")]
fn track(window: HWND, menu: isize) {
    let mut mouse = POINT::default();
    let menu: HMENU = std::ptr::with_exposed_provenance_mut(menu.cast_unsigned());
    // SAFETY: the window and the menu live as long as the icon and the menu of the caller, and this
    // is their thread; `mouse` is written by the first call.
    unsafe {
        GetCursorPos(&mut mouse);
        SetForegroundWindow(window);
        let place = TPM_BOTTOMALIGN | TPM_LEFTALIGN;
        TrackPopupMenu(menu, place, mouse.x, mouse.y, 0, window, std::ptr::null());
        PostMessageW(window, WM_NULL, 0, 0);
    }
}

//! The calls to Windows, each behind a function that is safe to call on the windows' thread.

#![expect(unsafe_code, reason = "windows cannot be made without calling Windows")]

use std::io;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{
    ERROR_CLASS_ALREADY_EXISTS, GetLastError, HWND, LPARAM, LRESULT, WPARAM,
};
use windows_sys::Win32::Graphics::Gdi::{COLOR_BTNFACE, HBRUSH};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::System::Threading::GetCurrentThreadId;
use windows_sys::Win32::UI::Input::KeyboardAndMouse::EnableWindow;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    BN_CLICKED, BS_DEFPUSHBUTTON, CreateDialogIndirectParamW, CreateWindowExW, DLGTEMPLATE,
    DS_MODALFRAME, DefWindowProcW, DestroyWindow, DispatchMessageW, ES_AUTOHSCROLL, ES_PASSWORD,
    GW_OWNER, GetMessageW, GetWindow, HMENU, IDOK, IsWindow, MSG, PM_NOREMOVE, PeekMessageW,
    PostThreadMessageW, RegisterClassW, SW_HIDE, SW_SHOWMINNOACTIVE, SW_SHOWNOACTIVATE,
    SWP_NOACTIVATE, SWP_NOZORDER, SetWindowPos, SetWindowTextW, ShowWindow, TranslateMessage,
    WM_APP, WM_CLOSE, WM_COMMAND, WNDCLASSW, WS_BORDER, WS_CAPTION, WS_CHILD, WS_OVERLAPPEDWINDOW,
    WS_POPUP, WS_SYSMENU, WS_TABSTOP, WS_VISIBLE,
};

use crate::orders::Shown;

/// A thread that takes the system's messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadId(u32);

/// The thread that calls this. From here on messages can be posted to it.
pub(super) fn current_thread() -> ThreadId {
    let mut message = MSG::default();
    // SAFETY: the message outlives the call; looking makes Windows set up the thread's queue.
    unsafe { PeekMessageW(&raw mut message, null_mut(), 0, 0, PM_NOREMOVE) };
    // SAFETY: it takes nothing and cannot fail.
    ThreadId(unsafe { GetCurrentThreadId() })
}

/// Has [`pump`] call back on that thread.
pub(super) fn wake(ThreadId(thread): ThreadId) -> io::Result<()> {
    // SAFETY: plain numbers; a thread that is gone is an error.
    check(unsafe { PostThreadMessageW(thread, WM_APP, 0, 0) })
}

/// Takes the system's messages for ever, and calls back after each: a wake-up that Windows drops,
/// as it does while a person drags a window, is made good by the next message.
pub(super) fn pump(mut after_each: impl FnMut()) {
    let mut message = MSG::default();
    // SAFETY: the message outlives the call.
    while unsafe { GetMessageW(&raw mut message, null_mut(), 0, 0) } > 0 {
        // SAFETY: it is the message that Windows just filled in.
        unsafe { TranslateMessage(&raw const message) };
        // SAFETY: as above.
        unsafe { DispatchMessageW(&raw const message) };
        after_each();
    }
}

/// A place within a parent, or on the screen, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
}

impl Area {
    const FRAME: Self = Self { left: 60, top: 60, width: 900, height: 600 };
    const DIALOG: Self = Self { left: 240, top: 220, width: 460, height: 200 };
    /// Inside the main window.
    pub(super) const PANE: Self = Self { left: 200, top: 120, width: 460, height: 200 };
    const LABEL: Self = Self { left: 20, top: 20, width: 410, height: 50 };
    const FIELD: Self = Self { left: 20, top: 75, width: 200, height: 24 };
    const BUTTON: Self = Self { left: 340, top: 115, width: 90, height: 28 };
}

/// A window that was made here. It may have been closed since.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window(HWND);

impl Window {
    /// A window without an owner.
    pub(super) fn top_level(class: &str, title: &str) -> io::Result<Self> {
        register(class)?;
        create(class, title, WS_OVERLAPPEDWINDOW, Area::FRAME, null_mut(), 0)
    }

    /// A dialog of Intuit's own toolkit.
    pub(super) fn owned(owner: Option<Self>, title: &str) -> io::Result<Self> {
        register("MauiForm")?;
        let style = WS_POPUP | WS_CAPTION | WS_SYSMENU;
        create("MauiForm", title, style, Area::DIALOG, handle(owner), 0)
    }

    /// A window within another.
    pub(super) fn child(parent: Self, class: &str, title: &str, area: Area) -> io::Result<Self> {
        register(class)?;
        create(class, title, WS_CHILD | WS_BORDER, area, parent.0, 0)
    }

    /// A dialog of Windows itself, class `#32770`.
    pub(super) fn system_dialog(owner: Option<Self>, title: &str) -> io::Result<Self> {
        let head = DLGTEMPLATE {
            style: WS_POPUP | WS_CAPTION | WS_SYSMENU | DS_MODALFRAME.cast_unsigned(),
            ..DLGTEMPLATE::default()
        };
        let template = EmptyDialog { head, menu: 0, class: 0, title: 0 };
        // SAFETY: the template is complete and aligned, and Windows copies what it needs.
        let window = Self(made(unsafe {
            let template = (&raw const template).cast();
            CreateDialogIndirectParamW(module(), template, handle(owner), Some(answer_dialog), 0)
        })?);
        let Area { left, top, width, height } = Area::DIALOG;
        let flags = SWP_NOZORDER | SWP_NOACTIVATE;
        // SAFETY: the window was made above.
        check(unsafe { SetWindowPos(window.0, null_mut(), left, top, width, height, flags) })?;
        window.set_title(title)?;
        Ok(window)
    }

    pub(super) fn add_label(self, text: &str) -> io::Result<()> {
        create("STATIC", text, WS_CHILD | WS_VISIBLE, Area::LABEL, self.0, 0).map(drop)
    }

    pub(super) fn add_password_field(self) -> io::Result<()> {
        let edit = (ES_PASSWORD | ES_AUTOHSCROLL).cast_unsigned();
        let style = WS_CHILD | WS_VISIBLE | WS_BORDER | WS_TABSTOP | edit;
        create("EDIT", "", style, Area::FIELD, self.0, 0).map(drop)
    }

    /// A button that closes the window.
    pub(super) fn add_button(self, text: &str) -> io::Result<()> {
        let style = WS_CHILD | WS_VISIBLE | WS_TABSTOP | BS_DEFPUSHBUTTON.cast_unsigned();
        create("BUTTON", text, style, Area::BUTTON, self.0, IDOK).map(drop)
    }

    pub(super) fn set_title(self, title: &str) -> io::Result<()> {
        // SAFETY: the text ends with a zero and outlives the call.
        check(unsafe { SetWindowTextW(self.0, wide(title).as_ptr()) })
    }

    /// Shows it without taking the keyboard from whatever the person is doing.
    pub(super) fn show(self, shown: Shown) {
        let how = match shown {
            Shown::Open => SW_SHOWNOACTIVATE,
            Shown::Minimised => SW_SHOWMINNOACTIVE,
            Shown::Hidden => SW_HIDE,
        };
        // SAFETY: a window that is gone is an error, which is to be seen from outside.
        unsafe { ShowWindow(self.0, how) };
    }

    /// Lets it take clicks and keys, or not: `WS_DISABLED`.
    pub(super) fn enable(self, enabled: bool) {
        // SAFETY: a window that is gone is an error, which is to be seen from outside.
        unsafe { EnableWindow(self.0, enabled.into()) };
    }

    pub(super) fn exists(self) -> bool {
        // SAFETY: any value is allowed.
        unsafe { IsWindow(self.0) != 0 }
    }

    /// Closes it, once what it belongs to can be used again.
    pub(super) fn close(self) {
        // SAFETY: a window that is gone has no owner.
        let owner = unsafe { GetWindow(self.0, GW_OWNER) };
        if !owner.is_null() {
            Self(owner).enable(true);
        }
        // SAFETY: all windows are made, and closed, on this thread.
        unsafe { DestroyWindow(self.0) };
    }
}

/// A dialog's description with nothing in it; Windows wants it aligned to four bytes.
#[repr(C, align(4))]
struct EmptyDialog {
    head: DLGTEMPLATE,
    menu: u16,
    class: u16,
    title: u16,
}

fn create(
    class: &str,
    title: &str,
    style: u32,
    area: Area,
    parent: HWND,
    control: i32,
) -> io::Result<Window> {
    let (class, title) = (wide(class), wide(title));
    let Area { left, top, width, height } = area;
    // For a child window this argument is a number, in the clothes of a menu.
    let control = control as isize as HMENU;
    // SAFETY: both texts end with a zero and outlive the call; the parent is null or ours.
    let window = unsafe {
        CreateWindowExW(
            0,
            class.as_ptr(),
            title.as_ptr(),
            style,
            left,
            top,
            width,
            height,
            parent,
            control,
            module(),
            null(),
        )
    };
    made(window).map(Window)
}

/// Makes a class known; one that is known already stays as it is.
fn register(class: &str) -> io::Result<()> {
    let name = wide(class);
    let description = WNDCLASSW {
        lpfnWndProc: Some(answer_window),
        hInstance: module(),
        // Windows' own convention for "the system's colour for this".
        hbrBackground: (COLOR_BTNFACE + 1) as isize as HBRUSH,
        lpszClassName: name.as_ptr(),
        ..WNDCLASSW::default()
    };
    // SAFETY: the description and its name outlive the call.
    let atom = unsafe { RegisterClassW(&raw const description) };
    // SAFETY: it takes nothing.
    if atom == 0 && unsafe { GetLastError() } != ERROR_CLASS_ALREADY_EXISTS {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn module() -> *mut core::ffi::c_void {
    // SAFETY: null asks for this program itself.
    unsafe { GetModuleHandleW(null()) }
}

/// How our own classes answer the system: as any window does, except that they close the way
/// dialogs do.
unsafe extern "system" fn answer_window(
    window: HWND,
    message: u32,
    wide: WPARAM,
    long: LPARAM,
) -> LRESULT {
    if is_closing(message, wide) {
        Window(window).close();
        return 0;
    }
    // SAFETY: everything is passed on as it came.
    unsafe { DefWindowProcW(window, message, wide, long) }
}

/// The same for a dialog of Windows itself, which does the rest when it hears 0.
unsafe extern "system" fn answer_dialog(
    window: HWND,
    message: u32,
    wide: WPARAM,
    _long: LPARAM,
) -> isize {
    if is_closing(message, wide) {
        Window(window).close();
        return 1;
    }
    0
}

/// The title bar's cross, or the OK button: low word its number, high word what happened to it.
fn is_closing(message: u32, wide: WPARAM) -> bool {
    let (control, event) = (wide & 0xFFFF, wide >> 16);
    let is_ok = control == IDOK as usize && event == BN_CLICKED as usize;
    message == WM_CLOSE || (message == WM_COMMAND && is_ok)
}

fn handle(window: Option<Window>) -> HWND {
    window.map_or(null_mut(), |Window(window)| window)
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

fn made(window: HWND) -> io::Result<HWND> {
    if window.is_null() { Err(io::Error::last_os_error()) } else { Ok(window) }
}

fn check(answer: i32) -> io::Result<()> {
    if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

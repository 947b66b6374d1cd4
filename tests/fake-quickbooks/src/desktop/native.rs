//! The calls to Windows, each behind a function that is safe to call on the thread of the windows.

#![expect(unsafe_code, reason = "windows cannot be created without calling Windows")]

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

/// A thread that processes Windows messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadId(u32);

/// The calling thread. From now on messages can be posted to it.
pub(super) fn current_thread() -> ThreadId {
    let mut message = MSG::default();
    // SAFETY: the message outlives the call; peeking makes Windows create the thread's queue.
    unsafe { PeekMessageW(&raw mut message, null_mut(), 0, 0, PM_NOREMOVE) };
    // SAFETY: the call has no arguments and cannot fail.
    ThreadId(unsafe { GetCurrentThreadId() })
}

/// Makes [`pump`] call back on that thread.
pub(super) fn wake(ThreadId(thread): ThreadId) -> io::Result<()> {
    // SAFETY: all arguments are numbers; a thread that has ended is an error.
    check(unsafe { PostThreadMessageW(thread, WM_APP, 0, 0) })
}

/// Processes messages forever and calls back after each one. Windows drops a wake-up while the user
/// drags a window; the callback after the next message makes up for it.
pub(super) fn pump(mut after_each: impl FnMut()) {
    let mut message = MSG::default();
    // SAFETY: the message outlives the call.
    while unsafe { GetMessageW(&raw mut message, null_mut(), 0, 0) } > 0 {
        // SAFETY: Windows has just filled in the message.
        unsafe { TranslateMessage(&raw const message) };
        // SAFETY: as above.
        unsafe { DispatchMessageW(&raw const message) };
        after_each();
    }
}

/// An area within a parent or on the screen, in pixels.
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

/// A window that was created here. It may be closed by now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window(HWND);

impl Window {
    /// Creates a window without an owner.
    pub(super) fn top_level(class: &str, title: &str) -> io::Result<Self> {
        register(class)?;
        create(class, title, WS_OVERLAPPEDWINDOW, Area::FRAME, null_mut(), 0)
    }

    /// Creates a dialog of Intuit's toolkit.
    pub(super) fn owned(owner: Option<Self>, title: &str) -> io::Result<Self> {
        register("MauiForm")?;
        let style = WS_POPUP | WS_CAPTION | WS_SYSMENU;
        create("MauiForm", title, style, Area::DIALOG, handle(owner), 0)
    }

    /// Creates a window inside another.
    pub(super) fn child(parent: Self, class: &str, title: &str, area: Area) -> io::Result<Self> {
        register(class)?;
        create(class, title, WS_CHILD | WS_BORDER, area, parent.0, 0)
    }

    /// Creates a standard Windows dialog, class `#32770`.
    pub(super) fn system_dialog(owner: Option<Self>, title: &str) -> io::Result<Self> {
        let head = DLGTEMPLATE {
            style: WS_POPUP | WS_CAPTION | WS_SYSMENU | DS_MODALFRAME.cast_unsigned(),
            ..DLGTEMPLATE::default()
        };
        let template = EmptyDialog { head, menu: 0, class: 0, title: 0 };
        // SAFETY: the template is complete and aligned, and Windows copies it.
        let window = Self(non_null(unsafe {
            let template = (&raw const template).cast();
            CreateDialogIndirectParamW(module(), template, handle(owner), Some(dialog_procedure), 0)
        })?);
        let Area { left, top, width, height } = Area::DIALOG;
        let flags = SWP_NOZORDER | SWP_NOACTIVATE;
        // SAFETY: the window was created above.
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

    /// Adds a button that closes the window.
    pub(super) fn add_button(self, text: &str) -> io::Result<()> {
        let style = WS_CHILD | WS_VISIBLE | WS_TABSTOP | BS_DEFPUSHBUTTON.cast_unsigned();
        create("BUTTON", text, style, Area::BUTTON, self.0, IDOK).map(drop)
    }

    pub(super) fn set_title(self, title: &str) -> io::Result<()> {
        // SAFETY: the text ends with a null character and outlives the call.
        check(unsafe { SetWindowTextW(self.0, wide(title).as_ptr()) })
    }

    /// Shows it without taking the keyboard focus.
    pub(super) fn show(self, shown: Shown) {
        let how = match shown {
            Shown::Open => SW_SHOWNOACTIVATE,
            Shown::Minimised => SW_SHOWMINNOACTIVE,
            Shown::Hidden => SW_HIDE,
        };
        // SAFETY: a closed window is an error, which tests see from outside.
        unsafe { ShowWindow(self.0, how) };
    }

    /// Enables or disables input: `WS_DISABLED`.
    pub(super) fn enable(self, enabled: bool) {
        // SAFETY: a closed window is an error, which tests see from outside.
        unsafe { EnableWindow(self.0, enabled.into()) };
    }

    pub(super) fn exists(self) -> bool {
        // SAFETY: every value is valid.
        unsafe { IsWindow(self.0) != 0 }
    }

    /// Enables its owner and closes it.
    pub(super) fn close(self) {
        // SAFETY: a closed window has no owner.
        let owner = unsafe { GetWindow(self.0, GW_OWNER) };
        if !owner.is_null() {
            Self(owner).enable(true);
        }
        // SAFETY: all windows are created and closed on this thread.
        unsafe { DestroyWindow(self.0) };
    }
}

/// A dialog template without controls; Windows requires an alignment of four bytes.
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
    // For a child window this argument is not a menu but the number of the control.
    let control = control as isize as HMENU;
    // SAFETY: both texts end with a null character and outlive the call; the parent is null or ours.
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
    non_null(window).map(Window)
}

/// Registers a window class unless it is registered already.
fn register(class: &str) -> io::Result<()> {
    let name = wide(class);
    let description = WNDCLASSW {
        lpfnWndProc: Some(window_procedure),
        hInstance: module(),
        // Windows' convention for a system color.
        hbrBackground: (COLOR_BTNFACE + 1) as isize as HBRUSH,
        lpszClassName: name.as_ptr(),
        ..WNDCLASSW::default()
    };
    // SAFETY: the description and its name outlive the call.
    let atom = unsafe { RegisterClassW(&raw const description) };
    // SAFETY: the call has no arguments.
    if atom == 0 && unsafe { GetLastError() } != ERROR_CLASS_ALREADY_EXISTS {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn module() -> *mut core::ffi::c_void {
    // SAFETY: null stands for this program.
    unsafe { GetModuleHandleW(null()) }
}

/// The window procedure of our classes: the default one, except that they close like dialogs.
unsafe extern "system" fn window_procedure(
    window: HWND,
    message: u32,
    wide: WPARAM,
    long: LPARAM,
) -> LRESULT {
    if is_closing(message, wide) {
        Window(window).close();
        return 0;
    }
    // SAFETY: all arguments are passed on unchanged.
    unsafe { DefWindowProcW(window, message, wide, long) }
}

/// The same for standard dialogs, where 0 stands for the default procedure.
unsafe extern "system" fn dialog_procedure(
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

/// Whether the message comes from the close button or the OK button. The low word is the number of
/// the control, the high word the notification.
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

fn non_null(window: HWND) -> io::Result<HWND> {
    if window.is_null() { Err(io::Error::last_os_error()) } else { Ok(window) }
}

fn check(result: i32) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

//! What is on the screen: top-level windows, the taskbar and its icons, by the system's own calls.

use std::path::Path;

use windows_sys::Win32::Foundation::{CloseHandle, GENERIC_ALL, HWND, LPARAM, TRUE};
use windows_sys::Win32::System::StationsAndDesktops::{
    CloseDesktop, CreateDesktopW, HDESK, SetThreadDesktop,
};
use windows_sys::Win32::System::Threading::{CreateProcessW, PROCESS_INFORMATION, STARTUPINFOW};
use windows_sys::Win32::UI::Shell::{NIM_DELETE, NIM_MODIFY, NOTIFYICONDATAW, Shell_NotifyIconW};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    EnumWindows, FindWindowW, GWL_EXSTYLE, GetClassNameW, GetWindowLongPtrW, GetWindowTextW,
    GetWindowThreadProcessId, IsWindowVisible, PostMessageW, RegisterWindowMessageW,
    SMTO_ABORTIFHUNG, SendMessageTimeoutW, WM_LBUTTONUP, WM_RBUTTONUP, WS_EX_LAYERED,
    WS_EX_TRANSPARENT,
};
use windows_sys::core::{BOOL, PCWSTR, w};

use crate::Outcome;

/// The taskbar's window class in every shell.
const TASKBAR: PCWSTR = w!("Shell_TrayWnd");

/// The library behind the tray icon numbers its icons, starting at one.
const ICON_NUMBERS: std::ops::Range<u32> = 0..16;

/// The message by which that library wants to hear of the mouse.
const MOUSE: u32 = 6002;

/// The style of a window that is neither drawn nor clicked on.
const GLASS: isize = (WS_EX_LAYERED | WS_EX_TRANSPARENT).cast_signed() as isize;

/// A window that has no parent.
#[derive(Clone, Debug)]
pub struct Window {
    handle: HWND,
    /// The number of its process.
    pub process: u32,
    /// Its class.
    pub class: String,
    /// Its title.
    pub title: String,
    /// Whether anything of it can be seen: the libraries below the app have windows that count as
    /// visible but are transparent.
    pub can_be_seen: bool,
}

impl Window {
    #[expect(unsafe_code, reason = "windows have no safe interface")]
    fn of(handle: HWND) -> Self {
        let mut process = 0;
        // SAFETY: the handle of a window that is gone is refused, and `process` is ours.
        let (is_visible, style) = unsafe {
            GetWindowThreadProcessId(handle, &mut process);
            (IsWindowVisible(handle) != 0, GetWindowLongPtrW(handle, GWL_EXSTYLE))
        };
        let is_glass = style & GLASS == GLASS;
        // SAFETY: writes no more than so many letters.
        let class = text(|to, room| unsafe { GetClassNameW(handle, to, room) });
        // SAFETY: as above.
        let title = text(|to, room| unsafe { GetWindowTextW(handle, to, room) });
        Self { handle, process, class, title, can_be_seen: is_visible && !is_glass }
    }

    /// Sends it a message and returns the window's answer.
    ///
    /// # Errors
    /// When the window is gone or does not answer within ten seconds.
    #[expect(unsafe_code, reason = "windows have no safe interface")]
    pub fn send(&self, message: u32, wparam: usize, lparam: isize) -> Outcome<usize> {
        let mut answer = 0;
        // SAFETY: numbers only, and a place for the answer that outlives the call.
        let taken = unsafe {
            let patience = 10_000;
            let how = SMTO_ABORTIFHUNG;
            SendMessageTimeoutW(self.handle, message, wparam, lparam, how, patience, &mut answer)
        };
        if taken == 0 { Err(std::io::Error::last_os_error().into()) } else { Ok(answer) }
    }
}

/// Reads a text of up to 255 letters.
fn text(read: impl FnOnce(*mut u16, i32) -> i32) -> String {
    let mut letters = [0_u16; 256];
    let length = usize::try_from(read(letters.as_mut_ptr(), 256)).unwrap_or_default();
    String::from_utf16_lossy(letters.get(..length).unwrap_or_default())
}

/// Every window that has no parent, shown or not.
///
/// # Errors
/// When there is no desktop.
#[expect(unsafe_code, reason = "windows have no safe interface")]
pub fn top_level_windows() -> Outcome<Vec<Window>> {
    let mut found: Vec<HWND> = Vec::new();
    // SAFETY: `collect` gets the list back and is done with it when the call returns.
    let listed =
        unsafe { EnumWindows(Some(collect), (&raw mut found).expose_provenance() as LPARAM) };
    if listed == 0 {
        return Err(std::io::Error::last_os_error().into());
    }
    Ok(found.into_iter().map(Window::of).collect())
}

#[expect(unsafe_code, reason = "called by Windows")]
unsafe extern "system" fn collect(window: HWND, list: LPARAM) -> BOOL {
    // SAFETY: the list of `top_level_windows`, which waits for us.
    let list =
        unsafe { &mut *std::ptr::with_exposed_provenance_mut::<Vec<HWND>>(list.cast_unsigned()) };
    list.push(window);
    TRUE
}

/// A button of the mouse.
#[derive(Clone, Copy, Debug)]
pub enum MouseButton {
    /// The one that opens.
    Left,
    /// The one for the menu.
    Right,
}

/// An icon in the taskbar's tray.
#[derive(Clone, Debug)]
pub struct TrayIcon {
    owner: Window,
    number: u32,
}

impl TrayIcon {
    /// Finds the icon of a process; `None` when it has none.
    ///
    /// Asks the taskbar to change nothing about the icon, which it refuses for an icon that does not
    /// exist: there is no call that lists them.
    ///
    /// # Errors
    /// When there is no desktop.
    pub fn of(process: u32) -> Outcome<Option<Self>> {
        let owners = top_level_windows()?.into_iter().filter(|one| one.process == process);
        let mut icons = owners.flat_map(|owner| {
            ICON_NUMBERS.map(move |number| Self { owner: owner.clone(), number })
        });
        Ok(icons.find(|icon| icon.ask(NIM_MODIFY)))
    }

    /// Removes the icon and announces a new taskbar to its owner, which is what the owner sees of a
    /// shell that has crashed.
    ///
    /// # Errors
    /// When the icon is not there, or its owner does not answer.
    #[expect(unsafe_code, reason = "the taskbar has no safe interface")]
    pub fn lose(&self) -> Outcome {
        if !self.ask(NIM_DELETE) || self.ask(NIM_MODIFY) {
            return Err("the icon was not taken away".into());
        }
        // SAFETY: the text ends with a zero and lives until the call returns.
        let message = unsafe { RegisterWindowMessageW(w!("TaskbarCreated")) };
        self.owner.send(message, 0, 0).map(drop)
    }

    /// Removes the icon without telling its owner.
    ///
    /// # Errors
    /// When the icon is not there.
    pub fn take_away(&self) -> Outcome {
        if !self.ask(NIM_DELETE) || self.ask(NIM_MODIFY) {
            return Err("the icon was not taken away".into());
        }
        Ok(())
    }

    /// Tells the owner that the mouse was released over the icon, as the taskbar does.
    ///
    /// # Errors
    /// When the owner is gone.
    #[expect(unsafe_code, reason = "windows have no safe interface")]
    pub fn click(&self, button: MouseButton) -> Outcome {
        let mouse = match button {
            MouseButton::Left => WM_LBUTTONUP,
            MouseButton::Right => WM_RBUTTONUP,
        };
        let (number, mouse) = (usize::try_from(self.number)?, isize::try_from(mouse)?);
        // SAFETY: numbers only, and the handle of a window that is gone is refused.
        if unsafe { PostMessageW(self.owner.handle, MOUSE, number, mouse) } == 0 {
            return Err(std::io::Error::last_os_error().into());
        }
        Ok(())
    }

    #[expect(unsafe_code, reason = "the taskbar has no safe interface")]
    fn ask(&self, what: u32) -> bool {
        let icon = NOTIFYICONDATAW {
            cbSize: u32::try_from(size_of::<NOTIFYICONDATAW>()).unwrap_or_default(),
            hWnd: self.owner.handle,
            uID: self.number,
            ..NOTIFYICONDATAW::default()
        };
        // SAFETY: reads the structure during the call, which says how large it is.
        unsafe { Shell_NotifyIconW(what, &icon) != 0 }
    }
}

/// True when there is a taskbar.
#[must_use]
#[expect(unsafe_code, reason = "windows have no safe interface")]
pub fn has_taskbar() -> bool {
    // SAFETY: the name ends with a zero and lives until the call returns.
    !unsafe { FindWindowW(TASKBAR, std::ptr::null()) }.is_null()
}

/// A separate desktop. Windows puts no taskbar on it; Wine starts one as soon as the first
/// program runs there.
pub struct OtherDesktop {
    name: Vec<u16>,
    handle: HDESK,
}

// SAFETY: the handle is a number that every thread of this process may use.
#[expect(unsafe_code, reason = "a pointer that points to nothing of ours")]
unsafe impl Sync for OtherDesktop {}

impl OtherDesktop {
    /// Makes one.
    ///
    /// # Errors
    /// When it cannot be made.
    #[expect(unsafe_code, reason = "desktops have no safe interface")]
    pub fn make(name: &str) -> Outcome<Self> {
        let name: Vec<u16> = name.encode_utf16().chain([0]).collect();
        let (none, nothing) = (std::ptr::null(), std::ptr::null());
        // SAFETY: the name ends with a zero and lives until the call returns.
        let handle = unsafe {
            CreateDesktopW(name.as_ptr(), none, nothing, 0, GENERIC_ALL, std::ptr::null())
        };
        if handle.is_null() {
            return Err(std::io::Error::last_os_error().into());
        }
        Ok(Self { name, handle })
    }

    /// Starts a program there and returns its process number.
    ///
    /// # Errors
    /// When it cannot be started.
    #[expect(unsafe_code, reason = "the standard library knows of one desktop only")]
    pub fn start(&self, program: &Path, arguments: &str) -> Outcome<u32> {
        let line = format!("\"{}\" {arguments}", program.display());
        let mut line: Vec<u16> = line.encode_utf16().chain([0]).collect();
        let startup = STARTUPINFOW {
            cb: u32::try_from(size_of::<STARTUPINFOW>()).unwrap_or_default(),
            lpDesktop: self.name.as_ptr().cast_mut(),
            ..STARTUPINFOW::default()
        };
        let mut process = PROCESS_INFORMATION::default();
        let null = std::ptr::null();
        // SAFETY: every text ends with a zero and lives until the call returns, as do the two
        // structures; Windows may write into the line, which is ours.
        let started = unsafe {
            let (line, out) = (line.as_mut_ptr(), &raw mut process);
            CreateProcessW(
                null,
                line,
                null.cast(),
                null.cast(),
                0,
                0,
                null.cast(),
                null,
                &startup,
                out,
            )
        };
        if started == 0 {
            return Err(std::io::Error::last_os_error().into());
        }
        // SAFETY: both are ours now and used nowhere else.
        unsafe {
            CloseHandle(process.hThread);
            CloseHandle(process.hProcess);
        }
        Ok(process.dwProcessId)
    }

    /// Runs `look` on this desktop instead of the usual one.
    ///
    /// # Errors
    /// When that is not possible, and what `look` complains about.
    #[expect(unsafe_code, reason = "desktops have no safe interface")]
    pub fn look<T: Send>(&self, look: impl FnOnce() -> Outcome<T> + Send) -> Outcome<T> {
        // Only a thread without windows may switch to another desktop.
        let there = || {
            // SAFETY: the handle lives as long as `self`.
            if unsafe { SetThreadDesktop(self.handle) } == 0 {
                return Err(std::io::Error::last_os_error().into());
            }
            look()
        };
        std::thread::scope(|scope| {
            scope.spawn(there).join().map_err(|_| "the look panicked".into()).flatten()
        })
    }
}

impl Drop for OtherDesktop {
    #[expect(unsafe_code, reason = "desktops have no safe interface")]
    fn drop(&mut self) {
        // SAFETY: ours, and not used any more.
        unsafe { CloseDesktop(self.handle) };
    }
}

//! The windows on our own desktop, read without sending messages to their programs.
//!
//! Windows itself stores class, style and title of every window. Reading them cannot block on a program
//! that hangs, and no program notices it. docs/sources/platform.md#other-programs-windows
#![expect(unsafe_code, reason = "windows are listed only through Win32")]

use std::collections::BTreeMap;

use windows_sys::Win32::Foundation::{HWND, LPARAM};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    ES_PASSWORD, EnumChildWindows, EnumWindows, GW_OWNER, GWL_STYLE, GetClassNameW, GetShellWindow,
    GetWindow, GetWindowLongPtrW, GetWindowThreadProcessId, InternalGetWindowText, IsHungAppWindow,
    IsWindowVisible, WS_DISABLED,
};
use windows_sys::core::BOOL;

use super::describe_last_error;
use crate::probe::screen::{self, ChildWindow, Window};
use crate::wide;

/// How many windows of one process are read; QuickBooks has a few dozen.
/// docs/sources/quickbooks-desktop.md#windows
const WINDOWS: usize = 200;
/// How many child windows of one process are read; QuickBooks has hundreds.
const CHILDREN: usize = 2_000;
/// The longest class name with its zero. docs/sources/platform.md#other-programs-windows
const CLASS: usize = 257;
/// How much of a title is read; the longest ones of QuickBooks have about 150 characters.
const TITLE: usize = 512;

/// The windows of these processes on our own desktop. Every requested process is in the result, with an
/// empty list if it has no windows.
///
/// # Errors
/// When there is no desktop.
pub(crate) fn windows_of(pids: &[u32]) -> Result<BTreeMap<u32, Vec<Window>>, String> {
    let mut found: BTreeMap<u32, Vec<HWND>> = pids.iter().map(|pid| (*pid, Vec::new())).collect();
    let listed = each_top_level(&mut |window| {
        let windows = found.get_mut(&owner(window));
        if let Some(windows) = windows.filter(|windows| windows.len() < WINDOWS) {
            windows.push(window);
        }
        true
    });
    if !listed {
        return Err(describe_last_error("no windows are shown"));
    }
    Ok(found.into_iter().map(|(pid, windows)| (pid, describe(&windows))).collect())
}

fn describe(windows: &[HWND]) -> Vec<Window> {
    let mut left = CHILDREN;
    windows.iter().map(|window| describe_one(*window, &mut left)).collect()
}

/// Describes a window. The content of an invisible one is not read, because the user cannot act on it. Whether
/// it hangs is asked of QuickBooks' own windows in any case: Windows hides a hung window that somebody clicks.
fn describe_one(window: HWND, left: &mut usize) -> Window {
    let (visible, class) = (is_visible(window), class(window));
    Window {
        hung: (visible || screen::is_quickbooks(&class)) && is_hung(window),
        class,
        title: title(window),
        visible,
        enabled: is_enabled(window),
        disables_its_owner: belongs_to(window).is_some_and(|owner| !is_enabled(owner)),
        inside: if visible { inside(window, left) } else { Vec::new() },
    }
}

/// The visible child windows that have a title or are password fields.
fn inside(window: HWND, left: &mut usize) -> Vec<ChildWindow> {
    let mut parts = Vec::new();
    each_inside(window, &mut |child| {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        let part = is_visible(child).then(|| part(child));
        parts.extend(part.filter(|part| *part != ChildWindow::default()));
        true
    });
    parts
}

fn part(window: HWND) -> ChildWindow {
    // This style bit has this meaning only for edit controls, including Intuit's.
    // docs/sources/platform.md#other-programs-windows
    let hides_text = style(window) & ES_PASSWORD.cast_unsigned() != 0;
    if hides_text && class(window).to_ascii_lowercase().contains("edit") {
        return ChildWindow { is_password: true, ..ChildWindow::default() };
    }
    ChildWindow { title: title(window), ..ChildWindow::default() }
}

/// True if this session has a shell, such as Explorer, which owns the desktop and starts programs at sign-in.
pub(super) fn has_shell() -> bool {
    // SAFETY: takes nothing.
    unsafe { !GetShellWindow().is_null() }
}

/// True if the windows could be listed.
fn each_top_level(mut each: &mut dyn FnMut(HWND) -> bool) -> bool {
    // SAFETY: the address of a local variable, which outlives the call.
    unsafe { EnumWindows(Some(visit), (&raw mut each) as LPARAM) != 0 }
}

fn each_inside(window: HWND, mut each: &mut dyn FnMut(HWND) -> bool) {
    // SAFETY: as above. The return value is documented as meaningless.
    unsafe { EnumChildWindows(window, Some(visit), (&raw mut each) as LPARAM) };
}

/// Called by Windows for each window until it returns zero.
unsafe extern "system" fn visit(window: HWND, each: LPARAM) -> BOOL {
    // SAFETY: both callers pass the address of exactly this type and do not use it meanwhile.
    let each = unsafe { &mut *(each as *mut &mut dyn FnMut(HWND) -> bool) };
    each(window).into()
}

// A window can be closed at any time. Each of these calls then returns zero, which is harmless.

fn owner(window: HWND) -> u32 {
    let mut pid = 0;
    // SAFETY: `pid` outlives the call.
    unsafe { GetWindowThreadProcessId(window, &raw mut pid) };
    pid
}

fn is_visible(window: HWND) -> bool {
    // SAFETY: takes a number and accesses no memory of ours.
    unsafe { IsWindowVisible(window) != 0 }
}

fn is_enabled(window: HWND) -> bool {
    style(window) & WS_DISABLED == 0
}

/// The window that owns this one, if any.
fn belongs_to(window: HWND) -> Option<HWND> {
    // SAFETY: takes a number and accesses no memory of ours.
    let owner = unsafe { GetWindow(window, GW_OWNER) };
    (!owner.is_null()).then_some(owner)
}

fn is_hung(window: HWND) -> bool {
    // SAFETY: takes a number and accesses no memory of ours.
    unsafe { IsHungAppWindow(window) != 0 }
}

fn style(window: HWND) -> u32 {
    // SAFETY: takes two numbers and accesses no memory of ours.
    let style = unsafe { GetWindowLongPtrW(window, GWL_STYLE) };
    // A style has 32 bits, whatever the size of the return value.
    u32::try_from(style & 0xFFFF_FFFF).unwrap_or(0)
}

fn class(window: HWND) -> String {
    let mut letters = [0; CLASS];
    // SAFETY: the buffer has the stated length.
    let length = unsafe { GetClassNameW(window, letters.as_mut_ptr(), CLASS as i32) };
    wide::text(&letters, usize::try_from(length).unwrap_or(0))
}

fn title(window: HWND) -> String {
    let mut letters = [0; TITLE];
    // SAFETY: the buffer has the stated length.
    let length = unsafe { InternalGetWindowText(window, letters.as_mut_ptr(), TITLE as i32) };
    wide::text(&letters, usize::try_from(length).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::ptr::{null, null_mut};

    use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
    use windows_sys::Win32::UI::WindowsAndMessaging::{
        CreateWindowExW, DefWindowProcW, DestroyWindow, RegisterClassW, WNDCLASSW, WS_CHILD,
        WS_DISABLED, WS_OVERLAPPEDWINDOW, WS_VISIBLE,
    };

    use super::*;
    use crate::probe::platform::windows_of;
    use crate::wide::to_wide;

    /// A real window of this test, destroyed with its children when dropped.
    struct Real(HWND);

    impl Real {
        fn new(class: &str, title: &str, style: u32, parent: HWND) -> Self {
            let (name, title) = (to_wide(class), to_wide(title));
            // SAFETY: every pointer outlives its call; a class is registered at most once.
            let window = unsafe {
                let module = GetModuleHandleW(null());
                let wanted = WNDCLASSW {
                    lpfnWndProc: Some(DefWindowProcW),
                    hInstance: module,
                    lpszClassName: name.as_ptr(),
                    ..WNDCLASSW::default()
                };
                if !["EDIT", "#32770", "STATIC"].contains(&class) {
                    RegisterClassW(&raw const wanted);
                }
                let (name, title) = (name.as_ptr(), title.as_ptr());
                let (x, y, width, height) = (10, 10, 300, 200);
                CreateWindowExW(
                    0,
                    name,
                    title,
                    style,
                    x,
                    y,
                    width,
                    height,
                    parent,
                    null_mut(),
                    module,
                    null(),
                )
            };
            assert!(!window.is_null(), "{}", describe_last_error(class));
            Self(window)
        }

        fn top_level(class: &str, title: &str, style: u32) -> Self {
            Self::new(class, title, WS_OVERLAPPEDWINDOW | style, null_mut())
        }

        fn inside(&self, class: &str, title: &str, style: u32) -> Self {
            Self::new(class, title, WS_CHILD | style, self.0)
        }
    }

    impl Drop for Real {
        fn drop(&mut self) {
            // SAFETY: created by this thread; the call fails harmlessly if the parent was destroyed.
            unsafe { DestroyWindow(self.0) };
        }
    }

    /// Our own windows of this class. Tests run in parallel in one process, so each uses its own class.
    fn seen(class: &str) -> Vec<Window> {
        let mut all = windows_of(&[std::process::id()]).unwrap();
        let own = all.remove(&std::process::id()).unwrap();
        own.into_iter().filter(|window| window.class == class).collect()
    }

    #[test]
    fn main_window_is_read_with_class_title_and_state() {
        let title = "Larch LLC  - Intuit QuickBooks Enterprise Solutions: Accountant 24.0(multi-user)(Dana)";
        let _main = Real::top_level("MauiFrame", title, WS_VISIBLE | WS_DISABLED);
        let seen = seen("MauiFrame");
        let expected = Window {
            class: "MauiFrame".into(),
            title: title.into(),
            visible: true,
            enabled: false,
            disables_its_owner: false,
            hung: false,
            inside: Vec::new(),
        };
        assert_eq!(seen, [expected]);
        let main = screen::read(&seen, false).unwrap().main.unwrap();
        assert_eq!(main.company.as_deref(), Some("Larch LLC"));
    }

    #[test]
    fn visible_dialog_content_is_read_at_any_depth() {
        let dialog = Real::top_level("#32770", "Sign in", WS_VISIBLE);
        let group = dialog.inside("STATIC", "Your account", WS_VISIBLE);
        let _hidden = dialog.inside("STATIC", "Hidden", 0);
        let _silent = dialog.inside("STATIC", "", WS_VISIBLE);
        let _password = group.inside("EDIT", "typed", WS_VISIBLE | ES_PASSWORD.cast_unsigned());
        let seen = seen("#32770");
        let password = ChildWindow { title: String::new(), is_password: true };
        let text = ChildWindow { title: "Your account".into(), is_password: false };
        let inside: Vec<_> = seen.iter().map(|window| window.inside.clone()).collect();
        assert_eq!(inside, [[text, password]], "{seen:?}");
    }

    #[test]
    fn hidden_windows_are_listed_without_their_content() {
        let hidden = Real::top_level("DesksideHidden", "Nobody sees this", 0);
        let _inside = hidden.inside("STATIC", "Nor this", WS_VISIBLE);
        let seen = seen("DesksideHidden");
        assert_eq!(seen.len(), 1);
        assert!(!seen[0].visible && seen[0].enabled && seen[0].inside.is_empty(), "{seen:?}");
    }

    #[test]
    fn exactly_the_requested_processes_are_returned() {
        let _window = Real::top_level("DesksideOther", "Not asked for", WS_VISIBLE);
        let nobody = u32::MAX;
        assert_eq!(windows_of(&[nobody]), Ok(BTreeMap::from([(nobody, Vec::new())])));
        assert_eq!(windows_of(&[]), Ok(BTreeMap::new()));
    }
}

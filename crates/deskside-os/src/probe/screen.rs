//! Interprets what QuickBooks shows on the screen from the properties of its windows.
//!
//! Class, title and state of a window are sufficient to distinguish a sign-in, a dialog and an open
//! company. The classes belong to Intuit's own toolkit, which is unrelated to Microsoft's .NET MAUI.
//! docs/sources/quickbooks-desktop.md#windows

use deskside_model::evidence::{Screen, Title};

/// The class of QuickBooks' main window.
pub(super) const MAIN_FRAME: &str = "MauiFrame";
/// The classes of its dialogs: Intuit's own, and that of Windows.
const DIALOGS: [&str; 2] = ["MauiForm", "#32770"];
/// Windows that never need an answer: tooltips, menus, input methods, internal windows of toolkits.
const IGNORED: [&str; 6] =
    ["tooltips_class32", "#32768", "IME", "MSCTFIME UI", "SysShadow", "Afx:"];

const SIGN_IN_TITLE: &str = "QuickBooks Desktop Login";
const NO_COMPANY_TEXT: &str = "No QuickBooks Company Loaded";

/// One window of a process, with its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) class: String,
    pub(super) title: String,
    pub(super) visible: bool,
    /// False for a window that waits for a modal dialog.
    pub(super) enabled: bool,
    /// It does not respond to input.
    pub(super) hung: bool,
    /// Its visible child windows.
    pub(super) inside: Vec<ChildWindow>,
}

/// A visible window inside a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ChildWindow {
    pub(super) title: String,
    /// An edit control that hides its text.
    pub(super) is_password: bool,
}

/// Interprets a process's windows; `None` if none is visible.
pub(super) fn read(windows: &[Window]) -> Option<Screen> {
    let mut shown =
        windows.iter().filter(|window| window.visible && !is_ignored(window)).peekable();
    shown.peek()?;
    let shown: Vec<&Window> = shown.collect();
    let main = shown.iter().copied().find(|window| window.class == MAIN_FRAME);
    let is_blocked = main.is_some_and(|main| !main.enabled);
    let dialogs = || shown.iter().copied().filter(|window| is_dialog(window, is_blocked));
    let sign_in = shown.iter().any(|window| is_sign_in(window));
    // The title is what the user looks for; a dialog without one cannot be named.
    let named = dialogs().find(|window| !window.title.trim().is_empty() && !is_sign_in(window));
    let blocking = match named {
        Some(window) => Some(window.title.trim().to_owned()),
        None if is_blocked && !sign_in => Some(String::new()),
        None => None,
    };
    Some(Screen {
        main: main.map(title_of),
        sign_in,
        blocking,
        hung: shown.iter().any(|window| window.hung),
    })
}

/// The title with its company, unless the window says that no company is open.
fn title_of(main: &Window) -> Title {
    let title = Title::read(&main.title);
    let is_empty = main.inside.iter().any(|part| part.title.contains(NO_COMPANY_TEXT));
    if is_empty { Title { company: None, user: None, ..title } } else { title }
}

fn is_ignored(window: &Window) -> bool {
    IGNORED.iter().any(|class| window.class.starts_with(class))
}

/// True for a dialog by its class; for any other window only while the main window is disabled.
fn is_dialog(window: &Window, is_blocked: bool) -> bool {
    window.class != MAIN_FRAME
        && (DIALOGS.contains(&window.class.as_str()) || (is_blocked && window.enabled))
}

fn is_sign_in(window: &Window) -> bool {
    let inside = |part: &ChildWindow| part.is_password || part.title.trim() == SIGN_IN_TITLE;
    window.title.trim() == SIGN_IN_TITLE || window.inside.iter().any(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(class: &str, title: &str) -> Window {
        let (class, title) = (class.into(), title.into());
        Window { class, title, visible: true, enabled: true, ..Window::default() }
    }

    fn main() -> Window {
        window("MauiFrame", "Larch LLC  - Intuit QuickBooks Enterprise Solutions: Accountant 24.0")
    }

    fn password() -> ChildWindow {
        ChildWindow { is_password: true, ..ChildWindow::default() }
    }

    #[test]
    fn no_visible_window_means_no_screen() {
        let hidden = Window { visible: false, ..main() };
        assert_eq!(read(&[]), None);
        assert_eq!(
            read(&[hidden, window("Afx:400000:8", "x"), window("IME", "Default IME")]),
            None
        );
    }

    #[test]
    fn open_company_is_read_from_the_main_window() {
        let screen = read(&[window("tooltips_class32", "Tip"), main()]).unwrap();
        assert_eq!(screen.main.unwrap().company.as_deref(), Some("Larch LLC"));
        assert_eq!((screen.sign_in, screen.blocking, screen.hung), (false, None, false));
    }

    #[test]
    fn dialog_is_reported_by_its_own_title() {
        for class in ["MauiForm", "#32770"] {
            let blocked_main = Window { enabled: false, ..main() };
            let screen = read(&[blocked_main, window(class, "Update Company File ")]).unwrap();
            assert_eq!(screen.blocking.as_deref(), Some("Update Company File"), "{class}");
        }
    }

    #[test]
    fn disabled_main_window_blocks_even_without_a_title() {
        let blocked_main = Window { enabled: false, ..main() };
        assert_eq!(read(&[blocked_main]).unwrap().blocking.as_deref(), Some(""));
    }

    #[test]
    fn other_windows_block_only_while_main_is_disabled() {
        let browser = window("Chrome_WidgetWin_1", "News");
        assert_eq!(read(&[main(), browser.clone()]).unwrap().blocking, None);
        let blocked_main = Window { enabled: false, ..main() };
        assert_eq!(read(&[blocked_main, browser]).unwrap().blocking.as_deref(), Some("News"));
    }

    #[test]
    fn sign_in_is_detected_and_is_no_dialog() {
        let alone = window("MauiForm", "QuickBooks Desktop Login");
        let by_password = Window { inside: vec![password()], ..window("#32770", "Anmelden") };
        let child =
            ChildWindow { title: "QuickBooks Desktop Login".into(), ..ChildWindow::default() };
        let inside = Window { inside: vec![child], enabled: false, ..main() };
        for windows in [vec![main(), alone], vec![by_password], vec![inside]] {
            let screen = read(&windows).unwrap();
            assert!(screen.sign_in, "{windows:?}");
            assert_eq!(screen.blocking, None, "{windows:?}");
        }
    }

    #[test]
    fn no_company_screen_overrides_the_title() {
        let text =
            ChildWindow { title: "No QuickBooks Company Loaded".into(), ..ChildWindow::default() };
        let empty = Window { inside: vec![text], ..main() };
        assert_eq!(read(&[empty]).unwrap().main.unwrap().company, None);
    }
}

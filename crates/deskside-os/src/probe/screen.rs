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

/// The titles in which QuickBooks asks whether an application may have access. They wait for an answer even
/// while every other window can be used. docs/sources/quickbooks-desktop.md#consent
const CONSENT: [&str; 4] = [
    "Application permission",
    "Access Confirmation",
    "QuickBooks Application Certificate",
    "QuickBooks - Application with No Certificate",
];

/// One window of a process, with its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) class: String,
    pub(super) title: String,
    pub(super) visible: bool,
    /// False for a window that waits for a modal dialog.
    pub(super) enabled: bool,
    /// The window to which it belongs is disabled, so it is the dialog that is waited for.
    pub(super) disables_its_owner: bool,
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

/// True for the classes of QuickBooks' own windows. Whether such a window hangs is asked even if it is hidden.
pub(super) fn is_quickbooks(class: &str) -> bool {
    class == MAIN_FRAME || DIALOGS.contains(&class)
}

/// Interprets a process's windows; `None` if none is visible. Windows hides a hung window once somebody clicks
/// on it and shows a copy that belongs to another process, so a hung one counts as visible.
/// docs/sources/platform.md#other-programs-windows
///
/// A program that another one has started (`embedded`) has hidden windows by itself and may be busy for long.
pub(super) fn read(windows: &[Window], embedded: bool) -> Option<Screen> {
    let is_shown = |window: &&Window| window.visible || window.hung && !embedded;
    let shown = windows.iter().filter(is_shown).filter(|window| !is_ignored(window));
    let shown: Vec<&Window> = shown.collect();
    if shown.is_empty() {
        return None;
    }
    let main = shown.iter().copied().find(|window| window.class == MAIN_FRAME);
    let title = main.map(title_of);
    // In multi-monitor mode the forms in which people work are windows of their own beside an enabled main
    // window. docs/sources/quickbooks-desktop.md#windows
    let is_modal = shown.iter().any(|window| !window.enabled && is_quickbooks(&window.class));
    // Where one dialog is known to be waited for, others that are open are not.
    let has_owned = shown.iter().any(|window| window.disables_its_owner);
    let is_waited_for = |window: &Window| is_modal && (window.disables_its_owner || !has_owned);
    let is_sign_in = |window: &Window| is_sign_in(window, title.as_ref(), is_waited_for(window));
    let sign_in = shown.iter().any(|window| is_sign_in(window));
    let is_dialog = |window: &&Window| {
        !is_sign_in(window)
            && is_dialog(window, is_modal, main.is_some())
            && !window.title.trim().is_empty()
    };
    // The title is what the user looks for; a dialog without one cannot be named.
    let named = shown.iter().copied().filter(is_dialog);
    let blocking = match named.min_by_key(|window| (!window.disables_its_owner, !window.enabled)) {
        Some(window) => Some(window.title.trim().to_owned()),
        None if is_modal && !sign_in => Some(String::new()),
        None => None,
    };
    Some(Screen { main: title, sign_in, blocking, hung: shown.iter().any(|window| window.hung) })
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

/// True for a window that must be answered: a dialog by its class where another window waits for it or where
/// there is no main window yet, a window of any class that can be used while others wait, and a question for
/// access.
fn is_dialog(window: &Window, is_modal: bool, has_main: bool) -> bool {
    if window.class == MAIN_FRAME {
        return false;
    }
    let is_form = DIALOGS.contains(&window.class.as_str());
    is_form && (is_modal || !has_main)
        || is_modal && window.enabled
        || is_form && CONSENT.contains(&window.title.trim())
}

/// True for the sign-in window by its title, and for a password field where nobody can have signed in.
/// Preferences, closing dates and payroll have password fields, too.
/// docs/sources/quickbooks-desktop.md#sign-in-dialogs-and-hangs
fn is_sign_in(window: &Window, main: Option<&Title>, is_waited_for: bool) -> bool {
    let is_titled = |title: &str| title.trim() == SIGN_IN_TITLE;
    let has_password = window.inside.iter().any(|part| part.is_password);
    let signed_in = main.is_some_and(|main| main.user.is_some());
    let has_company = main.is_some_and(|main| main.company.is_some());
    is_titled(&window.title)
        || window.inside.iter().any(|part| is_titled(&part.title))
        || has_password && !signed_in && (is_waited_for || !has_company)
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
        assert_eq!(read(&[], false), None);
        assert_eq!(
            read(&[hidden, window("Afx:400000:8", "x"), window("IME", "Default IME")], false),
            None
        );
    }

    #[test]
    fn open_company_is_read_from_the_main_window() {
        let screen = read(&[window("tooltips_class32", "Tip"), main()], false).unwrap();
        assert_eq!(screen.main.unwrap().company.as_deref(), Some("Larch LLC"));
        assert_eq!((screen.sign_in, screen.blocking, screen.hung), (false, None, false));
    }

    #[test]
    fn dialog_is_reported_by_its_own_title() {
        for class in ["MauiForm", "#32770"] {
            let blocked_main = Window { enabled: false, ..main() };
            let screen =
                read(&[blocked_main, window(class, "Update Company File ")], false).unwrap();
            assert_eq!(screen.blocking.as_deref(), Some("Update Company File"), "{class}");
        }
    }

    #[test]
    fn disabled_main_window_blocks_even_without_a_title() {
        let blocked_main = Window { enabled: false, ..main() };
        assert_eq!(read(&[blocked_main], false).unwrap().blocking.as_deref(), Some(""));
    }

    #[test]
    fn other_windows_block_only_while_main_is_disabled() {
        let browser = window("Chrome_WidgetWin_1", "News");
        assert_eq!(read(&[main(), browser.clone()], false).unwrap().blocking, None);
        let blocked_main = Window { enabled: false, ..main() };
        assert_eq!(
            read(&[blocked_main, browser], false).unwrap().blocking.as_deref(),
            Some("News")
        );
    }

    #[test]
    fn sign_in_is_detected_and_is_no_dialog() {
        let alone = window("MauiForm", "QuickBooks Desktop Login");
        let by_password = Window { inside: vec![password()], ..window("#32770", "Anmelden") };
        let child =
            ChildWindow { title: "QuickBooks Desktop Login".into(), ..ChildWindow::default() };
        let inside = Window { inside: vec![child], enabled: false, ..main() };
        for windows in [vec![main(), alone], vec![by_password], vec![inside]] {
            let screen = read(&windows, false).unwrap();
            assert!(screen.sign_in, "{windows:?}");
            assert_eq!(screen.blocking, None, "{windows:?}");
        }
    }

    #[test]
    fn no_company_screen_overrides_the_title() {
        let text =
            ChildWindow { title: "No QuickBooks Company Loaded".into(), ..ChildWindow::default() };
        let empty = Window { inside: vec![text], ..main() };
        assert_eq!(read(&[empty], false).unwrap().main.unwrap().company, None);
    }

    #[test]
    fn hung_window_counts_although_windows_has_hidden_it() {
        let ghosted = Window { visible: false, hung: true, ..main() };
        let screen = read(std::slice::from_ref(&ghosted), false).unwrap();
        assert!(screen.hung, "{screen:?}");
        assert_eq!(screen.main.unwrap().company.as_deref(), Some("Larch LLC"));
        assert_eq!(read(&[ghosted], true), None, "hidden by itself and busy");
    }

    #[test]
    fn forms_beside_an_enabled_main_window_block_nothing() {
        let forms = ["Create Invoices - Accounts Receivable", "Reminders"];
        for class in ["MauiForm", "#32770"] {
            let windows = [window(class, forms[0]), main(), window(class, forms[1])];
            assert_eq!(read(&windows, false).unwrap().blocking, None, "{class}");
        }
    }

    #[test]
    fn dialog_over_a_form_is_named_and_not_the_form() {
        let invoice = Window { enabled: false, ..window("MauiForm", "Create Invoices") };
        let report = window("MauiForm", "Profit & Loss");
        let dialog =
            Window { disables_its_owner: true, ..window("#32770", "Recording Transaction") };
        for windows in
            [[report.clone(), dialog.clone(), invoice.clone()], [invoice, report, dialog]]
        {
            let screen = read(&[windows.as_slice(), &[main()]].concat(), false).unwrap();
            assert_eq!(screen.blocking.as_deref(), Some("Recording Transaction"), "{windows:?}");
        }
    }

    #[test]
    fn question_for_access_blocks_while_main_is_enabled() {
        for title in CONSENT {
            let screen = read(&[main(), window("MauiForm", title)], false).unwrap();
            assert_eq!(screen.blocking.as_deref(), Some(title));
        }
    }

    #[test]
    fn dialog_before_there_is_a_main_window_blocks() {
        let screen = read(&[window("#32770", "QuickBooks Setup")], false).unwrap();
        assert_eq!(screen.blocking.as_deref(), Some("QuickBooks Setup"));
    }

    #[test]
    fn password_fields_elsewhere_are_no_sign_in() {
        let titled = |title: &str| Window { title: title.into(), ..main() };
        let preferences = Window { inside: vec![password()], ..window("MauiForm", "Preferences") };
        let screen = read(&[main(), preferences.clone()], false).unwrap();
        assert_eq!((screen.sign_in, screen.blocking), (false, None), "the main window is enabled");

        let signed_in =
            titled("Larch LLC  - Intuit QuickBooks Enterprise Solutions 24.0(multi-user)(Dana)");
        let closing_date =
            Window { title: "Enter Closing Date Password".into(), ..preferences.clone() };
        let waiting = Window { enabled: false, ..signed_in };
        let screen = read(&[waiting, closing_date], false).unwrap();
        let blocking = Some("Enter Closing Date Password".into());
        assert_eq!((screen.sign_in, screen.blocking), (false, blocking), "Dana has signed in");

        let message =
            Window { disables_its_owner: true, ..window("#32770", "Recording Transaction") };
        let waiting = Window { enabled: false, ..main() };
        let screen = read(&[message, waiting, preferences.clone()], false).unwrap();
        let blocking = Some("Recording Transaction".into());
        assert_eq!(
            (screen.sign_in, screen.blocking),
            (false, blocking),
            "another one is waited for"
        );

        let empty = titled(" Intuit QuickBooks Enterprise Solutions 24.0");
        assert!(read(&[empty, preferences], false).unwrap().sign_in, "no company is open");
    }
}

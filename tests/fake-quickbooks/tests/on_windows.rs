//! The fake programs as Windows reports them to another process.

#![cfg(windows)]
#![expect(unsafe_code, reason = "only calls to Windows show what is on the screen")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use deskside_fake_quickbooks::orders::{
    DialogClass, Level, QuickBooksOrder, Sharing, Shown, SignInPlace, WebConnectorOrder,
};
use deskside_fake_quickbooks::player::{Part, Player};
use deskside_fake_quickbooks::run::{Application, Outcome, Run, Step};
use tempfile::TempDir;
use windows_registry::CURRENT_USER;
use windows_sys::Win32::Foundation::{CloseHandle, HWND, LPARAM};
use windows_sys::Win32::System::Threading::{
    OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION, QueryFullProcessImageNameW,
};
use windows_sys::Win32::UI::Input::KeyboardAndMouse::IsWindowEnabled;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    ES_PASSWORD, EnumChildWindows, EnumWindows, GW_OWNER, GWL_STYLE, GetClassNameW, GetWindow,
    GetWindowLongW, GetWindowTextW, GetWindowThreadProcessId, IDOK, IsHungAppWindow, IsIconic,
    IsWindowVisible, PostMessageW, SMTO_ABORTIFHUNG, SendMessageTimeoutW, WM_CLOSE, WM_COMMAND,
    WM_NULL,
};

const LARCH: &str =
    "LARCHCO  - Intuit QuickBooks Enterprise Solutions: Accountant 24.0(multi-user)(Admin)";
const KEY: &str = r"Software\Intuit\QBWebConnector";

const REAL_LOG: &str = r"C:\ProgramData\Intuit\QBWebConnector\log\QWCLog.txt";

/// Serializes the tests of the Web Connector, which share one registry key.
static REGISTRY: Mutex<()> = Mutex::new(());

#[test]
fn the_main_window_has_the_expected_class_title_and_process() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    let windows = stage.visible_windows();
    assert_eq!(windows.len(), 1, "{windows:?}");
    assert_eq!((windows[0].class.as_str(), windows[0].title.as_str()), ("MauiFrame", LARCH));
    assert!(windows[0].is_enabled() && !windows[0].is_minimized(), "{windows:?}");
    assert_eq!(process_name(stage.player.id()), "QBW.EXE");

    let other =
        "Otter & Vale Alarm Systems - QuickBooks Desktop Pro(multi-user)(Admin(ServerDB)) - [Home]";
    stage.show_main(other);
    let titles: Vec<_> = stage.visible_windows().into_iter().map(|window| window.title).collect();
    assert_eq!(titles, [other], "the title of the window did not change");
}

#[test]
fn a_process_started_by_the_sdk_shows_nothing() {
    let stage = Stage::start(Part::QuickBooks, "QBW.EXE", &["-Embedding"]);
    assert_eq!(stage.visible_windows(), []);
    assert_eq!(process_name(stage.player.id()), "QBW.EXE", "the process does not run");
}

#[test]
fn minimized_windows_keep_their_title_and_hidden_ones_are_invisible() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW32.EXE", &[]);
    let order = |shown| QuickBooksOrder::Main { title: LARCH.into(), shown };
    stage.obey(&order(Shown::Minimised));
    let windows = stage.visible_windows();
    assert!(windows[0].is_minimized() && windows[0].title == LARCH, "{windows:?}");
    stage.obey(&order(Shown::Hidden));
    assert_eq!(stage.visible_windows(), []);
    stage.obey(&order(Shown::Open));
    assert!(!stage.visible_windows()[0].is_minimized());
}

#[test]
fn a_modal_dialog_disables_the_main_window_until_closed() {
    for (class, name) in [(DialogClass::System, "#32770"), (DialogClass::MauiForm, "MauiForm")] {
        let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
        stage.show_main(LARCH);
        stage.show_dialog("QuickBooks Update Service", class);
        let dialog = stage.window("QuickBooks Update Service");
        assert_eq!(dialog.class, name);
        assert!(dialog.is_enabled());
        assert_eq!(dialog.owner(), stage.window(LARCH).handle);
        assert!(!stage.window(LARCH).is_enabled(), "{name}: the main window is enabled");
        stage.obey(&QuickBooksOrder::Close { title: "QuickBooks Update Service".into() });
        assert!(stage.window(LARCH).is_enabled(), "{name}: the main window stays disabled");
        assert_eq!(stage.visible_windows().len(), 1, "{name}: the dialog is still open");
    }
}

#[test]
fn a_user_can_close_a_dialog() {
    for (message, wide) in [(WM_CLOSE, 0), (WM_COMMAND, IDOK as usize)] {
        for class in [DialogClass::System, DialogClass::MauiForm] {
            let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
            stage.show_main(LARCH);
            stage.show_dialog("Backup reminder", class);
            stage.window("Backup reminder").post(message, wide);
            eventually("the main window can be used", || stage.window(LARCH).is_enabled());
            assert_eq!(stage.visible_windows().len(), 1);
        }
    }
}

#[test]
fn a_nested_dialog_disables_its_owner() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    stage.show_dialog("First", DialogClass::MauiForm);
    stage.show_dialog("Second", DialogClass::System);
    assert!(!stage.window("First").is_enabled());
    stage.obey(&QuickBooksOrder::Close { title: "Second".into() });
    assert!(stage.window("First").is_enabled());
    assert!(!stage.window(LARCH).is_enabled(), "the first dialog is still open");
}

#[test]
fn a_sign_in_window_always_has_a_password_field() {
    for place in [SignInPlace::Child, SignInPlace::Window] {
        let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
        stage.show_main(" Intuit QuickBooks Enterprise Solutions 24.0");
        let title = "QuickBooks Desktop Login";
        stage.obey(&QuickBooksOrder::SignIn { place, title: title.into() });
        let top_level = stage.visible_windows();
        let within: Vec<_> = top_level.iter().flat_map(WindowView::children).collect();
        let is_top_level = top_level.iter().any(|window| window.title == title);
        assert_eq!(is_top_level, place == SignInPlace::Window, "{top_level:?}");
        assert!(top_level.iter().chain(&within).any(|window| window.title == title));
        let fields = within.iter().filter(|window| window.is_password_field());
        assert_eq!(fields.count(), 1, "{place:?}: {within:?}");
        assert!(within.iter().all(WindowView::is_visible), "{within:?}");
    }
}

#[test]
fn the_no_company_screen_is_inside_the_main_window() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(" Intuit QuickBooks Enterprise Solutions 24.0");
    stage.obey(&QuickBooksOrder::NoCompany);
    let has_no_company = |stage: &Stage| {
        let within = stage.visible_windows()[0].children();
        within.iter().any(|window| window.title == "No QuickBooks Company Loaded")
    };
    assert!(has_no_company(&stage));
    stage.obey(&QuickBooksOrder::Close { title: "No QuickBooks Company Loaded".into() });
    assert!(!has_no_company(&stage));
}

#[test]
fn windows_of_other_classes_can_be_shown() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    for class in ["Afx:00400000:8:00010003:00000000:00000000", "tooltips_class32"] {
        let title = format!("{class} title");
        stage.obey(&QuickBooksOrder::Window {
            class: class.into(),
            title: title.clone(),
            password: false,
        });
        assert_eq!(stage.window(&title).class, class);
    }
    assert!(stage.window(LARCH).is_enabled(), "the windows are modal");
}

#[test]
fn a_crash_report_is_a_dialog_of_its_own_process() {
    let mut stage = Stage::start(Part::QuickBooks, "WerFault.exe", &[]);
    stage.show_dialog("QuickBooks has stopped working", DialogClass::System);
    let report = stage.window("QuickBooks has stopped working");
    assert!(report.owner().is_null());
    assert_eq!(process_name(stage.player.id()), "WerFault.exe");
}

#[test]
fn a_hung_program_does_not_respond_until_woken() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    let main = stage.window(LARCH);
    assert!(main.answers(), "it does not respond before the hang");
    stage.obey(&QuickBooksOrder::Hang { seconds: None });
    assert!(!main.answers());
    eventually("Windows calls it hung", || main.is_hung());
    let error = stage.player.obey(&QuickBooksOrder::NoCompany).unwrap_err();
    assert!(error.to_string().contains("hangs"), "{error}");
    stage.obey(&QuickBooksOrder::Wake);
    eventually("it responds again", || main.answers() && !main.is_hung());
    stage.obey(&QuickBooksOrder::NoCompany);
}

#[test]
fn a_hung_program_can_hide_its_window_until_woken() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    let main = stage.window(LARCH);
    stage.obey(&QuickBooksOrder::HangHidden);
    assert_eq!(stage.visible_windows(), []);
    eventually("Windows calls it hung", || main.is_hung());
    stage.obey(&QuickBooksOrder::Wake);
    eventually("it responds again", || main.answers() && !main.is_hung());
}

#[test]
fn a_form_beside_the_main_window_disables_nothing() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    let (class, title) = ("MauiForm".to_owned(), "Preferences".to_owned());
    stage.obey(&QuickBooksOrder::Window { class, title, password: true });
    let form = stage.window("Preferences");
    assert!(form.is_enabled() && stage.window(LARCH).is_enabled());
    assert!(form.owner().is_null() && form.children().iter().any(WindowView::is_password_field));
}

#[test]
fn the_log_is_shared_as_ordered_while_a_record_is_written() {
    let _guard = lock_registry();
    let mut stage = Stage::start(Part::WebConnector, "QBWebConnector.exe", &[]);
    let path = stage.folder.path().join("QWCLog.txt");
    for (sharing, works_beside_a_reader) in
        [(Sharing::Everything, true), (Sharing::Reading, true), (Sharing::Nothing, false)]
    {
        let (at, version) = (None, "34.0".into());
        stage.tell(&WebConnectorOrder::Log { path: path.clone(), at, version, sharing });
        let reader = fs::File::open(&path).unwrap();
        let run = stage.player.obey(&run_until(None));
        assert_eq!(run.is_ok(), works_beside_a_reader, "{sharing:?}: {run:?}");
        drop(reader);
        stage.tell(&run_until(None));
    }
    stage.tell(&WebConnectorOrder::Forget);
}

#[test]
fn a_hang_with_a_duration_ends_by_itself() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    stage.obey(&QuickBooksOrder::Hang { seconds: Some(1) });
    let main = stage.window(LARCH);
    assert!(!main.answers());
    eventually("it responds again", || main.answers());
}

#[test]
fn a_hung_program_can_exit_with_any_code() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    stage.obey(&QuickBooksOrder::Hang { seconds: None });
    stage.obey(&QuickBooksOrder::Exit { code: 0x8000_0003 });
    let end = stage.player.end().unwrap();
    assert_eq!(end.code().map(i32::cast_unsigned), Some(0x8000_0003));
}

#[test]
fn a_program_ends_when_its_standard_input_closes() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    assert!(stage.player.end().unwrap().success());
}

#[test]
fn an_unknown_order_is_answered_and_changes_nothing() {
    let mut stage = Stage::start(Part::QuickBooks, "QBW.EXE", &[]);
    stage.show_main(LARCH);
    assert!(stage.player.obey(&"dance").unwrap_err().to_string().contains("dance"));
    assert_eq!(stage.visible_windows().len(), 1);
}

#[test]
fn the_web_connector_starts_hidden_and_can_be_opened() {
    let _guard = lock_registry();
    let mut stage = Stage::start(Part::WebConnector, "QBWebConnector.exe", &[]);
    stage.tell(&WebConnectorOrder::Hide);
    assert_eq!(stage.visible_windows(), []);
    assert_eq!(process_name(stage.player.id()), "QBWebConnector.exe");
    stage.tell(&WebConnectorOrder::Show);
    assert_eq!(
        stage.window("QuickBooks Web Connector").class.split('.').next(),
        Some("WindowsForms10")
    );
    stage.tell(&WebConnectorOrder::Forget);
}

#[test]
fn a_running_update_shows_in_log_and_registry() {
    let _guard = lock_registry();
    let mut stage = Stage::start(Part::WebConnector, "QBWebConnector.exe", &[]);
    let path = stage.folder.path().join("log").join("QWCLog.txt");
    let (at, version, sharing) = (None, "34.0.10010.76".into(), Sharing::Everything);
    stage.tell(&WebConnectorOrder::Log { path: path.clone(), at, version, sharing });
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4, "more than the header");
    assert_eq!(registry("UpdateLock"), "FALSE");

    stage.tell(&run_until(Some(Step::Authenticate)));
    assert_eq!(registry("UpdateLock"), "TRUE");
    assert!(!fs::read_to_string(&path).unwrap().contains("Update session unlocked"));

    stage.tell(&WebConnectorOrder::FinishRun);
    assert_eq!(registry("UpdateLock"), "FALSE");
    let log = fs::read_to_string(&path).unwrap();
    assert!(log.ends_with(" Update session unlocked *********************\r\n"), "{log}");
    assert!(log.contains(" UTC\t: UpdateThisScheduledApp() : "), "{log}");

    stage.tell(&run_until(Some(Step::Lock)));
    stage.tell(&WebConnectorOrder::Exit { code: 1 });
    assert_eq!(stage.player.end().unwrap().code(), Some(1));
    assert_eq!(registry("UpdateLock"), "TRUE", "the crash removed the lock");
    CURRENT_USER.remove_tree(KEY).unwrap();
}

#[test]
fn registry_changes_of_the_log_level_apply_after_a_restart() {
    let _guard = lock_registry();
    let mut stage = Stage::start(Part::WebConnector, "QBWebConnector.exe", &[]);
    let values = [("AppURL".into(), "https://sync.larch.example".into())].into();
    stage.tell(&WebConnectorOrder::Application { name: "Larch's Orders".into(), values });
    assert_eq!(registry("Level"), "DEBUG");
    stage.tell(&WebConnectorOrder::Level(Level::Verbose));
    assert_eq!(registry("Level"), "VERBOSE");
    let applications: Vec<_> = CURRENT_USER.open(KEY).unwrap().keys().unwrap().collect();
    assert_eq!(applications, ["Larch's Orders"]);
    assert!(stage.header().contains("level = DEBUG"));
    stage.player.end().unwrap();

    let mut stage = Stage::start(Part::WebConnector, "QBWebConnector.exe", &[]);
    assert!(stage.header().contains("level = VERBOSE"));
    stage.tell(&WebConnectorOrder::RemoveApplication { name: "Larch's Orders".into() });
    assert_eq!(CURRENT_USER.open(KEY).unwrap().keys().unwrap().count(), 0);
    stage.tell(&WebConnectorOrder::Forget);
    assert!(CURRENT_USER.open(KEY).is_err());
}

#[test]
fn a_foreign_registry_key_is_left_unchanged() {
    let _guard = lock_registry();
    CURRENT_USER.create(KEY).unwrap().set_string("Level", "NONE").unwrap();
    let end = Stage::start(Part::WebConnector, "QBWebConnector.exe", &[]).player.end().unwrap();
    let level = registry("Level");
    CURRENT_USER.remove_tree(KEY).unwrap();
    assert!(!end.success());
    assert_eq!(level, "NONE");
}

#[test]
fn an_ordinary_day_plays_to_its_end() {
    let _guard = lock_registry();
    // Given the day with a log in a temporary folder
    let folder = tempfile::tempdir().unwrap();
    let (file, log) = (folder.path().join("day.json"), folder.path().join("QWCLog.txt"));
    let real_log = serde_json::to_string(REAL_LOG).unwrap();
    let day = include_str!("../days/an-ordinary-day.json");
    assert!(day.contains(&real_log), "the day has another log");
    fs::write(&file, day.replace(&real_log, &serde_json::to_string(&log).unwrap())).unwrap();
    // When it is played without delay
    let mut program = Command::new(env!("CARGO_BIN_EXE_fake-day"));
    program.arg(&file).args(["--speed", "1000000", "--date", "2026-05-05"]);
    let played = program.arg("--folder").arg(folder.path()).output().unwrap();
    // Then every step was played, the log has the times of the day, and no program is left
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    let log = fs::read_to_string(log).unwrap();
    assert!(
        log.starts_with("Log file initialized at Tuesday, May 5, 2026 - 7:55 AM UTC\r\n"),
        "{log}"
    );
    assert!(log.contains("20260505.10:30:00 UTC\t: UpdateThisScheduledApp() : "), "{log}");
    assert!(log.contains("HRESULT = 0x80040414\r\n"), "{log}");
    let locks = log.matches("Update session locked").count();
    let unlocks = log.matches("Update session unlocked").count();
    assert_eq!(locks - unlocks, 1, "exactly the last run must be interrupted");
    for name in ["QBW.EXE", "QBWebConnector.exe", "WerFault.exe"] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
}

/// One program under a real name, in a folder of its own.
struct Stage {
    player: Player,
    /// Dropped after the program, because its file cannot be deleted while it runs.
    folder: TempDir,
}

impl Stage {
    fn start(part: Part, name: &str, arguments: &[&str]) -> Self {
        let built = Path::new(env!("CARGO_BIN_EXE_fake-quickbooks")).parent().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let program = part.copy(built, folder.path(), name).unwrap();
        Self { player: Player::start(&program, arguments).unwrap(), folder }
    }

    fn obey(&mut self, order: &QuickBooksOrder) {
        self.player.obey(order).unwrap();
    }

    fn tell(&mut self, order: &WebConnectorOrder) {
        self.player.obey(order).unwrap();
    }

    fn show_main(&mut self, title: &str) {
        self.obey(&QuickBooksOrder::Main { title: title.into(), shown: Shown::Open });
    }

    fn show_dialog(&mut self, title: &str, class: DialogClass) {
        let text = "A sentence.".into();
        self.obey(&QuickBooksOrder::Dialog { title: title.into(), class, text });
    }

    /// The header of a new log.
    fn header(&mut self) -> String {
        let path = self.folder.path().join("header.txt");
        let (at, version, sharing) = (None, "34.0".into(), Sharing::Everything);
        self.tell(&WebConnectorOrder::Log { path: path.clone(), at, version, sharing });
        fs::read_to_string(path).unwrap()
    }

    /// Its visible top-level windows.
    fn visible_windows(&self) -> Vec<WindowView> {
        let own = |window: &WindowView| window.is_visible() && window.process() == self.player.id();
        all(null()).into_iter().filter(own).collect()
    }

    fn window(&self, title: &str) -> WindowView {
        let windows = self.visible_windows();
        let found = windows.iter().find(|window| window.title == title).cloned();
        found.unwrap_or_else(|| panic!("{title:?} is not among {windows:?}"))
    }
}

fn run_until(stop_after: Option<Step>) -> WebConnectorOrder {
    let application = Application {
        name: "Larch's Orders".into(),
        url: "https://sync.larch.example".into(),
        user: "larch".into(),
        company_file: String::new(),
    };
    let run = Run { stop_after, ..Run::new(application, Outcome::OkNoWork) };
    WebConnectorOrder::Run(Box::new(run))
}

/// Waits for the other tests and removes what a failed one left behind.
fn lock_registry() -> MutexGuard<'static, ()> {
    let guard = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Ok(key) = CURRENT_USER.open(KEY) {
        let owner = key.get_string("MadeBy").unwrap_or_default();
        assert_eq!(owner, "deskside-fake-quickbooks", "a real Web Connector is set up here");
        CURRENT_USER.remove_tree(KEY).unwrap();
    }
    guard
}

fn registry(value: &str) -> String {
    CURRENT_USER.open(KEY).unwrap().get_string(value).unwrap()
}

/// Waits for a condition. Windows reports a window as hung only after five seconds.
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "timed out: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A window as another process sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct WindowView {
    handle: HWND,
    class: String,
    title: String,
}

impl WindowView {
    fn children(&self) -> Vec<Self> {
        all(self.handle)
    }

    fn process(&self) -> u32 {
        let mut process = 0;
        // SAFETY: the number outlives the call; a closed window leaves it at 0.
        unsafe { GetWindowThreadProcessId(self.handle, &raw mut process) };
        process
    }

    fn is_visible(&self) -> bool {
        // SAFETY: every value is valid.
        unsafe { IsWindowVisible(self.handle) != 0 }
    }

    fn is_enabled(&self) -> bool {
        // SAFETY: every value is valid.
        unsafe { IsWindowEnabled(self.handle) != 0 }
    }

    fn is_minimized(&self) -> bool {
        // SAFETY: every value is valid.
        unsafe { IsIconic(self.handle) != 0 }
    }

    fn is_hung(&self) -> bool {
        // SAFETY: every value is valid.
        unsafe { IsHungAppWindow(self.handle) != 0 }
    }

    fn owner(&self) -> HWND {
        // SAFETY: every value is valid.
        unsafe { GetWindow(self.handle, GW_OWNER) }
    }

    fn is_password_field(&self) -> bool {
        // SAFETY: every value is valid.
        let style = unsafe { GetWindowLongW(self.handle, GWL_STYLE) };
        self.class.eq_ignore_ascii_case("Edit") && style & ES_PASSWORD != 0
    }

    fn answers(&self) -> bool {
        let (flags, milliseconds) = (SMTO_ABORTIFHUNG, 300);
        let mut result = 0;
        // SAFETY: the result outlives the call; the message has no effect.
        let answered = unsafe {
            SendMessageTimeoutW(self.handle, WM_NULL, 0, 0, flags, milliseconds, &raw mut result)
        };
        answered != 0
    }

    fn post(&self, message: u32, wide: usize) {
        // SAFETY: all arguments are numbers.
        assert_ne!(unsafe { PostMessageW(self.handle, message, wide, 0) }, 0);
    }
}

/// The windows inside a parent, or all top-level windows.
fn all(parent: HWND) -> Vec<WindowView> {
    let mut handles: Vec<HWND> = Vec::new();
    let list = &raw mut handles as LPARAM;
    // SAFETY: the list outlives the call, and only the call uses it.
    unsafe {
        if parent.is_null() {
            EnumWindows(Some(collect), list);
        } else {
            EnumChildWindows(parent, Some(collect), list);
        }
    }
    let describe = |handle| {
        // SAFETY: the text has the given length.
        let class = text(|text, length| unsafe { GetClassNameW(handle, text, length) });
        // SAFETY: as above.
        let title = text(|text, length| unsafe { GetWindowTextW(handle, text, length) });
        WindowView { handle, class, title }
    };
    handles.into_iter().map(describe).collect()
}

unsafe extern "system" fn collect(window: HWND, list: LPARAM) -> i32 {
    // SAFETY: it is the list that `all` passed; nothing else uses it during the call.
    unsafe { (*(list as *mut Vec<HWND>)).push(window) };
    1
}

fn null() -> HWND {
    std::ptr::null_mut()
}

fn text(read: impl Fn(*mut u16, i32) -> i32) -> String {
    let mut text = [0_u16; 512];
    let length = read(text.as_mut_ptr(), 512);
    String::from_utf16_lossy(text.get(..usize::try_from(length).unwrap()).unwrap())
}

fn process_name(id: u32) -> String {
    let mut path = [0_u16; 1024];
    let mut length = 1024;
    // SAFETY: the text has the given length; the handle is closed once.
    unsafe {
        let process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, id);
        assert!(!process.is_null(), "there is no process {id}");
        QueryFullProcessImageNameW(process, 0, path.as_mut_ptr(), &raw mut length);
        CloseHandle(process);
    }
    let path = path.get(..usize::try_from(length).unwrap()).unwrap();
    let path = String::from_utf16_lossy(path);
    path.rsplit('\\').next().unwrap().to_owned()
}

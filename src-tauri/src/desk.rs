//! One thread that owns everything on screen: the tray, the window, the notifications.
//!
//! Windows must not be built from an event handler or a synchronous command, because that
//! deadlocks on Windows; and the companion must not wait for a window. So both send orders here.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use deskside_companion::{Action, Input, Toast, TrayChoice, Update, View};
use deskside_health::Code;
use deskside_model::Page;
use deskside_os::paths;
use deskside_runtime::alert::NoWindow;
use deskside_runtime::{Inbox, Message};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};

use crate::page_failures::{PageFailures, Remedy};
use crate::tray::Tray;
use crate::{alert, scheme, toast, window};

/// An order to the desk.
pub(crate) enum Order {
    /// Draw the newest view.
    Draw(Box<View>),
    /// Show the window with this page.
    OpenWindow(Page),
    /// Show a notification.
    Toast(Toast),
    /// The page is loaded and wants every update.
    Attach(Channel<Update>),
    /// The page has drawn itself.
    Ready,
    /// The process of the page has ended.
    PageDied,
    /// The window was closed.
    Closed,
    /// The tray icon was clicked.
    Summon,
    /// The tray's menu is wanted, and the library does not open it.
    #[cfg(windows)]
    OpenMenu,
    /// An entry of the tray's menu was clicked.
    Choose(TrayChoice),
}

/// How long a page may take to draw itself. WebView2 was seen to need 20 seconds on a first run.
const PAGE_PATIENCE: Duration = Duration::from_secs(30);

/// How long a loaded page may take to switch to another one.
const TURN_PATIENCE: Duration = Duration::from_secs(10);

/// In the data folder, and used only after the webview's usual folder has failed.
const FRESH_FOLDER: &str = "webview";

/// The view that shows why the window opens arrives after the order to open it.
const VIEW_FOLLOWS: Duration = Duration::from_millis(300);

/// Starts the desk.
///
/// # Errors
/// When no thread can be started.
pub(crate) fn start(app: AppHandle, inbox: Inbox) -> std::io::Result<Sender<Order>> {
    let (orders, inbound) = mpsc::channel();
    app.manage(orders.clone());
    let desk = Desk {
        tray: Tray::new(app.clone()),
        app,
        inbox,
        orders: orders.clone(),
        view: None,
        page: None,
        turn_to: None,
        wanted: Page::Status,
        ready_by: None,
        is_shown: false,
        failures: PageFailures::default(),
        closing: None,
        fresh_folder: None,
        no_window: None,
        alert: None,
        links_open_us: false,
        toasts: BTreeMap::new(),
        toasts_refused: false,
    };
    std::thread::Builder::new().name("desk".into()).spawn(move || desk.serve(&inbound))?;
    Ok(orders)
}

struct Desk {
    app: AppHandle,
    inbox: Inbox,
    orders: Sender<Order>,
    tray: Tray,
    view: Option<Box<View>>,
    page: Option<Channel<Update>>,
    turn_to: Option<Page>,
    /// The page that was wanted last.
    wanted: Page,
    ready_by: Option<Instant>,
    /// The page in the window has drawn itself. Only then does anybody see what it shows.
    is_shown: bool,
    failures: PageFailures,
    /// What follows as soon as the window of a failed page is gone.
    closing: Option<Remedy>,
    /// What the webview remembers is here, because the usual folder may be damaged.
    fresh_folder: Option<PathBuf>,
    /// Whether the webview is missing (otherwise it fails), and when to report it.
    no_window: Option<(bool, Instant)>,
    /// The message that there is no window, while it is on screen.
    alert: Option<JoinHandle<()>>,
    links_open_us: bool,
    /// The notifications that were shown, by the code of the problem that each is about.
    toasts: BTreeMap<Code, toast::Shown>,
    toasts_refused: bool,
}

impl Desk {
    fn serve(mut self, inbound: &Receiver<Order>) {
        self.links_open_us = scheme::register(&self.app);
        loop {
            let alert_at = self.no_window.map(|(_, at)| at);
            let wake = [self.tray.wake_at(), self.ready_by, alert_at].into_iter().flatten().min();
            let order = match wake {
                Some(wake) => inbound.recv_timeout(wake.saturating_duration_since(Instant::now())),
                None => inbound.recv().map_err(RecvTimeoutError::from),
            };
            match order {
                Ok(order) => self.take(order),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.tray.catch_up();
            self.give_up_on_page();
            self.say_that_there_is_no_window();
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Draw(view) => {
                self.tray.show(&view);
                self.take_back_toasts(&view);
                self.tell_page(Update::View { view: view.clone() });
                self.view = Some(view);
            }
            Order::OpenWindow(page) => self.open(page),
            Order::Toast(toast) => self.toast(&toast),
            Order::Attach(page) => {
                self.page = Some(page);
                if let Some(view) = &self.view {
                    self.tell_page(Update::View { view: view.clone() });
                }
                if let Some(page) = self.turn_to.take() {
                    self.tell_page(Update::Turn { page });
                }
            }
            Order::Ready => self.ready(),
            Order::PageDied => self.page_failed(),
            Order::Closed => self.closed(),
            Order::Summon => self.tell(Input::Summoned),
            #[cfg(windows)]
            Order::OpenMenu => self.tray.open_menu(),
            Order::Choose(choice) => self.choose(choice),
        }
    }

    /// Waits for a busy companion: no click is lost, and it takes its leave before the program ends.
    fn choose(&self, choice: TrayChoice) {
        match choice {
            TrayChoice::Open(page) => self.tell(Input::PageWanted(page)),
            TrayChoice::Refresh => self.tell(Input::User(Action::Refresh)),
            TrayChoice::Quit => {
                if self.inbox.blocking_send(Message::Quit).is_err() {
                    // The companion has already ended; the program ends anyway.
                    self.app.exit(0);
                }
            }
        }
    }

    /// Switches the page of an attached window; a new window switches when it attaches.
    fn open(&mut self, page: Page) {
        if let Err(why) = tauri::webview_version() {
            tracing::error!(%why, "the window could not be opened: the webview is missing");
            return self.no_window(true);
        }
        self.wanted = page;
        let opened = window::show(&self.app, &self.orders, self.fresh_folder.as_deref());
        match opened {
            Ok(window::Opened::New) => {
                self.page = None;
                self.turn_to = Some(page);
                self.ready_by = Instant::now().checked_add(PAGE_PATIENCE);
            }
            Ok(window::Opened::Before) if self.page.is_some() => {
                self.tell_page(Update::Turn { page });
                // A page whose process has died accepts everything and never answers.
                let soon = Instant::now().checked_add(TURN_PATIENCE);
                self.ready_by = self.ready_by.or(soon);
            }
            Ok(window::Opened::Before) => self.turn_to = Some(page),
            Err(why) => {
                tracing::error!(%why, "the window could not be opened");
                self.no_window(false);
            }
        }
    }

    fn ready(&mut self) {
        self.ready_by = None;
        if !std::mem::replace(&mut self.is_shown, true) {
            if self.failures.have_happened() {
                tracing::info!("the window shows its page again");
            }
            self.tell(Input::WindowShown(true));
        }
    }

    fn closed(&mut self) {
        self.page = None;
        self.turn_to = None;
        self.ready_by = None;
        if std::mem::take(&mut self.is_shown) {
            self.tell(Input::WindowShown(false));
        }
        match self.closing.take() {
            None => {}
            Some(Remedy::Again) => self.open(self.wanted),
            Some(Remedy::FreshFolder) => {
                self.fresh_folder = fresh_folder();
                self.open(self.wanted);
            }
            Some(Remedy::GiveUp) => self.no_window(false),
        }
    }

    /// A webview can fail and leave an empty window.
    fn give_up_on_page(&mut self) {
        if self.ready_by.take_if(|by| *by <= Instant::now()).is_some() {
            tracing::error!("the page did not draw itself in time");
            self.page_failed();
        }
    }

    /// Closes the window of a failed page, once however often the failure is reported.
    fn page_failed(&mut self) {
        self.ready_by = None;
        if self.closing.is_none() && window::destroy(&self.app) {
            self.closing = Some(self.failures.next(Instant::now()));
        }
    }

    fn no_window(&mut self, missing: bool) {
        self.tell(Input::WindowFailed);
        self.no_window = Instant::now().checked_add(VIEW_FOLLOWS).map(|at| (missing, at));
    }

    /// On a separate thread, because the user may take their time; never twice at once.
    fn say_that_there_is_no_window(&mut self) {
        let due = self.no_window.take_if(|(_, at)| *at <= Instant::now());
        let Some((missing, _)) = due else { return };
        if self.alert.as_ref().is_some_and(|alert| !alert.is_finished()) {
            return;
        }
        let view = self.view.as_ref();
        let why = NoWindow {
            missing,
            question_waits: view.is_some_and(|view| view.question.is_some()),
            state: view.map(|view| view.headline.clone()).unwrap_or_default(),
        };
        let alert = std::thread::Builder::new().name("alert".into());
        match alert.spawn(move || alert::no_window(&why)) {
            Ok(alert) => self.alert = Some(alert),
            Err(why) => tracing::error!(%why, "the message could not be shown"),
        }
    }

    fn tell_page(&self, update: Update) {
        if let Some(page) = &self.page
            && let Err(why) = page.send(update)
        {
            tracing::warn!(%why, "the page did not accept an update");
        }
    }

    fn tell(&self, input: Input) {
        if self.inbox.blocking_send(Message::Input(input)).is_err() {
            tracing::debug!("the companion has ended");
        }
    }

    /// The tray shows the same state, so one log line about failures is enough.
    fn toast(&mut self, toast: &Toast) {
        match toast::show(toast, self.links_open_us) {
            Ok(shown) => {
                self.toasts_refused = false;
                self.toasts.extend(toast.problem.map(|problem| (problem, shown)));
            }
            Err(why) if !std::mem::replace(&mut self.toasts_refused, true) => {
                tracing::warn!(%why, "notifications are refused");
            }
            Err(_) => {}
        }
    }

    /// The system keeps notifications, and those about a problem that is over would be wrong.
    fn take_back_toasts(&mut self, view: &View) {
        self.toasts.retain(|code, shown| {
            let is_there = has_problem(view, *code);
            if !is_there && let Err(why) = toast::take_back(shown) {
                // The user may have closed it.
                tracing::debug!(%why, code = code.text(), "the notification could not be taken back");
            }
            is_there
        });
    }
}

/// An empty folder for the webview; `None`, which is the usual one, if there can be none.
fn fresh_folder() -> Option<PathBuf> {
    let folder = paths::data_folder().ok()?.join(FRESH_FOLDER);
    // Nothing is there unless this has happened before.
    drop(std::fs::remove_dir_all(&folder));
    let made = std::fs::create_dir(&folder);
    made.inspect_err(|why| tracing::error!(%why, "the webview gets no fresh folder")).ok()?;
    Some(folder)
}

fn has_problem(view: &View, code: Code) -> bool {
    let mut problems = view.connections.iter().filter_map(|one| one.problem.as_ref());
    problems.any(|problem| problem.code == code)
}

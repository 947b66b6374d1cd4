//! One thread that owns what is on screen: the tray, the window, the notifications.
//!
//! Windows must not be built from an event handler or a synchronous command, because that
//! deadlocks on Windows; and the companion must not wait for a window. So both send orders here.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use deskside::NAME;
use deskside::companion::{Input, Page, Toast, Update, View};
use deskside::runtime::{Inbox, Message};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tauri_plugin_deep_link::DeepLinkExt;

use crate::tray::Tray;
use crate::{toast, window};

/// What the desk is asked to do.
pub(crate) enum Order {
    /// Draw the newest view.
    Draw(Box<View>),
    /// Show the window with this page.
    OpenWindow(Page),
    /// Show a notification.
    Toast(Toast),
    /// The page is there and wants to be told everything.
    Attach(Channel<Update>),
    /// The page has drawn itself.
    Ready,
    /// The window is gone.
    Closed,
}

/// How long a page may take to draw itself: WebView2 was seen to need 20 seconds on a first run.
const PAGE_PATIENCE: Duration = Duration::from_secs(30);

/// How long a page that is there may take to turn to another one.
const TURN_PATIENCE: Duration = Duration::from_secs(10);

/// Starts the desk.
///
/// # Errors
/// When no thread can be started.
pub(crate) fn start(app: AppHandle, inbox: Inbox) -> std::io::Result<Sender<Order>> {
    let (orders, inbound) = mpsc::channel();
    app.manage(orders.clone());
    let desk = Desk {
        tray: Tray::new(app.clone(), inbox.clone()),
        app,
        inbox,
        orders: orders.clone(),
        view: None,
        page: None,
        turn_to: None,
        ready_by: None,
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
    ready_by: Option<Instant>,
}

impl Desk {
    fn serve(mut self, inbound: &Receiver<Order>) {
        self.register_scheme();
        loop {
            let wake = [self.tray.retry_at(), self.ready_by].into_iter().flatten().min();
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
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Draw(view) => {
                self.tray.show(&view);
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
            Order::Ready => self.ready_by = None,
            Order::Closed => self.closed(),
        }
    }

    /// A page that listens is told to turn; a new window turns when it attaches.
    fn open(&mut self, page: Page) {
        let opened = window::show(&self.app, &self.orders);
        match opened {
            Ok(window::Opened::New) => {
                self.page = None;
                self.turn_to = Some(page);
                self.ready_by = Instant::now().checked_add(PAGE_PATIENCE);
                self.tell(Input::WindowShown(true));
            }
            Ok(window::Opened::Before) if self.page.is_some() => {
                self.tell_page(Update::Turn { page });
                // A page whose process has died takes everything in and never answers.
                let soon = Instant::now().checked_add(TURN_PATIENCE);
                self.ready_by = self.ready_by.or(soon);
            }
            Ok(window::Opened::Before) => self.turn_to = Some(page),
            Err(why) => {
                tracing::error!(%why, "the window could not be opened");
                self.no_window();
            }
        }
    }

    fn closed(&mut self) {
        self.page = None;
        self.turn_to = None;
        self.ready_by = None;
        self.tell(Input::WindowShown(false));
    }

    /// A webview can fail and leave an empty frame: better no window than a white one.
    fn give_up_on_page(&mut self) {
        if self.ready_by.take_if(|by| *by <= Instant::now()).is_some() {
            tracing::error!("the page did not draw itself in time; the window is closed");
            window::destroy(&self.app);
            self.no_window();
        }
    }

    fn no_window(&self) {
        let headline = self.view.as_ref().map(|view| view.headline.clone()).unwrap_or_default();
        self.toast(&Toast {
            title: "Deskside cannot show its window".into(),
            body: format!("{headline} Deskside itself keeps working.").trim_start().into(),
        });
    }

    fn tell_page(&self, update: Update) {
        if let Some(page) = &self.page
            && let Err(why) = page.send(update)
        {
            tracing::warn!(%why, "the page did not take an update");
        }
    }

    fn tell(&self, input: Input) {
        if self.inbox.blocking_send(Message::Input(input)).is_err() {
            tracing::debug!("the companion has ended");
        }
    }

    fn toast(&self, toast: &Toast) {
        // The tray always shows the same truth.
        if let Err(why) = toast::show(&toast.title, &toast.body) {
            tracing::warn!(%why, "a notification was refused");
        }
    }

    /// At every start, so that a moved program heals its own registration.
    fn register_scheme(&self) {
        if let Err(why) = self.app.deep_link().register_all() {
            tracing::warn!(%why, "links to {NAME} could not be registered");
        }
    }
}

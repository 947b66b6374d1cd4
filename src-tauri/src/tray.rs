//! The tray icon. Drawing it is retried as long as the program runs: the taskbar may not be
//! there yet when Windows has just started, and it may disappear and return.

use std::time::Instant;

use deskside_companion::{Input, Status, TRAY_BACKOFF, TrayItem, TrayView, View, tray};
use deskside_runtime::{Inbox, Message};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

/// The tray icon and what it shows.
pub(crate) struct Tray {
    app: AppHandle,
    inbox: Inbox,
    icon: Option<TrayIcon>,
    drawn: Option<TrayView>,
    wanted: Option<TrayView>,
    failures: u32,
    retry_at: Option<Instant>,
}

impl Tray {
    pub(crate) fn new(app: AppHandle, inbox: Inbox) -> Self {
        let (icon, drawn, wanted, retry_at) = (None, None, None, None);
        Self { app, inbox, icon, drawn, wanted, failures: 0, retry_at }
    }

    /// Sets the view to draw.
    pub(crate) fn show(&mut self, view: &View) {
        self.wanted = Some(tray(view));
    }

    /// When to retry drawing.
    pub(crate) const fn retry_at(&self) -> Option<Instant> {
        self.retry_at
    }

    /// Draws the newest view if it is not drawn yet. May be called at any time.
    pub(crate) fn catch_up(&mut self) {
        if self.retry_at.is_some_and(|at| at > Instant::now()) {
            return;
        }
        let Some(wanted) = self.wanted.clone().filter(|w| self.drawn.as_ref() != Some(w)) else {
            self.retry_at = None;
            return;
        };
        match self.draw(&wanted) {
            Ok(()) => {
                self.drawn = Some(wanted);
                (self.failures, self.retry_at) = (0, None);
            }
            Err(why) => {
                tracing::warn!(%why, "the tray could not be drawn; trying again");
                let pause = TRAY_BACKOFF.pause(self.failures, 0.0).unsigned_abs();
                self.retry_at = Instant::now().checked_add(pause);
                self.failures = self.failures.saturating_add(1);
            }
        }
    }

    fn draw(&mut self, view: &TrayView) -> tauri::Result<()> {
        let menu = menu(&self.app, &view.menu)?;
        let Some(icon) = &self.icon else {
            self.icon = Some(self.create(view, &menu)?);
            return Ok(());
        };
        let drawn = self.drawn.as_ref();
        if drawn.is_none_or(|drawn| drawn.icon != view.icon) {
            icon.set_icon(Some(image(view.icon)))?;
        }
        icon.set_tooltip(Some(&view.tooltip))?;
        if drawn.is_none_or(|drawn| drawn.menu != view.menu) {
            icon.set_menu(Some(menu))?;
        }
        let inbox = self.inbox.clone();
        let entries = view.menu.clone();
        icon.on_menu_event(move |app, event| chosen(app, &inbox, &entries, event.id.as_ref()));
        Ok(())
    }

    fn create(&self, view: &TrayView, menu: &Menu<Wry>) -> tauri::Result<TrayIcon> {
        let (clicked, chooser) = (self.inbox.clone(), self.inbox.clone());
        let entries = view.menu.clone();
        TrayIconBuilder::with_id("deskside")
            .icon(image(view.icon))
            .tooltip(&view.tooltip)
            .menu(menu)
            .show_menu_on_left_click(false)
            .on_menu_event(move |app, event| chosen(app, &chooser, &entries, event.id.as_ref()))
            .on_tray_icon_event(move |_, event| {
                let up = MouseButtonState::Up;
                if let TrayIconEvent::Click { button: MouseButton::Left, button_state, .. } = event
                    && button_state == up
                {
                    crate::offer(&clicked, Input::Summoned);
                }
            })
            .build(&self.app)
    }
}

/// Each entry's identifier is its position in the menu.
fn menu(app: &AppHandle, entries: &[TrayItem]) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    for (place, entry) in entries.iter().enumerate() {
        let id = place.to_string();
        match entry {
            TrayItem::Rule => menu.append(&PredefinedMenuItem::separator(app)?)?,
            TrayItem::Note(text) => {
                menu.append(&MenuItem::with_id(app, id, plain(text), false, None::<&str>)?)?;
            }
            TrayItem::Open(_, text) | TrayItem::Do(_, text) | TrayItem::Quit(text) => {
                menu.append(&MenuItem::with_id(app, id, plain(text), true, None::<&str>)?)?;
            }
        }
    }
    Ok(menu)
}

/// An ampersand marks a keyboard shortcut in a menu; two of them are one in the text.
fn plain(text: &str) -> String {
    text.replace('&', "&&")
}

fn chosen(app: &AppHandle, inbox: &Inbox, entries: &[TrayItem], id: &str) {
    let entry = id.parse::<usize>().ok().and_then(|place| entries.get(place));
    match entry {
        Some(TrayItem::Open(page, _)) => {
            crate::offer(inbox, Input::PageWanted(*page));
        }
        Some(TrayItem::Do(action, _)) => {
            crate::offer(inbox, Input::User(action.clone()));
        }
        Some(TrayItem::Quit(_)) => {
            if inbox.try_send(Message::Quit).is_err() {
                // The companion has already ended; the program ends anyway.
                app.exit(0);
            }
        }
        Some(TrayItem::Note(_) | TrayItem::Rule) | None => {}
    }
}

fn image(status: Status) -> Image<'static> {
    match status {
        Status::Idle => tauri::include_image!("../icons/generated/tray/idle.png"),
        Status::Healthy => tauri::include_image!("../icons/generated/tray/healthy.png"),
        Status::Ready => tauri::include_image!("../icons/generated/tray/ready.png"),
        Status::Waiting => tauri::include_image!("../icons/generated/tray/waiting.png"),
        Status::Unknown => tauri::include_image!("../icons/generated/tray/unknown.png"),
        Status::Problem => tauri::include_image!("../icons/generated/tray/problem.png"),
    }
}

//! The tray icon. Drawing it is retried as long as the program runs: the taskbar may not be
//! there yet when Windows has just started, it may disappear and return, and it may refuse an icon
//! or lose it without a word.

use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use deskside_companion::{Status, TRAY_BACKOFF, TrayChoice, TrayItem, TrayView, View, tray};
use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::clicks;
use crate::desk::Order;

const ID: &str = "deskside";

/// How often an icon that was drawn is checked. Only Windows has a taskbar that can lose one.
const CHECK_EVERY: Option<Duration> =
    if cfg!(windows) { Some(Duration::from_secs(60)) } else { None };

/// The tray icon and what it shows.
pub(crate) struct Tray {
    app: AppHandle,
    icon: Option<TrayIcon>,
    /// The newest menu, and what it was made of.
    menu: Option<(Vec<TrayItem>, Menu<Wry>)>,
    drawn: Option<(TrayView, PictureSize)>,
    wanted: Option<TrayView>,
    failures: u32,
    retry_at: Option<Instant>,
    check_at: Option<Instant>,
}

impl Tray {
    pub(crate) const fn new(app: AppHandle) -> Self {
        let (icon, menu, drawn, wanted, retry_at, check_at) = (None, None, None, None, None, None);
        Self { app, icon, menu, drawn, wanted, failures: 0, retry_at, check_at }
    }

    /// Sets the view to draw.
    pub(crate) fn show(&mut self, view: &View) {
        self.wanted = Some(tray(view));
    }

    /// When to call [`Self::catch_up`] although nothing happens.
    pub(crate) fn wake_at(&self) -> Option<Instant> {
        self.retry_at.or(self.check_at)
    }

    /// Draws the newest view if it is not drawn yet, and an icon again that the taskbar has lost.
    /// May be called at any time.
    pub(crate) fn catch_up(&mut self) {
        let now = Instant::now();
        let Some(wanted) = self.wanted.clone() else { return };
        let is_drawn = self.drawn.as_ref().is_some_and(|(drawn, _)| *drawn == wanted);
        let has_to_wait = self.retry_at.is_some_and(|at| at > now);
        if has_to_wait || is_drawn && self.check_at.is_none_or(|at| at > now) {
            return;
        }
        let drawn = self.draw(&wanted);
        self.check_at = CHECK_EVERY.and_then(|pause| now.checked_add(pause));
        match drawn {
            Ok(size) => {
                self.drawn = Some((wanted, size));
                (self.failures, self.retry_at) = (0, None);
            }
            Err(why) => {
                tracing::warn!(%why, "the tray could not be drawn; trying again");
                self.drawn = None;
                let pause = TRAY_BACKOFF.pause(self.failures, 0.0).unsigned_abs();
                self.retry_at = now.checked_add(pause);
                self.failures = self.failures.saturating_add(1);
            }
        }
    }

    fn draw(&mut self, view: &TrayView) -> tauri::Result<PictureSize> {
        let size = PictureSize::of_taskbar(&self.app);
        let menu = self.menu(&view.menu)?;
        if let Some(icon) = self.icon.take() {
            match self.update(&icon, view, size, &menu) {
                Ok(()) => {
                    self.icon = Some(icon);
                    return Ok(size);
                }
                Err(why) => {
                    tracing::info!(%why, "the taskbar has no icon of ours any more");
                    self.throw_away(icon)?;
                }
            }
        }
        let icon = self.create(view, size, &menu)?;
        if let Some(desk) = self.app.try_state::<Sender<Order>>()
            && let Err(why) = clicks::listen(&icon, &desk)
        {
            tracing::warn!(%why, "clicks on the tray icon may not be heard");
        }
        // The library also answers with success when the taskbar refuses the icon. Then it refuses
        // a change as well. The icon is kept, because it hears of a new taskbar.
        let shown = icon.set_tooltip(Some(&view.tooltip));
        self.icon = Some(icon);
        shown.map(|()| size)
    }

    fn update(
        &self,
        icon: &TrayIcon,
        view: &TrayView,
        size: PictureSize,
        menu: &Menu<Wry>,
    ) -> tauri::Result<()> {
        let drawn = self.drawn.as_ref();
        if drawn.is_none_or(|(drawn, before)| drawn.icon != view.icon || *before != size) {
            icon.set_icon(Some(picture(view.icon, size)))?;
        }
        // Without an icon the taskbar refuses this, also when the text is the same.
        icon.set_tooltip(Some(&view.tooltip))?;
        if drawn.is_none_or(|(drawn, _)| drawn.menu != view.menu) {
            icon.set_menu(Some(menu.clone()))?;
        }
        Ok(())
    }

    fn create(
        &self,
        view: &TrayView,
        size: PictureSize,
        menu: &Menu<Wry>,
    ) -> tauri::Result<TrayIcon> {
        TrayIconBuilder::with_id(ID)
            .icon(picture(view.icon, size))
            .tooltip(&view.tooltip)
            .menu(menu)
            .show_menu_on_left_click(false)
            .on_tray_icon_event(|icon, event| {
                let up = MouseButtonState::Up;
                if let TrayIconEvent::Click { button: MouseButton::Left, button_state, .. } = event
                    && button_state == up
                {
                    order(icon.app_handle(), Order::Summon);
                }
            })
            .build(&self.app)
    }

    /// Windows destroys an icon's hidden window only on the thread that has made it.
    fn throw_away(&self, icon: TrayIcon) -> tauri::Result<()> {
        let app = self.app.clone();
        self.app.run_on_main_thread(move || {
            drop(app.remove_tray_by_id(ID));
            drop(icon);
        })
    }

    /// Opens the menu where the library does not.
    #[cfg(windows)]
    pub(crate) fn open_menu(&self) {
        let (Some(icon), Some((_, menu))) = (&self.icon, &self.menu) else { return };
        if let Err(why) = clicks::open_menu(&self.app, icon, menu) {
            tracing::warn!(%why, "the tray's menu could not be opened");
        }
    }

    fn menu(&mut self, entries: &[TrayItem]) -> tauri::Result<Menu<Wry>> {
        if let Some((of, menu)) = &self.menu
            && of == entries
        {
            return Ok(menu.clone());
        }
        let menu = build_menu(&self.app, entries)?;
        self.menu = Some((entries.to_vec(), menu.clone()));
        Ok(menu)
    }
}

fn build_menu(app: &AppHandle, entries: &[TrayItem]) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    let no_shortcut = None::<&str>;
    for entry in entries {
        match entry {
            TrayItem::Rule => menu.append(&PredefinedMenuItem::separator(app)?)?,
            // The library makes up an identifier, which is a number.
            TrayItem::Note(text) => {
                menu.append(&MenuItem::new(app, plain(text), false, no_shortcut)?)?;
            }
            TrayItem::Choice(choice, text) => {
                let id = choice.id();
                menu.append(&MenuItem::with_id(app, id, plain(text), true, no_shortcut)?)?;
            }
        }
    }
    Ok(menu)
}

/// An ampersand marks a keyboard shortcut in a menu; two of them are one in the text.
fn plain(text: &str) -> String {
    text.replace('&', "&&")
}

/// The one listener for every menu that the tray ever has: the library never removes a listener, so
/// a listener for each menu would act once for each menu that ever was.
pub(crate) fn chosen(app: &AppHandle, event: &MenuEvent) {
    if let Some(choice) = TrayChoice::with_id(event.id.as_ref()) {
        order(app, Order::Choose(choice));
    }
}

/// Passes a click on to the desk, which may wait for a busy companion; the event loop must not.
fn order(app: &AppHandle, order: Order) {
    let desk = app.try_state::<Sender<Order>>();
    if desk.is_none_or(|desk| desk.send(order).is_err()) {
        tracing::error!("the desk has ended");
    }
}

/// How large the picture is, in pixels a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PictureSize {
    Px16,
    Px32,
    Px64,
}

impl PictureSize {
    /// The size for the taskbar of the main screen. Elsewhere the panel scales it.
    fn of_taskbar(app: &AppHandle) -> Self {
        if !cfg!(windows) {
            return Self::Px32;
        }
        let screen = app.primary_monitor().ok().flatten();
        screen.map_or(Self::Px32, |screen| Self::for_scale(screen.scale_factor()))
    }

    /// The smallest picture that need not be blown up. Windows draws icons in the taskbar 16 pixels
    /// wide at a scale of 1. Source: "Notifications and the Notification Area", Microsoft Learn.
    fn for_scale(scale: f64) -> Self {
        match 16.0 * scale {
            ..=16.0 => Self::Px16,
            ..=32.0 => Self::Px32,
            _ => Self::Px64,
        }
    }
}

macro_rules! pictures {
    ($size:expr, $small:literal, $medium:literal, $large:literal) => {
        match $size {
            PictureSize::Px16 => tauri::include_image!($small),
            PictureSize::Px32 => tauri::include_image!($medium),
            PictureSize::Px64 => tauri::include_image!($large),
        }
    };
}

fn picture(status: Status, size: PictureSize) -> Image<'static> {
    match status {
        Status::Idle => pictures!(
            size,
            "../icons/generated/tray/idle-16.png",
            "../icons/generated/tray/idle.png",
            "../icons/generated/tray/idle-64.png"
        ),
        Status::Healthy => pictures!(
            size,
            "../icons/generated/tray/healthy-16.png",
            "../icons/generated/tray/healthy.png",
            "../icons/generated/tray/healthy-64.png"
        ),
        Status::Ready => pictures!(
            size,
            "../icons/generated/tray/ready-16.png",
            "../icons/generated/tray/ready.png",
            "../icons/generated/tray/ready-64.png"
        ),
        Status::Waiting => pictures!(
            size,
            "../icons/generated/tray/waiting-16.png",
            "../icons/generated/tray/waiting.png",
            "../icons/generated/tray/waiting-64.png"
        ),
        Status::Unknown => pictures!(
            size,
            "../icons/generated/tray/unknown-16.png",
            "../icons/generated/tray/unknown.png",
            "../icons/generated/tray/unknown-64.png"
        ),
        Status::Problem => pictures!(
            size,
            "../icons/generated/tray/problem-16.png",
            "../icons/generated/tray/problem.png",
            "../icons/generated/tray/problem-64.png"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picture_is_never_smaller_than_the_taskbar_shows_it() {
        let sizes = [1.0, 1.25, 1.5, 2.0, 2.25, 3.0, 4.0].map(PictureSize::for_scale);
        use PictureSize::{Px16, Px32, Px64};
        assert_eq!(sizes, [Px16, Px32, Px32, Px32, Px64, Px64, Px64]);
    }

    #[test]
    fn picture_has_the_size_of_its_name() {
        for (size, side) in
            [(PictureSize::Px16, 16), (PictureSize::Px32, 32), (PictureSize::Px64, 64)]
        {
            use Status::{Healthy, Idle, Problem, Ready, Unknown, Waiting};
            for status in [Idle, Healthy, Ready, Waiting, Unknown, Problem] {
                let picture = picture(status, size);
                assert_eq!((picture.width(), picture.height()), (side, side), "{status:?}");
            }
        }
    }
}

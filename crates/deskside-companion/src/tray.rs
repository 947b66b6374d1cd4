//! The tray as plain data, which is compared before anything is drawn.

use deskside_model::{NAME, Page};
use deskside_text as text;
use jiff::SignedDuration;

use crate::backoff::{Backoff, Jitter};
use crate::view::{Status, View};

/// Windows shows at most this many UTF-16 units of a tooltip.
const TOOLTIP_UNITS: usize = 127;

/// The pauses before the tray is drawn again: the taskbar may not be there yet when Windows has just
/// started, it may go and come back, and some computers have none.
pub const TRAY_BACKOFF: Backoff = Backoff {
    first: SignedDuration::from_millis(400),
    factor: 2,
    longest: SignedDuration::from_mins(2),
    jitter: Jitter::None,
};

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// Which icon: the state by color and shape.
    pub icon: Status,
    /// The state in words.
    pub tooltip: String,
    /// The menu, from top to bottom.
    pub menu: Vec<TrayItem>,
}

/// A line of the tray's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrayItem {
    /// Text that cannot be clicked.
    Note(String),
    /// Text that can be clicked, and what happens then.
    Choice(TrayChoice, String),
    /// A line between groups.
    Rule,
}

/// What a click on the tray's menu does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrayChoice {
    /// Opens a page.
    Open(Page),
    /// Looks again, without a window.
    Refresh,
    /// Ends the program.
    Quit,
}

impl TrayChoice {
    const ALL: [Self; 6] = [
        Self::Open(Page::Status),
        Self::Open(Page::Setup),
        Self::Open(Page::Diagnostics),
        Self::Open(Page::Settings),
        Self::Refresh,
        Self::Quit,
    ];

    /// The identifier of a menu entry that does this. It names the action and never a place in the
    /// menu: the system may deliver a click after the menu has changed.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Open(Page::Status) => "open:status",
            Self::Open(Page::Setup) => "open:setup",
            Self::Open(Page::Diagnostics) => "open:diagnostics",
            Self::Open(Page::Settings) => "open:settings",
            Self::Refresh => "refresh",
            Self::Quit => "quit",
        }
    }

    /// What the menu entry with this identifier does; `None` for an entry that does nothing.
    #[must_use]
    pub fn with_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.id() == id)
    }
}

/// Draws the tray.
#[must_use]
pub fn tray(view: &View) -> TrayView {
    let mut menu = vec![TrayItem::Note(view.headline.clone())];
    if view.connections.len() > 1 {
        let one = |c: &super::ConnectionView| TrayItem::Note(text::named(&c.name, &c.headline));
        menu.extend(view.connections.iter().map(one));
    }
    menu.push(TrayItem::Rule);
    if view.question.is_some() {
        menu.push(TrayItem::Choice(TrayChoice::Open(Page::Status), text::tray_answer()));
    }
    menu.push(TrayItem::Choice(TrayChoice::Open(Page::Status), text::tray_open()));
    menu.push(TrayItem::Choice(TrayChoice::Refresh, text::tray_look_again()));
    menu.push(TrayItem::Choice(TrayChoice::Open(Page::Diagnostics), text::tray_diagnostics()));
    menu.push(TrayItem::Rule);
    menu.push(TrayItem::Choice(TrayChoice::Quit, text::tray_quit()));
    let icon = if view.question.is_some() { Status::Waiting.max(view.status) } else { view.status };
    TrayView { icon, tooltip: tooltip(&view.headline), menu }
}

fn tooltip(headline: &str) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= TOOLTIP_UNITS
    };
    text::named(NAME, headline).chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tooltip_fits_the_length_limit_of_windows() {
        let long = "Société d’Équipement 🧾 ".repeat(40);
        assert!(tooltip(&long).encode_utf16().count() <= TOOLTIP_UNITS);
    }

    #[test]
    fn every_choice_is_found_by_its_own_id_only() {
        for choice in TrayChoice::ALL {
            assert_eq!(TrayChoice::with_id(choice.id()), Some(choice));
        }
        for id in ["", "6", "open", "open:", "Quit", "quit ", "open:status:1"] {
            assert_eq!(TrayChoice::with_id(id), None, "{id}");
        }
    }
}

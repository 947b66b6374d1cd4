//! The tray as plain data, which is compared before anything is drawn.

use deskside_model::{NAME, Page};
use deskside_text as text;
use jiff::SignedDuration;

use crate::backoff::{Backoff, Jitter};
use crate::view::{Action, Status, View};

/// Windows shows at most this many UTF-16 units of a tooltip.
const TOOLTIP_UNITS: usize = 127;

/// The pauses before the tray is drawn again: the taskbar may not be there yet when Windows has just
/// started, and it may go and come back.
pub const TRAY_BACKOFF: Backoff = Backoff {
    first: SignedDuration::from_millis(400),
    factor: 2,
    longest: SignedDuration::from_secs(5),
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
    /// Opens a page.
    Open(Page, String),
    /// Does something without a window.
    Do(Action, String),
    /// A line between groups.
    Rule,
    /// Ends the program.
    Quit(String),
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
        menu.push(TrayItem::Open(Page::Status, text::tray_answer()));
    }
    menu.push(TrayItem::Open(Page::Status, text::tray_open()));
    menu.push(TrayItem::Do(Action::Refresh, text::tray_look_again()));
    menu.push(TrayItem::Open(Page::Diagnostics, text::tray_diagnostics()));
    menu.push(TrayItem::Rule);
    menu.push(TrayItem::Quit(text::tray_quit()));
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
}

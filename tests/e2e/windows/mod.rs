//! What only Windows has: its registry, Credential Manager, taskbar, windows, pipes and installers.

mod alert;
mod app;
mod command_line;
mod installer;
mod links;
mod places;
mod quickbooks;
mod registration;
mod scenarios;
mod secrets;
mod session;

use deskside_fake_quickbooks::orders::{QuickBooksOrder, Shown};
use deskside_tests::{Outcome, Player, Stage};

/// The title of a QuickBooks with a company that is open.
const OPEN: &str = "Larch LLC  - Intuit QuickBooks Enterprise Solutions: Accountant 24.0";

/// The order to show a main window of this title.
fn main_window(title: &str) -> QuickBooksOrder {
    QuickBooksOrder::Main { title: title.into(), shown: Shown::Open }
}

/// Starts a QuickBooks that shows an open company.
pub(crate) fn open_company(stage: &Stage) -> Outcome<Player> {
    let mut quickbooks = stage.quickbooks("QBW.EXE")?;
    quickbooks.obey(&main_window(OPEN))?;
    Ok(quickbooks)
}

//! What only Windows has: its registry, Credential Manager, taskbar, windows, pipes and installers.

mod alert;
mod app;
mod command_line;
mod installer;
mod links;
mod native;
mod places;
mod quickbooks;
mod registration;
mod scenarios;
mod secrets;
mod session;

use deskside_fake_quickbooks::orders::{QuickBooksOrder, Shown};
use deskside_tests::{Outcome, Player, Program, Stage};

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

/// Starts the tray app as on a computer without WebView2.
fn app_without_webview2(stage: &Stage) -> Outcome<Program> {
    // The loader looks for WebView2 in this folder only.
    let nothing = stage.scratch.join("no-webview2");
    std::fs::create_dir_all(&nothing)?;
    Program::start(stage.command("deskside").env("WEBVIEW2_BROWSER_EXECUTABLE_FOLDER", nothing))
}

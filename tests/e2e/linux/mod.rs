//! What needs a window, a browser, a keyring or a session bus of the stage's own.

mod command_line;
mod direct;
mod keyring;
mod life;
mod links;
mod outage;
mod story;
mod tls;
mod tray;
mod vendor_backend;
mod window;

use deskside_tests::{Outcome, Page, Player, Sandbox, Stage};
use serde_json::json;

/// Starts a QuickBooks; nobody sees its windows here.
pub(crate) fn open_company(stage: &Stage) -> Outcome<Player> {
    stage.quickbooks("QBW32.EXE")
}

/// Answers both questions of an enrollment with yes.
fn agree(page: &Page) -> Outcome {
    page.click("input[type=checkbox]")?;
    page.press("Link")?;
    page.press("Yes, tell them")
}

/// A link that the provider made for a page of its own: the deep link, and the link inside it.
fn session(sandbox: &Sandbox) -> Outcome<(String, String)> {
    let session = sandbox.post("/sessions", json!({}))?;
    let text = |field: &str| session[field].as_str().map(str::to_owned).ok_or("no link");
    Ok((text("deep_link")?, text("auth_flow_url")?))
}

/// The secret part of a provider's link.
fn secret_of(link: &str) -> Outcome<&str> {
    let last = link.rsplit('/').next().and_then(|part| part.split('?').next());
    Ok(last.ok_or("no secret")?)
}

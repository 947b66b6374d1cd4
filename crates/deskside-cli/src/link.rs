//! `link inspect` and `link open`.

use std::process::{Command, Stdio};

use deskside::control::{self, ControlFault, Request};
use deskside::link::{Judgement, Refusal, inspect};
use deskside::{Secret, place};

use crate::arguments::LinkCommand;
use crate::output::{Failure, document, line, say};

/// The app, installed beside this program.
const APP: &str = if cfg!(windows) { "deskside.exe" } else { "deskside" };

pub(crate) async fn run(command: LinkCommand) -> Result<u8, Failure> {
    match command {
        LinkCommand::Inspect { url, json } => judge(&url, json),
        LinkCommand::Open { url } => open(Secret::new(url)).await,
    }
}

fn judge(url: &str, json: bool) -> Result<u8, Failure> {
    let trust = place::trust().map_err(|why| Failure::new("the policy cannot be used", why))?;
    let seen = inspect(url, &trust);
    if json {
        document(&seen)?;
    } else {
        let host = seen.host.as_deref().unwrap_or("Deskside itself");
        match (seen.verdict, seen.reason) {
            (Judgement::Ask, _) => line(&format!("Deskside would ask before it goes to {host}."))?,
            (Judgement::Navigate, _) => line("Deskside would show a page or look again.")?,
            (Judgement::Reject, reason) => {
                let reason = reason.unwrap_or(Refusal::Malformed);
                line(&format!("Refused ({}): {}", reason.code(), reason.sentence()))?;
            }
        }
    }
    Ok(if seen.verdict == Judgement::Reject { 1 } else { 0 })
}

/// Hands the link to the running companion, or starts the app with it as a click would.
async fn open(link: Secret) -> Result<u8, Failure> {
    let folder = place::data_folder().map_err(|why| Failure::new("no profile folder", why))?;
    let request = Request::Link(link);
    match control::ask::<bool>(&folder, &request).await {
        Ok(true) => {
            say("Handed to Deskside. It asks in its own window before it does anything.");
            Ok(0)
        }
        Ok(false) => Err(Failure::plain("Deskside is just ending; try again")),
        Err(ControlFault::NotRunning) => start(&request),
        Err(why) => Err(Failure::new("the link could not be handed over", why)),
    }
}

fn start(request: &Request) -> Result<u8, Failure> {
    let Request::Link(link) = request else { return Ok(2) };
    let app = std::env::current_exe()
        .map_err(|why| Failure::new("this program does not know where it is", why))?
        .with_file_name(APP);
    // The link as an argument, as from a browser: the app takes it out of its arguments at once.
    Command::new(&app)
        .arg(link.reveal())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|why| Failure::new(format!("{} could not be started", app.display()), why))?;
    say("Deskside is started. It asks in its own window before it does anything.");
    Ok(0)
}

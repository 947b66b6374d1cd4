//! `link inspect` and `link open`.

use deskside_model::Secret;
use deskside_model::link::{LinkJudgment, LinkRefusal, inspect};
use deskside_os::{paths, policy};
use deskside_runtime::control::Request;

use crate::arguments::LinkCommand;
use crate::companion;
use crate::output::{CommandFailure, document, line, say};

pub(crate) async fn run(command: LinkCommand) -> Result<u8, CommandFailure> {
    match command {
        LinkCommand::Inspect { url, json } => judge(&url, json),
        LinkCommand::Open { url } => open(Secret::new(url)).await,
    }
}

fn judge(url: &str, json: bool) -> Result<u8, CommandFailure> {
    let trust =
        policy::trust().map_err(|why| CommandFailure::new("the policy cannot be used", why))?;
    let seen = inspect(url, &trust);
    if json {
        document(&seen)?;
    } else {
        let host = seen.host.as_deref().unwrap_or("Deskside itself");
        match (seen.verdict, seen.reason) {
            (LinkJudgment::Ask, _) => {
                line(&format!("Deskside would ask before it goes to {host}."))?
            }
            (LinkJudgment::Navigate, _) => line("Deskside would show a page or look again.")?,
            (LinkJudgment::Reject, reason) => {
                let reason = reason.unwrap_or(LinkRefusal::Malformed);
                line(&format!("Refused ({}): {}", reason.code(), reason.sentence()))?;
            }
        }
    }
    Ok(if seen.verdict == LinkJudgment::Reject { 1 } else { 0 })
}

/// Passes the link to the running companion, which is started first if needed. So the link is
/// never an argument of the app.
async fn open(link: Secret) -> Result<u8, CommandFailure> {
    let folder =
        paths::data_folder().map_err(|why| CommandFailure::new("no profile folder", why))?;
    companion::send(&folder, &Request::Link(link)).await?;
    say("Handed to Deskside. It asks in its own window before it does anything.");
    Ok(0)
}

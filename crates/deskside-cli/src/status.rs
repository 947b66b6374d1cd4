//! `status`: the summary of the running companion.

use deskside_companion::{ProblemSummary, Reason, Summary};
use deskside_model::Who;
use deskside_model::evidence::Evidence;
use deskside_os::paths;
use deskside_runtime::control::{self, ControlFault, Request};
use serde::de::DeserializeOwned;

use crate::output::{CommandFailure, document, line};

pub(crate) async fn run(json: bool, print_evidence: bool) -> Result<u8, CommandFailure> {
    if print_evidence {
        document(&ask::<Evidence>(&Request::Evidence).await?)?;
        return Ok(0);
    }
    print(&ask::<Summary>(&Request::Summary).await?, json)
}

async fn ask<T: DeserializeOwned>(request: &Request) -> Result<T, CommandFailure> {
    let folder =
        paths::data_folder().map_err(|why| CommandFailure::new("no profile folder", why))?;
    control::ask(&folder, request).await.map_err(|why| match why {
        ControlFault::NotRunning => {
            CommandFailure::new("start Deskside first, or use `diagnose`", why)
        }
        ControlFault::Busy
        | ControlFault::OtherRights
        | ControlFault::AnotherUser
        | ControlFault::NoAnswer => CommandFailure::new("Deskside did not answer", why),
    })
}

/// Prints a summary and returns its exit code.
pub(crate) fn print(summary: &Summary, json: bool) -> Result<u8, CommandFailure> {
    if json {
        document(summary)?;
        return Ok(summary.exit_code());
    }
    for notice in &summary.notices {
        line(&format!("{} [{}]", notice.text, notice.code))?;
    }
    if summary.connections.is_empty() {
        line(&summary.headline)?;
        explain(&summary.problems)?;
        say_why(summary.reason.as_ref())?;
    }
    for connection in &summary.connections {
        line(&format!("{}: {}", connection.name, connection.headline))?;
        explain(&connection.problems)?;
        say_why(connection.reason.as_ref())?;
    }
    Ok(summary.exit_code())
}

fn explain(problems: &[ProblemSummary]) -> Result<(), CommandFailure> {
    for problem in problems {
        line(&format!("  {} [{}]", problem.cause, problem.code))?;
        if let Some(message) = &problem.provider_message {
            line(&format!("  Message: {message}"))?;
        }
        if let Some(request) = &problem.request_id {
            line(&format!("  Request: {request}"))?;
        }
        line(&format!("  {}", whose_turn(problem.who)))?;
        for (number, step) in problem.steps.iter().enumerate() {
            line(&format!("    {}. {step}", number + 1))?;
        }
    }
    Ok(())
}

/// Why nothing can be said, and what would help.
fn say_why(reason: Option<&Reason>) -> Result<(), CommandFailure> {
    let Some(Reason { cause, steps, .. }) = reason else { return Ok(()) };
    line(&format!("  {cause}"))?;
    for (number, step) in steps.iter().enumerate() {
        line(&format!("    {}. {step}", number + 1))?;
    }
    Ok(())
}

/// Introduces the steps.
pub(crate) const fn whose_turn(who: Who) -> &'static str {
    match who {
        Who::User => "You can fix this:",
        Who::It => "Whoever looks after this computer can fix this:",
        Who::Vendor => "Not this computer; the maker of the application can fix this:",
        Who::Nobody => "Nothing to fix:",
    }
}

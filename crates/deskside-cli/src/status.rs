//! `status`: what the running companion says.

use deskside::companion::{ProblemSummary, Summary, Who};
use deskside::control::{self, ControlFault, Request};
use deskside::place;

use crate::output::{Failure, document, line};

pub(crate) async fn run(json: bool) -> Result<u8, Failure> {
    let folder = place::data_folder().map_err(|why| Failure::new("no profile folder", why))?;
    let summary: Summary = match control::ask(&folder, &Request::Summary).await {
        Ok(summary) => summary,
        Err(why @ ControlFault::NotRunning) => {
            return Err(Failure::new("start Deskside first, or use `diagnose`", why));
        }
        Err(why) => return Err(Failure::new("Deskside could not be asked", why)),
    };
    print(&summary, json)
}

/// Prints a summary and answers the exit code that says the same.
pub(crate) fn print(summary: &Summary, json: bool) -> Result<u8, Failure> {
    if json {
        document(summary)?;
        return Ok(summary.exit_code());
    }
    if summary.connections.is_empty() {
        line(&summary.headline)?;
        explain(&summary.problems)?;
    }
    for connection in &summary.connections {
        line(&format!("{}: {}", connection.name, connection.headline))?;
        explain(&connection.problems)?;
    }
    Ok(summary.exit_code())
}

fn explain(problems: &[ProblemSummary]) -> Result<(), Failure> {
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

const fn whose_turn(who: Who) -> &'static str {
    match who {
        Who::User => "You can fix this:",
        Who::It => "Whoever looks after this computer can fix this:",
        Who::Vendor => "Not this computer; the maker of the application can fix this:",
        Who::Nobody => "Nothing to fix:",
    }
}

//! `deskside-cli`: for support, for IT, and for computers without a desktop.
//!
//! Exit codes: 0 healthy or done, 1 a person must act, 2 the command itself failed, 3 cannot tell.
//! With `--json` one document goes to standard output; messages for people go to standard error.

mod arguments;
mod companion;
mod connection;
mod diagnose;
mod explain;
mod export;
mod headless;
mod input;
mod link;
mod log;
mod output;
mod prompt;
mod quit;
mod qwc;
mod secret;
mod status;

use std::process::ExitCode;

use arguments::{Arguments, CliCommand};
use clap::Parser;
use deskside_os::account::ProcessOwner;
use output::{CommandFailure, complain, say};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !deskside_text::choose_language(deskside_os::locale::preferred()) {
        tracing::error!("a text was used before the language was set");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(arguments.command));
            // A hanging keyring call must not delay the exit.
            runtime.shutdown_background();
            done
        }
        Err(why) => Err(CommandFailure::new("the program could not be started", why)),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            complain(&failure);
            ExitCode::from(2)
        }
    }
}

/// Nobody can say how a user's connections are from outside the user's session.
const CANNOT_TELL: u8 = 3;

async fn run(command: CliCommand) -> Result<u8, CommandFailure> {
    if let Some(why) = command.refusal(ProcessOwner::of_this_process()) {
        say(why);
        return Ok(CANNOT_TELL);
    }
    match command {
        CliCommand::Run => headless::run().await,
        CliCommand::Quit => quit::run().await,
        CliCommand::Diagnose { json, evidence, print_evidence } => {
            diagnose::run(json, evidence.as_deref(), print_evidence).await
        }
        CliCommand::Link(command) => link::run(command).await,
        CliCommand::Explain { asked, rest, json } => explain::run(asked, &rest, json),
        CliCommand::Log(command) => log::run(command),
        CliCommand::Qwc(command) => qwc::run(command),
        CliCommand::Connection(command) => connection::run(command).await,
        CliCommand::Secret(command) => secret::run(command).await,
        CliCommand::Status { json, print_evidence } => status::run(json, print_evidence).await,
        CliCommand::Export { file } => export::run(&file).await,
    }
}

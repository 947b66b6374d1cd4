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
mod link;
mod log;
mod output;
mod quit;
mod secret;
mod status;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;
use output::{Failure, complain};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !deskside_text::choose_language(deskside_os::locale::preferred()) {
        tracing::error!("something was said before the language was chosen");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(arguments.command));
            // A keyring call that hangs must not hold up the end.
            runtime.shutdown_background();
            done
        }
        Err(why) => Err(Failure::new("the program could not be started", why)),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            complain(&failure);
            ExitCode::from(2)
        }
    }
}

async fn run(command: Command) -> Result<u8, Failure> {
    match command {
        Command::Run => headless::run().await,
        Command::Quit => quit::run().await,
        Command::Diagnose { json, evidence, print_evidence } => {
            diagnose::run(json, evidence.as_deref(), print_evidence).await
        }
        Command::Link(command) => link::run(command).await,
        Command::Explain { asked, rest, json } => explain::run(asked, &rest, json),
        Command::Log(command) => log::run(command),
        Command::Connection(command) => connection::run(command).await,
        Command::Secret(command) => secret::run(command).await,
        Command::Status { json, print_evidence } => status::run(json, print_evidence).await,
        Command::Export { file } => export::run(&file).await,
    }
}

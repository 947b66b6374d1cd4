//! The demonstration: everything it needs is built first, then it has the terminal to itself.

use std::env::consts::EXE_SUFFIX;
use std::process::ExitCode;

use crate::command::{Output, cargo};
use crate::outcome::Outcome;
use crate::terminal::print_error;
use crate::{page, paths, process_space, setup};

/// The programs that the demonstration and the tests start. A test is built beside them because it
/// decides about the features of the libraries, and all steps should share one build of those.
const PROGRAMS: &[&str] = &["--workspace", "--bins", "--example", "backend_calls", "--test", "e2e"];

/// Builds the programs.
pub(crate) fn build(output: &mut Output) -> Outcome {
    output.run(cargo(["build"]).args(PROGRAMS))
}

/// Runs the demonstration and returns its exit code.
pub(crate) fn run(arguments: &[&str]) -> Outcome<ExitCode> {
    let mut output = Output::terminal();
    setup::setup(&mut output)?;
    page::build(&mut output)?;
    build(&mut output)?;
    let program = paths::target().join(format!("debug/demo{EXE_SUFFIX}"));
    if !process_space::is_available() {
        print_error("close QuickBooks for the demonstration: this system cannot hide it\n")?;
    }
    let status = process_space::command(program).args(arguments).status()?;
    // A program that a signal ended has no exit code.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

//! The demonstration: everything it needs is made first, then it has the terminal to itself.

use std::env::consts::EXE_SUFFIX;
use std::process::ExitCode;

use crate::run::{Output, cargo, tool};
use crate::{Outcome, place, setup, ui};

/// The programs that the demonstration and the end-to-end tests start. With a test beside them, for
/// the features that all other steps build the libraries with.
pub(crate) const PROGRAMS: &[&str] = &["--workspace", "--bins", "--test", "e2e"];

/// Runs the demonstration and ends as it ended.
pub(crate) fn demo(arguments: &[&str]) -> Outcome<ExitCode> {
    let mut output = Output::Terminal;
    setup::setup(&mut output)?;
    ui::build(&mut output)?;
    output.run(cargo(["build"]).args(PROGRAMS))?;
    let program = place::target().join(format!("debug/demo{EXE_SUFFIX}"));
    let status = tool(program).args(arguments).status()?;
    // Ended by a signal: no code of its own.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

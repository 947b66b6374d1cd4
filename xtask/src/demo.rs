//! The demonstration: everything it needs is made first, then it has the terminal to itself.

use std::process::ExitCode;

use crate::run::{Output, cargo};
use crate::{Outcome, setup, ui};

/// The programs that the demonstration and the end-to-end tests start.
pub(crate) const PROGRAMS: &[&str] = &[
    "--package",
    "deskside-app",
    "--package",
    "deskside-cli",
    "--package",
    "deskside-sandbox",
    "--package",
    "deskside-tests",
];

/// Runs the demonstration and ends as it ended.
pub(crate) fn demo(arguments: &[&str]) -> Outcome<ExitCode> {
    let mut output = Output::Terminal;
    setup::setup(&mut output)?;
    ui::build(&mut output)?;
    output.run(cargo(["build"]).args(PROGRAMS))?;
    let run = ["run", "--quiet", "--package", "deskside-tests", "--bin", "demo", "--"];
    let status = cargo(run).args(arguments).status()?;
    // Ended by a signal: no code of its own.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

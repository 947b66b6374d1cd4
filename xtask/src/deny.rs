//! Checks the licenses, sources and known vulnerabilities of all libraries with cargo-deny; the rules
//! are in `deny.toml`.

use std::process::Command;

use crate::command::{Output, tool};
use crate::outcome::Outcome;
use crate::setup;

/// Fails on a license, source or library that `deny.toml` does not allow, and on a known
/// vulnerability. The database of vulnerabilities has to be downloaded; without a network they are
/// not checked, and a note says so.
pub(crate) fn check(output: &mut Output) -> Outcome {
    output.run(deny()?.args(["check", "bans", "licenses", "sources"]))?;
    if output.status(deny()?.args(["fetch", "db"]))?.success() {
        return output.run(deny()?.args(["check", "advisories"]));
    }
    output.note("advisories not checked: no network")
}

fn deny() -> Outcome<Command> {
    let mut deny = tool(setup::deny::program()?);
    deny.arg("--locked");
    Ok(deny)
}

//! Windows itself: nothing is needed, and the desktop is the one of who runs this.

use std::process::Command;

use crate::Outcome;
use crate::run::{self, Output};

/// Cargo, to build for Windows. Arguments follow.
pub(crate) fn cargo(what: &str) -> Outcome<Command> {
    Ok(run::cargo([what]))
}

/// Where the programs run.
pub(super) struct Desktop;

impl Desktop {
    /// There is one.
    pub(super) fn start(_output: &mut Output) -> Outcome<Self> {
        Ok(Self)
    }

    /// A command that runs there anyway.
    pub(super) fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
    }
}

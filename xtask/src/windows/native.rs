//! Windows itself: nothing has to be prepared, and the desktop is that of the current user.

use std::process::Command;

use crate::command::{self, Output};
use crate::outcome::Outcome;

/// Cargo for Windows programs. Arguments may follow.
pub(crate) fn cargo(subcommand: &str) -> Outcome<Command> {
    Ok(command::cargo([subcommand]))
}

/// Where the programs run.
pub(super) struct Desktop;

impl Desktop {
    /// The current one.
    pub(super) fn start(_output: &mut Output) -> Outcome<Self> {
        Ok(Self)
    }

    /// Nothing has to change for a command to run there.
    pub(super) fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
    }
}

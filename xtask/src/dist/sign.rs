//! Code signing, with a command that the publisher provides.

use std::env;
use std::path::Path;

use super::host;
use crate::command::Output;
use crate::outcome::Outcome;

/// Names a command line for the system's shell, in which `%1` stands for the file to sign. This
/// program never sees the key.
const VARIABLE: &str = "DESKSIDE_SIGN_COMMAND";

/// Signs files, if there is a command for it.
pub(super) struct Signer(Option<String>);

impl Signer {
    /// Reads the command from the environment.
    pub(super) fn from_environment() -> Self {
        Self(env::var(VARIABLE).ok().filter(|command| !command.trim().is_empty()))
    }

    /// The command, for tools that sign while they build.
    pub(super) fn command(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Signs a file in place.
    pub(super) fn sign(&self, output: &mut Output, file: &Path) -> Outcome {
        match &self.0 {
            Some(command) => {
                output.run(&mut host::shell(&command.replace("%1", &file.display().to_string())))
            }
            None => Ok(()),
        }
    }

    /// What was signed, in one line.
    pub(super) fn summary(&self) -> String {
        match &self.0 {
            Some(_) => "signed: both programs, both installers, the uninstaller\n".to_owned(),
            None => format!("not signed: {VARIABLE} names no command\n"),
        }
    }
}

//! Signing, by whatever command the one who publishes has for it.

use std::env;
use std::path::Path;

use super::host;
use crate::Outcome;
use crate::run::Output;

/// A command line for the system's shell, in which `%1` stands for the file to sign. The key is its
/// own affair: this program never sees one.
const VARIABLE: &str = "DESKSIDE_SIGN_COMMAND";

/// Signs, or does not.
pub(super) struct Signer(Option<String>);

impl Signer {
    pub(super) fn from_environment() -> Self {
        Self(env::var(VARIABLE).ok().filter(|command| !command.trim().is_empty()))
    }

    /// The command, for tools that sign in the middle of their work.
    pub(super) fn command(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Signs a file where it is.
    pub(super) fn sign(&self, output: &mut Output, file: &Path) -> Outcome {
        match &self.0 {
            Some(command) => {
                output.run(&mut host::shell(&command.replace("%1", &file.display().to_string())))
            }
            None => Ok(()),
        }
    }

    /// What was done, in one line.
    pub(super) fn said(&self) -> String {
        match &self.0 {
            Some(_) => "signed: both programs, both installers, the uninstaller\n".to_owned(),
            None => format!("not signed: {VARIABLE} names no command\n"),
        }
    }
}

//! Other processes for Deskside to look through: a crowd of no interest, and some with the names of
//! QuickBooks programs.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::desktop::{Desktop, Guard};
use crate::outcome::Outcome;
use crate::paths;

/// The programs that Deskside looks for. Here they only sleep.
const QUICKBOOKS: &[&str] = &["QBW.EXE", "QBWebConnector.exe"];

/// Processes that sleep until this is dropped.
pub(crate) struct Crowd {
    /// Dropping them ends the processes.
    _sleepers: Vec<Guard>,
}

impl Crowd {
    /// Starts `count` processes besides those of QuickBooks.
    pub(crate) fn start(desktop: &Desktop, count: usize) -> Outcome<Self> {
        let sleep = paths::find_program(&["sleep"]).ok_or("there is no `sleep` here")?;
        let folder = desktop.folder("crowd")?;
        let mut sleepers = Vec::new();
        for name in QUICKBOOKS {
            let named = folder.join(name);
            fs::copy(&sleep, &named)?;
            sleepers.push(start_sleeping(&named)?);
        }
        for _ in 0..count {
            sleepers.push(start_sleeping(&sleep)?);
        }
        Ok(Self { _sleepers: sleepers })
    }
}

/// Starts a process that sleeps longer than any run takes, but ends by itself should this program
/// crash.
fn start_sleeping(program: &Path) -> Outcome<Guard> {
    let mut command = Command::new(program);
    command.arg("3600").stdin(Stdio::null()).stdout(Stdio::null());
    Ok(Guard(command.spawn()?))
}

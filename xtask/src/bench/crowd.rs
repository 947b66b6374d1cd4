//! Other processes for Deskside to look through: a crowd of no interest, and QuickBooks by name.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::desktop::{Desktop, Ended};
use crate::{Outcome, place};

/// What Deskside looks for; here they only sleep.
const QUICKBOOKS: &[&str] = &["QBW.EXE", "QBWebConnector.exe"];

/// Processes that sleep until this is dropped.
pub(crate) struct Crowd {
    /// Kept for their end.
    _sleepers: Vec<Ended>,
}

impl Crowd {
    /// Starts them.
    pub(crate) fn gather(desktop: &Desktop, count: usize) -> Outcome<Self> {
        let sleep = place::program(&["sleep"]).ok_or("there is no `sleep` here")?;
        let folder = desktop.folder("crowd")?;
        let mut sleepers = Vec::new();
        for name in QUICKBOOKS {
            let named = folder.join(name);
            fs::copy(&sleep, &named)?;
            sleepers.push(asleep(&named)?);
        }
        for _ in 0..count {
            sleepers.push(asleep(&sleep)?);
        }
        Ok(Self { _sleepers: sleepers })
    }
}

/// Longer than any run takes, and still not for ever should nobody be left to end it.
fn asleep(program: &Path) -> Outcome<Ended> {
    let mut command = Command::new(program);
    command.arg("3600").stdin(Stdio::null()).stdout(Stdio::null());
    Ok(Ended(command.spawn()?))
}

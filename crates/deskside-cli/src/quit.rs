//! `quit`: for installers, which must not replace or remove the program while the companion runs.

use std::path::Path;
use std::time::Duration;

use deskside_os::paths;
use deskside_runtime::control::{self, ControlFault, Request};
use serde_json::Value;

use crate::output::{CommandFailure, say};

/// Long enough for the companion to save its state and send waiting reports.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pause between two checks whether it has ended.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn run() -> Result<u8, CommandFailure> {
    let folder =
        paths::data_folder().map_err(|why| CommandFailure::new("no profile folder", why))?;
    match control::ask::<Value>(&folder, &Request::Quit).await {
        Err(ControlFault::NotRunning) => {
            say("Deskside was not running");
            return Ok(0);
        }
        // It may end before its answer arrives.
        Ok(_) | Err(ControlFault::Busy | ControlFault::NoAnswer) => {}
        Err(why @ (ControlFault::OtherRights | ControlFault::AnotherUser)) => {
            return Err(CommandFailure::new("Deskside could not be told to end", why));
        }
    }
    let ended = tokio::time::timeout(PATIENCE, end(&folder)).await;
    ended.map(|()| 0).map_err(|why| CommandFailure::new("Deskside did not end in time", why))
}

/// Waits until the companion has saved everything.
async fn end(folder: &Path) {
    while control::is_running(folder) {
        tokio::time::sleep(PAUSE).await;
    }
}

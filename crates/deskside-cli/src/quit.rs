//! `quit`: for who replaces or removes the program, and must not pull it from under the companion.

use std::path::Path;
use std::time::Duration;

use deskside_os::paths;
use deskside_runtime::control::{self, ControlFault, Request};
use serde_json::Value;

use crate::output::{CommandFailure, say};

/// Long enough to write down what is remembered, short for somebody who waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two looks whether it has ended.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn run() -> Result<u8, CommandFailure> {
    let folder =
        paths::data_folder().map_err(|why| CommandFailure::new("no profile folder", why))?;
    match control::ask::<Value>(&folder, &Request::Quit).await {
        Err(ControlFault::NotRunning) => {
            say("Deskside was not running");
            return Ok(0);
        }
        // It may be gone before it has answered.
        Ok(_) | Err(ControlFault::NoAnswer(_)) => {}
    }
    let ended = tokio::time::timeout(PATIENCE, gone(&folder)).await;
    ended.map(|()| 0).map_err(|why| CommandFailure::new("Deskside does not end", why))
}

async fn gone(folder: &Path) {
    let running = async || {
        let answer = control::ask::<Value>(folder, &Request::Summary).await;
        !matches!(answer, Err(ControlFault::NotRunning))
    };
    while running().await {
        tokio::time::sleep(PAUSE).await;
    }
}

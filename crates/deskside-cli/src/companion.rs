//! The way to the running companion, and to one that must be started first.

use std::path::Path;
use std::time::{Duration, Instant};

use deskside_model::evidence::{Evidence, Finding};
use deskside_os::launch;
use deskside_runtime::control::{self, ControlFault, Request};

use crate::output::CommandFailure;

/// The app, installed beside this program.
const APP: &str = if cfg!(windows) { "deskside.exe" } else { "deskside" };

/// How long the app may take to come up, on a computer that is still signing somebody in.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);

/// Tells the companion something; false when none runs, or it is just ending.
pub(crate) async fn tell(folder: &Path, request: &Request) -> Result<bool, CommandFailure> {
    match control::ask(folder, request).await {
        Ok(taken) => Ok(taken),
        Err(ControlFault::NotRunning) => Ok(false),
        Err(why @ ControlFault::NoAnswer(_)) => {
            Err(CommandFailure::new("Deskside could not be told", why))
        }
    }
}

/// Starts the app.
pub(crate) fn start() -> Result<(), CommandFailure> {
    let app = std::env::current_exe()
        .map_err(|why| CommandFailure::new("this program does not know where it is", why))?
        .with_file_name(APP);
    let failed = |why| CommandFailure::new(format!("{} could not be started", app.display()), why);
    launch::program(&app).map_err(failed)
}

/// Asks again and again until the app, which has just been started, answers.
pub(crate) async fn once_it_runs(folder: &Path, request: &Request) -> Result<bool, ControlFault> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match control::ask(folder, request).await {
            Err(ControlFault::NotRunning) if Instant::now() < deadline => {
                tokio::time::sleep(PAUSE).await;
            }
            other => return other,
        }
    }
}

/// Waits until the app, which has just been started, has looked at this computer, as far as it can.
pub(crate) async fn until_it_has_looked(folder: &Path) {
    let deadline = Instant::now() + PATIENCE;
    let has_looked = async || {
        let evidence = control::ask::<Evidence>(folder, &Request::Evidence).await;
        evidence.is_ok_and(|seen| !matches!(seen.machine.quickbooks, Finding::Unknown(_)))
    };
    while Instant::now() < deadline && !has_looked().await {
        tokio::time::sleep(PAUSE).await;
    }
}

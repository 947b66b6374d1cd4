//! Requests to the running companion, and to one that must be started first.

use std::path::Path;
use std::time::{Duration, Instant};

use deskside_model::evidence::{Evidence, Finding};
use deskside_os::launch;
use deskside_runtime::control::{self, ControlFault, Request};

use crate::output::CommandFailure;

/// The app, installed beside this program.
const APP: &str = if cfg!(windows) { "deskside.exe" } else { "deskside" };

/// How long the app may take to start, on a computer where the user is just signing in.
const PATIENCE: Duration = Duration::from_secs(20);

/// Between two attempts to reach an app that was just started.
const PAUSE: Duration = Duration::from_millis(100);

/// Tells the companion something; false when none runs.
pub(crate) async fn tell(folder: &Path, request: &Request) -> Result<bool, CommandFailure> {
    match control::ask(folder, request).await {
        Ok(taken) => Ok(taken),
        Err(ControlFault::NotRunning) => Ok(false),
        Err(why @ ControlFault::NoAnswer(_)) => {
            Err(CommandFailure::new("Deskside could not be told", why))
        }
    }
}

/// Sends a request to the companion, and starts the app first when none runs.
pub(crate) async fn send(folder: &Path, request: &Request) -> Result<(), CommandFailure> {
    let failed = |why| CommandFailure::new("the link could not be handed over", why);
    let deadline = Instant::now() + PATIENCE;
    let mut started = false;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match control::ask_within::<bool>(left, folder, request).await {
            Ok(true) => return Ok(()),
            Err(ControlFault::NotRunning) if !started => {
                start()?;
                started = true;
            }
            Err(ControlFault::NotRunning) if !left.is_zero() => tokio::time::sleep(PAUSE).await,
            Ok(false) => return Err(failed(ControlFault::NoAnswer(None))),
            Err(why) => return Err(failed(why)),
        }
    }
}

/// Starts the app.
pub(crate) fn start() -> Result<(), CommandFailure> {
    let app = std::env::current_exe()
        .map_err(|why| CommandFailure::new("the path of this program is unknown", why))?
        .with_file_name(APP);
    let failed = |why| CommandFailure::new(format!("{} could not be started", app.display()), why);
    launch::program(&app).map_err(failed)
}

/// Waits until the app, which was just started, has examined this computer, as far as it can.
pub(crate) async fn until_it_has_observed(folder: &Path) {
    let deadline = Instant::now() + PATIENCE;
    let has_observed = async || {
        let evidence = control::ask::<Evidence>(folder, &Request::Evidence).await;
        evidence.is_ok_and(|seen| !matches!(seen.machine.quickbooks, Finding::Unknown(_)))
    };
    while Instant::now() < deadline && !has_observed().await {
        tokio::time::sleep(PAUSE).await;
    }
}

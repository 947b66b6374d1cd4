//! Requests to the companion: to the one that runs, to the app that must be started first, or to one
//! that this program runs itself for as long as one command takes.
//!
//! The rules of connections, links and sign-outs are the companion's alone. Only a companion writes
//! the profile, and there is one at a time.

use std::path::Path;
use std::time::{Duration, Instant};

use deskside_companion::Input;
use deskside_model::evidence::{Evidence, Finding, Machine, Setup};
use deskside_os::launch;
use deskside_runtime::control::{self, Claim, ControlFault, Request};
use deskside_runtime::{Inbox, Message, Shell, StartFault};
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use crate::output::CommandFailure;
use crate::prompt::Prompt;

/// The app, installed beside this program.
const APP: &str = if cfg!(windows) { "deskside.exe" } else { "deskside" };

/// How long the app may take to start, on a computer where the user is just signing in.
const PATIENCE: Duration = Duration::from_secs(20);

/// Between two attempts to reach an app that was just started.
const PAUSE: Duration = Duration::from_millis(100);

/// How long this program's own companion may look at the computer. A log of years takes a second.
const LOOK_PATIENCE: Duration = Duration::from_secs(5);

/// Between two questions whether it has looked.
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// Who has carried out a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Performer {
    /// The companion that runs.
    Running,
    /// One of this program's own, which has ended again.
    ThisProgram,
}

/// Has a request carried out by the companion that runs, or, where none does, by one of this
/// program's own. Then what the request changes is on disk.
pub(crate) async fn carry_out(
    folder: &Path,
    request: Request,
) -> Result<Performer, CommandFailure> {
    let Some(claim) = claim_or_send(folder, &request).await? else {
        return Ok(Performer::Running);
    };
    run(claim, folder, Prompt::default(), async |companion| companion.take(request).await).await?;
    Ok(Performer::ThisProgram)
}

/// Becomes the companion, or has the one that runs take a request: then `None`.
pub(crate) async fn claim_or_send(
    folder: &Path,
    request: &Request,
) -> Result<Option<Claim>, CommandFailure> {
    control::claim_or_send(folder, request).await.map_err(not_told)
}

/// Runs a companion of this program's own with this shell while `command` lasts.
pub(crate) async fn run<T>(
    claim: Claim,
    folder: &Path,
    shell: impl Shell,
    command: impl AsyncFnOnce(&OwnCompanion) -> Result<T, CommandFailure>,
) -> Result<T, CommandFailure> {
    let (inbox, outlet) = deskside_runtime::inbox();
    let companion = OwnCompanion { inbox: inbox.clone() };
    let command = async {
        companion.send(Message::Input(Input::Started { quietly: true })).await?;
        let done = command(&companion).await;
        companion.send(Message::Quit).await?;
        done
    };
    let running = deskside_runtime::run_command(claim, folder, shell, inbox, outlet);
    let (ended, done) = tokio::join!(running, command);
    let failed = |why: StartFault| CommandFailure::new("the change is not kept", why);
    ended.map_err(failed).and(done)
}

/// A companion that this program runs.
pub(crate) struct OwnCompanion {
    inbox: Inbox,
}

impl OwnCompanion {
    /// Has it take a request that changes something.
    pub(crate) async fn take(&self, request: Request) -> Result<(), CommandFailure> {
        if self.ask(request).await? { Ok(()) } else { Err(gone()) }
    }

    /// Asks it for something.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<T, CommandFailure> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Request(request, reply)).await?;
        let answer = answer.await.map_err(|_| gone())?;
        serde_json::from_str(&answer)
            .map_err(|why| CommandFailure::new("the companion gave no usable answer", why))
    }

    /// Tells it that something happened.
    pub(crate) async fn give(&self, input: Input) -> Result<(), CommandFailure> {
        self.send(Message::Input(input)).await
    }

    /// Waits until it has examined this computer and read the Web Connector's log, as far as it can.
    pub(crate) async fn until_it_has_looked(&self) -> Result<(), CommandFailure> {
        let deadline = Instant::now() + LOOK_PATIENCE;
        while Instant::now() < deadline {
            let seen: Evidence = self.ask(Request::Evidence).await?;
            if has_looked(&seen.machine) {
                break;
            }
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        Ok(())
    }

    async fn send(&self, message: Message) -> Result<(), CommandFailure> {
        self.inbox.send(message).await.map_err(|_| gone())
    }
}

/// True when everything was looked at once that matters for a link.
fn has_looked(machine: &Machine) -> bool {
    let was_surveyed = machine.setup != Setup::default();
    let is_log_read = machine.setup.log.known().is_none() || is_told(&machine.sync);
    is_told(&machine.quickbooks) && was_surveyed && is_log_read
}

const fn is_told<T>(finding: &Finding<T>) -> bool {
    !matches!(finding, Finding::Unknown(_))
}

fn gone() -> CommandFailure {
    CommandFailure::plain("the companion has ended")
}

fn not_told(why: ControlFault) -> CommandFailure {
    CommandFailure::new("Deskside could not be told", why)
}

/// Tells the companion something; false when none runs.
pub(crate) async fn tell(folder: &Path, request: &Request) -> Result<bool, CommandFailure> {
    match control::ask(folder, request).await {
        Ok(taken) => Ok(taken),
        Err(ControlFault::NotRunning) => Ok(false),
        Err(why) => Err(not_told(why)),
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
            Ok(false) => return Err(failed(ControlFault::NoAnswer)),
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
        evidence.is_ok_and(|seen| is_told(&seen.machine.quickbooks))
    };
    while Instant::now() < deadline && !has_observed().await {
        tokio::time::sleep(PAUSE).await;
    }
}

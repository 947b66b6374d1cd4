//! Opening a program or a Windows page when the user asks for it. An order that Windows accepted is
//! no success: only a program that is seen to run is.

use deskside_model::evidence::{Edition, Finding, Machine};
use deskside_model::exchange::Launch;
use deskside_model::{Command, Severity};
use deskside_text::{self as text, Words};
use jiff::{SignedDuration, Timestamp};

use super::notices::Notices;
use crate::input::Effect;

/// QuickBooks with a large file on a slow disk takes minutes to start.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// Something that was asked for and is not seen yet.
#[derive(Clone, Copy, Debug)]
struct LaunchAttempt {
    command: Command,
    until: Timestamp,
}

/// One thing that can be opened.
struct LaunchTarget {
    command: Command,
    /// What to open; `None` when it was not found on this computer.
    launch: fn(&Machine) -> Option<Launch>,
    /// Whether it is open; `None` where nothing shows more than that Windows accepted the order.
    is_open: fn(&Machine) -> Option<bool>,
    /// The code and words of the notice that says that it could not be opened.
    failure_code: &'static str,
    failure: fn(&str) -> Words,
}

static TARGETS: [LaunchTarget; 4] = [
    LaunchTarget {
        command: Command::OpenQuickBooks,
        launch: quickbooks,
        is_open: |machine| Some(machine.quickbooks.is_here() == Some(true)),
        failure_code: "launch.open_quickbooks",
        failure: text::quickbooks_not_opened,
    },
    LaunchTarget {
        command: Command::StartWebConnector,
        launch: |machine| {
            machine.setup.web_connector.known().map(|it| Launch::Program(it.path.clone()))
        },
        is_open: |machine| Some(machine.web_connector.is_here() == Some(true)),
        failure_code: "launch.start_web_connector",
        failure: text::web_connector_not_opened,
    },
    LaunchTarget {
        command: Command::OpenLog,
        launch: |machine| machine.setup.log.known().cloned().map(Launch::Document),
        is_open: |_| None,
        failure_code: "launch.open_log",
        failure: text::log_not_opened,
    },
    LaunchTarget {
        command: Command::OpenSleepSettings,
        launch: |machine| {
            let known = !matches!(machine.computer.sleeps_plugged_in, Finding::Unknown(_));
            known.then_some(Launch::SleepSettings)
        },
        is_open: |_| None,
        failure_code: "launch.open_sleep_settings",
        failure: text::settings_not_opened,
    },
];

fn quickbooks(machine: &Machine) -> Option<Launch> {
    let Finding::Known(editions) = &machine.setup.editions else { return None };
    // Several years may be installed side by side; people work with the newest.
    let newest = editions.iter().max_by_key(|edition: &&Edition| edition.year)?;
    Some(Launch::Program(newest.program.path.clone()))
}

fn target(command: Command) -> Option<&'static LaunchTarget> {
    TARGETS.iter().find(|target| target.command == command)
}

/// What to open for a command; `None` when it was not found on this computer, or when the command
/// opens nothing here.
pub(super) fn launch(machine: &Machine, command: Command) -> Option<Launch> {
    (target(command)?.launch)(machine)
}

/// Whether what a command opens is open; `None` where nothing shows it.
fn is_open(machine: &Machine, command: Command) -> Option<bool> {
    (target(command)?.is_open)(machine)
}

/// The program or page that the user asked for last.
#[derive(Debug, Default)]
pub(super) struct Launching {
    attempt: Option<LaunchAttempt>,
}

impl Launching {
    /// Opens what the user asked for, once.
    pub(super) fn open(
        &mut self,
        now: Timestamp,
        command: Command,
        machine: &Machine,
        notices: &mut Notices,
    ) -> Option<Effect> {
        if self.command() == Some(command) {
            return None;
        }
        let (target, what) = target(command).zip(launch(machine, command))?;
        let until = now.saturating_add(PATIENCE).unwrap_or(now);
        self.attempt = Some(LaunchAttempt { command, until });
        notices.remove(target.failure_code);
        Some(Effect::Launch { command, what })
    }

    /// Takes in whether Windows accepted the order.
    pub(super) fn handle_launched(
        &mut self,
        command: Command,
        started: Result<(), String>,
        machine: &Machine,
        notices: &mut Notices,
    ) {
        match started {
            Err(why) => {
                tracing::warn!(?command, why, "launch failed");
                self.fail(command, &text::windows_did_not_open_it(), notices);
            }
            Ok(()) if is_open(machine, command).is_none() => self.attempt = None,
            Ok(()) => {}
        }
    }

    /// Ends the attempt when the program is there, or should have been by now.
    pub(super) fn handle_time(&mut self, now: Timestamp, machine: &Machine, notices: &mut Notices) {
        let Some(LaunchAttempt { command, until }) = self.attempt else { return };
        if is_open(machine, command) == Some(true) {
            self.attempt = None;
        } else if until <= now {
            self.fail(command, &text::it_has_not_come_up(), notices);
        }
    }

    fn fail(&mut self, command: Command, why: &str, notices: &mut Notices) {
        self.attempt = None;
        if let Some(target) = target(command) {
            notices.show(target.failure_code, Severity::Warning, (target.failure)(why));
        }
    }

    /// The command whose program is not there yet.
    pub(super) fn command(&self) -> Option<Command> {
        self.attempt.map(|attempt| attempt.command)
    }

    pub(super) fn next(&self) -> Option<Timestamp> {
        self.attempt.map(|attempt| attempt.until)
    }
}

/// What can be opened on this computer and is not open yet.
pub(super) fn launchable(machine: &Machine) -> Vec<Command> {
    let all = TARGETS.iter().map(|target| target.command);
    let useful = |command: &Command| is_open(machine, *command) != Some(true);
    let possible = |command: &Command| launch(machine, *command).is_some();
    all.filter(useful).filter(possible).collect()
}

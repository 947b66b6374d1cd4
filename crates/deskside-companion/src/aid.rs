//! What Deskside can do on this computer when it is asked to: open a program or a page of Windows.
//! It believes in having done it only when it sees it.

use deskside_model::evidence::{Edition, Finding, Machine};
use deskside_model::exchange::Launch;
use deskside_model::{Command, Severity};
use deskside_text::{self as text, Words};
use jiff::{SignedDuration, Timestamp};

use super::Companion;
use crate::input::Effect;

/// QuickBooks with a large file on a slow disk takes its time.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// Something that was asked for and is not seen yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct LaunchAttempt {
    pub(super) offer: Command,
    pub(super) until: Timestamp,
}

/// One thing that can be opened.
struct Aid {
    offer: Command,
    /// What to open; `None` when this computer does not show it.
    launch: fn(&Machine) -> Option<Launch>,
    /// What this computer shows once it has come up; `None` where nothing more can be seen than that
    /// Windows took the order.
    is_up: fn(&Machine) -> Option<bool>,
    /// The code of the notice that says that it could not be opened, and its words.
    code: &'static str,
    failed: fn(&str) -> Words,
}

static AIDS: [Aid; 4] = [
    Aid {
        offer: Command::OpenQuickBooks,
        launch: quickbooks,
        is_up: |machine| Some(machine.quickbooks.is_here() == Some(true)),
        code: "aid.open_quickbooks",
        failed: text::quickbooks_not_opened,
    },
    Aid {
        offer: Command::StartWebConnector,
        launch: |machine| {
            machine.setup.web_connector.known().map(|it| Launch::Program(it.path.clone()))
        },
        is_up: |machine| Some(machine.web_connector.is_here() == Some(true)),
        code: "aid.start_web_connector",
        failed: text::web_connector_not_opened,
    },
    Aid {
        offer: Command::OpenLog,
        launch: |machine| machine.setup.log.known().cloned().map(Launch::Document),
        is_up: |_| None,
        code: "aid.open_log",
        failed: text::log_not_opened,
    },
    Aid {
        offer: Command::OpenSleepSettings,
        launch: |machine| {
            let known = !matches!(machine.computer.sleeps_plugged_in, Finding::Unknown(_));
            known.then_some(Launch::SleepSettings)
        },
        is_up: |_| None,
        code: "aid.open_sleep_settings",
        failed: text::settings_not_opened,
    },
];

fn quickbooks(machine: &Machine) -> Option<Launch> {
    let Finding::Known(editions) = &machine.setup.editions else { return None };
    // Several years may be installed side by side; people go on with the newest.
    let newest = editions.iter().max_by_key(|edition: &&Edition| edition.year)?;
    Some(Launch::Program(newest.program.path.clone()))
}

fn aid(offer: Command) -> Option<&'static Aid> {
    AIDS.iter().find(|aid| aid.offer == offer)
}

/// What to open for an offer; `None` when this computer does not show it, or when the offer is no
/// such one.
pub(super) fn launch(machine: &Machine, offer: Command) -> Option<Launch> {
    (aid(offer)?.launch)(machine)
}

/// What this computer shows once an offer has worked.
fn is_seen(machine: &Machine, offer: Command) -> Option<bool> {
    (aid(offer)?.is_up)(machine)
}

impl Companion {
    /// What can be opened on this computer whatever is wrong.
    pub(super) fn aids(&self) -> Vec<Command> {
        let all = AIDS.iter().map(|aid| aid.offer);
        let useful = |offer: &Command| is_seen(&self.machine, *offer) != Some(true);
        let possible = |offer: &Command| launch(&self.machine, *offer).is_some();
        all.filter(useful).filter(possible).collect()
    }

    /// Opens what was asked for, once.
    pub(super) fn aid(&mut self, now: Timestamp, offer: Command, effects: &mut Vec<Effect>) {
        if self.aiding.is_some_and(|aiding| aiding.offer == offer) {
            return;
        }
        let Some((aid, what)) = aid(offer).zip(launch(&self.machine, offer)) else { return };
        let until = now.saturating_add(PATIENCE).unwrap_or(now);
        self.aiding = Some(LaunchAttempt { offer, until });
        self.notices.retain(|notice| notice.code != aid.code);
        effects.push(Effect::Launch { offer, what });
    }

    /// Windows took the order, or did not.
    pub(super) fn launched(&mut self, offer: Command, started: Result<(), String>) {
        match started {
            Err(why) => {
                tracing::warn!(?offer, why, "could not be opened");
                self.aid_failed(offer, &text::windows_did_not_open_it());
            }
            Ok(()) if is_seen(&self.machine, offer).is_none() => self.aiding = None,
            Ok(()) => {}
        }
    }

    /// Looks whether what was opened is there, or should have been by now.
    pub(super) fn follow_aid(&mut self, now: Timestamp) {
        let Some(LaunchAttempt { offer, until }) = self.aiding else { return };
        if is_seen(&self.machine, offer) == Some(true) {
            self.aiding = None;
        } else if until <= now {
            self.aid_failed(offer, &text::it_has_not_come_up());
        }
    }

    fn aid_failed(&mut self, offer: Command, why: &str) {
        self.aiding = None;
        if let Some(aid) = aid(offer) {
            self.tell(aid.code, Severity::Warning, (aid.failed)(why));
        }
    }
}

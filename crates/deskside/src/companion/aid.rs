//! What Deskside can do on this computer when it is asked to: open a program or a page of Windows.
//! It believes in having done it only when it sees it.

use jiff::{SignedDuration, Timestamp};

use super::Companion;
use super::input::{Effect, Launch};
use super::view::{Offer, Severity};
use crate::evidence::{Edition, Finding, Machine};
use crate::text;

/// QuickBooks with a large file on a slow disk takes its time.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// Something that was asked for and is not seen yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aiding {
    pub(super) offer: Offer,
    pub(super) until: Timestamp,
}

/// What to open for an offer; `None` when this computer does not show it, or when the offer is no
/// such one.
pub(super) fn launch(machine: &Machine, offer: Offer) -> Option<Launch> {
    let setup = &machine.setup;
    match offer {
        Offer::OpenQuickBooks => {
            let Finding::Known(editions) = &setup.editions else { return None };
            // Several years may be installed side by side; people go on with the newest.
            let newest = editions.iter().max_by_key(|edition: &&Edition| edition.year)?;
            Some(Launch::Program(newest.program.path.clone()))
        }
        Offer::StartWebConnector => match &setup.web_connector {
            Finding::Known(program) => Some(Launch::Program(program.path.clone())),
            Finding::Absent | Finding::Unknown(_) => None,
        },
        Offer::OpenLog => match &setup.log {
            Finding::Known(file) => Some(Launch::Document(file.clone())),
            Finding::Absent | Finding::Unknown(_) => None,
        },
        Offer::OpenSleepSettings => {
            let known = !matches!(machine.computer.sleeps_plugged_in, Finding::Unknown(_));
            known.then_some(Launch::SleepSettings)
        }
        Offer::Check
        | Offer::OpenLink
        | Offer::GoOn
        | Offer::CancelLink
        | Offer::StopSyncing
        | Offer::CopyDetails
        | Offer::Remove => None,
    }
}

/// What this computer shows once an offer has worked; `None` where nothing more can be seen than
/// that Windows took the order.
fn is_seen(machine: &Machine, offer: Offer) -> Option<bool> {
    match offer {
        Offer::OpenQuickBooks => Some(machine.quickbooks.is_here() == Some(true)),
        Offer::StartWebConnector => Some(machine.web_connector.is_here() == Some(true)),
        Offer::OpenLog
        | Offer::OpenSleepSettings
        | Offer::Check
        | Offer::OpenLink
        | Offer::GoOn
        | Offer::CancelLink
        | Offer::StopSyncing
        | Offer::CopyDetails
        | Offer::Remove => None,
    }
}

impl Companion {
    /// What can be opened on this computer whatever is wrong.
    pub(super) fn aids(&self) -> Vec<Offer> {
        let all = [
            Offer::OpenQuickBooks,
            Offer::StartWebConnector,
            Offer::OpenLog,
            Offer::OpenSleepSettings,
        ];
        let useful = |offer: &Offer| is_seen(&self.machine, *offer) != Some(true);
        let possible = |offer: &Offer| launch(&self.machine, *offer).is_some();
        all.into_iter().filter(useful).filter(possible).collect()
    }

    /// Opens what was asked for, once.
    pub(super) fn aid(&mut self, now: Timestamp, offer: Offer, effects: &mut Vec<Effect>) {
        if self.aiding.is_some_and(|aiding| aiding.offer == offer) {
            return;
        }
        let Some(what) = launch(&self.machine, offer) else { return };
        let until = now.saturating_add(PATIENCE).unwrap_or(now);
        self.aiding = Some(Aiding { offer, until });
        self.notices.retain(|notice| notice.code != code(offer));
        effects.push(Effect::Launch { offer, what });
    }

    /// Windows took the order, or did not.
    pub(super) fn launched(&mut self, offer: Offer, started: Result<(), String>) {
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
        let Some(Aiding { offer, until }) = self.aiding else { return };
        if is_seen(&self.machine, offer) == Some(true) {
            self.aiding = None;
        } else if until <= now {
            self.aid_failed(offer, &text::it_has_not_come_up());
        }
    }

    fn aid_failed(&mut self, offer: Offer, why: &str) {
        self.aiding = None;
        let words = match offer {
            Offer::StartWebConnector => text::web_connector_not_opened(why),
            Offer::OpenLog => text::log_not_opened(why),
            Offer::OpenSleepSettings => text::settings_not_opened(why),
            Offer::OpenQuickBooks
            | Offer::Check
            | Offer::OpenLink
            | Offer::GoOn
            | Offer::CancelLink
            | Offer::StopSyncing
            | Offer::CopyDetails
            | Offer::Remove => text::quickbooks_not_opened(why),
        };
        self.tell(code(offer), Severity::Warning, words);
    }
}

/// The code of the notice that says that something could not be opened.
const fn code(offer: Offer) -> &'static str {
    match offer {
        Offer::StartWebConnector => "aid.start_web_connector",
        Offer::OpenLog => "aid.open_log",
        Offer::OpenSleepSettings => "aid.open_sleep_settings",
        Offer::OpenQuickBooks
        | Offer::Check
        | Offer::OpenLink
        | Offer::GoOn
        | Offer::CancelLink
        | Offer::StopSyncing
        | Offer::CopyDetails
        | Offer::Remove => "aid.open_quickbooks",
    }
}

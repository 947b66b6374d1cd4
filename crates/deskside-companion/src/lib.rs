//! The state machine: everything Deskside decides, it decides here.
//!
//! [`Companion::handle`] is the only function that changes anything. Time, chance and every
//! observation are arguments; what must be done comes out as [`Effect`]s, in the order in which it
//! must happen. So a test owns the world, and a month of outages takes a millisecond.

#![forbid(unsafe_code)]

mod advice;
mod ahead;
mod aid;
mod ask;
pub mod delivery;
mod draw;
mod given;
mod headline;
mod input;
mod known;
mod links;
mod manage;
mod notify;
mod preflight;
mod progress;
mod remote;
pub mod report;
mod seen;
mod summary;
mod tell;
mod tray;
mod view;

pub use given::Context;
pub use input::{Effect, Input, SavedState, Toast};
pub use summary::{ConnectionSummary, ProblemSummary, Summary, summarise};
pub use tray::{TrayItem, TrayView, tray};
pub use view::{
    About, Action, Check, CheckState, ConnectionView, Fact, IntegrationView, LinkStage, LinkView,
    Notice, Picture, ProblemView, Question, Settings, SourceState, SourceView, Status, StepView,
    Update, View,
};

use std::collections::BTreeMap;

use ask::OpenQuestion;
use deskside_model::evidence::{Evidence, Finding, Machine, Network, RunningPrograms, Sync};
use deskside_model::exchange::Source;
use deskside_model::link::Trust;
use deskside_model::vault::VaultState;
use deskside_model::{LoginStart, Page};
use jiff::{SignedDuration, Timestamp};
use known::Connections;
use remote::Polls;
use tell::Reports;

/// The first pause before the vault is tried again; it doubles up to [`LONGEST_VAULT_PAUSE`],
/// because a locked keyring may show a prompt each time.
const FIRST_VAULT_PAUSE: SignedDuration = SignedDuration::from_secs(10);
const LONGEST_VAULT_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Who this computer is and whom it trusts: fixed for one run.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Whom the build and the policy trust.
    pub trust: Trust,
    /// The name under which backends know this computer.
    pub computer: String,
    /// One run of the program.
    pub boot_id: String,
}

/// The state machine.
#[derive(Debug)]
pub struct Companion {
    setting: Installation,
    machine: Machine,
    known: Connections,
    asking: Option<OpenQuestion>,
    /// The ways to hosts from which pages are about to be opened.
    ways: BTreeMap<String, ahead::HostProbe>,
    /// What can be connected, by whom one asks.
    offered: BTreeMap<Source, manage::IntegrationList>,
    /// Where a new connection is being made.
    connecting: Option<Source>,
    notices: Vec<Notice>,
    polls: Polls,
    reports: Reports,
    vault_pause: SignedDuration,
    try_vault_at: Option<Timestamp>,
    /// This computer was looked at.
    looked: bool,
    window_shown: bool,
    window_failed: bool,
    login_start: LoginStart,
    aiding: Option<aid::LaunchAttempt>,
    /// When the way to each host that did not answer was looked at.
    walked: BTreeMap<String, Timestamp>,
    /// A hash of the code that an administrator has given.
    wished: Option<String>,
    hush: notify::NotificationThrottle,
}

impl Companion {
    /// A companion that remembers what was saved.
    #[must_use]
    pub fn new(setting: Installation, saved: SavedState) -> Self {
        Self {
            setting,
            machine: Machine::default(),
            known: Connections::new(saved),
            asking: None,
            ways: BTreeMap::new(),
            offered: BTreeMap::new(),
            connecting: None,
            notices: Vec::new(),
            polls: Polls::default(),
            reports: Reports::default(),
            vault_pause: FIRST_VAULT_PAUSE,
            try_vault_at: None,
            looked: false,
            window_shown: false,
            window_failed: false,
            login_start: LoginStart::default(),
            aiding: None,
            walked: BTreeMap::new(),
            wished: None,
            hush: notify::NotificationThrottle::default(),
        }
    }

    /// Takes in what happened and answers what to do, in order.
    pub fn handle(&mut self, mut given: Context, input: Input) -> Vec<Effect> {
        let before = self.known.saved.clone();
        let mut effects = Vec::new();
        // First: after a sleep, an answer to a question that is over may arrive before its end does.
        self.expire(given.now);
        self.take_in(&mut given, input, &mut effects);
        self.let_time_pass(&mut given, &mut effects);
        self.follow_aid(given.now);
        self.forget_links(&before, &mut effects);

        let told = self.conclude(given.now);
        // What is told to anybody is on disk first.
        if self.known.saved != before {
            effects.insert(0, Effect::Save(self.known.saved.clone()));
        }
        self.report(&mut given, &mut effects);
        let stuck_since = self.reports.stuck_since(given.now);
        self.machine.reports_stuck_since = stuck_since.map_or(Finding::Absent, Finding::Known);
        effects.extend(told.into_iter().map(Effect::Toast));
        effects
    }

    fn take_in(&mut self, given: &mut Context, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Started { quietly } => {
                self.known.fetch_links_again();
                self.was_enrolling();
                effects.extend([Effect::TryVault, Effect::LookAtLoginStart]);
                effects.extend(self.known.saved.leaving.iter().cloned().map(Effect::Leave));
                // Users do not find tray icons by themselves.
                if !quietly && !self.known.saved.welcomed {
                    effects.push(Effect::OpenWindow(Page::Status));
                }
            }
            Input::LinkArrived(text) => self.link_arrived(given, &text, effects),
            Input::PreEnrollment(link) => self.pre_enrolled(given, &link, effects),
            Input::Summoned => self.show(given.now, Page::Status, effects),
            Input::PageWanted(page) => self.show(given.now, page, effects),
            Input::User(action) => self.user_acts(given, action, effects),
            Input::WindowShown(shown) => {
                self.window_shown = shown;
                self.window_failed &= !shown;
                self.known.saved.welcomed |= shown;
                if shown {
                    self.ask_what_is_offered(given.now, effects);
                }
            }
            Input::WindowFailed => self.window_failed = true,
            Input::LoginStartSeen { login_start, installed } => {
                self.login_start_seen(login_start, installed, effects);
            }
            Input::Resumed => {
                self.machine.awake_since = Finding::Known(given.now);
                self.look_again(given.now, effects);
            }
            Input::Observed { running, network } => {
                self.observed(given.now, running, network, effects);
            }
            Input::Surveyed(surveyed) => surveyed.onto(&mut self.machine),
            Input::Launched { offer, started } => self.launched(offer, started),
            Input::VaultTried(state) => self.vault_tried(given.now, state),
            Input::AccountTold { question, answer } => self.account_told(&question, answer),
            Input::Enrolled { question, answer } => {
                self.enrolled(given, &question, answer, effects);
            }
            Input::StatusTold { source, answer, pause } => {
                self.status_told(given, &source, answer, pause, effects);
            }
            Input::Reached(reach) => self.reached(*reach),
            Input::Synced(sync) => self.synced(given.now, sync, effects),
            Input::Checked { connection, answer } => self.checked(given.now, &connection, answer),
            Input::LinkFetched { connection, attempt, state, answer } => {
                self.link_fetched(given.now, &connection, &attempt, &state, answer, effects);
            }
            Input::LinkTaken { connection, attempt, answer } => {
                self.link_taken(given.now, &connection, &attempt, answer, effects);
            }
            Input::BrowserStarted { connection, started } => {
                self.browser_started(given.now, &connection, started);
            }
            Input::CameBack { state, said } => self.returned(given.now, &state, &said, effects),
            Input::Connected { source, state, answer } => {
                self.connected(given, &source, &state, answer, effects);
            }
            Input::Stopped { connection, answer } => self.stopped(given.now, &connection, answer),
            Input::Removed { connection, answer } => self.removed(given.now, &connection, answer),
            Input::IntegrationsTold { source, answer } => self.integrations_told(&source, answer),
            Input::ReportsRefused { device } => self.device_refused(given.now, &device),
            Input::Delivered { device, next_report_after } => {
                let known = self.known.device_mut(&device);
                let refused_before =
                    known.is_some_and(|device| std::mem::take(&mut device.reports_refused));
                if refused_before {
                    self.polls.soon(given.now);
                }
                self.reports.delivered(given.now, &device, next_report_after);
            }
            Input::Left { device, done } => self.left(given.now, &device, done),
            Input::Added(connection) => {
                self.known.add(*connection);
                self.polls.soon(given.now);
                if self.window_shown {
                    self.ask_what_is_offered(given.now, effects);
                }
            }
            Input::Forget(connection) => self.remove(&connection, effects),
            Input::Woke => {}
        }
    }

    fn observed(
        &mut self,
        now: Timestamp,
        running: RunningPrograms,
        network: Finding<Network>,
        effects: &mut Vec<Effect>,
    ) {
        let woke_up = self.machine.network == Finding::Absent && network != Finding::Absent;
        if woke_up || self.machine.quickbooks != running.quickbooks {
            self.ask_after_a_change(now);
        }
        running.onto(&mut self.machine);
        if let Finding::Unknown(_) = self.machine.awake_since {
            self.machine.awake_since = Finding::Known(now);
        }
        self.machine.network = network;
        self.looked = true;
        if woke_up {
            // What was seen of a way before is history.
            self.walked.clear();
            self.walk_to_applications(now, effects);
            self.look_ahead_again(now, effects);
        }
    }

    /// Takes in what the log tells. A way that nobody asks about any more is forgotten.
    fn synced(&mut self, now: Timestamp, sync: Finding<Sync>, effects: &mut Vec<Effect>) {
        self.machine.sync = sync;
        self.known.confirm_by_log(now, &self.machine);
        self.forget_ways();
        self.walk_to_applications(now, effects);
    }

    /// Shows a page, and looks again: whoever opens it wants to know how things are now.
    fn show(&mut self, now: Timestamp, page: Page, effects: &mut Vec<Effect>) {
        self.polls.soon(now);
        effects.extend([Effect::LookAtLoginStart, Effect::OpenWindow(page)]);
    }

    /// Looks at everything that can be looked at passively.
    fn look_again(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.polls.soon(now);
        // Whoever wants to know has perhaps mended the way.
        self.walked.clear();
        self.walk_to_applications(now, effects);
        self.look_ahead_again(now, effects);
        if self.window_shown {
            self.ask_what_is_offered(now, effects);
        }
        effects.extend([Effect::TryVault, Effect::LookAtLoginStart]);
    }

    /// An installed Deskside starts at login unless somebody has decided otherwise; it says so once,
    /// and never again after the user has taken it back.
    fn login_start_seen(&mut self, seen: LoginStart, installed: bool, effects: &mut Vec<Effect>) {
        self.login_start = seen;
        let offered = &mut self.known.saved.login_start_offered;
        if installed && !std::mem::replace(offered, true) && seen == LoginStart::Off {
            effects.push(Effect::StartAtLogin(true));
        }
    }

    fn expire(&mut self, now: Timestamp) {
        self.asking.take_if(|asking| asking.is_over(now));
        self.known.expire_links(now, &self.machine);
    }

    fn let_time_pass(&mut self, given: &mut Context, effects: &mut Vec<Effect>) {
        let now = given.now;
        if self.try_vault_at.take_if(|then| *then <= now).is_some() {
            self.vault_pause = LONGEST_VAULT_PAUSE.min(self.vault_pause * 2);
            effects.push(Effect::TryVault);
        }
        self.poll(given, effects);
    }

    fn vault_tried(&mut self, now: Timestamp, state: VaultState) {
        let came_back = self.machine.vault != VaultState::Working && state == VaultState::Working;
        self.machine.vault = state;
        if state == VaultState::Working {
            self.vault_pause = FIRST_VAULT_PAUSE;
            self.try_vault_at = None;
            self.notices.retain(|notice| notice.code != ask::VAULT_NOTICE);
        } else {
            self.try_vault_at = now.checked_add(self.vault_pause).ok();
        }
        if came_back {
            self.polls.soon(now);
        }
    }

    /// Who this computer is and whom it trusts.
    #[must_use]
    pub const fn setting(&self) -> &Installation {
        &self.setting
    }

    /// Starts again from what is saved: the clock was set back, and every moment that is remembered
    /// lies in a future that may not come for long.
    #[must_use]
    pub fn afresh(self) -> Self {
        Self {
            window_shown: self.window_shown,
            window_failed: self.window_failed,
            login_start: self.login_start,
            offered: self.offered,
            connecting: self.connecting,
            ..Self::new(self.setting, self.known.saved)
        }
    }

    /// When time alone will next change something; `None` when nothing is pending.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        let asking = self.asking.as_ref().map(|asking| asking.until);
        [
            asking,
            self.try_vault_at,
            self.aiding.map(|aiding| aiding.until),
            self.known.next_change(),
            self.polls.next(),
            self.reports.next(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Everything observed at this moment, as data.
    #[must_use]
    pub fn evidence(&self, now: Timestamp) -> Evidence {
        let connections = self.known.evidence(&self.machine);
        Evidence { schema: 1, at: now, machine: self.machine.clone(), connections }
    }

    /// The devices whose reports are to be delivered.
    pub fn reporting(&self) -> impl Iterator<Item = &deskside_model::connection::Device> {
        self.known.saved.devices.iter().filter(|device| !device.rejected)
    }

    /// What the user sees.
    #[must_use]
    pub fn view(&self) -> View {
        draw::view(self)
    }

    /// The same for machines.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary {
            notices: draw::notices(self),
            ..summarise(self.known.judged(&self.machine), true)
        }
    }
}

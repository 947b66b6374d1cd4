//! The state machine: everything that Deskside decides is decided here.
//!
//! [`Companion::handle`] is the only function that changes what anybody sees; [`Companion::due_probes`]
//! only keeps the time of probes. Time, chance and every observation are arguments; what must be done
//! comes out as [`Effect`]s, in the order in which it must happen. So a test owns the world, and a month
//! of outages takes a millisecond.

#![forbid(unsafe_code)]

mod advice;
mod answers;
mod backoff;
mod cadence;
mod connections;
mod consent;
mod context;
pub mod delivery;
mod delivery_queues;
mod desktop;
mod devices;
mod draw;
mod headline;
mod host_probes;
mod input;
mod integrations;
mod launching;
mod link_progress;
mod links;
mod notices;
mod notifications;
mod observations;
mod opened_link;
mod polling;
mod preflight;
pub mod report;
mod reporting;
mod requests;
mod setup_progress;
mod sources;
mod summary;
mod tray;
mod user;
mod vault_retry;
mod view;

pub use backoff::{Backoff, Jitter};
pub use cadence::{Cadence, Probe};
pub use context::Context;
pub use input::{Effect, Input, SavedState, Toast};
pub use summary::{ConnectionSummary, ProblemSummary, Reason, Summary, summarize};
pub use tray::{TRAY_BACKOFF, TrayChoice, TrayItem, TrayView, tray};
pub use view::{
    About, Action, Check, CheckState, ConnectionView, Fact, IntegrationView, LinkStage, LinkView,
    Notice, Picture, ProblemView, Question, Settings, SourceState, SourceView, Status, StepView,
    Update, View,
};

use connections::Connections;
use consent::Consent;
use delivery_queues::DeliveryQueues;
use deskside_model::connection::Device;
use deskside_model::evidence::{Evidence, Finding, Machine};
use deskside_model::link::Trust;
use deskside_model::{Command, Page};
use desktop::Desktop;
use host_probes::HostProbes;
use integrations::Integrations;
use jiff::{SignedDuration, Timestamp};
use launching::Launching;
use links::Links;
use notices::Notices;
use notifications::NotificationThrottle;
use polling::Polling;
use preflight::Preflight;
use reporting::Reporting;
use vault_retry::VaultRetry;

/// How far a clock may step back, as when the network corrects it, before everything that was planned
/// by it is dropped.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(30);

/// The identity of this computer and whom it trusts: fixed for one run.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Whom the build and the policy trust.
    pub trust: Trust,
    /// The name under which backends know this computer.
    pub computer: String,
    /// One run of the program; a clock that is set back begins a new one.
    pub boot_id: String,
}

/// The state machine, composed of parts that own their state.
#[derive(Debug)]
pub struct Companion {
    installation: Installation,
    /// When the last input was handled.
    latest: Timestamp,
    machine: Machine,
    cadence: Cadence,
    connections: Connections,
    consent: Consent,
    delivery_queues: DeliveryQueues,
    desktop: Desktop,
    host_probes: HostProbes,
    integrations: Integrations,
    launching: Launching,
    links: Links,
    notices: Notices,
    notifications: NotificationThrottle,
    polling: Polling,
    reporting: Reporting,
    vault_retry: VaultRetry,
}

impl Companion {
    /// A companion that remembers what was saved.
    #[must_use]
    pub fn new(installation: Installation, saved: SavedState) -> Self {
        Self {
            installation,
            latest: Timestamp::MIN,
            machine: Machine::default(),
            cadence: Cadence::default(),
            connections: Connections::new(saved),
            consent: Consent::default(),
            delivery_queues: DeliveryQueues::default(),
            desktop: Desktop::default(),
            host_probes: HostProbes::default(),
            integrations: Integrations::default(),
            launching: Launching::default(),
            links: Links::default(),
            notices: Notices::default(),
            notifications: NotificationThrottle::default(),
            polling: Polling::default(),
            reporting: Reporting::default(),
            vault_retry: VaultRetry::default(),
        }
    }

    /// Takes in what happened and returns what to do, in order.
    pub fn handle(&mut self, mut context: Context, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.check_clock(&mut context, &mut effects);
        let before = self.connections.saved.clone();
        // First: after a sleep, the answer to an expired question may arrive before its end does.
        self.expire(context.now);
        self.take_in(&mut context, input, &mut effects);
        self.handle_time(context.now, &mut effects);
        effects.extend(self.links.forget(&before, &self.connections.saved));

        let toasts = self.conclude(context.now);
        // What anybody is told is on disk first.
        if self.connections.saved != before {
            effects.insert(0, Effect::Save(self.connections.saved.clone()));
        }
        self.report(&mut context, &mut effects);
        let stuck_since = self.reporting.stuck_since(context.now);
        self.machine.reports_stuck_since = stuck_since.map_or(Finding::Absent, Finding::Known);
        effects.extend(toasts.into_iter().map(Effect::Toast));
        effects.extend(self.send_reports(context.now));
        effects
    }

    /// Starts again from what is saved when the clock was set back: every planned moment is too far
    /// ahead, and what was seen is from the future. The sequence of reports starts again too, so it
    /// is a new boot.
    fn check_clock(&mut self, context: &mut Context, effects: &mut Vec<Effect>) {
        let back = self.latest.duration_since(context.now);
        if back > CLOCK_TOLERANCE {
            tracing::warn!(%back, "clock set back; starting again from what is saved");
            let installation = Installation { boot_id: context.id(), ..self.installation.clone() };
            let saved = std::mem::take(&mut self.connections.saved);
            *self = Self {
                cadence: self.cadence.anew(),
                delivery_queues: std::mem::take(&mut self.delivery_queues).without_moments(),
                desktop: std::mem::take(&mut self.desktop),
                integrations: std::mem::take(&mut self.integrations),
                ..Self::new(installation, saved)
            };
            effects.push(Effect::ForgetSeen);
        }
        self.latest = context.now;
    }

    /// Judges every connection and returns the notifications.
    fn conclude(&mut self, now: Timestamp) -> Vec<Toast> {
        let Self { connections, notifications, machine, desktop, .. } = self;
        connections.judge(now, machine);
        let may_tell = connections.saved.settings.notifications && !desktop.window_shown;
        notifications.handle_verdicts(now, may_tell, connections)
    }

    fn take_in(&mut self, context: &mut Context, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Started { quietly } => {
                opened_link::fetch_again(&mut self.connections);
                if let Some(host) = self.connections.saved.enrolling_at.take() {
                    consent::was_interrupted(&host, &mut self.notices);
                }
                effects.extend([Effect::TryVault, Effect::LookAtLoginStart]);
                effects.extend(self.connections.saved.leaving.iter().cloned().map(Effect::Leave));
                // Users do not notice a tray icon by themselves.
                if !quietly && !self.connections.saved.welcomed {
                    effects.push(Effect::OpenWindow(Page::Status));
                }
            }
            Input::LinkArrived(text) => self.link_arrived(context, &text, effects),
            Input::PreEnrollment(link) => self.pre_enrolled(context, &link, effects),
            Input::Summoned => self.show(context.now, Page::Status, effects),
            Input::PageWanted(page) => self.show(context.now, page, effects),
            Input::User(action) => self.user_acts(context, action, effects),
            Input::WindowShown(shown) => {
                self.desktop.handle_window(shown);
                self.connections.saved.welcomed |= shown;
                self.ask_integrations(context.now, effects);
            }
            Input::WindowFailed => self.desktop.window_failed = true,
            Input::LoginStartSeen { login_start, installed } => {
                let offered = &mut self.connections.saved.login_start_offered;
                effects.extend(self.desktop.handle_login_start(login_start, installed, offered));
            }
            Input::Resumed => self.cadence.handle_resumed(context.now),
            Input::Slept(since) => {
                self.cadence.handle_resumed(context.now);
                observations::slept(&mut self.machine.sleeps, since, context.now);
            }
            Input::Locked(locked) => self.cadence.handle_lock(locked),
            Input::OnBattery(on_battery) => self.cadence.handle_battery(on_battery),
            Input::ProgramEnded => self.cadence.handle_exit(),
            Input::Observed { running, network } => {
                self.observed(context.now, running, network, effects);
            }
            Input::Surveyed(surveyed) => {
                let has_log = matches!(surveyed.setup.log, Finding::Known(_));
                self.cadence.handle_survey(context.now, has_log);
                surveyed.onto(&mut self.machine);
            }
            Input::Launched { command, started } => {
                let Self { launching, machine, notices, .. } = self;
                launching.handle_launched(command, started, machine, notices);
            }
            Input::VaultTried(state) => self.vault_tried(context.now, state),
            Input::AccountReceived { question, answer } => {
                self.consent.handle_account(&question, answer, &mut self.notices);
            }
            Input::Enrolled { question, answer } => {
                self.enrolled(context, &question, answer, effects);
            }
            Input::StatusReceived { source, answer, pause } => {
                self.status_received(context, &source, answer, pause, effects);
            }
            Input::Reached(reach) => {
                self.host_probes.handle_result(*reach, &mut self.machine.reach);
            }
            Input::Synced(sync) => self.synced(context.now, sync, effects),
            Input::Checked { connection, answer } => self.checked(context.now, &connection, answer),
            Input::LinkFetched { connection, attempt, state, answer } => {
                let Self { connections, machine, host_probes, installation, .. } = self;
                let preflight = Preflight { machine, host_probes, trust: &installation.trust };
                let (now, ids, answer) = (context.now, (&connection, &attempt), (answer, &state));
                let step = links::handle_fetched(now, ids, answer, connections, preflight);
                self.go_with_link(now, step, effects);
            }
            Input::LinkTaken { connection, attempt, answer } => {
                let Self { connections, notices, machine, .. } = self;
                let (now, ids) = (context.now, (&connection, &attempt));
                let step = links::handle_taken(now, ids, answer, connections, notices, machine);
                self.go_with_link(now, step, effects);
            }
            Input::BrowserStarted { connection, started } => {
                let Self { connections, notices, .. } = self;
                let now = context.now;
                opened_link::handle_browser(now, &connection, started, connections, notices);
            }
            Input::CameBack { state, said } => self.returned(context.now, &state, &said, effects),
            Input::Connected { source, state, answer } => {
                self.connected(context, &source, &state, answer, effects);
            }
            Input::Stopped { connection, answer } => self.stopped(context.now, &connection, answer),
            Input::Removed { connection, answer } => self.removed(context.now, &connection, answer),
            Input::IntegrationsTold { source, answer } => {
                self.integrations.handle_list(&source, answer)
            }
            Input::ReportAnswered { device, report, answer } => {
                self.report_answered(context, &device, report, answer, effects);
            }
            Input::OutboxDone { device, result } => {
                self.delivery_queues.handle_outbox(context.now, &device, result);
            }
            Input::LeaveAnswered { device, answer } => {
                self.leave_answered(context.now, &device, answer, effects);
            }
            Input::Left { device } => self.left(&device),
            Input::Added(connection) => {
                // It may have been added before, with another key.
                effects.push(Effect::ReadSecretAgain(connection.key_name()));
                self.connections.add(*connection);
                self.polling.soon(context.now);
                self.ask_integrations(context.now, effects);
            }
            Input::Forget(connection) => self.forget(&connection, effects),
            Input::Woke => {}
        }
    }

    /// The computer that woke up has settled: what was seen before is of no more use.
    fn settled(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.machine.awake_since = Finding::Known(now);
        self.cadence = self.cadence.anew();
        effects.push(Effect::ForgetSeen);
        self.delivery_queues.hurry();
        self.look_again(now, effects);
    }

    fn expire(&mut self, now: Timestamp) {
        self.consent.expire(now);
        opened_link::expire(now, &self.machine, &mut self.connections);
    }

    fn handle_time(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.cadence.take_settled(now) {
            self.settled(now, effects);
        }
        effects.extend(self.vault_retry.handle_time(now));
        effects.extend(self.polling.handle_time(now, &self.connections));
        for device in &self.connections.saved.leaving {
            if self.reporting.take_leave_retry(now, &device.id) {
                effects.push(Effect::Leave(device.clone()));
            }
        }
        self.launching.handle_time(now, &self.machine, &mut self.notices);
    }

    /// Shows a page and polls, because the user wants to see the current state.
    fn show(&mut self, now: Timestamp, page: Page, effects: &mut Vec<Effect>) {
        self.polling.soon(now);
        effects.extend([Effect::LookAtLoginStart, Effect::OpenWindow(page)]);
    }

    /// Asks what can be connected, while the window can show the answer.
    fn ask_integrations(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.desktop.window_shown {
            effects.extend(self.integrations.ask(now, &self.connections));
        }
    }

    fn launch(&mut self, now: Timestamp, command: Command, effects: &mut Vec<Effect>) {
        let Self { launching, machine, notices, .. } = self;
        effects.extend(launching.open(now, command, machine, notices));
    }

    /// Sends the reports that are due, after everything else: they are on disk by then.
    fn send_reports(&mut self, now: Timestamp) -> Vec<Effect> {
        let Self { delivery_queues, connections, .. } = self;
        delivery_queues.send(now, reporting(connections))
    }

    /// When time alone will next change something; `None` when nothing is pending.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        [
            self.cadence.next_settled(),
            self.delivery_queues.next(self.latest, self.reporting()),
            self.consent.next(),
            self.vault_retry.next(),
            self.launching.next(),
            self.connections.next_change(),
            self.polling.next(),
            self.reporting.next(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn preflight(&self) -> Preflight<'_> {
        let Self { machine, host_probes, installation, .. } = self;
        Preflight { machine, host_probes, trust: &installation.trust }
    }

    /// Everything observed at this moment, as data.
    #[must_use]
    pub fn evidence(&self, now: Timestamp) -> Evidence {
        let connections = self.connections.evidence(&self.machine);
        Evidence { schema: 1, at: now, machine: self.machine.clone(), connections }
    }

    /// When to probe this computer next. Apart from [`Companion::next_wake`], because most probes show
    /// nothing new, and then cost no more than themselves.
    #[must_use]
    pub fn next_probe(&self, now: Timestamp) -> Timestamp {
        self.cadence.next(now)
    }

    /// The probes that are due. What they show that is new comes back as inputs.
    pub fn due_probes(&mut self, now: Timestamp) -> Vec<Probe> {
        self.cadence.due(now)
    }

    /// The devices whose reports are to be delivered.
    pub fn reporting(&self) -> impl Iterator<Item = &Device> {
        reporting(&self.connections)
    }

    /// True while a report is on its way: the end of the program waits for it for
    /// [`delivery::FLUSH_TIME`].
    #[must_use]
    pub fn is_delivering(&self) -> bool {
        self.delivery_queues.is_delivering()
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
            ..summarize(self.connections.judged(&self.machine), true)
        }
    }
}

/// A backend that rejects this computer is not sent reports.
fn reporting(connections: &Connections) -> impl Iterator<Item = &Device> {
    connections.saved.devices.iter().filter(|device| !device.rejected)
}

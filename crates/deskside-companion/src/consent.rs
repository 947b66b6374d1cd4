//! Consent: nothing that a web page asks for happens before the user's yes in our window.

use std::sync::Arc;

use deskside_model::connection::Mode;
use deskside_model::evidence::RemoteState;
use deskside_model::exchange::{EnrollFault, Enrollment};
use deskside_model::link::{self, BackendUrl, EnrollRequest, LinkRequest, ProviderLink};
use deskside_model::vault::{VaultFault, VaultState};
use deskside_model::{Command, Page, Secret, Severity};
use deskside_text as text;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Companion;
use crate::context::Context;
use crate::input::Effect;
use crate::view::{Action, Question};

/// How long a question waits for its answer.
const QUESTION_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// The code of the notice that says that an answer was blocked by the vault.
pub(super) const VAULT_NOTICE: &str = "companion.vault_unavailable";

/// The one question that is open.
#[derive(Debug)]
pub(super) struct OpenQuestion {
    id: String,
    until: Timestamp,
    stage: QuestionStage,
}

/// How far a question has come, with the data of that stage.
#[derive(Debug)]
enum QuestionStage {
    OpenLink(ProviderLink),
    Enroll(EnrollRequest),
    AskingAccount(BackendUrl, Arc<Secret>),
    ConfirmAccount(BackendUrl, Arc<Secret>, String),
    Enrolling(BackendUrl),
}

impl OpenQuestion {
    /// In progress: another link, which any web page can send, must not interrupt it.
    const fn is_working(&self) -> bool {
        match self.stage {
            QuestionStage::AskingAccount(..)
            | QuestionStage::ConfirmAccount(..)
            | QuestionStage::Enrolling(_) => true,
            QuestionStage::OpenLink(_) | QuestionStage::Enroll(_) => false,
        }
    }

    pub(super) fn question(&self, companion: &Companion) -> Question {
        let id = self.id.clone();
        match &self.stage {
            QuestionStage::OpenLink(link) => Question::OpenLink {
                id,
                provider: link.provider.profile().name.to_owned(),
                host: link.host.clone(),
                checks: companion.checks(Some(link.provider), &link.host, Mode::Attended),
            },
            QuestionStage::Enroll(request) => Question::Enroll {
                id,
                host: request.backend.host().to_owned(),
                vendor: request.vendor.clone(),
                must_confirm_origin: request.vendor.is_none(),
            },
            QuestionStage::AskingAccount(backend, _) => {
                Question::Working { id, text: text::asking_account(backend.host()) }
            }
            QuestionStage::ConfirmAccount(backend, _, account) => Question::ConfirmAccount {
                id,
                host: backend.host().to_owned(),
                account: account.clone(),
            },
            QuestionStage::Enrolling(backend) => {
                Question::Working { id, text: text::linking_computer(backend.host()) }
            }
        }
    }
}

/// The question that is open, and the code of the policy's enrollment link.
#[derive(Debug, Default)]
pub(super) struct Consent {
    open: Option<OpenQuestion>,
    /// A hash of the code that an administrator has given.
    policy_code: Option<String>,
}

/// What an answer leads to.
enum Decision {
    /// Nothing yet: it was no, or the question stays open.
    None,
    OpenLink(ProviderLink),
    AskAccount(Effect),
    NeedsVault,
    Enroll(Effect),
}

impl Consent {
    /// Asks, unless the last question is being worked on. The newest link is the one that the user
    /// has just clicked, so it takes the place of the others.
    fn ask(&mut self, context: &mut Context, stage: QuestionStage) {
        if self.open.as_ref().is_some_and(OpenQuestion::is_working) {
            tracing::info!("link ignored: another one is in progress");
            return;
        }
        let until = context.now.saturating_add(QUESTION_LIFETIME).unwrap_or(context.now);
        self.open = Some(OpenQuestion { id: context.id(), until, stage });
    }

    /// Drops a question that nobody answered in time.
    pub(super) fn expire(&mut self, now: Timestamp) {
        self.open.take_if(|open| open.until <= now);
    }

    /// When the question expires.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.open.as_ref().map(|open| open.until)
    }

    pub(super) const fn open(&self) -> Option<&OpenQuestion> {
        self.open.as_ref()
    }

    /// The host whose page the question is about.
    pub(super) fn link_host(&self) -> Option<&str> {
        match &self.open.as_ref()?.stage {
            QuestionStage::OpenLink(link) => Some(&link.host),
            QuestionStage::Enroll(_)
            | QuestionStage::AskingAccount(..)
            | QuestionStage::ConfirmAccount(..)
            | QuestionStage::Enrolling(_) => None,
        }
    }

    /// Takes the question, if it is this one: an answer to one that was replaced answers nothing.
    fn take(&mut self, id: &str) -> Option<OpenQuestion> {
        self.open.take_if(|open| open.id == id)
    }

    /// True when this question is about the policy's own link.
    fn is_policys(&self, id: &str) -> bool {
        self.open.as_ref().is_some_and(|open| {
            open.id == id
                && matches!(&open.stage, QuestionStage::Enroll(request)
                    if Some(link::hash(&request.code)) == self.policy_code)
        })
    }

    /// Takes in the user's answer.
    fn answer(&mut self, id: &str, yes: bool, started_here: bool, vault: VaultState) -> Decision {
        let Some(OpenQuestion { id, until, stage }) = self.take(id).filter(|_| yes) else {
            return Decision::None;
        };
        let question = id.clone();
        let (stage, decision) = match stage {
            QuestionStage::OpenLink(link) => return Decision::OpenLink(link),
            QuestionStage::Enroll(request) if request.vendor.is_none() && !started_here => {
                (QuestionStage::Enroll(request), Decision::None)
            }
            QuestionStage::Enroll(_) if vault != VaultState::Working => {
                return Decision::NeedsVault;
            }
            QuestionStage::Enroll(EnrollRequest { backend, code, .. }) => {
                let code = Arc::new(code);
                let stage = QuestionStage::AskingAccount(backend.clone(), Arc::clone(&code));
                (stage, Decision::AskAccount(Effect::AskAccount { question, backend, code }))
            }
            QuestionStage::ConfirmAccount(backend, code, account) => {
                let stage = QuestionStage::Enrolling(backend.clone());
                (stage, Decision::Enroll(Effect::Enroll { question, backend, code, account }))
            }
            stage @ (QuestionStage::AskingAccount(..) | QuestionStage::Enrolling(_)) => {
                (stage, Decision::None)
            }
        };
        self.open = Some(OpenQuestion { id, until, stage });
        decision
    }

    /// Takes in the account's name, or why the backend did not tell it: then the question is over,
    /// and the answer is the backend with its fault.
    fn handle_account(
        &mut self,
        id: &str,
        answer: Result<String, EnrollFault>,
    ) -> Result<(), (BackendUrl, EnrollFault)> {
        let Some(OpenQuestion { id, until, stage }) = self.take(id) else { return Ok(()) };
        let stage = match (stage, answer) {
            (QuestionStage::AskingAccount(backend, code), Ok(account)) => {
                QuestionStage::ConfirmAccount(backend, code, account)
            }
            (QuestionStage::AskingAccount(backend, _), Err(fault)) => {
                return Err((backend, fault));
            }
            (stage, _) => stage,
        };
        self.open = Some(OpenQuestion { id, until, stage });
        Ok(())
    }

    /// Ends a question whose enrollment has ended; the backend, if the question was still open.
    fn handle_enrolled(&mut self, id: &str) -> Option<BackendUrl> {
        match self.take(id)?.stage {
            QuestionStage::Enrolling(backend) => Some(backend),
            QuestionStage::OpenLink(_)
            | QuestionStage::Enroll(_)
            | QuestionStage::AskingAccount(..)
            | QuestionStage::ConfirmAccount(..) => None,
        }
    }
}

impl Companion {
    pub(super) fn link_arrived(
        &mut self,
        context: &mut Context,
        link: &Secret,
        effects: &mut Vec<Effect>,
    ) {
        match link::parse(link.reveal(), &self.installation.trust) {
            Ok(LinkRequest::Connect(link)) => {
                if let Ok(url) = Url::parse(link.url.reveal()) {
                    self.probe_page(context.now, &url, effects);
                }
                self.ask(context, QuestionStage::OpenLink(link), effects);
            }
            Ok(LinkRequest::Enroll(request)) => {
                effects.push(Effect::TryVault);
                self.ask(context, QuestionStage::Enroll(request), effects);
            }
            Ok(LinkRequest::Return { state, said }) => {
                self.returned(context.now, &state, &said, effects);
            }
            Ok(LinkRequest::Open(page)) => self.show(context.now, page, effects),
            Err(refused) => {
                let code = refused.reason.code();
                tracing::warn!(code, host = refused.host, "deep link refused");
                let words = text::link_not_used(&refused.reason.sentence());
                self.notices.show(&format!("link.{code}"), Severity::Warning, words);
                effects.push(Effect::OpenWindow(Page::Status));
            }
        }
    }

    /// Asks about the policy's enrollment, unless this computer is enrolled or the user has answered.
    pub(super) fn pre_enrolled(
        &mut self,
        context: &mut Context,
        link: &Secret,
        effects: &mut Vec<Effect>,
    ) {
        let Ok(LinkRequest::Enroll(request)) = link::parse(link.reveal(), &self.installation.trust)
        else {
            return tracing::warn!("the enrollment link of the policy is not valid");
        };
        self.consent.policy_code = Some(link::hash(&request.code));
        let saved = &self.connections.saved;
        let is_linked = saved.devices.iter().any(|device| device.backend == request.backend);
        if !is_linked && saved.answered_code != self.consent.policy_code {
            effects.push(Effect::TryVault);
            self.ask(context, QuestionStage::Enroll(request), effects);
        }
    }

    fn ask(&mut self, context: &mut Context, stage: QuestionStage, effects: &mut Vec<Effect>) {
        effects.push(Effect::OpenWindow(Page::Status));
        self.consent.ask(context, stage);
    }

    pub(super) fn user_acts(
        &mut self,
        context: &mut Context,
        action: Action,
        effects: &mut Vec<Effect>,
    ) {
        match action {
            Action::Answer { question, yes, started_here } => {
                self.answered(context, &question, (yes, started_here), effects);
            }
            Action::Use { connection, offer } => self.used(context, &connection, offer, effects),
            Action::Open { offer } => self.launch(context.now, offer, effects),
            Action::Connect { source, integration } => {
                self.connect(context, &source, &integration, effects);
            }
            Action::SignOut { source } => self.sign_out(&source, effects),
            Action::Refresh => self.look_again(context.now, effects),
            Action::Dismiss { code } => {
                self.notices.remove(&code);
            }
            Action::Change { settings } => self.connections.saved.settings = settings,
            Action::StartAtLogin { on } => effects.extend(self.desktop.set_login_start(on)),
        }
    }

    fn answered(
        &mut self,
        context: &mut Context,
        question: &str,
        (yes, started_here): (bool, bool),
        effects: &mut Vec<Effect>,
    ) {
        if self.consent.is_policys(question) {
            self.connections.saved.answered_code.clone_from(&self.consent.policy_code);
        }
        match self.consent.answer(question, yes, started_here, self.machine.vault) {
            Decision::None => {}
            Decision::OpenLink(link) => self.agreed_to(context, link, effects),
            Decision::AskAccount(effect) => effects.push(effect),
            Decision::NeedsVault => {
                self.blocked_by_vault();
                effects.push(Effect::TryVault);
            }
            Decision::Enroll(effect) => {
                if let Effect::Enroll { backend, .. } = &effect {
                    self.connections.saved.enrolling_at = Some(backend.host().to_owned());
                }
                effects.push(effect);
            }
        }
    }

    pub(super) fn account_told(&mut self, question: &str, answer: Result<String, EnrollFault>) {
        if let Err((backend, fault)) = self.consent.handle_account(question, answer) {
            self.not_enrolled(&backend, fault);
        }
    }

    pub(super) fn enrolled(
        &mut self,
        context: &mut Context,
        question: &str,
        answer: Result<Enrollment, EnrollFault>,
        effects: &mut Vec<Effect>,
    ) {
        let backend = self.consent.handle_enrolled(question);
        self.connections.saved.enrolling_at = None;
        match answer {
            Ok(enrolled) => {
                self.take_device(context.now, enrolled, effects);
                self.notices.remove_all("enrollment.");
                if self.desktop.window_shown {
                    self.ask_integrations(context.now, effects);
                }
                self.fetch_first_link(context, effects);
            }
            Err(fault) => {
                if let Some(backend) = backend {
                    self.not_enrolled(&backend, fault);
                }
            }
        }
    }

    /// Tells the user when the program ended during an enrollment: the code is used up.
    pub(super) fn was_enrolling(&mut self) {
        if let Some(host) = self.connections.saved.enrolling_at.take() {
            let words = text::enrollment_interrupted(&host);
            self.notices.show("enrollment.interrupted", Severity::Blocking, words);
        }
    }

    /// Takes in a new device. It replaces an older one of the same backend.
    fn take_device(&mut self, now: Timestamp, enrolled: Enrollment, effects: &mut Vec<Effect>) {
        let Enrollment { device, connections } = enrolled;
        let replaced = |old: &&deskside_model::connection::Device| {
            old.backend == device.backend && old.id != device.id
        };
        let old: Vec<_> = self.connections.saved.devices.iter().filter(replaced).cloned().collect();
        let id = device.id.clone();
        for device in old {
            // Its connections keep their state, also during an outage.
            self.connections.move_connections(&device.id, &id);
            self.leave(device, effects);
        }
        self.connections.saved.devices.retain(|known| known.id != id);
        // Linked again before the backend was told that this computer left: nothing to tell now.
        self.connections.saved.leaving.retain(|known| known.id != id);
        self.reporting.has_left(&id);
        self.connections.saved.devices.push(device);
        self.connections.told_by_backend(&id, connections, now);
    }

    /// Starts the first connection at once: a user who has just enrolled wants to connect.
    fn fetch_first_link(&mut self, context: &mut Context, effects: &mut Vec<Effect>) {
        let Some(device) = self.connections.saved.devices.last() else { return };
        let waiting = |id: &String| {
            let state = self.connections.state(id).and_then(|s| s.remote.status.as_ref());
            state.is_some_and(|status| status.state == RemoteState::NotSetUp)
        };
        let source = deskside_model::exchange::Source::Backend(device.id.clone());
        if let Some(first) = self.connections.of(&source).into_iter().find(waiting) {
            self.want_link(context, &first, effects);
        }
    }

    fn used(&mut self, context: &mut Context, id: &str, offer: Command, effects: &mut Vec<Effect>) {
        match offer {
            Command::Check => self.check(id, effects),
            Command::OpenLink => self.want_link(context, id, effects),
            Command::GoOn => self.go_on(context, id, effects),
            Command::CancelLink => self.cancel_link(context.now, id),
            Command::StopSyncing => self.stop_syncing(id, effects),
            Command::Remove => self.remove(id, effects),
            Command::CopyDetails => {}
            Command::OpenQuickBooks
            | Command::StartWebConnector
            | Command::OpenLog
            | Command::OpenSleepSettings => self.launch(context.now, offer, effects),
        }
    }

    pub(super) fn blocked_by_vault(&mut self) {
        self.notices.show(VAULT_NOTICE, Severity::Blocking, text::vault_refused_link());
    }

    fn not_enrolled(&mut self, backend: &BackendUrl, fault: EnrollFault) {
        let host = backend.host();
        let (code, words) = match fault {
            EnrollFault::UnknownCode => {
                ("enrollment.unknown_code", text::enrollment_unknown_code(host))
            }
            EnrollFault::SpentCode => ("enrollment.spent_code", text::enrollment_spent_code()),
            EnrollFault::Unreachable => {
                ("enrollment.unreachable", text::enrollment_unreachable(host))
            }
            EnrollFault::Unusable => ("enrollment.unusable", text::enrollment_unusable(host)),
            EnrollFault::Vault(VaultFault::TooLong) => {
                ("enrollment.unusable", text::enrollment_too_long(host))
            }
            EnrollFault::Vault(_) => return self.blocked_by_vault(),
        };
        self.notices.show(code, Severity::Blocking, words);
    }
}

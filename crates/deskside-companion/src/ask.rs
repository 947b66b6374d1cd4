//! Links and consent: nothing that a web page asks for happens without an answer in our window.

use std::sync::Arc;

use deskside_model::connection::Mode;
use deskside_model::evidence::RemoteState;
use deskside_model::exchange::{EnrollFault, Enrollment};
use deskside_model::link::{self, BackendUrl, EnrollRequest, LinkRequest, ProviderLink};
use deskside_model::vault::{VaultFault, VaultState};
use deskside_model::{Command, LoginStart, Page, Secret, Severity};
use deskside_text::{self as text, Words};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Companion;
use crate::given::Context;
use crate::input::Effect;
use crate::view::{Action, Notice, Question};

/// How long a request waits for its answer.
const PENDING_FOR: SignedDuration = SignedDuration::from_mins(10);

/// The code of the notice that says that an answer had to wait for the vault.
pub(super) const VAULT_NOTICE: &str = "companion.vault_unavailable";

/// The one request that waits for the user.
#[derive(Debug)]
pub(super) struct OpenQuestion {
    id: String,
    pub(super) until: Timestamp,
    step: QuestionStage,
}

/// How far a request has come.
#[derive(Debug)]
enum QuestionStage {
    OpenLink(ProviderLink),
    Enroll(EnrollRequest),
    AskingAccount(BackendUrl, Arc<Secret>),
    ConfirmAccount(BackendUrl, Arc<Secret>, String),
    Enrolling(BackendUrl),
}

impl OpenQuestion {
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.until <= now
    }

    /// Under way: another link, which any web page can send, may not interrupt it.
    const fn is_working(&self) -> bool {
        match self.step {
            QuestionStage::AskingAccount(..)
            | QuestionStage::ConfirmAccount(..)
            | QuestionStage::Enrolling(_) => true,
            QuestionStage::OpenLink(_) | QuestionStage::Enroll(_) => false,
        }
    }

    /// The host whose page is asked about.
    pub(super) fn link_host(&self) -> Option<&str> {
        match &self.step {
            QuestionStage::OpenLink(link) => Some(&link.host),
            QuestionStage::Enroll(_)
            | QuestionStage::AskingAccount(..)
            | QuestionStage::ConfirmAccount(..)
            | QuestionStage::Enrolling(_) => None,
        }
    }

    pub(super) fn question(&self, companion: &Companion) -> Question {
        let id = self.id.clone();
        match &self.step {
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

impl Companion {
    pub(super) fn link_arrived(
        &mut self,
        given: &mut Context,
        link: &Secret,
        effects: &mut Vec<Effect>,
    ) {
        match link::parse(link.reveal(), &self.setting.trust) {
            Ok(LinkRequest::Connect(link)) => {
                if let Ok(url) = Url::parse(link.url.reveal()) {
                    self.look_ahead(given.now, &url, effects);
                }
                self.ask(given, QuestionStage::OpenLink(link), effects);
            }
            Ok(LinkRequest::Enroll(request)) => {
                effects.push(Effect::TryVault);
                self.ask(given, QuestionStage::Enroll(request), effects);
            }
            Ok(LinkRequest::Return { state, said }) => {
                self.returned(given.now, &state, &said, effects);
            }
            Ok(LinkRequest::Open(page)) => self.show(given.now, page, effects),
            Err(refused) => {
                let code = refused.reason.code();
                tracing::warn!(code, host = refused.host, "deep link refused");
                let words = text::link_not_used(&refused.reason.sentence());
                self.tell(&format!("link.{code}"), Severity::Warning, words);
                effects.push(Effect::OpenWindow(Page::Status));
            }
        }
    }

    /// Asks about an administrator's wish, unless it has come true or was answered before.
    pub(super) fn pre_enrolled(
        &mut self,
        given: &mut Context,
        link: &Secret,
        effects: &mut Vec<Effect>,
    ) {
        let Ok(LinkRequest::Enroll(request)) = link::parse(link.reveal(), &self.setting.trust)
        else {
            return tracing::warn!("the policy's enrolment is not usable");
        };
        self.wished = Some(link::hash(&request.code));
        let saved = &self.known.saved;
        let is_linked = saved.devices.iter().any(|device| device.backend == request.backend);
        if !is_linked && saved.answered_code != self.wished {
            effects.push(Effect::TryVault);
            self.ask(given, QuestionStage::Enroll(request), effects);
        }
    }

    fn ask(&mut self, given: &mut Context, step: QuestionStage, effects: &mut Vec<Effect>) {
        effects.push(Effect::OpenWindow(Page::Status));
        if self.asking.as_ref().is_some_and(OpenQuestion::is_working) {
            tracing::info!("a link arrived while another one was being worked on; ignored");
            return;
        }
        let until = given.now.saturating_add(PENDING_FOR).unwrap_or(given.now);
        // The newest link is the one the user has just clicked; a burst shows one question.
        self.asking = Some(OpenQuestion { id: given.id(), until, step });
    }

    pub(super) fn user_acts(
        &mut self,
        given: &mut Context,
        action: Action,
        effects: &mut Vec<Effect>,
    ) {
        match action {
            Action::Answer { question, yes, started_here } => {
                self.answered(given, &question, yes, started_here, effects);
            }
            Action::Use { connection, offer } => self.used(given, &connection, offer, effects),
            Action::Open { offer } => self.aid(given.now, offer, effects),
            Action::Connect { source, integration } => {
                self.connect(given, &source, &integration, effects);
            }
            Action::SignOut { source } => self.sign_out(&source, effects),
            Action::Refresh => self.look_again(given.now, effects),
            Action::Dismiss { code } => {
                self.notices.retain(|notice| !(notice.dismissible && notice.code == code));
            }
            Action::Change { settings } => self.known.saved.settings = settings,
            Action::StartAtLogin { on } => match self.login_start {
                LoginStart::On | LoginStart::Off => effects.push(Effect::StartAtLogin(on)),
                LoginStart::TurnedOffInTaskManager
                | LoginStart::ByAdministrator { .. }
                | LoginStart::CannotTell => {}
            },
        }
    }

    fn answered(
        &mut self,
        given: &mut Context,
        question: &str,
        yes: bool,
        started_here: bool,
        effects: &mut Vec<Effect>,
    ) {
        // An answer to a question that has been replaced in the meantime answers nothing.
        let Some(asking) = self.asking.take_if(|asking| asking.id == question) else { return };
        if matches!(&asking.step, QuestionStage::Enroll(request) if Some(link::hash(&request.code)) == self.wished)
        {
            self.known.saved.answered_code.clone_from(&self.wished);
        }
        if !yes {
            return;
        }
        let OpenQuestion { id, until, step } = asking;
        match step {
            QuestionStage::OpenLink(link) => self.agreed_to(given, link, effects),
            QuestionStage::Enroll(request) => {
                if request.vendor.is_none() && !started_here {
                    self.asking =
                        Some(OpenQuestion { id, until, step: QuestionStage::Enroll(request) });
                } else if self.machine.vault == VaultState::Working {
                    let code = Arc::new(request.code);
                    effects.push(Effect::AskAccount {
                        question: id.clone(),
                        backend: request.backend.clone(),
                        code: Arc::clone(&code),
                    });
                    let step = QuestionStage::AskingAccount(request.backend, code);
                    self.asking = Some(OpenQuestion { id, until, step });
                } else {
                    self.blocked_by_vault();
                    effects.push(Effect::TryVault);
                }
            }
            QuestionStage::ConfirmAccount(backend, code, account) => {
                self.known.saved.enrolling_at = Some(backend.host().to_owned());
                effects.push(Effect::Enroll {
                    question: id.clone(),
                    backend: backend.clone(),
                    code,
                    account,
                });
                self.asking =
                    Some(OpenQuestion { id, until, step: QuestionStage::Enrolling(backend) });
            }
            step @ (QuestionStage::AskingAccount(..) | QuestionStage::Enrolling(_)) => {
                self.asking = Some(OpenQuestion { id, until, step });
            }
        }
    }

    pub(super) fn account_told(&mut self, question: &str, answer: Result<String, EnrollFault>) {
        let Some(asking) = self.asking.take_if(|asking| asking.id == question) else { return };
        match (asking.step, answer) {
            (QuestionStage::AskingAccount(backend, code), Ok(account)) => {
                let step = QuestionStage::ConfirmAccount(backend, code, account);
                self.asking = Some(OpenQuestion { step, ..asking });
            }
            (QuestionStage::AskingAccount(backend, _), Err(fault)) => {
                self.not_enrolled(&backend, fault)
            }
            (step, _) => self.asking = Some(OpenQuestion { step, ..asking }),
        }
    }

    pub(super) fn enrolled(
        &mut self,
        given: &mut Context,
        question: &str,
        answer: Result<Enrollment, EnrollFault>,
        effects: &mut Vec<Effect>,
    ) {
        let asking = self.asking.take_if(|asking| asking.id == question);
        self.known.saved.enrolling_at = None;
        match answer {
            Ok(enrolled) => {
                self.take_device(given.now, enrolled, effects);
                self.notices.retain(|notice| !notice.code.starts_with("enrollment."));
                if self.window_shown {
                    self.ask_what_is_offered(given.now, effects);
                }
                self.fetch_first_link(given, effects);
            }
            Err(fault) => {
                if let Some(OpenQuestion { step: QuestionStage::Enrolling(backend), .. }) = asking {
                    self.not_enrolled(&backend, fault);
                }
            }
        }
    }

    /// The program has ended between the question and the answer, so the code is used up for nothing.
    pub(super) fn was_enrolling(&mut self) {
        if let Some(host) = self.known.saved.enrolling_at.take() {
            let words = text::enrollment_interrupted(&host);
            self.tell("enrollment.interrupted", Severity::Blocking, words);
        }
    }

    /// Takes in a new device; the same backend linked again replaces the old one.
    fn take_device(&mut self, now: Timestamp, enrolled: Enrollment, effects: &mut Vec<Effect>) {
        let Enrollment { device, connections } = enrolled;
        let replaced = |old: &&deskside_model::connection::Device| {
            old.backend == device.backend && old.id != device.id
        };
        let old: Vec<_> = self.known.saved.devices.iter().filter(replaced).cloned().collect();
        let id = device.id.clone();
        for device in old {
            // Its connections stay what they are, in the middle of an outage too.
            self.known.move_connections(&device.id, &id);
            self.leave(device, effects);
        }
        self.known.saved.devices.retain(|known| known.id != id);
        // Linked anew before it could be told that we had left: now there is nothing to tell.
        self.known.saved.leaving.retain(|known| known.id != id);
        self.reports.has_left(&id);
        self.known.saved.devices.push(device);
        self.known.told_by_backend(&id, connections, now);
    }

    /// Somebody who has just linked this computer wants to connect, not to look for a button.
    fn fetch_first_link(&mut self, given: &mut Context, effects: &mut Vec<Effect>) {
        let Some(device) = self.known.saved.devices.last() else { return };
        let waiting = |id: &String| {
            let state = self.known.state(id).and_then(|s| s.remote.status.as_ref());
            state.is_some_and(|status| status.state == RemoteState::NotSetUp)
        };
        let source = deskside_model::exchange::Source::Backend(device.id.clone());
        if let Some(first) = self.known.of(&source).into_iter().find(waiting) {
            self.want_link(given, &first, effects);
        }
    }

    fn used(&mut self, given: &mut Context, id: &str, offer: Command, effects: &mut Vec<Effect>) {
        match offer {
            Command::Check => self.check(id, effects),
            Command::OpenLink => self.want_link(given, id, effects),
            Command::GoOn => self.go_on(given, id, effects),
            Command::CancelLink => self.cancel_link(given.now, id),
            Command::StopSyncing => self.stop_syncing(id, effects),
            Command::Remove => self.remove(id, effects),
            Command::CopyDetails => {}
            Command::OpenQuickBooks
            | Command::StartWebConnector
            | Command::OpenLog
            | Command::OpenSleepSettings => self.aid(given.now, offer, effects),
        }
    }

    pub(super) fn blocked_by_vault(&mut self) {
        self.tell(VAULT_NOTICE, Severity::Blocking, text::vault_refused_link());
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
        self.tell(code, Severity::Blocking, words);
    }

    /// Shows what the user can take away again.
    pub(super) fn tell(&mut self, code: &str, severity: Severity, words: Words) {
        self.notice(Notice {
            code: code.into(),
            severity,
            title: words.title,
            text: words.cause,
            steps: words.steps,
            action: None,
            dismissible: true,
        });
    }

    /// Shows a notice; a newer one of the same code takes the place of the older one.
    pub(super) fn notice(&mut self, notice: Notice) {
        self.notices.retain(|known| known.code != notice.code);
        self.notices.push(notice);
    }
}

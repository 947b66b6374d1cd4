//! Consent: nothing that a web page asks for happens before the user's yes in our window.

use std::sync::Arc;

use deskside_model::connection::Mode;
use deskside_model::exchange::EnrollFault;
use deskside_model::link::{self, BackendUrl, EnrollRequest, ProviderLink};
use deskside_model::vault::{VaultFault, VaultState};
use deskside_model::{QuestionId, Secret, Severity};
use deskside_text as text;
use jiff::{SignedDuration, Timestamp};

use super::notices::Notices;
use super::preflight::Preflight;
use crate::context::Context;
use crate::input::{Effect, SavedState};
use crate::view::Question;

/// How long a question waits for its answer.
const QUESTION_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// The one question that is open.
#[derive(Debug)]
struct OpenQuestion {
    id: QuestionId,
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

    fn question(&self, preflight: Preflight<'_>) -> Question {
        let id = self.id.clone();
        match &self.stage {
            QuestionStage::OpenLink(link) => Question::OpenLink {
                id,
                provider: link.provider.profile().name.to_owned(),
                host: link.host.clone(),
                checks: preflight.checks(Some(link.provider), &link.host, Mode::Attended),
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
pub(super) enum Decision {
    /// Nothing yet: it was no, or the question stays open.
    None,
    OpenLink(ProviderLink),
    AskAccount(Effect),
    NeedsVault,
    /// Enroll at the backend of this host.
    Enroll(String, Effect),
}

impl Consent {
    /// Asks whether to open a link.
    pub(super) fn ask_about_link(&mut self, context: &mut Context, link: ProviderLink) {
        self.ask(context, QuestionStage::OpenLink(link));
    }

    /// Asks whether to enroll this computer.
    pub(super) fn ask_about_enrollment(&mut self, context: &mut Context, request: EnrollRequest) {
        self.ask(context, QuestionStage::Enroll(request));
    }

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

    /// The open question as the user sees it.
    pub(super) fn question(&self, preflight: Preflight<'_>) -> Option<Question> {
        self.open.as_ref().map(|open| open.question(preflight))
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
    fn take(&mut self, id: &QuestionId) -> Option<OpenQuestion> {
        self.open.take_if(|open| open.id == *id)
    }

    /// Takes in the policy's enrollment link. True when the user must be asked: this computer is not
    /// enrolled there and the user has not answered before.
    pub(super) fn handle_policy(&mut self, request: &EnrollRequest, saved: &SavedState) -> bool {
        self.policy_code = Some(link::hash(&request.code));
        let is_linked = saved.devices.iter().any(|device| device.backend == request.backend);
        !is_linked && saved.answered_code != self.policy_code
    }

    /// The hash of the policy's code, if this question is about the policy's own link.
    pub(super) fn policy_code_of(&self, id: &QuestionId) -> Option<String> {
        let open = self.open.as_ref().filter(|open| open.id == *id)?;
        let QuestionStage::Enroll(request) = &open.stage else { return None };
        self.policy_code.clone().filter(|code| *code == link::hash(&request.code))
    }

    /// Takes in the user's answer.
    pub(super) fn answer(
        &mut self,
        id: &QuestionId,
        yes: bool,
        started_here: bool,
        vault: VaultState,
    ) -> Decision {
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
                let host = backend.host().to_owned();
                let effect = Effect::Enroll { question, backend, code, account };
                (stage, Decision::Enroll(host, effect))
            }
            stage @ (QuestionStage::AskingAccount(..) | QuestionStage::Enrolling(_)) => {
                (stage, Decision::None)
            }
        };
        self.open = Some(OpenQuestion { id, until, stage });
        decision
    }

    /// Takes in the account's name. If the backend did not tell it, the question is over.
    pub(super) fn handle_account(
        &mut self,
        id: &QuestionId,
        answer: Result<String, EnrollFault>,
        notices: &mut Notices,
    ) {
        let Some(OpenQuestion { id, until, stage }) = self.take(id) else { return };
        let stage = match (stage, answer) {
            (QuestionStage::AskingAccount(backend, code), Ok(account)) => {
                QuestionStage::ConfirmAccount(backend, code, account)
            }
            (QuestionStage::AskingAccount(backend, _), Err(fault)) => {
                return not_enrolled(&backend, fault, notices);
            }
            (stage, _) => stage,
        };
        self.open = Some(OpenQuestion { id, until, stage });
    }

    /// Ends a question whose enrollment has ended, with this fault if it failed.
    pub(super) fn handle_enrolled(
        &mut self,
        id: &QuestionId,
        fault: Option<EnrollFault>,
        notices: &mut Notices,
    ) {
        let question = self.take(id);
        match (question.map(|open| open.stage), fault) {
            (_, None) => notices.remove_all("enrollment."),
            (Some(QuestionStage::Enrolling(backend)), Some(fault)) => {
                not_enrolled(&backend, fault, notices);
            }
            (_, Some(_)) => {}
        }
    }
}

/// Tells the user that the program ended during an enrollment: the code is used up.
pub(super) fn was_interrupted(host: &str, notices: &mut Notices) {
    let words = text::enrollment_interrupted(host);
    notices.show("enrollment.interrupted", Severity::Blocking, words);
}

fn not_enrolled(backend: &BackendUrl, fault: EnrollFault, notices: &mut Notices) {
    let host = backend.host();
    let (code, words) = match fault {
        EnrollFault::UnknownCode => {
            ("enrollment.unknown_code", text::enrollment_unknown_code(host))
        }
        EnrollFault::SpentCode => ("enrollment.spent_code", text::enrollment_spent_code()),
        EnrollFault::Unreachable => ("enrollment.unreachable", text::enrollment_unreachable(host)),
        EnrollFault::Unusable => ("enrollment.unusable", text::enrollment_unusable(host)),
        EnrollFault::Vault(VaultFault::TooLong) => {
            ("enrollment.unusable", text::enrollment_too_long(host))
        }
        EnrollFault::Vault(why) => return notices.show_vault(why.into()),
    };
    notices.show(code, Severity::Blocking, words);
}

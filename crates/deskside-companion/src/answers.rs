//! What others answer: sources, the vault, the browser. Each answer goes to the part that has asked, and
//! what comes of it to the others.

use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_model::exchange::{ConnectionReport, EnrollFault, Enrollment, NewConnection, Source};
use deskside_model::link::{LinkAttempt, Parameter};
use deskside_model::vault::VaultState;
use deskside_model::{ConnectionId, DeviceId, Page, QuestionId, Secret, Severity};
use deskside_text::{self as text, Words};
use jiff::{SignedDuration, Timestamp};

use super::Companion;
use super::notices::VAULT_NOTICE;
use super::preflight::Preflight;
use super::{opened_link, requests};
use crate::context::Context;
use crate::delivery::{DeliveryAnswer, DeliveryOutcome};
use crate::input::Effect;

impl Companion {
    pub(super) fn vault_tried(&mut self, now: Timestamp, state: VaultState) {
        let came_back = self.machine.vault != VaultState::Working && state == VaultState::Working;
        self.machine.vault = state;
        self.vault_retry.tried(now, state);
        if state == VaultState::Working {
            self.notices.remove(VAULT_NOTICE);
        }
        if came_back {
            self.polling.soon(now);
        }
    }

    pub(super) fn status_received(
        &mut self,
        context: &mut Context,
        source: &Source,
        answer: Result<Vec<ConnectionReport>, Fault>,
        pause: Option<SignedDuration>,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(address) = self.connections.address(source) {
            let failing = self.failing_applications();
            let fault = answer.as_ref().err().copied();
            let (now, reach) = (context.now, &mut self.machine.reach);
            effects.extend(self.host_probes.handle_answer(now, address, fault, &failing, reach));
        }
        if matches!(answer, Err(Fault::Rejected)) {
            // They may have been replaced in the vault since they were read.
            let names = self.connections.secret_names(source);
            effects.extend(names.into_iter().map(Effect::ReadSecretAgain));
        }
        let Self { polling, connections, .. } = self;
        polling.handle_status(context, source, answer, pause, connections);
    }

    /// The browser came back, and the user wants to see the current state.
    pub(super) fn returned(
        &mut self,
        now: Timestamp,
        state: &Secret,
        said: &[Parameter],
        effects: &mut Vec<Effect>,
    ) {
        let Self { connections, installation, .. } = self;
        if opened_link::handle_return(now, state, said, connections, &installation.trust) {
            self.show(now, Page::Status, effects);
        }
    }

    pub(super) fn enrolled(
        &mut self,
        context: &mut Context,
        question: &QuestionId,
        answer: Result<Enrollment, EnrollFault>,
        effects: &mut Vec<Effect>,
    ) {
        self.connections.saved.enrolling_at = None;
        let fault = answer.as_ref().err().copied();
        self.consent.handle_enrolled(question, fault, &mut self.notices);
        let Ok(enrolled) = answer else { return };
        let id = enrolled.device.id.clone();
        for replaced in self.connections.take_device(context.now, enrolled) {
            self.reporting.forget(&replaced.id);
            effects.push(Effect::Leave(replaced));
        }
        self.reporting.has_left(&id);
        self.ask_integrations(context.now, effects);
        // A user who has just enrolled wants to connect.
        if let Some(first) = self.connections.first_to_set_up(&Source::Backend(id)) {
            self.want_link(context, &first, effects);
        }
    }

    /// A connection was made, or not. Its link is opened, or a first one is fetched.
    pub(super) fn connected(
        &mut self,
        context: &mut Context,
        source: &Source,
        state: &Secret,
        answer: Result<Box<NewConnection>, Fault>,
        effects: &mut Vec<Effect>,
    ) {
        self.integrations.end_connecting();
        let now = context.now;
        let NewConnection { report, link } = match answer {
            Ok(made) => *made,
            Err(fault) => {
                let name = self.connections.name_of(source, &self.installation.trust);
                return self.not_done("connection.not_made", fault, text::not_connected(&name));
            }
        };
        let Some(id) = self.connections.record_new(source, report, now) else { return };
        // The new connection is on this page.
        effects.push(Effect::OpenWindow(Page::Status));
        let Some(connection) = self.connections.connection_mut(&id) else { return };
        connection.link = Some(LinkAttempt::agreed(context.id(), now, None));
        let Some(link) = link else { return self.want_link(context, &id, effects) };
        let Self { links, connections, machine, host_probes, installation, .. } = self;
        let preflight = Preflight { machine, host_probes, trust: &installation.trust };
        let step = links.handle_made(now, &id, (link, state), connections, preflight);
        self.go_with_link(now, step, effects);
    }

    pub(super) fn stopped(&mut self, now: Timestamp, id: &ConnectionId, answer: Result<(), Fault>) {
        let Some(source) = requests::end(id, &mut self.connections, &mut self.notices) else {
            return;
        };
        match answer {
            Ok(()) => {
                let state = RemoteState::Unlinked;
                self.polling.outdate(&source);
                self.connections.record_status(
                    id,
                    RemoteStatus { state, ..RemoteStatus::default() },
                    now,
                );
                self.polling.soon(now);
            }
            Err(fault) => {
                let name = self.connections.name_of(&source, &self.installation.trust);
                self.not_done("connection.not_stopped", fault, text::not_stopped(&name));
            }
        }
    }

    pub(super) fn removed(&mut self, now: Timestamp, id: &ConnectionId, answer: Result<(), Fault>) {
        let Some(source) = requests::end(id, &mut self.connections, &mut self.notices) else {
            return;
        };
        match answer {
            Ok(()) => {
                self.polling.outdate(&source);
                self.connections.remove(id);
                self.polling.soon(now);
            }
            Err(fault) => {
                let name = self.connections.name_of(&source, &self.installation.trust);
                self.not_done("connection.not_removed", fault, text::not_removed(&name));
            }
        }
    }

    pub(super) fn checked(
        &mut self,
        now: Timestamp,
        id: &ConnectionId,
        answer: Result<RemoteStatus, Fault>,
    ) {
        requests::end(id, &mut self.connections, &mut self.notices);
        match answer {
            Ok(status) => self.connections.record_status(id, status, now),
            Err(fault) => {
                if let Some(state) = self.connections.state_mut(id) {
                    state.remote.failed(fault, now);
                }
            }
        }
    }

    /// A backend that does not accept this computer any more needs no telling: without a token that
    /// counts, nothing is left to revoke. Only then are the secrets of no more use.
    pub(super) fn leave_answered(
        &mut self,
        now: Timestamp,
        id: &DeviceId,
        answer: Result<(), Fault>,
        effects: &mut Vec<Effect>,
    ) {
        // It may have been linked anew in the meantime, under the same names.
        let mut leaving = self.connections.saved.leaving.iter();
        let Some(device) = leaving.find(|device| device.id == *id) else { return };
        match answer {
            Ok(()) | Err(Fault::Rejected) => effects.push(Effect::ForgetDevice(device.clone())),
            Err(Fault::Unreachable | Fault::Unusable | Fault::NoCredential) => {
                self.reporting.leave_later(now, id);
            }
        }
    }

    /// Only now, so that a program that ends in between forgets the secrets the next time.
    pub(super) fn left(&mut self, id: &DeviceId) {
        self.connections.saved.leaving.retain(|device| device.id != *id);
        self.reporting.has_left(id);
    }

    pub(super) fn report_answered(
        &mut self,
        context: &mut Context,
        device: &DeviceId,
        report: String,
        answer: DeliveryAnswer,
        effects: &mut Vec<Effect>,
    ) {
        let (now, chance) = (context.now, context.fraction());
        if answer.outcome == DeliveryOutcome::Never {
            tracing::error!(report, "the backend will never accept a report; set aside");
        }
        effects.extend(self.delivery_queues.handle_answer(now, device, report, answer, chance));
        match answer.outcome {
            DeliveryOutcome::Arrived | DeliveryOutcome::Never => {
                self.delivered(now, device, answer.next_report_after);
            }
            DeliveryOutcome::Refused => self.connections.handle_refused_report(now, device),
            DeliveryOutcome::Later(_) => {}
        }
    }

    /// A report arrived. A backend that refused reports before is polled again.
    fn delivered(&mut self, now: Timestamp, id: &DeviceId, next_report_after: Option<u32>) {
        let device = self.connections.device_mut(id);
        if device.is_some_and(|device| std::mem::take(&mut device.reports_refused)) {
            self.polling.soon(now);
        }
        self.reporting.delivered(now, id, next_report_after);
    }

    fn not_done(&mut self, code: &str, fault: Fault, words: Words) {
        tracing::warn!(code, ?fault, "action on a connection failed");
        self.notices.show(code, Severity::Warning, words);
    }
}

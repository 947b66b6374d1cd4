//! What the user does, in the window or with a link: each action goes to the part that it is about, and
//! what comes of it to the others.

use deskside_model::connection::Origin;
use deskside_model::exchange::Source;
use deskside_model::link::{self, EnrollRequest, LinkRequest};
use deskside_model::{Command, ConnectionId, Page, QuestionId, Secret, Severity};
use deskside_text as text;
use jiff::Timestamp;
use url::Url;

use super::Companion;
use super::consent::Decision;
use super::preflight::Preflight;
use super::{links, opened_link, requests};
use crate::context::Context;
use crate::input::Effect;
use crate::view::Action;

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
                effects.push(Effect::OpenWindow(Page::Status));
                self.consent.ask_about_link(context, link);
            }
            Ok(LinkRequest::Enroll(request)) => self.ask_to_enroll(context, request, effects),
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
        if self.consent.handle_policy(&request, &self.connections.saved) {
            self.ask_to_enroll(context, request, effects);
        }
    }

    fn ask_to_enroll(
        &mut self,
        context: &mut Context,
        request: EnrollRequest,
        effects: &mut Vec<Effect>,
    ) {
        effects.extend([Effect::TryVault, Effect::OpenWindow(Page::Status)]);
        self.consent.ask_about_enrollment(context, request);
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
            Action::Use { connection, command } => {
                self.used(context, &connection, command, effects)
            }
            Action::Open { command } => self.launch(context.now, command, effects),
            Action::Connect { source, integration } => {
                let Self { integrations, connections, .. } = self;
                effects.extend(integrations.connect(context, &source, integration, connections));
            }
            Action::SignOut { source } => self.sign_out(&source, effects),
            Action::Refresh => self.look_again(context.now, effects),
            Action::Dismiss { code } => self.notices.remove(&code),
            Action::Change { settings } => self.connections.saved.settings = settings,
            Action::StartAtLogin { on } => effects.extend(self.desktop.set_login_start(on)),
        }
    }

    fn answered(
        &mut self,
        context: &mut Context,
        question: &QuestionId,
        (yes, started_here): (bool, bool),
        effects: &mut Vec<Effect>,
    ) {
        if let Some(code) = self.consent.policy_code_of(question) {
            self.connections.saved.answered_code = Some(code);
        }
        match self.consent.answer(question, yes, started_here, self.machine.vault) {
            Decision::None => {}
            Decision::OpenLink(link) => {
                let Self {
                    links, connections, notices, machine, host_probes, installation, ..
                } = self;
                let preflight = Preflight { machine, host_probes, trust: &installation.trust };
                let step = links.handle_agreed(context, link, connections, notices, preflight);
                self.go_with_link(context.now, step, effects);
            }
            Decision::AskAccount(effect) => effects.push(effect),
            Decision::NeedsVault => {
                self.notices.show_vault(self.machine.vault);
                effects.push(Effect::TryVault);
            }
            Decision::Enroll(host, effect) => {
                self.connections.saved.enrolling_at = Some(host);
                effects.push(effect);
            }
        }
    }

    fn used(
        &mut self,
        context: &mut Context,
        id: &ConnectionId,
        command: Command,
        effects: &mut Vec<Effect>,
    ) {
        let Self { links, connections, notices, machine, .. } = self;
        match command {
            Command::Check => {
                let begun = requests::begin(id, connections, notices);
                effects.extend(begun.map(|(asked, connection)| Effect::Check(asked, connection)));
            }
            Command::OpenLink => self.want_link(context, id, effects),
            Command::GoOn => {
                let step = links.go_on(context, id, connections, machine);
                self.go_with_link(context.now, step, effects);
            }
            Command::CancelLink => opened_link::cancel(context.now, id, connections),
            Command::StopSyncing => {
                let begun = requests::begin(id, connections, notices);
                effects.extend(begun.map(|(asked, known)| Effect::StopSyncing(asked, known)));
            }
            Command::Remove => self.remove(id, effects),
            Command::CopyDetails => {}
            Command::OpenQuickBooks
            | Command::StartWebConnector
            | Command::OpenLog
            | Command::OpenSleepSettings => self.launch(context.now, command, effects),
        }
    }

    /// Requests a link for a connection, once this computer is ready for it.
    pub(super) fn want_link(
        &mut self,
        context: &mut Context,
        id: &ConnectionId,
        effects: &mut Vec<Effect>,
    ) {
        let Some(connection) = self.connections.connection(id) else { return };
        if !links::can_fetch(connection, &self.connections) {
            return;
        }
        if let Some(url) = self.preflight().page_address(&self.connections, connection) {
            self.probe_page(context.now, &url, effects);
        }
        let Self { connections, machine, host_probes, installation, .. } = self;
        let preflight = Preflight { machine, host_probes, trust: &installation.trust };
        effects.extend(links::handle_wanted(context, id, connections, preflight));
    }

    /// Goes on with a link. Once it is in the browser, its source is polled soon.
    pub(super) fn go_with_link(
        &mut self,
        now: Timestamp,
        step: Option<Effect>,
        effects: &mut Vec<Effect>,
    ) {
        if matches!(step, Some(Effect::OpenBrowser { .. })) {
            self.polling.soon(now);
        }
        effects.extend(step);
    }

    /// Removes a connection: at the application if that keeps it, otherwise here.
    fn remove(&mut self, id: &ConnectionId, effects: &mut Vec<Effect>) {
        let Some(connection) = self.connections.connection(id) else { return };
        if connection.device().is_none() {
            return self.forget(id, effects);
        }
        let begun = requests::begin(id, &mut self.connections, &mut self.notices);
        effects.extend(begun.map(|(asked, known)| Effect::RemoveThere(asked, known)));
    }

    /// Forgets a connection that its application has forgotten, or does not keep.
    pub(super) fn forget(&mut self, id: &ConnectionId, effects: &mut Vec<Effect>) {
        let Some(connection) = self.connections.connection(id).cloned() else { return };
        if let Some(source) = self.connections.source_of(&connection) {
            self.polling.outdate(&source);
        }
        self.connections.remove(id);
        if let Origin::Direct { .. } = connection.origin {
            effects.push(Effect::ForgetSecret(connection.key_name()));
        }
    }

    /// Unlinks this computer from a backend.
    fn sign_out(&mut self, source: &str, effects: &mut Vec<Effect>) {
        let is_meant = |one: &Source| one.key() == source;
        if let Some(Source::Backend(id)) = self.connections.sources().into_iter().find(is_meant)
            && let Some(device) = self.connections.device(&id).cloned()
        {
            self.connections.leave(device.clone());
            self.reporting.forget(&device.id);
            effects.push(Effect::Leave(device));
        }
    }
}

//! A link attempt: agreed, checked, opened, returned, confirmed or over. Each connection has at most one,
//! and every answer names the attempt that it belongs to, so two attempts never mix.

use std::collections::BTreeSet;
use std::sync::Arc;

use deskside_model::connection::{Connection, Mode, Origin};
use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_model::exchange::FreshLink;
use deskside_model::link::{
    self, AttemptOutcome, AttemptStage, KeptLink, LinkAttempt, LinkFacts, LinkProfile, Parameter,
    Provider, ProviderLink, ReturnOutcome, Uses,
};
use deskside_model::vault::VaultFault;
use deskside_model::{Page, Secret, Severity};
use deskside_text as text;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{Companion, connections, preflight};
use crate::context::Context;
use crate::input::{Effect, SavedState};
use crate::view::Check;

/// How many opened links are remembered, so that a single-use link is not opened twice.
const REMEMBERED: usize = 100;

impl Companion {
    /// What this computer looks like for a link of a provider, from a host.
    pub(super) fn checks(&self, provider: Option<Provider>, host: &str, mode: Mode) -> Vec<Check> {
        let reachability = self.host_probes.page_result(host);
        let profile = provider.map(Provider::profile);
        preflight::checks(&self.machine, mode, profile, host, reachability)
    }

    /// The host of a connection's page, as far as it is known beforehand.
    pub(super) fn page_host(&self, connection: &Connection) -> Option<String> {
        let of_link = connection.link.as_ref().and_then(LinkAttempt::link);
        let of_link = of_link.map(|link| link.host.clone());
        of_link.or_else(|| self.page_address(connection)?.host_str().map(str::to_owned))
    }

    /// The address to probe for it. In the sandbox it is that of the source, which makes the link.
    fn page_address(&self, connection: &Connection) -> Option<Url> {
        let source = self.connections.source_of(connection)?;
        let maker = self.connections.address(&source).map(|(_, url)| url);
        let page = || {
            let host = connection.provider?.profile().hosts.first()?;
            Url::parse(&format!("https://{host}/")).ok()
        };
        if self.installation.trust.sandbox { maker } else { page().or(maker) }
    }

    /// Probes the host of a page that may be opened soon.
    pub(super) fn probe_page(&mut self, now: Timestamp, url: &Url, effects: &mut Vec<Effect>) {
        let is_online = !self.machine.network.is_absent();
        effects.extend(self.host_probes.probe_page(now, url, is_online));
    }

    /// Probes the hosts again whose page is asked about or was agreed to: the cause may be fixed.
    pub(super) fn probe_pages_again(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let is_agreed = |stage: &AttemptStage| matches!(stage, AttemptStage::Agreed { .. });
        let agreed = self.connections.saved.connections.iter().filter(|connection| {
            connection.link.as_ref().is_some_and(|attempt| is_agreed(&attempt.stage))
        });
        let asked = self.consent.link_host().map(str::to_owned);
        let hosts =
            agreed.filter_map(|connection| self.page_host(connection)).chain(asked).collect();
        let is_online = !self.machine.network.is_absent();
        effects.extend(self.host_probes.probe_pages_again(now, &hosts, is_online));
    }

    pub(super) fn checks_of(&self, connection: &Connection) -> Vec<Check> {
        let host = self.page_host(connection).unwrap_or_default();
        self.checks(connection.link_provider(), &host, connection.mode)
    }

    /// The user agreed to open a link that came from outside.
    pub(super) fn agreed_to(
        &mut self,
        context: &mut Context,
        link: ProviderLink,
        effects: &mut Vec<Effect>,
    ) {
        let profile = link.provider.profile();
        let fingerprint = link::hash(&link.url);
        if profile.uses != Uses::Many && self.connections.saved.opened_links.contains(&fingerprint)
        {
            return self.notices.show("link.used", Severity::Warning, text::link_used());
        }
        let until = after(context.now, profile.lifetime_minutes);
        let (id, brought_connection) = self.place_for(context, &link, &fingerprint);
        let facts = LinkFacts {
            host: link.host.clone(),
            provider: link.provider,
            fingerprint,
            until,
            returns_with: None,
        };
        let kept = KeptLink { link: facts, brought_connection };
        let attempt = LinkAttempt::agreed(context.id(), context.now, Some(kept));
        let Some(connection) = self.connections.connection_mut(&id) else { return };
        connection.link = Some(attempt);
        let clear =
            preflight::is_clear(&self.checks(Some(link.provider), &link.host, Mode::Attended));
        let url = Arc::new(link.url);
        if clear {
            self.open(context.now, &id, url, effects);
        } else {
            self.keep(&id, url, effects);
        }
    }

    /// The connection to which a link from outside belongs: the one that has this link already; or one
    /// with the same host and subject that has no open link, because nothing tells them apart; or a
    /// new one. Also whether the connection exists only because of the link.
    fn place_for(
        &mut self,
        context: &mut Context,
        link: &ProviderLink,
        fingerprint: &str,
    ) -> (String, bool) {
        let origin = Origin::Link { host: link.host.clone(), subject: link::subject(link) };
        let is_alike =
            |known: &&Connection| known.provider == Some(link.provider) && known.origin == origin;
        let has_it = |known: &&Connection| {
            known.link.as_ref().and_then(LinkAttempt::fingerprint) == Some(fingerprint)
        };
        let is_free =
            |known: &&Connection| known.link.as_ref().and_then(LinkAttempt::out_until).is_none();
        let mut alike = self.connections.saved.connections.iter().filter(is_alike);
        if let Some(place) = alike.clone().find(has_it).or_else(|| alike.find(is_free)) {
            let was_brought = place.link.as_ref().is_some_and(LinkAttempt::brought_connection);
            return (place.id.clone(), was_brought);
        }
        let id = format!("link-{}", context.id());
        self.connections.add(Connection {
            id: id.clone(),
            company: None,
            provider: Some(link.provider),
            mode: Mode::Attended,
            origin,
            link: None,
        });
        (id, true)
    }

    /// Keeps a link that is not opened yet: in the vault, so that it survives a restart, and in memory,
    /// in case the vault does not work.
    pub(super) fn keep(&mut self, id: &str, url: Arc<Secret>, effects: &mut Vec<Effect>) {
        let Some(attempt) = self.connections.attempt_mut(id) else { return };
        effects.push(Effect::KeepLink { name: attempt.vault_name(), link: Arc::clone(&url) });
        if let Some(state) = self.connections.state_mut(id) {
            state.in_hand = Some(url);
        }
    }

    /// Opens a link in the browser. From here on only the browser has it.
    pub(super) fn open(
        &mut self,
        now: Timestamp,
        id: &str,
        url: Arc<Secret>,
        effects: &mut Vec<Effect>,
    ) {
        let applications = self.applications_of_others(id);
        let Some(attempt) = self.connections.attempt_mut(id) else { return };
        if !attempt.open(now, applications) {
            return;
        }
        let fingerprint = link::hash(&url);
        let opened = &mut self.connections.saved.opened_links;
        opened.retain(|known| *known != fingerprint);
        opened.push(fingerprint);
        let too_many = opened.len().saturating_sub(REMEMBERED);
        opened.drain(..too_many);
        self.polling.soon(now);
        effects.push(Effect::OpenBrowser { connection: id.to_owned(), link: url });
    }

    /// The applications in the Web Connector's log that are not this connection's; `None` when that is
    /// unknown. A connection that was set up before has its application there already: if there is
    /// only one, it is that one.
    fn applications_of_others(&self, id: &str) -> Option<Vec<String>> {
        let Some(sync) = self.machine.sync.known() else {
            return self.machine.setup.log.is_absent().then(Vec::new);
        };
        let status = self.connections.state(id).and_then(|state| state.remote.status.as_ref());
        if status.is_some_and(was_set_up) && sync.apps.len() == 1 {
            return Some(Vec::new());
        }
        Some(sync.apps.iter().map(|runs| runs.app.clone()).collect())
    }

    /// Deletes every kept link that cannot be opened any more, for whatever reason.
    pub(super) fn forget_links(&mut self, before: &SavedState, effects: &mut Vec<Effect>) {
        let kept = |saved: &SavedState| -> BTreeSet<String> {
            let lives = saved.connections.iter().filter_map(|known| known.link.as_ref());
            lives.filter(|attempt| attempt.kept().is_some()).map(LinkAttempt::vault_name).collect()
        };
        let still = kept(&self.connections.saved);
        let gone = kept(before).into_iter().filter(|name| !still.contains(name));
        effects.extend(gone.map(Effect::ForgetSecret));
        self.connections.let_go_of_links();
    }

    /// The user wants a link for a connection, the first one or a new one.
    pub(super) fn want_link(&mut self, context: &mut Context, id: &str, effects: &mut Vec<Effect>) {
        let Some(connection) = self.connections.connection(id).cloned() else { return };
        if self.connections.asked(&connection).is_none() {
            return;
        }
        let is_fetching =
            |attempt: &LinkAttempt| matches!(attempt.stage, AttemptStage::Fetching { .. });
        if connection.link.as_ref().is_some_and(is_fetching) {
            return;
        }
        if let Some(url) = self.page_address(&connection) {
            self.probe_page(context.now, &url, effects);
        }
        let status = self.connections.state(id).and_then(|state| state.remote.status.as_ref());
        let worked_before = status.is_some_and(connections::works);
        let attempt =
            LinkAttempt { worked_before, ..LinkAttempt::agreed(context.id(), context.now, None) };
        let connection = Connection { link: Some(attempt), ..connection };
        let clear = preflight::is_clear(&self.checks_of(&connection));
        self.connections.add(connection);
        if clear {
            self.fetch(context, id, effects);
        }
    }

    /// The user wants to continue despite the checks.
    pub(super) fn go_on(&mut self, context: &mut Context, id: &str, effects: &mut Vec<Effect>) {
        let in_hand = self.connections.state(id).and_then(|state| state.in_hand.clone());
        let Some(attempt) = self.connections.attempt_mut(id) else { return };
        let AttemptStage::Agreed { kept, .. } = &attempt.stage else { return };
        let kept = kept.clone();
        match in_hand {
            Some(url) => self.open(context.now, id, url, effects),
            None if kept.is_some() => {
                attempt.stage = AttemptStage::Fetching { at: context.now, kept };
                effects.push(Effect::TakeLink {
                    connection: id.to_owned(),
                    attempt: attempt.id.clone(),
                    name: attempt.vault_name(),
                });
            }
            None => self.fetch(context, id, effects),
        }
    }

    fn fetch(&mut self, context: &mut Context, id: &str, effects: &mut Vec<Effect>) {
        let Some(connection) = self.connections.connection(id).cloned() else { return };
        let Some(asked) = self.connections.asked(&connection) else { return };
        let Some(attempt) = self.connections.attempt_mut(id) else { return };
        attempt.stage = AttemptStage::Fetching { at: context.now, kept: None };
        let attempt_id = attempt.id.clone();
        let state = Secret::new(context.nonce());
        effects.push(Effect::FetchLink { asked, connection, attempt: attempt_id, state });
    }

    pub(super) fn link_taken(
        &mut self,
        now: Timestamp,
        id: &str,
        attempt_id: &str,
        answer: Result<Secret, VaultFault>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(attempt) =
            self.connections.attempt_mut(id).filter(|attempt| attempt.awaits(attempt_id))
        else {
            return;
        };
        match answer {
            Ok(url) => {
                self.open(now, id, Arc::new(url), effects);
            }
            Err(VaultFault::Locked | VaultFault::Silent) => {
                attempt.stage = AttemptStage::Agreed { at: now, kept: attempt.kept().cloned() };
                self.blocked_by_vault();
            }
            Err(why @ (VaultFault::Absent | VaultFault::Broken | VaultFault::TooLong)) => {
                tracing::warn!(%why, "a kept link is gone");
                attempt.end(now, AttemptOutcome::NotFetched);
            }
        }
    }

    pub(super) fn link_fetched(
        &mut self,
        now: Timestamp,
        id: &str,
        attempt_id: &str,
        state: &Secret,
        answer: Result<FreshLink, Fault>,
        effects: &mut Vec<Effect>,
    ) {
        // The user may have canceled it, or removed the connection, in the meantime.
        if !self.connections.attempt_mut(id).is_some_and(|attempt| attempt.awaits(attempt_id)) {
            return;
        }
        if let Some(url) = self.take_in_link(now, id, state, answer) {
            self.open(now, id, url, effects);
        }
    }

    /// Takes in a link that was made for a connection; `None` when it must not be opened.
    pub(super) fn take_in_link(
        &mut self,
        now: Timestamp,
        id: &str,
        state: &Secret,
        answer: Result<FreshLink, Fault>,
    ) -> Option<Arc<Secret>> {
        let opened = &self.connections.saved.opened_links;
        let checked = answer.map_err(|fault| (AttemptOutcome::NotFetched, format!("{fault:?}")));
        let checked = checked.and_then(|fresh| {
            let link = link::provider_link(fresh.url.reveal(), &self.installation.trust);
            let link = link.map_err(|refused| (AttemptOutcome::NotFetched, refused.to_string()))?;
            match fresh.ended(&link, now, opened) {
                Some(ending) => Err((ending, "it has expired, or was opened before".into())),
                None => Ok((link, fresh.until)),
            }
        });
        let attempt = self.connections.attempt_mut(id)?;
        match checked {
            Ok((link, until)) => {
                let usual = link.provider.profile().lifetime_minutes;
                let facts = LinkFacts {
                    host: link.host,
                    provider: link.provider,
                    fingerprint: link::hash(&link.url),
                    until: until.or_else(|| after(now, usual)),
                    returns_with: Some(link::hash(state)),
                };
                let kept = Some(KeptLink { link: facts, brought_connection: false });
                attempt.stage = AttemptStage::Agreed { at: now, kept };
                Some(Arc::new(link.url))
            }
            Err((ending, why)) => {
                tracing::warn!(why, "link for a connection not usable");
                attempt.end(now, ending);
                None
            }
        }
    }

    pub(super) fn browser_started(
        &mut self,
        now: Timestamp,
        id: &str,
        started: Result<(), String>,
    ) {
        let Err(why) = started else { return };
        tracing::error!(why, "starting the browser failed");
        self.notices.show("companion.browser_failed", Severity::Blocking, text::browser_failed());
        let is_out =
            |attempt: &&mut LinkAttempt| matches!(attempt.stage, AttemptStage::Opened { .. });
        if let Some(attempt) = self.connections.attempt_mut(id).filter(is_out) {
            attempt.end(now, AttemptOutcome::NotFetched);
            // The page was not opened, so the link may be clicked again.
            let fingerprint = attempt.fingerprint().map(str::to_owned);
            let opened = &mut self.connections.saved.opened_links;
            opened.retain(|known| Some(known) != fingerprint.as_ref());
        }
    }

    /// The browser came back. A wrong `state` changes nothing, because any web page could send it. A
    /// right one is only a hint: the source is polled for the truth.
    pub(super) fn returned(
        &mut self,
        now: Timestamp,
        state: &Secret,
        said: &[Parameter],
        effects: &mut Vec<Effect>,
    ) {
        let trust = &self.installation.trust;
        let found = self.connections.saved.connections.iter_mut().find_map(|connection| {
            let profile = connection.link_provider().map(Provider::profile);
            let outcome = profile.map(|profile| of_profile(profile, trust, said));
            let attempt = connection.link.as_mut()?;
            let outcome = outcome.unwrap_or_default();
            attempt.came_back(now, state, outcome).then(|| (connection.id.clone(), outcome))
        });
        let Some((id, outcome)) = found else {
            return tracing::info!("return ignored: unknown state");
        };
        tracing::info!(?outcome, "the browser came back");
        let ending = outcome.ending();
        if ending != AttemptOutcome::Unconfirmed
            && let Some(attempt) = self.connections.attempt_mut(&id)
        {
            attempt.end(now, ending);
        }
        self.show(now, Page::Status, effects);
    }

    /// The user cancels a link. A connection that exists only because of a link that was never opened
    /// goes with it.
    pub(super) fn cancel_link(&mut self, now: Timestamp, id: &str) {
        let Some(connection) = self.connections.connection_mut(id) else { return };
        let Some(attempt) = connection.link.as_mut() else { return };
        if attempt.ending().is_some() {
            return;
        }
        if attempt.out_until().is_some() {
            attempt.end(now, AttemptOutcome::Cancelled);
        } else if attempt.brought_connection() {
            self.connections.remove(id);
        } else {
            connection.link = None;
        }
    }
}

/// True for a status that only a connection has whose set-up was finished once.
fn was_set_up(status: &RemoteStatus) -> bool {
    match status.state {
        RemoteState::Healthy
        | RemoteState::Inactive
        | RemoteState::Broken
        | RemoteState::Deauthorized
        | RemoteState::Unlinked => true,
        RemoteState::Waiting => status.is_planned(),
        RemoteState::NotSetUp | RemoteState::Removed | RemoteState::Unknown => false,
    }
}

fn of_profile(profile: &LinkProfile, trust: &link::Trust, said: &[Parameter]) -> ReturnOutcome {
    let status = trust.return_parameter(profile.provider);
    link::outcome(profile, status, said)
}

fn after(now: Timestamp, minutes: Option<i64>) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_mins(minutes?)).ok()
}

//! The life of a link: agreed to, looked at, opened, back, confirmed or over. One at a time for each
//! connection, and no two ever mix: every answer names the attempt that it belongs to.

use std::collections::BTreeSet;
use std::sync::Arc;

use deskside_model::connection::{Connection, Mode, Origin};
use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_model::exchange::FreshLink;
use deskside_model::link::{
    self, AttemptOutcome, AttemptStage, LinkAttempt, LinkProfile, Parameter, Provider,
    ProviderLink, ReturnOutcome, Uses,
};
use deskside_model::vault::VaultFault;
use deskside_model::{Page, Secret, Severity};
use deskside_text as text;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{Companion, known, preflight};
use crate::given::Context;
use crate::input::{Effect, SavedState};
use crate::view::Check;

/// So many links that count only once are remembered.
const REMEMBERED: usize = 100;

impl Companion {
    /// What this computer looks like for a link of a provider, from a host.
    pub(super) fn checks(&self, provider: Option<Provider>, host: &str, mode: Mode) -> Vec<Check> {
        let way = self.way_ahead(host);
        let profile = provider.map(Provider::profile);
        preflight::checks(&self.machine, mode, profile, host, way)
    }

    /// The host from which a connection's page will come, as far as that is known beforehand.
    pub(super) fn page_host(&self, connection: &Connection) -> Option<String> {
        let of_link = connection.link.as_ref().and_then(|life| life.host.clone());
        of_link.or_else(|| self.page_address(connection)?.host_str().map(str::to_owned))
    }

    /// Where to look for it. In the sandbox it is the one who makes the link.
    fn page_address(&self, connection: &Connection) -> Option<Url> {
        let source = self.known.source_of(connection)?;
        let maker = self.known.address(&source).map(|(_, url)| url);
        let page = || {
            let host = connection.provider?.profile().hosts.first()?;
            Url::parse(&format!("https://{host}/")).ok()
        };
        if self.setting.trust.sandbox { maker } else { page().or(maker) }
    }

    pub(super) fn checks_of(&self, connection: &Connection) -> Vec<Check> {
        let host = self.page_host(connection).unwrap_or_default();
        self.checks(connection.link_provider(), &host, connection.mode)
    }

    /// The user agreed to open a link that came from outside.
    pub(super) fn agreed_to(
        &mut self,
        given: &mut Context,
        link: ProviderLink,
        effects: &mut Vec<Effect>,
    ) {
        let profile = link.provider.profile();
        let print = link::hash(&link.url);
        if profile.uses != Uses::Many && self.known.saved.opened_links.contains(&print) {
            return self.tell("link.used", Severity::Warning, text::link_used());
        }
        let until = after(given.now, profile.lifetime_minutes);
        let (id, brought_connection) = self.place_for(given, &link, &print);
        let life = LinkAttempt {
            print: Some(print),
            provider: Some(link.provider),
            brought_connection,
            ..LinkAttempt::agreed(given.id(), Some(link.host.clone()), given.now, until)
        };
        let Some(connection) = self.known.connection_mut(&id) else { return };
        connection.link = Some(life);
        let clear =
            preflight::is_clear(&self.checks(Some(link.provider), &link.host, Mode::Attended));
        let url = Arc::new(link.url);
        if clear {
            self.open(given.now, &id, url, effects);
        } else {
            self.keep(&id, url, effects);
        }
    }

    /// The connection to which a link from outside belongs: the one that has this very link; or one
    /// of the same host and subject whose own link is not out, because nothing tells them apart; or a
    /// new one. Also whether the connection would not be there without it.
    fn place_for(
        &mut self,
        given: &mut Context,
        link: &ProviderLink,
        print: &str,
    ) -> (String, bool) {
        let origin = Origin::Link { host: link.host.clone(), subject: link::subject(link) };
        let is_alike =
            |known: &&Connection| known.provider == Some(link.provider) && known.origin == origin;
        let has_it = |known: &&Connection| {
            known.link.as_ref().is_some_and(|life| life.print.as_deref() == Some(print))
        };
        let is_free =
            |known: &&Connection| known.link.as_ref().and_then(LinkAttempt::out_until).is_none();
        let mut alike = self.known.saved.connections.iter().filter(is_alike);
        if let Some(place) = alike.clone().find(has_it).or_else(|| alike.find(is_free)) {
            let was_brought = place.link.as_ref().is_some_and(|life| life.brought_connection);
            return (place.id.clone(), was_brought);
        }
        let id = format!("link-{}", given.id());
        self.known.add(Connection {
            id: id.clone(),
            company: None,
            provider: Some(link.provider),
            mode: Mode::Attended,
            origin,
            link: None,
        });
        (id, true)
    }

    /// Keeps a link that is not opened yet: in the vault, so that it survives a restart, and here,
    /// in case the vault does not work.
    pub(super) fn keep(&mut self, id: &str, url: Arc<Secret>, effects: &mut Vec<Effect>) {
        let Some(life) = self.known.life_mut(id) else { return };
        life.in_vault = true;
        effects.push(Effect::KeepLink { name: life.vault_name(), link: Arc::clone(&url) });
        if let Some(state) = self.known.state_mut(id) {
            state.in_hand = Some(url);
        }
    }

    /// Hands a link to the browser: from here on nobody has it but the browser.
    pub(super) fn open(
        &mut self,
        now: Timestamp,
        id: &str,
        url: Arc<Secret>,
        effects: &mut Vec<Effect>,
    ) {
        let applications = self.applications_of_others(id);
        let Some(life) = self.known.life_mut(id) else { return };
        let until = life.runs_out();
        life.applications_before = applications;
        life.in_vault = false;
        life.brought_connection = false;
        life.stage = AttemptStage::Opened { at: now, until };
        let print = link::hash(&url);
        let opened = &mut self.known.saved.opened_links;
        opened.retain(|known| *known != print);
        opened.push(print);
        let too_many = opened.len().saturating_sub(REMEMBERED);
        opened.drain(..too_many);
        self.polls.soon(now);
        effects.push(Effect::OpenBrowser { connection: id.to_owned(), link: url });
    }

    /// The applications in the Web Connector's log that are not this connection's; `None` when nobody
    /// can say. One that was set up before has its own there already, and the only one there is is
    /// that.
    fn applications_of_others(&self, id: &str) -> Option<Vec<String>> {
        let Some(sync) = self.machine.sync.known() else {
            return self.machine.setup.log.is_absent().then(Vec::new);
        };
        let status = self.known.state(id).and_then(|state| state.remote.status.as_ref());
        if status.is_some_and(was_set_up) && sync.apps.len() == 1 {
            return Some(Vec::new());
        }
        Some(sync.apps.iter().map(|runs| runs.app.clone()).collect())
    }

    /// Forgets every link that was kept and that nobody can open any more, however it came to that.
    pub(super) fn forget_links(&mut self, before: &SavedState, effects: &mut Vec<Effect>) {
        let kept = |saved: &SavedState| -> BTreeSet<String> {
            let lives = saved.connections.iter().filter_map(|known| known.link.as_ref());
            lives.filter(|life| life.in_vault).map(LinkAttempt::vault_name).collect()
        };
        let still = kept(&self.known.saved);
        let gone = kept(before).into_iter().filter(|name| !still.contains(name));
        effects.extend(gone.map(Effect::ForgetSecret));
        self.known.let_go_of_links();
    }

    /// The user wants a link for a connection: the first one, or a new one.
    pub(super) fn want_link(&mut self, given: &mut Context, id: &str, effects: &mut Vec<Effect>) {
        let Some(connection) = self.known.connection(id).cloned() else { return };
        if self.known.asked(&connection).is_none() {
            return;
        }
        let is_fetching = |life: &LinkAttempt| matches!(life.stage, AttemptStage::Fetching { .. });
        if connection.link.as_ref().is_some_and(is_fetching) {
            return;
        }
        if let Some(url) = self.page_address(&connection) {
            self.look_ahead(given.now, &url, effects);
        }
        let status = self.known.state(id).and_then(|state| state.remote.status.as_ref());
        let worked_before = status.is_some_and(known::works);
        let life =
            LinkAttempt { worked_before, ..LinkAttempt::agreed(given.id(), None, given.now, None) };
        let connection = Connection { link: Some(life), ..connection };
        let clear = preflight::is_clear(&self.checks_of(&connection));
        self.known.add(connection);
        if clear {
            self.fetch(given, id, effects);
        }
    }

    /// The user wants to go on, whatever the checks say.
    pub(super) fn go_on(&mut self, given: &mut Context, id: &str, effects: &mut Vec<Effect>) {
        let in_hand = self.known.state(id).and_then(|state| state.in_hand.clone());
        let Some(life) = self.known.life_mut(id) else { return };
        if !matches!(life.stage, AttemptStage::Agreed { .. }) {
            return;
        }
        match in_hand {
            Some(url) => self.open(given.now, id, url, effects),
            None if life.in_vault => {
                life.stage = AttemptStage::Fetching { at: given.now, until: life.runs_out() };
                effects.push(Effect::TakeLink {
                    connection: id.to_owned(),
                    attempt: life.id.clone(),
                    name: life.vault_name(),
                });
            }
            None => self.fetch(given, id, effects),
        }
    }

    fn fetch(&mut self, given: &mut Context, id: &str, effects: &mut Vec<Effect>) {
        let Some(connection) = self.known.connection(id).cloned() else { return };
        let Some(asked) = self.known.asked(&connection) else { return };
        let Some(life) = self.known.life_mut(id) else { return };
        life.stage = AttemptStage::Fetching { at: given.now, until: None };
        let attempt = life.id.clone();
        let state = Secret::new(given.nonce());
        effects.push(Effect::FetchLink { asked, connection, attempt, state });
    }

    pub(super) fn link_taken(
        &mut self,
        now: Timestamp,
        id: &str,
        attempt: &str,
        answer: Result<Secret, VaultFault>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(life) = self.known.life_mut(id).filter(|life| life.awaits(attempt)) else {
            return;
        };
        match answer {
            Ok(url) => {
                self.open(now, id, Arc::new(url), effects);
            }
            Err(VaultFault::Locked | VaultFault::Silent) => {
                life.stage = AttemptStage::Agreed { at: now, until: life.runs_out() };
                self.blocked_by_vault();
            }
            Err(why @ (VaultFault::Absent | VaultFault::Broken | VaultFault::TooLong)) => {
                tracing::warn!(%why, "a link that was kept is not there any more");
                life.end(now, AttemptOutcome::NotFetched);
            }
        }
    }

    pub(super) fn link_fetched(
        &mut self,
        now: Timestamp,
        id: &str,
        attempt: &str,
        state: &Secret,
        answer: Result<FreshLink, Fault>,
        effects: &mut Vec<Effect>,
    ) {
        // The user may have given it up, or removed the connection, in the meantime.
        if !self.known.life_mut(id).is_some_and(|life| life.awaits(attempt)) {
            return;
        }
        if let Some(url) = self.take_in_link(now, id, state, answer) {
            self.open(now, id, url, effects);
        }
    }

    /// Takes in a link that was made for a connection, if it is one that may be opened.
    pub(super) fn take_in_link(
        &mut self,
        now: Timestamp,
        id: &str,
        state: &Secret,
        answer: Result<FreshLink, Fault>,
    ) -> Option<Arc<Secret>> {
        let opened = &self.known.saved.opened_links;
        let checked = answer.map_err(|fault| (AttemptOutcome::NotFetched, format!("{fault:?}")));
        let checked = checked.and_then(|fresh| {
            let link = link::provider_link(fresh.url.reveal(), &self.setting.trust);
            let link = link.map_err(|refused| (AttemptOutcome::NotFetched, refused.to_string()))?;
            match fresh.ended(&link, now, opened) {
                Some(ending) => Err((ending, "it has run out, or was opened before".into())),
                None => Ok((link, fresh.until)),
            }
        });
        let life = self.known.life_mut(id)?;
        match checked {
            Ok((link, until)) => {
                life.host = Some(link.host);
                life.provider = Some(link.provider);
                life.print = Some(link::hash(&link.url));
                life.returns_with = Some(link::hash(state));
                let usual = link.provider.profile().lifetime_minutes;
                let until = until.or_else(|| after(now, usual));
                life.stage = AttemptStage::Agreed { at: now, until };
                Some(Arc::new(link.url))
            }
            Err((ending, why)) => {
                tracing::warn!(why, "no usable link for a connection");
                life.end(now, ending);
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
        tracing::error!(why, "the browser could not be started");
        self.tell("companion.browser_failed", Severity::Blocking, text::browser_failed());
        let is_out = |life: &&mut LinkAttempt| matches!(life.stage, AttemptStage::Opened { .. });
        if let Some(life) = self.known.life_mut(id).filter(is_out) {
            life.end(now, AttemptOutcome::NotFetched);
            // Nobody has seen the page: the link may be clicked once more.
            let print = life.print.clone();
            self.known.saved.opened_links.retain(|opened| Some(opened) != print.as_ref());
        }
    }

    /// The browser came back. A wrong `state` changes nothing: otherwise any web page could end what
    /// is pending. A right one is a hint, and the one who knows is asked.
    pub(super) fn returned(
        &mut self,
        now: Timestamp,
        state: &Secret,
        said: &[Parameter],
        effects: &mut Vec<Effect>,
    ) {
        let trust = &self.setting.trust;
        let found = self.known.saved.connections.iter_mut().find_map(|connection| {
            let profile = connection.link_provider().map(Provider::profile);
            let outcome = profile.map(|profile| of_profile(profile, trust, said));
            let life = connection.link.as_mut()?;
            let outcome = outcome.unwrap_or_default();
            life.came_back(now, state, outcome).then(|| (connection.id.clone(), outcome))
        });
        let Some((id, outcome)) = found else {
            return tracing::info!("a return with an unknown state was ignored");
        };
        tracing::info!(?outcome, "the browser came back");
        let ending = outcome.ending();
        if ending != AttemptOutcome::Unconfirmed
            && let Some(life) = self.known.life_mut(&id)
        {
            life.end(now, ending);
        }
        self.show(now, Page::Status, effects);
    }

    /// The user gives a link up. One that made its connection and was never opened takes it along.
    pub(super) fn cancel_link(&mut self, now: Timestamp, id: &str) {
        let Some(connection) = self.known.connection_mut(id) else { return };
        let Some(life) = connection.link.as_mut() else { return };
        if life.ending().is_some() {
            return;
        }
        if life.out_until().is_some() {
            life.end(now, AttemptOutcome::Cancelled);
        } else if life.brought_connection {
            self.known.remove(id);
        } else {
            connection.link = None;
        }
    }
}

/// Whether a status is one that only a connection has whose steps were finished once.
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

//! A link from the user's consent until it is opened: checked, fetched or kept, given to the browser. Each
//! connection has at most one attempt, and every answer names the attempt that it belongs to, so two
//! attempts never mix.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use deskside_model::connection::{Connection, Mode, Origin};
use deskside_model::evidence::{Fault, Machine};
use deskside_model::exchange::FreshLink;
use deskside_model::link::{
    self, AttemptOutcome, AttemptStage, KeptLink, LinkAttempt, LinkFacts, ProviderLink, Trust, Uses,
};
use deskside_model::vault::VaultFault;
use deskside_model::{AttemptId, ConnectionId, Secret, Severity};
use deskside_text as text;
use jiff::{SignedDuration, Timestamp};

use super::connections::{self, Connections};
use super::notices::Notices;
use super::preflight::{Preflight, is_clear};
use super::setup_progress::applications_of_others;
use crate::context::Context;
use crate::input::{Effect, SavedState};

/// How many opened links are remembered, so that a single-use link is not opened twice.
const REMEMBERED: usize = 100;

/// The links that were agreed to and are not opened yet.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Each kept link by its name in the vault, in case the vault does not work.
    in_hand: BTreeMap<String, Arc<Secret>>,
}

impl Links {
    /// The user agreed to open a link that came from outside.
    pub(super) fn handle_agreed(
        &mut self,
        context: &mut Context,
        link: ProviderLink,
        connections: &mut Connections,
        notices: &mut Notices,
        preflight: Preflight<'_>,
    ) -> Option<Effect> {
        let profile = link.provider.profile();
        let fingerprint = link::hash(&link.url);
        if profile.uses != Uses::Many && connections.saved.opened_links.contains(&fingerprint) {
            notices.show("link.used", Severity::Warning, text::link_used());
            return None;
        }
        let until = after(context.now, profile.lifetime_minutes);
        let (id, brought_connection) = place_for(context, &link, &fingerprint, connections);
        let ProviderLink { provider, host, url } = link;
        let clear = is_clear(&preflight.checks(Some(provider), &host, Mode::Attended));
        let link = LinkFacts { host, provider, fingerprint, until, returns_with: None };
        let kept = KeptLink { link, brought_connection };
        let attempt = LinkAttempt::agreed(context.id(), context.now, Some(kept));
        connections.connection_mut(&id)?.link = Some(attempt);
        let url = Arc::new(url);
        if clear {
            open(context.now, &id, url, connections, preflight.machine)
        } else {
            self.keep(&id, url, connections)
        }
    }

    /// A new connection was made with its first link.
    pub(super) fn handle_made(
        &mut self,
        now: Timestamp,
        id: &ConnectionId,
        (link, state): (FreshLink, &Secret),
        connections: &mut Connections,
        preflight: Preflight<'_>,
    ) -> Option<Effect> {
        let checks = preflight.checks_of(connections, connections.connection(id)?);
        let url = take_in(now, id, (Ok(link), state), connections, preflight.trust)?;
        if is_clear(&checks) {
            open(now, id, url, connections, preflight.machine)
        } else {
            self.keep(id, url, connections)
        }
    }

    /// The user wants to continue despite the checks.
    pub(super) fn go_on(
        &self,
        context: &mut Context,
        id: &ConnectionId,
        connections: &mut Connections,
        machine: &Machine,
    ) -> Option<Effect> {
        let attempt = connections.attempt_mut(id)?;
        let AttemptStage::Agreed { kept, .. } = &attempt.stage else { return None };
        let name = attempt.vault_name();
        if let Some(url) = self.in_hand.get(&name) {
            return open(context.now, id, Arc::clone(url), connections, machine);
        }
        let Some(kept) = kept.clone() else { return fetch(context, id, connections) };
        attempt.stage = AttemptStage::Fetching { at: context.now, kept: Some(kept) };
        let (connection, attempt) = (id.to_owned(), attempt.id.clone());
        Some(Effect::TakeLink { connection, attempt, name })
    }

    /// Keeps a link that is not opened yet: in the vault, so that it survives a restart, and in memory,
    /// in case the vault does not work.
    fn keep(
        &mut self,
        id: &ConnectionId,
        url: Arc<Secret>,
        connections: &Connections,
    ) -> Option<Effect> {
        let name = connections.connection(id)?.link.as_ref()?.vault_name();
        self.in_hand.insert(name.clone(), Arc::clone(&url));
        Some(Effect::KeepLink { name, link: url })
    }

    /// Deletes every kept link that cannot be opened any more, for whatever reason.
    pub(super) fn forget(&mut self, before: &SavedState, after: &SavedState) -> Vec<Effect> {
        let kept = |saved: &SavedState| -> BTreeSet<String> {
            let attempts = saved.connections.iter().filter_map(|known| known.link.as_ref());
            attempts
                .filter(|attempt| attempt.kept().is_some())
                .map(LinkAttempt::vault_name)
                .collect()
        };
        let still = kept(after);
        self.in_hand.retain(|name, _| still.contains(name));
        let gone = kept(before).into_iter().filter(|name| !still.contains(name));
        gone.map(Effect::ForgetSecret).collect()
    }
}

/// The connection to which a link from outside belongs: the one that has this link already; or one
/// with the same host and subject that has no open link, because nothing tells them apart; or a
/// new one. Also whether the connection exists only because of the link.
fn place_for(
    context: &mut Context,
    link: &ProviderLink,
    fingerprint: &str,
    connections: &mut Connections,
) -> (ConnectionId, bool) {
    let origin = Origin::Link { host: link.host.clone(), subject: link::subject(link) };
    let is_alike =
        |known: &&Connection| known.provider == Some(link.provider) && known.origin == origin;
    let has_it = |known: &&Connection| {
        known.link.as_ref().and_then(LinkAttempt::fingerprint) == Some(fingerprint)
    };
    let is_free =
        |known: &&Connection| known.link.as_ref().and_then(LinkAttempt::out_until).is_none();
    let mut alike = connections.saved.connections.iter().filter(is_alike);
    if let Some(place) = alike.clone().find(has_it).or_else(|| alike.find(is_free)) {
        let was_brought = place.link.as_ref().is_some_and(LinkAttempt::brought_connection);
        return (place.id.clone(), was_brought);
    }
    let id = ConnectionId::from(format!("link-{}", context.id::<String>()));
    connections.add(Connection {
        id: id.clone(),
        company: None,
        provider: Some(link.provider),
        mode: Mode::Attended,
        origin,
        link: None,
    });
    (id, true)
}

/// True when a link can be requested for a connection.
pub(super) fn can_fetch(connection: &Connection, connections: &Connections) -> bool {
    let is_fetching =
        |attempt: &LinkAttempt| matches!(attempt.stage, AttemptStage::Fetching { .. });
    connections.asked(connection).is_some() && !connection.link.as_ref().is_some_and(is_fetching)
}

/// The user wants a link for a connection, the first one or a new one. It is fetched at once if the
/// checks are clear.
pub(super) fn handle_wanted(
    context: &mut Context,
    id: &ConnectionId,
    connections: &mut Connections,
    preflight: Preflight<'_>,
) -> Option<Effect> {
    let status = connections.state(id)?.remote.status.as_ref();
    let worked_before = status.is_some_and(connections::works);
    let attempt = LinkAttempt::agreed(context.id(), context.now, None);
    connections.connection_mut(id)?.link = Some(LinkAttempt { worked_before, ..attempt });
    let checks = preflight.checks_of(connections, connections.connection(id)?);
    if is_clear(&checks) { fetch(context, id, connections) } else { None }
}

fn fetch(
    context: &mut Context,
    id: &ConnectionId,
    connections: &mut Connections,
) -> Option<Effect> {
    let connection = connections.connection(id).cloned()?;
    let asked = connections.asked(&connection)?;
    let attempt = connections.attempt_mut(id)?;
    attempt.stage = AttemptStage::Fetching { at: context.now, kept: None };
    let attempt = attempt.id.clone();
    Some(Effect::FetchLink { asked, connection, attempt, state: Secret::new(context.nonce()) })
}

/// Opens a link in the browser. From here on only the browser has it.
fn open(
    now: Timestamp,
    id: &ConnectionId,
    url: Arc<Secret>,
    connections: &mut Connections,
    machine: &Machine,
) -> Option<Effect> {
    let status = connections.state(id).and_then(|state| state.remote.status.as_ref());
    let applications = applications_of_others(machine, status);
    if !connections.attempt_mut(id)?.open(now, applications) {
        return None;
    }
    let fingerprint = link::hash(&url);
    let opened = &mut connections.saved.opened_links;
    opened.retain(|known| *known != fingerprint);
    opened.push(fingerprint);
    let too_many = opened.len().saturating_sub(REMEMBERED);
    opened.drain(..too_many);
    Some(Effect::OpenBrowser { connection: id.to_owned(), link: url })
}

/// Takes in a kept link that was read from the vault.
pub(super) fn handle_taken(
    now: Timestamp,
    (id, attempt_id): (&ConnectionId, &AttemptId),
    answer: Result<Secret, VaultFault>,
    connections: &mut Connections,
    notices: &mut Notices,
    machine: &Machine,
) -> Option<Effect> {
    let attempt = connections.attempt_mut(id).filter(|attempt| attempt.awaits(attempt_id))?;
    match answer {
        Ok(url) => return open(now, id, Arc::new(url), connections, machine),
        Err(why @ (VaultFault::Locked | VaultFault::Forbidden | VaultFault::Silent)) => {
            attempt.stage = AttemptStage::Agreed { at: now, kept: attempt.kept().cloned() };
            notices.show_vault(why.into());
        }
        Err(why @ (VaultFault::Absent | VaultFault::Broken | VaultFault::TooLong)) => {
            tracing::warn!(%why, "a kept link is gone");
            attempt.end(now, AttemptOutcome::NotFetched);
        }
    }
    None
}

/// Takes in a link that was requested, with the one-use value that its return will carry. The user may
/// have canceled it, or removed the connection, in the meantime.
pub(super) fn handle_fetched(
    now: Timestamp,
    (id, attempt_id): (&ConnectionId, &AttemptId),
    answer: (Result<FreshLink, Fault>, &Secret),
    connections: &mut Connections,
    preflight: Preflight<'_>,
) -> Option<Effect> {
    connections.attempt_mut(id).filter(|attempt| attempt.awaits(attempt_id))?;
    let url = take_in(now, id, answer, connections, preflight.trust)?;
    open(now, id, url, connections, preflight.machine)
}

/// Takes in a link that was made for a connection; `None` when it must not be opened.
fn take_in(
    now: Timestamp,
    id: &ConnectionId,
    (answer, state): (Result<FreshLink, Fault>, &Secret),
    connections: &mut Connections,
    trust: &Trust,
) -> Option<Arc<Secret>> {
    let opened = &connections.saved.opened_links;
    let checked = answer.map_err(|fault| (AttemptOutcome::NotFetched, format!("{fault:?}")));
    let checked = checked.and_then(|fresh| {
        let link = link::provider_link(fresh.url.reveal(), trust);
        let link = link.map_err(|refused| (AttemptOutcome::NotFetched, refused.to_string()))?;
        match fresh.ended(&link, now, opened) {
            Some(ending) => Err((ending, "it has expired, or was opened before".into())),
            None => Ok((link, fresh.until)),
        }
    });
    let attempt = connections.attempt_mut(id)?;
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

fn after(now: Timestamp, minutes: Option<i64>) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_mins(minutes?)).ok()
}

//! A link in the browser, until it is over: the browser returns, the log shows that the new application
//! works, the user cancels it, or its time is up.

use deskside_model::connection::{Connection, Origin};
use deskside_model::evidence::{Finding, Machine};
use deskside_model::link::{
    self, AttemptOutcome, AttemptStage, LinkAttempt, LinkProfile, Parameter, Provider,
    ReturnOutcome, Trust,
};
use deskside_model::{ConnectionId, Secret, Severity};
use deskside_text as text;
use jiff::Timestamp;

use super::connections::Connections;
use super::notices::Notices;
use super::setup_progress;

/// Takes in whether the browser was started with the link of a connection.
pub(super) fn handle_browser(
    now: Timestamp,
    id: &ConnectionId,
    started: Result<(), String>,
    connections: &mut Connections,
    notices: &mut Notices,
) {
    let Err(why) = started else { return };
    tracing::error!(why, "starting the browser failed");
    notices.show("companion.browser_failed", Severity::Blocking, text::browser_failed());
    let is_out = |attempt: &&mut LinkAttempt| matches!(attempt.stage, AttemptStage::Opened { .. });
    if let Some(attempt) = connections.attempt_mut(id).filter(is_out) {
        attempt.end(now, AttemptOutcome::NotFetched);
        // The page was not opened, so the link may be clicked again.
        let fingerprint = attempt.fingerprint().map(str::to_owned);
        connections.saved.opened_links.retain(|known| Some(known) != fingerprint.as_ref());
    }
}

/// The browser came back; false when no link waits for this `state`. A wrong one changes nothing,
/// because any web page could send it. A right one is only a hint: the source is polled for the truth.
pub(super) fn handle_return(
    now: Timestamp,
    state: &Secret,
    said: &[Parameter],
    connections: &mut Connections,
    trust: &Trust,
) -> bool {
    let found = connections.saved.connections.iter_mut().find_map(|connection| {
        let profile = connection.link_provider().map(Provider::profile);
        let outcome = profile.map(|profile| of_profile(profile, trust, said)).unwrap_or_default();
        let attempt = connection.link.as_mut()?;
        attempt.came_back(now, state, outcome).then_some((attempt, outcome))
    });
    let Some((attempt, outcome)) = found else {
        tracing::info!("return ignored: unknown state");
        return false;
    };
    tracing::info!(?outcome, "the browser came back");
    let ending = outcome.ending();
    if ending != AttemptOutcome::Unconfirmed {
        attempt.end(now, ending);
    }
    true
}

/// The user cancels a link. A connection that exists only because of a link that was never opened
/// goes with it.
pub(super) fn cancel(now: Timestamp, id: &ConnectionId, connections: &mut Connections) {
    let Some(connection) = connections.connection_mut(id) else { return };
    let Some(attempt) = connection.link.as_mut() else { return };
    if attempt.ending().is_some() {
        return;
    }
    if attempt.out_until().is_some() {
        attempt.end(now, AttemptOutcome::Cancelled);
    } else if attempt.brought_connection() {
        connections.remove(id);
    } else {
        connection.link = None;
    }
}

/// Lets links be fetched again: the answers to fetches before a restart are lost.
pub(super) fn fetch_again(connections: &mut Connections) {
    let links = connections.saved.connections.iter_mut().filter_map(|known| known.link.as_mut());
    links.for_each(LinkAttempt::fetch_again);
}

/// Confirms a link without a source where the log shows that its new application works. While
/// several links are open, a new application may belong to any of them.
pub(super) fn confirm_by_log(now: Timestamp, machine: &Machine, connections: &mut Connections) {
    let Finding::Known(sync) = &machine.sync else { return };
    let is_out =
        |known: &&Connection| known.link.as_ref().and_then(LinkAttempt::out_until).is_some();
    let is_only = connections.saved.connections.iter().filter(is_out).count() == 1;
    let has_no_source = |known: &&mut Connection| matches!(known.origin, Origin::Link { .. });
    let alone = connections.saved.connections.iter_mut().filter(has_no_source);
    for attempt in alone.filter_map(|known| known.link.as_mut()) {
        if attempt.out_until().is_none() {
            continue;
        }
        if !is_only {
            setup_progress::note_all(sync, attempt);
        } else if setup_progress::new_one_works(sync, attempt) {
            attempt.end(now, AttemptOutcome::Confirmed);
        }
    }
}

/// Ends links that were not completed in time, and drops those that ended long ago.
pub(super) fn expire(now: Timestamp, machine: &Machine, connections: &mut Connections) {
    for connection in &mut connections.saved.connections {
        let has_no_source = matches!(connection.origin, Origin::Link { .. });
        if let Some(attempt) = &mut connection.link {
            attempt.begin_by(now);
            let may_be_done = has_no_source || setup_progress::progress(machine, attempt).worked;
            attempt.expire(now, may_be_done);
        }
        connection.link.take_if(|attempt| attempt.is_old_news(now));
    }
}

fn of_profile(profile: &LinkProfile, trust: &Trust, said: &[Parameter]) -> ReturnOutcome {
    let status = trust.return_parameter(profile.provider);
    link::outcome(profile, status, said)
}

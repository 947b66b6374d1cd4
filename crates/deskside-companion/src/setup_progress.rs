//! What the Web Connector's log shows of the set-up steps of an open link.

use deskside_model::evidence::{AppRuns, Finding, Machine, RemoteState, RemoteStatus, Sync};
use deskside_model::link::LinkAttempt;
use jiff::Timestamp;

/// What was seen of the application that a link has added, since the link was opened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SetupProgress {
    /// It has run.
    pub(super) ran: bool,
    /// It has run to the end, so every step is done: it has its password and its permission.
    pub(super) worked: bool,
}

/// The applications in the Web Connector's log that are not a connection's own; `None` when that is
/// unknown. A connection that was set up before has its application there already: if there is only
/// one, it is that one.
pub(super) fn applications_of_others(
    machine: &Machine,
    status: Option<&RemoteStatus>,
) -> Option<Vec<String>> {
    let Some(sync) = machine.sync.known() else {
        return machine.setup.log.is_absent().then(Vec::new);
    };
    if status.is_some_and(was_set_up) && sync.apps.len() == 1 {
        return Some(Vec::new());
    }
    Some(sync.apps.iter().map(|runs| runs.app.clone()).collect())
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

/// The progress of the application that a link has added: the newest one that is not known to belong
/// to another link.
pub(super) fn progress(machine: &Machine, attempt: &LinkAttempt) -> SetupProgress {
    let Finding::Known(sync) = &machine.sync else { return SetupProgress::default() };
    let own = new_ones(sync, attempt).max_by_key(|runs| runs.last.started.or(runs.last.ended));
    own.map(|own| of(own, attempt)).unwrap_or_default()
}

/// True when an application that was not in the log before has worked. One that was there before
/// shows nothing, because it works without this link too.
pub(super) fn new_one_works(sync: &Sync, attempt: &LinkAttempt) -> bool {
    new_ones(sync, attempt).any(|own| of(own, attempt).worked)
}

/// Marks every application of the log as present before, because nothing tells which one is the
/// link's own.
pub(super) fn note_all(sync: &Sync, attempt: &mut LinkAttempt) {
    let new: Vec<String> = new_ones(sync, attempt).map(|runs| runs.app.clone()).collect();
    attempt.note_applications(&new);
}

fn new_ones<'a>(sync: &'a Sync, attempt: &LinkAttempt) -> impl Iterator<Item = &'a AppRuns> {
    let before = attempt.applications_before();
    let is_new = move |runs: &&AppRuns| before.is_some_and(|known| !known.contains(&runs.app));
    sync.apps.iter().filter(is_new)
}

fn of(own: &AppRuns, attempt: &LinkAttempt) -> SetupProgress {
    let since = |at: Timestamp| at >= attempt.since();
    let ran = own.last.started.or(own.last.ended).is_some_and(since);
    SetupProgress { ran, worked: ran && own.last_success.is_some_and(since) }
}

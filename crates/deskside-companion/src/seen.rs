//! What the Web Connector's log shows of the steps of a link that is out.

use deskside_model::evidence::{AppRuns, Finding, Machine, Sync};
use deskside_model::link::LinkAttempt;
use jiff::Timestamp;

/// What was seen of the application that a link brought, since the link was opened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SetupProgress {
    /// It has run.
    pub(super) ran: bool,
    /// It has run to the end, which takes every step: it has its password and its permission.
    pub(super) worked: bool,
}

/// Looks at the application that a link brought, which is the newest that is not known to be
/// another's.
pub(super) fn seen(machine: &Machine, life: &LinkAttempt) -> SetupProgress {
    let Finding::Known(sync) = &machine.sync else { return SetupProgress::default() };
    let own = new_ones(sync, life).max_by_key(|runs| runs.last.started.or(runs.last.ended));
    own.map(|own| of(own, life)).unwrap_or_default()
}

/// True when an application that was not in the log before has worked. Less shows nothing: one that
/// was there before works without this link as well.
pub(super) fn new_one_works(sync: &Sync, life: &LinkAttempt) -> bool {
    new_ones(sync, life).any(|own| of(own, life).worked)
}

/// Takes note of every application there is: none of them is told from a link's own from now on.
pub(super) fn note_all(sync: &Sync, life: &mut LinkAttempt) {
    let new: Vec<String> = new_ones(sync, life).map(|runs| runs.app.clone()).collect();
    life.applications_before.iter_mut().for_each(|before| before.extend_from_slice(&new));
}

fn new_ones<'a>(sync: &'a Sync, life: &LinkAttempt) -> impl Iterator<Item = &'a AppRuns> {
    let before = life.applications_before.as_deref();
    let is_new = move |runs: &&AppRuns| before.is_some_and(|known| !known.contains(&runs.app));
    sync.apps.iter().filter(is_new)
}

fn of(own: &AppRuns, life: &LinkAttempt) -> SetupProgress {
    let since = |at: Timestamp| at >= life.since();
    let ran = own.last.started.or(own.last.ended).is_some_and(since);
    SetupProgress { ran, worked: ran && own.last_success.is_some_and(since) }
}

//! How a link is shown on its way: its stage in words, what to do, and what this computer shows to
//! be done already.

use super::Companion;
use super::known::State;
use super::preflight::is_clear;
use super::view::{LinkStage, LinkView, Offer, StepView};
use crate::connection::{Connection, Origin};
use crate::evidence::log::{Outcome as RunOutcome, Run};
use crate::evidence::{AppRuns, Finding, Machine, RemoteState};
use crate::health::Verdict;
use crate::link::{Ending, Life, LinkProfile, Provider, Stage, Step};
use crate::text::{self, Words};

pub(super) fn link_view(
    companion: &Companion,
    connection: &Connection,
    state: &State,
) -> Option<LinkView> {
    let life = connection.link.as_ref()?;
    // What came after is news, and that the steps were done, or given up without harm, is not.
    let is_old_news = match life.ending() {
        Some(Ending::Confirmed) => state.judged.verdict == Verdict::Problem,
        Some(Ending::Cancelled) => state.judged.verdict == Verdict::Healthy,
        Some(_) | None => false,
    };
    if is_old_news {
        return None;
    }
    let checks = match life.stage {
        Stage::Agreed { .. } => companion.checks_of(connection),
        Stage::Fetching { .. }
        | Stage::Opened { .. }
        | Stage::Returned { .. }
        | Stage::Over { .. } => Vec::new(),
    };
    let status = state.remote.status.as_ref();
    let waits = status.is_some_and(|status| status.state == RemoteState::Waiting);
    let (stage, words) = in_words(life, is_clear(&checks), waits);
    let can_fetch = !matches!(connection.origin, Origin::Link { .. });
    let text = match stage {
        // Nobody but the application can make another one.
        LinkStage::Ended if !can_fetch => {
            format!("{} {}", words.cause, text::link_ask_again())
        }
        LinkStage::Preflight
        | LinkStage::Fetching
        | LinkStage::Waiting
        | LinkStage::Returned
        | LinkStage::Confirmed
        | LinkStage::Ended => words.cause,
    };
    let profile = connection.provider.map(Provider::profile);
    let steps = match (stage, profile) {
        (LinkStage::Waiting, Some(profile)) => steps(&companion.machine, life, profile),
        _ => Vec::new(),
    };
    let is_under_way =
        matches!(stage, LinkStage::Preflight | LinkStage::Fetching | LinkStage::Waiting);
    Some(LinkView {
        stage,
        title: words.title,
        text,
        host: life.host.clone().filter(|_| is_under_way),
        expires_at: life.runs_out(),
        checks,
        steps,
        offers: offers(stage, can_fetch),
    })
}

fn in_words(life: &Life, is_clear: bool, waits: bool) -> (LinkStage, Words) {
    match life.stage {
        Stage::Agreed { .. } if is_clear => (LinkStage::Preflight, text::link_ready()),
        Stage::Agreed { .. } => (LinkStage::Preflight, text::link_preflight()),
        Stage::Fetching { .. } => (LinkStage::Fetching, text::link_fetching()),
        Stage::Opened { .. } => (LinkStage::Waiting, text::link_waiting()),
        Stage::Returned { .. } => (LinkStage::Returned, text::link_returned()),
        Stage::Over { ending, .. } => match ending {
            Ending::Confirmed if waits => (LinkStage::Confirmed, text::link_linked()),
            Ending::Confirmed => (LinkStage::Confirmed, text::link_confirmed()),
            Ending::Cancelled => (LinkStage::Ended, text::link_cancelled()),
            Ending::Failed => (LinkStage::Ended, text::link_failed()),
            Ending::Unsupported => (LinkStage::Ended, text::link_unsupported()),
            Ending::Expired => (LinkStage::Ended, text::link_expired()),
            Ending::Unconfirmed => (LinkStage::Ended, text::link_unconfirmed()),
            Ending::NotFetched => (LinkStage::Ended, text::link_not_fetched()),
        },
    }
}

fn offers(stage: LinkStage, can_fetch: bool) -> Vec<Offer> {
    let new_link = Some(Offer::OpenLink).filter(|_| can_fetch);
    let (first, last) = match stage {
        LinkStage::Preflight => (Some(Offer::GoOn), Some(Offer::CancelLink)),
        LinkStage::Fetching => (None, Some(Offer::CancelLink)),
        LinkStage::Waiting | LinkStage::Returned => (new_link, Some(Offer::CancelLink)),
        LinkStage::Confirmed => (None, None),
        LinkStage::Ended => (new_link, None),
    };
    first.into_iter().chain(last).collect()
}

/// The provider's steps, and which of them this computer shows to be done since the page was opened.
fn steps(machine: &Machine, life: &Life, profile: &LinkProfile) -> Vec<StepView> {
    let run = own_run(machine, life);
    let has_run = run.is_some();
    let worked =
        run.is_some_and(|run| matches!(run.outcome, RunOutcome::Ok | RunOutcome::OkNoWork));
    let connector_runs = machine.web_connector.is_here() == Some(true);
    let is_done = |step: Step| match step {
        Step::ChooseDesktop | Step::DownloadFile | Step::OpenInWebConnector => has_run,
        Step::RunInstaller => has_run || connector_runs,
        // An application that has run has its password, and is allowed to run by itself or was told to.
        Step::PastePassword | Step::SwitchOnAutoRun => has_run,
        Step::AllowAccess | Step::Verify => worked,
    };
    profile
        .steps
        .iter()
        .map(|step| StepView { text: step_in_words(*step), done: is_done(*step) })
        .collect()
}

/// The newest run since a link was opened, of the application that it brought: one that was not in the
/// Web Connector's log before, or the only one there is.
fn own_run<'a>(machine: &'a Machine, life: &Life) -> Option<&'a Run> {
    let Finding::Known(sync) = &machine.sync else { return None };
    let is_new = |runs: &&AppRuns| !life.applications_before.contains(&runs.app);
    let only = || match sync.apps.as_slice() {
        [only] => Some(only),
        [] | [_, ..] => None,
    };
    let own = sync.apps.iter().find(is_new).or_else(only)?;
    let began = own.last.started.or(own.last.ended);
    began.is_some_and(|at| at >= life.since()).then_some(&own.last)
}

fn step_in_words(step: Step) -> String {
    match step {
        Step::ChooseDesktop => text::step_choose_desktop(),
        Step::RunInstaller => text::step_run_installer(),
        Step::DownloadFile => text::step_download_file(),
        Step::OpenInWebConnector => text::step_open_in_web_connector(),
        Step::AllowAccess => text::step_allow_access(),
        Step::PastePassword => text::step_paste_password(),
        Step::SwitchOnAutoRun => text::step_switch_on_auto_run(),
        Step::Verify => text::step_verify(),
    }
}

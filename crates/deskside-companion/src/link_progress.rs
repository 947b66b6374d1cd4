//! How a link attempt is shown: its stage in words, what to do, and which steps this computer shows
//! to be done.

use deskside_health::{Code, Verdict};
use deskside_model::Command;
use deskside_model::connection::{Connection, Origin};
use deskside_model::evidence::{Machine, RemoteState};
use deskside_model::link::{
    AttemptOutcome, AttemptStage, LinkAttempt, LinkProfile, Provider, SetupStep,
};
use deskside_text::{self as text, Words};

use super::connections::{Connections, State};
use super::preflight::{Preflight, is_clear, is_known_good};
use super::setup_progress::{SetupProgress, progress};
use crate::view::{Check, LinkStage, LinkView, StepView};

pub(super) fn link_view(
    preflight: Preflight<'_>,
    known: &Connections,
    connection: &Connection,
    state: &State,
) -> Option<LinkView> {
    let attempt = connection.link.as_ref()?;
    let is_shown_as =
        |code| state.judged.roots.first().is_some_and(|root| root.problem.code == code);
    // An end is not shown once a problem says the same, or once the connection has moved on.
    let is_old_news = match attempt.ending() {
        Some(AttemptOutcome::Confirmed) => state.judged.verdict == Verdict::Problem,
        Some(AttemptOutcome::Cancelled) => {
            state.judged.verdict == Verdict::Healthy || is_shown_as(Code::LinkCancelled)
        }
        Some(AttemptOutcome::Expired) => is_shown_as(Code::LinkExpired),
        Some(_) | None => false,
    };
    if is_old_news {
        return None;
    }
    let checks = match attempt.stage {
        AttemptStage::Agreed { .. } => preflight.checks_of(known, connection),
        AttemptStage::Fetching { .. }
        | AttemptStage::Opened { .. }
        | AttemptStage::Returned { .. }
        | AttemptStage::Over { .. } => Vec::new(),
    };
    let status = state.remote.status.as_ref();
    let waits = status.is_some_and(|status| status.state == RemoteState::Waiting);
    let has_no_source = matches!(connection.origin, Origin::Link { .. });
    let (stage, words) = if has_no_source {
        in_words_without_source(attempt, &checks)
    } else {
        in_words(attempt, &checks, waits)
    };
    let profile = connection.link_provider().map(Provider::profile);
    let steps = match (stage, profile) {
        (LinkStage::Waiting, Some(profile)) => steps(preflight.machine, attempt, profile),
        _ => Vec::new(),
    };
    let is_under_way =
        matches!(stage, LinkStage::Preflight | LinkStage::Fetching | LinkStage::Waiting);
    Some(LinkView {
        stage,
        title: words.title,
        text: words.cause,
        host: attempt.link().map(|link| link.host.clone()).filter(|_| is_under_way),
        expires_at: attempt.runs_out(),
        checks,
        steps,
        commands: commands(stage, !has_no_source),
    })
}

/// The same for a connection without a source, where only the application can make another link.
fn in_words_without_source(attempt: &LinkAttempt, checks: &[Check]) -> (LinkStage, Words) {
    let (stage, words) = in_words(attempt, checks, false);
    let words = match (stage, attempt.ending()) {
        (LinkStage::Waiting, _) => text::link_waiting_untold(),
        (LinkStage::Confirmed, _) => text::link_confirmed_untold(),
        (LinkStage::Ended, Some(AttemptOutcome::Unconfirmed)) => text::link_unconfirmed_untold(),
        (LinkStage::Ended, _) => {
            let cause = format!("{} {}", words.cause, text::link_ask_again());
            Words { cause, ..words }
        }
        (LinkStage::Preflight | LinkStage::Fetching | LinkStage::Returned, _) => words,
    };
    (stage, words)
}

fn in_words(attempt: &LinkAttempt, checks: &[Check], waits: bool) -> (LinkStage, Words) {
    match attempt.stage {
        AttemptStage::Agreed { .. } if is_known_good(checks) => {
            (LinkStage::Preflight, text::link_ready())
        }
        AttemptStage::Agreed { .. } if is_clear(checks) => {
            (LinkStage::Preflight, text::link_maybe_ready())
        }
        AttemptStage::Agreed { .. } => (LinkStage::Preflight, text::link_preflight()),
        AttemptStage::Fetching { .. } => (LinkStage::Fetching, text::link_fetching()),
        AttemptStage::Opened { .. } => (LinkStage::Waiting, text::link_waiting()),
        AttemptStage::Returned { .. } => (LinkStage::Returned, text::link_returned()),
        AttemptStage::Over { ending, .. } => match ending {
            AttemptOutcome::Confirmed if waits => (LinkStage::Confirmed, text::link_linked()),
            AttemptOutcome::Confirmed => (LinkStage::Confirmed, text::link_confirmed()),
            AttemptOutcome::Cancelled => (LinkStage::Ended, text::link_cancelled()),
            AttemptOutcome::Failed => (LinkStage::Ended, text::link_failed()),
            AttemptOutcome::Unsupported => (LinkStage::Ended, text::link_unsupported()),
            AttemptOutcome::Expired => (LinkStage::Ended, text::link_expired()),
            AttemptOutcome::Unconfirmed => (LinkStage::Ended, text::link_unconfirmed()),
            AttemptOutcome::NotFetched => (LinkStage::Ended, text::link_not_fetched()),
        },
    }
}

fn commands(stage: LinkStage, can_fetch: bool) -> Vec<Command> {
    let new_link = Some(Command::OpenLink).filter(|_| can_fetch);
    let (first, last) = match stage {
        LinkStage::Preflight => (Some(Command::GoOn), Some(Command::CancelLink)),
        LinkStage::Fetching => (None, Some(Command::CancelLink)),
        LinkStage::Waiting | LinkStage::Returned => (new_link, Some(Command::CancelLink)),
        LinkStage::Confirmed => (None, None),
        LinkStage::Ended => (new_link, None),
    };
    first.into_iter().chain(last).collect()
}

/// The provider's steps, and which of them this computer shows to be done since the link was opened.
fn steps(machine: &Machine, attempt: &LinkAttempt, profile: &LinkProfile) -> Vec<StepView> {
    let SetupProgress { ran, worked } = progress(machine, attempt);
    let is_done = |step: SetupStep| match step {
        // A running Web Connector may serve other applications.
        SetupStep::ChooseDesktop
        | SetupStep::RunInstaller
        | SetupStep::DownloadFile
        | SetupStep::OpenInWebConnector => ran,
        // An application that has run has its password, and runs by itself or was started by hand.
        SetupStep::PastePassword | SetupStep::SwitchOnAutoRun => ran,
        SetupStep::AllowAccess | SetupStep::Verify => worked,
    };
    profile
        .steps
        .iter()
        .map(|step| StepView { text: step_in_words(*step), done: is_done(*step) })
        .collect()
}

fn step_in_words(step: SetupStep) -> String {
    match step {
        SetupStep::ChooseDesktop => text::step_choose_desktop(),
        SetupStep::RunInstaller => text::step_run_installer(),
        SetupStep::DownloadFile => text::step_download_file(),
        SetupStep::OpenInWebConnector => text::step_open_in_web_connector(),
        SetupStep::AllowAccess => text::step_allow_access(),
        SetupStep::PastePassword => text::step_paste_password(),
        SetupStep::SwitchOnAutoRun => text::step_switch_on_auto_run(),
        SetupStep::Verify => text::step_verify(),
    }
}

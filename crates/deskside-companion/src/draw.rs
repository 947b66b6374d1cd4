//! Draws the view from the state: a pure function, without memory of earlier views.

use std::iter;

use deskside_health::{Code, Problem, TrackedProblem, Verdict, failing_vault, who, words};
use deskside_model::connection::{Account, Connection, Mode, Origin};
use deskside_model::evidence::{
    DataState, Edition, Finding, Machine, Presence, Program, RemoteState, Screen, Title,
};
use deskside_model::exchange::Source;
use deskside_model::vault::VaultState;
use deskside_model::{Command, ConnectionId, Severity};
use deskside_text::{self as text, Words};
use jiff::Timestamp;

use super::Companion;
use super::advice::{advice, advice_notice};
use super::connections::State;
use super::headline::{headline, worst};
use super::launching::{launch, launchable};
use super::link_progress::link_view;
use super::notices::VAULT_NOTICE;
use crate::view::{
    About, CheckState, ConnectionView, Fact, Notice, ProblemView, SourceView, Status, View,
};

pub(super) fn view(companion: &Companion) -> View {
    let connections: Vec<ConnectionView> = companion
        .connections
        .all()
        .map(|(connection, state)| draw(companion, connection, state))
        .collect();
    let judged = companion.connections.all().map(|(_, state)| &state.judged);
    let worst = worst(connections.iter().zip(judged));
    View {
        status: worst.map_or(Status::Idle, |worst| worst.status),
        headline: worst.map_or_else(text::no_connection, |worst| summary_line(worst, &connections)),
        question: companion.consent.question(companion.preflight()),
        notices: notices(companion),
        connections,
        sources: sources(companion),
        machine: facts(&companion.machine),
        shortcuts: launchable(&companion.machine),
        opening: companion.launching.command(),
        settings: companion.connections.saved.settings,
        login_start: companion.desktop.login_start,
        about: About {
            version: deskside_model::VERSION.into(),
            computer: companion.installation.computer.clone(),
            sandbox: companion.installation.trust.sandbox,
        },
    }
}

fn summary_line(worst: &ConnectionView, connections: &[ConnectionView]) -> String {
    match (worst.status, connections) {
        (_, [only]) => only.headline.clone(),
        (Status::Healthy, _) => text::all_work(),
        (Status::Idle | Status::Ready | Status::Waiting | Status::Unknown | Status::Problem, _) => {
            text::named(&worst.name, &worst.headline)
        }
    }
}

/// How a verdict looks.
pub(super) const fn status(verdict: Verdict) -> Status {
    match verdict {
        Verdict::Healthy => Status::Healthy,
        Verdict::Ready => Status::Ready,
        Verdict::Waiting => Status::Waiting,
        Verdict::Unknown => Status::Unknown,
        Verdict::Problem => Status::Problem,
    }
}

fn link_is_out(connection: &Connection) -> bool {
    connection.link.as_ref().is_some_and(|attempt| attempt.out_until().is_some())
}

fn draw(companion: &Companion, connection: &Connection, state: &State) -> ConnectionView {
    let judged = &state.judged;
    let problem =
        judged.roots.first().map(|root| problem_view(root, connection, &companion.machine));
    let opening = companion.launching.command();
    let action = problem.as_ref().and_then(|problem| problem.action);
    ConnectionView {
        id: connection.id.clone(),
        name: connection.name(),
        via: via(companion, connection),
        status: status(judged.verdict),
        headline: headline(judged, link_is_out(connection)),
        link: link_view(companion.preflight(), &companion.connections, connection, state),
        facts: details(companion, connection, state),
        last_success_at: state.remote.status.as_ref().and_then(|status| status.last_success_at),
        stopping: stopping(companion, connection),
        removing: removing(companion, connection),
        commands: commands(connection, state, problem.as_ref()),
        problem,
        checked_at: checked_at(state),
        busy: state.has_request || (action.is_some() && action == opening),
    }
}

fn checked_at(state: &State) -> Option<Timestamp> {
    let said = state.remote.status.as_ref().and_then(|status| status.checked_at);
    said.or(state.remote.heard_at)
}

/// The sources of connections.
fn sources(companion: &Companion) -> Vec<SourceView> {
    let one = |source: Source| {
        let account = match &source {
            Source::Backend(id) => companion.connections.device(id)?.account.clone(),
            Source::Direct(id) => companion.connections.connection(id)?.name(),
        };
        let integrations = &companion.integrations;
        Some(SourceView {
            id: source.key(),
            name: name_of(companion, &source),
            account,
            linked: matches!(source, Source::Backend(_)),
            state: integrations.state(&source),
            integrations: integrations.list(&source).to_vec(),
            connecting: integrations.is_connecting(&source),
        })
    };
    companion.connections.sources().into_iter().filter_map(one).collect()
}

/// What is known of a connection besides its state.
fn details(companion: &Companion, connection: &Connection, state: &State) -> Vec<Fact> {
    let status = state.remote.status.as_ref();
    let said = headline(&state.judged, link_is_out(connection));
    let provider = connection.provider.map(|provider| provider.profile().name.to_owned());
    let application = connection.device().and_then(|id| companion.connections.device(id));
    let application =
        application.map(|device| format!("{} · {}", device.account, device.backend.host()));
    let mode = match connection.mode {
        Mode::Attended => text::detail_mode_attended(),
        Mode::Unattended => text::detail_mode_unattended(),
        Mode::MultipleFiles => text::detail_mode_multiple_files(),
    };
    let (data, data_state) = match status.and_then(|status| status.data).unwrap_or_default() {
        DataState::Waiting => (text::detail_data_waiting(), CheckState::Good),
        DataState::Syncing => (text::detail_data_syncing(), CheckState::Good),
        DataState::Complete => (text::detail_data_complete(), CheckState::Good),
        DataState::Failed => (text::detail_data_failed(), CheckState::Bad),
        DataState::Reauthorize => (text::detail_data_reauthorize(), CheckState::Bad),
        DataState::Unknown => (text::detail_cannot_tell(), CheckState::Unknown),
    };
    let (came, came_state) = match status.and_then(|status| status.last_success_at) {
        Some(then) => (then.strftime("%Y-%m-%d %H:%M UTC").to_string(), CheckState::Good),
        None => (text::detail_cannot_tell(), CheckState::Unknown),
    };
    let verdict_state = match state.judged.verdict {
        // Waiting is as it should be.
        Verdict::Healthy | Verdict::Ready | Verdict::Waiting => CheckState::Good,
        Verdict::Unknown => CheckState::Unknown,
        Verdict::Problem => CheckState::Bad,
    };
    let known = |label, value: Option<String>| {
        value.map(|value| Fact { label, value, state: CheckState::Good })
    };
    known(text::detail_provider(), provider)
        .into_iter()
        .chain(known(text::detail_application(), application))
        .chain(known(text::detail_company(), connection.company.clone()))
        .chain([Fact { label: text::detail_state(), value: said, state: verdict_state }])
        .chain(why(state))
        .chain(known(text::detail_mode(), Some(mode)))
        .chain([
            Fact { label: text::detail_data(), value: data, state: data_state },
            Fact { label: text::detail_data_came(), value: came, state: came_state },
        ])
        .collect()
}

/// Why nothing can be said, and what would help.
fn why(state: &State) -> Option<Fact> {
    let Words { cause, steps, .. } = state.judged.doubt.as_ref()?.words();
    let value = iter::once(cause).chain(steps.into_iter().next()).collect::<Vec<_>>().join(" ");
    Some(Fact { label: text::detail_why(), value, state: CheckState::Unknown })
}

/// What stopping does, for a connection that can be stopped.
fn stopping(companion: &Companion, connection: &Connection) -> Option<String> {
    let source = companion.connections.source_of(connection)?;
    can_do(connection)
        .contains(&Command::StopSyncing)
        .then(|| text::stopping(&name_of(companion, &source)))
}

fn name_of(companion: &Companion, source: &Source) -> String {
    companion.connections.name_of(source, &companion.installation.trust)
}

/// What removing does.
fn removing(companion: &Companion, connection: &Connection) -> String {
    let name =
        companion.connections.source_of(connection).map(|source| name_of(companion, &source));
    match (&connection.origin, name) {
        (Origin::Backend { .. }, Some(name)) => text::removing_at_application(&name),
        (Origin::Direct { .. }, Some(name)) => text::removing_here(&name),
        (Origin::Link { .. } | Origin::Backend { .. } | Origin::Direct { .. }, _) => {
            text::removing_link()
        }
    }
}

fn via(companion: &Companion, connection: &Connection) -> String {
    let provider = connection.provider.map(|provider| provider.profile().name);
    match &connection.origin {
        Origin::Link { host, .. } => {
            provider.map_or_else(|| host.clone(), |provider| format!("{provider} · {host}"))
        }
        Origin::Backend { device } => companion
            .connections
            .device(device)
            .map_or_else(text::through_an_application, |device| {
                format!("{} · {}", device.account, device.backend.host())
            }),
        Origin::Direct { .. } => text::through_own_key(provider),
    }
}

fn problem_view(
    tracked: &TrackedProblem,
    connection: &Connection,
    machine: &Machine,
) -> ProblemView {
    let TrackedProblem { problem, since, .. } = tracked;
    let entry = problem.code.entry();
    let words = words(problem);
    let can = can_do(connection);
    let possible = |action: &Command| can.contains(action) || launch(machine, *action).is_some();
    ProblemView {
        code: problem.code,
        severity: entry.severity,
        title: words.title,
        cause: words.cause,
        steps: words.steps,
        who: who(problem),
        provider_message: problem.arguments.user_message.clone(),
        request_id: problem.arguments.request_id.clone(),
        since: *since,
        action: entry.action.filter(possible),
    }
}

/// The commands that a connection of this origin has at all.
fn can_do(connection: &Connection) -> &'static [Command] {
    match &connection.origin {
        Origin::Link { .. } => &[Command::CopyDetails, Command::Remove],
        Origin::Direct { account: Account::Conductor { .. }, .. } => {
            &[Command::Check, Command::OpenLink, Command::CopyDetails, Command::Remove]
        }
        Origin::Backend { .. } | Origin::Direct { account: Account::Codat { .. }, .. } => &[
            Command::Check,
            Command::OpenLink,
            Command::StopSyncing,
            Command::CopyDetails,
            Command::Remove,
        ],
    }
}

fn commands(connection: &Connection, state: &State, problem: Option<&ProblemView>) -> Vec<Command> {
    let not_set_up = problem.is_some_and(|problem| problem.action == Some(Command::OpenLink));
    let is_under_way = connection.link.as_ref().is_some_and(|attempt| attempt.ending().is_none());
    let said = state.remote.status.as_ref().map(|status| status.state);
    let is_stopped = matches!(
        said,
        None | Some(RemoteState::NotSetUp | RemoteState::Unlinked | RemoteState::Removed,)
    );
    let useful = |command: &Command| match command {
        // While an attempt is under way, its own panel offers a new one.
        Command::OpenLink => !is_under_way,
        Command::Check => !not_set_up && !is_under_way,
        Command::StopSyncing => !is_stopped && !is_under_way,
        Command::CopyDetails | Command::Remove => true,
        // These belong to a link, to a problem or to the computer.
        Command::GoOn
        | Command::CancelLink
        | Command::OpenQuickBooks
        | Command::StartWebConnector
        | Command::OpenLog
        | Command::OpenSleepSettings => false,
    };
    can_do(connection).iter().copied().filter(useful).collect()
}

/// Conditions of the companion itself, then its answers to the user.
pub(super) fn notices(companion: &Companion) -> Vec<Notice> {
    let shown_elsewhere = companion.notices.contains(VAULT_NOTICE)
        || companion.connections.all().any(|(_, state)| {
            state
                .judged
                .roots
                .iter()
                .any(|root| failing_vault(companion.machine.vault) == Some(root.problem.code))
        });
    let vault = vault_notice(companion.machine.vault).filter(|_| !shown_elsewhere);
    let machine = &companion.machine;
    let window = companion.desktop.window_failed.then(|| Problem::plain(Code::WebviewMissing));
    let window = window.map(|problem| advice_notice(&problem, machine));
    vault
        .into_iter()
        .chain(window)
        .chain(advice(machine))
        .chain(companion.notices.iter().cloned())
        .collect()
}

fn vault_notice(vault: VaultState) -> Option<Notice> {
    let code = failing_vault(vault)?;
    let words = if code == Code::VaultForbidden {
        text::vault_forbids_connections()
    } else {
        text::vault_keeps_links_out()
    };
    Some(Notice {
        code: code.text().into(),
        severity: Severity::Blocking,
        title: words.title,
        text: words.cause,
        steps: words.steps,
        action: None,
        dismissible: false,
    })
}

fn facts(machine: &Machine) -> Vec<Fact> {
    let fact = |label, (value, state)| Fact { label, value, state };
    let network = match machine.network {
        Finding::Known(_) => (text::fact_connected(), CheckState::Good),
        Finding::Absent => (text::fact_not_connected(), CheckState::Bad),
        Finding::Unknown(_) => (text::fact_cannot_tell(), CheckState::Unknown),
    };
    let vault = match machine.vault {
        VaultState::Working => (text::fact_working(), CheckState::Good),
        VaultState::Locked => (text::fact_locked(), CheckState::Bad),
        VaultState::Forbidden => (text::fact_forbidden(), CheckState::Bad),
        VaultState::Silent => (text::fact_silent(), CheckState::Bad),
        VaultState::Missing => (text::fact_missing(), CheckState::Bad),
        VaultState::Unknown => (text::fact_cannot_tell(), CheckState::Unknown),
    };
    let running = [
        fact(text::fact_quickbooks(), program_in_words(&machine.quickbooks)),
        fact(text::fact_web_connector(), program_in_words(&machine.web_connector)),
    ];
    let beside = [fact(text::fact_network(), network), fact(text::fact_vault(), vault)];
    running.into_iter().chain(setup_facts(machine)).chain(beside).collect()
}

/// The state of a program, without a name of a company.
fn program_in_words(seen: &Finding<Presence>) -> (String, CheckState) {
    let presence = match seen {
        Finding::Known(presence) if presence.own_session > 0 => presence,
        Finding::Known(_) => return (text::fact_open_elsewhere(), CheckState::Bad),
        Finding::Absent => return (text::fact_closed(), CheckState::Bad),
        Finding::Unknown(_) => return (text::fact_cannot_tell(), CheckState::Unknown),
    };
    let screen = presence.instances.iter().find_map(|instance| instance.screen.known());
    match screen {
        Some(screen) if screen.hung => (text::fact_open_hung(), CheckState::Bad),
        Some(screen) if screen.sign_in => (text::fact_open_sign_in(), CheckState::Bad),
        Some(screen) if screen.blocking.is_some() => (text::fact_open_blocked(), CheckState::Bad),
        Some(Screen { main: None, .. }) => (text::fact_starting(), CheckState::Unknown),
        Some(Screen { main: Some(Title { company: None, .. }), .. }) => {
            (text::fact_open_without_company(), CheckState::Bad)
        }
        Some(_) => (text::fact_open_with_company(), CheckState::Good),
        None => (text::fact_open(), CheckState::Good),
    }
}

/// What is installed and set up, as far as this system shows it.
fn setup_facts(machine: &Machine) -> Vec<Fact> {
    let Machine { setup, computer, .. } = machine;
    let mut facts = Vec::new();
    let mut say = |label, value, state| facts.push(Fact { label, value, state });
    match &setup.editions {
        Finding::Known(editions) => {
            for Edition { name, program, .. } in editions {
                say(name.clone(), installed(program), CheckState::Good);
            }
        }
        Finding::Absent => {
            say(text::fact_quickbooks_program(), text::fact_not_installed(), CheckState::Bad)
        }
        Finding::Unknown(_) => {}
    }
    match &setup.web_connector {
        Finding::Known(program) => {
            say(text::fact_web_connector_program(), installed(program), CheckState::Good);
        }
        Finding::Absent => {
            say(text::fact_web_connector_program(), text::fact_not_installed(), CheckState::Bad)
        }
        Finding::Unknown(_) => {}
    }
    match setup.starts_at_login {
        Finding::Known(true) => {
            say(text::fact_web_connector_starts(), text::fact_yes(), CheckState::Good)
        }
        Finding::Known(false) | Finding::Absent => {
            say(text::fact_web_connector_starts(), text::fact_no(), CheckState::Bad);
        }
        Finding::Unknown(_) => {}
    }
    match computer.sleeps_plugged_in {
        Finding::Known(minutes) => {
            say(text::fact_sleeps(), text::fact_after_minutes(minutes), CheckState::Bad);
        }
        Finding::Absent => say(text::fact_sleeps(), text::fact_never(), CheckState::Good),
        Finding::Unknown(_) => {}
    }
    facts
}

fn installed(program: &Program) -> String {
    text::fact_installed(program.version.as_deref())
}

impl Companion {
    /// A description of a connection for support: no secrets, no links, no company.
    #[must_use]
    pub fn details(&self, id: &ConnectionId) -> Option<String> {
        let (connection, state) =
            self.connections.all().find(|(connection, _)| connection.id == *id)?;
        let drawn = draw(self, connection, state);
        let root = state.judged.roots.first();
        let mut lines = vec![
            format!("{} {}", deskside_model::NAME, deskside_model::VERSION),
            text::details_connection(drawn.id.as_str()),
            text::details_through(&drawn.via),
            text::details_state(&drawn.headline),
        ];
        lines.extend(drawn.checked_at.map(|at| text::details_heard(&at.to_string())));
        if let Some((problem, root)) = drawn.problem.zip(root) {
            let since = problem.since.to_string();
            lines.push(text::details_problem(&since, problem.code.text()));
            lines.push(text::details_cause(&words(&root.problem.without_names()).cause));
            lines.extend(problem.provider_message.map(|said| text::details_message(&said)));
            lines.extend(problem.request_id.map(|id| text::details_request(&id)));
        }
        lines.extend(why(state).map(|fact| text::named(&fact.label, &fact.value)));
        for fact in facts(&self.machine) {
            lines.push(text::named(&fact.label, &fact.value));
        }
        Some(lines.join("\n"))
    }
}

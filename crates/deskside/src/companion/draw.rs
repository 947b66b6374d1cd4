//! From the state to what is seen: pure, and without memory of what was seen before.

use jiff::Timestamp;

use super::aid::launch;
use super::known::State;
use super::view::{
    About, ConnectionView, Fact, Mark, Mood, Notice, Offer, ProblemView, Severity, View,
};
use super::{Companion, ask};
use crate::connection::{Connection, Origin};
use crate::evidence::{Edition, Finding, Machine, Presence, Program, Screen, Title};
use crate::health::{Code, Problem, Tracked, Verdict, advise, words};
use crate::vault::VaultState;

pub(super) fn view(companion: &Companion) -> View {
    let connections: Vec<ConnectionView> = companion
        .known
        .all()
        .map(|(connection, state)| draw(companion, connection, state))
        .collect();
    let mood = connections.iter().map(|c| c.mood).max().unwrap_or(Mood::Idle);
    View {
        mood,
        headline: headline(mood, &connections),
        question: companion.asking.as_ref().map(ask::Asking::question),
        notices: notices(companion),
        connections,
        machine: facts(&companion.machine),
        aids: companion.aids(),
        opening: companion.aiding.map(|aiding| aiding.offer),
        settings: companion.known.saved.settings,
        login_start: companion.login_start,
        about: About {
            version: crate::VERSION.into(),
            computer: companion.setting.computer.clone(),
            sandbox: companion.setting.trust.sandbox,
        },
    }
}

fn headline(mood: Mood, connections: &[ConnectionView]) -> String {
    let worst = connections.iter().find(|connection| connection.mood == mood);
    let of_worst = |plural: &str| match connections {
        [only] => only.headline.clone(),
        [] | [..] => {
            worst.map_or_else(|| plural.to_owned(), |w| format!("{}: {}", w.name, w.headline))
        }
    };
    match mood {
        Mood::Idle => "No connection yet".into(),
        Mood::Healthy if connections.len() > 1 => "All connections work".into(),
        Mood::Healthy | Mood::Ready | Mood::Waiting | Mood::Unknown | Mood::Problem => of_worst(""),
    }
}

/// How a verdict looks.
pub(super) const fn mood(verdict: Verdict) -> Mood {
    match verdict {
        Verdict::Healthy => Mood::Healthy,
        Verdict::Ready => Mood::Ready,
        Verdict::Waiting => Mood::Waiting,
        Verdict::Unknown => Mood::Unknown,
        Verdict::Problem => Mood::Problem,
    }
}

/// A verdict in one sentence.
pub(super) fn sentence(verdict: Verdict, roots: &[Tracked]) -> String {
    match (verdict, roots.first()) {
        (Verdict::Problem, Some(root)) => words(&root.problem).title.into(),
        (Verdict::Problem, None) => "Something needs a hand".into(),
        (Verdict::Healthy, _) => "Connected and working".into(),
        (Verdict::Ready, _) => "This computer is ready".into(),
        (Verdict::Waiting, _) => "Waiting for the steps in your browser".into(),
        (Verdict::Unknown, _) => "Cannot tell yet".into(),
    }
}

fn draw(companion: &Companion, connection: &Connection, state: &State) -> ConnectionView {
    let judged = &state.judged;
    let problem =
        judged.roots.first().map(|root| problem_view(root, connection, &companion.machine));
    let opening = companion.aiding.map(|aiding| aiding.offer);
    let action = problem.as_ref().and_then(|problem| problem.action);
    ConnectionView {
        id: connection.id.clone(),
        name: connection.name(),
        via: via(companion, connection),
        mood: mood(judged.verdict),
        headline: sentence(judged.verdict, &judged.roots),
        offers: offers(connection, problem.as_ref()),
        problem,
        checked_at: checked_at(state),
        busy: state.busy || (action.is_some() && action == opening),
    }
}

fn checked_at(state: &State) -> Option<Timestamp> {
    let said = state.remote.status.as_ref().and_then(|status| status.checked_at);
    said.or(state.remote.heard_at)
}

fn via(companion: &Companion, connection: &Connection) -> String {
    let provider = connection.provider.map(|provider| provider.profile().name);
    match &connection.origin {
        Origin::Link { host } => {
            provider.map_or_else(|| host.clone(), |provider| format!("{provider} · {host}"))
        }
        Origin::Backend { device } => companion.known.device(device).map_or_else(
            || "An application".into(),
            |device| format!("{} · {}", device.account, device.backend.host()),
        ),
        Origin::Direct { .. } => {
            format!("{}, with your own key", provider.unwrap_or("A provider"))
        }
    }
}

fn problem_view(tracked: &Tracked, connection: &Connection, machine: &Machine) -> ProblemView {
    let Tracked { problem, since, .. } = tracked;
    let entry = problem.code.entry();
    let words = words(problem);
    let can = can_do(connection);
    let possible = |action: &Offer| can.contains(action) || launch(machine, *action).is_some();
    ProblemView {
        code: problem.code.text().into(),
        severity: entry.severity,
        title: words.title.into(),
        cause: words.cause,
        steps: words.steps.iter().map(|step| (*step).to_owned()).collect(),
        who: entry.who,
        provider_message: problem.arguments.user_message.clone(),
        request_id: problem.arguments.request_id.clone(),
        since: *since,
        action: entry.action.filter(possible),
    }
}

/// What the app can do at all with a connection.
fn can_do(connection: &Connection) -> &'static [Offer] {
    match connection.origin {
        Origin::Link { .. } => &[Offer::CopyDetails, Offer::Remove],
        Origin::Backend { .. } => {
            &[Offer::Check, Offer::OpenLink, Offer::CopyDetails, Offer::Remove]
        }
        Origin::Direct { .. } => &[Offer::Check, Offer::CopyDetails, Offer::Remove],
    }
}

fn offers(connection: &Connection, problem: Option<&ProblemView>) -> Vec<Offer> {
    let not_set_up = problem.is_some_and(|problem| problem.code == Code::NotSetUp.text());
    let pending = connection.link_pending_until.is_some();
    let useful = |offer: &Offer| match offer {
        // A new link is for who has none yet, or has lost the one that is out.
        Offer::OpenLink => not_set_up || pending,
        Offer::Check => !not_set_up && !pending,
        Offer::CopyDetails | Offer::Remove => true,
        // They belong to a problem or to the computer.
        Offer::OpenQuickBooks
        | Offer::StartWebConnector
        | Offer::OpenLog
        | Offer::OpenSleepSettings => false,
    };
    can_do(connection).iter().copied().filter(useful).collect()
}

/// The companion's own conditions, then what it answered to the user.
pub(super) fn notices(companion: &Companion) -> Vec<Notice> {
    let shown_elsewhere = companion.notices.iter().any(|n| n.code == ask::VAULT_NOTICE)
        || companion.known.all().any(|(_, state)| {
            state.judged.roots.iter().any(|root| root.problem.code == Code::VaultUnavailable)
        });
    let vault = vault_notice(companion.machine.vault).filter(|_| !shown_elsewhere);
    let machine = &companion.machine;
    let window = companion.window_failed.then(|| Problem::plain(Code::WebviewMissing));
    let window = window.map(|problem| advice_notice(&problem, machine));
    vault
        .into_iter()
        .chain(window)
        .chain(advice(machine))
        .chain(companion.notices.iter().cloned())
        .collect()
}

/// What is worth knowing about this computer.
pub(super) fn advice(machine: &Machine) -> Vec<Notice> {
    advise(machine).iter().map(|problem| advice_notice(problem, machine)).collect()
}

fn advice_notice(problem: &Problem, machine: &Machine) -> Notice {
    let (entry, words) = (problem.code.entry(), words(problem));
    Notice {
        code: problem.code.text().into(),
        severity: entry.severity,
        title: words.title.into(),
        text: words.cause,
        steps: words.steps.iter().map(|step| (*step).to_owned()).collect(),
        action: entry.action.filter(|action| launch(machine, *action).is_some()),
        dismissible: false,
    }
}

fn vault_notice(vault: VaultState) -> Option<Notice> {
    match vault {
        VaultState::Unknown | VaultState::Working => None,
        VaultState::Locked | VaultState::Silent | VaultState::Missing => {
            let words = words(&Problem::plain(Code::VaultUnavailable));
            Some(Notice {
                code: Code::VaultUnavailable.text().into(),
                severity: Severity::Blocking,
                title: words.title.into(),
                text: "This computer's password store is locked or missing, so Deskside cannot \
                       take on new connections."
                    .into(),
                steps: words.steps.iter().map(|step| (*step).to_owned()).collect(),
                action: None,
                dismissible: false,
            })
        }
    }
}

fn facts(machine: &Machine) -> Vec<Fact> {
    let fact =
        |label: &str, value: &str, mark| Fact { label: label.into(), value: value.into(), mark };
    let program = |label, seen: &Finding<Presence>| {
        let (value, mark) = program_in_words(seen);
        fact(label, value, mark)
    };
    let network = match machine.network {
        Finding::Known(_) => fact("Network", "Connected", Mark::Good),
        Finding::Absent => fact("Network", "Not connected", Mark::Bad),
        Finding::Unknown(_) => fact("Network", "Cannot tell", Mark::Unknown),
    };
    let vault = match machine.vault {
        VaultState::Working => fact("Password store", "Working", Mark::Good),
        VaultState::Locked => fact("Password store", "Locked", Mark::Bad),
        VaultState::Silent => fact("Password store", "Does not answer", Mark::Bad),
        VaultState::Missing => fact("Password store", "Missing", Mark::Bad),
        VaultState::Unknown => fact("Password store", "Cannot tell", Mark::Unknown),
    };
    let running = [
        program("QuickBooks Desktop", &machine.quickbooks),
        program("QuickBooks Web Connector", &machine.web_connector),
    ];
    running.into_iter().chain(setup_facts(machine)).chain([network, vault]).collect()
}

/// How a program is, without anything that names a company.
fn program_in_words(seen: &Finding<Presence>) -> (&'static str, Mark) {
    let presence = match seen {
        Finding::Known(presence) if presence.own_session > 0 => presence,
        Finding::Known(_) => return ("Open for somebody else", Mark::Bad),
        Finding::Absent => return ("Closed", Mark::Bad),
        Finding::Unknown(_) => return ("Cannot tell", Mark::Unknown),
    };
    let screen = presence.instances.iter().find_map(|instance| match &instance.screen {
        Finding::Known(screen) => Some(screen),
        Finding::Absent | Finding::Unknown(_) => None,
    });
    match screen {
        Some(screen) if screen.hung => ("Open, does not respond", Mark::Bad),
        Some(screen) if screen.sign_in => ("Open, asks to sign in", Mark::Bad),
        Some(screen) if screen.blocking.is_some() => ("Open, waits for an answer", Mark::Bad),
        Some(Screen { main: None, .. }) => ("Starting", Mark::Unknown),
        Some(Screen { main: Some(Title { company: None, .. }), .. }) => {
            ("Open, without a company", Mark::Bad)
        }
        Some(_) => ("Open, with a company", Mark::Good),
        None => ("Open", Mark::Good),
    }
}

/// What is installed and set up, as far as this system shows it.
fn setup_facts(machine: &Machine) -> Vec<Fact> {
    let Machine { setup, computer, .. } = machine;
    let mut facts = Vec::new();
    let mut say = |label: &str, value: String, mark| {
        facts.push(Fact { label: label.into(), value, mark });
    };
    match &setup.editions {
        Finding::Known(editions) => {
            for Edition { name, program, .. } in editions {
                say(name, installed(program), Mark::Good);
            }
        }
        Finding::Absent => say("QuickBooks' program", "Not installed".into(), Mark::Bad),
        Finding::Unknown(_) => {}
    }
    match &setup.web_connector {
        Finding::Known(program) => {
            say("Web Connector's program", installed(program), Mark::Good);
        }
        Finding::Absent => say("Web Connector's program", "Not installed".into(), Mark::Bad),
        Finding::Unknown(_) => {}
    }
    match setup.starts_at_login {
        Finding::Known(true) => say("Web Connector starts by itself", "Yes".into(), Mark::Good),
        Finding::Known(false) | Finding::Absent => {
            say("Web Connector starts by itself", "No".into(), Mark::Bad);
        }
        Finding::Unknown(_) => {}
    }
    match computer.sleeps_plugged_in {
        Finding::Known(minutes) => {
            say("Sleeps when plugged in", format!("After {minutes} min"), Mark::Bad);
        }
        Finding::Absent => say("Sleeps when plugged in", "Never".into(), Mark::Good),
        Finding::Unknown(_) => {}
    }
    facts
}

fn installed(program: &Program) -> String {
    let version = program.version.as_ref();
    version.map_or_else(|| "Installed".into(), |version| format!("Installed, version {version}"))
}

impl Companion {
    /// A description of a connection for support: no secrets, no links, no company.
    #[must_use]
    pub fn details(&self, id: &str) -> Option<String> {
        let (connection, state) = self.known.all().find(|(connection, _)| connection.id == id)?;
        let drawn = draw(self, connection, state);
        let root = state.judged.roots.first();
        let mut lines = vec![
            format!("Deskside {}", crate::VERSION),
            format!("Connection: {}", drawn.id),
            format!("Through: {}", drawn.via),
            format!("State: {}", drawn.headline),
        ];
        lines.extend(drawn.checked_at.map(|at| format!("Last heard: {at}")));
        if let Some((problem, root)) = drawn.problem.zip(root) {
            lines.push(format!("Problem: {} since {}", problem.code, problem.since));
            lines.push(format!("Cause: {}", words(&root.problem.without_names()).cause));
            lines.extend(problem.provider_message.map(|said| format!("Message: {said}")));
            lines.extend(problem.request_id.map(|id| format!("Request: {id}")));
        }
        for fact in facts(&self.machine) {
            lines.push(format!("{}: {}", fact.label, fact.value));
        }
        Some(lines.join("\n"))
    }
}

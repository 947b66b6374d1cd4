//! What is wrong with QuickBooks and its Web Connector on this computer.

use super::{Arguments, Code, Problem};
use crate::connection::Mode;
use crate::evidence::{Finding, Instance, Machine, Presence, Screen};

/// What is wrong with QuickBooks for a connection of this mode.
pub(super) fn quickbooks(machine: &Machine, mode: Mode) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Finding::Known(_) = machine.crash {
        found.push(Code::Crashed);
    }
    if let Finding::Known(_) = machine.repair {
        found.push(Code::Repairing);
    }
    let mut found: Vec<Problem> = found.into_iter().map(Problem::plain).collect();
    match &machine.quickbooks {
        Finding::Known(seen) if seen.own_session > 0 => {
            found.extend(running(machine, seen, mode));
        }
        // The Web Connector opens QuickBooks by itself; closed is how it should be.
        Finding::Known(_) | Finding::Absent if mode == Mode::Unattended => {
            found.extend(not_installed(machine));
        }
        Finding::Known(seen) if seen.other_sessions > 0 => {
            found.push(Problem::plain(Code::QuickBooksOtherSession));
            found.push(Problem::plain(Code::QuickBooksNotRunning));
        }
        Finding::Known(_) | Finding::Absent => {
            found.extend(not_installed(machine));
            found.push(Problem::plain(Code::QuickBooksNotRunning));
        }
        Finding::Unknown(_) => {}
    }
    found
}

fn not_installed(machine: &Machine) -> Option<Problem> {
    let absent = machine.setup.editions == Finding::Absent;
    absent.then(|| Problem::plain(Code::QuickBooksNotInstalled))
}

/// What is wrong with the Web Connector.
pub(super) fn web_connector(machine: &Machine) -> Vec<Problem> {
    if machine.web_connector.is_here() != Some(false) {
        return Vec::new();
    }
    let missing = machine.setup.web_connector == Finding::Absent;
    let missing = missing.then_some(Code::WebConnectorNotInstalled);
    // Its lock outlives it only when it did not end by itself.
    let interrupted = machine.setup.update_lock == Finding::Known(true);
    let interrupted = interrupted.then_some(Code::RunInterrupted);
    let deeper = missing.into_iter().chain(interrupted);
    deeper.chain([Code::WebConnectorNotRunning]).map(Problem::plain).collect()
}

/// The component through which the Web Connector reaches a QuickBooks that is installed.
pub(super) fn component(machine: &Machine) -> Option<Problem> {
    let installed = matches!(machine.setup.editions, Finding::Known(_));
    let missing = installed && machine.setup.request_processor == Finding::Absent;
    missing.then(|| Problem::plain(Code::ComponentMissing))
}

/// The company that is open, where exactly one is.
pub(super) fn open_company(machine: &Machine) -> Option<String> {
    let Finding::Known(seen) = &machine.quickbooks else { return None };
    let mut open = screens(seen).filter_map(|screen| screen.main.as_ref()?.company.clone());
    open.next().filter(|_| open.next().is_none())
}

/// True when QuickBooks is as a connection of this mode needs it; false also when nobody can say.
pub(super) fn is_ready(machine: &Machine, mode: Mode) -> bool {
    let quickbooks = match &machine.quickbooks {
        Finding::Known(seen) if seen.own_session > 0 => {
            // Where this system shows no more than that it runs, that must do.
            seen.instances.is_empty() || screens(seen).any(|screen| is_usable(screen, mode))
        }
        Finding::Known(_) | Finding::Absent => mode == Mode::Unattended,
        Finding::Unknown(_) => false,
    };
    quickbooks && machine.web_connector.is_here() == Some(true)
}

fn screens(seen: &Presence) -> impl Iterator<Item = &Screen> {
    seen.instances.iter().filter_map(|instance| match &instance.screen {
        Finding::Known(screen) => Some(screen),
        Finding::Absent | Finding::Unknown(_) => None,
    })
}

fn running(machine: &Machine, seen: &Presence, mode: Mode) -> Vec<Problem> {
    let mut found = Vec::new();
    if rights_differ(seen, &machine.web_connector) {
        found.push(Problem::plain(Code::ElevationMismatch));
    }
    if has_leftover(seen) && no_run(machine) {
        found.push(Problem::plain(Code::LeftoverProcess));
    }
    // Of several that are open nobody knows which one is meant: one that can be used will do, and
    // one that cannot be seen might.
    let unseen = |instance: &Instance| matches!(instance.screen, Finding::Unknown(_));
    if !screens(seen).any(|screen| is_usable(screen, mode)) && !seen.instances.iter().any(unseen) {
        found.extend(screens(seen).flat_map(|screen| in_the_way(screen, mode)));
    }
    found
}

/// True for one without a window beside one that has one, and for one that another program started.
/// One that is alone may be kept by QuickBooks itself, to open faster.
fn has_leftover(seen: &Presence) -> bool {
    let is_beside = screens(seen).next().is_some();
    seen.instances.iter().any(|instance| {
        let embedded = instance.embedded == Finding::Known(true);
        instance.screen == Finding::Absent && (is_beside || embedded)
    })
}

/// True only where the rights of all are known and differ. A QuickBooks without a window does not
/// count: the Web Connector starts it with its own rights, just because it does not see the other.
fn rights_differ(quickbooks: &Presence, web_connector: &Finding<Presence>) -> bool {
    let Finding::Known(web_connector) = web_connector else { return false };
    let shown = quickbooks.instances.iter().filter(|one| one.screen != Finding::Absent);
    let quickbooks: Vec<&Instance> = shown.collect();
    let has = |instance: &Instance, rights: bool| instance.elevated == Finding::Known(rights);
    let differ = |rights: bool| {
        quickbooks.iter().all(|one| has(one, rights))
            && web_connector.instances.iter().all(|one| has(one, !rights))
    };
    let is_seen = !quickbooks.is_empty() && !web_connector.instances.is_empty();
    is_seen && [true, false].into_iter().any(differ)
}

/// True when it is known that the Web Connector carries nothing at this moment: a QuickBooks
/// without a window is right while it does.
fn no_run(machine: &Machine) -> bool {
    match machine.setup.update_lock {
        Finding::Known(locked) => !locked,
        Finding::Absent => true,
        Finding::Unknown(_) => false,
    }
}

/// True when nothing on this screen is in the way of a request.
fn is_usable(screen: &Screen, mode: Mode) -> bool {
    in_the_way(screen, mode).is_empty()
}

fn in_the_way(screen: &Screen, mode: Mode) -> Vec<Problem> {
    let mut found = Vec::new();
    if screen.hung {
        found.push(Problem::plain(Code::NotResponding));
    }
    if screen.sign_in {
        found.push(Problem::plain(Code::SignIn));
    }
    if let Some(title) = &screen.blocking {
        found.push(blocked_by(title));
    }
    match &screen.main {
        None if found.is_empty() => found.push(Problem::plain(Code::Starting)),
        Some(title) if title.company.is_none() && mode == Mode::Attended => {
            found.push(Problem::plain(Code::NoCompany));
        }
        None | Some(_) => {}
    }
    found
}

/// The longest title that is shown; more than a sentence helps nobody to find a window.
const LONGEST_TITLE: usize = 80;

fn blocked_by(title: &str) -> Problem {
    let window =
        Some(title.chars().take(LONGEST_TITLE).collect()).filter(|t: &String| !t.is_empty());
    let arguments = Arguments { window, ..Arguments::default() };
    Problem { code: Code::WindowBlocking, arguments }
}

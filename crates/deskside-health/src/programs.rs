//! Problems of QuickBooks and the Web Connector on this computer.

use deskside_model::connection::Mode;
use deskside_model::evidence::run::RunOutcome;
use deskside_model::evidence::{Finding, Instance, Machine, Presence, Screen, Sync};
use jiff::{SignedDuration, Timestamp};

use super::{Arguments, Code, Problem};

/// The longest possible run: a whole night, the longest that a provider plans (Codat's usual schedule,
/// 19:00 to 07:00). A run that began earlier was interrupted.
const LONGEST_RUN: SignedDuration = SignedDuration::from_hours(12);

/// The problems of QuickBooks for a connection of this mode. `works` when a source has recently said
/// that it works.
pub(super) fn quickbooks(
    now: Timestamp,
    machine: &Machine,
    mode: Mode,
    works: bool,
) -> Vec<Problem> {
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
            found.extend(running(now, machine, seen, mode));
        }
        // The Web Connector opens QuickBooks by itself, so closed is right. Another user's QuickBooks
        // prevents that, unless the connection is known to work.
        Finding::Known(seen) if mode == Mode::Unattended && seen.other_sessions > 0 => {
            found.extend((!works).then(|| Problem::plain(Code::QuickBooksOtherSession)));
        }
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

/// The problems of the Web Connector.
pub(super) fn web_connector(machine: &Machine) -> Vec<Problem> {
    if machine.web_connector.is_here() != Some(false) {
        return Vec::new();
    }
    let missing = machine.setup.web_connector == Finding::Absent;
    let missing = missing.then_some(Code::WebConnectorNotInstalled);
    // Its lock remains only when it was terminated.
    let interrupted = machine.update_lock() == Finding::Known(true);
    let interrupted = interrupted.then_some(Code::RunInterrupted);
    let deeper = missing.into_iter().chain(interrupted);
    deeper.chain([Code::WebConnectorNotRunning]).map(Problem::plain).collect()
}

/// The problem of a missing component through which the Web Connector, a 32-bit program, reaches an
/// installed QuickBooks.
pub(super) fn component(machine: &Machine) -> Option<Problem> {
    let installed = matches!(machine.setup.editions, Finding::Known(_));
    let missing = match &machine.setup.request_processor {
        Finding::Known(registered) => !registered.for_32_bits,
        Finding::Absent => true,
        Finding::Unknown(_) => false,
    };
    (installed && missing).then(|| Problem::plain(Code::ComponentMissing))
}

/// The open company, if exactly one is open.
pub(super) fn open_company(machine: &Machine) -> Option<String> {
    let Finding::Known(seen) = &machine.quickbooks else { return None };
    let mut open = screens(seen).filter_map(|screen| screen.main.as_ref()?.company.clone());
    open.next().filter(|_| open.next().is_none())
}

/// True when this computer is as a connection of this mode needs it; false also when that is unknown.
pub(super) fn is_ready(now: Timestamp, machine: &Machine, mode: Mode) -> bool {
    let quickbooks = match &machine.quickbooks {
        Finding::Known(seen) if seen.own_session > 0 => {
            let is_suitable = |one: &Instance| {
                is_reachable(one, &machine.web_connector)
                    && matches!(&one.screen, Finding::Known(screen) if is_usable(screen, mode))
            };
            let may_be_left_over = has_leftover(seen) && is_running(now, machine).is_none();
            is_all_seen(seen) && seen.instances.iter().any(is_suitable) && !may_be_left_over
        }
        Finding::Known(_) | Finding::Absent => mode == Mode::Unattended,
        Finding::Unknown(_) => false,
    };
    let network = matches!(machine.network, Finding::Known(_));
    quickbooks && network && machine.web_connector.is_here() == Some(true)
}

/// True when the screen of every QuickBooks in this session is known.
fn is_all_seen(seen: &Presence) -> bool {
    let is_unseen = |one: &Instance| matches!(one.screen, Finding::Unknown(_));
    seen.instances.len() >= seen.own_session && !seen.instances.iter().any(is_unseen)
}

/// True when this computer refutes a problem that a source reports, or when the condition is right for
/// this mode. The source looked earlier, or from far away.
pub(super) fn refutes(machine: &Machine, mode: Mode, code: Code) -> bool {
    let Finding::Known(seen) = &machine.quickbooks else {
        let is_closed = machine.quickbooks == Finding::Absent;
        return code == Code::Crashed || is_wanted(mode, code) || is_closed && needs_it_open(code);
    };
    if is_wanted(mode, code) || seen.own_session == 0 && needs_it_open(code) {
        return true;
    }
    let shown = |is_so: fn(&Screen) -> bool| is_all_seen(seen) && !screens(seen).any(is_so);
    let no_company = |screen: &Screen| screen.main.as_ref().is_some_and(|it| it.company.is_none());
    let a_company = |screen: &Screen| screen.main.as_ref().is_some_and(|it| it.company.is_some());
    [
        (Code::QuickBooksNotRunning, seen.own_session > 0),
        // Windows itself shows a crash, so it would have been seen here.
        (Code::Crashed, true),
        (Code::ElevationMismatch, rights_agree(seen, &machine.web_connector)),
        (Code::Starting, shown(|screen| screen.main.is_none())),
        (Code::NotResponding, shown(|screen| screen.hung)),
        (Code::SignIn, shown(|screen| screen.sign_in)),
        (Code::WindowBlocking, shown(|screen| screen.blocking.is_some())),
        (Code::NoCompany, shown(no_company)),
        (Code::OtherCompany, shown(a_company) && screens(seen).count() == seen.instances.len()),
        (Code::LeftoverProcess, is_all_seen(seen) && !has_leftover(seen)),
    ]
    .contains(&(code, true))
}

/// True for a condition that is right for a connection of this mode.
fn is_wanted(mode: Mode, code: Code) -> bool {
    match mode {
        Mode::Attended => false,
        Mode::Unattended => matches!(code, Code::QuickBooksNotRunning | Code::NoCompany),
        Mode::MultipleFiles => code == Code::NoCompany,
    }
}

/// True for a problem that only an open QuickBooks can have.
const fn needs_it_open(code: Code) -> bool {
    matches!(
        code,
        Code::ElevationMismatch
            | Code::LeftoverProcess
            | Code::Starting
            | Code::NotResponding
            | Code::SignIn
            | Code::WindowBlocking
            | Code::NoCompany
            | Code::OtherCompany
    )
}

fn screens(seen: &Presence) -> impl Iterator<Item = &Screen> {
    seen.instances.iter().filter_map(|instance| instance.screen.known())
}

fn running(now: Timestamp, machine: &Machine, seen: &Presence, mode: Mode) -> Vec<Problem> {
    let mut found = Vec::new();
    if is_out_of_reach(seen, &machine.web_connector, mode) {
        found.push(Problem::plain(Code::ElevationMismatch));
    }
    if has_leftover(seen) && is_running(now, machine) == Some(false) {
        found.push(Problem::plain(Code::LeftoverProcess));
    }
    // If several are open, it is unknown which one is meant: one that is usable is enough, and one
    // that cannot be seen may be.
    if !seen.instances.iter().any(|one| may_be_usable(one, mode)) {
        found.extend(screens(seen).flat_map(|screen| obstacles(screen, mode)));
    }
    found
}

/// True for an instance that is usable, or that cannot be seen.
fn may_be_usable(instance: &Instance, mode: Mode) -> bool {
    match &instance.screen {
        Finding::Known(screen) => is_usable(screen, mode),
        Finding::Absent => false,
        Finding::Unknown(_) => true,
    }
}

/// True for an instance without a window beside one that has a window, and for one that another
/// program started. A single one may be kept by QuickBooks itself, to open faster.
fn has_leftover(seen: &Presence) -> bool {
    let is_beside = screens(seen).next().is_some();
    seen.instances.iter().any(|instance| {
        let embedded = instance.embedded == Finding::Known(true);
        instance.screen == Finding::Absent && (is_beside || embedded)
    })
}

/// True when the Web Connector, because of its rights, sees no usable QuickBooks while there is one
/// that it does not see. A QuickBooks without a window does not count: the Web Connector starts it
/// with its own rights, because it does not see the other one.
fn is_out_of_reach(seen: &Presence, web_connector: &Finding<Presence>, mode: Mode) -> bool {
    let shown = seen.instances.iter().filter(|one| one.screen != Finding::Absent);
    let (near, far): (Vec<&Instance>, Vec<&Instance>) =
        shown.partition(|one| is_reachable(one, web_connector));
    !far.is_empty() && !near.iter().any(|one| may_be_usable(one, mode))
}

/// False only if the rights of this QuickBooks and of every Web Connector are known and differ.
fn is_reachable(quickbooks: &Instance, web_connector: &Finding<Presence>) -> bool {
    let Finding::Known(web_connector) = web_connector else { return true };
    let Finding::Known(rights) = quickbooks.elevated else { return true };
    let others = &web_connector.instances;
    others.is_empty() || others.iter().any(|one| one.elevated != Finding::Known(!rights))
}

/// True only if all rights are known and equal.
fn rights_agree(quickbooks: &Presence, web_connector: &Finding<Presence>) -> bool {
    let Finding::Known(web_connector) = web_connector else { return false };
    let has = |rights: bool| {
        let has = |one: &Instance| one.elevated == Finding::Known(rights);
        quickbooks.instances.iter().all(has) && web_connector.instances.iter().all(has)
    };
    let is_seen = !quickbooks.instances.is_empty() && !web_connector.instances.is_empty();
    is_seen && [true, false].into_iter().any(has)
}

/// Whether the Web Connector is running an update now, if that is known: meanwhile a QuickBooks
/// without a window is right. Its lock shows it, unless an interrupted run has left it behind; without
/// the lock, the log does.
fn is_running(now: Timestamp, machine: &Machine) -> Option<bool> {
    let log = machine.sync.known().filter(|_| writes_log(machine) == Some(true));
    let newest = log.and_then(Sync::newest);
    let began = newest.and_then(|run| run.started.or(run.ended));
    let restarted_at = started_at(machine);
    let is_history = began.is_some_and(|began| {
        restarted_at.is_some_and(|then| then > began) || now.duration_since(began) > LONGEST_RUN
    });
    match machine.update_lock() {
        Finding::Known(false) | Finding::Absent => Some(false),
        Finding::Known(true) => Some(!is_history),
        Finding::Unknown(_) if is_history => Some(false),
        Finding::Unknown(_) => {
            newest.filter(|run| run.outcome != RunOutcome::Incomplete).map(|_| false)
        }
    }
}

/// Whether the Web Connector writes a log, if that is known. Without a level it does.
pub(super) fn writes_log(machine: &Machine) -> Option<bool> {
    match machine.log_level() {
        Finding::Known(level) => Some(!level.eq_ignore_ascii_case("NONE")),
        Finding::Absent => Some(true),
        Finding::Unknown(_) => None,
    }
}

/// When the Web Connector was last started.
pub(super) fn started_at(machine: &Machine) -> Option<Timestamp> {
    let presence = machine.web_connector.known()?;
    presence.instances.iter().filter_map(|instance| instance.started_at.known().copied()).max()
}

/// True when nothing on this screen blocks a request.
fn is_usable(screen: &Screen, mode: Mode) -> bool {
    obstacles(screen, mode).is_empty()
}

fn obstacles(screen: &Screen, mode: Mode) -> Vec<Problem> {
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

/// The longest window title that is shown; more does not help to find the window.
const LONGEST_TITLE: usize = 80;

fn blocked_by(title: &str) -> Problem {
    let window =
        Some(title.chars().take(LONGEST_TITLE).collect()).filter(|t: &String| !t.is_empty());
    let arguments = Arguments { window, ..Arguments::default() };
    Problem { code: Code::WindowBlocking, arguments }
}

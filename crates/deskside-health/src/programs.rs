//! Problems of QuickBooks and the Web Connector on this computer.

use std::collections::BTreeSet;

use deskside_knowledge::{Window, window_of};
use deskside_model::Severity;
use deskside_model::connection::Mode;
use deskside_model::evidence::run::RunOutcome;
use deskside_model::evidence::{
    AppRuns, Finding, Instance, Machine, Presence, Screen, Sync, Title,
};
use jiff::{SignedDuration, Timestamp};

use super::{Arguments, Code, CodeFlag, Problem, Refutation};

/// The longest possible run: a whole night, the longest that a provider plans (Codat's usual schedule,
/// 19:00 to 07:00). A run that began earlier was interrupted.
const LONGEST_RUN: SignedDuration = SignedDuration::from_hours(12);
/// How long a run may show nothing new while QuickBooks has no window.
const LONGEST_QUIET: SignedDuration = SignedDuration::from_mins(15);
/// How long a busy program may be too busy to answer: one large request.
const LONGEST_HANG: SignedDuration = SignedDuration::from_hours(1);

/// The problems of QuickBooks for a connection of this mode.
pub(super) fn quickbooks(now: Timestamp, machine: &Machine, mode: Mode) -> Vec<Problem> {
    let mut found = Vec::new();
    // A message of a crash, or the menu of a repair tool, may stay on the screen for days.
    let works_beside = if is_usable_somewhere(machine, mode) {
        Refutation::RecentData
    } else {
        Refutation::DataSince
    };
    if let Finding::Known(_) = machine.crash {
        found.push(Problem::plain(Code::Crashed).refuted_by(works_beside));
    }
    if let Finding::Known(_) = machine.repair {
        found.push(Problem::plain(Code::Repairing).refuted_by(works_beside));
    }
    match &machine.quickbooks {
        Finding::Known(seen) if seen.own_session > 0 => {
            found.extend(running(now, machine, seen, mode));
        }
        // The Web Connector opens QuickBooks by itself, so closed is right; open for another user is
        // not. The other user's session may do the work, too.
        Finding::Known(seen) if seen.other_sessions > 0 => {
            let is_unattended = mode == Mode::Unattended;
            let by = if is_unattended { Refutation::Source } else { Refutation::RecentData };
            found.push(Problem::plain(Code::QuickBooksOtherSession).refuted_by(by));
            let closed = Problem::plain(Code::QuickBooksNotRunning).refuted_by(by);
            found.extend(Some(closed).filter(|_| !is_unattended));
        }
        Finding::Known(_) | Finding::Absent => {
            found.extend(not_installed(machine));
            let closed = Problem::plain(Code::QuickBooksNotRunning);
            found.extend(Some(closed).filter(|_| mode != Mode::Unattended));
        }
        Finding::Unknown(_) => {}
    }
    found
}

/// True when a QuickBooks is open here that nothing stands in the way of.
fn is_usable_somewhere(machine: &Machine, mode: Mode) -> bool {
    let seen = machine.quickbooks.known();
    seen.is_some_and(|seen| screens(seen).any(|screen| is_usable(screen, mode)))
}

fn not_installed(machine: &Machine) -> Option<Problem> {
    let absent = machine.setup.editions == Finding::Absent;
    absent.then(|| Problem::plain(Code::QuickBooksNotInstalled).refuted_by(Refutation::RecentData))
}

/// The problems of the Web Connector.
pub(super) fn web_connector(now: Timestamp, machine: &Machine) -> Vec<Problem> {
    let Finding::Known(Presence { own_session: 1.., instances, .. }) = &machine.web_connector
    else {
        return absent_web_connector(machine);
    };
    let is_hung = |one: &Instance| one.screen.known().is_some_and(|screen| screen.hung);
    // While it carries data, it may not answer for a while.
    let hangs = instances.iter().any(is_hung) && !is_carrying(now, machine);
    hangs.then(|| Problem::plain(Code::WebConnectorNotResponding)).into_iter().collect()
}

fn absent_web_connector(machine: &Machine) -> Vec<Problem> {
    if machine.web_connector.is_here() != Some(false) {
        return Vec::new();
    }
    let elsewhere = machine.web_connector.known().is_some_and(|seen| seen.other_sessions > 0);
    let missing = machine.setup.web_connector == Finding::Absent;
    let missing = missing.then_some(Code::WebConnectorNotInstalled);
    // Its lock remains only when it was terminated.
    let interrupted = machine.update_lock() == Finding::Known(true) && !elsewhere;
    let interrupted = interrupted.then_some(Code::RunInterrupted);
    let deeper = missing.into_iter().chain(interrupted);
    let all = deeper.chain([Code::WebConnectorNotRunning]).map(Problem::plain);
    // Another session on this computer may do the work.
    let by = if elsewhere { Refutation::RecentData } else { Refutation::DataSince };
    all.map(|problem| problem.refuted_by(by)).collect()
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
    (installed && missing)
        .then(|| Problem::plain(Code::ComponentMissing).refuted_by(Refutation::Source))
}

/// The open company, if exactly one is open.
pub(super) fn open_company(machine: &Machine) -> Option<String> {
    let Finding::Known(seen) = &machine.quickbooks else { return None };
    let mut open = screens(seen).filter_map(|screen| screen.main.as_ref()?.company.clone());
    open.next().filter(|_| open.next().is_none())
}

/// The title of the only QuickBooks that is open.
pub(super) fn open_title(machine: &Machine) -> Option<&Title> {
    let Finding::Known(seen) = &machine.quickbooks else { return None };
    let mut open = screens(seen).filter_map(|screen| screen.main.as_ref());
    open.next().filter(|_| open.next().is_none())
}

/// True when this computer is as a connection of this mode needs it; false also when that is unknown.
/// `flows_anyway` tells for each obstacle whether data has flowed in spite of it.
pub(super) fn is_ready(
    now: Timestamp,
    machine: &Machine,
    mode: Mode,
    flows_anyway: impl Fn(Code) -> bool,
) -> bool {
    let quickbooks = match &machine.quickbooks {
        Finding::Known(seen) if seen.own_session > 0 => {
            let is_suitable = |one: &Instance| {
                is_reachable(one, &machine.web_connector)
                    && matches!(&one.screen, Finding::Known(screen)
                        if obstacles(now, machine, screen, mode)
                            .iter()
                            .all(|problem| !is_obstacle(problem.code) || flows_anyway(problem.code)))
            };
            let may_be_left_over = has_leftover(seen) && is_running(now, machine).is_none();
            is_all_seen(seen) && seen.instances.iter().any(is_suitable) && !may_be_left_over
        }
        Finding::Known(_) | Finding::Absent => {
            mode == Mode::Unattended || flows_anyway(Code::QuickBooksNotRunning)
        }
        Finding::Unknown(_) => false,
    };
    let network = matches!(machine.network, Finding::Known(_));
    let web_connector = match machine.web_connector.is_here() {
        Some(true) => true,
        Some(false) => flows_anyway(Code::WebConnectorNotRunning),
        None => false,
    };
    quickbooks && network && web_connector
}

/// True for what stands in the way, and false for what is only told.
fn is_obstacle(code: Code) -> bool {
    code.entry().severity != Severity::Info
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
        return code == Code::Crashed
            || is_wanted(mode, code)
            || is_closed && code.is(CodeFlag::NeedsQuickBooksOpen);
    };
    if is_wanted(mode, code) || seen.own_session == 0 && code.is(CodeFlag::NeedsQuickBooksOpen) {
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
    found.extend(two_companies(seen));
    found.extend(waiting_unseen(now, machine, seen));
    // If several are open, it is unknown which one is meant: one that is usable is enough, and one
    // that cannot be seen may be.
    if !seen.instances.iter().any(|one| may_be_usable(one, mode)) {
        let all = |screen| obstacles(now, machine, screen, mode);
        found.extend(screens(seen).flat_map(all));
    }
    found
}

/// Two company windows: while a second one is open, no other program gets into either.
/// See docs/sources/quickbooks-desktop.md#windows.
fn two_companies(seen: &Presence) -> Option<Problem> {
    let company = |one: &Instance| one.screen.known()?.main.as_ref()?.company.clone();
    let open: BTreeSet<String> =
        seen.instances.iter().filter_map(company).map(|name| plain(&name)).collect();
    let is_second = |screen: &Screen| {
        let main = screen.main.as_ref();
        main.is_some_and(|title| title.product.to_lowercase().contains("(secondary)"))
    };
    let is_two = open.len() > 1 || screens(seen).any(is_second);
    // The second one was opened last.
    let with = seen.instances.iter().filter(|one| company(one).is_some());
    let began = with.filter_map(|one| one.started_at.known().copied()).max();
    is_two.then(|| Problem::plain(Code::TwoCompanies).since(began))
}

/// A name as people compare it: without case, punctuation, and the form of the business.
pub(super) fn plain(name: &str) -> String {
    const FORMS: [&str; 9] =
        ["inc", "llc", "ltd", "co", "corp", "corporation", "company", "gmbh", "limited"];
    let lower = name.to_lowercase();
    let words =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<&str> = words.collect();
    while words.len() > 1 && words.last().is_some_and(|last| FORMS.contains(last)) {
        words.pop();
    }
    words.concat()
}

/// A QuickBooks without a window that has done nothing in a run for long: it may wait at a prompt that
/// nobody sees. The first data may take hours, so a connection that never had any is not blamed.
fn waiting_unseen(now: Timestamp, machine: &Machine, seen: &Presence) -> Option<Problem> {
    let hidden = seen.instances.iter().any(|one| one.screen == Finding::Absent);
    let run = under_way(now, machine).filter(|_| hidden && screens(seen).next().is_none())?;
    let is_first = run.runs.is_some_and(|runs| runs.last_success.is_none());
    let is_long = run.quiet >= LONGEST_QUIET && !is_first;
    is_long.then(|| Problem::plain(Code::WaitingUnseen).since(run.began))
}

/// A run that is under way.
struct UnderWay<'a> {
    /// The application's runs, if the log shows it.
    runs: Option<&'a AppRuns>,
    /// When it began, if the log shows it.
    began: Option<Timestamp>,
    /// For how long its log has shown nothing new.
    quiet: SignedDuration,
}

/// The run that the Web Connector is busy with, if it is known to be.
fn under_way(now: Timestamp, machine: &Machine) -> Option<UnderWay<'_>> {
    let is_open = |runs: &&AppRuns| runs.last.outcome == RunOutcome::Incomplete;
    let began = |runs: &AppRuns| runs.last.started.or(runs.last.ended);
    let runs = machine
        .sync
        .known()
        .and_then(|sync| sync.apps.iter().filter(is_open).max_by_key(|runs| began(runs)));
    let is_busy = match is_running(now, machine) {
        Some(is_busy) => is_busy,
        None => runs.is_some() && machine.web_connector.is_here() == Some(true),
    };
    let started = runs.and_then(began);
    let seen = runs.and_then(|runs| runs.last.seen).or(started);
    let quiet = seen.map_or(SignedDuration::ZERO, |seen| now.duration_since(seen));
    is_busy.then_some(UnderWay { runs, began: started, quiet })
}

/// True while a run is under way that may keep QuickBooks and the Web Connector too busy to answer.
fn is_carrying(now: Timestamp, machine: &Machine) -> bool {
    under_way(now, machine).is_some_and(|run| run.quiet < LONGEST_HANG)
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

/// Whether QuickBooks and the Web Connector have the same rights, if that is known.
pub(super) fn has_equal_rights(machine: &Machine) -> Option<bool> {
    let seen = machine.quickbooks.known()?;
    if rights_agree(seen, &machine.web_connector) {
        return Some(true);
    }
    let differs = |one: &Instance| !is_reachable(one, &machine.web_connector);
    seen.instances.iter().any(differs).then_some(false)
}

/// True when a QuickBooks with a company has been open since before this moment, and is free now.
pub(super) fn has_been_open_since(machine: &Machine, then: Timestamp) -> bool {
    let Finding::Known(seen) = &machine.quickbooks else { return false };
    seen.instances.iter().any(|one| {
        let screen = one.screen.known();
        let is_older = one.started_at.known().is_some_and(|started| *started < then);
        is_older && screen.is_some_and(|screen| is_usable(screen, Mode::Attended))
    })
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
    let has_company = screen.main.as_ref().is_some_and(|main| main.company.is_some());
    let is_open = screen.main.is_some() && (has_company || mode != Mode::Attended);
    is_open && !screen.hung && !screen.sign_in && screen.blocking.is_none()
}

/// What on this screen blocks a request, and what is only worth telling.
fn obstacles(now: Timestamp, machine: &Machine, screen: &Screen, mode: Mode) -> Vec<Problem> {
    let mut found = Vec::new();
    if screen.hung && is_carrying(now, machine) {
        found.push(Problem::plain(Code::Transferring));
    } else if screen.hung {
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
    let (code, integration_code) = match window_of(title) {
        Some(Window::Hosting(number)) => (Code::NotHosted, Some(format!("H{number}"))),
        Some(Window::Work) => (Code::AtWork, None),
        Some(Window::Permission) | None => (Code::WindowBlocking, None),
    };
    Problem::with(code, Arguments { window, integration_code, ..Arguments::default() })
}

//! The problems of one moment, causes and symptoms alike. No memory.

use std::collections::BTreeMap;

use deskside_knowledge::CodeFamily;
use deskside_model::Who;
use deskside_model::connection::Mode;
use deskside_model::evidence::{
    ConnectionEvidence, DataState, Fault, Finding, Machine, Remote, RemoteState, RemoteStatus,
    Title, ToldBy, year_of,
};
use deskside_model::vault::VaultState;
use jiff::Timestamp;

use super::freshness::{is_believed, is_current};
use super::network::unreachable;
use super::programs::{
    component, has_equal_rights, open_company, open_title, plain, quickbooks, refutes,
    web_connector,
};
use super::refusal::known;
use super::sync::sync;
use super::witness::{nothing_is_set_up, says_that_it_works};
use super::{Arguments, Code, Problem};

/// Below this QuickBooks cannot save, and Windows itself complains.
const DISK_FULL_MB: u64 = 100;

/// Finds all problems of one connection. With `None` only those of this computer, as for a connection
/// that needs QuickBooks open.
///
/// Only known findings count: [`Finding::Unknown`] is never a problem. Which of them data has flowed
/// in spite of, a [`Witness`](super::Witness) decides.
#[must_use]
pub fn diagnose(
    now: Timestamp,
    machine: &Machine,
    connection: Option<&ConnectionEvidence>,
) -> Vec<Problem> {
    if let Some(over) = connection.and_then(|connection| over(now, connection)) {
        return vec![Problem::plain(over)];
    }
    let mut found = Vec::new();
    let mode = connection.map(|c| c.mode).unwrap_or_default();
    found.extend(quickbooks(now, machine, mode));
    if !connection.is_some_and(|c| is_being_set_up(now, c)) {
        found.extend(web_connector(now, machine));
    }
    if machine.network == Finding::Absent {
        found.push(Problem::plain(Code::Offline));
    }
    if matches!(machine.computer.disk_free_mb, Finding::Known(free) if free < DISK_FULL_MB) {
        found.push(Problem::plain(Code::DiskFull));
    }
    found.extend(component(machine));
    if let Some(connection) = connection {
        // A failing vault is a problem only if no status was received despite it.
        let nothing_heard = connection.remote.status.is_none();
        if connection.told_by != ToldBy::Nobody && nothing_heard {
            found.extend(failing_vault(machine.vault).map(Problem::plain));
        }
        found.extend(remote(now, machine, connection));
        found.extend(sync(now, machine, connection));
        found.extend(not_finished(now, machine, connection));
    }
    let mut found = one_each(found);
    for problem in &mut found {
        complete(problem, machine, connection);
    }
    // The source may not have seen which company is open now.
    found.retain(|problem| !is_open(&problem.arguments));
    found
}

/// What has come to its end, so that nothing on this computer stands in the way of anything: the
/// connection was stopped on purpose, or was meant for one time.
fn over(now: Timestamp, connection: &ConnectionEvidence) -> Option<Code> {
    let remote = &connection.remote;
    let counts = is_current(now, remote) && remote.failing.is_none();
    let status = remote.status.as_ref().filter(|_| counts)?;
    match (status.state, status.data) {
        (RemoteState::Unlinked, _) => Some(Code::Unlinked),
        (RemoteState::Deauthorized, Some(DataState::Complete)) => Some(Code::OneTimeDone),
        (
            RemoteState::Healthy
            | RemoteState::NotSetUp
            | RemoteState::Waiting
            | RemoteState::Inactive
            | RemoteState::Broken
            | RemoteState::Deauthorized
            | RemoteState::Removed
            | RemoteState::Unknown,
            _,
        ) => None,
    }
}

/// The steps were not finished, as this computer shows: no application is in the Web Connector.
fn not_finished(
    now: Timestamp,
    machine: &Machine,
    connection: &ConnectionEvidence,
) -> Option<Problem> {
    let remote = &connection.remote;
    let status = remote.status.as_ref().filter(|_| is_current(now, remote));
    // What QuickBooks answered, it answered to the application in somebody's Web Connector.
    let is_empty = nothing_is_set_up(machine) && status.and_then(known).is_none();
    let state = status.map(|status| status.state);
    match (connection.told_by, state) {
        _ if link_is_out(now, connection) => None,
        // Nobody else knows: a link that was given up or ran out leaves nothing if nothing ran.
        (ToldBy::Nobody, _) => {
            let was_left = connection.link_cancelled || link_has_run_out(now, connection);
            let nothing_ran = machine.sync.is_absent()
                && !matches!(machine.applications(), Finding::Known(apps) if !apps.is_empty());
            (is_empty || (was_left && nothing_ran)).then(|| Problem::plain(Code::NotFinished))
        }
        // It was set up, and the application is gone from the Web Connector.
        (ToldBy::Backend | ToldBy::Provider, Some(RemoteState::Inactive | RemoteState::Broken)) => {
            is_empty.then(|| Problem::plain(Code::NotSetUp))
        }
        (ToldBy::Backend | ToldBy::Provider, _) => None,
    }
}

/// Adds what the words of a problem tell of this computer.
fn complete(problem: &mut Problem, machine: &Machine, connection: Option<&ConnectionEvidence>) {
    let title = open_title(machine);
    let arguments = &mut problem.arguments;
    if problem.code == Code::OtherCompany {
        arguments.open_company = open_company(machine);
        arguments.expected_company = connection.map(|connection| connection.name.clone());
        arguments.several_companies =
            connection.is_some_and(|connection| connection.mode == Mode::MultipleFiles);
    }
    if problem.code == Code::FileMode {
        arguments.single_user = title.and_then(Title::single_user);
    }
    if problem.code == Code::UnsupportedVersion {
        let open = title.and_then(|title| year_of(&title.product));
        let editions = machine.setup.editions.known().map_or(&[][..], Vec::as_slice);
        let others = editions.iter().filter_map(|edition| edition.year);
        arguments.open_year = open;
        arguments.other_year = open.and_then(|open| others.filter(|year| *year != open).max());
    }
}

/// True when the company that should be open is open. Titles and applications write a name in
/// either case, with or without the form of the business.
fn is_open(told: &Arguments) -> bool {
    let Arguments { open_company, expected_company, .. } = told;
    open_company
        .as_ref()
        .zip(expected_company.as_ref())
        .is_some_and(|(open, expected)| plain(open) == plain(expected))
}

/// The problem with a vault that gives nothing.
#[must_use]
pub const fn failing_vault(vault: VaultState) -> Option<Code> {
    match vault {
        VaultState::Locked | VaultState::Silent | VaultState::Missing => {
            Some(Code::VaultUnavailable)
        }
        VaultState::Forbidden => Some(Code::VaultForbidden),
        VaultState::Working | VaultState::Unknown => None,
    }
}

/// True during set-up. The steps in the browser install and start the Web Connector, so its absence is
/// no problem before they are done.
fn is_being_set_up(now: Timestamp, connection: &ConnectionEvidence) -> bool {
    let state = connection.remote.status.as_ref().map(|status| status.state);
    let is_set_up =
        matches!(state, Some(RemoteState::Healthy | RemoteState::Inactive | RemoteState::Broken));
    link_is_out(now, connection) && !is_set_up
}

/// True while an open link may still be completed.
pub(super) fn link_is_out(now: Timestamp, connection: &ConnectionEvidence) -> bool {
    connection.link_pending_until.is_some_and(|until| until > now)
}

fn remote(now: Timestamp, machine: &Machine, connection: &ConnectionEvidence) -> Vec<Problem> {
    let Remote { status, failing, heard_at } = &connection.remote;
    let host = connection.host.as_deref();
    match failing.as_ref().map(|failing| failing.fault) {
        Some(Fault::Unreachable | Fault::Unusable) => {
            unreachable(now, machine, host, connection.server.as_deref())
        }
        Some(Fault::Rejected) => vec![Problem::at(rejected(connection.told_by), host)],
        Some(Fault::NoCredential) => {
            let code = failing_vault(machine.vault).unwrap_or(Code::VaultUnavailable);
            vec![Problem::plain(code)]
        }
        None if heard_at.is_some_and(|heard_at| !is_believed(now, heard_at)) => Vec::new(),
        None => {
            status.as_ref().map_or_else(Vec::new, |status| told(now, machine, connection, status))
        }
    }
}

/// A user with a key of their own can get another one; a sign-in is the vendor's.
const fn rejected(told_by: ToldBy) -> Code {
    match told_by {
        ToldBy::Provider => Code::KeyRejected,
        ToldBy::Backend | ToldBy::Nobody => Code::CredentialsRejected,
    }
}

fn told(
    now: Timestamp,
    machine: &Machine,
    connection: &ConnectionEvidence,
    status: &RemoteStatus,
) -> Vec<Problem> {
    let codes: &[Code] = match status.state {
        RemoteState::NotSetUp | RemoteState::Waiting if link_is_out(now, connection) => &[],
        RemoteState::NotSetUp | RemoteState::Waiting
            if connection.link_cancelled && !status.is_planned() =>
        {
            &[Code::LinkCancelled, Code::NotSetUp]
        }
        RemoteState::NotSetUp | RemoteState::Waiting
            if link_has_run_out(now, connection) && !status.is_planned() =>
        {
            &[Code::LinkExpired, Code::NotSetUp]
        }
        RemoteState::NotSetUp => &[Code::NotSetUp],
        RemoteState::Deauthorized => &[Code::Deauthorized],
        RemoteState::Removed => &[Code::Removed],
        RemoteState::Inactive => &[Code::Inactive],
        RemoteState::Broken if says_that_it_works(status) => &[Code::RequestRefused],
        RemoteState::Broken => &[Code::Broken],
        RemoteState::Waiting if status.data == Some(DataState::Syncing) => &[Code::FirstData],
        RemoteState::Waiting if status.is_planned() => &[Code::WaitingForSchedule],
        RemoteState::Waiting => &[Code::NotFinished],
        RemoteState::Unlinked | RemoteState::Healthy | RemoteState::Unknown => &[],
    };
    let arguments = Arguments {
        host: connection.host.clone(),
        request_id: status.request_id.clone(),
        integration_code: status.integration_code.clone(),
        user_message: status.user_message.clone(),
        ..Arguments::default()
    };
    let deeper = if codes == [Code::Broken] { cause_of(status) } else { None };
    let deeper = deeper.and_then(|code| settled_here(machine, code));
    let deeper = deeper.filter(|code| !refutes(machine, connection.mode, *code));
    let codes = deeper.into_iter().chain(codes.iter().copied());
    codes.map(|code| Problem::with(code, arguments.clone())).collect()
}

fn link_has_run_out(now: Timestamp, connection: &ConnectionEvidence) -> bool {
    connection.link_expired || connection.link_pending_until.is_some_and(|until| until <= now)
}

/// The cause that the code of a failure shows, if it is certain enough.
fn cause_of(status: &RemoteStatus) -> Option<Code> {
    let known = known(status).filter(|known| known.may_diagnose())?;
    match known.problem {
        Some(problem) => Code::of(problem),
        // No one at this computer can fix it. A remark on one request is no failure.
        None => (known.who == Who::Vendor && known.kind != CodeFamily::Status)
            .then_some(Code::VendorFault),
    }
}

/// "Access denied" has several reasons, of which this computer shows the one.
fn settled_here(machine: &Machine, code: Code) -> Option<Code> {
    let is_locked = machine.computer.locked == Finding::Known(true);
    if code != Code::ElevationMismatch || has_equal_rights(machine) == Some(false) {
        return Some(code);
    }
    is_locked.then_some(Code::SessionLocked)
}

/// Keeps one problem of each code, in the order of the codes. What this computer shows was found
/// first, and wins over what a source adds.
fn one_each(found: Vec<Problem>) -> Vec<Problem> {
    let mut by_code: BTreeMap<Code, Problem> = BTreeMap::new();
    for problem in found {
        let more = problem.arguments.clone();
        let first = &mut by_code.entry(problem.code).or_insert(problem).arguments;
        let Arguments { window, host, request_id, integration_code, user_message, .. } = more;
        first.window = first.window.take().or(window);
        first.host = first.host.take().or(host);
        first.request_id = first.request_id.take().or(request_id);
        first.integration_code = first.integration_code.take().or(integration_code);
        first.user_message = first.user_message.take().or(user_message);
    }
    by_code.into_values().collect()
}

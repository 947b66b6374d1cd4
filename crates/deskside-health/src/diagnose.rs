//! The problems of one moment, causes and symptoms alike. No memory.

use std::collections::BTreeMap;

use deskside_knowledge::{Clues, CodeFamily, Meaning, recognize};
use deskside_model::Who;
use deskside_model::evidence::{
    ConnectionEvidence, Fault, Finding, Machine, Remote, RemoteState, RemoteStatus, ToldBy,
};
use deskside_model::vault::VaultState;
use jiff::Timestamp;

use super::freshness::is_believed;
use super::network::unreachable;
use super::programs::{component, open_company, quickbooks, refutes, web_connector};
use super::sync::sync;
use super::{Arguments, Code, Problem};

/// Below this QuickBooks cannot save, and Windows itself complains.
const DISK_FULL_MB: u64 = 100;

/// Finds all problems of one connection. With `None` only those of this computer, as for a connection
/// that needs QuickBooks open.
///
/// Only known findings count: [`Finding::Unknown`] is never a problem.
#[must_use]
pub fn diagnose(
    now: Timestamp,
    machine: &Machine,
    connection: Option<&ConnectionEvidence>,
) -> Vec<Problem> {
    let mut found = Vec::new();
    let mode = connection.map(|c| c.mode).unwrap_or_default();
    let works = connection.is_some_and(|c| is_told_healthy(now, c));
    found.extend(quickbooks(now, machine, mode, works));
    if !connection.is_some_and(|c| is_being_set_up(now, c)) {
        found.extend(web_connector(machine));
    }
    if machine.network == Finding::Absent {
        found.push(Problem::plain(Code::Offline));
    }
    if matches!(machine.computer.disk_free_mb, Finding::Known(free) if free < DISK_FULL_MB) {
        found.push(Problem::plain(Code::DiskFull));
    }
    if !works {
        found.extend(component(machine));
    }
    if let Some(connection) = connection {
        // A failing vault is a problem only if no status was received despite it.
        let nothing_heard = connection.remote.status.is_none();
        if connection.told_by != ToldBy::Nobody && nothing_heard {
            found.extend(failing_vault(machine.vault).map(Problem::plain));
        }
        found.extend(remote(now, machine, connection));
        found.extend(sync(now, machine, connection));
    }
    let mut found = one_each(found);
    for problem in found.iter_mut().filter(|problem| problem.code == Code::OtherCompany) {
        problem.arguments.open_company = open_company(machine);
        problem.arguments.expected_company = connection.map(|connection| connection.name.clone());
    }
    // The source may not have seen which company is open now.
    found.retain(|problem| !is_open(&problem.arguments));
    found
}

/// True when the company that should be open is open. Titles and applications write a name in
/// either case.
fn is_open(told: &Arguments) -> bool {
    let Arguments { open_company, expected_company, .. } = told;
    open_company.as_ref().zip(expected_company.as_ref()).is_some_and(|(open, expected)| {
        open.trim().to_lowercase() == expected.trim().to_lowercase()
    })
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

/// True when a source has recently said that it works.
pub(super) fn is_told_healthy(now: Timestamp, connection: &ConnectionEvidence) -> bool {
    let Remote { status, heard_at, .. } = &connection.remote;
    let fresh = heard_at.is_some_and(|heard_at| is_believed(now, heard_at));
    fresh && status.as_ref().is_some_and(works)
}

/// True when it works, or when QuickBooks has refused one request, which shows that the rest works.
fn works(status: &RemoteStatus) -> bool {
    match status.state {
        RemoteState::Healthy => true,
        RemoteState::Broken => is_refusal(status),
        RemoteState::NotSetUp
        | RemoteState::Waiting
        | RemoteState::Inactive
        | RemoteState::Deauthorized
        | RemoteState::Unlinked
        | RemoteState::Removed
        | RemoteState::Unknown => false,
    }
}

/// The lowest of QuickBooks' own codes for a refused request. Lower numbers are remarks, warnings and
/// HTTP statuses.
const LOWEST_REFUSAL: u32 = 1000;

/// True when QuickBooks has answered one request with a code of its own.
fn is_refusal(status: &RemoteStatus) -> bool {
    let number = status.integration_code.as_deref().and_then(|code| code.trim().parse().ok());
    number.is_some_and(|number: u32| number >= LOWEST_REFUSAL)
        && known(status)
            .is_some_and(|known| known.kind == CodeFamily::Status && known.cause.is_none())
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
        RemoteState::Unlinked => &[Code::Unlinked],
        RemoteState::Removed => &[Code::Removed],
        RemoteState::Inactive => &[Code::Inactive],
        RemoteState::Broken if works(status) => &[Code::RequestRefused],
        RemoteState::Broken => &[Code::Broken],
        RemoteState::Waiting => &[Code::WaitingForSchedule],
        RemoteState::Healthy | RemoteState::Unknown => &[],
    };
    let arguments = Arguments {
        host: connection.host.clone(),
        request_id: status.request_id.clone(),
        integration_code: status.integration_code.clone(),
        user_message: status.user_message.clone(),
        ..Arguments::default()
    };
    let deeper = if codes == [Code::Broken] { cause_of(status) } else { None };
    let deeper = deeper.filter(|code| !refutes(machine, connection.mode, *code));
    let codes = deeper.into_iter().chain(codes.iter().copied());
    codes.map(|code| Problem { code, arguments: arguments.clone() }).collect()
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

fn known(status: &RemoteStatus) -> Option<&'static Meaning> {
    let code = status.integration_code.as_deref()?;
    let hresult = code.strip_prefix("0x").and_then(|hex| u32::from_str_radix(hex, 16).ok());
    recognize(&Clues { code: Some(code), hresult, text: "" })
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

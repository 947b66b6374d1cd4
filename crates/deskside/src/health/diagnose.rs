//! What is wrong at one moment, causes and symptoms alike. No memory.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::programs::{quickbooks, web_connector};
use super::{Arguments, Code, Problem};
use crate::evidence::{
    ConnectionEvidence, Fault, Finding, Machine, Remote, RemoteState, RemoteStatus, ToldBy,
};
use crate::vault::VaultState;

/// How long an answer may be believed. Older ones are neither healthy nor broken.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(20);

/// Finds everything that is wrong for one connection. With `None` it looks at this computer only,
/// as for a connection that needs QuickBooks open.
///
/// Only what is known counts: a finding that is [`Finding::Unknown`] is never a problem.
#[must_use]
pub fn diagnose(
    now: Timestamp,
    machine: &Machine,
    connection: Option<&ConnectionEvidence>,
) -> Vec<Problem> {
    let mut found = Vec::new();
    let mode = connection.map(|c| c.mode).unwrap_or_default();
    found.extend(quickbooks(machine, mode));
    if !connection.is_some_and(|c| is_being_set_up(now, c)) {
        found.extend(web_connector(machine));
    }
    if machine.network == Finding::Absent {
        found.push(Problem::plain(Code::Offline));
    }
    if let Some(connection) = connection {
        // A vault that fails hurts only where nothing could be learned in spite of it.
        let nothing_heard = connection.remote.status.is_none();
        if connection.told_by != ToldBy::Nobody && nothing_heard && vault_fails(machine.vault) {
            found.push(Problem::plain(Code::VaultUnavailable));
        }
        found.extend(remote(now, connection));
    }
    one_each(found)
}

const fn vault_fails(vault: VaultState) -> bool {
    match vault {
        VaultState::Locked | VaultState::Silent | VaultState::Missing => true,
        VaultState::Working | VaultState::Unknown => false,
    }
}

/// The steps in the browser install and start the Web Connector: until they are done, its absence
/// is no news.
fn is_being_set_up(now: Timestamp, connection: &ConnectionEvidence) -> bool {
    let state = connection.remote.status.as_ref().map(|status| status.state);
    let is_set_up =
        matches!(state, Some(RemoteState::Healthy | RemoteState::Inactive | RemoteState::Broken));
    link_is_out(now, connection) && !is_set_up
}

/// True while a link that the user opened may still be completed.
pub(super) fn link_is_out(now: Timestamp, connection: &ConnectionEvidence) -> bool {
    connection.link_pending_until.is_some_and(|until| until > now)
}

/// True unless the last answer is known to be too old. Either way round: a clock may be set back.
pub(super) fn is_believed(now: Timestamp, heard_at: Timestamp) -> bool {
    now.duration_since(heard_at).abs() <= BELIEVED_FOR
}

fn remote(now: Timestamp, connection: &ConnectionEvidence) -> Option<Problem> {
    let Remote { status, failing, heard_at } = &connection.remote;
    let host = connection.host.as_deref();
    match failing.as_ref().map(|failing| failing.fault) {
        Some(Fault::Unreachable | Fault::Unusable) => {
            Some(Problem::at(Code::ProviderUnreachable, host))
        }
        Some(Fault::Rejected) => Some(Problem::at(Code::CredentialsRejected, host)),
        Some(Fault::NoCredential) => Some(Problem::plain(Code::VaultUnavailable)),
        None if heard_at.is_some_and(|heard_at| !is_believed(now, heard_at)) => None,
        None => status.as_ref().and_then(|status| told(now, connection, status)),
    }
}

fn told(now: Timestamp, connection: &ConnectionEvidence, status: &RemoteStatus) -> Option<Problem> {
    let code = match status.state {
        RemoteState::NotSetUp if !link_is_out(now, connection) => Code::NotSetUp,
        RemoteState::Inactive => Code::Inactive,
        RemoteState::Broken => Code::Broken,
        RemoteState::NotSetUp
        | RemoteState::Healthy
        | RemoteState::Waiting
        | RemoteState::Unknown => return None,
    };
    let arguments = Arguments {
        host: connection.host.clone(),
        request_id: status.request_id.clone(),
        integration_code: status.integration_code.clone(),
        user_message: status.user_message.clone(),
        ..Arguments::default()
    };
    Some(Problem { code, arguments })
}

/// Keeps one problem of each code, in the order of the codes.
fn one_each(found: Vec<Problem>) -> Vec<Problem> {
    let by_code: BTreeMap<Code, Problem> = found.into_iter().map(|p| (p.code, p)).collect();
    by_code.into_values().collect()
}

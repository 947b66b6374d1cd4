//! What is wrong at one moment, causes and symptoms alike. No time, no memory.

use std::collections::BTreeMap;

use super::{Arguments, Code, Problem};
use crate::connection::Mode;
use crate::evidence::{
    ConnectionEvidence, Fault, Finding, Machine, Presence, Remote, RemoteState, RemoteStatus,
    ToldBy,
};
use crate::vault::VaultState;

/// Finds everything that is wrong for one connection. With `None` it looks at this computer only,
/// as for a connection that needs QuickBooks open.
///
/// Only what is known counts: a finding that is [`Finding::Unknown`] is never a problem.
#[must_use]
pub fn diagnose(machine: &Machine, connection: Option<&ConnectionEvidence>) -> Vec<Problem> {
    let mut found = Vec::new();
    let mode = connection.map(|c| c.mode).unwrap_or_default();
    found.extend(quickbooks(&machine.quickbooks, mode));
    if !is_here(&machine.web_connector, true) {
        found.push(Problem::plain(Code::WebConnectorNotRunning));
    }
    if machine.network == Finding::Absent {
        found.push(Problem::plain(Code::Offline));
    }
    if let Some(connection) = connection {
        if connection.told_by != ToldBy::Nobody && vault_fails(machine.vault) {
            found.push(Problem::plain(Code::VaultUnavailable));
        }
        found.extend(remote(connection));
    }
    one_each(found)
}

fn quickbooks(seen: &Finding<Presence>, mode: Mode) -> Vec<Problem> {
    // The Web Connector opens QuickBooks by itself; closed is how it should be.
    if mode == Mode::Unattended {
        return Vec::new();
    }
    match seen {
        Finding::Known(presence) if presence.own_session > 0 => Vec::new(),
        Finding::Known(presence) if presence.other_sessions > 0 => vec![
            Problem::plain(Code::QuickBooksOtherSession),
            Problem::plain(Code::QuickBooksNotRunning),
        ],
        Finding::Known(_) | Finding::Absent => vec![Problem::plain(Code::QuickBooksNotRunning)],
        Finding::Unknown(_) => Vec::new(),
    }
}

/// True when a program runs in our own session; `otherwise` when nobody can say.
pub(super) fn is_here(seen: &Finding<Presence>, otherwise: bool) -> bool {
    match seen {
        Finding::Known(presence) => presence.own_session > 0,
        Finding::Absent => false,
        Finding::Unknown(_) => otherwise,
    }
}

const fn vault_fails(vault: VaultState) -> bool {
    match vault {
        VaultState::Locked | VaultState::Silent | VaultState::Missing => true,
        VaultState::Working | VaultState::Unknown => false,
    }
}

fn remote(connection: &ConnectionEvidence) -> Option<Problem> {
    let Remote { status, failing, .. } = &connection.remote;
    let host = connection.host.as_deref();
    match failing.as_ref().map(|failing| failing.fault) {
        Some(Fault::Unreachable | Fault::Unusable) => {
            Some(Problem::at(Code::ProviderUnreachable, host))
        }
        Some(Fault::Rejected) => Some(Problem::at(Code::CredentialsRejected, host)),
        Some(Fault::NoCredential) => Some(Problem::plain(Code::VaultUnavailable)),
        None => status.as_ref().and_then(|status| told(connection, status)),
    }
}

fn told(connection: &ConnectionEvidence, status: &RemoteStatus) -> Option<Problem> {
    let code = match status.state {
        RemoteState::NotSetUp if connection.link_pending_until.is_none() => Code::NotSetUp,
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
    };
    Some(Problem { code, arguments })
}

/// Keeps one problem of each code, in the order of the codes.
fn one_each(found: Vec<Problem>) -> Vec<Problem> {
    let by_code: BTreeMap<Code, Problem> = found.into_iter().map(|p| (p.code, p)).collect();
    by_code.into_values().collect()
}

//! The checks of this computer before a link is opened. A single-use link must not be spent on the
//! wrong computer, or while QuickBooks cannot ask for permission.

use std::collections::BTreeSet;

use deskside_model::Command;
use deskside_model::connection::{Connection, Mode};
use deskside_model::evidence::{Finding, Machine, Presence, Reachability, Screen, Title};
use deskside_model::link::{AttemptStage, LinkAttempt, LinkProfile, Provider, Trust};
use deskside_text as text;
use url::Url;

use super::connections::Connections;
use super::host_probes::HostProbes;
use super::launching::launch;
use crate::view::{Check, CheckState};

/// A clock that is wrong by more makes signatures and certificates doubtful. Source: Standard
/// Webhooks 1.0, "timestamp".
const CLOCK_TOLERANCE_SECONDS: u64 = 5 * 60;

/// The user of a company file who may grant access the first time.
const ADMIN: &str = "Admin";

/// What a link is checked against.
#[derive(Clone, Copy)]
pub(super) struct Preflight<'a> {
    pub(super) machine: &'a Machine,
    pub(super) host_probes: &'a HostProbes,
    pub(super) trust: &'a Trust,
}

impl Preflight<'_> {
    /// What this computer looks like for a link of a provider, from a host.
    pub(super) fn checks(self, provider: Option<Provider>, host: &str, mode: Mode) -> Vec<Check> {
        let profile = provider.map(Provider::profile);
        let reachability = self.host_probes.page_result(host);
        vec![
            computer(self.machine),
            quickbooks(self.machine, mode),
            web_connector(self.machine, profile),
            reached(self.machine, host, reachability),
            clock(reachability),
        ]
    }

    /// The same for the link of a connection.
    pub(super) fn checks_of(self, known: &Connections, connection: &Connection) -> Vec<Check> {
        let host = self.page_host(known, connection).unwrap_or_default();
        self.checks(connection.link_provider(), &host, connection.mode)
    }

    /// The host of a connection's page, as far as it is known beforehand.
    fn page_host(self, known: &Connections, connection: &Connection) -> Option<String> {
        let of_link = connection.link.as_ref().and_then(LinkAttempt::link);
        let of_link = of_link.map(|link| link.host.clone());
        of_link.or_else(|| self.page_address(known, connection)?.host_str().map(str::to_owned))
    }

    /// The address to probe for it. In the sandbox it is that of the source, which makes the link.
    pub(super) fn page_address(self, known: &Connections, connection: &Connection) -> Option<Url> {
        let source = known.source_of(connection)?;
        let maker = known.address(&source).map(|(_, url)| url);
        let page = || {
            let host = connection.provider?.profile().hosts.first()?;
            Url::parse(&format!("https://{host}/")).ok()
        };
        if self.trust.sandbox { maker } else { page().or(maker) }
    }

    /// The hosts of the pages that were agreed to and are not opened yet.
    pub(super) fn agreed_hosts(self, known: &Connections) -> BTreeSet<String> {
        let is_agreed =
            |attempt: &LinkAttempt| matches!(attempt.stage, AttemptStage::Agreed { .. });
        let connections = known.saved.connections.iter();
        connections
            .filter(|connection| connection.link.as_ref().is_some_and(is_agreed))
            .filter_map(|connection| self.page_host(known, connection))
            .collect()
    }
}

/// True when nothing is known to be wrong.
pub(super) fn is_clear(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.state != CheckState::Bad)
}

/// True when everything is known to be as it should be.
pub(super) fn is_known_good(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.state == CheckState::Good)
}

fn check(label: String, state: CheckState, text: String) -> Check {
    Check { label, text, state, fix: None }
}

fn computer(machine: &Machine) -> Check {
    let runs = machine.quickbooks.is_here() == Some(true);
    let (state, text) = match &machine.setup.editions {
        Finding::Known(_) => (CheckState::Good, text::check_computer_good()),
        _ if runs => (CheckState::Good, text::check_computer_good()),
        Finding::Absent => (CheckState::Bad, text::check_computer_bad()),
        Finding::Unknown(_) => (CheckState::Unknown, text::check_computer_unknown()),
    };
    check(text::check_computer(), state, text)
}

fn quickbooks(machine: &Machine, mode: Mode) -> Check {
    let (state, text) = match &machine.quickbooks {
        Finding::Known(presence) if presence.own_session > 0 => open(presence, mode),
        Finding::Known(_) => (CheckState::Bad, text::check_quickbooks_elsewhere()),
        Finding::Absent => (CheckState::Bad, text::check_quickbooks_closed()),
        Finding::Unknown(_) => (CheckState::Unknown, text::check_quickbooks_unknown()),
    };
    let can_open = machine.quickbooks.is_here() == Some(false) && state == CheckState::Bad;
    let fix =
        Some(Command::OpenQuickBooks).filter(|fix| can_open && launch(machine, *fix).is_some());
    Check { fix, ..check(text::check_quickbooks(), state, text) }
}

fn open(presence: &Presence, mode: Mode) -> (CheckState, String) {
    let screen = presence.instances.iter().find_map(|instance| instance.screen.known());
    match screen {
        None | Some(Screen { main: None, hung: false, sign_in: false, blocking: None }) => {
            (CheckState::Unknown, text::check_quickbooks_unseen())
        }
        Some(Screen { hung: true, .. }) => (CheckState::Bad, text::check_quickbooks_hung()),
        Some(Screen { sign_in: true, .. }) => (CheckState::Bad, text::check_quickbooks_sign_in()),
        Some(Screen { blocking: Some(_), .. }) => {
            (CheckState::Bad, text::check_quickbooks_window())
        }
        Some(Screen { main: Some(title), .. }) => titled(title, mode),
    }
}

/// The first permission is granted by the Admin, in single-user mode, with the company open. Source:
/// Intuit's QuickBooks Web Connector Programmer's Guide, "authorization".
fn titled(title: &Title, mode: Mode) -> (CheckState, String) {
    let other_user = title.user.as_deref().filter(|user| !user.eq_ignore_ascii_case(ADMIN));
    match (&title.company, other_user) {
        (None, _) if mode == Mode::MultipleFiles => {
            (CheckState::Good, text::check_quickbooks_open())
        }
        (None, _) => (CheckState::Bad, text::check_quickbooks_no_company()),
        (Some(_), _) if title.multi_user => (CheckState::Bad, text::check_quickbooks_multi_user()),
        (Some(_), Some(user)) => (CheckState::Bad, text::check_quickbooks_not_admin(user)),
        (Some(_), None) if title.single_user() == Some(true) => {
            (CheckState::Good, text::check_quickbooks_good())
        }
        (Some(_), None) => (CheckState::Unknown, text::check_quickbooks_unseen()),
    }
}

fn web_connector(machine: &Machine, profile: Option<&LinkProfile>) -> Check {
    let comes_along = profile.map(|profile| profile.brings_web_connector);
    let runs = machine.web_connector.is_here() == Some(true);
    let (state, text) = match &machine.setup.web_connector {
        Finding::Known(_) => (CheckState::Good, text::check_web_connector_good()),
        _ if runs => (CheckState::Good, text::check_web_connector_good()),
        Finding::Absent if comes_along == Some(true) => {
            (CheckState::Good, text::check_web_connector_comes())
        }
        Finding::Absent if comes_along == Some(false) => {
            (CheckState::Bad, text::check_web_connector_bad())
        }
        // An unknown provider may or may not bring it along.
        Finding::Absent => (CheckState::Unknown, text::check_web_connector_perhaps()),
        Finding::Unknown(_) => (CheckState::Unknown, text::check_web_connector_unknown()),
    };
    check(text::check_web_connector(), state, text)
}

fn reached(machine: &Machine, host: &str, reachability: Option<&Reachability>) -> Check {
    let (state, text) = match reachability {
        _ if machine.network == Finding::Absent => (CheckState::Bad, text::check_way_bad(host)),
        Some(probe) if probe.is_answered() => (CheckState::Good, text::check_way_good(host)),
        Some(Reachability { stopped_by: Some(_), .. }) => {
            (CheckState::Bad, text::check_way_bad(host))
        }
        Some(_) | None => (CheckState::Unknown, text::check_way_unknown(host)),
    };
    check(text::check_way(host), state, text)
}

fn clock(reachability: Option<&Reachability>) -> Check {
    let ahead = reachability.and_then(|probe| probe.clock_ahead_seconds.known());
    let ahead = ahead.map(|seconds| seconds.unsigned_abs());
    let (state, text) = match ahead {
        Some(wrong) if wrong > CLOCK_TOLERANCE_SECONDS => {
            let minutes = u32::try_from(wrong / 60).unwrap_or(u32::MAX);
            (CheckState::Bad, text::check_clock_bad(minutes))
        }
        Some(_) => (CheckState::Good, text::check_clock_good()),
        None => (CheckState::Unknown, text::check_clock_unknown()),
    };
    check(text::check_clock(), state, text)
}

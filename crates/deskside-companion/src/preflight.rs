//! The checks of this computer before a link is opened. A single-use link must not be spent on the
//! wrong computer, or while QuickBooks cannot ask for permission.

use deskside_model::Command;
use deskside_model::connection::Mode;
use deskside_model::evidence::{Finding, Machine, Presence, Reachability, Screen, Title};
use deskside_model::link::LinkProfile;
use deskside_text as text;

use super::launching::launch;
use crate::view::{Check, CheckState};

/// A clock that is wrong by more makes signatures and certificates doubtful. Source: Standard
/// Webhooks 1.0, "timestamp".
const CLOCK_TOLERANCE_SECONDS: u64 = 5 * 60;

/// The user of a company file who may grant access the first time.
const ADMIN: &str = "Admin";

/// Checks everything that a link needs. `host` is the host of the page, and `reachability` the result
/// of its probe, once there is one.
pub(super) fn checks(
    machine: &Machine,
    mode: Mode,
    profile: Option<&LinkProfile>,
    host: &str,
    reachability: Option<&Reachability>,
) -> Vec<Check> {
    vec![
        computer(machine),
        quickbooks(machine, mode),
        web_connector(machine, profile),
        reached(machine, host, reachability),
        clock(reachability),
    ]
}

/// True when nothing is known to be wrong.
pub(super) fn is_clear(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.mark != CheckState::Bad)
}

/// True when everything is known to be as it should be.
pub(super) fn is_known_good(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.mark == CheckState::Good)
}

fn check(label: String, mark: CheckState, text: String) -> Check {
    Check { label, text, mark, fix: None }
}

fn computer(machine: &Machine) -> Check {
    let runs = machine.quickbooks.is_here() == Some(true);
    let (mark, text) = match &machine.setup.editions {
        Finding::Known(_) => (CheckState::Good, text::check_computer_good()),
        _ if runs => (CheckState::Good, text::check_computer_good()),
        Finding::Absent => (CheckState::Bad, text::check_computer_bad()),
        Finding::Unknown(_) => (CheckState::Unknown, text::check_computer_unknown()),
    };
    check(text::check_computer(), mark, text)
}

fn quickbooks(machine: &Machine, mode: Mode) -> Check {
    let (mark, text) = match &machine.quickbooks {
        Finding::Known(presence) if presence.own_session > 0 => open(presence, mode),
        Finding::Known(_) => (CheckState::Bad, text::check_quickbooks_elsewhere()),
        Finding::Absent => (CheckState::Bad, text::check_quickbooks_closed()),
        Finding::Unknown(_) => (CheckState::Unknown, text::check_quickbooks_unknown()),
    };
    let can_open = machine.quickbooks.is_here() == Some(false) && mark == CheckState::Bad;
    let fix =
        Some(Command::OpenQuickBooks).filter(|fix| can_open && launch(machine, *fix).is_some());
    Check { fix, ..check(text::check_quickbooks(), mark, text) }
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
    let (mark, text) = match &machine.setup.web_connector {
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
    check(text::check_web_connector(), mark, text)
}

fn reached(machine: &Machine, host: &str, reachability: Option<&Reachability>) -> Check {
    let (mark, text) = match reachability {
        _ if machine.network == Finding::Absent => (CheckState::Bad, text::check_way_bad(host)),
        Some(probe) if probe.is_answered() => (CheckState::Good, text::check_way_good(host)),
        Some(Reachability { stopped_by: Some(_), .. }) => {
            (CheckState::Bad, text::check_way_bad(host))
        }
        Some(_) | None => (CheckState::Unknown, text::check_way_unknown(host)),
    };
    check(text::check_way(host), mark, text)
}

fn clock(reachability: Option<&Reachability>) -> Check {
    let ahead = reachability.and_then(|probe| probe.clock_ahead_seconds.known());
    let ahead = ahead.map(|seconds| seconds.unsigned_abs());
    let (mark, text) = match ahead {
        Some(wrong) if wrong > CLOCK_TOLERANCE_SECONDS => {
            let minutes = u32::try_from(wrong / 60).unwrap_or(u32::MAX);
            (CheckState::Bad, text::check_clock_bad(minutes))
        }
        Some(_) => (CheckState::Good, text::check_clock_good()),
        None => (CheckState::Unknown, text::check_clock_unknown()),
    };
    check(text::check_clock(), mark, text)
}

//! Advice about this computer when nothing is wrong: it changes no verdict and belongs to no
//! connection.

use deskside_model::evidence::{Finding, Machine, Setup};
use deskside_model::registration::Scheme;

use super::{Arguments, Code, Problem};

/// All advice, the most useful first.
#[must_use]
pub fn advise(machine: &Machine) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Finding::Known(Scheme::Taken { program }) = &machine.scheme {
        let arguments = Arguments { program: Some(program.clone()), ..Arguments::default() };
        found.push(Problem::with(Code::SchemeTaken, arguments));
    }
    if let Finding::Known(minutes) = machine.computer.sleeps_plugged_in {
        let arguments = Arguments { minutes: Some(minutes), ..Arguments::default() };
        found.push(Problem::with(Code::Sleeps, arguments));
    }
    let on_battery = machine.computer.on_battery == Finding::Known(true);
    if let (Finding::Known(minutes), true) = (&machine.computer.sleeps_on_battery, on_battery) {
        let arguments = Arguments { minutes: Some(*minutes), ..Arguments::default() };
        found.push(Problem::with(Code::SleepsOnBattery, arguments));
    }
    if let Finding::Known(_) = machine.reports_stuck_since {
        found.push(Problem::plain(Code::ReportsStuck));
    }
    if machine.log_level() == Finding::Known("NONE".into()) {
        found.push(Problem::plain(Code::LoggingOff));
    }
    if does_not_start(&machine.setup) {
        found.push(Problem::plain(Code::AutostartOff));
    }
    if machine.computer.restart_pending == Finding::Known(true) {
        found.push(Problem::plain(Code::RestartPending));
    }
    found
}

/// True when the Web Connector is installed and known not to start by itself.
fn does_not_start(setup: &Setup) -> bool {
    let is_installed = matches!(setup.web_connector, Finding::Known(_));
    is_installed && setup.starts_at_login == Finding::Known(false)
}

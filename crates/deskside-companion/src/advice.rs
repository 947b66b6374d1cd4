//! Advice about this computer that is no problem of a connection, as notices.

use deskside_health::{Problem, advise, words};
use deskside_model::evidence::Machine;

use super::launching::launch;
use super::view::Notice;

/// The advice about this computer.
pub(super) fn advice(machine: &Machine) -> Vec<Notice> {
    advise(machine).iter().map(|problem| advice_notice(problem, machine)).collect()
}

pub(super) fn advice_notice(problem: &Problem, machine: &Machine) -> Notice {
    let (entry, words) = (problem.code.entry(), words(problem));
    Notice {
        code: problem.code.text().into(),
        severity: entry.severity,
        title: words.title,
        text: words.cause,
        steps: words.steps,
        action: entry.action.filter(|action| launch(machine, *action).is_some()),
        dismissible: false,
    }
}

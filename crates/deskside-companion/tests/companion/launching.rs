//! What Deskside opens on request, and how it knows that it worked.

use deskside_companion::{Action, Effect, Input};
use deskside_model::Command;
use deskside_model::evidence::{Edition, Finding, Program, Setup};
use deskside_model::exchange::{Launch, SurveyResult};

use super::world::*;

/// A computer with two editions of QuickBooks and with the Web Connector.
pub(crate) fn installed() -> SurveyResult {
    let program = |path: &str| Program { path: path.into(), version: None };
    let edition = |year, path| Edition { name: "QB".into(), year, program: program(path) };
    let editions = vec![edition(Some(2021), "old.exe"), edition(Some(2024), "new.exe")];
    let setup = Setup {
        editions: Finding::Known(editions),
        web_connector: Finding::Known(program("connector.exe")),
        ..Setup::default()
    };
    SurveyResult { setup, ..SurveyResult::default() }
}

fn connected() -> Desk {
    let mut desk = Desk::connected();
    desk.give(Input::Surveyed(Box::new(installed())));
    desk
}

fn closed() -> Desk {
    let mut desk = connected();
    desk.give(seen(false, true, true));
    desk.live(11);
    desk
}

fn launched(effects: &[Effect]) -> Vec<&Launch> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Launch { what, .. } => Some(what),
            _ => None,
        })
        .collect()
}

#[test]
fn closed_quickbooks_can_be_opened_where_its_program_is_known() {
    let action = |desk: &Desk| desk.view().connections[0].problem.as_ref().unwrap().action;
    assert_eq!(action(&closed()), Some(Command::OpenQuickBooks));

    let mut desk = Desk::connected();
    desk.give(seen(false, true, true));
    desk.live(11);
    assert_eq!(action(&desk), None, "a button without effect");
    assert!(launched(&desk.use_command("conn-1", Command::OpenQuickBooks)).is_empty());
}

#[test]
fn newest_edition_is_opened_once_despite_repeated_clicks() {
    let mut desk = closed();
    let effects = desk.use_command("conn-1", Command::OpenQuickBooks);
    assert_eq!(launched(&effects), [&Launch::Program("new.exe".into())]);
    assert!(desk.view().connections[0].busy, "the launch is not shown as in progress");
    assert!(launched(&desk.use_command("conn-1", Command::OpenQuickBooks)).is_empty());
    desk.give(Input::Launched { command: Command::OpenQuickBooks, started: Ok(()) });
    assert!(launched(&desk.use_command("conn-1", Command::OpenQuickBooks)).is_empty());
}

#[test]
fn launch_succeeds_when_the_program_is_seen() {
    let mut desk = closed();
    desk.use_command("conn-1", Command::OpenQuickBooks);
    desk.give(Input::Launched { command: Command::OpenQuickBooks, started: Ok(()) });
    desk.give(seen(true, true, true));
    assert_eq!((desk.view().opening, notices(&desk)), (None, vec![]));
}

#[test]
fn program_that_does_not_start_is_reported() {
    let mut desk = closed();
    desk.use_command("conn-1", Command::OpenQuickBooks);
    desk.give(Input::Launched { command: Command::OpenQuickBooks, started: Ok(()) });
    desk.live(119);
    assert_eq!((desk.view().opening, notices(&desk)), (Some(Command::OpenQuickBooks), vec![]));
    desk.live(2);
    assert_eq!(
        (desk.view().opening, notices(&desk)),
        (None, vec!["launch.open_quickbooks".into()])
    );
    // Trying again removes the notice.
    desk.use_command("conn-1", Command::OpenQuickBooks);
    assert_eq!(notices(&desk), Vec::<String>::new());
}

#[test]
fn launch_refused_by_windows_is_reported_immediately() {
    let mut desk = closed();
    desk.use_command("conn-1", Command::OpenQuickBooks);
    let started = Err("not found".into());
    desk.give(Input::Launched { command: Command::OpenQuickBooks, started });
    assert_eq!(notices(&desk), ["launch.open_quickbooks"]);
}

#[test]
fn only_installed_and_closed_programs_can_be_opened() {
    assert_eq!(Desk::connected().view().shortcuts, []);
    assert_eq!(connected().view().shortcuts, [], "both are open already");
    let mut desk = closed();
    assert_eq!(desk.view().shortcuts, [Command::OpenQuickBooks]);
    let command = Command::OpenQuickBooks;
    let effects = desk.give(Input::User(Action::Open { command }));
    assert_eq!(launched(&effects).len(), 1);
}

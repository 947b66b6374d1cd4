//! A link from outside whose connection has no source: only the log shows its progress.

use deskside_companion::{Input, LinkStage};
use deskside_model::evidence::run::{RunFailure, RunOutcome};
use deskside_model::evidence::{Finding, RemoteState};
use deskside_model::link::{AttemptOutcome, Provider};
use deskside_model::{Cause, Command, ConnectionId};
use jiff::SignedDuration;

use super::route::*;
use super::world::*;

/// An opened link from outside, with the connection that it created; the log named these
/// applications before.
fn out(before: &[&str]) -> (Desk, ConnectionId) {
    let mut desk = Desk::at_work();
    let earlier = desk.now - SignedDuration::from_mins(5);
    let runs: Vec<_> = before.iter().map(|app| (*app, earlier, RunOutcome::Ok)).collect();
    desk.sync(&runs);
    let id = open_shared(&mut desk, &connect_link(1));
    (desk, id)
}

fn open_shared(desk: &mut Desk, link: &str) -> ConnectionId {
    desk.link(link);
    assert_eq!(opened(&desk.say(true, false)).len(), 1);
    desk.view().connections.pop().unwrap().id
}

fn failed() -> RunOutcome {
    RunOutcome::Failed(RunFailure {
        code: None,
        hresult: None,
        cause: Cause::Consent,
        problem: None,
    })
}

fn ending(desk: &mut Desk, id: impl AsRef<str>) -> Option<AttemptOutcome> {
    life(&desk.remembered(), id)?.ending()
}

#[test]
fn only_a_working_new_application_confirms_a_link() {
    for before in [vec![], vec!["Larch"]] {
        let (mut desk, id) = out(&before);
        desk.wait(60);
        let now = desk.now;
        desk.sync(&[("Larch", now, failed()), ("Otter", now, failed())]);
        assert_eq!(desk.stage(&id), Some(LinkStage::Waiting), "{before:?}");
        desk.wait(60);
        let now = desk.now;
        desk.sync(&[("Otter", now, RunOutcome::OkNoWork)]);
        assert_eq!(desk.stage(&id), Some(LinkStage::Confirmed), "{before:?}");
        desk.live(601);
        assert_eq!(desk.link_of(&id), None, "old news");
    }
}

#[test]
fn existing_application_neither_confirms_nor_denies_a_link() {
    // Given a link that connects again what was connected before
    let (mut desk, id) = out(&["Larch"]);
    desk.wait(60);
    let now = desk.now;
    desk.sync(&[("Larch", now, RunOutcome::Ok)]);
    assert_eq!(desk.done(&id), [false; 5], "it would have run anyway");
    assert_eq!(desk.stage(&id), Some(LinkStage::Waiting));
    // When the link expires, then the steps are not called unfinished
    desk.live(30 * 60);
    assert_eq!(ending(&mut desk, &id), Some(AttemptOutcome::Unconfirmed));
    let link = desk.link_of(&id).unwrap();
    assert!(link.text.contains("cannot tell"), "{link:?}");
}

#[test]
fn log_unread_at_opening_confirms_no_link() {
    let mut desk = Desk::at_work();
    desk.give(Input::Synced(Finding::Unknown("locked".into())));
    let id = open_shared(&mut desk, &connect_link(1));
    desk.wait(60);
    let now = desk.now;
    desk.sync(&[("Larch", now, RunOutcome::Ok), ("Otter", now, RunOutcome::Ok)]);
    assert_eq!(desk.stage(&id), Some(LinkStage::Waiting), "it may have been there before");
    desk.live(30 * 60);
    assert_eq!(ending(&mut desk, &id), Some(AttemptOutcome::Unconfirmed));
}

#[test]
fn new_application_confirms_neither_of_two_open_links() {
    let (mut desk, first) = out(&[]);
    let second = open_shared(&mut desk, RUTTER);
    desk.wait(60);
    let now = desk.now;
    desk.sync(&[("Otter", now, RunOutcome::Ok)]);
    desk.live(30 * 60);
    assert_eq!(ending(&mut desk, &first), Some(AttemptOutcome::Unconfirmed));
    let now = desk.now;
    desk.sync(&[("Otter", now, RunOutcome::Ok)]);
    assert_eq!(
        desk.stage(&second),
        Some(LinkStage::Waiting),
        "the application could belong to either"
    );
    // One that appears when only one link is left belongs to that link
    desk.sync(&[("Otter", now, RunOutcome::Ok), ("Fir", now, RunOutcome::Ok)]);
    assert_eq!(desk.stage(&second), Some(LinkStage::Confirmed));
}

#[test]
fn connection_without_source_promises_no_confirmation() {
    let (desk, id) = out(&[]);
    let text = desk.link_of(&id).unwrap().text;
    let (told, _) = out_of(Provider::Conductor);
    let promise = "notices by itself";
    assert!(told.link_of("conn-1").unwrap().text.contains(promise));
    assert!(!text.contains(promise), "{text}");
}

#[test]
fn link_with_finished_steps_is_not_called_unfinished() {
    // Given a backend that does not report it, and a log without applications before
    let (mut desk, _) = out_of(Provider::Conductor);
    desk.sync(&[]);
    open_one(&mut desk, "conn-1", Provider::Conductor);
    desk.tell_not_set_up(Provider::Conductor);
    desk.wait(60);
    let now = desk.now;
    desk.sync(&[("Otter", now, RunOutcome::Ok)]);
    assert_eq!(desk.done("conn-1"), [true; 5]);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Waiting), "its backend would say so");
    desk.live(30 * 60);
    assert_eq!(ending(&mut desk, "conn-1"), Some(AttemptOutcome::Unconfirmed));
    desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Confirmed));
}

#[test]
fn link_canceled_by_the_user_raises_no_alarm() {
    let (mut desk, id) = out(&[]);
    desk.use_command(&id, Command::CancelLink);
    let effects = desk.live(60);
    assert_eq!(problem(&desk), None, "the user already knows that the link was canceled");
    assert_eq!(toasts(&effects), Vec::<&str>::new());
    assert_eq!(desk.stage(&id), Some(LinkStage::Ended));
}

//! A link is confirmed by its source; time alone can end it too.

use deskside_companion::{Input, LinkStage, Status};
use deskside_model::evidence::run::{RunFailure, RunOutcome};
use deskside_model::evidence::{DataState, Fault, Finding, RemoteState, RemoteStatus, Setup};
use deskside_model::exchange::SurveyResult;
use deskside_model::link::{AttemptOutcome, Provider};
use deskside_model::{Cause, Command};
use jiff::{SignedDuration, Timestamp};

use super::route::*;
use super::world::*;

fn status(state: RemoteState, data: Option<DataState>) -> RemoteStatus {
    RemoteStatus { state, data, ..RemoteStatus::default() }
}

fn worked_at(state: RemoteState, then: Timestamp) -> RemoteStatus {
    RemoteStatus { last_success_at: Some(then), ..status(state, Some(DataState::Complete)) }
}

/// An open link of a connection that has never worked.
fn out() -> (Desk, Fetch) {
    let (mut desk, fetch) = out_of(Provider::Conductor);
    desk.tell(status(RemoteState::NotSetUp, None));
    (desk, fetch)
}

/// How the link of the only connection ended, from the state that a batch saves.
fn ending(effects: &[deskside_companion::Effect]) -> Option<AttemptOutcome> {
    life(&saved(effects)?, "conn-1")?.ending()
}

#[test]
fn healthy_status_confirms_link_and_message_clears_itself() {
    for (said, title) in [
        (status(RemoteState::Healthy, None), "Connected"),
        (status(RemoteState::Waiting, Some(DataState::Waiting)), "Connected"),
        (status(RemoteState::Waiting, Some(DataState::Syncing)), "Connected"),
        (status(RemoteState::Waiting, Some(DataState::Complete)), "Connected"),
    ] {
        let (mut desk, _) = out();
        desk.wait(60);
        let effects = desk.tell(said.clone());
        assert_eq!(ending(&effects), Some(AttemptOutcome::Confirmed), "{said:?}");
        let link = desk.link_of("conn-1").unwrap();
        assert_eq!((link.stage, link.title.as_str()), (LinkStage::Confirmed, title));
        assert_eq!(link.text.contains("planned time"), said.state == RemoteState::Waiting);
        assert_eq!((link.commands, link.expires_at), (vec![], None));
        desk.live(599);
        assert!(desk.link_of("conn-1").is_some());
        desk.live(1);
        assert_eq!(desk.link_of("conn-1"), None, "old news");
    }
}

#[test]
fn only_a_healthy_status_confirms_a_link() {
    let data =
        [None, Some(DataState::Failed), Some(DataState::Reauthorize), Some(DataState::Unknown)];
    let states = [
        RemoteState::NotSetUp,
        RemoteState::Waiting,
        RemoteState::Inactive,
        RemoteState::Broken,
        RemoteState::Deauthorized,
        RemoteState::Unlinked,
        RemoteState::Removed,
        RemoteState::Unknown,
    ];
    for (state, data) in states.iter().flat_map(|state| data.map(|data| (*state, data))) {
        let (mut desk, fetch) = out();
        desk.tell(status(state, data));
        assert_eq!(desk.stage("conn-1"), Some(LinkStage::Waiting), "{state:?} {data:?}");
        desk.come_back(&fetch.state, &[]);
        desk.tell(status(state, data));
        assert_eq!(desk.stage("conn-1"), Some(LinkStage::Returned), "{state:?} {data:?}");
    }
}

#[test]
fn old_success_confirms_no_new_link() {
    let old: Timestamp = "2026-11-19T08:00:00Z".parse().unwrap();
    for before in [
        status(RemoteState::Healthy, None),
        worked_at(RemoteState::Healthy, old),
        worked_at(RemoteState::Waiting, old),
    ] {
        // Given a working connection with a new open link
        let mut desk = Desk::connected();
        desk.tell(before.clone());
        let fetch = open_one(&mut desk, "conn-1", Provider::Conductor);
        // When it still works
        desk.wait(60);
        desk.tell(before.clone());
        assert_eq!(desk.stage("conn-1"), Some(LinkStage::Waiting), "{before:?}");
        // Then only new data or the browser's return show that the steps are done
        let mut after_return = restarted(&desk.remembered(), desk.now);
        after_return.come_back(&fetch.state, &[]);
        after_return.tell(before.clone());
        assert_eq!(after_return.stage("conn-1"), Some(LinkStage::Confirmed), "{before:?}");
        let now = desk.now;
        desk.tell(worked_at(RemoteState::Healthy, now));
        assert_eq!(desk.stage("conn-1"), Some(LinkStage::Confirmed), "{before:?}");
    }
}

#[test]
fn polls_after_return_slow_down_then_end_as_unconfirmed() {
    let (mut desk, fetch) = out();
    desk.live(60);
    desk.come_back(&fetch.state, &[]);
    desk.tell(status(RemoteState::NotSetUp, None));
    let (mut asked, end) = (Vec::new(), desk.after(10));
    while let Some(wake) = desk.companion.next_wake().filter(|wake| *wake < end) {
        desk.now = wake;
        if questions(&desk.give(Input::Woke)) > 0 {
            asked.push(wake);
            desk.tell(status(RemoteState::NotSetUp, None));
        }
    }
    let pauses: Vec<i64> =
        asked.windows(2).map(|two| two[1].duration_since(two[0]).as_secs()).collect();
    assert!(pauses.first() < Some(&6) && pauses.last() > Some(&12), "{pauses:?}");
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Returned));
    desk.now = end;
    let effects = desk.give(Input::Woke);
    assert_eq!(ending(&effects), Some(AttemptOutcome::Unconfirmed));
    assert_ne!(desk.view().status, Status::Healthy);
}

#[test]
fn late_confirmation_still_confirms_the_link() {
    let ends: [Turn<AttemptOutcome>; 4] = [
        (AttemptOutcome::Expired, |desk, _| {
            desk.live(31 * 60);
        }),
        (AttemptOutcome::Cancelled, |desk, _| {
            desk.use_command("conn-1", Command::CancelLink);
        }),
        (AttemptOutcome::Unconfirmed, |desk, fetch| {
            desk.come_back(&fetch.state, &[]);
            desk.live(601);
        }),
        (AttemptOutcome::NotFetched, |desk, _| {
            let connection = "conn-1".into();
            desk.give(Input::BrowserStarted { connection, started: Err("none".into()) });
        }),
    ];
    for (how, end) in ends {
        let (mut desk, fetch) = out();
        end(&mut desk, &fetch);
        assert_eq!(life(&desk.remembered(), "conn-1").unwrap().ending(), Some(how));
        desk.tell(status(RemoteState::NotSetUp, None));
        assert_eq!(desk.stage("conn-1"), Some(LinkStage::Ended));
        desk.tell(status(RemoteState::Healthy, None));
        assert_eq!(desk.stage("conn-1"), Some(LinkStage::Confirmed), "{how:?}");
    }
}

#[test]
fn link_expires_on_time_also_during_sleep() {
    for jump in [false, true] {
        let (mut desk, _) = out();
        let end = desk.link_of("conn-1").unwrap().expires_at.unwrap();
        let effects = if jump {
            desk.now = end + SignedDuration::from_hours(9);
            desk.give(Input::Resumed)
        } else {
            let before = end.duration_since(desk.now).as_secs() - 1;
            desk.live(before);
            assert_eq!(desk.stage("conn-1"), Some(LinkStage::Waiting));
            desk.live(1)
        };
        assert_eq!(ending(&effects), Some(AttemptOutcome::Expired));
        let link = desk.link_of("conn-1").unwrap();
        assert_eq!(link.commands, [Command::OpenLink], "no new link is offered");
    }
}

#[test]
fn expiry_given_by_the_backend_counts() {
    let mut desk = Desk::connected();
    let fetch = desk.want_link("conn-1");
    let until = desk.after(5);
    desk.answer_fetch(&fetch, Ok(fresh(LINK, Some(until))));
    assert_eq!(desk.link_of("conn-1").unwrap().expires_at, Some(until));
    desk.live(5 * 60);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Ended));
}

#[test]
fn link_without_expiry_ends_after_a_week() {
    let (mut desk, _) = out_of(Provider::Rutter);
    desk.tell(status(RemoteState::NotSetUp, None));
    assert_eq!(desk.link_of("conn-1").unwrap().expires_at, None);
    desk.wait(7 * 24 * 3600 - 1);
    desk.give(Input::Woke);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Waiting));
    desk.wait(1);
    assert_eq!(ending(&desk.give(Input::Woke)), Some(AttemptOutcome::Unconfirmed));
}

#[test]
fn clock_set_back_does_not_extend_a_link() {
    for ends_meanwhile in [false, true] {
        let (mut desk, fetch) = out();
        desk.now -= SignedDuration::from_hours(24 * 365);
        if ends_meanwhile {
            desk = restarted(&desk.remembered(), desk.now);
        }
        desk.give(Input::Woke);
        let link = desk.link_of("conn-1").unwrap();
        assert_eq!((link.stage, link.expires_at), (LinkStage::Waiting, Some(desk.after(30))));
        let mut later = restarted(&desk.remembered(), desk.now);
        later.come_back(&fetch.state, &[]);
        assert_eq!(later.stage("conn-1"), Some(LinkStage::Returned), "its return is forgotten");
        desk.live(30 * 60);
        assert_eq!(desk.stage("conn-1"), Some(LinkStage::Ended), "waits for a year");
    }
}

#[test]
fn log_entries_since_opening_check_off_steps() {
    let failed =
        |cause| RunOutcome::Failed(RunFailure { code: None, hresult: None, cause, problem: None });
    let (mut desk, _) = out_of(Provider::Conductor);
    let earlier = desk.now - SignedDuration::from_mins(5);
    desk.sync(&[("Larch", earlier, RunOutcome::Ok)]);
    desk.tell(status(RemoteState::NotSetUp, None));
    let fetch = open_one(&mut desk, "conn-1", Provider::Conductor);
    let nothing = [false; 5];
    assert_eq!(desk.done("conn-1"), nothing, "an earlier run counts");
    // An application that was there before shows nothing about this one
    desk.wait(60);
    let now = desk.now;
    desk.sync(&[("Larch", earlier, RunOutcome::Ok), ("Otter", earlier, RunOutcome::Ok)]);
    assert_eq!(desk.done("conn-1"), nothing);
    // A new one that has run has its setup file and password; it has permission when it works
    desk.sync(&[("Larch", now, RunOutcome::Ok), ("Otter", now, failed(Cause::Consent))]);
    assert_eq!(desk.done("conn-1"), [true, true, false, true, true]);
    desk.sync(&[("Larch", now, RunOutcome::Ok), ("Otter", now, RunOutcome::OkNoWork)]);
    assert_eq!(desk.done("conn-1"), [true; 5]);
    // They are shown only while something remains to be done
    desk.come_back(&fetch.state, &[]);
    assert_eq!(desk.done("conn-1"), Vec::<bool>::new());
    desk.tell(status(RemoteState::Healthy, None));
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Confirmed));
}

#[test]
fn another_vendors_program_completes_no_step_of_a_first_link() {
    let (mut desk, _) = out_of(Provider::Codat);
    desk.tell_not_set_up(Provider::Codat);
    let earlier = desk.now - SignedDuration::from_mins(5);
    desk.sync(&[("Larch", earlier, RunOutcome::Ok)]);
    open_one(&mut desk, "conn-1", Provider::Codat);
    let nothing = [false; 6];
    assert_eq!(
        desk.done("conn-1"),
        nothing,
        "a Web Connector that was already there counts as installed"
    );
    desk.wait(60);
    let now = desk.now;
    desk.sync(&[("Larch", now, RunOutcome::Ok)]);
    assert_eq!(desk.done("conn-1"), nothing, "another application's run counts");
}

#[test]
fn log_unread_at_opening_checks_off_no_step() {
    let (mut desk, _) = out_of(Provider::Conductor);
    desk.wait(60);
    let now = desk.now;
    desk.sync(&[("Larch", now, RunOutcome::Ok)]);
    assert_eq!(desk.done("conn-1"), [false; 5], "the application's connection is unknown");
    // If there was no log before, everything in it is new
    desk.give(Input::Synced(Finding::Unknown("not read".into())));
    let setup = Setup { log: Finding::Absent, ..Setup::default() };
    desk.give(Input::Surveyed(Box::new(SurveyResult { setup, ..SurveyResult::default() })));
    open_one(&mut desk, "conn-1", Provider::Conductor);
    desk.wait(60);
    let now = desk.now;
    desk.sync(&[("Larch", now, RunOutcome::Ok)]);
    assert_eq!(desk.done("conn-1"), [true; 5]);
}

#[test]
fn only_application_belongs_to_the_connection_set_up_before() {
    for before in [RemoteState::Deauthorized, RemoteState::Inactive, RemoteState::Unlinked] {
        let mut desk = Desk::connected();
        let earlier = desk.now - SignedDuration::from_mins(5);
        desk.sync(&[("Larch", earlier, RunOutcome::Ok)]);
        desk.answer_status(Ok(before));
        open_one(&mut desk, "conn-1", Provider::Conductor);
        assert_eq!(desk.done("conn-1"), [false; 5], "{before:?}: an earlier run counts");
        desk.wait(60);
        let now = desk.now;
        desk.sync(&[("Larch", now, RunOutcome::Ok)]);
        assert_eq!(desk.done("conn-1"), [true; 5], "{before:?}");
    }
}

#[test]
fn link_waits_unconfirmed_while_no_source_answers() {
    let (mut desk, fetch) = out();
    desk.come_back(&fetch.state, &[]);
    for fault in [Fault::Unreachable, Fault::Unusable, Fault::Rejected, Fault::NoCredential] {
        desk.answer_status(Err(fault));
        assert_eq!(desk.stage("conn-1"), Some(LinkStage::Returned), "{fault:?}");
        assert_ne!(desk.view().status, Status::Healthy, "{fault:?}");
    }
}

#[test]
fn canceled_renewal_is_not_shown_while_connection_works() {
    let mut desk = Desk::connected();
    open_one(&mut desk, "conn-1", Provider::Conductor);
    desk.use_command("conn-1", Command::CancelLink);
    desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(desk.view().status, Status::Healthy);
    assert_eq!(desk.stage("conn-1"), None, "the steps are said to be unfinished");
    // If nothing works without them, one problem says so
    desk.answer_status(Ok(RemoteState::NotSetUp));
    desk.live(60);
    assert_eq!(problem(&desk), Some("connection.link_cancelled"));
    assert_eq!(desk.stage("conn-1"), None, "the steps are said to be unfinished twice");
}

#[test]
fn expired_link_is_announced_once() {
    let (mut desk, _) = out();
    desk.live(30 * 60);
    desk.tell(status(RemoteState::NotSetUp, None));
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Ended));
    desk.live(60);
    assert_eq!(problem(&desk), Some("connection.link_expired"));
    assert_eq!(desk.stage("conn-1"), None, "two panels for one cause");
    // What the problem does not say stays visible
    let (mut desk, _) = out();
    let connection = "conn-1".into();
    desk.give(Input::BrowserStarted { connection, started: Err("none".into()) });
    desk.tell(status(RemoteState::NotSetUp, None));
    desk.live(60);
    assert_eq!(problem(&desk), Some("connection.not_set_up"));
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Ended));
}

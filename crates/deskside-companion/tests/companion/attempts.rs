//! Each connection has one link at a time, and every answer belongs to its own attempt.

use deskside_companion::{Input, LinkStage, SavedState};
use deskside_model::Command;
use deskside_model::evidence::{Fault, RemoteState};
use deskside_model::exchange::FreshLink;
use deskside_model::link::{AttemptOutcome, Provider};
use jiff::SignedDuration;

use super::route::*;
use super::world::*;

const OTHER: &str = "https://connect.conductor.is/qbd/SECRETLINK2";

/// A desk with one backend and two connections that were never set up.
fn two() -> Desk {
    let saved = SavedState {
        connections: vec![connection_of("dev-1", "conn-1"), connection_of("dev-1", "conn-2")],
        devices: vec![device("dev-1", KNOWN_HOST)],
        ..SavedState::default()
    };
    let mut desk = Desk::with(saved);
    let both = ["conn-1", "conn-2"].map(|id| told(id, RemoteState::NotSetUp));
    desk.give(Input::StatusReceived { source: source(), answer: Ok(both.into()), pause: None });
    desk
}

#[test]
fn two_clicks_request_one_link() {
    let mut desk = Desk::connected();
    let fetch = desk.want_link("conn-1");
    assert!(fetched(&desk.use_command("conn-1", Command::OpenLink)).is_none());
    assert_eq!(opened(&desk.answer_fetch(&fetch, Ok(fresh(LINK, None)))), [LINK]);
    assert!(desk.answer_fetch(&fetch, Ok(fresh(OTHER, None))).is_empty(), "answered twice");
}

#[test]
fn answer_to_an_abandoned_request_opens_nothing() {
    // Given a link that was requested, canceled and requested again
    let mut desk = Desk::connected();
    let first = desk.want_link("conn-1");
    desk.use_command("conn-1", Command::CancelLink);
    let second = desk.want_link("conn-1");
    assert_ne!((&first.attempt, &first.state), (&second.attempt, &second.state));
    // When the first answer arrives, good or bad
    let before = (whole(&desk.companion), desk.view());
    assert!(desk.answer_fetch(&first, Ok(fresh(OTHER, None))).is_empty());
    assert!(desk.answer_fetch(&first, Err(Fault::Unreachable)).is_empty());
    assert_eq!((whole(&desk.companion), desk.view()), before);
    // Then only the second answer counts
    assert_eq!(opened(&desk.answer_fetch(&second, Ok(fresh(LINK, None)))), [LINK]);
}

#[test]
fn new_link_replaces_the_open_link() {
    let (mut desk, first) = out_of(Provider::Conductor);
    desk.answer_status(Ok(RemoteState::NotSetUp));
    desk.wait(60);
    let second = desk.want_link("conn-1");
    for state in [&first.state, &second.state] {
        assert!(desk.come_back(state, &[]).is_empty(), "returned before it was opened");
    }
    assert_eq!(opened(&desk.answer_fetch(&second, Ok(fresh(LINK, None)))), [LINK]);
    let before = whole(&desk.companion);
    assert!(desk.come_back(&first.state, &[]).is_empty(), "the old state is accepted");
    assert_eq!(whole(&desk.companion), before);
    desk.come_back(&second.state, &[]);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Returned));
}

#[test]
fn two_links_open_at_once_do_not_mix() {
    let mut desk = two();
    let (one, two) = (desk.want_link("conn-1"), desk.want_link("conn-2"));
    // The answers arrive in a different order than the requests
    assert_eq!(opened(&desk.answer_fetch(&two, Ok(fresh(OTHER, None)))), [OTHER]);
    let other = desk.link_of("conn-2");
    // An answer for one connection with the attempt of the other is ignored
    let crossed = Fetch { attempt: two.attempt.clone(), ..one.clone() };
    assert!(desk.answer_fetch(&crossed, Ok(fresh(LINK, None))).is_empty());
    assert_eq!(opened(&desk.answer_fetch(&one, Ok(fresh(LINK, None)))), [LINK]);
    desk.come_back(&one.state, &[]);
    let stages = |desk: &Desk| (desk.stage("conn-1"), desk.stage("conn-2"));
    assert_eq!(stages(&desk), (Some(LinkStage::Returned), Some(LinkStage::Waiting)));
    assert_eq!(desk.link_of("conn-2"), other);
    desk.use_command("conn-2", Command::CancelLink);
    assert_eq!(stages(&desk), (Some(LinkStage::Returned), Some(LinkStage::Ended)));
    let told = vec![told("conn-1", RemoteState::Healthy), told("conn-2", RemoteState::NotSetUp)];
    desk.give(Input::StatusReceived { source: source(), answer: Ok(told), pause: None });
    assert_eq!(stages(&desk), (Some(LinkStage::Confirmed), Some(LinkStage::Ended)));
}

#[test]
fn two_open_outside_links_make_two_connections() {
    let mut desk = Desk::at_work();
    for number in [1, 2] {
        desk.link(connect_link(number));
        assert_eq!(opened(&desk.say(true, false)).len(), 1);
    }
    let ids: Vec<_> = desk.view().connections.into_iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 2);
    desk.use_command(&ids[0], Command::CancelLink);
    assert_eq!(desk.stage(&ids[0]), Some(LinkStage::Ended));
    assert_eq!(desk.stage(&ids[1]), Some(LinkStage::Waiting));
}

#[test]
fn unavailable_link_ends_and_can_be_requested_again() {
    for fault in [Fault::Unreachable, Fault::Unusable, Fault::Rejected, Fault::NoCredential] {
        let mut desk = two();
        let fetch = desk.want_link("conn-1");
        assert_eq!(desk.link_of("conn-1").unwrap().commands, [Command::CancelLink]);
        assert_eq!(opened(&desk.answer_fetch(&fetch, Err(fault))), Vec::<&str>::new());
        let link = desk.link_of("conn-1").unwrap();
        assert_eq!((link.stage, link.commands), (LinkStage::Ended, vec![Command::OpenLink]));
        let again = desk.want_link("conn-1");
        assert_eq!(opened(&desk.answer_fetch(&again, Ok(fresh(LINK, None)))), [LINK]);
    }
}

#[test]
fn link_expired_before_arrival_is_not_opened() {
    let mut desk = two();
    let fetch = desk.want_link("conn-1");
    let until = desk.now - SignedDuration::from_secs(1);
    let effects = desk.answer_fetch(&fetch, Ok(fresh(LINK, Some(until))));
    assert_eq!(opened(&effects), Vec::<&str>::new());
    assert_eq!(
        life(&saved(&effects).unwrap(), "conn-1").unwrap().ending(),
        Some(AttemptOutcome::Expired)
    );
    assert_eq!(desk.link_of("conn-1").unwrap().commands, [Command::OpenLink]);
}

#[test]
fn opened_link_is_not_opened_when_issued_again() {
    const RUTTER: &str = "https://link.rutterapi.com/connection/SECRETRUTTER";
    let of = |url: &str, single_use| FreshLink { single_use, ..fresh(url, None) };
    for (url, single_use, times) in [
        (LINK, None, 1),
        (LINK, Some(true), 1),
        (LINK, Some(false), 2),
        (RUTTER, None, 2),
        (RUTTER, Some(true), 1),
    ] {
        let mut desk = two();
        let mut seen = 0;
        for _ in 0..2 {
            let fetch = desk.want_link("conn-1");
            seen += opened(&desk.answer_fetch(&fetch, Ok(of(url, single_use)))).len();
        }
        assert_eq!(seen, times, "{url} {single_use:?}");
        let stage = if times == 1 { LinkStage::Ended } else { LinkStage::Waiting };
        assert_eq!(desk.stage("conn-1"), Some(stage), "{url} {single_use:?}");
    }
}

#[test]
fn link_steps_and_return_follow_its_own_provider() {
    // Given a connection to Conductor that gets a link from Codat
    let mut desk = two();
    let fetch = desk.want_link("conn-1");
    let url = "https://link-api.codat.io/companies/c/connections/k/start?otp=SECRET";
    desk.answer_fetch(&fetch, Ok(fresh(url, None)));
    let profile = Provider::Codat.profile();
    assert_eq!(desk.link_of("conn-1").unwrap().steps.len(), profile.steps.len());
    desk.come_back(&fetch.state, &[("statusCode", "501")]);
    let ending = life(&desk.remembered(), "conn-1").unwrap().ending();
    assert_eq!(ending, Some(AttemptOutcome::Unsupported));
}

#[test]
fn links_with_a_subject_belong_to_one_connection_each() {
    let codat = |company: &str, connection: &str, otp: &str| {
        format!(
            "https://link-api.codat.io/companies/{company}/connections/{connection}/start?otp={otp}"
        )
    };
    let rutter = |id: &str| format!("https://link.rutterapi.com/connection/{id}");
    let company = |id: &str| format!("https://link.codat.io/acme/company/{id}?link.otp=1");
    for (links, connections) in [
        (vec![codat("1", "1", "a"), codat("1", "1", "b")], 1),
        (vec![codat("1", "1", "a"), codat("2", "1", "b"), codat("1", "1", "c")], 2),
        (vec![codat("1", "1", "a"), codat("1", "2", "b")], 2),
        (vec![company("1"), company("2"), company("1").replace("acme/", "")], 2),
        (vec![rutter("1"), rutter("2"), rutter("1")], 2),
    ] {
        let mut desk = Desk::at_work();
        for link in &links {
            desk.link(format!("deskside://connect?link={}", link.replace('&', "%26")));
            assert_eq!(opened(&desk.say(true, false)).len(), 1, "{link}");
            for connection in desk.view().connections {
                desk.use_command(&connection.id, Command::CancelLink);
            }
        }
        assert_eq!(desk.view().connections.len(), connections, "{links:?}");
    }
}

#[test]
fn link_can_be_requested_again_after_exit_during_fetch() {
    let mut desk = two();
    let effects = desk.use_command("conn-1", Command::OpenLink);
    let mut desk = restarted(&saved(&effects).unwrap(), desk.now);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Preflight), "does not wait for the user");
    let fetch = fetched(&desk.use_command("conn-1", Command::GoOn)).expect("no link was requested");
    assert_eq!(opened(&desk.answer_fetch(&fetch, Ok(fresh(LINK, None)))), [LINK]);
}

#[test]
fn unanswered_link_request_ends_after_two_minutes() {
    let mut desk = two();
    let fetch = desk.want_link("conn-1");
    desk.live(119);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Fetching));
    desk.live(1);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Ended));
    let before = whole(&desk.companion);
    assert!(
        desk.answer_fetch(&fetch, Ok(fresh(LINK, None))).is_empty(),
        "opened without a request"
    );
    assert_eq!(whole(&desk.companion), before);
}

#[test]
fn failed_browser_ends_only_its_own_link() {
    let mut desk = two();
    let fetch = open_one(&mut desk, "conn-1", Provider::Conductor);
    open_one(&mut desk, "conn-2", Provider::Conductor);
    let failed =
        |id: &str| Input::BrowserStarted { connection: id.into(), started: Err("".into()) };
    desk.give(failed("conn-1"));
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Ended));
    assert_eq!(desk.stage("conn-2"), Some(LinkStage::Waiting));
    assert!(desk.come_back(&fetch.state, &[]).is_empty(), "returned without an open link");
    // The failure of an earlier link does not end the one that is being fetched
    let second = desk.want_link("conn-1");
    desk.give(failed("conn-1"));
    assert_eq!(opened(&desk.answer_fetch(&second, Ok(fresh(LINK, None)))), [LINK]);
}

#[test]
fn link_for_a_missing_connection_is_not_opened() {
    let gone: [Turn<&str>; 3] = [
        ("it was removed", |desk, _| {
            desk.use_command("conn-1", Command::Remove);
            desk.give(Input::Removed { connection: "conn-1".into(), answer: Ok(()) });
        }),
        ("its backend no longer has it", |desk, _| {
            desk.give(Input::StatusReceived { source: source(), answer: Ok(vec![]), pause: None });
        }),
        ("the user signed out of its backend", |desk, _| {
            desk.give(sign_out("dev-1"));
        }),
    ];
    for (why, go) in gone {
        let mut desk = Desk::connected();
        let fetch = desk.want_link("conn-1");
        go(&mut desk, &fetch);
        assert_eq!(desk.view().connections, [], "{why}");
        assert!(desk.answer_fetch(&fetch, Ok(fresh(LINK, None))).is_empty(), "{why}");
    }
}

#[test]
fn computer_is_checked_before_a_fetched_link_opens() {
    // Given QuickBooks is closed
    let mut desk = two();
    desk.give(seen(false, true, true));
    // When a link is wanted, none is requested that could not be used
    assert!(fetched(&desk.use_command("conn-1", Command::OpenLink)).is_none());
    let link = desk.link_of("conn-1").unwrap();
    assert_eq!((link.stage, link.expires_at), (LinkStage::Preflight, None));
    // Then canceling keeps the connection, and continuing requests the link
    desk.use_command("conn-1", Command::CancelLink);
    assert_eq!(desk.link_of("conn-1"), None);
    desk.use_command("conn-1", Command::OpenLink);
    let fetch = fetched(&desk.use_command("conn-1", Command::GoOn)).expect("no link was requested");
    assert!(fetched(&desk.use_command("conn-1", Command::GoOn)).is_none(), "requested twice");
    assert_eq!(opened(&desk.answer_fetch(&fetch, Ok(fresh(LINK, None)))), [LINK]);
}

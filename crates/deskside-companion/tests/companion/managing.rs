//! What is done with connections that stand: stopped, removed, left, side by side.

use deskside_companion::{Effect, Input, LinkStage, SavedState, Status};
use deskside_model::evidence::{Fault, RemoteState};
use deskside_model::exchange::Source;
use deskside_model::{Command, ConnectionId};

use super::route::*;
use super::world::*;

fn stops(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::StopSyncing(..))).count()
}

fn removes(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::RemoveThere(..))).count()
}

fn left(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Leave(_))).count()
}

fn ids(desk: &Desk) -> Vec<ConnectionId> {
    desk.view().connections.into_iter().map(|connection| connection.id).collect()
}

/// A second backend with one connection of this identifier.
fn beside(desk: &mut Desk, remote: &str) -> ConnectionId {
    desk.enroll(OTHER_HOST, "dev-9", vec![told(remote, RemoteState::Healthy)]);
    ids(desk).pop().unwrap()
}

/// What the second backend tells of its connections.
fn tells(desk: &mut Desk, device: &str, remote: &str, state: RemoteState) -> Vec<Effect> {
    let source = Source::Backend(device.into());
    desk.give(Input::StatusReceived { source, answer: Ok(vec![told(remote, state)]), pause: None })
}

#[test]
fn stopped_connection_stays_listed() {
    let mut desk = Desk::connected();
    assert_eq!(stops(&desk.use_command("conn-1", Command::StopSyncing)), 1);
    assert_eq!(stops(&desk.use_command("conn-1", Command::StopSyncing)), 0, "stopped twice");
    assert!(desk.connection("conn-1").busy);
    let effects = desk.give(Input::Stopped { connection: "conn-1".into(), answer: Ok(()) });
    assert_eq!(questions(&effects) + questions(&desk.live(2)), 1, "nobody looks whether it is so");
    desk.live(60);
    let connection = desk.connection("conn-1");
    assert!(!connection.busy && connection.status != Status::Healthy, "{connection:?}");
    assert!(!connection.commands.contains(&Command::StopSyncing));
    assert!(connection.commands.contains(&Command::OpenLink), "cannot be connected again");
}

#[test]
fn failed_stop_keeps_connection_running_and_shows_notice() {
    for fault in [Fault::Unreachable, Fault::Rejected, Fault::Unusable, Fault::NoCredential] {
        let mut desk = Desk::connected();
        desk.use_command("conn-1", Command::StopSyncing);
        desk.give(Input::Stopped { connection: "conn-1".into(), answer: Err(fault) });
        assert_eq!(notices(&desk), ["connection.not_stopped"], "{fault:?}");
        assert_eq!(desk.connection("conn-1").status, Status::Healthy);
        assert_eq!(stops(&desk.use_command("conn-1", Command::StopSyncing)), 1, "never again");
    }
}

#[test]
fn connection_is_removed_at_its_backend_before_locally() {
    let mut desk = Desk::connected();
    let effects = desk.use_command("conn-1", Command::Remove);
    assert_eq!((removes(&effects), left(&effects)), (1, 0));
    assert_eq!(removes(&desk.use_command("conn-1", Command::Remove)), 0, "removed twice");
    assert!(desk.connection("conn-1").busy, "gone before anybody was told");
    let effects = desk.give(Input::Removed { connection: "conn-1".into(), answer: Ok(()) });
    assert_eq!(saved(&effects).unwrap().connections, []);
    assert_eq!((desk.view().connections, desk.companion.reporting().count()), (vec![], 1));
    // The same word twice removes nothing twice
    assert!(desk.give(Input::Removed { connection: "conn-1".into(), answer: Ok(()) }).is_empty());
}

#[test]
fn failed_removal_keeps_connection_and_shows_notice() {
    for fault in [Fault::Unreachable, Fault::Rejected, Fault::Unusable, Fault::NoCredential] {
        let mut desk = Desk::connected();
        desk.use_command("conn-1", Command::Remove);
        desk.give(Input::Removed { connection: "conn-1".into(), answer: Err(fault) });
        assert_eq!(notices(&desk), ["connection.not_removed"], "{fault:?}");
        assert_eq!(ids(&desk), ["conn-1"]);
        assert_eq!(removes(&desk.use_command("conn-1", Command::Remove)), 1, "never again");
    }
}

#[test]
fn action_on_a_busy_connection_is_answered() {
    let orders = [Command::StopSyncing, Command::Remove, Command::Check];
    for (first, second) in orders.into_iter().flat_map(|one| orders.map(|other| (one, other))) {
        let mut desk = Desk::connected();
        assert_ne!(desk.use_command("conn-1", first).len(), 0);
        assert_eq!(notices(&desk), Vec::<String>::new());
        desk.use_command("conn-1", second);
        assert_eq!(notices(&desk), ["connection.busy"], "{second:?} during {first:?}");
        // Once it can be tried again, nobody says that it cannot
        let connection = || ConnectionId::from("conn-1");
        desk.give(match first {
            Command::Check => {
                let answer = Ok(told("conn-1", RemoteState::Healthy).status);
                Input::Checked { connection: connection(), answer }
            }
            Command::Remove => Input::Removed { connection: connection(), answer: Ok(()) },
            _ => Input::Stopped { connection: connection(), answer: Ok(()) },
        });
        assert_eq!(notices(&desk), Vec::<String>::new(), "{second:?} during {first:?}");
    }
}

#[test]
fn late_answer_does_not_undo_newer_state() {
    for (command, is_left) in [(Command::Remove, 0), (Command::StopSyncing, 1)] {
        // Given a backend that is just being asked
        let mut desk = Desk::connected();
        desk.wait(61);
        assert_eq!(questions(&desk.give(Input::Woke)), 1);
        // When a connection is removed or stopped before it has answered
        desk.use_command("conn-1", command);
        let connection = "conn-1".into();
        desk.give(match command {
            Command::Remove => Input::Removed { connection, answer: Ok(()) },
            _ => Input::Stopped { connection, answer: Ok(()) },
        });
        let before = desk.view().connections;
        // Then its answer brings nothing back, and it is asked again
        desk.answer_status(Ok(RemoteState::Healthy));
        assert_eq!((ids(&desk).len(), desk.view().connections), (is_left, before));
        assert_eq!(questions(&desk.live(2)), 1);
        desk.give(Input::StatusReceived { source: source(), answer: Ok(vec![]), pause: None });
        assert_eq!(ids(&desk), Vec::<ConnectionId>::new(), "its newest answer counts");
    }
}

#[test]
fn connection_removed_by_its_backend_disappears_silently() {
    let mut desk = Desk::connected();
    desk.use_command("conn-1", Command::Remove);
    desk.give(Input::StatusReceived { source: source(), answer: Ok(vec![]), pause: None });
    desk.give(Input::Removed { connection: "conn-1".into(), answer: Err(Fault::Unusable) });
    assert_eq!((ids(&desk), notices(&desk)), (vec![], vec![]));
}

#[test]
fn link_and_key_connections_are_removed_only_locally() {
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    desk.say(true, false);
    desk.give(Input::Added(Box::new(direct_codat())));
    for (id, forgets) in [(ids(&desk)[0].clone(), 0), ("direct-1".into(), 1)] {
        let effects = desk.use_command(&id, Command::Remove);
        assert_eq!((removes(&effects), forgotten(&effects).len()), (0, forgets), "{id}");
        assert!(!ids(&desk).contains(&id));
    }
}

#[test]
fn sign_out_is_immediate_and_the_backend_is_notified_later() {
    let mut desk = Desk::connected();
    let effects = desk.give(sign_out("dev-1"));
    assert_eq!(left(&effects), 1);
    let view = desk.view();
    assert_eq!((view.connections, view.sources, view.status), (vec![], vec![], Status::Idle));
    assert_eq!(left(&desk.give(sign_out("dev-1"))), 0, "left twice");
    // Given it was offline
    desk.give(could_not_leave("dev-1"));
    assert_eq!(left(&desk.live(301)), 1, "never told again");
    // Or the program has ended before it could say so
    let mut desk = Desk::new(saved(&effects).unwrap());
    assert_eq!(left(&desk.give(Input::Started { quietly: true })), 1, "forgotten by a restart");
    desk.give(Input::Left { device: "dev-1".into() });
    assert_eq!(left(&desk.live(3600)), 0);
}

#[test]
fn signing_out_of_an_unknown_backend_does_nothing() {
    let mut desk = Desk::connected();
    for source in ["backend:dev-9", "direct:conn-1", "dev-1", ""] {
        let source = source.to_owned();
        let action = deskside_companion::Action::SignOut { source: source.clone() };
        assert!(desk.give(Input::User(action)).is_empty(), "{source}");
    }
}

#[test]
fn connections_with_equal_ids_at_two_backends_coexist() {
    // Given two backends that both call their connection the same
    let mut desk = Desk::connected();
    let other = beside(&mut desk, "conn-1");
    assert_eq!(ids(&desk), ["conn-1", other.as_str()]);
    // When one of them breaks, then the other one does not
    tells(&mut desk, "dev-9", "conn-1", RemoteState::Broken);
    desk.live(8);
    assert_eq!(desk.connection("conn-1").status, Status::Healthy);
    assert_eq!(desk.connection(&other).status, Status::Problem);
    // And each backend is asked, told and reported to by the name that it knows
    let effects = desk.use_command(&other, Command::StopSyncing);
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::StopSyncing(_, connection) => Some(connection.remote_id().to_owned()),
        _ => None,
    });
    assert_eq!(asked.as_deref(), Some("conn-1"));
    let effects = desk.live(400);
    let mut reported = 0;
    for effect in &effects {
        let Effect::Report { report, .. } = effect else { continue };
        let names: Vec<&str> = report.connections.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(names, ["conn-1"]);
        reported += 1;
    }
    assert!(reported >= 2, "nothing was reported");
}

#[test]
fn connection_keeps_its_id_when_its_namesake_goes() {
    let mut desk = Desk::connected();
    let other = beside(&mut desk, "conn-1");
    open_one(&mut desk, &other, deskside_model::link::Provider::Conductor);
    desk.give(sign_out("dev-1"));
    tells(&mut desk, "dev-9", "conn-1", RemoteState::NotSetUp);
    assert_eq!(ids(&desk), [other.as_str()], "listed twice");
    assert_eq!(desk.stage(&other), Some(LinkStage::Waiting));
}

#[test]
fn connection_with_shared_name_keeps_link_after_relinking() {
    let mut desk = Desk::connected();
    let other = beside(&mut desk, "conn-1");
    open_one(&mut desk, &other, deskside_model::link::Provider::Conductor);
    let effects = desk.enroll(OTHER_HOST, "dev-10", vec![told("conn-1", RemoteState::Broken)]);
    assert_eq!(left(&effects), 1);
    let now = ids(&desk);
    assert_eq!(now.len(), 2, "{now:?}");
    assert_eq!(desk.stage(&now[1]), Some(LinkStage::Waiting), "its link was lost");
    assert_eq!(desk.connection("conn-1").status, Status::Healthy);
    let effects = desk.use_command(&now[1], Command::Check);
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Check(_, connection) => Some(connection.remote_id().to_owned()),
        _ => None,
    });
    assert_eq!(asked.as_deref(), Some("conn-1"), "asked for by a name of the old device");
}

#[test]
fn relinking_a_backend_replaces_it_and_keeps_its_outage() {
    let mut desk = Desk::connected();
    let fetch = open_one(&mut desk, "conn-1", deskside_model::link::Provider::Conductor);
    desk.enroll(KNOWN_HOST, "dev-2", vec![told("conn-1", RemoteState::Broken)]);
    assert_eq!(ids(&desk), ["conn-1"]);
    assert_eq!(desk.companion.reporting().count(), 1);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Waiting), "its link was lost");
    desk.come_back(&fetch.state, &[]);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Returned));
}

#[test]
fn connections_with_equal_names_survive_a_restart_unchanged() {
    let mut desk = Desk::connected();
    let other = beside(&mut desk, "conn-1");
    let effects = desk.use_command(&other, Command::OpenLink);
    let remembered: SavedState = saved(&effects).unwrap();
    let mut desk = restarted(&remembered, desk.now);
    tells(&mut desk, "dev-9", "conn-1", RemoteState::Healthy);
    desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(ids(&desk), ["conn-1", other.as_str()]);
    assert_eq!(desk.view().status, Status::Healthy);
}

#[test]
fn a_connection_removed_on_the_command_line_is_only_forgotten() {
    let mut desk = Desk::connected();
    let effects = desk.give(Input::Forget("conn-1".into()));
    assert_eq!(removes(&effects), 0, "its backend is told a second time");
    assert_eq!(saved(&effects).unwrap().connections, []);
}

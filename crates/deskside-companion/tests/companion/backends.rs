//! Backends that come, go, reject and return.

use deskside_companion::{Effect, Input, SavedState, Status};
use deskside_model::Command;
use deskside_model::evidence::{Fault, RemoteState};
use deskside_model::exchange::Source;

use super::world::*;

#[test]
fn second_enrollment_replaces_at_same_backend_and_adds_at_another() {
    let mut desk = Desk::connected();
    let effects = desk.enroll(KNOWN_HOST, "dev-2", vec![told("conn-1", RemoteState::Healthy)]);
    assert!(
        effects.iter().any(|e| matches!(e, Effect::Leave(old) if old.id == "dev-1")),
        "{effects:?}"
    );
    let devices =
        |desk: &Desk| desk.companion.reporting().map(|d| d.id.clone()).collect::<Vec<_>>();
    assert_eq!((devices(&desk), desk.view().connections.len()), (vec!["dev-2".into()], 1));
    desk.enroll(OTHER_HOST, "dev-3", vec![told("conn-3", RemoteState::Healthy)]);
    assert_eq!(
        (devices(&desk), desk.view().connections.len()),
        (vec!["dev-2".into(), "dev-3".into()], 2)
    );
}

#[test]
fn relinking_ends_the_outage_that_required_it() {
    // Given a rejected sign-in that was announced to the user
    let mut desk = Desk::connected();
    let effects = desk.answer_status(Err(Fault::Rejected));
    assert_eq!(toasts(&effects), ["This computer is no longer linked"]);
    // When they link this computer again, as the problem's steps say
    let effects = desk.enroll(KNOWN_HOST, "dev-2", vec![told("conn-1", RemoteState::Healthy)]);
    // Then the recovery is announced
    assert_eq!((toasts(&effects), desk.view().status), (vec!["Working again"], Status::Healthy));
}

#[test]
fn backend_cannot_change_or_remove_connections_of_others() {
    // Given a connection of one backend
    let mut desk = Desk::connected();
    let via = desk.view().connections[0].via.clone();
    // When another backend reports a connection with the same identifier
    desk.enroll(OTHER_HOST, "dev-9", vec![told("conn-1", RemoteState::Broken)]);
    let source = Source::Backend("dev-9".into());
    desk.give(Input::StatusReceived {
        source: source.clone(),
        answer: Ok(vec![told("conn-1", RemoteState::Broken)]),
        pause: None,
    });
    desk.live(8);
    // Then both exist, each with its own state
    let statuses: Vec<Status> = desk.view().connections.iter().map(|one| one.status).collect();
    assert_eq!(statuses, [Status::Healthy, Status::Problem]);
    // And when the other backend has none anymore, the first one keeps its own
    desk.give(Input::StatusReceived { source, answer: Ok(vec![]), pause: None });
    desk.live(8);
    let connections = desk.view().connections;
    assert_eq!(connections.len(), 1);
    assert_eq!((&connections[0].via, connections[0].status), (&via, Status::Healthy));
}

#[test]
fn late_answer_of_a_left_backend_is_ignored() {
    let mut desk = Desk::connected();
    desk.enroll(KNOWN_HOST, "dev-2", vec![told("conn-1", RemoteState::Healthy)]);
    desk.answer_status(Ok(RemoteState::Broken)); // of dev-1
    desk.live(8);
    assert_eq!(desk.view().connections[0].status, Status::Healthy);
}

#[test]
fn leaving_a_backend_is_retried_until_confirmed_across_restarts() {
    let left =
        |effects: &[Effect]| effects.iter().filter(|e| matches!(e, Effect::Leave(_))).count();
    let mut desk = Desk::connected();
    assert_eq!(left(&desk.give(sign_out("dev-1"))), 1);
    desk.give(could_not_leave("dev-1"));
    let effects = desk.live(400);
    assert_eq!(left(&effects), 1, "not notified again");
    // When the program restarts before the backend has confirmed
    let saved = SavedState { leaving: vec![device("dev-1", KNOWN_HOST)], ..SavedState::default() };
    let mut desk = Desk::new(saved);
    assert_eq!(left(&desk.give(Input::Started { quietly: true })), 1, "forgotten by the restart");
    let effects = desk.give(Input::Left { device: "dev-1".into() });
    assert!(effects.iter().any(|e| matches!(e, Effect::Save(saved) if saved.leaving.is_empty())));
    assert_eq!(left(&desk.live(3600)), 0);
}

#[test]
fn relinked_device_is_not_told_to_leave() {
    let saved = SavedState { leaving: vec![device("dev-1", KNOWN_HOST)], ..SavedState::default() };
    let mut desk = Desk::with(saved);
    desk.give(could_not_leave("dev-1"));
    desk.enroll(KNOWN_HOST, "dev-1", vec![told("conn-1", RemoteState::Healthy)]);
    desk.answer_status(Ok(RemoteState::Healthy));
    let effects = desk.live(3600);
    assert!(!effects.iter().any(|e| matches!(e, Effect::Leave(_))), "revoked its own new token");
}

#[test]
fn rejected_device_stops_reporting_and_recovers_when_accepted() {
    let mut desk = Desk::connected();
    let effects = desk.give(report_answered("dev-1", Some(401)));
    assert_eq!(desk.companion.reporting().count(), 0);
    assert_eq!(problem(&desk), Some("companion.credentials_rejected"));
    assert_eq!(toasts(&effects), ["This computer is no longer linked"]);
    // A backend that answers polls has not yet accepted a report again
    let effects = desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(desk.companion.reporting().count(), 1);
    assert_eq!(toasts(&effects), Vec::<String>::new());
    desk.give(report_answered("dev-1", Some(202)));
    let effects = desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(toasts(&effects), ["Working again"]);
    assert_eq!(desk.view().status, Status::Healthy);
}

#[test]
fn active_check_needs_a_click_and_runs_once() {
    let mut desk = Desk::connected();
    let checks =
        |effects: &[Effect]| effects.iter().filter(|e| matches!(e, Effect::Check(..))).count();
    assert_eq!(checks(&desk.live(3600)), 0);
    assert_eq!(checks(&desk.use_command("conn-1", Command::Check)), 1);
    assert_eq!(checks(&desk.use_command("conn-1", Command::Check)), 0);
    assert!(desk.view().connections[0].busy);
    desk.give(Input::Checked { connection: "conn-1".into(), answer: Err(Fault::Unusable) });
    assert!(!desk.view().connections[0].busy);
    assert_eq!(checks(&desk.use_command("conn-1", Command::Check)), 1);
}

#[test]
fn missing_web_connector_keeps_button_of_unfinished_connection() {
    let mut desk = Desk::connected();
    desk.give(seen(true, false, true));
    desk.answer_status(Ok(RemoteState::NotSetUp));
    desk.live(60);
    assert_eq!(problem(&desk), Some("connection.not_set_up"));
    assert!(desk.view().connections[0].commands.contains(&Command::OpenLink));
}

#[test]
fn secrets_are_forgotten_once_the_backend_knows_or_rejects() {
    let forgets =
        |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::ForgetDevice(_)));
    let answers = [
        (Ok(()), true),
        (Err(Fault::Rejected), true),
        (Err(Fault::Unreachable), false),
        (Err(Fault::Unusable), false),
        (Err(Fault::NoCredential), false),
    ];
    for (answer, expected) in answers {
        let mut desk = Desk::connected();
        assert!(!forgets(&desk.give(sign_out("dev-1"))), "before it was told");
        let effects = desk.give(Input::LeaveAnswered { device: "dev-1".into(), answer });
        assert_eq!(forgets(&effects), expected, "{answer:?}");
    }
}

#[test]
fn a_device_linked_anew_keeps_its_secrets() {
    let saved = SavedState { leaving: vec![device("dev-1", KNOWN_HOST)], ..SavedState::default() };
    let mut desk = Desk::with(saved);
    desk.enroll(KNOWN_HOST, "dev-1", vec![told("conn-1", RemoteState::Healthy)]);
    let effects = desk.give(Input::LeaveAnswered { device: "dev-1".into(), answer: Ok(()) });
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::ForgetDevice(_))));
}

#[test]
fn rejected_secrets_are_read_again_from_the_vault() {
    let read_again = |effects: &[Effect]| -> Vec<String> {
        let name = |effect: &Effect| match effect {
            Effect::ReadSecretAgain(name) => Some(name.clone()),
            _ => None,
        };
        effects.iter().filter_map(name).collect()
    };
    let mut desk = Desk::connected();
    assert!(read_again(&desk.answer_status(Err(Fault::Unreachable))).is_empty());
    let names = device("dev-1", KNOWN_HOST).secret_names();
    assert_eq!(read_again(&desk.answer_status(Err(Fault::Rejected))), names);
}

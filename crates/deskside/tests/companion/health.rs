//! What is told of an outage, when, and to whom.

use deskside::companion::{Action, Effect, Input, Mood, Saved, Settings, Source, Surveyed};
use deskside::connection::{Account, Connection, Mode, Origin};
use deskside::evidence::log::Outcome;
use deskside::evidence::{Fault, Finding, Instance, Presence, RemoteState, Running, Setup};
use deskside::health::Verdict;
use deskside::link::Provider;
use deskside::report::Kind;
use deskside::vault::VaultState;
use jiff::SignedDuration;

use super::world::*;

#[test]
fn an_outage_is_told_once_and_its_end_once() {
    let mut desk = Desk::connected();
    // Given QuickBooks is closed for a while
    let mut effects = desk.give(seen(false, true, true));
    effects.extend(desk.live(30));
    effects.extend(desk.answer_status(Ok(RemoteState::Inactive)));
    effects.extend(desk.live(300));
    assert_eq!(toasts(&effects), ["QuickBooks is closed"]);
    assert_eq!(desk.view().mood, Mood::Problem);
    // When it is open again, and the backend says so
    let mut effects = desk.give(seen(true, true, true));
    effects.extend(desk.answer_status(Ok(RemoteState::Healthy)));
    effects.extend(desk.live(10));
    // Then that is told once
    assert_eq!(toasts(&effects), ["Working again"]);
    assert_eq!(desk.view().mood, Mood::Healthy);
}

#[test]
fn what_heals_before_it_is_told_is_never_told_nor_is_its_end() {
    let mut desk = Desk::connected();
    let mut effects = Vec::new();
    for _ in 0..20 {
        effects.extend(desk.give(seen(false, true, true)));
        effects.extend(desk.live(9));
        effects.extend(desk.give(seen(true, true, true)));
        effects.extend(desk.answer_status(Ok(RemoteState::Healthy)));
        effects.extend(desk.live(9));
        assert_eq!(desk.view().mood, Mood::Healthy);
    }
    assert_eq!(toasts(&effects), Vec::<&str>::new());
    assert!(reports(&effects).iter().all(|(kind, ..)| *kind == Kind::Heartbeat));
}

#[test]
fn nobody_is_notified_who_is_looking_or_does_not_want_it() {
    for quiet in [
        Input::WindowShown(true),
        Input::User(Action::Change { settings: Settings { notifications: false } }),
    ] {
        let mut desk = Desk::connected();
        desk.give(quiet);
        let mut effects = desk.give(seen(false, true, true));
        effects.extend(desk.live(60));
        effects.extend(desk.give(seen(true, true, true)));
        effects.extend(desk.answer_status(Ok(RemoteState::Healthy)));
        effects.extend(desk.live(60));
        assert_eq!(toasts(&effects), Vec::<&str>::new());
    }
}

#[test]
fn a_verdict_that_changes_is_saved_reported_and_told_in_this_order() {
    let mut desk = Desk::connected();
    desk.give(seen(false, true, true));
    desk.wait(10);
    let effects = desk.give(Input::Woke);
    assert!(
        matches!(reports(&effects)[..], [(Kind::Transition, _, Verdict::Problem)]),
        "{effects:?}"
    );
    let place = |wanted: fn(&Effect) -> bool| effects.iter().position(wanted);
    let reported = place(|e| matches!(e, Effect::Report { .. }));
    let shown = place(|e| matches!(e, Effect::Toast(_)));
    assert!(reported < shown && shown.is_some(), "{effects:?}");
}

#[test]
fn a_locked_vault_does_not_hide_a_connection_that_is_known_to_work() {
    let mut desk = Desk::connected();
    let effects = desk.give(Input::VaultTried(VaultState::Locked));
    let view = desk.view();
    assert_eq!(view.mood, Mood::Healthy, "{:?}", problem(&desk));
    assert_eq!(view.notices.len(), 1, "the lock itself is not told");
    assert_eq!(toasts(&effects), Vec::<&str>::new());
    // But one that nobody could ask about is in trouble.
    let mut desk = Desk::new(Saved {
        connections: vec![connection_of("dev-1", "conn-1")],
        devices: vec![device("dev-1", KNOWN_HOST)],
        ..Saved::default()
    });
    desk.give(Input::Started { quietly: true });
    desk.give(seen(true, true, true));
    desk.give(Input::VaultTried(VaultState::Locked));
    desk.answer_status(Err(Fault::NoCredential));
    assert_eq!(problem(&desk).as_deref(), Some("companion.vault_unavailable"));
    desk.give(Input::VaultTried(VaultState::Working));
    desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(desk.view().mood, Mood::Healthy);
}

#[test]
fn a_computer_that_slept_does_not_claim_to_know() {
    let mut desk = Desk::connected();
    desk.wait(3 * 3600);
    let effects = desk.give(Input::Woke);
    assert_eq!(desk.view().mood, Mood::Unknown);
    assert!(effects.iter().any(|e| matches!(e, Effect::AskStatus(_))), "did not ask at once");
    let effects = desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!((desk.view().mood, toasts(&effects).len()), (Mood::Healthy, 0));
}

/// A desk whose only application ran every half hour, and last four hours ago.
fn silent() -> Desk {
    let mut desk = Desk::connected();
    let since = desk.now - SignedDuration::from_hours(12);
    let web_connector = Instance { started_at: Finding::Known(since), ..Instance::default() };
    let instances = vec![web_connector];
    let web_connector = Presence { own_session: 1, instances, ..Presence::default() };
    let Input::Observed { running: quickbooks, network } = seen(true, true, true) else {
        panic!("nothing was seen");
    };
    let running = Running { web_connector: Finding::Known(web_connector), ..quickbooks };
    desk.give(Input::Observed { running, network });
    let setup = Setup {
        applications: Finding::Known(vec!["Larch".into()]),
        log_level: Finding::Absent,
        update_lock: Finding::Known(false),
        ..Setup::default()
    };
    desk.give(Input::Surveyed(Box::new(Surveyed { setup, ..Surveyed::default() })));
    let run = |minutes| ("Larch", desk.after(minutes), Outcome::Ok);
    let runs = [run(-60), run(-30), run(0)];
    desk.sync(&runs);
    desk.now += SignedDuration::from_hours(4);
    desk
}

#[test]
fn a_run_is_missed_only_by_a_computer_that_was_awake() {
    let mut awake = silent();
    awake.give(Input::Woke);
    awake.live(30);
    assert_eq!(problem(&awake).as_deref(), Some("web_connector.auto_run_off"));
    let mut slept = silent();
    slept.give(Input::Resumed);
    slept.live(30);
    assert_eq!(problem(&slept), None);
}

#[test]
fn a_connection_known_only_by_its_link_is_never_called_healthy() {
    let mut desk = Desk::at_work();
    desk.give(Input::Synced(Finding::Absent));
    desk.link(connect_link(1));
    desk.say(true, false);
    assert_eq!(desk.view().mood, Mood::Waiting);
    desk.live(31 * 60);
    assert_eq!(desk.view().mood, Mood::Ready);
    // A second link of the same provider renews it instead of standing beside it.
    desk.link(connect_link(2));
    desk.say(true, false);
    assert_eq!((desk.view().mood, desk.view().connections.len()), (Mood::Waiting, 1));
}

#[test]
fn a_direct_connection_is_asked_about_and_forgotten_with_its_key() {
    let mut desk = Desk::at_work();
    let connection = Connection {
        id: "direct-1".into(),
        company: None,
        provider: Some(Provider::Conductor),
        mode: Mode::Unattended,
        origin: Origin::Direct {
            account: Account::Conductor { end_user: "end_usr_1".into() },
            base_url: None,
        },
        link: None,
    };
    let effects = desk.give(Input::Added(Box::new(connection.clone())));
    assert!(effects.iter().any(|e| matches!(e, Effect::AskStatus(_))), "{effects:?}");
    let source = Source::Direct("direct-1".into());
    desk.give(Input::StatusTold {
        source,
        answer: Ok(vec![told("direct-1", RemoteState::Healthy)]),
        pause: None,
    });
    assert_eq!(desk.view().mood, Mood::Healthy);
    let effects = desk.give(Input::Forget("direct-1".into()));
    let forgets =
        |e: &Effect| matches!(e, Effect::ForgetSecret(name) if *name == connection.key_name());
    assert!(effects.iter().any(forgets), "{effects:?}");
    assert_eq!(desk.view().mood, Mood::Idle);
}

//! What is announced about an outage, when, and to whom.

use deskside_companion::report::ReportKind;
use deskside_companion::{Action, CheckState, Effect, Input, SavedState, Settings, Status};
use deskside_health::Verdict;
use deskside_model::connection::{Account, Connection, Mode, Origin};
use deskside_model::evidence::run::RunOutcome;
use deskside_model::evidence::{
    DataState, Fault, Finding, Instance, MOST_SLEEPS, Presence, RemoteState, RemoteStatus,
    RunningPrograms, Setup,
};
use deskside_model::exchange::{ConnectionReport, Source, SurveyResult};
use deskside_model::link::Provider;
use deskside_model::vault::VaultState;
use jiff::SignedDuration;

use super::world::*;

#[test]
fn outage_and_recovery_are_each_announced_once() {
    let mut desk = Desk::connected();
    // Given QuickBooks is closed for a while
    let mut effects = desk.give(seen(false, true, true));
    effects.extend(desk.live(30));
    effects.extend(desk.answer_status(Ok(RemoteState::Inactive)));
    effects.extend(desk.live(300));
    assert_eq!(toasts(&effects), ["QuickBooks is closed"]);
    assert_eq!(desk.view().status, Status::Problem);
    // When it is open again and the backend confirms it
    let mut effects = desk.give(seen(true, true, true));
    effects.extend(desk.answer_status(Ok(RemoteState::Healthy)));
    effects.extend(desk.live(10));
    // Then the recovery is announced once
    assert_eq!(toasts(&effects), ["Working again"]);
    assert_eq!(desk.view().status, Status::Healthy);
}

#[test]
fn notification_names_affected_connections_when_there_are_several() {
    // Given three connections, of two backends
    let mut desk = Desk::connected();
    let two = ["conn-2", "conn-3"].map(|id| ConnectionReport {
        company: Some(format!("Company of {id}")),
        ..told(id, RemoteState::Healthy)
    });
    desk.enroll(OTHER_HOST, "dev-2", two.clone().to_vec());
    // When one of them breaks, then it is named
    let mut effects = desk.answer_status(Ok(RemoteState::Deauthorized));
    effects.extend(desk.live(10));
    assert_eq!(toasts(&effects), ["Rossi Imports: Permission has ended"]);
    // When the other two break at once, that is announced once
    let stopped = two.map(|one| ConnectionReport {
        status: RemoteStatus { state: RemoteState::Removed, ..one.status },
        ..one
    });
    let source = Source::Backend("dev-2".into());
    let mut effects =
        desk.give(Input::StatusReceived { source, answer: Ok(stopped.to_vec()), pause: None });
    effects.extend(desk.live(10));
    assert_eq!(toasts(&effects), ["Company of conn-2 and 1 more: Connection no longer exists"]);
}

#[test]
fn problem_cleared_before_announcement_is_never_announced() {
    let mut desk = Desk::connected();
    let mut effects = Vec::new();
    for _ in 0..20 {
        effects.extend(desk.give(seen(false, true, true)));
        effects.extend(desk.live(9));
        effects.extend(desk.give(seen(true, true, true)));
        effects.extend(desk.answer_status(Ok(RemoteState::Healthy)));
        effects.extend(desk.live(9));
        assert_eq!(desk.view().status, Status::Healthy);
    }
    assert_eq!(toasts(&effects), Vec::<&str>::new());
    assert!(reports(&effects).iter().all(|(kind, ..)| *kind == ReportKind::Heartbeat));
}

#[test]
fn no_notification_while_window_is_open_or_turned_off() {
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
fn changed_verdict_is_saved_then_reported_then_announced() {
    let mut desk = Desk::connected();
    desk.give(seen(false, true, true));
    desk.wait(10);
    let effects = desk.give(Input::Woke);
    assert!(
        matches!(reports(&effects)[..], [(ReportKind::Transition, _, Verdict::Problem)]),
        "{effects:?}"
    );
    let place = |wanted: fn(&Effect) -> bool| effects.iter().position(wanted);
    let reported = place(|e| matches!(e, Effect::Report { .. }));
    let shown = place(|e| matches!(e, Effect::Toast(_)));
    assert!(reported < shown && shown.is_some(), "{effects:?}");
}

#[test]
fn details_always_state_whether_data_arrives() {
    // Given a connection without a data status
    let mut desk = Desk::connected();
    let fact = |desk: &Desk, label: &str| {
        let facts = desk.connection("conn-1").facts;
        let found = facts.into_iter().find(|fact| fact.label == label);
        found.map(|fact| (fact.value, fact.state))
    };
    let unknown = Some(("Cannot tell".to_owned(), CheckState::Unknown));
    assert_eq!(fact(&desk, "Data"), unknown);
    assert_eq!(fact(&desk, "Data last came"), unknown);
    // When its backend reports it, then it is shown
    let mut works = told("conn-1", RemoteState::Healthy);
    works.status.last_success_at = Some("2026-11-20T07:59:30Z".parse().unwrap());
    works.status.data = Some(DataState::Complete);
    let source = Source::Backend("dev-1".into());
    desk.give(Input::StatusReceived { source, answer: Ok(vec![works]), pause: None });
    assert_eq!(fact(&desk, "Data"), Some(("Up to date".into(), CheckState::Good)));
    assert_eq!(
        fact(&desk, "Data last came"),
        Some(("2026-11-20 07:59 UTC".into(), CheckState::Good))
    );
}

#[test]
fn awaited_connection_is_not_marked_unknown() {
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    desk.say(true, false);
    let state = desk.view().connections[0].facts.iter().find(|fact| fact.label == "State").cloned();
    assert_eq!(desk.view().status, Status::Waiting);
    assert_eq!(state.map(|fact| fact.state), Some(CheckState::Good));
}

#[test]
fn locked_vault_does_not_hide_a_working_connection() {
    let mut desk = Desk::connected();
    let effects = desk.give(Input::VaultTried(VaultState::Locked));
    let view = desk.view();
    assert_eq!(view.status, Status::Healthy, "{:?}", problem(&desk));
    assert_eq!(view.notices.len(), 1, "the locked vault is not shown");
    assert_eq!(toasts(&effects), Vec::<&str>::new());
    // But a connection that could not be polled has a problem.
    let mut desk = Desk::new(SavedState {
        connections: vec![connection_of("dev-1", "conn-1")],
        devices: vec![device("dev-1", KNOWN_HOST)],
        ..SavedState::default()
    });
    desk.give(Input::Started { quietly: true });
    desk.give(seen(true, true, true));
    desk.give(Input::VaultTried(VaultState::Locked));
    desk.answer_status(Err(Fault::NoCredential));
    assert_eq!(problem(&desk), Some("companion.vault_unavailable"));
    desk.give(Input::VaultTried(VaultState::Working));
    desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(desk.view().status, Status::Healthy);
}

#[test]
fn status_is_unknown_after_sleep() {
    let mut desk = Desk::connected();
    desk.wait(3 * 3600);
    let effects = desk.give(Input::Woke);
    assert_eq!(desk.view().status, Status::Unknown);
    assert!(effects.iter().any(|e| matches!(e, Effect::AskStatus(_))), "did not poll at once");
    let effects = desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!((desk.view().status, toasts(&effects).len()), (Status::Healthy, 0));
}

/// A desk whose only application ran every half hour, and last four hours ago.
fn silent() -> Desk {
    let mut desk = Desk::connected();
    let since = desk.now - SignedDuration::from_hours(12);
    let web_connector = Instance { started_at: Finding::Known(since), ..Instance::default() };
    let instances = vec![web_connector];
    let web_connector = Presence { own_session: 1, instances, ..Presence::default() };
    let Input::Observed { running: quickbooks, network } = seen(true, true, true) else {
        panic!("no evidence");
    };
    let running = RunningPrograms { web_connector: Finding::Known(web_connector), ..quickbooks };
    desk.give(Input::Observed { running, network });
    let setup = Setup {
        applications: Finding::Known(vec!["Larch".into()]),
        log_level: Finding::Absent,
        update_lock: Finding::Known(false),
        ..Setup::default()
    };
    desk.give(Input::Surveyed(Box::new(SurveyResult { setup, ..SurveyResult::default() })));
    let run = |minutes| ("Larch", desk.after(minutes), RunOutcome::Ok);
    let runs = [run(-60), run(-30), run(0)];
    desk.sync(&runs);
    desk.now += SignedDuration::from_hours(4);
    desk
}

#[test]
fn runs_count_as_missed_only_while_awake() {
    let mut awake = silent();
    awake.give(Input::Woke);
    awake.live(30);
    assert_eq!(problem(&awake), Some("web_connector.auto_run_off"));
    let mut slept = silent();
    slept.give(Input::Resumed);
    slept.live(30);
    assert_eq!(problem(&slept), None);
    let mut slept_unsaid = silent();
    slept_unsaid.give(Input::Slept(slept_unsaid.now - SignedDuration::from_hours(4)));
    slept_unsaid.live(30);
    assert_eq!(problem(&slept_unsaid), None);
}

#[test]
fn sleeps_are_kept_as_bounded_intervals() {
    let mut desk = Desk::at_work();
    let hour = SignedDuration::from_hours(1);
    for _ in 0..100 {
        desk.now += hour * 2;
        desk.give(Input::Slept(desk.now - hour));
        // A second sleep that begins within the first one
        desk.now += SignedDuration::from_mins(1);
        desk.give(Input::Slept(desk.now - hour));
    }
    let sleeps = desk.companion.evidence(desk.now).machine.sleeps;
    assert_eq!(sleeps.len(), MOST_SLEEPS);
    let newest = sleeps.last().unwrap();
    let minute = SignedDuration::from_mins(1);
    assert_eq!((newest.since, newest.until), (desk.now - minute - hour, desk.now));
    assert!(sleeps.is_sorted_by(|one, next| one.until < next.since), "{sleeps:?}");
}

#[test]
fn connection_known_only_by_link_is_never_healthy() {
    let mut desk = Desk::at_work();
    desk.give(Input::Synced(Finding::Absent));
    desk.link(connect_link(1));
    desk.say(true, false);
    assert_eq!(desk.view().status, Status::Waiting);
    desk.live(31 * 60);
    assert_eq!(desk.view().status, Status::Ready);
    // A second link of the same provider renews it instead of adding another one.
    desk.link(connect_link(2));
    desk.say(true, false);
    assert_eq!((desk.view().status, desk.view().connections.len()), (Status::Waiting, 1));
}

#[test]
fn direct_connection_is_polled_and_removed_with_its_key() {
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
    desk.give(Input::StatusReceived {
        source,
        answer: Ok(vec![told("direct-1", RemoteState::Healthy)]),
        pause: None,
    });
    assert_eq!(desk.view().status, Status::Healthy);
    let effects = desk.give(Input::Forget("direct-1".into()));
    let forgets =
        |e: &Effect| matches!(e, Effect::ForgetSecret(name) if *name == connection.key_name());
    assert!(effects.iter().any(forgets), "{effects:?}");
    assert_eq!(desk.view().status, Status::Idle);
}

#[test]
fn window_and_summary_name_the_same_worst_connection() {
    let fault = || Err(Fault::Unreachable);
    for names in [["Removed", "Silent"], ["Silent", "Removed"]] {
        let [one, other] = names.map(|name| Connection {
            company: Some(name.into()),
            ..connection_of(&format!("dev-{name}"), &format!("conn-{name}"))
        });
        let devices = ["Removed", "Silent"].map(|name| device(&format!("dev-{name}"), KNOWN_HOST));
        let mut desk = Desk::with(SavedState {
            connections: vec![one, other],
            devices: devices.to_vec(),
            ..SavedState::default()
        });
        let source = |name: &str| Source::Backend(format!("dev-{name}").into());
        let removed = Ok(vec![told("conn-Removed", RemoteState::Removed)]);
        desk.give(Input::StatusReceived {
            source: source("Removed"),
            answer: removed,
            pause: None,
        });
        for _ in 0..20 {
            desk.give(Input::StatusReceived {
                source: source("Silent"),
                answer: fault(),
                pause: None,
            });
            desk.wait(10);
        }
        let (view, summary) = (desk.view(), desk.companion.summary());
        assert_eq!(summary.headline, "Connection no longer exists");
        assert!(view.headline.ends_with(&summary.headline), "{}", view.headline);
    }
}

#[test]
fn company_name_without_letters_is_not_used() {
    let company = Some("  ".into());
    let nameless = Connection { company, ..connection_of("dev-1", "conn-1") };
    assert_eq!(nameless.name(), "QuickBooks connection");
}

#[test]
fn connection_waiting_for_schedule_does_not_ask_for_the_browser() {
    let mut desk = Desk::connected();
    let planned = RemoteStatus {
        state: RemoteState::Waiting,
        data: Some(DataState::Waiting),
        ..RemoteStatus::default()
    };
    let report = ConnectionReport { status: planned, ..told("conn-1", RemoteState::Waiting) };
    let source = Source::Backend("dev-1".into());
    desk.give(Input::StatusReceived { source, answer: Ok(vec![report]), pause: None });
    let view = desk.view();
    assert_eq!(
        (view.status, view.headline.as_str()),
        (Status::Waiting, "Waiting for the next run")
    );
    assert_eq!(desk.companion.summary().exit_code(), 0);
}

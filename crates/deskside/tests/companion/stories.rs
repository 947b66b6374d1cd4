//! The main promises, one story each.

use deskside::companion::{Action, Effect, Input, Mood, Offer, Question, Saved, Settings, Source};
use deskside::connection::{Connection, Mode, Origin};
use deskside::evidence::{Fault, RemoteState};
use deskside::health::Verdict;
use deskside::link::Provider;
use deskside::report::Kind;
use deskside::vault::VaultState;
use deskside::{Secret, companion::EnrollFault};
use jiff::SignedDuration;

use super::world::*;

const LINK: &str = "https://connect.conductor.is/qbd/SECRETLINK1";

fn problem(desk: &Desk) -> Option<String> {
    desk.view().connections.first()?.problem.as_ref().map(|problem| problem.code.clone())
}

fn reports(effects: &[Effect]) -> Vec<(Kind, u64, Verdict)> {
    let report = |effect: &Effect| match effect {
        Effect::Report { report, .. } => {
            Some((report.kind, report.seq, report.connections.first()?.verdict))
        }
        _ => None,
    };
    effects.iter().filter_map(report).collect()
}

fn fetched_state(effects: Vec<Effect>) -> Option<Secret> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::FetchLink { state, .. } => Some(state),
        _ => None,
    })
}

// --- Links and consent -------------------------------------------------------------------------

#[test]
fn a_link_is_opened_only_after_a_yes_and_only_once() {
    // Given a link from somewhere
    let mut desk = Desk::at_work();
    let shown = desk.link(connect_link(1));
    assert_eq!(opened(&shown), Vec::<&str>::new(), "opened without being asked");
    let Some(Question::OpenLink { provider, host, id }) = desk.view().question else { panic!() };
    assert_eq!((provider.as_str(), host.as_str()), ("Conductor", "connect.conductor.is"));
    // When the user says yes, twice
    assert_eq!(opened(&desk.say(true, false)), [LINK]);
    let again =
        desk.give(Input::User(Action::Answer { question: id, yes: true, started_here: true }));
    // Then it was opened once
    assert_eq!(opened(&again), Vec::<&str>::new());
    assert_eq!(desk.view().connections[0].mood, Mood::Waiting);
}

#[test]
fn a_no_ends_the_question_and_nothing_else_happens() {
    let mut desk = Desk::at_work();
    for link in [connect_link(1), enroll_link(KNOWN_HOST, 1), enroll_link(OTHER_HOST, 1)] {
        desk.link(link);
        assert!(desk.say(false, true).is_empty());
        assert_eq!(desk.view().question, None);
    }
    assert!(desk.view().connections.is_empty());
}

#[test]
fn the_answer_to_a_question_that_was_replaced_answers_nothing() {
    // Given a question that a second link has replaced
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    let first = desk.question().unwrap();
    desk.link("deskside://connect?link=https://link.codat.io/company/SECRETLINK2");
    // When the answer to the first one arrives
    let effects =
        desk.give(Input::User(Action::Answer { question: first, yes: true, started_here: true }));
    // Then nothing is opened and the second question stands
    assert!(effects.is_empty(), "{effects:?}");
    assert_eq!(opened(&desk.say(true, false)), ["https://link.codat.io/company/SECRETLINK2"]);
}

#[test]
fn a_question_lives_ten_minutes_even_if_the_computer_slept_through_its_end() {
    for (seconds, counts) in [(599, true), (600, false), (8 * 3600, false)] {
        let mut desk = Desk::at_work();
        desk.link(connect_link(1));
        desk.wait(seconds);
        // The answer is the first thing that is heard after the sleep.
        assert_eq!(opened(&desk.say(true, true)).len(), usize::from(counts), "{seconds} s");
    }
}

#[test]
fn an_unknown_backend_needs_the_box_and_a_known_one_goes_by_its_name() {
    let mut desk = Desk::at_work();
    desk.link(enroll_link(OTHER_HOST, 1));
    let Some(Question::Enroll { vendor: None, must_confirm_origin: true, host, .. }) =
        desk.view().question
    else {
        panic!("not the stronger question")
    };
    assert_eq!(host, OTHER_HOST);
    assert!(desk.say(true, false).is_empty(), "went on without the box");
    assert_eq!(sent_codes(&desk.say(true, true)).len(), 1);

    desk.link(enroll_link(KNOWN_HOST, 2));
    assert!(matches!(desk.view().question, Some(Question::Working { .. })), "interrupted");
    let mut desk = Desk::at_work();
    desk.link(enroll_link(KNOWN_HOST, 2));
    let Some(Question::Enroll { vendor, must_confirm_origin: false, .. }) = desk.view().question
    else {
        panic!("not the question for a known vendor")
    };
    assert_eq!(vendor.as_deref(), Some("Acme Books"));
    assert_eq!(sent_codes(&desk.say(true, false))[0].reveal(), "SECRETCODE2");
}

#[test]
fn nothing_is_stored_before_the_account_is_confirmed() {
    // Given a yes to the host
    let mut desk = Desk::at_work();
    desk.link(enroll_link(KNOWN_HOST, 1));
    desk.say(true, false);
    let question = desk.question().unwrap();
    // When the backend says whose code it is
    let effects =
        desk.give(Input::AccountTold { question, answer: Ok("Somebody Else Ltd".into()) });
    assert!(effects.is_empty(), "{effects:?}");
    let Some(Question::ConfirmAccount { account, host, .. }) = desk.view().question else {
        panic!()
    };
    assert_eq!((account.as_str(), host.as_str()), ("Somebody Else Ltd", KNOWN_HOST));
    // Then a no leaves nothing behind
    assert!(desk.say(false, false).is_empty());
    assert_eq!(desk.companion.reporting().count(), 0);
}

#[test]
fn each_way_in_which_enrolment_fails_is_told_and_can_be_dismissed() {
    for (fault, code) in [
        (EnrollFault::UnknownCode, "enrollment.unknown_code"),
        (EnrollFault::SpentCode, "enrollment.spent_code"),
        (EnrollFault::Unreachable, "enrollment.unreachable"),
        (EnrollFault::Unusable, "enrollment.unusable"),
        (EnrollFault::Vault(deskside::vault::VaultFault::Locked), "companion.vault_unavailable"),
    ] {
        let mut desk = Desk::at_work();
        desk.link(enroll_link(KNOWN_HOST, 1));
        desk.say(true, false);
        let question = desk.question().unwrap();
        desk.give(Input::AccountTold { question, answer: Err(fault) });
        let codes: Vec<_> = desk.view().notices.iter().map(|n| n.code.clone()).collect();
        assert_eq!((desk.view().question, codes), (None, vec![code.to_owned()]));
        desk.give(Input::User(Action::Dismiss { code: code.into() }));
        assert!(desk.view().notices.is_empty());
    }
}

#[test]
fn with_a_locked_vault_the_code_is_not_used() {
    let mut desk = Desk::at_work();
    desk.give(Input::VaultTried(VaultState::Locked));
    desk.link(enroll_link(KNOWN_HOST, 1));
    let effects = desk.say(true, true);
    assert!(sent_codes(&effects).is_empty(), "{effects:?}");
    assert!(desk.view().notices.iter().any(|n| n.code == "companion.vault_unavailable"));
    // The very same link works once the vault does.
    desk.give(Input::VaultTried(VaultState::Working));
    desk.link(enroll_link(KNOWN_HOST, 1));
    assert_eq!(sent_codes(&desk.say(true, true)).len(), 1);
}

#[test]
fn a_refused_link_says_why_and_disturbs_nothing() {
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    let before = desk.question();
    for bad in
        ["deskside://connect?link=https://evil.example/SECRET", "deskside://x", "nonsense SECRET"]
    {
        let effects = desk.link(bad);
        assert!(!readable(&desk.companion, desk.now, &effects).contains("evil.example/"));
    }
    assert_eq!(desk.question(), before, "a bad link took the question away");
    let codes: Vec<_> = desk.view().notices.into_iter().map(|n| n.code).collect();
    assert_eq!(codes, ["link.untrusted_host", "link.unknown_action", "link.not_deskside"]);
    assert_eq!(opened(&desk.say(true, false)), [LINK]);
}

#[test]
fn a_burst_of_links_shows_one_question() {
    let mut desk = Desk::at_work();
    for number in 0..500 {
        desk.link(connect_link(number));
        desk.link("deskside://nonsense");
    }
    assert_eq!(desk.view().notices.len(), 1);
    assert_eq!(opened(&desk.say(true, false)), ["https://connect.conductor.is/qbd/SECRETLINK499"]);
    assert_eq!(desk.question(), None, "another question was behind it");
    assert_eq!(desk.view().connections.len(), 1);
}

#[test]
fn a_fresh_enrolment_opens_the_first_link_by_itself() {
    // Given an account whose connection is not set up
    let mut desk = Desk::at_work();
    let effects = desk.enroll(KNOWN_HOST, "dev-1", vec![told("conn-1", RemoteState::NotSetUp)]);
    let state = fetched_state(effects).expect("no link was asked for");
    // When the backend gives its link
    let url = Secret::new(LINK.into());
    let effects = desk.give(Input::LinkFetched {
        connection: "conn-1".into(),
        state,
        answer: Ok((url, None)),
    });
    // Then it is opened, and the connection waits instead of complaining
    assert_eq!(opened(&effects), [LINK]);
    assert_eq!(desk.view().connections[0].mood, Mood::Waiting);
    let told = desk.answer_status(Ok(RemoteState::NotSetUp));
    assert_eq!(toasts(&told), Vec::<&str>::new());
    assert_eq!(desk.view().connections[0].mood, Mood::Waiting);
}

#[test]
fn an_evil_link_from_a_backend_is_not_opened() {
    for url in
        ["https://evil.example/", "http://connect.conductor.is/qbd/x", "file:///etc/passwd", "x"]
    {
        let mut desk = Desk::connected();
        let state = fetched_state(desk.use_offer("conn-1", Offer::OpenLink)).unwrap();
        let answer = Ok((Secret::new(url.into()), None));
        let effects = desk.give(Input::LinkFetched { connection: "conn-1".into(), state, answer });
        assert_eq!(opened(&effects), Vec::<&str>::new(), "{url}");
        assert!(desk.view().notices.iter().any(|n| n.code == "connection.no_link"));
        assert!(!desk.view().connections[0].busy);
    }
}

#[test]
fn a_link_that_arrives_after_its_connection_was_removed_is_not_opened() {
    let mut desk = Desk::connected();
    let state = fetched_state(desk.use_offer("conn-1", Offer::OpenLink)).unwrap();
    desk.use_offer("conn-1", Offer::Remove);
    let answer = Ok((Secret::new(LINK.into()), None));
    let effects = desk.give(Input::LinkFetched { connection: "conn-1".into(), state, answer });
    assert_eq!(opened(&effects), Vec::<&str>::new());
}

#[test]
fn a_wrong_state_cancels_nothing_and_the_right_one_counts_once() {
    // Given a browser that was sent away
    let mut desk = Desk::connected();
    let state = fetched_state(desk.use_offer("conn-1", Offer::OpenLink)).unwrap();
    let right = state.reveal().to_owned();
    let url = Secret::new(LINK.into());
    desk.give(Input::LinkFetched { connection: "conn-1".into(), state, answer: Ok((url, None)) });
    desk.live(3);
    // When a page makes up a state, then nothing happens
    let before = desk.view();
    assert!(desk.link("deskside://return?state=made-up").is_empty());
    assert!(desk.link(format!("deskside://return?state={}", right.to_uppercase())).is_empty());
    assert_eq!(desk.view(), before);
    // When the right one comes, it is a hint to ask
    let effects = desk.link(format!("deskside://return?state={right}"));
    assert!(effects.iter().any(|e| matches!(e, Effect::OpenWindow(_))), "{effects:?}");
    // And it counts once
    assert!(desk.link(format!("deskside://return?state={right}")).is_empty());
}

#[test]
fn a_state_is_worth_nothing_after_ten_minutes() {
    let mut desk = Desk::connected();
    let state = fetched_state(desk.use_offer("conn-1", Offer::OpenLink)).unwrap();
    let right = state.reveal().to_owned();
    let url = Secret::new(LINK.into());
    desk.give(Input::LinkFetched { connection: "conn-1".into(), state, answer: Ok((url, None)) });
    desk.answer_status(Ok(RemoteState::Healthy));
    desk.wait(601);
    let effects = desk.link(format!("deskside://return?state={right}"));
    assert!(!effects.iter().any(|e| matches!(e, Effect::OpenWindow(_))), "{effects:?}");
}

// --- Backends and devices ----------------------------------------------------------------------

#[test]
fn enrolling_at_the_same_backend_again_replaces_and_another_backend_stands_beside() {
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
fn linking_anew_ends_the_outage_that_it_was_done_for() {
    // Given a sign-in that no longer counts, which the user was told
    let mut desk = Desk::connected();
    let effects = desk.answer_status(Err(Fault::Rejected));
    assert_eq!(toasts(&effects), ["Sign-in no longer accepted"]);
    // When they link this computer anew, as the problem's steps say
    let effects = desk.enroll(KNOWN_HOST, "dev-2", vec![told("conn-1", RemoteState::Healthy)]);
    // Then they are told that it helped
    assert_eq!((toasts(&effects), desk.view().mood), (vec!["Working again"], Mood::Healthy));
}

#[test]
fn a_backend_cannot_take_over_or_remove_a_connection_that_is_not_its_own() {
    // Given a connection of one backend
    let mut desk = Desk::connected();
    let via = desk.view().connections[0].via.clone();
    // When another backend tells of a connection with the same identifier
    desk.enroll(OTHER_HOST, "dev-9", vec![told("conn-1", RemoteState::Broken)]);
    let source = Source::Backend("dev-9".into());
    desk.give(Input::StatusTold {
        source: source.clone(),
        answer: Ok(vec![told("conn-1", RemoteState::Broken)]),
    });
    desk.give(Input::StatusTold { source, answer: Ok(vec![]) });
    desk.live(8);
    // Then the first one keeps it, and its state
    let connections = desk.view().connections;
    assert_eq!(connections.len(), 1);
    assert_eq!((&connections[0].via, connections[0].mood), (&via, Mood::Healthy));
}

#[test]
fn a_late_answer_of_a_backend_that_was_left_changes_nothing() {
    let mut desk = Desk::connected();
    desk.enroll(KNOWN_HOST, "dev-2", vec![told("conn-1", RemoteState::Healthy)]);
    desk.answer_status(Ok(RemoteState::Broken)); // of dev-1
    desk.live(8);
    assert_eq!(desk.view().connections[0].mood, Mood::Healthy);
}

#[test]
fn a_backend_that_was_left_is_told_until_it_hears_even_after_a_restart() {
    let left =
        |effects: &[Effect]| effects.iter().filter(|e| matches!(e, Effect::Leave(_))).count();
    let mut desk = Desk::connected();
    assert_eq!(left(&desk.use_offer("conn-1", Offer::Remove)), 1);
    desk.give(Input::Left { device: "dev-1".into(), done: false });
    let effects = desk.live(400);
    assert_eq!(left(&effects), 1, "not told again");
    // When the program is started anew before the backend has heard
    let saved = Saved { leaving: vec![device("dev-1", KNOWN_HOST)], ..Saved::default() };
    let mut desk = Desk::new(saved);
    assert_eq!(left(&desk.give(Input::Started { quietly: true })), 1, "forgotten by the restart");
    let effects = desk.give(Input::Left { device: "dev-1".into(), done: true });
    assert!(effects.iter().any(|e| matches!(e, Effect::Save(saved) if saved.leaving.is_empty())));
    assert_eq!(left(&desk.live(3600)), 0);
}

#[test]
fn a_device_that_is_linked_anew_is_not_told_to_leave() {
    let saved = Saved { leaving: vec![device("dev-1", KNOWN_HOST)], ..Saved::default() };
    let mut desk = Desk::with(saved);
    desk.give(Input::Left { device: "dev-1".into(), done: false });
    desk.enroll(KNOWN_HOST, "dev-1", vec![told("conn-1", RemoteState::Healthy)]);
    desk.answer_status(Ok(RemoteState::Healthy));
    let effects = desk.live(3600);
    assert!(!effects.iter().any(|e| matches!(e, Effect::Leave(_))), "revoked its own new token");
}

#[test]
fn a_rejected_device_stops_reporting_says_so_and_recovers_when_it_counts_again() {
    let mut desk = Desk::connected();
    let effects = desk.give(Input::ReportsRefused { device: "dev-1".into() });
    assert_eq!(desk.companion.reporting().count(), 0);
    assert_eq!(problem(&desk).as_deref(), Some("companion.credentials_rejected"));
    assert_eq!(toasts(&effects), ["Sign-in no longer accepted"]);
    // A backend that answers questions has not yet taken a report again
    let effects = desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(desk.companion.reporting().count(), 1);
    assert_eq!(toasts(&effects), Vec::<String>::new());
    desk.give(Input::Delivered { device: "dev-1".into(), next_report_after: None });
    let effects = desk.answer_status(Ok(RemoteState::Healthy));
    assert_eq!(toasts(&effects), ["Working again"]);
    assert_eq!(desk.view().mood, Mood::Healthy);
}

#[test]
fn an_active_check_is_made_only_on_a_click_and_never_twice_at_once() {
    let mut desk = Desk::connected();
    let checks =
        |effects: &[Effect]| effects.iter().filter(|e| matches!(e, Effect::Check(..))).count();
    assert_eq!(checks(&desk.live(3600)), 0);
    assert_eq!(checks(&desk.use_offer("conn-1", Offer::Check)), 1);
    assert_eq!(checks(&desk.use_offer("conn-1", Offer::Check)), 0);
    assert!(desk.view().connections[0].busy);
    desk.give(Input::Checked { connection: "conn-1".into(), answer: Err(Fault::Unusable) });
    assert!(!desk.view().connections[0].busy);
    assert_eq!(checks(&desk.use_offer("conn-1", Offer::Check)), 1);
}

#[test]
fn a_connection_that_is_not_set_up_keeps_its_button_while_the_web_connector_is_not_there() {
    let mut desk = Desk::connected();
    desk.give(seen(true, false, true));
    desk.answer_status(Ok(RemoteState::NotSetUp));
    desk.live(60);
    assert_eq!(problem(&desk).as_deref(), Some("connection.not_set_up"));
    assert!(desk.view().connections[0].offers.contains(&Offer::OpenLink));
}

// --- Health ------------------------------------------------------------------------------------

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

#[test]
fn a_connection_known_only_by_its_link_is_never_called_healthy() {
    let mut desk = Desk::at_work();
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
        origin: Origin::Direct { end_user: "end_usr_1".into(), base_url: None },
        link: None,
    };
    let effects = desk.give(Input::Added(connection.clone()));
    assert!(effects.iter().any(|e| matches!(e, Effect::AskStatus(_))), "{effects:?}");
    let source = Source::Direct("direct-1".into());
    desk.give(Input::StatusTold {
        source,
        answer: Ok(vec![told("direct-1", RemoteState::Healthy)]),
    });
    assert_eq!(desk.view().mood, Mood::Healthy);
    let effects = desk.give(Input::Forget("direct-1".into()));
    let forgets =
        |e: &Effect| matches!(e, Effect::ForgetSecret(name) if *name == connection.key_name());
    assert!(effects.iter().any(forgets), "{effects:?}");
    assert_eq!(desk.view().mood, Mood::Idle);
}

// --- Rest --------------------------------------------------------------------------------------

#[test]
fn at_rest_the_companion_wakes_about_once_a_minute() {
    let mut desk = Desk::connected();
    let end = desk.now + SignedDuration::from_hours(1);
    let (mut wakes, mut asked) = (0, 0);
    while let Some(wake) = desk.companion.next_wake().filter(|wake| *wake <= end) {
        assert!(wake >= desk.now, "a wake in the past");
        desk.now = wake;
        let effects = desk.give(Input::Woke);
        wakes += 1;
        if effects.iter().any(|e| matches!(e, Effect::AskStatus(_))) {
            asked += 1;
            desk.answer_status(Ok(RemoteState::Healthy));
        }
    }
    assert!(wakes < 90, "{wakes} wakes in an hour");
    assert!((50..=70).contains(&asked), "{asked} questions in an hour");
}

#[test]
fn with_nothing_connected_there_is_nothing_to_wake_for() {
    let mut desk = Desk::at_work();
    assert_eq!(desk.companion.next_wake(), None);
    desk.link("deskside://open/setup");
    desk.give(seen(false, false, false));
    assert_eq!(desk.companion.next_wake(), None);
}

#[test]
fn a_backend_that_is_away_is_asked_ever_more_seldom() {
    let mut desk = Desk::connected();
    let end = desk.now + SignedDuration::from_hours(1);
    let mut asked = 0;
    while let Some(wake) = desk.companion.next_wake().filter(|wake| *wake <= end) {
        desk.now = wake;
        if desk.give(Input::Woke).iter().any(|e| matches!(e, Effect::AskStatus(_))) {
            asked += 1;
            desk.answer_status(Err(Fault::Unreachable));
        }
    }
    assert!((10..=22).contains(&asked), "{asked} questions in an hour to nobody");
}

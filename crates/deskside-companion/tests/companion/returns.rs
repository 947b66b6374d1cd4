//! The browser returns: its outcome is a hint, the right state counts once, a wrong one never.

use deskside_companion::{Companion, Effect, Input, Installation, LinkStage, SavedState};
use deskside_model::Command;
use deskside_model::evidence::RemoteState;
use deskside_model::link::{AttemptOutcome, PROFILES, Provider, ReturnOutcome, Returns, Trust};

use super::route::*;
use super::world::*;

/// Each value that a provider returns, and what it means.
fn values(returns: &Returns) -> Vec<(&'static str, ReturnOutcome)> {
    [
        (returns.success, ReturnOutcome::Success),
        (returns.already, ReturnOutcome::Already),
        (returns.cancelled, ReturnOutcome::Cancelled),
        (returns.expired, ReturnOutcome::Expired),
        (returns.failed, ReturnOutcome::Failed),
        (returns.unsupported, ReturnOutcome::Unsupported),
        (&["", "gibberish"], ReturnOutcome::Unsaid),
    ]
    .into_iter()
    .flat_map(|(values, said)| values.iter().map(move |value| (*value, said)))
    .collect()
}

/// Asserts that an open link now has this outcome, and that its source is polled.
fn is_back(desk: &mut Desk, effects: &[Effect], said: ReturnOutcome, why: &str) {
    let life = life(&saved(effects).unwrap(), "conn-1").unwrap();
    assert_eq!(life.ending(), ends(said), "{why}");
    let stage = if ends(said).is_some() { LinkStage::Ended } else { LinkStage::Returned };
    assert_eq!(desk.stage("conn-1"), Some(stage), "{why}");
    assert!(effects.iter().any(|e| matches!(e, Effect::OpenWindow(_))), "{why}: {effects:?}");
    let mut asked = questions(effects);
    if asked == 0 {
        asked = questions(&desk.live(2));
    }
    assert_eq!(asked, 1, "{why}: the word of a browser was believed");
}

#[test]
fn every_return_outcome_is_understood_and_confirmed_by_polling() {
    for profile in PROFILES {
        for (value, said) in values(&profile.returns) {
            let (mut desk, fetch) = out_of(profile.provider);
            desk.tell_not_set_up(profile.provider);
            desk.live(60);
            desk.tell_not_set_up(profile.provider);
            let effects = desk.come_back(&fetch.state, &[(profile.returns.status, value)]);
            is_back(&mut desk, &effects, said, &format!("{} {value:?}", profile.name));
        }
    }
}

#[test]
fn policy_sets_the_parameter_with_the_outcome() {
    for profile in PROFILES {
        for (value, said) in values(&profile.returns) {
            let (mut desk, _) = out_of(profile.provider);
            let names = [(profile.provider, "outcome".to_owned())];
            let trust = Trust { return_parameters: names.into(), ..setting().trust };
            let setting = Installation { trust, ..setting() };
            // The second desk generates the same links.
            let on_disk = SavedState { opened_links: Vec::new(), ..desk.remembered() };
            let mut desk = Desk::with(on_disk.clone());
            desk.companion = Companion::new(setting, on_disk);
            let fetch = open_one(&mut desk, "conn-1", profile.provider);
            desk.tell_not_set_up(profile.provider);
            desk.live(60);
            desk.tell_not_set_up(profile.provider);
            let text = format!("deskside://return?state={}&outcome={value}", fetch.state);
            let effects = desk.link(text);
            is_back(&mut desk, &effects, said, &format!("{} {value:?}", profile.name));
        }
    }
}

#[test]
fn wrong_return_is_ignored_and_right_one_counts_once() {
    // Given an open link
    let (mut desk, fetch) = out_of(Provider::Codat);
    desk.tell_not_set_up(Provider::Codat);
    desk.live(60);
    desk.tell_not_set_up(Provider::Codat);
    desk.wait(1);
    desk.give(Input::Woke);
    // When a page invents a state, then nothing happens
    let nothing = |desk: &mut Desk, state: &str, why: &str| {
        let (before, view) = (whole(&desk.companion), desk.view());
        let effects = desk.come_back(state, &[("statusCode", "403")]);
        assert!(effects.is_empty(), "{why}: {effects:?}");
        assert!(desk.link(format!("deskside://return?state={state}&statusCode=403")).is_empty());
        assert_eq!((whole(&desk.companion), desk.view()), (before, view), "{why}");
    };
    nothing(&mut desk, "made-up", "an invented state");
    nothing(&mut desk, &fetch.state.to_uppercase(), "the state in the wrong case");
    nothing(&mut desk, fetch.attempt.as_str(), "the identifier of the attempt");
    // When the right state arrives, it is a hint to poll
    let effects = desk.link(format!("deskside://return?state={}&statusCode=200", fetch.state));
    is_back(&mut desk, &effects, ReturnOutcome::Success, "the right state");
    // And it counts once
    nothing(&mut desk, &fetch.state, "the right state again");
}

#[test]
fn return_is_ignored_once_its_link_has_ended() {
    let over: [Turn<&str>; 4] = [
        ("it expired", |desk, _| desk.wait(31 * 60)),
        ("it was canceled", |desk, _| {
            desk.use_command("conn-1", Command::CancelLink);
        }),
        ("it worked", |desk, _| {
            desk.answer_status(Ok(RemoteState::Healthy));
        }),
        ("another one was requested", |desk, _| {
            desk.want_link("conn-1");
        }),
    ];
    for (why, end) in over {
        let (mut desk, fetch) = out_of(Provider::Conductor);
        desk.answer_status(Ok(RemoteState::NotSetUp));
        end(&mut desk, &fetch);
        desk.give(Input::Woke);
        let (before, view) = (whole(&desk.companion), desk.view());
        let effects = desk.come_back(&fetch.state, &[]);
        assert!(effects.is_empty(), "{why}: {effects:?}");
        assert_eq!((whole(&desk.companion), desk.view()), (before, view), "{why}");
    }
}

#[test]
fn return_after_expiry_during_sleep_is_ignored() {
    let (mut desk, fetch) = out_of(Provider::Conductor);
    desk.wait(8 * 3600);
    let effects = desk.come_back(&fetch.state, &[]);
    let life = life(&saved(&effects).unwrap(), "conn-1").unwrap();
    assert_eq!(life.ending(), Some(AttemptOutcome::Expired));
    assert!(!effects.iter().any(|e| matches!(e, Effect::OpenWindow(_))), "{effects:?}");
}

#[test]
fn open_link_and_its_return_survive_a_restart() {
    let mut desk = Desk::connected();
    let fetch = desk.want_link("conn-1");
    let effects = desk.answer_fetch(&fetch, Ok(fresh(LINK, None)));
    let mut desk = restarted(&saved(&effects).unwrap(), desk.now);
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Waiting));
    let effects = desk.link(format!("deskside://return?state={}", fetch.state));
    assert_eq!(desk.stage("conn-1"), Some(LinkStage::Returned), "{effects:?}");
    assert_eq!(opened(&effects), Vec::<&str>::new());
}

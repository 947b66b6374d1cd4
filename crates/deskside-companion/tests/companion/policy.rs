//! Enrollment that an administrator has prepared by policy.

use deskside_companion::{Effect, Input, Question, SavedState};
use deskside_model::Secret;

use super::world::*;

fn wish(desk: &mut Desk, host: &str, number: u32) -> Vec<Effect> {
    desk.give(Input::PreEnrollment(Secret::new(enroll_link(host, number))))
}

/// The next start of the program, with the state that the last one saved.
fn restarted(effects: &[Effect]) -> Desk {
    let saved = effects.iter().find_map(|effect| match effect {
        Effect::Save(saved) => Some(saved.clone()),
        _ => None,
    });
    Desk::with(saved.unwrap_or_default())
}

#[test]
fn policy_enrollment_asks_for_consent_like_any_link() {
    let mut desk = Desk::at_work();
    let effects = wish(&mut desk, KNOWN_HOST, 1);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::OpenWindow(_))), "{effects:?}");
    let Some(Question::Enroll { host, .. }) = desk.view().question else { panic!("not asked") };
    assert_eq!(host, KNOWN_HOST);
    assert_eq!(sent_codes(&effects).len(), 0, "sent without consent");
    assert_eq!(sent_codes(&desk.say(true, false)).len(), 1);
}

#[test]
fn policy_enrollment_is_asked_until_answered_once() {
    let mut desk = Desk::at_work();
    wish(&mut desk, KNOWN_HOST, 1);
    // The question expires unanswered
    let left = desk.live(601);
    let mut desk = restarted(&left);
    wish(&mut desk, KNOWN_HOST, 1);
    assert!(desk.question().is_some(), "the question is not repeated");
    // The user declines
    let said = desk.say(false, false);
    let mut desk = restarted(&said);
    assert!(wish(&mut desk, KNOWN_HOST, 1).is_empty());
    assert_eq!(desk.question(), None, "asked again after a no");
    // A new code is a new request
    wish(&mut desk, KNOWN_HOST, 2);
    assert!(desk.question().is_some());
}

#[test]
fn linked_computer_is_not_asked_again() {
    let mut desk = Desk::connected();
    wish(&mut desk, KNOWN_HOST, 1);
    assert_eq!(desk.question(), None);
}

#[test]
fn invalid_policy_enrollment_is_ignored() {
    for nonsense in ["deskside://open/status", "deskside://enroll?backend=https://&code=", "x"] {
        let mut desk = Desk::with(SavedState::default());
        let effects = desk.give(Input::PreEnrollment(Secret::new(nonsense.into())));
        assert!(effects.is_empty(), "{nonsense}: {effects:?}");
        assert_eq!(desk.view().notices, [], "{nonsense}");
    }
}

//! How rarely the companion wakes and polls while nothing happens.

use deskside_companion::{Effect, Input};
use deskside_model::evidence::{Fault, RemoteState};
use jiff::SignedDuration;

use super::world::*;

#[test]
fn idle_companion_wakes_about_once_a_minute() {
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
fn companion_without_connections_schedules_no_wakeup() {
    let mut desk = Desk::at_work();
    assert_eq!(desk.companion.next_wake(), None);
    desk.link("deskside://open/setup");
    desk.give(seen(false, false, false));
    assert_eq!(desk.companion.next_wake(), None);
}

#[test]
fn unreachable_backend_is_polled_less_and_less_often() {
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

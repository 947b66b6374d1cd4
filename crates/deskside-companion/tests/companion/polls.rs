//! How often rate-limited providers are polled.

use deskside_companion::{Action, Effect, Input};
use deskside_model::Page;
use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_model::exchange::Source;
use jiff::SignedDuration;

use super::route::*;
use super::world::*;

fn codat() -> Desk {
    let mut desk = Desk::at_work();
    desk.give(Input::Added(Box::new(direct_codat())));
    desk
}

fn answer(desk: &mut Desk, state: RemoteState, pause: Option<i64>) -> Vec<Effect> {
    let status = RemoteStatus { state, ..RemoteStatus::default() };
    let answer =
        Ok(vec![deskside_model::exchange::ConnectionReport { status, ..told("direct-1", state) }]);
    let pause = pause.map(SignedDuration::from_secs);
    desk.give(Input::StatusReceived { source: Source::Direct("direct-1".into()), answer, pause })
}

/// How often it is polled within so many minutes if it answers at once.
fn asked_within(desk: &mut Desk, minutes: i64, state: RemoteState, pause: Option<i64>) -> usize {
    let (end, mut asked) = (desk.after(minutes), 0);
    while let Some(wake) = desk.companion.next_wake().filter(|wake| *wake <= end) {
        desk.now = desk.now.max(wake);
        if questions(&desk.give(Input::Woke)) > 0 {
            asked += 1;
            answer(desk, state, pause);
        }
    }
    desk.now = end;
    asked
}

#[test]
fn codat_is_polled_four_times_an_hour() {
    let mut desk = codat();
    answer(&mut desk, RemoteState::Healthy, None);
    let asked = asked_within(&mut desk, 4 * 60, RemoteState::Healthy, None);
    assert!((14..=18).contains(&asked), "{asked} questions in four hours");
}

#[test]
fn local_changes_do_not_poll_codat() {
    let mut desk = codat();
    answer(&mut desk, RemoteState::Healthy, None);
    desk.wait(60);
    let mut asked = 0;
    for open in [false, true, false, true] {
        desk.wait(5);
        asked += questions(&desk.give(seen(open, true, true)));
    }
    assert_eq!(asked, 0);
}

#[test]
fn codat_is_polled_faster_only_while_a_link_is_open() {
    let mut desk = codat();
    answer(&mut desk, RemoteState::NotSetUp, None);
    open_one(&mut desk, "direct-1", deskside_model::link::Provider::Codat);
    let asked = asked_within(&mut desk, 15, RemoteState::NotSetUp, None);
    assert!((60..=110).contains(&asked), "{asked} questions in a quarter of an hour");
    answer(&mut desk, RemoteState::Healthy, None);
    asked_within(&mut desk, 20, RemoteState::Healthy, None);
    let asked = asked_within(&mut desk, 4 * 60, RemoteState::Healthy, None);
    assert!((14..=18).contains(&asked), "{asked} questions in four hours");
}

#[test]
fn codat_pause_is_respected_while_a_link_is_open() {
    let mut desk = codat();
    answer(&mut desk, RemoteState::NotSetUp, None);
    open_one(&mut desk, "direct-1", deskside_model::link::Provider::Codat);
    answer(&mut desk, RemoteState::NotSetUp, Some(300));
    let asked = asked_within(&mut desk, 60, RemoteState::NotSetUp, Some(300));
    assert!((10..=12).contains(&asked), "{asked} questions in an hour");
}

#[test]
fn local_events_do_not_end_a_pause() {
    let happens: [fn() -> Input; 4] = [
        || Input::User(Action::Refresh),
        || Input::PageWanted(Page::Status),
        || Input::Resumed,
        || Input::Summoned,
    ];
    for (which, happens) in happens.into_iter().enumerate() {
        for fault in [None, Some(Fault::Unreachable), Some(Fault::Unusable)] {
            // Given a provider that has requested a pause of ten minutes
            let mut desk = codat();
            let source = Source::Direct("direct-1".into());
            let answer = fault.map_or(Ok(vec![told("direct-1", RemoteState::Healthy)]), Err);
            let pause = Some(SignedDuration::from_mins(10));
            desk.give(Input::StatusReceived { source, answer, pause });
            // When the user and the system cause polls again and again
            let mut asked = 0;
            for _ in 0..9 {
                asked += questions(&desk.live(60));
                asked += questions(&desk.give(happens()));
            }
            assert_eq!(asked, 0, "{which}: asked in its pause, after {fault:?}");
            // Then it is polled as soon as the pause is over
            assert_eq!(questions(&desk.live(60)), 1, "{which}: not asked after its pause");
        }
    }
}

#[test]
fn refresh_polls_at_once_when_no_pause_is_set() {
    let mut desk = codat();
    answer(&mut desk, RemoteState::Healthy, Some(0));
    desk.live(60);
    assert_eq!(questions(&desk.give(Input::User(Action::Refresh))), 1);
}

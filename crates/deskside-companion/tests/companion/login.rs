//! Starting at login: enabled once after installation, and then the user's choice.

use deskside_companion::{Action, Effect, Input};
use deskside_model::LoginStart;

use super::world::Desk;

const fn seen(login_start: LoginStart, installed: bool) -> Input {
    Input::LoginStartSeen { login_start, installed }
}

/// The login start that a batch requests, if any.
fn wanted(effects: &[Effect]) -> Option<bool> {
    effects.iter().find_map(|effect| match effect {
        Effect::StartAtLogin(on) => Some(*on),
        _ => None,
    })
}

#[test]
fn login_start_is_enabled_once_and_user_can_undo_it() {
    let mut desk = Desk::at_work();
    assert_eq!(wanted(&desk.give(seen(LoginStart::Off, true))), Some(true));
    desk.give(seen(LoginStart::On, true));
    // When the user switches it off
    let off = desk.give(Input::User(Action::StartAtLogin { on: false }));
    assert_eq!(wanted(&off), Some(false));
    // Then it stays off
    let effects = desk.give(seen(LoginStart::Off, true));
    assert_eq!(wanted(&effects), None);
    assert_eq!(desk.companion.view().login_start, LoginStart::Off);
}

#[test]
fn portable_copy_does_not_enable_login_start() {
    let mut desk = Desk::at_work();
    assert_eq!(wanted(&desk.give(seen(LoginStart::Off, false))), None);
    // But it is enabled when it is installed later
    assert_eq!(wanted(&desk.give(seen(LoginStart::Off, true))), Some(true));
}

#[test]
fn login_start_decided_elsewhere_cannot_be_changed() {
    for decided in [
        LoginStart::TurnedOffInTaskManager,
        LoginStart::ByAdministrator { on: true },
        LoginStart::CannotTell,
    ] {
        let mut desk = Desk::at_work();
        assert_eq!(wanted(&desk.give(seen(decided, true))), None, "{decided:?}");
        let effects = desk.give(Input::User(Action::StartAtLogin { on: true }));
        assert_eq!(wanted(&effects), None, "{decided:?}");
    }
}

#[test]
fn failed_window_shows_a_notice_until_one_opens() {
    let mut desk = Desk::at_work();
    let told = |desk: &Desk| {
        let notices = desk.companion.summary().notices;
        notices.iter().any(|notice| notice.code == "companion.webview_missing")
    };
    desk.give(Input::WindowFailed);
    assert!(told(&desk), "no notice is shown");
    desk.give(Input::WindowShown(true));
    assert!(!told(&desk), "the notice is still shown");
}

#[test]
fn all_sources_are_polled_after_sleep() {
    let mut desk = Desk::connected();
    desk.wait(10);
    let effects = desk.wake_up();
    assert!(effects.iter().any(|e| matches!(e, Effect::AskStatus(_))), "{effects:?}");
    assert!(effects.iter().any(|e| matches!(e, Effect::TryVault)), "{effects:?}");
}

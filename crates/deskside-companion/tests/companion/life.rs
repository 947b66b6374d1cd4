//! A link from the user's consent to the browser: checked first, kept if a check fails, opened
//! at most once, whatever happens to the program in between.

use deskside_companion::{CheckState, Effect, Input, LinkStage, Question, SavedState};
use deskside_model::link::{AttemptOutcome, AttemptStage};
use deskside_model::vault::VaultFault;
use deskside_model::{AttemptId, Command, ConnectionId, Secret};

use super::route::*;
use super::world::*;

/// The one connection that an outside link has created.
fn only(desk: &Desk) -> ConnectionId {
    let connections = desk.view().connections;
    assert_eq!(connections.len(), 1, "{connections:?}");
    connections[0].id.clone()
}

fn place(effects: &[Effect], wanted: fn(&Effect) -> bool) -> usize {
    effects.iter().position(wanted).unwrap_or_else(|| panic!("no such effect: {effects:?}"))
}

#[test]
fn clear_checks_open_link_at_once_after_saving() {
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    let effects = desk.say(true, false);
    assert_eq!(opened(&effects), [LINK]);
    let saved_at = place(&effects, |effect| matches!(effect, Effect::Save(_)));
    assert!(saved_at < place(&effects, |effect| matches!(effect, Effect::OpenBrowser { .. })));
    assert!(matches!(
        life(&saved(&effects).unwrap(), only(&desk)).unwrap().stage,
        AttemptStage::Opened { .. }
    ));
    assert_eq!(kept(&effects), [], "kept although the browser has it");
    let link = desk.link_of(only(&desk)).unwrap();
    assert_eq!((link.stage, link.expires_at), (LinkStage::Waiting, Some(desk.after(30))));
    assert_eq!((link.checks, link.commands), (vec![], vec![Command::CancelLink]));
}

#[test]
fn unknown_checks_do_not_hold_back_a_link() {
    let mut desk = Desk::new(SavedState::default());
    desk.link(connect_link(1));
    let Some(Question::OpenLink { checks, .. }) = desk.view().question else { panic!() };
    assert!(checks.iter().all(|check| check.state == CheckState::Unknown), "{checks:?}");
    assert_eq!(opened(&desk.say(true, false)), [LINK]);
}

#[test]
fn failed_checks_show_their_fix_before_the_page_opens() {
    let mut desk = Desk::at_work();
    desk.give(Input::Surveyed(Box::new(super::launching::installed())));
    desk.give(seen(false, true, true));
    desk.link(connect_link(1));
    let Some(Question::OpenLink { checks, .. }) = desk.view().question else { panic!() };
    let bad = || checks.iter().filter(|check| check.state == CheckState::Bad);
    assert_eq!(bad().map(|check| check.fix).collect::<Vec<_>>(), [Some(Command::OpenQuickBooks)]);
    let effects = desk.say(true, false);
    assert_eq!(opened(&effects), Vec::<&str>::new());
    assert_eq!(kept(&effects).len(), 1);
    let link = desk.link_of(only(&desk)).unwrap();
    assert_eq!((link.stage, &link.checks), (LinkStage::Preflight, &checks));
    assert_eq!(link.commands, [Command::GoOn, Command::CancelLink]);
    // When it is fixed, the link still waits for the user
    let title = link.title;
    let effects = desk.give(seen(true, true, true));
    assert_eq!(opened(&effects), Vec::<&str>::new(), "opened by itself");
    let link = desk.link_of(only(&desk)).unwrap();
    assert!(link.title != title && link.checks.iter().all(|check| check.state != CheckState::Bad));
    assert_eq!(opened(&desk.use_command(only(&desk), Command::GoOn)), [LINK]);
}

#[test]
fn continuing_despite_failed_checks_opens_the_link_once() {
    let mut desk = Desk::at_work();
    let (_, name) = kept_back(&mut desk, &connect_link(1));
    let effects = desk.use_command(only(&desk), Command::GoOn);
    assert_eq!(opened(&effects), [LINK]);
    assert_eq!(forgotten(&effects), [name.as_str()], "still in the vault");
    assert_eq!(opened(&desk.use_command(only(&desk), Command::GoOn)), Vec::<&str>::new());
    desk.link(connect_link(1));
    assert_eq!(opened(&desk.say(true, false)), Vec::<&str>::new());
    assert_eq!(notices(&desk), ["link.used"]);
}

#[test]
fn link_canceled_before_opening_leaves_nothing_behind() {
    let mut desk = Desk::at_work();
    let (_, name) = kept_back(&mut desk, &connect_link(1));
    let id = only(&desk);
    let effects = desk.use_command(&id, Command::CancelLink);
    assert_eq!(forgotten(&effects), [name.as_str()]);
    assert_eq!(desk.view().connections, []);
    assert_eq!(opened(&desk.use_command(&id, Command::GoOn)), Vec::<&str>::new());
    // It was not used, so it may be clicked again
    desk.give(seen(true, true, true));
    desk.link(connect_link(1));
    assert_eq!(opened(&desk.say(true, false)), [LINK]);
}

#[test]
fn canceled_new_link_keeps_the_existing_connection() {
    // Given a connection whose opened link has expired
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    desk.say(true, false);
    desk.live(31 * 60);
    let id = only(&desk);
    // When a second link is canceled before it is opened
    kept_back(&mut desk, &connect_link(2));
    assert_eq!(only(&desk), id);
    desk.use_command(&id, Command::CancelLink);
    // Then the connection stays
    assert_eq!((only(&desk), desk.link_of(&id)), (id, None));
}

#[test]
fn late_cancel_changes_nothing() {
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    desk.say(true, false);
    let id = only(&desk);
    desk.use_command(&id, Command::CancelLink);
    assert_eq!(desk.stage(&id), Some(LinkStage::Ended));
    let before = whole(&desk.companion);
    assert!(desk.use_command(&id, Command::CancelLink).is_empty());
    assert_eq!(whole(&desk.companion), before);
}

#[test]
fn kept_link_survives_a_restart_and_opens_once() {
    let mut desk = Desk::at_work();
    let (on_disk, name) = kept_back(&mut desk, &connect_link(1));
    // Given the program is started again ten minutes later
    let mut desk = restarted(&on_disk, desk.after(10));
    let id = only(&desk);
    assert_eq!(desk.stage(&id), Some(LinkStage::Preflight));
    // When the user continues, twice
    let effects = desk.use_command(&id, Command::GoOn);
    let (connection, attempt, from) = taken(&effects).expect("not taken out of the vault");
    assert_eq!((&connection, from), (&id, name));
    assert_eq!(taken(&desk.use_command(&id, Command::GoOn)), None);
    let answer = |attempt: &AttemptId| Input::LinkTaken {
        connection: id.clone(),
        attempt: attempt.clone(),
        answer: Ok(Secret::new(LINK.into())),
    };
    assert!(desk.give(answer(&"another attempt".into())).is_empty());
    // Then it is saved, opened once, and keeps its original expiry
    let effects = desk.give(answer(&attempt));
    assert_eq!(opened(&effects), [LINK]);
    assert!(matches!(effects.first(), Some(Effect::Save(_))), "{effects:?}");
    assert!(desk.give(answer(&attempt)).is_empty(), "opened a second time");
    assert_eq!(desk.link_of(&id).unwrap().expires_at, Some(desk.after(20)));
}

#[test]
fn kept_link_can_be_taken_again_after_an_exit() {
    let mut desk = Desk::at_work();
    let (on_disk, _) = kept_back(&mut desk, &connect_link(1));
    let mut desk = restarted(&on_disk, desk.now);
    let id = only(&desk);
    let on_disk = saved(&desk.use_command(&id, Command::GoOn)).unwrap();
    let mut desk = restarted(&on_disk, desk.now);
    assert_eq!(desk.stage(&id), Some(LinkStage::Preflight), "does not wait for the user");
    let (connection, attempt, _) = taken(&desk.use_command(&id, Command::GoOn)).unwrap();
    let answer = Ok(Secret::new(LINK.into()));
    assert_eq!(opened(&desk.give(Input::LinkTaken { connection, attempt, answer })), [LINK]);
}

#[test]
fn missing_or_late_kept_link_is_not_opened() {
    for (answer, seconds) in [
        (Err(VaultFault::Absent), 1),
        (Err(VaultFault::Broken), 1),
        (Ok(Secret::new(LINK.into())), 121),
    ] {
        let mut desk = Desk::at_work();
        let (on_disk, name) = kept_back(&mut desk, &connect_link(1));
        let mut desk = restarted(&on_disk, desk.now);
        let id = only(&desk);
        let (connection, attempt, _) = taken(&desk.use_command(&id, Command::GoOn)).unwrap();
        desk.wait(seconds);
        let effects = desk.give(Input::LinkTaken { connection, attempt, answer });
        assert_eq!(opened(&effects), Vec::<&str>::new());
        assert_eq!(forgotten(&effects), [name.as_str()]);
        let link = desk.link_of(&id).unwrap();
        assert_eq!((link.stage, link.commands), (LinkStage::Ended, vec![]));
        assert!(link.text.contains("Ask your application"), "{}", link.text);
    }
}

#[test]
fn kept_link_waits_until_the_vault_is_unlocked() {
    let mut desk = Desk::at_work();
    let (on_disk, _) = kept_back(&mut desk, &connect_link(1));
    let mut desk = restarted(&on_disk, desk.now);
    let id = only(&desk);
    for fault in [VaultFault::Locked, VaultFault::Silent] {
        let (connection, attempt, _) = taken(&desk.use_command(&id, Command::GoOn)).unwrap();
        let effects = desk.give(Input::LinkTaken { connection, attempt, answer: Err(fault) });
        assert_eq!(forgotten(&effects), Vec::<&str>::new(), "a link was lost");
        assert_eq!(desk.stage(&id), Some(LinkStage::Preflight));
        assert_eq!(notices(&desk), ["companion.vault_unavailable"]);
        assert_eq!(desk.link_of(&id).unwrap().expires_at, Some(desk.after(30)));
    }
    let (connection, attempt, _) = taken(&desk.use_command(&id, Command::GoOn)).unwrap();
    let answer = Ok(Secret::new(LINK.into()));
    assert_eq!(opened(&desk.give(Input::LinkTaken { connection, attempt, answer })), [LINK]);
}

#[test]
fn kept_link_expires_and_is_not_opened() {
    for restart in [false, true] {
        let mut desk = Desk::at_work();
        let (on_disk, name) = kept_back(&mut desk, &connect_link(1));
        let id = only(&desk);
        if restart {
            desk = restarted(&on_disk, desk.now);
        }
        desk.wait(30 * 60);
        let effects = desk.use_command(&id, Command::GoOn);
        assert_eq!((opened(&effects), taken(&effects)), (vec![], None), "opened after it expired");
        assert_eq!(forgotten(&effects), [name.as_str()], "an expired link stays in the vault");
        let ending = life(&saved(&effects).unwrap(), &id).unwrap().ending();
        assert_eq!(
            (desk.stage(&id), ending),
            (Some(LinkStage::Ended), Some(AttemptOutcome::Expired))
        );
    }
}

#[test]
fn single_use_link_is_refused_after_use() {
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    let on_disk = saved(&desk.say(true, false)).unwrap();
    for mut desk in [desk, restarted(&on_disk, "2026-11-21T08:00:00Z".parse().unwrap())] {
        desk.link(connect_link(1));
        assert_eq!(opened(&desk.say(true, false)), Vec::<&str>::new());
        assert_eq!(notices(&desk), ["link.used"]);
        desk.link(connect_link(2));
        assert_eq!(opened(&desk.say(true, false)).len(), 1, "another link was refused too");
    }
}

#[test]
fn reusable_link_opens_again_for_the_same_connection() {
    let mut desk = Desk::at_work();
    for _ in 0..3 {
        desk.link(RUTTER);
        assert_eq!(opened(&desk.say(true, false)), ["https://link.rutterapi.com/SECRETRUTTER"]);
        assert_eq!(desk.link_of(only(&desk)).unwrap().expires_at, None);
        desk.wait(3600);
    }
    assert_eq!(notices(&desk), Vec::<String>::new());
}

#[test]
fn same_link_is_never_kept_in_two_places() {
    // Given one connection with an open link, and a second one with a kept link
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    desk.say(true, false);
    desk.wait(60);
    kept_back(&mut desk, &connect_link(2));
    assert_eq!(desk.view().connections.len(), 2);
    // When the first link has expired, and the second one is clicked again
    desk.wait(29 * 60 + 30);
    desk.give(seen(true, true, true));
    desk.link(connect_link(2));
    let mut links = opened(&desk.say(true, false)).len();
    // Then nothing can open it a second time
    for connection in desk.view().connections {
        links += opened(&desk.use_command(&connection.id, Command::GoOn)).len();
    }
    assert_eq!(links, 1);
}

#[test]
fn link_that_no_browser_showed_can_be_clicked_again() {
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    desk.say(true, false);
    let connection = only(&desk);
    let started = Err("no browser".into());
    desk.give(Input::BrowserStarted { connection: connection.clone(), started });
    assert_eq!(notices(&desk), ["companion.browser_failed"]);
    assert_eq!(desk.stage(&connection), Some(LinkStage::Ended));
    desk.link(connect_link(1));
    assert_eq!(opened(&desk.say(true, false)), [LINK]);
    assert_eq!(only(&desk), connection);
    desk.give(Input::BrowserStarted { connection: connection.clone(), started: Ok(()) });
    assert_eq!(desk.stage(&connection), Some(LinkStage::Waiting));
}

//! What a web page can request, and what happens only with consent.

use deskside_companion::{Action, Effect, Input, LinkStage, Question, Status};
use deskside_model::Command;
use deskside_model::evidence::RemoteState;
use deskside_model::exchange::EnrollFault;
use deskside_model::vault::VaultState;

use super::world::*;

const LINK: &str = "https://connect.conductor.is/qbd/SECRETLINK1";

#[test]
fn link_opens_only_after_yes_and_only_once() {
    // Given a link from somewhere
    let mut desk = Desk::at_work();
    let shown = desk.link(connect_link(1));
    assert_eq!(opened(&shown), Vec::<&str>::new(), "opened without consent");
    let Some(Question::OpenLink { provider, host, id, .. }) = desk.view().question else {
        panic!()
    };
    assert_eq!((provider.as_str(), host.as_str()), ("Conductor", "connect.conductor.is"));
    // When the user says yes, twice
    assert_eq!(opened(&desk.say(true, false)), [LINK]);
    let again =
        desk.give(Input::User(Action::Answer { question: id, yes: true, started_here: true }));
    // Then it is opened once
    assert_eq!(opened(&again), Vec::<&str>::new());
    assert_eq!(desk.view().connections[0].status, Status::Waiting);
}

#[test]
fn answering_no_only_closes_the_question() {
    let mut desk = Desk::at_work();
    for link in [connect_link(1), enroll_link(KNOWN_HOST, 1), enroll_link(OTHER_HOST, 1)] {
        desk.link(link);
        assert!(desk.say(false, true).is_empty());
        assert_eq!(desk.view().question, None);
    }
    assert!(desk.view().connections.is_empty());
}

#[test]
fn answer_to_a_replaced_question_is_ignored() {
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
fn question_expires_after_ten_minutes_also_during_sleep() {
    for (seconds, counts) in [(599, true), (600, false), (8 * 3600, false)] {
        let mut desk = Desk::at_work();
        desk.link(connect_link(1));
        desk.wait(seconds);
        // The answer is the first input after the sleep.
        assert_eq!(opened(&desk.say(true, true)).len(), usize::from(counts), "{seconds} s");
    }
}

#[test]
fn unknown_backend_needs_the_checkbox_and_known_shows_its_name() {
    let mut desk = Desk::at_work();
    desk.link(enroll_link(OTHER_HOST, 1));
    let Some(Question::Enroll { vendor: None, must_confirm_origin: true, host, .. }) =
        desk.view().question
    else {
        panic!("not the stronger question")
    };
    assert_eq!(host, OTHER_HOST);
    assert!(desk.say(true, false).is_empty(), "continued without the check box");
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
    // When the backend names the account of the code
    let effects =
        desk.give(Input::AccountReceived { question, answer: Ok("Somebody Else Ltd".into()) });
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
fn each_enrollment_failure_is_shown_and_can_be_dismissed() {
    for (fault, code) in [
        (EnrollFault::UnknownCode, "enrollment.unknown_code"),
        (EnrollFault::SpentCode, "enrollment.spent_code"),
        (EnrollFault::Unreachable, "enrollment.unreachable"),
        (EnrollFault::Unusable, "enrollment.unusable"),
        (
            EnrollFault::Vault(deskside_model::vault::VaultFault::Locked),
            "companion.vault_unavailable",
        ),
    ] {
        let mut desk = Desk::at_work();
        desk.link(enroll_link(KNOWN_HOST, 1));
        desk.say(true, false);
        let question = desk.question().unwrap();
        desk.give(Input::AccountReceived { question, answer: Err(fault) });
        let codes: Vec<_> = desk.view().notices.iter().map(|n| n.code.clone()).collect();
        assert_eq!((desk.view().question, codes), (None, vec![code.to_owned()]));
        desk.give(Input::User(Action::Dismiss { code: code.into() }));
        assert!(desk.view().notices.is_empty());
    }
}

#[test]
fn interrupted_enrollment_is_reported_once_at_next_start() {
    let mut desk = Desk::at_work();
    desk.link(enroll_link(KNOWN_HOST, 1));
    desk.say(true, false);
    let question = desk.question().unwrap();
    desk.give(Input::AccountReceived { question, answer: Ok("Acme Ltd".into()) });
    // Given the program is killed during enrollment
    let effects = desk.say(true, false);
    assert!(matches!(effects.first(), Some(Effect::Save(_))), "not kept: {effects:?}");
    let mut desk = Desk::new(saved(&effects).unwrap());
    let effects = desk.give(Input::Started { quietly: true });
    let notice = desk.view().notices.pop().expect("no notice is shown");
    assert_eq!(notice.code, "enrollment.interrupted");
    assert!(notice.text.contains(KNOWN_HOST) && notice.steps[0].contains("new link"));
    let desk = Desk::with(saved(&effects).unwrap());
    assert_eq!(notices(&desk), Vec::<String>::new(), "announced at every start");
    // A completed enrollment is not reported
    let mut desk = Desk::at_work();
    let effects = desk.enroll(KNOWN_HOST, "dev-1", vec![]);
    assert_eq!(notices(&Desk::with(saved(&effects).unwrap())), Vec::<String>::new());
}

#[test]
fn enrollment_code_is_not_used_while_the_vault_is_locked() {
    let mut desk = Desk::at_work();
    desk.give(Input::VaultTried(VaultState::Locked));
    desk.link(enroll_link(KNOWN_HOST, 1));
    let effects = desk.say(true, true);
    assert!(sent_codes(&effects).is_empty(), "{effects:?}");
    assert!(desk.view().notices.iter().any(|n| n.code == "companion.vault_unavailable"));
    // The same link works once the vault does.
    desk.give(Input::VaultTried(VaultState::Working));
    desk.link(enroll_link(KNOWN_HOST, 1));
    assert_eq!(sent_codes(&desk.say(true, true)).len(), 1);
}

#[test]
fn refused_link_gives_its_reason_and_changes_nothing_else() {
    let mut desk = Desk::at_work();
    desk.link(connect_link(1));
    let before = desk.question();
    for bad in
        ["deskside://connect?link=https://evil.example/SECRET", "deskside://x", "nonsense SECRET"]
    {
        let effects = desk.link(bad);
        assert!(!readable(&desk.companion, desk.now, &effects).contains("evil.example/"));
    }
    assert_eq!(desk.question(), before, "a bad link removed the question");
    let codes: Vec<_> = desk.view().notices.into_iter().map(|n| n.code).collect();
    assert_eq!(codes, ["link.untrusted_host", "link.unknown_action", "link.not_deskside"]);
    assert_eq!(opened(&desk.say(true, false)), [LINK]);
}

#[test]
fn many_links_at_once_show_one_question() {
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
fn new_enrollment_opens_its_first_link() {
    // Given an account with a connection that is not set up
    let mut desk = Desk::at_work();
    let effects = desk.enroll(KNOWN_HOST, "dev-1", vec![told("conn-1", RemoteState::NotSetUp)]);
    let fetch = fetched(&effects).expect("no link was asked for");
    // When the backend returns its link
    let effects = desk.answer_fetch(&fetch, Ok(fresh(LINK, None)));
    // Then it is opened, and the connection waits instead of complaining
    assert_eq!(opened(&effects), [LINK]);
    assert_eq!(desk.view().connections[0].status, Status::Waiting);
    let told = desk.answer_status(Ok(RemoteState::NotSetUp));
    assert_eq!(toasts(&told), Vec::<&str>::new());
    assert_eq!(desk.view().connections[0].status, Status::Waiting);
}

#[test]
fn untrusted_link_from_a_backend_is_not_opened() {
    for url in
        ["https://evil.example/", "http://connect.conductor.is/qbd/x", "file:///etc/passwd", "x"]
    {
        let mut desk = Desk::connected();
        let fetch = desk.want_link("conn-1");
        let effects = desk.answer_fetch(&fetch, Ok(fresh(url, None)));
        assert_eq!(opened(&effects), Vec::<&str>::new(), "{url}");
        // The link's panel says that no link was available, and allows a retry.
        let link = desk.link_of("conn-1").unwrap();
        assert_eq!(
            (link.stage, link.commands),
            (LinkStage::Ended, vec![Command::OpenLink]),
            "{url}"
        );
        assert!(!desk.view().connections[0].busy);
    }
}

#[test]
fn link_arriving_after_removal_is_not_opened() {
    let mut desk = Desk::connected();
    let fetch = desk.want_link("conn-1");
    desk.use_command("conn-1", Command::Remove);
    desk.give(Input::Removed { connection: "conn-1".into(), answer: Ok(()) });
    let effects = desk.answer_fetch(&fetch, Ok(fresh(LINK, None)));
    assert_eq!(opened(&effects), Vec::<&str>::new());
    assert_eq!(desk.view().connections, []);
}

//! New connections, from the set-up page to the page in the browser.

use deskside_companion::{Action, Effect, Input, IntegrationView, LinkStage, SourceState};
use deskside_model::connection::{Account, Origin};
use deskside_model::evidence::{Fault, RemoteState};
use deskside_model::exchange::{NewConnection, Source};
use deskside_model::{Command, Secret};
use jiff::SignedDuration;

use super::route::*;
use super::world::*;

fn integration(key: &str) -> IntegrationView {
    IntegrationView {
        key: key.into(),
        name: "QuickBooks Desktop".into(),
        logo: None,
        button: None,
        button_hover: None,
    }
}

/// The sources that a batch asks for their integrations.
fn asked(effects: &[Effect]) -> Vec<&Source> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::AskIntegrations(source, _) => Some(source),
            _ => None,
        })
        .collect()
}

/// The state of the connection that a batch requests.
fn made(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::Connect { state, integration, .. } => {
            assert_eq!(integration, "pqsw");
            Some(state.reveal().to_owned())
        }
        _ => None,
    })
}

fn connect(desk: &mut Desk, source: &Source, integration: &str) -> Option<String> {
    let action = Action::Connect { source: source.key(), integration: integration.into() };
    made(&desk.give(Input::User(action)))
}

/// A desk whose backend offers to connect QuickBooks Desktop.
fn offered() -> Desk {
    let mut desk = Desk::connected();
    assert_eq!(asked(&desk.give(Input::WindowShown(true))), [&source()]);
    desk.give(Input::IntegrationsTold { source: source(), answer: Ok(vec![integration("pqsw")]) });
    assert_eq!(desk.view().sources[0].integrations.len(), 1);
    desk
}

fn answer(desk: &mut Desk, state: &str, answer: Result<NewConnection, Fault>) -> Vec<Effect> {
    let (source, state) = (source(), Secret::new(state.into()));
    desk.give(Input::Connected { source, state, answer: answer.map(Box::new) })
}

fn new(link: Option<&str>) -> NewConnection {
    let link = link.map(|url| fresh(url, None));
    NewConnection { report: told("conn-2", RemoteState::NotSetUp), link }
}

#[test]
fn listed_integration_is_connected_and_its_page_opens() {
    let mut desk = offered();
    let state = connect(&mut desk, &source(), "pqsw").expect("not requested");
    let effects = answer(&mut desk, &state, Ok(new(Some(LINK))));
    assert_eq!(opened(&effects), [LINK]);
    assert!(matches!(effects.first(), Some(Effect::Save(_))), "{effects:?}");
    assert_eq!(kept(&effects), [], "kept and opened at once");
    assert_eq!(desk.stage("conn-2"), Some(LinkStage::Waiting));
    desk.come_back(&state, &[]);
    assert_eq!(desk.stage("conn-2"), Some(LinkStage::Returned), "its return is not recognized");
    assert_eq!(desk.connection("conn-1").link, None);
}

#[test]
fn new_connection_without_a_link_requests_one() {
    let mut desk = offered();
    let state = connect(&mut desk, &source(), "pqsw").unwrap();
    let effects = answer(&mut desk, &state, Ok(new(None)));
    let fetch = fetched(&effects).expect("no link was requested");
    assert_eq!(fetch.connection, "conn-2");
    assert_eq!(opened(&desk.answer_fetch(&fetch, Ok(fresh(LINK, None)))), [LINK]);
}

#[test]
fn link_of_new_connection_waits_while_checks_fail() {
    let mut desk = offered();
    desk.give(seen(false, true, true));
    let state = connect(&mut desk, &source(), "pqsw").unwrap();
    let effects = answer(&mut desk, &state, Ok(new(Some(LINK))));
    assert_eq!((opened(&effects).len(), kept(&effects).len()), (0, 1));
    let link = desk.link_of("conn-2").unwrap();
    assert_eq!((link.stage, link.expires_at), (LinkStage::Preflight, Some(desk.after(30))));
    assert_eq!(opened(&desk.use_command("conn-2", Command::GoOn)), [LINK]);
}

#[test]
fn kept_link_is_deleted_with_its_connection() {
    let gone: [fn(&mut Desk) -> Vec<Effect>; 3] = [
        |desk| desk.give(sign_out("dev-1")),
        |desk| desk.answer_status(Ok(RemoteState::Healthy)), // of conn-1 alone
        |desk| {
            desk.use_command("conn-2", Command::Remove);
            desk.give(Input::Removed { connection: "conn-2".into(), answer: Ok(()) })
        },
    ];
    for go in gone {
        let mut desk = offered();
        desk.give(seen(false, true, true));
        let state = connect(&mut desk, &source(), "pqsw").unwrap();
        let effects = answer(&mut desk, &state, Ok(new(Some(LINK))));
        let name = kept(&effects).pop().unwrap().0;
        let effects = go(&mut desk);
        assert!(!desk.view().connections.iter().any(|connection| connection.id == "conn-2"));
        assert_eq!(forgotten(&effects), [name.as_str()], "a link stays in the vault forever");
    }
}

#[test]
fn unlisted_integration_is_refused() {
    let mut desk = offered();
    for (source, integration) in [
        (source(), "made-up"),
        (Source::Backend("dev-9".into()), "pqsw"),
        (Source::Direct("conn-1".into()), "pqsw"),
    ] {
        assert_eq!(connect(&mut desk, &source, integration), None, "{source:?} {integration}");
    }
    assert_eq!(connect(&mut Desk::connected(), &source(), "pqsw"), None, "no source lists it");
}

#[test]
fn two_clicks_make_one_connection() {
    let mut desk = offered();
    let state = connect(&mut desk, &source(), "pqsw").unwrap();
    assert_eq!(connect(&mut desk, &source(), "pqsw"), None);
    answer(&mut desk, &state, Ok(new(Some(LINK))));
    assert!(connect(&mut desk, &source(), "pqsw").is_some(), "never again");
}

#[test]
fn failed_new_connection_is_shown_and_can_be_retried() {
    let mut desk = offered();
    let state = connect(&mut desk, &source(), "pqsw").unwrap();
    assert_eq!(opened(&answer(&mut desk, &state, Err(Fault::Unreachable))), Vec::<&str>::new());
    assert_eq!(
        (notices(&desk), desk.view().connections.len()),
        (vec!["connection.not_made".into()], 1)
    );
    assert!(connect(&mut desk, &source(), "pqsw").is_some());
}

#[test]
fn untrusted_link_of_a_new_connection_is_not_opened() {
    let mut desk = offered();
    let state = connect(&mut desk, &source(), "pqsw").unwrap();
    let effects = answer(&mut desk, &state, Ok(new(Some("https://evil.example/"))));
    assert_eq!((opened(&effects).len(), kept(&effects).len()), (0, 0));
    assert_eq!(desk.stage("conn-2"), Some(LinkStage::Ended));
}

#[test]
fn connection_made_after_leaving_is_not_added() {
    let mut desk = offered();
    let state = connect(&mut desk, &source(), "pqsw").unwrap();
    desk.give(sign_out("dev-1"));
    assert_eq!(opened(&answer(&mut desk, &state, Ok(new(Some(LINK))))), Vec::<&str>::new());
    assert_eq!(desk.view().connections, []);
}

#[test]
fn direct_connection_takes_its_name_from_the_provider() {
    let mut desk = Desk::at_work();
    desk.give(Input::WindowShown(true));
    let source = Source::Direct("direct-1".into());
    let effects = desk.give(Input::Added(Box::new(direct_codat())));
    assert_eq!(asked(&effects), [&source], "the page stays empty");
    let list = Ok(vec![integration("pqsw")]);
    desk.give(Input::IntegrationsTold { source: source.clone(), answer: list });
    let state = connect(&mut desk, &source, "pqsw").expect("not requested");
    let told = told("their-1", RemoteState::NotSetUp);
    let url = "https://link-api.codat.io/companies/SECRET";
    let answer = Ok(Box::new(NewConnection { report: told, link: Some(fresh(url, None)) }));
    let state = Secret::new(state);
    let effects = desk.give(Input::Connected { source, state, answer });
    assert_eq!(opened(&effects), [url]);
    assert_eq!(desk.link_of("direct-1").unwrap().expires_at, Some(desk.after(24 * 60)));
    let known = &saved(&effects).unwrap().connections[0].origin;
    let Origin::Direct { account: Account::Codat { connection, .. }, .. } = known else { panic!() };
    assert_eq!(connection.as_deref(), Some("their-1"));
}

#[test]
fn integrations_are_fetched_hourly_and_again_after_failure() {
    let mut desk = Desk::connected();
    let look = |desk: &mut Desk| {
        desk.give(Input::WindowShown(false));
        asked(&desk.give(Input::WindowShown(true))).len()
    };
    assert_eq!(look(&mut desk), 1);
    let failed = Err(Fault::Unreachable);
    desk.give(Input::IntegrationsTold { source: source(), answer: failed });
    assert_eq!(look(&mut desk), 1, "never asked again");
    let list = Ok(vec![integration("pqsw")]);
    desk.give(Input::IntegrationsTold { source: source(), answer: list });
    assert_eq!(look(&mut desk), 0);
    desk.wait(3600);
    assert_eq!(look(&mut desk), 1);
    // The old list stays until a new answer arrives
    let failed = Err(Fault::Unreachable);
    desk.give(Input::IntegrationsTold { source: source(), answer: failed });
    assert_eq!(desk.view().sources[0].integrations.len(), 1);
}

#[test]
fn enrolling_with_open_window_fetches_integrations() {
    let mut desk = Desk::at_work();
    desk.give(Input::WindowShown(true));
    let effects = desk.enroll(KNOWN_HOST, "dev-1", vec![told("conn-1", RemoteState::Healthy)]);
    assert_eq!(asked(&effects), [&source()]);
}

#[test]
fn failed_integration_list_is_shown_and_refresh_retries() {
    let mut desk = Desk::connected();
    let state = |desk: &Desk| desk.view().sources[0].state;
    desk.give(Input::WindowShown(true));
    assert_eq!(state(&desk), SourceState::Loading);
    let failed = Err(Fault::Unusable);
    desk.give(Input::IntegrationsTold { source: source(), answer: failed });
    assert_eq!(state(&desk), SourceState::Failed, "the failure is not shown");
    let again = Input::User(Action::Refresh);
    assert_eq!(asked(&desk.give(again)), [&source()], "the user cannot retry");
    assert_eq!(state(&desk), SourceState::Loading);
    desk.give(Input::IntegrationsTold { source: source(), answer: Ok(vec![]) });
    assert_eq!(state(&desk), SourceState::None);
    desk.wait(3600);
    let again = Input::User(Action::Refresh);
    assert_eq!(asked(&desk.give(again)), [&source()]);
    let list = Ok(vec![integration("pqsw")]);
    desk.give(Input::IntegrationsTold { source: source(), answer: list });
    assert_eq!(state(&desk), SourceState::Ready);
}

#[test]
fn source_shows_connecting_until_the_answer() {
    let mut desk = offered();
    let connecting = |desk: &Desk| desk.view().sources[0].connecting;
    assert!(!connecting(&desk));
    let state = connect(&mut desk, &source(), "pqsw").unwrap();
    assert!(connecting(&desk), "the click has no visible effect");
    desk.now -= SignedDuration::from_hours(1);
    desk.give(Input::Woke);
    let view = &desk.view().sources[0];
    assert!(view.connecting && view.state == SourceState::Ready, "forgotten over time");
    answer(&mut desk, &state, Err(Fault::Unreachable));
    assert!(!connecting(&desk));
}

//! The checks before a page opens, for any computer: each is judged by the evidence, and
//! what is unknown is never called good or bad.

use deskside_companion::{Action, Check, CheckState, Effect, Input, Question};
use deskside_model::Command;
use deskside_model::evidence::{
    Edition, Finding, Instance, Network, Presence, Program, Reachability, ReachabilityFault,
    RunningPrograms, Screen, Setup, Title,
};
use deskside_model::exchange::SurveyResult;
use proptest::prelude::*;

use super::world::*;

const HOSTS: [(&str, &str, bool); 2] = [
    ("connect.conductor.is", "deskside://connect?link=https://connect.conductor.is/qbd/x", false),
    ("link.codat.io", "deskside://connect?link=https://link.codat.io/company/x", true),
];

fn findings<T: Clone + std::fmt::Debug + 'static>(
    known: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Finding<T>> {
    prop_oneof![
        2 => known.prop_map(Finding::Known),
        1 => Just(Finding::Absent),
        1 => Just(Finding::Unknown("not allowed to look".into())),
    ]
}

fn titles() -> impl Strategy<Value = Title> {
    let user = prop::option::of(prop::sample::select(vec!["Admin", "ADMIN", "Otter"]));
    (any::<bool>(), any::<bool>(), user).prop_map(|(has_company, multi_user, user)| Title {
        company: has_company.then(|| "Larch Bakery".into()),
        product: "QuickBooks Desktop Pro 2024".into(),
        multi_user,
        user: user.map(str::to_owned),
    })
}

fn screens() -> impl Strategy<Value = Screen> {
    let rarely = || prop::bool::weighted(0.15);
    (prop::option::weighted(0.8, titles()), rarely(), rarely(), rarely()).prop_map(
        |(main, sign_in, is_blocked, hung)| Screen {
            main,
            sign_in,
            blocking: is_blocked.then(String::new),
            hung,
        },
    )
}

fn presences() -> impl Strategy<Value = Presence> {
    let instance =
        findings(screens()).prop_map(|screen| Instance { screen, ..Instance::default() });
    (0..2_usize, 0..2_usize, prop::collection::vec(instance, 0..3)).prop_map(
        |(own_session, other_sessions, instances)| Presence {
            own_session,
            other_sessions,
            instances,
        },
    )
}

fn surveys() -> impl Strategy<Value = SurveyResult> {
    let program = || Program { path: "x.exe".into(), version: None };
    let edition = move || Edition { name: "QB".into(), year: Some(2024), program: program() };
    let editions = findings(Just(vec![edition()]));
    (editions, findings(Just(program()))).prop_map(|(editions, web_connector)| SurveyResult {
        setup: Setup { editions, web_connector, ..Setup::default() },
        ..SurveyResult::default()
    })
}

fn reaches() -> impl Strategy<Value = Option<Reachability>> {
    let fault = prop::option::of(Just(ReachabilityFault::TimedOut));
    let clock = findings(prop_oneof![-300..=300_i64, -9_000..9_000_i64]);
    let reach = (findings(200..600_u16), fault, clock).prop_map(|(answer, stopped_by, clock)| {
        Reachability { answer, stopped_by, clock_ahead_seconds: clock, ..Reachability::default() }
    });
    prop::option::of(reach)
}

/// The expected state of each check, computed in a different way than the program does.
fn expected(
    quickbooks: &Finding<Presence>,
    connector: &Finding<Presence>,
    setup: &Setup,
    brings_connector: bool,
    reach: Option<&Reachability>,
) -> [CheckState; 5] {
    let runs = |seen: &Finding<Presence>| matches!(seen, Finding::Known(presence) if presence.own_session > 0);
    let computer = match &setup.editions {
        Finding::Unknown(_) if !runs(quickbooks) => CheckState::Unknown,
        Finding::Absent if !runs(quickbooks) => CheckState::Bad,
        _ => CheckState::Good,
    };
    let connector = match &setup.web_connector {
        Finding::Unknown(_) if !runs(connector) => CheckState::Unknown,
        Finding::Absent if !runs(connector) && !brings_connector => CheckState::Bad,
        _ => CheckState::Good,
    };
    let way = match reach {
        Some(Reachability { stopped_by: Some(_), .. }) => CheckState::Bad,
        Some(Reachability { answer: Finding::Known(_), .. }) => CheckState::Good,
        _ => CheckState::Unknown,
    };
    let clock = match reach.map(|reach| &reach.clock_ahead_seconds) {
        Some(Finding::Known(-300..=300)) => CheckState::Good,
        Some(Finding::Known(_)) => CheckState::Bad,
        _ => CheckState::Unknown,
    };
    [computer, of_quickbooks(quickbooks), connector, way, clock]
}

fn of_quickbooks(seen: &Finding<Presence>) -> CheckState {
    let presence = match seen {
        Finding::Known(presence) if presence.own_session > 0 => presence,
        Finding::Known(_) | Finding::Absent => return CheckState::Bad,
        Finding::Unknown(_) => return CheckState::Unknown,
    };
    let screens = presence.instances.iter().map(|instance| &instance.screen);
    let first = screens.filter_map(|screen| match screen {
        Finding::Known(screen) => Some(screen),
        _ => None,
    });
    let Some(screen) = first.into_iter().next() else { return CheckState::Unknown };
    if screen.hung || screen.sign_in || screen.blocking.is_some() {
        return CheckState::Bad;
    }
    let Some(title) = &screen.main else { return CheckState::Unknown };
    let is_admin = title.user.as_deref().is_none_or(|user| user.to_lowercase() == "admin");
    if title.company.is_some() && !title.multi_user && is_admin {
        CheckState::Good
    } else {
        CheckState::Bad
    }
}

/// True for a text that says that something is unknown.
fn is_unsure(text: &str) -> bool {
    ["cannot tell", "cannot see", "Nobody has looked"].iter().any(|it| text.contains(it))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_check_reflects_the_evidence(
        quickbooks in findings(presences()),
        web_connector in findings(presences()),
        surveyed in surveys(),
        reach in reaches(),
        has_network in prop::bool::weighted(0.8),
        (host, link, brings_connector) in prop::sample::select(HOSTS.as_slice()),
    ) {
        // Given any computer
        let mut desk = Desk::at_work();
        let setup = surveyed.setup.clone();
        let mut expected =
            expected(&quickbooks, &web_connector, &setup, brings_connector, reach.as_ref());
        if !has_network {
            expected[3] = CheckState::Bad;
        }
        let running = RunningPrograms { quickbooks, web_connector, ..RunningPrograms::default() };
        let known = Finding::Known(Network { interfaces: 1 });
        let network = if has_network { known } else { Finding::Absent };
        desk.give(Input::Observed { running, network });
        desk.give(Input::Surveyed(Box::new(surveyed)));
        // When a link arrives and its host was probed
        desk.link(link);
        if let Some(reach) = reach {
            desk.give(Input::Reached(Box::new(Reachability { host: host.into(), ..reach })));
        }
        // Then each check reflects the evidence
        let Some(Question::OpenLink { checks, .. }) = desk.view().question else {
            panic!("not asked")
        };
        let states: Vec<CheckState> = checks.iter().map(|check| check.state).collect();
        prop_assert_eq!(states, expected);
        let is_said = |check: &Check| !check.label.is_empty() && !check.text.is_empty();
        prop_assert!(checks.iter().all(is_said));
        let has_remedy = |check: &Check| check.fix.is_none() || check.state == CheckState::Bad;
        prop_assert!(checks.iter().all(has_remedy), "a remedy without a fault");
        // And only a known fault holds the page back
        let holds_back = expected.contains(&CheckState::Bad);
        prop_assert_eq!(opened(&desk.say(true, false)).is_empty(), holds_back);
        // And what is unknown is called neither open nor ready
        let contradicts = |check: &Check| check.state == CheckState::Unknown && !is_unsure(&check.text);
        prop_assert!(!checks.iter().any(contradicts), "{checks:?}");
    }
}

/// The addresses that a batch probes.
fn looks(effects: &[Effect]) -> Vec<String> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Reach { url, .. } => Some(url.to_string()),
            _ => None,
        })
        .collect()
}

const WAY: &str = "https://connect.conductor.is/";

#[test]
fn link_host_is_probed_without_revealing_the_link() {
    let mut desk = Desk::at_work();
    assert_eq!(looks(&desk.link(connect_link(1))), [WAY]);
    assert_eq!(looks(&desk.link(connect_link(1))), Vec::<String>::new(), "probed a moment ago");
}

#[test]
fn host_is_probed_again_while_its_page_is_awaited() {
    let again: [fn(&mut Desk) -> Vec<Effect>; 3] = [
        |desk| desk.give(Input::User(Action::Refresh)),
        Desk::wake_up,
        |desk| {
            assert_eq!(looks(&desk.give(seen(true, true, false))), Vec::<String>::new());
            desk.give(seen(true, true, true))
        },
    ];
    for again in again {
        // Given a link that waits because its host does not answer
        let mut desk = Desk::at_work();
        desk.link(connect_link(1));
        let host = || "connect.conductor.is".to_owned();
        let stopped_by = Some(ReachabilityFault::TimedOut);
        desk.give(Input::Reached(Box::new(Reachability {
            host: host(),
            stopped_by,
            ..Reachability::default()
        })));
        assert_eq!(opened(&desk.say(true, false)), Vec::<&str>::new());
        let id = desk.view().connections[0].id.clone();
        let is_bad = |desk: &Desk| {
            let checks = desk.link_of(&id).unwrap().checks;
            checks.iter().any(|check| check.state == CheckState::Bad)
        };
        assert!(is_bad(&desk));
        // When the user has fixed it and refreshes
        assert_eq!(looks(&again(&mut desk)), [WAY]);
        let answer = Finding::Known(200);
        desk.give(Input::Reached(Box::new(Reachability {
            host: host(),
            answer,
            ..Reachability::default()
        })));
        // Then nothing is wrong anymore, and once the page is open it is not probed again
        assert!(!is_bad(&desk));
        assert_eq!(opened(&desk.use_command(&id, Command::GoOn)).len(), 1);
        assert_eq!(looks(&again(&mut desk)), Vec::<String>::new());
    }
}

#[test]
fn offline_link_is_kept_and_probed_once_online() {
    // Given a computer that is offline
    let mut desk = Desk::at_work();
    desk.give(seen(true, true, false));
    assert_eq!(looks(&desk.link(connect_link(1))), Vec::<String>::new());
    assert_eq!(
        opened(&desk.say(true, false)),
        Vec::<&str>::new(),
        "used for a page that cannot load"
    );
    let id = desk.view().connections[0].id.clone();
    let states = |desk: &Desk| {
        let checks = desk.link_of(&id).unwrap().checks;
        checks.iter().map(|check| check.state).collect::<Vec<_>>()
    };
    assert_eq!(states(&desk)[3], CheckState::Bad);
    // When the network is back, then the host is probed
    assert_eq!(looks(&desk.give(seen(true, true, true))), [WAY]);
    assert_eq!(states(&desk)[3], CheckState::Unknown);
    let answer = Finding::Known(200);
    let host = "connect.conductor.is".into();
    desk.give(Input::Reached(Box::new(Reachability { host, answer, ..Reachability::default() })));
    assert_eq!(states(&desk)[3], CheckState::Good);
}

#[test]
fn only_known_good_checks_are_called_ready() {
    // Given a link that waits because QuickBooks is closed
    let mut desk = Desk::at_work();
    desk.give(seen(false, true, true));
    desk.link(connect_link(1));
    desk.say(true, false);
    let id = desk.view().connections[0].id.clone();
    // When nothing is wrong anymore, but not everything is known
    desk.give(seen(true, true, true));
    let title = |desk: &Desk| desk.link_of(&id).unwrap().title;
    assert_eq!(title(&desk), "Nothing is known to be wrong");
    // Then it is ready once everything is known
    let main = Title { company: Some("Larch Bakery".into()), ..Title::default() };
    let screen = Finding::Known(Screen { main: Some(main), ..Screen::default() });
    let instances = vec![Instance { screen, ..Instance::default() }];
    let quickbooks = Finding::Known(Presence { own_session: 1, instances, ..Presence::default() });
    let running =
        RunningPrograms { quickbooks, web_connector: running(true), ..RunningPrograms::default() };
    let network = Finding::Known(Network { interfaces: 1 });
    desk.give(Input::Observed { running, network });
    assert_eq!(title(&desk), "Nothing is known to be wrong", "the page has not answered yet");
    let reach = Reachability {
        host: "connect.conductor.is".into(),
        answer: Finding::Known(200),
        clock_ahead_seconds: Finding::Known(0),
        ..Reachability::default()
    };
    desk.give(Input::Reached(Box::new(reach)));
    assert_eq!(title(&desk), "Everything is ready");
}

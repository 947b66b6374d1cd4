//! If a run could not reach its application, the companion probes the application's host.

use deskside_companion::{Companion, Effect, Input, Installation, SavedState};
use deskside_model::Cause;
use deskside_model::connection::{Connection, Mode, Origin};
use deskside_model::evidence::run::{Run, RunFailure, RunOutcome};
use deskside_model::evidence::{
    Fault, Finding, Reachability, ReachabilityFault, RemoteState, Setup, Sync,
};
use deskside_model::exchange::{Source, SurveyResult};
use deskside_model::link::{Provider, Trust};

use super::route::direct_codat;
use super::world::*;

const APP_HOST: &str = "sync.larch.example";

/// A desk with a connection that is known only by its link.
fn linked() -> Desk {
    let connection = Connection {
        id: "conn-1".into(),
        company: None,
        provider: Some(Provider::Conductor),
        mode: Mode::Attended,
        origin: Origin::Link { host: "connect.conductor.is".into(), subject: None },
        link: None,
    };
    with_one_application(Desk::with(SavedState {
        connections: vec![connection],
        ..SavedState::default()
    }))
}

/// A desk where the Web Connector has one application, which must belong to the connection.
fn with_one_application(mut desk: Desk) -> Desk {
    let applications = Finding::Known(vec!["Larch".into()]);
    let setup = Setup { applications, ..Setup::default() };
    desk.give(Input::Surveyed(Box::new(SurveyResult { setup, ..SurveyResult::default() })));
    desk
}

fn failed(cause: Cause) -> RunOutcome {
    RunOutcome::Failed(RunFailure { code: Some(1012), hresult: None, cause, problem: None })
}

/// The newest run of each application, which has just ended.
fn synced(desk: &mut Desk, apps: &[(&str, &str, RunOutcome)]) -> Vec<String> {
    let run = |(app, host, outcome): &(&str, &str, RunOutcome)| Run {
        app: Some((*app).into()),
        host: Some((*host).into()),
        started: Some(desk.now),
        ended: Some(desk.now),
        seen: None,
        by_hand: None,
        outcome: outcome.clone(),
    };
    let runs: Vec<Run> = apps.iter().map(run).collect();
    asked(&desk.give(Input::Synced(Finding::Known(Sync::of(&runs)))))
}

fn fails(desk: &mut Desk) -> Vec<String> {
    synced(desk, &[("Larch", APP_HOST, failed(Cause::ServerUnreachable))])
}

/// The addresses that a batch probes.
fn asked(effects: &[Effect]) -> Vec<String> {
    let url = |effect: &Effect| match effect {
        Effect::Reach { host, url } => {
            assert_eq!(url.as_str(), format!("https://{host}/"), "more than the host");
            Some(host.clone())
        }
        _ => None,
    };
    effects.iter().filter_map(url).collect()
}

fn reached(desk: &mut Desk, stopped_by: Option<ReachabilityFault>) {
    let answer = if stopped_by.is_some() { Finding::Absent } else { Finding::Known(200) };
    let reach = Reachability {
        host: APP_HOST.into(),
        at: desk.now,
        answer,
        stopped_by,
        ..Reachability::default()
    };
    desk.give(Input::Reached(Box::new(reach)));
    desk.live(120);
}

fn ways(desk: &Desk) -> usize {
    desk.companion.evidence(desk.now).machine.reach.len()
}

#[test]
fn connection_known_only_by_link_shows_network_problem() {
    let mut desk = linked();
    assert_eq!(fails(&mut desk), [APP_HOST]);
    desk.live(120);
    assert_eq!(problem(&desk), None, "concluded from the log alone");
    reached(&mut desk, Some(ReachabilityFault::Forbidden));
    assert_eq!(problem(&desk), Some("network.blocked"));
}

#[test]
fn reachable_host_means_the_fault_is_not_local() {
    let mut desk = linked();
    fails(&mut desk);
    reached(&mut desk, None);
    assert_eq!(problem(&desk), Some("connection.vendor_fault"));
}

#[test]
fn repeatedly_failing_application_is_probed_every_five_minutes() {
    let mut desk = linked();
    assert_eq!(fails(&mut desk).len(), 1);
    for _ in 0..4 {
        desk.wait(60);
        assert_eq!(fails(&mut desk).len(), 0, "probed again at {}", desk.now);
    }
    desk.wait(60);
    assert_eq!(fails(&mut desk).len(), 1);
}

#[test]
fn another_applications_host_is_left_alone() {
    let mut desk = linked();
    let both = [
        ("Larch", APP_HOST, RunOutcome::Ok),
        ("Otter", "otter.example", failed(Cause::ServerUnreachable)),
    ];
    assert_eq!(synced(&mut desk, &both).len(), 0, "it is unknown which one is ours");
    let mut desk = Desk::at_work();
    assert_eq!(fails(&mut desk).len(), 0, "there is no connection at all");
}

#[test]
fn host_is_not_probed_for_failures_unrelated_to_the_network() {
    for cause in [Cause::WrongPassword, Cause::ModalDialog, Cause::BadRequest, Cause::Unknown] {
        let mut desk = linked();
        assert_eq!(synced(&mut desk, &[("Larch", APP_HOST, failed(cause))]).len(), 0, "{cause:?}");
    }
}

#[test]
fn network_problem_is_cleared_by_a_later_successful_run() {
    let mut desk = linked();
    fails(&mut desk);
    reached(&mut desk, Some(ReachabilityFault::NameNotResolved));
    assert_eq!(ways(&desk), 1);
    synced(&mut desk, &[("Larch", APP_HOST, RunOutcome::OkNoWork)]);
    assert_eq!((problem(&desk), ways(&desk)), (None, 0));
    // A probe in progress is dropped too.
    assert_eq!(fails(&mut desk), [APP_HOST]);
    synced(&mut desk, &[("Larch", APP_HOST, RunOutcome::Ok)]);
    reached(&mut desk, Some(ReachabilityFault::NameNotResolved));
    assert_eq!(ways(&desk), 0);
}

#[test]
fn loopback_host_is_probed_only_in_sandbox_mode() {
    let mut desk = linked();
    for host in ["localhost:8443", "127.0.0.1", "[::1]"] {
        let app = [("Larch", host, failed(Cause::ServerUnreachable))];
        assert_eq!(synced(&mut desk, &app).len(), 0, "{host}");
    }
    let sandbox = Trust { sandbox: true, ..Trust::default() };
    let saved = SavedState {
        connections: vec![Connection {
            origin: Origin::Link { host: "localhost".into(), subject: None },
            ..connection_of("none", "conn-1")
        }],
        ..SavedState::default()
    };
    desk.companion = Companion::new(Installation { trust: sandbox, ..setting() }, saved);
    let mut desk = with_one_application(desk);
    let app = [("Larch", "localhost:8443", failed(Cause::Tls))];
    assert_eq!(synced(&mut desk, &app), ["localhost:8443"]);
}

#[test]
fn no_host_is_probed_while_offline() {
    let mut desk = linked();
    desk.give(seen(true, true, false));
    assert_eq!(fails(&mut desk).len(), 0);
    assert_eq!(asked(&desk.give(seen(true, true, true))), [APP_HOST]);
}

#[test]
fn newer_healthy_status_clears_the_network_problem() {
    let mut desk = with_one_application(Desk::connected());
    assert_eq!(fails(&mut desk), [APP_HOST]);
    reached(&mut desk, None);
    assert_eq!(problem(&desk), Some("connection.vendor_fault"));
    let mut works = told("conn-1", RemoteState::Healthy);
    works.status.last_success_at = Some(desk.now);
    let source = Source::Backend("dev-1".into());
    desk.give(Input::StatusReceived { source, answer: Ok(vec![works]), pause: None });
    assert_eq!(problem(&desk), None);
    desk.give(Input::Synced(Finding::Absent));
    assert_eq!(ways(&desk), 0);
}

#[test]
fn answering_backend_does_not_hide_failing_application_on_same_host() {
    let mut desk = with_one_application(Desk::connected());
    synced(&mut desk, &[("Larch", KNOWN_HOST, failed(Cause::ServerResponse))]);
    let answer = Finding::Known(200);
    let reach =
        Reachability { host: KNOWN_HOST.into(), at: desk.now, answer, ..Reachability::default() };
    desk.give(Input::Reached(Box::new(reach)));
    desk.answer_status(Ok(RemoteState::Unknown));
    assert_eq!(ways(&desk), 1);
    // A source that stops answering is probed again, and the fault is shown.
    desk.wait(301);
    assert_eq!(asked(&desk.answer_status(Err(Fault::Unreachable))), [KNOWN_HOST]);
}

#[test]
fn network_problems_name_the_provider_and_its_host() {
    let mut desk = Desk::at_work();
    let direct = direct_codat();
    let source = Source::Direct(direct.id.clone());
    desk.give(Input::Added(Box::new(direct)));
    let silent = Input::StatusReceived { source, answer: Err(Fault::Unreachable), pause: None };
    let looks = desk.give(silent);
    let hosts: Vec<&str> = looks.iter().filter_map(host_of_a_look).collect();
    assert_eq!(hosts, ["api.codat.io"]);
    let stopped_by = Some(ReachabilityFault::NameNotResolved);
    let reach = Reachability {
        host: "api.codat.io".into(),
        at: desk.now,
        stopped_by,
        ..Reachability::default()
    };
    desk.give(Input::Reached(Box::new(reach)));
    desk.live(60);
    let summary = desk.companion.summary();
    let problem = &summary.problems[0];
    assert_eq!(problem.code, "network.name_not_resolved");
    assert!(problem.steps[0].contains("Codat (api.codat.io)"), "{problem:?}");
}

fn host_of_a_look(effect: &Effect) -> Option<&str> {
    match effect {
        Effect::Reach { host, .. } => Some(host),
        _ => None,
    }
}

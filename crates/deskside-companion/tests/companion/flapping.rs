//! For every scenario, at any pace of change: an outage is announced once when it
//! begins and once when it ends.

use std::sync::LazyLock;

use deskside_companion::{Effect, Input};
use deskside_model::evidence::{Evidence, Machine, RemoteState, RunningPrograms};
use deskside_model::exchange::{ConnectionReport, Source, SurveyResult};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::files;
use super::world::*;

const WORKING_AGAIN: &str = "Working again";

/// Every moment of every scenario, read once: the files do not change.
static MOMENTS: LazyLock<Vec<Evidence>> = LazyLock::new(|| {
    let scenarios = files::all().into_iter().map(|(_, scenario)| scenario);
    scenarios.flat_map(|scenario| scenario.moments).map(|moment| moment.evidence).collect()
});

/// The inputs for this evidence about the computer and its one connection.
fn heard(evidence: &Evidence) -> Vec<Input> {
    let Machine { quickbooks, web_connector, crash, repair, .. } = evidence.machine.clone();
    let Machine { setup, computer, scheme, sync, reach, vault, network, .. } =
        evidence.machine.clone();
    let mut inputs = vec![
        Input::Observed {
            running: RunningPrograms { quickbooks, web_connector, crash, repair },
            network,
        },
        Input::Surveyed(Box::new(SurveyResult { setup, computer, scheme })),
        Input::Synced(sync),
        Input::VaultTried(vault),
    ];
    inputs.extend(reach.into_iter().map(|reach| Input::Reached(Box::new(reach))));
    let remote = evidence.connections.first().map(|connection| &connection.remote);
    let answer = remote.and_then(|remote| match (&remote.failing, &remote.status) {
        (Some(failing), _) => Some(Err(failing.fault)),
        (None, Some(status)) => Some(Ok(vec![ConnectionReport {
            status: status.clone(),
            ..told("conn-1", status.state)
        }])),
        (None, None) => None,
    });
    let told = |answer| Input::StatusReceived {
        source: Source::Backend("dev-1".into()),
        answer,
        pause: None,
    };
    inputs.extend(answer.map(told));
    inputs
}

/// The inputs when everything works again.
fn well() -> Vec<Input> {
    let answer = Ok(vec![told("conn-1", RemoteState::Healthy)]);
    vec![
        seen(true, true, true),
        Input::Surveyed(Box::default()),
        Input::Synced(deskside_model::evidence::Finding::Absent),
        Input::VaultTried(deskside_model::vault::VaultState::Working),
        Input::StatusReceived { source: Source::Backend("dev-1".into()), answer, pause: None },
    ]
}

/// The titles of all announcements, in order, with their time.
fn live_through(evidence: &Evidence, pauses: &[(bool, i64)]) -> Vec<(Timestamp, String)> {
    let mut desk = Desk::connected();
    let mut said = Vec::new();
    for (is_well, pause) in pauses {
        let inputs = if *is_well { well() } else { heard(evidence) };
        let mut effects: Vec<Effect> =
            inputs.into_iter().flat_map(|input| desk.give(input)).collect();
        effects.extend(desk.live(*pause));
        said.extend(toasts(&effects).into_iter().map(|title| (desk.now, title.to_owned())));
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flapping_outage_is_announced_once(
        evidence in prop::sample::select(MOMENTS.as_slice()),
        pauses in prop::collection::vec((any::<bool>(), 0..150_i64), 1..30),
    ) {
        let said = live_through(&evidence, &pauses);
        let mut under_way = false;
        for (_, title) in &said {
            let is_over = title == WORKING_AGAIN;
            prop_assert_eq!(under_way, is_over, "{} in {:?}", title, said);
            under_way = !is_over;
        }
        for ((one, title), (other, _)) in said.iter().enumerate().flat_map(|(at, first)| {
            let same = move |next: &&(Timestamp, String)| next.1 == first.1 && first.1 != WORKING_AGAIN;
            said.iter().skip(at + 1).filter(same).map(move |next| (first, next))
        }) {
            // Each is known to the end of a pause.
            let apart = other.duration_since(*one) >= SignedDuration::from_secs(600 - 150);
            prop_assert!(apart, "{} was told at {} and at {}", title, one, other);
        }
    }
}

#[test]
fn most_scenarios_have_an_announced_outage() {
    let told = |evidence: &&Evidence| !live_through(evidence, &[(false, 300)]).is_empty();
    let (all, told) = (MOMENTS.len(), MOMENTS.iter().filter(told).count());
    assert!(told * 2 > all, "only {told} of {all} are announced");
}

//! What holds for any evidence whatsoever.

use super::*;

fn any_problems() -> impl Strategy<Value = Vec<Problem>> {
    prop::sample::subsequence(Code::ALL.to_vec(), 0..Code::ALL.len())
        .prop_shuffle()
        .prop_map(|codes| codes.into_iter().map(Problem::plain).collect())
}

fn any_machine() -> impl Strategy<Value = Value> {
    let finding = |known: Value| {
        prop_oneof![
            Just(json!("absent")),
            Just(json!({"known": known})),
            Just(json!({"known": {"interfaces": 1, "other_sessions": 1}})),
            Just(json!({"unknown": "x"})),
        ]
    };
    let presence = json!({"own_session": 1});
    let vault = prop::sample::select(vec!["unknown", "working", "locked", "silent", "missing"]);
    (finding(presence.clone()), finding(presence), finding(json!({"interfaces": 1})), vault)
        .prop_map(|(quickbooks, web_connector, network, vault)| {
            json!({"at": NOW, "quickbooks": quickbooks, "web_connector": web_connector,
                "network": network, "vault": vault})
        })
}

fn any_connection() -> impl Strategy<Value = ConnectionEvidence> {
    let state =
        prop::sample::select(vec!["healthy", "not_set_up", "waiting", "inactive", "broken", "odd"]);
    let fault = prop::sample::select(vec!["unreachable", "unusable", "rejected", "no_credential"]);
    let heard_at = prop::sample::select(vec![NOW, FRESH, OLD]);
    let status = prop::option::of((state, prop::option::of(heard_at)));
    let until = prop::option::of(prop::sample::select(vec![OLD, "2026-11-20T09:00:00Z"]));
    let mode = prop::sample::select(vec!["attended", "unattended", "multiple_files"]);
    let told_by = prop::sample::select(vec!["nobody", "backend", "provider"]);
    (status, prop::option::of(fault), until, mode, told_by).prop_map(
        |(status, fault, until, mode, told_by)| {
            let (state, heard_at) = status.map_or((None, None), |(s, at)| (Some(s), at));
            let connection = json!({"id": "c", "mode": mode, "told_by": told_by,
                "link_pending_until": until, "remote": {
                    "status": state.map(|state| json!({"state": state})), "heard_at": heard_at,
                    "failing": fault.map(|fault| json!({"since": NOW, "fault": fault}))}});
            serde_json::from_value(connection).unwrap()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_in_which_problems_are_found_does_not_matter(
        found in any_problems(),
        seed in any::<usize>(),
    ) {
        let mut other = found.clone();
        let length = other.len().max(1);
        other.rotate_left(seed % length);
        other.reverse();
        let (mut one, mut two) = (Tracker::default(), Tracker::default());
        for seconds in [0, 4, 11, 100] {
            one.update(after(seconds), found.clone());
            two.update(after(seconds), other.clone());
            prop_assert_eq!(&one, &two);
        }
    }

    #[test]
    fn a_symptom_is_never_shown_beside_its_cause(
        moments in prop::collection::vec((0..30_i64, any_problems()), 1..30),
    ) {
        let (mut tracker, mut seconds) = (Tracker::default(), 0);
        for (pause, found) in moments {
            seconds += pause;
            tracker.update(after(seconds), found.clone());
            let roots: Vec<Code> = tracker.roots().map(|root| root.problem.code).collect();
            for root in &roots {
                prop_assert!(root.entry().depends_on.iter().all(|cause| !roots.contains(cause)));
            }
            // Everything that was found is in the report.
            for problem in &found {
                prop_assert!(tracker.all().any(|tracked| tracked.problem == *problem));
            }
            // What time will do next has not been done yet.
            prop_assert!(tracker.next_change().is_none_or(|then| then > after(seconds)));
        }
    }

    #[test]
    fn what_stays_is_told_in_the_end_and_what_is_gone_is_gone(found in any_problems()) {
        let mut tracker = Tracker::default();
        tracker.update(after(0), found.clone());
        tracker.advance(after(600));
        let has = |code: &Code| found.iter().any(|problem| problem.code == *code);
        let expected: BTreeSet<Code> = Code::ALL
            .iter()
            .copied()
            .filter(|code| has(code) && !code.entry().depends_on.iter().any(has))
            .collect();
        let roots: BTreeSet<Code> = tracker.roots().map(|root| root.problem.code).collect();
        prop_assert_eq!(roots, expected);
        tracker.update(after(601), Vec::new());
        tracker.advance(after(700));
        prop_assert_eq!(tracker, Tracker::default());
    }

    #[test]
    fn nothing_is_healthy_unless_somebody_said_so_just_now(
        machine in any_machine(),
        connection in any_connection(),
    ) {
        let Ok(evidence) = serde_json::from_value::<Evidence>(machine) else { return Ok(()) };
        let judged = judge_once(&evidence, Some(&connection));
        let remote = &connection.remote;
        let state = remote.status.as_ref().map(|status| status.state);
        if judged.verdict == Verdict::Healthy {
            prop_assert_eq!(state, Some(RemoteState::Healthy));
            prop_assert!(remote.heard_at.is_some_and(|at| at > OLD.parse().unwrap()));
            prop_assert!(remote.failing.is_none());
        }
        prop_assert_eq!(judged.verdict == Verdict::Problem, !judged.roots.is_empty());
        // Ready is for what nobody can tell about.
        if judged.verdict == Verdict::Ready {
            prop_assert_eq!(serde_json::to_value(connection.told_by).unwrap(), "nobody");
        }
        // One code, one problem, in the order of the codes.
        let found: Vec<Code> =
            diagnose(now(), &evidence.machine, Some(&connection)).into_iter().map(|p| p.code).collect();
        prop_assert!(found.is_sorted_by(|one, two| one < two), "{:?}", found);
    }
}

//! Properties of any evidence, and of every scenario with any of its evidence missing.

use std::sync::LazyLock;

use super::*;

/// Every moment of every scenario, read once: the files do not change.
static MOMENTS: LazyLock<Vec<Evidence>> = LazyLock::new(|| {
    let scenarios = files::all().into_iter().map(|(_, scenario)| scenario);
    scenarios.flat_map(|scenario| scenario.moments).map(|moment| moment.evidence).collect()
});

fn any_moment() -> impl Strategy<Value = Evidence> {
    prop::sample::select(MOMENTS.as_slice())
}

/// The judgment of each connection; without one, that of this computer.
fn judged(evidence: &Evidence) -> Vec<(Option<ConnectionEvidence>, Diagnosis)> {
    let one = |c: Option<&ConnectionEvidence>| (c.cloned(), judge_once(evidence, c));
    match evidence.connections.as_slice() {
        [] => vec![one(None)],
        connections => connections.iter().map(Some).map(one).collect(),
    }
}

/// Writes a document with the fields of every object and the items of every list backwards.
fn backwards(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| format!("{key:?}:{}", backwards(value));
            format!("{{{}}}", fields.iter().rev().map(field).collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().rev().map(backwards).collect::<Vec<_>>().join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// Makes findings unknown, each if the next of `which` is true.
fn forget(value: &mut Value, which: &mut impl Iterator<Item = bool>) {
    let is_finding = match value {
        Value::String(word) => word == "absent",
        Value::Object(fields) => fields.len() == 1 && fields.contains_key("known"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
    };
    if is_finding && which.next().unwrap_or_default() {
        *value = json!({"unknown": "refused"});
        return;
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| forget(field, which)),
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, which)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Nobody knows of any data.
fn none() -> Witness {
    Witness::default()
}

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

/// Problems that sources or the log report, and that local evidence may refute or explain.
fn is_told_by_others(code: Code) -> bool {
    [
        Code::QuickBooksNotRunning,
        Code::ElevationMismatch,
        Code::Starting,
        Code::NotResponding,
        Code::WindowBlocking,
        Code::NoCompany,
        Code::OtherCompany,
        Code::ClockWrong,
        Code::WebConnectorTls,
        Code::SessionLocked,
        Code::RunFailed,
        Code::LeftoverProcess,
        Code::NotResponding,
        Code::WaitingUnseen,
        Code::WebConnectorNotResponding,
    ]
    .contains(&code)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_of_problems_does_not_matter(
        found in any_problems(),
        seed in any::<usize>(),
    ) {
        let mut other = found.clone();
        let length = other.len().max(1);
        other.rotate_left(seed % length);
        other.reverse();
        let (mut one, mut two) = (Tracker::default(), Tracker::default());
        for seconds in [0, 4, 11, 100] {
            one.update(after(seconds), found.clone(), &none());
            two.update(after(seconds), other.clone(), &none());
            prop_assert_eq!(&one, &two);
        }
    }

    #[test]
    fn symptom_is_never_shown_beside_its_cause(
        moments in prop::collection::vec((0..30_i64, any_problems()), 1..30),
    ) {
        let (mut tracker, mut seconds) = (Tracker::default(), 0);
        for (pause, found) in moments {
            seconds += pause;
            tracker.update(after(seconds), found.clone(), &none());
            let roots: Vec<Code> = tracker.roots().map(|root| root.problem.code).collect();
            for root in &roots {
                prop_assert!(root.entry().depends_on.iter().all(|cause| !roots.contains(cause)));
            }
            // The report lists every problem.
            for problem in &found {
                prop_assert!(tracker.all().any(|tracked| tracked.problem == *problem));
            }
            // The next change by time alone is in the future.
            prop_assert!(tracker.next_change().is_none_or(|then| then > after(seconds)));
        }
    }

    #[test]
    fn lasting_problems_become_visible_and_cleared_ones_disappear(found in any_problems()) {
        let mut tracker = Tracker::default();
        tracker.update(after(0), found.clone(), &none());
        tracker.advance(after(600));
        let has = |code: &Code| found.iter().any(|problem| problem.code == *code);
        let expected: BTreeSet<Code> = Code::ALL
            .iter()
            .copied()
            .filter(|code| has(code) && !code.entry().depends_on.iter().any(has))
            .collect();
        let roots: BTreeSet<Code> = tracker.roots().map(|root| root.problem.code).collect();
        prop_assert_eq!(roots, expected);
        tracker.update(after(601), Vec::new(), &none());
        tracker.advance(after(700));
        prop_assert_eq!(tracker, Tracker::default());
    }

    #[test]
    fn healthy_requires_a_fresh_healthy_status(
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
        // Ready is for connections without a source.
        if judged.verdict == Verdict::Ready {
            prop_assert_eq!(serde_json::to_value(connection.told_by).unwrap(), "nobody");
        }
        // One code, one problem, in the order of the codes.
        let found: Vec<Code> =
            diagnose(now(), &evidence.machine, Some(&connection)).into_iter().map(|p| p.code).collect();
        prop_assert!(found.is_sorted_by(|one, two| one < two), "{:?}", found);
    }

    #[test]
    fn order_of_evidence_does_not_matter(evidence in any_moment()) {
        let text = backwards(&serde_json::to_value(&evidence).unwrap());
        let mut one: Vec<_> = judged(&evidence).iter().map(|(_, j)| (j.verdict, codes(j))).collect();
        let mut other: Vec<_> = judged(&read(&text)).iter().map(|(_, j)| (j.verdict, codes(j))).collect();
        one.sort_unstable();
        other.sort_unstable();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn added_cause_never_reveals_a_symptom(
        found in any_problems(),
        deeper in prop::sample::select(Code::ALL),
        begins_at in 0..200_i64,
    ) {
        let (mut without, mut with) = (Tracker::default(), Tracker::default());
        for seconds in [0, 4, 9, 11, 22, 31, 59, 62, 95, 119, 121, 180, 250, 400] {
            let at = after(seconds);
            without.update(at, found.clone(), &none());
            let more = (seconds >= begins_at).then(|| Problem::plain(deeper));
            with.update(at, found.iter().cloned().chain(more).collect(), &none());
            let told = |tracker: &Tracker, code: Code| tracker.roots().any(|r| r.problem.code == code);
            for root in with.roots().map(|root| root.problem.code) {
                prop_assert!(root == deeper || told(&without, root), "{} surfaced", root.text());
            }
        }
    }

    #[test]
    fn unknown_evidence_is_neither_healthy_nor_a_problem(
        evidence in any_moment(),
        which in prop::collection::vec(any::<bool>(), 40),
    ) {
        let mut spoiled = serde_json::to_value(&evidence).unwrap();
        forget(&mut spoiled, &mut which.into_iter());
        let spoiled: Evidence = serde_json::from_value(spoiled).unwrap();
        let blind = Evidence { machine: Machine::default(), ..evidence.clone() };
        for (((connection, before), (_, after)), (_, said)) in
            judged(&evidence).into_iter().zip(judged(&spoiled)).zip(judged(&blind))
        {
            let is_fine = matches!(after.verdict, Verdict::Healthy | Verdict::Ready);
            // Only a list that was read shows that nothing is in it.
            let is_empty = |note: &TrackedProblem| note.problem.code == Code::NotFinished;
            let was_open = matches!(before.verdict, Verdict::Unknown | Verdict::Waiting)
                && !before.notes.iter().any(is_empty);
            // What a source says stands once nothing seen here speaks against it any more.
            let is_said = after.verdict == Verdict::Healthy && said.verdict == Verdict::Healthy;
            prop_assert!(
                !(is_fine && was_open) || is_said,
                "{:?} became {:?}",
                before.verdict,
                after.verdict
            );
            if after.verdict == Verdict::Healthy {
                prop_assert_eq!(said.verdict, Verdict::Healthy, "no source confirms it");
            }
            if after.verdict == Verdict::Ready {
                let Machine { quickbooks, web_connector, .. } = &spoiled.machine;
                let is_known = |seen| !matches!(seen, &Finding::Unknown(_));
                prop_assert!(is_known(quickbooks) && is_known(web_connector), "ready unseen");
            }
            let found = |of: &Evidence| diagnose(of.at, &of.machine, connection.as_ref());
            let known: Vec<Code> = found(&evidence).iter().map(|problem| problem.code).collect();
            for Problem { code, .. } in found(&spoiled) {
                // A source reports it; only local evidence could refute it.
                let is_told = is_told_by_others(code);
                let is_note = code.entry().severity == Severity::Info;
                prop_assert!(is_told || is_note || known.contains(&code), "{} out of nothing", code.text());
            }
        }
    }
}

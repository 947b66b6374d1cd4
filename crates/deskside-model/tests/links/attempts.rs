//! A link attempt over time: it ends once, never waits for a moment in the past, and is read back as it
//! was saved, also by earlier versions.

use deskside_model::Secret;
use deskside_model::link::{
    AttemptOutcome, AttemptStage, KeptLink, LinkAttempt, LinkFacts, Provider, ReturnOutcome, hash,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;

const VALUE: &str = "0123456789abcdef";

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn outcomes() -> impl Strategy<Value = ReturnOutcome> {
    prop::sample::select(vec![
        ReturnOutcome::Success,
        ReturnOutcome::Already,
        ReturnOutcome::Cancelled,
        ReturnOutcome::Expired,
        ReturnOutcome::Failed,
        ReturnOutcome::Unsupported,
        ReturnOutcome::Unsaid,
    ])
}

fn endings() -> impl Strategy<Value = AttemptOutcome> {
    prop::sample::select(vec![
        AttemptOutcome::Confirmed,
        AttemptOutcome::Cancelled,
        AttemptOutcome::Failed,
        AttemptOutcome::Unsupported,
        AttemptOutcome::Expired,
        AttemptOutcome::Unconfirmed,
        AttemptOutcome::NotFetched,
    ])
}

/// A moment within about two weeks, at every scale that matters here.
fn moments() -> impl Strategy<Value = Timestamp> {
    prop_oneof![0..300_i64, 0..5_000_i64, 0..1_300_000_i64].prop_map(at)
}

fn links() -> impl Strategy<Value = LinkFacts> {
    (prop::option::of(moments()), any::<bool>()).prop_map(|(until, returns)| LinkFacts {
        until,
        returns_with: returns.then(|| hash(&value())),
        ..link(None)
    })
}

fn kept() -> impl Strategy<Value = Option<KeptLink>> {
    let kept = (links(), any::<bool>())
        .prop_map(|(link, brought_connection)| KeptLink { link, brought_connection });
    prop::option::of(kept)
}

fn stages() -> impl Strategy<Value = AttemptStage> {
    let applications = || prop::option::of(prop::collection::vec("[A-Z][a-z]{1,3}", 0..3));
    prop_oneof![
        (moments(), kept()).prop_map(|(at, kept)| AttemptStage::Agreed { at, kept }),
        (moments(), kept()).prop_map(|(at, kept)| AttemptStage::Fetching { at, kept }),
        (moments(), links(), applications()).prop_map(|(at, link, applications_before)| {
            AttemptStage::Opened { at, link, applications_before }
        }),
        (moments(), outcomes(), applications())
            .prop_map(|(at, outcome, before)| returned(at, outcome, before)),
        (moments(), endings(), prop::option::of("[0-9a-f]{64}"), any::<bool>()).prop_map(
            |(at, ending, fingerprint, brought_connection)| {
                AttemptStage::Over { at, ending, fingerprint, brought_connection }
            }
        ),
    ]
}

fn link(until: Option<Timestamp>) -> LinkFacts {
    LinkFacts {
        host: "connect.conductor.is".into(),
        provider: Provider::Conductor,
        fingerprint: hash(&Secret::new("the link".into())),
        until,
        returns_with: None,
    }
}

/// A stage after the link of [`link`] returned.
fn returned(at: Timestamp, outcome: ReturnOutcome, before: Option<Vec<String>>) -> AttemptStage {
    let fingerprint = link(None).fingerprint;
    AttemptStage::Returned { at, outcome, fingerprint, applications_before: before }
}

fn attempts() -> impl Strategy<Value = LinkAttempt> {
    (stages(), any::<bool>()).prop_map(|(stage, worked_before)| LinkAttempt {
        id: "attempt".into(),
        worked_before,
        stage,
    })
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Agreed,
    Fetching,
    Opened,
    Returned,
    Over,
}

fn stage_kind(stage: &AttemptStage) -> Kind {
    match stage {
        AttemptStage::Agreed { .. } => Kind::Agreed,
        AttemptStage::Fetching { .. } => Kind::Fetching,
        AttemptStage::Opened { .. } => Kind::Opened,
        AttemptStage::Returned { .. } => Kind::Returned,
        AttemptStage::Over { .. } => Kind::Over,
    }
}

fn value() -> Secret {
    Secret::new(VALUE.into())
}

proptest! {
    #[test]
    fn the_outcome_does_not_depend_on_how_time_passes(
        attempt in attempts(),
        may_be_done in any::<bool>(),
        mut pauses in prop::collection::vec(moments(), 1..6),
    ) {
        pauses.sort_unstable();
        let last = pauses[pauses.len() - 1];
        let (mut slowly, mut at_once) = (attempt.clone(), attempt.clone());
        for now in pauses {
            let before = slowly.clone();
            slowly.expire(now, may_be_done);
            prop_assert!(slowly == before || slowly.ending().is_some(), "{before:?}");
            prop_assert!(before.ending().is_none() || slowly == before, "ended twice");
        }
        at_once.expire(last, may_be_done);
        prop_assert_eq!(slowly.ending(), at_once.ending());
    }

    #[test]
    fn no_deadline_stays_in_the_past(
        attempt in attempts(),
        may_be_done in any::<bool>(),
        now in moments(),
    ) {
        let mut after = attempt.clone();
        after.expire(now, may_be_done);
        let was_open = matches!(attempt.stage, AttemptStage::Opened { .. });
        let ran_out = attempt.ending().is_none() && after.ending() == Some(AttemptOutcome::Expired);
        prop_assert!(!(ran_out && was_open && may_be_done), "possibly complete, but reported as expired");
        let is_due = after.next_change().is_some_and(|then| then <= now);
        prop_assert!(!is_due || after.is_old_news(now), "{attempt:?} became {after:?}");
        prop_assert!(after.out_until().is_none_or(|until| until > now));
        let was_due = attempt.next_change().is_some_and(|then| then <= now);
        prop_assert!(was_due || after == attempt, "changed too early");
    }

    #[test]
    fn an_outcome_is_final_unless_confirmed_later(
        attempt in attempts(),
        ends in prop::collection::vec((moments(), endings()), 1..8),
    ) {
        let mut attempt = attempt;
        for (now, ending) in ends {
            let before = attempt.clone();
            attempt.end(now, ending);
            let expected = match before.ending() {
                None => Some(ending),
                Some(_) if ending == AttemptOutcome::Confirmed => Some(AttemptOutcome::Confirmed),
                known @ Some(_) => known,
            };
            prop_assert_eq!(attempt.ending(), expected);
            let is_news = before.ending() != expected;
            prop_assert!(is_news || attempt == before, "the same outcome changed it");
            prop_assert!(attempt.kept().is_none() && attempt.link().is_none());
            prop_assert_eq!(attempt.fingerprint(), before.fingerprint(), "the link is not recognized");
            prop_assert_eq!(attempt.brought_connection(), before.brought_connection());
        }
    }

    #[test]
    fn the_browser_returns_once_with_the_right_value(
        attempt in attempts(),
        now in moments(),
        outcome in outcomes(),
        made_up in "[A-Za-z0-9._~-]{1,64}",
    ) {
        let mut attempt = attempt;
        let before = attempt.clone();
        prop_assert!(!attempt.came_back(now, &Secret::new(made_up), outcome));
        prop_assert_eq!(&attempt, &before, "a made-up value changed the attempt");
        let mut stage = None;
        if let AttemptStage::Opened { link, applications_before, .. } = &before.stage
            && link.returns_with.is_some()
        {
            stage = Some(returned(now, outcome, applications_before.clone()));
        }
        prop_assert_eq!(attempt.came_back(now, &value(), outcome), stage.is_some());
        let stage = stage.unwrap_or(before.stage);
        prop_assert_eq!(&attempt.stage, &stage);
        prop_assert!(!attempt.came_back(now, &value(), outcome), "a value was accepted twice");
    }

    #[test]
    fn setting_the_clock_back_keeps_the_remaining_time(attempt in attempts(), now in moments()) {
        let mut moved = attempt.clone();
        moved.begin_by(now);
        prop_assert_eq!(stage_kind(&moved.stage), stage_kind(&attempt.stage));
        prop_assert_eq!(moved.since(), attempt.since().min(now));
        let left = |attempt: &LinkAttempt| attempt.next_change().map(|then| then.duration_since(attempt.since()));
        prop_assert_eq!(left(&moved), left(&attempt));
        let again = moved.clone();
        moved.begin_by(now);
        prop_assert_eq!(moved, again);
    }

    #[test]
    fn saved_attempts_can_be_read_back(attempt in attempts()) {
        let text = serde_json::to_string(&attempt).unwrap();
        prop_assert!(!text.contains(VALUE));
        prop_assert_eq!(serde_json::from_str::<LinkAttempt>(&text).unwrap(), attempt);
    }
}

/// What the version before this one saved: each stage in its flat form, with `print` for the
/// fingerprint.
fn saved_before(stage: serde_json::Value, in_vault: bool) -> serde_json::Value {
    json!({
        "id": "a",
        "stage": stage,
        "print": "f00d",
        "host": "connect.conductor.is",
        "provider": "conductor",
        "in_vault": in_vault,
        "brought_connection": in_vault,
        "applications_before": ["Otter"],
        "worked_before": true,
        "returns_with": "beef",
    })
}

/// The link of [`saved_before`].
fn link_saved_before(until: Option<Timestamp>) -> LinkFacts {
    let (fingerprint, returns_with) = ("f00d".into(), Some("beef".into()));
    LinkFacts { fingerprint, returns_with, ..link(until) }
}

#[test]
fn attempts_saved_by_earlier_versions_can_be_read() {
    let text = r#"{"id":"a","stage":{"kind":"fetching","at":"2026-01-01T00:00:00Z"}}"#;
    let attempt: LinkAttempt = serde_json::from_str(text).unwrap();
    assert!(
        attempt.awaits(&"a".into()) && attempt.kept().is_none() && attempt.fingerprint().is_none()
    );
}

#[test]
fn each_stage_saved_by_the_version_before_can_be_read() {
    let (at, until) = (at(60), Some(at(120)));
    let kept = || Some(KeptLink { link: link_saved_before(until), brought_connection: true });
    let applications_before = || Some(vec!["Otter".into()]);
    let fingerprint = || "f00d".to_owned();
    let (outcome, ending) = (ReturnOutcome::Success, AttemptOutcome::Expired);
    let time = json!({ "at": at, "until": until });
    let of_kind = |kind: &str, more: &serde_json::Value| {
        let mut stage = more.clone();
        stage["kind"] = kind.into();
        stage
    };
    let cases = [
        (of_kind("agreed", &time), true, AttemptStage::Agreed { at, kept: kept() }),
        (
            of_kind("agreed", &json!({ "at": at, "until": null })),
            false,
            AttemptStage::Agreed { at, kept: None },
        ),
        (of_kind("fetching", &time), true, AttemptStage::Fetching { at, kept: kept() }),
        (
            of_kind("fetching", &json!({ "at": at, "until": null })),
            false,
            AttemptStage::Fetching { at, kept: None },
        ),
        (
            of_kind("opened", &time),
            false,
            AttemptStage::Opened {
                at,
                link: link_saved_before(until),
                applications_before: applications_before(),
            },
        ),
        (
            of_kind("returned", &json!({ "at": at, "outcome": "success" })),
            false,
            AttemptStage::Returned {
                at,
                outcome,
                fingerprint: fingerprint(),
                applications_before: applications_before(),
            },
        ),
        (
            of_kind("over", &json!({ "at": at, "ending": "expired" })),
            false,
            AttemptStage::Over {
                at,
                ending,
                fingerprint: Some(fingerprint()),
                brought_connection: false,
            },
        ),
    ];
    for (saved, in_vault, stage) in cases {
        let expected = LinkAttempt { id: "a".into(), worked_before: true, stage };
        let read: LinkAttempt = serde_json::from_value(saved_before(saved, in_vault)).unwrap();
        assert_eq!(read, expected);
    }
}

#[test]
fn a_link_opened_on_the_command_line_is_read_without_fingerprint() {
    let stage = json!({ "kind": "opened", "at": at(60), "until": null });
    let saved = json!({
        "id": "a",
        "stage": stage,
        "print": null,
        "host": "connect.conductor.is",
        "provider": "conductor",
    });
    let attempt: LinkAttempt = serde_json::from_value(saved).unwrap();
    let link = LinkFacts { fingerprint: String::new(), ..link(None) };
    assert_eq!(attempt, LinkAttempt::opened("a".into(), at(60), link));
}

#[test]
fn each_stage_has_its_documented_time_limit() {
    let begin = at(1_000_000);
    let minutes = |stage| {
        let attempt = LinkAttempt { id: "a".into(), worked_before: false, stage };
        attempt.next_change().map(|then| then.duration_since(begin).as_mins())
    };
    let at = begin;
    let until = |minutes| link(Some(begin + SignedDuration::from_mins(minutes)));
    let kept = |minutes| Some(KeptLink { link: until(minutes), brought_connection: false });
    let opened = |link| AttemptStage::Opened { at, link, applications_before: None };
    let over =
        |ending| AttemptStage::Over { at, ending, fingerprint: None, brought_connection: false };
    assert_eq!(minutes(AttemptStage::Agreed { at, kept: None }), None);
    assert_eq!(minutes(AttemptStage::Agreed { at, kept: kept(30) }), Some(30));
    assert_eq!(minutes(AttemptStage::Fetching { at, kept: None }), Some(2));
    assert_eq!(minutes(AttemptStage::Fetching { at, kept: kept(30) }), Some(2));
    assert_eq!(minutes(AttemptStage::Fetching { at, kept: kept(1) }), Some(1));
    assert_eq!(minutes(opened(until(30))), Some(30));
    assert_eq!(minutes(opened(link(None))), Some(7 * 24 * 60));
    assert_eq!(minutes(returned(at, ReturnOutcome::Success, None)), Some(10));
    assert_eq!(minutes(over(AttemptOutcome::Confirmed)), Some(10));
    assert_eq!(minutes(over(AttemptOutcome::Failed)), None);
}

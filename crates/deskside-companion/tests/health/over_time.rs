//! Delays, damping and root causes, moment after moment.

use super::*;

/// Judges a connection over several moments, and returns verdict and root causes after each.
fn live(moments: &[(i64, &str, &str)]) -> Vec<(i64, Verdict, Vec<&'static str>)> {
    let (mut tracker, mut previous) = (Tracker::default(), Verdict::Unknown);
    let mut told = Vec::new();
    for (seconds, machine, connection) in moments {
        let evidence = evidence(machine, &[connection]);
        let connection = evidence.connections.first();
        let witness = Witness::of(after(*seconds), &evidence.machine, connection);
        let found = diagnose(after(*seconds), &evidence.machine, connection);
        tracker.update(after(*seconds), found, &witness);
        let judged = judge(after(*seconds), &evidence.machine, connection, &tracker, previous);
        previous = judged.verdict;
        told.push((*seconds, judged.verdict, codes(&judged)));
    }
    told
}

#[test]
fn brief_change_neither_alarms_nor_reassures() {
    use Verdict::{Healthy, Unknown};
    let (well, broken) = (told("healthy", NOW), told("broken", NOW));
    let calm = live(&[
        (0, WELL, &well),
        (1, NO_QUICKBOOKS, &well),
        (9, NO_QUICKBOOKS, &well),
        (10, WELL, &well),
    ]);
    assert!(calm.iter().all(|(_, verdict, _)| *verdict == Healthy), "{calm:?}");
    // Without earlier evidence, a fault that is too new to show is not "fine" either.
    assert_eq!(live(&[(0, WELL, &broken)]), [(0, Unknown, vec![])]);
}

#[test]
fn lasting_close_and_reopening_of_quickbooks_are_announced_once() {
    let well = told("healthy", NOW);
    let story = live(&[
        (0, WELL, &well),
        (1, NO_QUICKBOOKS, &well),
        (10, NO_QUICKBOOKS, &well),
        (11, NO_QUICKBOOKS, &well),
        (60, WELL, &well),
        (63, WELL, &well),
    ]);
    let closed = || vec!["quickbooks.not_running"];
    assert_eq!(
        story,
        [
            (0, Verdict::Healthy, vec![]),
            (1, Verdict::Healthy, vec![]),
            (10, Verdict::Healthy, vec![]),
            (11, Verdict::Problem, closed()),
            (60, Verdict::Problem, closed()),
            (63, Verdict::Healthy, vec![]),
        ]
    );
}

#[test]
fn flapping_problems_do_not_prolong_healthy() {
    // Given a network that drops for 15 of every 30 seconds, and an unreachable backend
    let dark = r#""network": "absent""#;
    let silent = failing("unreachable", Some("healthy"));
    let well = told("healthy", NOW);
    let mut moments = vec![(0, WELL, well.as_str())];
    for round in 0..200 {
        moments.push((round * 30 + 1, dark, silent.as_str()));
        moments.push((round * 30 + 16, WELL, silent.as_str()));
    }
    // When that goes on for more than an hour
    let story = live(&moments);
    // Then it is not called healthy in the end
    let (_, last, _) = story.last().unwrap();
    assert_ne!(*last, Verdict::Healthy);
}

#[test]
fn healthy_is_not_held_against_newer_broken_answers() {
    // Given a QuickBooks that flaps too fast to show, and a backend that reports "broken"
    let broken = told("broken", NOW);
    let well = told("healthy", NOW);
    let mut moments = vec![(0, WELL, well.as_str())];
    for round in 0..60 {
        moments.push((round * 8 + 1, NO_QUICKBOOKS, broken.as_str()));
        moments.push((round * 8 + 5, WELL, broken.as_str()));
    }
    // When that goes on for minutes, then nothing is called healthy for longer than two of them
    for (seconds, verdict, _) in live(&moments) {
        assert!(verdict != Verdict::Healthy || seconds <= 125, "healthy after {seconds} s");
    }
}

//! The headline: which connection is worst, and its state in one sentence. The window, the tray and
//! the summary share it, so they cannot disagree.

use std::cmp::Reverse;

use deskside_health::{Code, Diagnosis, Problem, Verdict, words};
use deskside_text as text;

/// A verdict in one sentence. While a link is open, waiting means its steps.
pub(super) fn headline(judged: &Diagnosis, link_is_out: bool) -> String {
    match (judged.verdict, judged.roots.first()) {
        (Verdict::Problem, Some(root)) => words(&root.problem).title,
        (Verdict::Problem, None) => text::state_problem(),
        (Verdict::Healthy, _) => text::state_healthy(),
        (Verdict::Ready, _) => text::state_ready(),
        (Verdict::Waiting, _) if link_is_out && !is_planned(judged) => text::state_waiting(),
        (Verdict::Waiting, _) => waiting(judged),
        (Verdict::Unknown, _) => text::state_unknown(),
    }
}

/// What a connection waits for: its first note, or else its schedule.
fn waiting(judged: &Diagnosis) -> String {
    match judged.notes.first() {
        Some(note) => words(&note.problem).title,
        None => words(&Problem::plain(Code::WaitingForSchedule)).title,
    }
}

/// The worst of all: by verdict, then by problem, then the first. A link whose steps wait for the user
/// goes before a schedule, which passes by itself.
pub(super) fn worst<'a, T>(all: impl IntoIterator<Item = (T, &'a Diagnosis)>) -> Option<T> {
    let rank = |judged: &Diagnosis| {
        let severity = judged.roots.iter().map(|root| root.problem.code.entry().severity).max();
        (judged.verdict, severity, !is_planned(judged))
    };
    all.into_iter().min_by_key(|(_, judged)| Reverse(rank(judged))).map(|(one, _)| one)
}

/// True when the connection waits for what comes or passes by itself.
pub(super) fn is_planned(judged: &Diagnosis) -> bool {
    judged.notes.iter().any(|note| needs_nobody(note.problem.code))
}

/// True for a waiting that nobody has to end.
pub(super) const fn needs_nobody(code: Code) -> bool {
    matches!(code, Code::WaitingForSchedule | Code::FirstData | Code::Unlinked | Code::OneTimeDone)
}

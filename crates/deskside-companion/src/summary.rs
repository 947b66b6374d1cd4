//! The state for machines: what `deskside-cli status` and `diagnose` print with `--json`.

use deskside_health::{
    Code, Diagnosis, Doubt, Scenario, TrackedProblem, Verdict, judge_once, who, words,
};
use deskside_model::evidence::{ConnectionEvidence, Evidence};
use deskside_model::{ConnectionId, Severity, Who};
use deskside_text::{self as text, Words};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::advice::advice;
use super::headline::{headline, needs_nobody, worst};
use crate::view::Notice;

/// The whole state in one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Version of this document.
    pub schema: u32,
    /// The companion runs; false when the command line looked by itself.
    pub running: bool,
    /// The worst verdict of all connections; of this computer where there is none.
    pub verdict: Verdict,
    /// The verdict in one sentence.
    pub headline: String,
    /// The root causes of the worst connection, or of this computer.
    pub problems: Vec<ProblemSummary>,
    /// Why the verdict is unknown, and what would help.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// Every connection.
    pub connections: Vec<ConnectionSummary>,
    /// Conditions of Deskside itself and of this computer that change no verdict.
    #[serde(default)]
    pub notices: Vec<Notice>,
}

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionSummary {
    /// Its identifier.
    pub id: ConnectionId,
    /// What it is called.
    pub name: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// The verdict in one sentence.
    pub headline: String,
    /// Its root causes, the first one first.
    pub problems: Vec<ProblemSummary>,
    /// Why its verdict is unknown, and what would help.
    #[serde(default)]
    pub reason: Option<Reason>,
}

/// Why a verdict is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A few words.
    pub title: String,
    /// One sentence.
    pub cause: String,
    /// What would help.
    pub steps: Vec<String>,
}

impl Reason {
    fn of(doubt: &Doubt) -> Self {
        let Words { title, cause, steps } = doubt.words();
        Self { title, cause, steps }
    }
}

/// One root cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemSummary {
    /// Stable code.
    pub code: String,
    /// How bad.
    pub severity: Severity,
    /// Who must act.
    pub who: Who,
    /// Since when.
    pub since: Timestamp,
    /// A few words.
    pub title: String,
    /// One sentence.
    pub cause: String,
    /// What to do.
    pub steps: Vec<String>,
    /// The provider's words, as given.
    pub provider_message: Option<String>,
    /// For support.
    pub request_id: Option<String>,
    /// QuickBooks', the Web Connector's or the provider's own code.
    #[serde(default)]
    pub integration_code: Option<String>,
}

impl ProblemSummary {
    fn of(tracked: &TrackedProblem) -> Self {
        let TrackedProblem { problem, since, .. } = tracked;
        let entry = problem.code.entry();
        let words = words(problem);
        Self {
            code: problem.code.text().into(),
            severity: entry.severity,
            who: who(problem),
            since: *since,
            title: words.title,
            cause: words.cause,
            steps: words.steps,
            provider_message: problem.arguments.user_message.clone(),
            request_id: problem.arguments.request_id.clone(),
            integration_code: problem.arguments.integration_code.clone(),
        }
    }
}

/// Summarizes connections that were judged over time.
#[must_use]
pub fn summarize(judged: Vec<(ConnectionEvidence, Diagnosis)>, running: bool) -> Summary {
    let one = |(evidence, judged): &(ConnectionEvidence, Diagnosis)| ConnectionSummary {
        id: evidence.id.clone(),
        name: Some(evidence.name.clone())
            .filter(|name| !name.trim().is_empty())
            .unwrap_or_else(text::connection_unnamed),
        verdict: judged.verdict,
        headline: headline(judged, evidence.link_pending_until.is_some()),
        problems: judged.roots.iter().chain(&judged.notes).map(ProblemSummary::of).collect(),
        reason: judged.doubt.as_ref().map(Reason::of),
    };
    let connections: Vec<ConnectionSummary> = judged.iter().map(one).collect();
    let worst = worst(connections.iter().zip(judged.iter().map(|(_, judged)| judged)));
    let (verdict, headline, problems, reason) = match worst.cloned() {
        Some(ConnectionSummary { verdict, headline, problems, reason, .. }) => {
            (verdict, headline, problems, reason)
        }
        None => (Verdict::Unknown, text::no_connection(), Vec::new(), None),
    };
    let notices = Vec::new();
    Summary { schema: 1, running, verdict, headline, problems, reason, connections, notices }
}

impl Summary {
    /// Summarizes one moment; without a connection, this computer alone.
    #[must_use]
    pub fn of_moment(evidence: &Evidence) -> Self {
        let notices = advice(&evidence.machine);
        if evidence.connections.is_empty() {
            let judged = judge_once(evidence, None);
            let problems = judged.roots.iter().map(ProblemSummary::of).collect();
            let headline = headline(&judged, false);
            let verdict = judged.verdict;
            return Self {
                schema: 1,
                running: false,
                verdict,
                headline,
                problems,
                reason: judged.doubt.as_ref().map(Reason::of),
                connections: Vec::new(),
                notices,
            };
        }
        let judge = |c: &ConnectionEvidence| (c.clone(), judge_once(evidence, Some(c)));
        let judged = evidence.connections.iter().map(judge).collect();
        Self { notices, ..summarize(judged, false) }
    }

    /// Summarizes every moment of a scenario. A single moment is judged by itself; several are judged
    /// as by a companion, also without a connection.
    #[must_use]
    pub fn of_scenario(scenario: &Scenario) -> Vec<Self> {
        match scenario.moments.as_slice() {
            [only] => vec![Self::of_moment(&only.evidence)],
            moments => moments
                .iter()
                .zip(scenario.judged())
                .map(|(moment, judged)| Self {
                    notices: advice(&moment.evidence.machine),
                    ..summarize(judged, false)
                })
                .collect(),
        }
    }

    /// The exit code: 0 fine, 1 a person must act, 3 unknown. Waiting for what comes by itself is fine.
    /// A problem that no person can fix, such as a provider that does not answer, is unknown.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let is_planned = |known: &ProblemSummary| Code::of(&known.code).is_some_and(needs_nobody);
        let is_for_nobody = |known: &ProblemSummary| known.who == Who::Nobody;
        match self.verdict {
            Verdict::Healthy | Verdict::Ready => 0,
            Verdict::Problem if self.problems.iter().all(is_for_nobody) => 3,
            Verdict::Waiting if self.problems.iter().any(is_planned) => 0,
            Verdict::Waiting | Verdict::Problem => 1,
            Verdict::Unknown => 3,
        }
    }
}

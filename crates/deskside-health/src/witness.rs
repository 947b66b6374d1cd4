//! Which fact counts when facts contradict each other: the one step between evidence and problems.
//!
//! Every fact has a source and a moment. Newer beats older, what was seen here beats what others say,
//! and data that flowed beats everything:
//!
//! - An obstacle that began before data last flowed did not stop it ([`Witness::disproves`]).
//! - A run that failed after data last flowed takes "healthy" away, whoever repeats it, and every
//!   obstacle that is seen counts again ([`standing_failure`]).
//! - An obstacle through which data once flowed is how the connection lives ([`Witness::is_usual`]):
//!   QuickBooks closed in the evening, or open for the person whose session does the work.
//!
//! A run without work has reached the application but not QuickBooks, so it proves nothing about
//! QuickBooks. docs/decisions/witnesses.md gives the reasons.

use deskside_model::Cause;
use deskside_model::evidence::run::{Run, RunFailure, RunOutcome};
use deskside_model::evidence::{
    AppRuns, ConnectionEvidence, Finding, Machine, RemoteState, RemoteStatus,
};
use jiff::{SignedDuration, Timestamp};

use crate::freshness::{is_believed, is_current};
use crate::refusal::is_refusal;
use crate::{Code, CodeFlag, Problem, Refutation};

/// How much a source's clock may differ, or a run may overlap, before two moments have an order.
const MARGIN: SignedDuration = SignedDuration::from_mins(1);

/// What is known about the flow of data over one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witness {
    /// QuickBooks has answered a request that was made after this moment.
    answered: Option<Timestamp>,
    /// The Web Connector has reached the application in a run that began after this moment.
    reached: Option<Timestamp>,
    /// The newest run failed and nothing has flowed since: its cause, and when it failed.
    failed: Option<(Cause, Timestamp)>,
    /// Data has just flowed.
    flows: bool,
    /// A source has just said that it works.
    told: bool,
}

impl Witness {
    /// The witness of a connection. Without a connection, nobody knows of any data.
    #[must_use]
    pub fn of(now: Timestamp, machine: &Machine, connection: Option<&ConnectionEvidence>) -> Self {
        let Some(connection) = connection else { return Self::default() };
        let runs = runs(machine, connection);
        let failed = runs.and_then(|runs| {
            let failure = standing_failure(runs, connection)?;
            Some((failure.cause, runs.last.ended.or(runs.last.started)?))
        });
        let said = said_success(connection).filter(|said| *said <= later(now, MARGIN));
        let said_flow = said.map(|said| earlier(said, MARGIN));
        let answered = runs.and_then(answered).max(said_flow);
        let reached = runs.and_then(reached).max(answered);
        let flows = answered.is_some_and(|answered| is_believed(now, answered));
        let told = is_told_healthy(now, connection);
        Self { answered, reached, failed, flows, told }
    }

    /// True when data has flowed in spite of this obstacle, which began at this moment.
    pub(crate) fn disproves(&self, problem: &Problem, since: Timestamp) -> bool {
        let proof = if problem.code.is(CodeFlag::StopsQuickBooks) {
            self.answered
        } else if problem.code.is(CodeFlag::StopsWebConnector) {
            self.reached
        } else {
            return false;
        };
        let has_flowed_since = proof.is_some_and(|proof| proof > since);
        let is_refuted = match problem.refuted_by {
            Refutation::DataSince => false,
            Refutation::RecentData => self.flows,
            Refutation::Source => self.flows || self.told,
        };
        self.failed.is_none() && (has_flowed_since || is_refuted)
    }

    /// True when data has flowed over this connection while it was so before, and no run has failed
    /// since then for a reason that it may explain.
    pub(crate) fn is_usual(&self, code: Code, flowed: Option<Timestamp>) -> bool {
        let Some(flowed) = flowed.filter(|_| code.is(CodeFlag::WayToLive)) else { return false };
        self.failed.is_none_or(|(cause, at)| at <= flowed || !may_explain(cause))
    }

    /// When QuickBooks last answered.
    pub(crate) const fn answered(&self) -> Option<Timestamp> {
        self.answered
    }

    /// True when the newest run failed and nothing has flowed since.
    pub(crate) const fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// True when data has just flowed.
    pub(crate) const fn flows(&self) -> bool {
        self.flows
    }
}

/// True for a cause that QuickBooks or the Web Connector not being as usual may explain.
const fn may_explain(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::QuickbooksNotRunning
            | Cause::QuickbooksCrashed
            | Cause::NoCompany
            | Cause::WrongCompanyFile
            | Cause::AutoLogin
            | Cause::Consent
            | Cause::Elevation
            | Cause::UserInUse
            | Cause::Unknown
    )
}

/// The runs of a connection's application.
pub(crate) fn runs<'a>(
    machine: &'a Machine,
    connection: &ConnectionEvidence,
) -> Option<&'a AppRuns> {
    machine.sync.known()?.of_app(connection.app.as_deref()?)
}

/// The code of the run that failed, if it has one.
pub(crate) fn failed_code(machine: &Machine, connection: &ConnectionEvidence) -> Option<String> {
    code_in_words(standing_failure(runs(machine, connection)?, connection)?)
}

/// The most specific code of a failure, as it is written.
pub(crate) fn code_in_words(failure: &RunFailure) -> Option<String> {
    let web_connector = || failure.code.map(|code| format!("QBWC{code}"));
    failure.hresult.map(|hresult| format!("0x{hresult:08X}")).or_else(web_connector)
}

/// Why the newest run failed, unless data has flowed since.
pub(crate) fn standing_failure<'a>(
    runs: &'a AppRuns,
    connection: &ConnectionEvidence,
) -> Option<&'a RunFailure> {
    match &runs.last.outcome {
        RunOutcome::Failed(failure) if !is_over(&runs.last, connection) => Some(failure),
        RunOutcome::Failed(_) | RunOutcome::Ok | RunOutcome::OkNoWork | RunOutcome::Incomplete => {
            None
        }
    }
}

/// True when the connection has worked after this run.
fn is_over(run: &Run, connection: &ConnectionEvidence) -> bool {
    let ended = run.ended.or(run.started);
    said_success(connection).zip(ended).is_some_and(|(worked, ended)| worked > ended)
}

/// When data last flowed, as its source says. A source that says "healthy" without that time may only
/// repeat what it said before.
pub(crate) fn said_success(connection: &ConnectionEvidence) -> Option<Timestamp> {
    connection.remote.status.as_ref()?.last_success_at
}

/// When the run began in which QuickBooks last answered, as the log shows it.
fn answered(runs: &AppRuns) -> Option<Timestamp> {
    let newest = || runs.last.started.or(runs.last.ended);
    let before = || runs.last_data.or(runs.last_success).map(|then| earlier(then, MARGIN));
    match runs.last.outcome {
        RunOutcome::Ok => newest(),
        RunOutcome::OkNoWork => runs.last_data.map(|then| earlier(then, MARGIN)),
        RunOutcome::Failed(_) | RunOutcome::Incomplete => before(),
    }
}

/// When the run began in which the application last answered, as the log shows it.
fn reached(runs: &AppRuns) -> Option<Timestamp> {
    match runs.last.outcome {
        RunOutcome::Ok | RunOutcome::OkNoWork => runs.last.started.or(runs.last.ended),
        RunOutcome::Failed(_) | RunOutcome::Incomplete => {
            runs.last_success.map(|then| earlier(then, MARGIN))
        }
    }
}

fn earlier(then: Timestamp, by: SignedDuration) -> Timestamp {
    then.saturating_sub(by).unwrap_or(then)
}

fn later(then: Timestamp, by: SignedDuration) -> Timestamp {
    then.saturating_add(by).unwrap_or(then)
}

/// True when a source has recently said that it works.
pub(crate) fn is_told_healthy(now: Timestamp, connection: &ConnectionEvidence) -> bool {
    let remote = &connection.remote;
    is_current(now, remote) && remote.status.as_ref().is_some_and(says_that_it_works)
}

/// True when it works, or when QuickBooks has refused one request, which shows that the rest works.
pub(crate) fn says_that_it_works(status: &RemoteStatus) -> bool {
    match status.state {
        RemoteState::Healthy => true,
        RemoteState::Broken => is_refusal(status),
        RemoteState::NotSetUp
        | RemoteState::Waiting
        | RemoteState::Inactive
        | RemoteState::Deauthorized
        | RemoteState::Unlinked
        | RemoteState::Removed
        | RemoteState::Unknown => false,
    }
}

/// True when the Web Connector runs for this user and is known to have no application at all.
pub(crate) fn nothing_is_set_up(machine: &Machine) -> bool {
    let is_empty = match machine.applications() {
        Finding::Known(set_up) => set_up.is_empty(),
        Finding::Absent => true,
        Finding::Unknown(_) => false,
    };
    is_empty && machine.web_connector.is_here() == Some(true)
}

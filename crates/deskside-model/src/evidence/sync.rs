//! What the Web Connector's log says about each application, reduced to what a diagnosis needs.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{ConnectionEvidence, Finding, Machine, RemoteState};
use crate::evidence::run::{Run, RunOutcome};
use crate::link::Provider;

/// How many runs of an application are enough to learn how often it runs.
const REMEMBERED: usize = 10;

/// The applications named in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sync {
    /// The runs of each application.
    pub apps: Vec<AppRuns>,
}

/// The runs of one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppRuns {
    /// `AppName`.
    pub app: String,
    /// The newest run.
    pub last: Run,
    /// When it last completed its work.
    #[serde(default)]
    pub last_success: Option<Timestamp>,
    /// When QuickBooks last answered it: a run without work does not ask QuickBooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_data: Option<Timestamp>,
    /// How often it usually runs; `None` until three runs were seen. Runs that somebody started by
    /// hand do not count.
    #[serde(default)]
    pub every_seconds: Option<i64>,
}

impl Sync {
    /// Summarizes runs, given oldest first. Runs that name no application are ignored.
    #[must_use]
    pub fn of(runs: &[Run]) -> Self {
        let mut by_app: BTreeMap<&str, Vec<&Run>> = BTreeMap::new();
        for run in runs {
            if let Some(app) = &run.app {
                by_app.entry(app).or_default().push(run);
            }
        }
        let summed = |(app, runs): (&str, Vec<&Run>)| {
            let last = (*runs.last()?).clone();
            let works = |run: &&&Run| matches!(run.outcome, RunOutcome::Ok | RunOutcome::OkNoWork);
            let worked = runs.iter().rev().find(works).copied();
            let answered = runs.iter().rev().find(|run| run.outcome == RunOutcome::Ok).copied();
            Some(AppRuns {
                app: app.to_owned(),
                last,
                last_success: worked.and_then(|run| run.ended.or(run.started)),
                last_data: answered.and_then(|run| run.ended.or(run.started)),
                every_seconds: interval(&runs),
            })
        };
        Self { apps: by_app.into_iter().filter_map(summed).collect() }
    }

    /// The runs of the application of this name.
    #[must_use]
    pub fn of_app(&self, name: &str) -> Option<&AppRuns> {
        self.apps.iter().find(|runs| runs.app == name)
    }

    /// The newest run of any application: the Web Connector runs one at a time.
    #[must_use]
    pub fn newest(&self) -> Option<&Run> {
        self.apps.iter().map(|runs| &runs.last).max_by_key(|run| run.started.max(run.ended))
    }
}

/// Assigns applications of the Web Connector to connections, where only one can be meant. All
/// applications of all vendors share one log, and blaming the wrong one is worse than knowing
/// nothing.
pub fn name_applications(machine: &Machine, connections: &mut [ConnectionEvidence]) {
    let Finding::Known(seen) = &machine.sync else { return };
    let named: Vec<Option<String>> = connections
        .iter()
        .map(|connection| {
            let found = of_its_provider(seen, machine, connections, connection)
                .or_else(|| only_one(seen, machine, connections, connection));
            connection.app.clone().or_else(|| Some(found?.app.clone()))
        })
        .collect();
    for (connection, app) in connections.iter_mut().zip(named) {
        connection.app = app;
    }
}

/// The only application at the provider's host, for the only connection through that provider.
fn of_its_provider<'a>(
    seen: &'a Sync,
    machine: &Machine,
    connections: &[ConnectionEvidence],
    connection: &ConnectionEvidence,
) -> Option<&'a AppRuns> {
    let provider = connection.provider?;
    domain_of(provider)?;
    let rivals = connections.iter().filter(|other| other.provider == Some(provider));
    let is_its = |runs: &&AppRuns| runs.at() == Some(provider) && !runs.is_removed(machine);
    let mut its = seen.apps.iter().filter(is_its);
    its.next().filter(|_| its.next().is_none() && rivals.count() == 1)
}

/// The only application that is set up, for the only connection, unless the connection is known not
/// to be set up or the application belongs to another provider.
fn only_one<'a>(
    seen: &'a Sync,
    machine: &Machine,
    connections: &[ConnectionEvidence],
    connection: &ConnectionEvidence,
) -> Option<&'a AppRuns> {
    let Finding::Known(set_up) = machine.applications() else { return None };
    let ([_], [only]) = (connections, set_up.as_slice()) else { return None };
    let state = connection.remote.status.as_ref().map(|status| status.state);
    let may_be_its =
        |runs: &&AppRuns| runs.at().is_none_or(|at| connection.provider.is_none_or(|p| p == at));
    seen.of_app(only).filter(may_be_its).filter(|_| state != Some(RemoteState::NotSetUp))
}

/// The domain of a provider's own applications. Codat names the hosts that its connector must reach
/// (docs/sources/codat.md#quickbooks-desktop); Conductor serves everything below one domain.
const fn domain_of(provider: Provider) -> Option<&'static str> {
    match provider {
        Provider::Conductor => Some("conductor.is"),
        Provider::Codat => Some("codat.io"),
        Provider::Merge
        | Provider::Rutter
        | Provider::Railz
        | Provider::Apideck
        | Provider::Qubesync => None,
    }
}

impl AppRuns {
    /// True if it is known to be no longer set up, so that its old runs mean nothing.
    #[must_use]
    pub fn is_removed(&self, machine: &Machine) -> bool {
        match machine.applications() {
            Finding::Known(set_up) => !set_up.contains(&self.app),
            Finding::Absent => true,
            Finding::Unknown(_) => false,
        }
    }

    /// The provider that the application belongs to, if its host tells.
    fn at(&self) -> Option<Provider> {
        let host = self.last.host.as_deref()?;
        let host = host.split_once(':').map_or(host, |(host, _)| host);
        let is_below = |domain: &str| {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        [Provider::Conductor, Provider::Codat]
            .into_iter()
            .find(|provider| domain_of(*provider).is_some_and(is_below))
    }
}

/// The usual interval from start to start: the median, so that a weekend does not count.
fn interval(runs: &[&Run]) -> Option<i64> {
    let scheduled = runs.iter().filter(|run| run.by_hand != Some(true));
    let starts: Vec<Timestamp> = scheduled.filter_map(|run| run.started).collect();
    let newest = starts.len().saturating_sub(REMEMBERED);
    let starts = starts.get(newest..).unwrap_or_default();
    let mut pauses: Vec<SignedDuration> = starts
        .iter()
        .zip(starts.iter().skip(1))
        .map(|(one, next)| next.duration_since(*one))
        .collect();
    pauses.retain(SignedDuration::is_positive);
    pauses.sort_unstable();
    (pauses.len() >= 2).then(|| pauses.get(pauses.len() / 2).map(SignedDuration::as_secs))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(app: &str, minute: i64, outcome: RunOutcome) -> Run {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        let (seen, by_hand) = (None, None);
        Run {
            app: Some(app.into()),
            host: None,
            started: Some(at),
            ended: Some(at),
            seen,
            by_hand,
            outcome,
        }
    }

    #[test]
    fn the_newest_run_and_the_last_success_are_kept() {
        let runs = [run("Larch", 0, RunOutcome::Ok), run("Larch", 30, RunOutcome::Incomplete)];
        let sync = Sync::of(&runs);
        let larch = sync.of_app("Larch").unwrap();
        assert_eq!(larch.last, runs[1]);
        assert_eq!(larch.last_success, runs[0].ended);
        assert_eq!(larch.every_seconds, None, "two runs show no interval");
    }

    #[test]
    fn a_night_without_runs_does_not_change_the_interval() {
        let minutes = [0, 30, 60, 90, 900, 930];
        let runs: Vec<Run> = minutes.into_iter().map(|m| run("Larch", m, RunOutcome::Ok)).collect();
        assert_eq!(Sync::of(&runs).apps[0].every_seconds, Some(30 * 60));
    }

    /// Names the applications for connections through these providers, given a log of these
    /// applications and hosts.
    fn named(
        providers: &[Option<Provider>],
        apps: &[(&str, &str)],
        set_up: Finding<Vec<String>>,
    ) -> Vec<Option<String>> {
        let run = |(app, host): &(&str, &str)| Run {
            host: Some((*host).into()),
            ..run(app, 0, RunOutcome::Ok)
        };
        let runs: Vec<Run> = apps.iter().map(run).collect();
        let mut machine = Machine { sync: Finding::Known(Sync::of(&runs)), ..Machine::default() };
        machine.setup.applications = set_up;
        let connection = |provider: &Option<Provider>| ConnectionEvidence {
            provider: *provider,
            ..serde_json::from_str(r#"{"id": "c"}"#).unwrap()
        };
        let mut connections: Vec<ConnectionEvidence> = providers.iter().map(connection).collect();
        name_applications(&machine, &mut connections);
        connections.into_iter().map(|connection| connection.app).collect()
    }

    fn set_up(apps: &[&str]) -> Finding<Vec<String>> {
        Finding::Known(apps.iter().map(|app| (*app).into()).collect())
    }

    const ELSEWHERE: (&str, &str) = ("Otter", "sync.otter.example");
    const CONDUCTOR: (&str, &str) = ("Larch", "api.conductor.is");
    const CODAT: (&str, &str) = ("Fir", "quickbooksdesktop.codat.io");

    #[test]
    fn applications_at_a_providers_host_belong_to_its_connection() {
        let unknown = Finding::default;
        let (conductor, codat) = (Some(Provider::Conductor), Some(Provider::Codat));
        let all = [ELSEWHERE, CODAT, CONDUCTOR];
        assert_eq!(
            named(&[conductor, codat, None], &all, unknown()),
            [Some("Larch".into()), Some("Fir".into()), None]
        );
        assert_eq!(named(&[conductor, conductor], &all, unknown()), [None, None], "ambiguous");
        let two = [CONDUCTOR, ("Old Larch", "api.conductor.is")];
        assert_eq!(named(&[conductor], &two, unknown()), [None], "ambiguous");
        assert_eq!(named(&[conductor], &two, set_up(&["Larch"])), [Some("Larch".into())]);
        let alike = [("Larch", "evil-conductor.is")];
        assert_eq!(named(&[conductor], &alike, unknown()), [None]);
    }

    #[test]
    fn only_one_application_and_connection_match_without_a_host() {
        let one = set_up(&["Otter"]);
        assert_eq!(named(&[None], &[ELSEWHERE], one.clone()), [Some("Otter".into())]);
        assert_eq!(named(&[None], &[ELSEWHERE], Finding::default()), [None], "unknown setup");
        assert_eq!(named(&[None], &[ELSEWHERE], set_up(&["Otter", "Elm"])), [None]);
        assert_eq!(named(&[None, None], &[ELSEWHERE], one), [None, None]);
        assert_eq!(named(&[Some(Provider::Codat)], &[CONDUCTOR], set_up(&["Larch"])), [None]);
    }
}

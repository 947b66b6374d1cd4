//! What the Web Connector's log tells of each application, in the few facts that a diagnosis needs.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::log::{Outcome, Run};

/// So many of an application's runs are enough to see how often it runs.
const REMEMBERED: usize = 10;

/// The applications that the log names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sync {
    /// Each of them.
    pub apps: Vec<AppRuns>,
}

/// The runs of one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppRuns {
    /// `AppName`.
    pub app: String,
    /// The newest run.
    pub last: Run,
    /// When it last worked to the end.
    #[serde(default)]
    pub last_success: Option<Timestamp>,
    /// How often it usually runs; `None` before three runs were seen.
    #[serde(default)]
    pub every_seconds: Option<i64>,
}

impl Sync {
    /// Sums up runs, the oldest first. Those that name no application belong to nobody.
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
            let works = |run: &&&Run| matches!(run.outcome, Outcome::Ok | Outcome::OkNoWork);
            let worked = runs.iter().rev().find(works).copied();
            Some(AppRuns {
                app: app.to_owned(),
                last,
                last_success: worked.and_then(|run| run.ended.or(run.started)),
                every_seconds: interval(&runs),
            })
        };
        Self { apps: by_app.into_iter().filter_map(summed).collect() }
    }

    /// The runs of a connection's application: the one of that name, or the only one there is.
    #[must_use]
    pub fn of_app(&self, name: Option<&str>) -> Option<&AppRuns> {
        match (name, self.apps.as_slice()) {
            (Some(name), apps) => apps.iter().find(|runs| runs.app == name),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

/// The usual pause from start to start: the middle one, so that a weekend does not count.
fn interval(runs: &[&Run]) -> Option<i64> {
    let newest = runs.len().saturating_sub(REMEMBERED);
    let starts: Vec<Timestamp> = runs.iter().skip(newest).filter_map(|run| run.started).collect();
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

    fn run(app: &str, minute: i64, outcome: Outcome) -> Run {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        Run { app: Some(app.into()), host: None, started: Some(at), ended: Some(at), outcome }
    }

    #[test]
    fn the_newest_run_counts_and_the_last_success_is_remembered() {
        let runs = [run("Larch", 0, Outcome::Ok), run("Larch", 30, Outcome::Incomplete)];
        let sync = Sync::of(&runs);
        let larch = sync.of_app(None).unwrap();
        assert_eq!(larch.last, runs[1]);
        assert_eq!(larch.last_success, runs[0].ended);
        assert_eq!(larch.every_seconds, None, "two runs make no habit");
    }

    #[test]
    fn a_night_without_runs_does_not_change_the_habit() {
        let minutes = [0, 30, 60, 90, 900, 930];
        let runs: Vec<Run> = minutes.into_iter().map(|m| run("Larch", m, Outcome::Ok)).collect();
        assert_eq!(Sync::of(&runs).apps[0].every_seconds, Some(30 * 60));
    }

    #[test]
    fn of_several_applications_only_the_named_one_is_meant() {
        let runs = [run("Larch", 0, Outcome::Ok), run("Otter", 1, Outcome::Ok)];
        let sync = Sync::of(&runs);
        assert_eq!(sync.of_app(None), None, "a guess");
        assert_eq!(sync.of_app(Some("Otter")).unwrap().app, "Otter");
        assert_eq!(sync.of_app(Some("Fir")), None);
    }
}

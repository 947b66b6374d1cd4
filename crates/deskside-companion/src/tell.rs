//! When a backend is told how things are: at once when a verdict changes, and as a heartbeat.

use std::collections::BTreeMap;

use deskside_health::{Code, Diagnosis, Verdict};
use deskside_model::connection::Device;
use jiff::{SignedDuration, Timestamp};

use super::Companion;
use crate::given::Context;
use crate::input::Effect;
use crate::report::{
    Reader, Report, ReportKind, ReportedConnection, ReportedMachine, ReportedProblem,
};

/// Before a backend is told again that this computer leaves it.
const LEAVE_AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// A heartbeat is never asked for more often than this.
const SHORTEST_HEARTBEAT: u32 = 5;

/// What each backend was told and when it hears next.
#[derive(Debug, Default)]
pub(super) struct Reports {
    by_device: BTreeMap<String, LastReport>,
    leave_again: BTreeMap<String, Timestamp>,
}

#[derive(Debug)]
struct LastReport {
    seq: u64,
    /// The verdicts and root causes of the last report.
    content: Content,
    heartbeat_at: Timestamp,
    /// The oldest report that has not arrived.
    unheard_since: Option<Timestamp>,
}

/// A backend that is redeployed, or a night without a network, is not worth a word.
const STUCK_AFTER: SignedDuration = SignedDuration::from_hours(1);

type Content = Vec<(String, Verdict, Vec<Code>)>;

impl Reports {
    pub(super) fn next(&self) -> Option<Timestamp> {
        let heartbeats = self.by_device.values().map(|told| told.heartbeat_at);
        heartbeats.chain(self.leave_again.values().copied()).min()
    }

    /// The backend's wish for the next report counts, once.
    pub(super) fn delivered(&mut self, now: Timestamp, device: &str, wished: Option<u32>) {
        let Some(told) = self.by_device.get_mut(device) else { return };
        told.unheard_since = None;
        if let Some(seconds) = wished {
            let seconds = SignedDuration::from_secs(seconds.max(SHORTEST_HEARTBEAT).into());
            told.heartbeat_at = now.saturating_add(seconds).unwrap_or(now);
        }
    }

    /// Since when reports have not arrived, once that is long.
    pub(super) fn stuck_since(&self, now: Timestamp) -> Option<Timestamp> {
        let oldest = self.by_device.values().filter_map(|told| told.unheard_since).min()?;
        (now.duration_since(oldest) > STUCK_AFTER).then_some(oldest)
    }

    pub(super) fn forget(&mut self, device: &str) {
        self.by_device.remove(device);
    }

    /// True when it is time to tell a backend once more that this computer leaves it.
    pub(super) fn try_leaving(&mut self, now: Timestamp, device: &str) -> bool {
        self.leave_again.get(device).is_some_and(|then| *then <= now)
            && self.leave_again.remove(device).is_some()
    }

    pub(super) fn leave_later(&mut self, now: Timestamp, device: &str) {
        let then = now.saturating_add(LEAVE_AGAIN).unwrap_or(now);
        self.leave_again.insert(device.to_owned(), then);
    }

    pub(super) fn has_left(&mut self, device: &str) {
        self.leave_again.remove(device);
    }
}

impl Companion {
    /// Reports to every backend that is due, and to every one whose verdicts changed.
    pub(super) fn report(&mut self, given: &mut Context, effects: &mut Vec<Effect>) {
        if !self.has_looked() {
            return;
        }
        for device in self.known.saved.devices.clone() {
            let content = self.content(&device);
            let last = self.reports.by_device.get(&device.id);
            let changed = last.is_some_and(|told| told.content != content);
            let due = last.is_none_or(|told| told.heartbeat_at <= given.now);
            if !changed && !due {
                continue;
            }
            let kind = if changed { ReportKind::Transition } else { ReportKind::Heartbeat };
            let seq = last.map_or(1, |told| told.seq.saturating_add(1));
            let report = self.snapshot(given, &device, kind, seq);
            let heartbeat_at = next_heartbeat(given, &device);
            let unheard_since = last.and_then(|told| told.unheard_since).or(Some(given.now));
            let told = LastReport { seq, content, heartbeat_at, unheard_since };
            self.reports.by_device.insert(device.id.clone(), told);
            effects.push(Effect::Report { device, report });
        }
    }

    /// A report before the first look would say nothing.
    const fn has_looked(&self) -> bool {
        self.looked
    }

    fn content(&self, device: &Device) -> Content {
        let of_device = self.known.all().filter(|(c, _)| c.device() == Some(&device.id));
        let content = of_device.map(|(connection, state)| {
            let Diagnosis { roots, notes, .. } = &state.judged;
            let roots = roots.iter().chain(notes).map(|root| root.problem.code).collect();
            (connection.id.clone(), state.judged.verdict, roots)
        });
        content.collect()
    }

    fn snapshot(&self, given: &mut Context, device: &Device, kind: ReportKind, seq: u64) -> Report {
        let of_device = self.known.all().filter(|(c, _)| c.device() == Some(&device.id));
        let connections = of_device.map(|(connection, state)| {
            let Diagnosis { verdict, roots, notes } = &state.judged;
            let reader = Reader {
                backend: device.backend.host(),
                provider: connection.provider,
                trust: &self.setting.trust,
            };
            let problems = state.tracker.all().map(|tracked| {
                let root = roots.contains(tracked) || notes.contains(tracked);
                ReportedProblem::of(tracked.problem.clone(), tracked.since, root, reader)
            });
            let (id, problems) = (connection.remote_id().to_owned(), problems.collect());
            ReportedConnection { id, verdict: *verdict, problems }
        });
        Report {
            id: given.id(),
            at: given.now,
            kind,
            seq,
            boot_id: self.setting.boot_id.clone(),
            app_version: deskside_model::VERSION,
            machine: ReportedMachine::of(&self.machine.quickbooks, &self.machine.web_connector),
            connections: connections.collect(),
        }
    }
}

/// A tenth earlier or later, so that a thousand computers that start at nine do not all report at
/// five past nine.
fn next_heartbeat(given: &mut Context, device: &Device) -> Timestamp {
    let usual = device.heartbeat_seconds.max(SHORTEST_HEARTBEAT);
    let spread = 0.9 + 0.2 * given.fraction();
    let pause = SignedDuration::from_secs(usual.into()).mul_f64(spread);
    given.now.saturating_add(pause).unwrap_or(given.now)
}

#[cfg(test)]
mod tests {
    use deskside_model::Cause;
    use deskside_model::connection::{Connection, Mode, Origin};
    use deskside_model::evidence::run::{Run, RunFailure, RunOutcome};
    use deskside_model::evidence::{
        Finding, Network, Presence, Reachability, ReachabilityFault, RunningPrograms, Setup, Sync,
    };
    use deskside_model::exchange::SurveyResult;
    use deskside_model::link::{Provider, Trust};

    use super::*;
    use crate::report::envelope;
    use crate::{Input, Installation, SavedState};

    const STRANGER: &str = "sync.otter.example";

    /// One backend with one connection.
    fn saved() -> SavedState {
        let device = Device {
            id: "dev-1".into(),
            backend: serde_json::from_value("https://app.acme.example/".into()).unwrap(),
            account: "Acme Ltd".into(),
            heartbeat_seconds: 60,
            rejected: false,
            reports_refused: false,
        };
        let connection = Connection {
            id: "conn-1".into(),
            company: None,
            provider: Some(Provider::Conductor),
            mode: Mode::Attended,
            origin: Origin::Backend { device: device.id.clone() },
            link: None,
        };
        SavedState { connections: vec![connection], devices: vec![device], ..SavedState::default() }
    }

    /// The only application in the log is another vendor's, and a firewall keeps it from its website.
    fn inputs(now: Timestamp) -> Vec<Input> {
        let here = || Finding::Known(Presence { own_session: 1, ..Presence::default() });
        let running = RunningPrograms {
            quickbooks: here(),
            web_connector: here(),
            ..RunningPrograms::default()
        };
        let failure = RunFailure {
            code: Some(1012),
            hresult: None,
            cause: Cause::ServerUnreachable,
            problem: None,
        };
        let run = Run {
            app: Some("Otter".into()),
            host: Some(STRANGER.into()),
            started: Some(now),
            ended: Some(now),
            outcome: RunOutcome::Failed(failure),
        };
        let stopped_by = Some(ReachabilityFault::Forbidden);
        let reach =
            Reachability { host: STRANGER.into(), at: now, stopped_by, ..Reachability::default() };
        let applications = Finding::Known(vec!["Otter".into()]);
        let setup = Setup { applications, ..Setup::default() };
        vec![
            Input::Surveyed(Box::new(SurveyResult { setup, ..SurveyResult::default() })),
            Input::Observed { running, network: Finding::Known(Network { interfaces: 1 }) },
            Input::Synced(Finding::Known(Sync::of(&[run]))),
            Input::Reached(Box::new(reach)),
        ]
    }

    #[test]
    fn a_report_names_no_host_of_another_vendor_though_the_window_does() {
        let mut now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let (trust, computer, boot_id) = (Trust::default(), "desk".into(), "boot".into());
        let mut companion = Companion::new(Installation { trust, computer, boot_id }, saved());
        let mut told = String::new();
        let woken = std::iter::repeat_with(|| Input::Woke).take(600);
        for (input, chance) in inputs(now).into_iter().chain(woken).zip(0_u64..) {
            let mut entropy = [7; 32];
            entropy[..8].copy_from_slice(&chance.to_be_bytes());
            for effect in companion.handle(Context::new(now, entropy), input) {
                if let Effect::Report { device, report } = effect {
                    told.push_str(&envelope(&device, &report).unwrap());
                }
            }
            now += SignedDuration::from_secs(1);
        }
        let shown = serde_json::to_string(&companion.view()).unwrap();
        assert!(shown.contains(STRANGER), "it is shown: {shown}");
        assert!(told.contains("network.blocked"), "it is reported: {told}");
        assert!(!told.contains(STRANGER), "{told}");
    }
}

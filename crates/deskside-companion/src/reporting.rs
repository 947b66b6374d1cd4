//! When a backend gets a report: at once when a verdict changes, and as a heartbeat.

use std::collections::BTreeMap;

use deskside_health::{Code, Diagnosis, Verdict};
use deskside_model::connection::Device;
use deskside_model::{ConnectionId, DeviceId};
use jiff::{SignedDuration, Timestamp};

use super::Companion;
use crate::backoff::Jitter;
use crate::context::Context;
use crate::input::Effect;
use crate::report::{
    Reader, Report, ReportKind, ReportedConnection, ReportedMachine, ReportedProblem,
};

/// The pause before a backend is told again that this computer leaves it.
const LEAVE_RETRY_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// The shortest pause between heartbeats, in seconds, whatever a backend asks for.
const SHORTEST_HEARTBEAT: u32 = 5;

/// The last report to each backend, and when the next one is due.
#[derive(Debug, Default)]
pub(super) struct Reporting {
    /// This computer was observed; a report before that would say nothing.
    is_ready: bool,
    by_device: BTreeMap<DeviceId, LastReport>,
    leave_retries: BTreeMap<DeviceId, Timestamp>,
}

#[derive(Debug)]
struct LastReport {
    seq: u64,
    /// The verdicts and root causes of the last report.
    content: Content,
    heartbeat_at: Timestamp,
    /// When the oldest report that has not arrived was made.
    undelivered_since: Option<Timestamp>,
}

/// How long reports may fail to arrive before the user is told: a backend that is redeployed is no
/// news.
const STUCK_AFTER: SignedDuration = SignedDuration::from_hours(1);

type Content = Vec<(ConnectionId, Verdict, Vec<Code>)>;

impl Reporting {
    /// This computer was observed: reports may be sent.
    pub(super) fn start(&mut self) {
        self.is_ready = true;
    }

    pub(super) fn next(&self) -> Option<Timestamp> {
        let heartbeats = self.by_device.values().map(|last| last.heartbeat_at);
        heartbeats.chain(self.leave_retries.values().copied()).min()
    }

    /// A report arrived. The backend may say in how many seconds it wants the next one.
    pub(super) fn delivered(
        &mut self,
        now: Timestamp,
        device: &DeviceId,
        next_report_after: Option<u32>,
    ) {
        let Some(last) = self.by_device.get_mut(device) else { return };
        last.undelivered_since = None;
        if let Some(seconds) = next_report_after {
            let seconds = SignedDuration::from_secs(seconds.max(SHORTEST_HEARTBEAT).into());
            last.heartbeat_at = now.saturating_add(seconds).unwrap_or(now);
        }
    }

    /// Since when reports have not arrived, once that is longer than [`STUCK_AFTER`].
    pub(super) fn stuck_since(&self, now: Timestamp) -> Option<Timestamp> {
        let oldest = self.by_device.values().filter_map(|last| last.undelivered_since).min()?;
        (now.duration_since(oldest) > STUCK_AFTER).then_some(oldest)
    }

    pub(super) fn forget(&mut self, device: &DeviceId) {
        self.by_device.remove(device);
    }

    /// True once when it is time to tell a backend again that this computer leaves it.
    pub(super) fn take_leave_retry(&mut self, now: Timestamp, device: &DeviceId) -> bool {
        self.leave_retries.get(device).is_some_and(|then| *then <= now)
            && self.leave_retries.remove(device).is_some()
    }

    pub(super) fn leave_later(&mut self, now: Timestamp, device: &DeviceId) {
        let then = now.saturating_add(LEAVE_RETRY_PAUSE).unwrap_or(now);
        self.leave_retries.insert(device.to_owned(), then);
    }

    pub(super) fn has_left(&mut self, device: &DeviceId) {
        self.leave_retries.remove(device);
    }
}

impl Companion {
    /// Reports to every backend that is due or whose verdicts changed.
    pub(super) fn report(&mut self, context: &mut Context, effects: &mut Vec<Effect>) {
        if !self.reporting.is_ready {
            return;
        }
        for device in self.connections.saved.devices.clone() {
            let content = self.content(&device);
            let last = self.reporting.by_device.get(&device.id);
            let changed = last.is_some_and(|last| last.content != content);
            let due = last.is_none_or(|last| last.heartbeat_at <= context.now);
            if !changed && !due {
                continue;
            }
            let kind = if changed { ReportKind::Transition } else { ReportKind::Heartbeat };
            let seq = last.map_or(1, |last| last.seq.saturating_add(1));
            let report = self.snapshot(context, &device, kind, seq);
            let heartbeat_at = next_heartbeat(context, &device);
            let undelivered_since =
                last.and_then(|last| last.undelivered_since).or(Some(context.now));
            let last = LastReport { seq, content, heartbeat_at, undelivered_since };
            self.reporting.by_device.insert(device.id.clone(), last);
            self.delivery_queues.filled(&device.id);
            effects.push(Effect::Report { device, report });
        }
    }

    fn content(&self, device: &Device) -> Content {
        let of_device = self.connections.all().filter(|(c, _)| c.device() == Some(&device.id));
        let content = of_device.map(|(connection, state)| {
            let Diagnosis { roots, notes, .. } = &state.judged;
            let roots = roots.iter().chain(notes).map(|root| root.problem.code).collect();
            (connection.id.clone(), state.judged.verdict, roots)
        });
        content.collect()
    }

    fn snapshot(
        &self,
        context: &mut Context,
        device: &Device,
        kind: ReportKind,
        seq: u64,
    ) -> Report {
        let of_device = self.connections.all().filter(|(c, _)| c.device() == Some(&device.id));
        let connections = of_device.map(|(connection, state)| {
            let Diagnosis { verdict, roots, notes, doubt: _ } = &state.judged;
            let reader = Reader {
                backend: device.backend.host(),
                provider: connection.provider,
                trust: &self.installation.trust,
            };
            let problems = state.tracker.all().map(|tracked| {
                let root = roots.contains(tracked) || notes.contains(tracked);
                ReportedProblem::of(tracked.problem.clone(), tracked.since, root, reader)
            });
            let (id, problems) = (connection.remote_id().to_owned(), problems.collect());
            ReportedConnection { id, verdict: *verdict, problems }
        });
        Report {
            id: context.id(),
            at: context.now,
            kind,
            seq,
            boot_id: self.installation.boot_id.clone(),
            app_version: deskside_model::VERSION,
            machine: ReportedMachine::of(&self.machine.quickbooks, &self.machine.web_connector),
            connections: connections.collect(),
        }
    }
}

/// When the next heartbeat is due: a tenth earlier or later than usual, so that a thousand computers
/// that start at nine do not all report at five past nine.
fn next_heartbeat(context: &mut Context, device: &Device) -> Timestamp {
    let usual = device.heartbeat_seconds.max(SHORTEST_HEARTBEAT);
    let pause = Jitter::Slight.spread(SignedDuration::from_secs(usual.into()), context.fraction());
    context.now.saturating_add(pause).unwrap_or(context.now)
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
            seen: None,
            by_hand: None,
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
    fn reports_omit_hosts_of_other_vendors_that_the_window_shows() {
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

//! The outbox, and backends that answer reports as it pleases them. What holds of both is checked on
//! the way.

use deskside_companion::delivery::{DeliveryAnswer, DeliveryOutcome, OutboxResult, outcome};
use deskside_companion::report::{Report, ReportKind};
use deskside_companion::{Effect, Input};
use deskside_model::DeviceId;
use deskside_model::connection::Device;
use deskside_model::evidence::Fault;
use jiff::{SignedDuration, Timestamp};

use super::World;

/// A report in the outbox.
#[derive(Clone)]
pub(super) struct Pending {
    id: String,
    /// Reports are numbered as they are made.
    number: u64,
    is_heartbeat: bool,
}

/// The outbox and the ways from it.
#[derive(Default)]
pub(super) struct Post {
    by_device: std::collections::BTreeMap<DeviceId, Lane>,
    made: u64,
}

/// What is on its way from one device.
#[derive(Default)]
struct Lane {
    pending: Vec<Pending>,
    /// A report is being sent or taken out.
    is_busy: bool,
    sending: Option<Pending>,
    /// Its backend has spoken the last word on this one.
    settled: Option<String>,
    newest_accepted: u64,
    /// Nothing may be sent before the first moment, and something must be after the second one.
    pause: Option<(Timestamp, Timestamp)>,
}

impl Post {
    /// The program has ended, with everything that was on its way.
    pub(super) fn restart(&mut self) {
        for lane in self.by_device.values_mut() {
            (lane.is_busy, lane.sending, lane.pause) = (false, None, None);
        }
    }

    /// Every pause is dropped: the computer woke up, or its clock was set back.
    pub(super) fn hurry(&mut self) {
        self.by_device.values_mut().for_each(|lane| lane.pause = None);
    }

    /// The latest moment before which some backend wants no report.
    pub(super) fn quiet_until(&self) -> Option<Timestamp> {
        self.by_device.values().filter_map(|lane| lane.pause).map(|(_, latest)| latest).max()
    }

    fn lane(&mut self, device: &DeviceId) -> &mut Lane {
        self.by_device.entry(device.clone()).or_default()
    }
}

impl World {
    /// Of the heartbeats only the newest counts, and none counts once a newer report is there.
    pub(super) fn put_report(&mut self, device: &Device, report: &Report) {
        self.post.made += 1;
        let number = self.post.made;
        let is_heartbeat = report.kind == ReportKind::Heartbeat;
        let pending = &mut self.post.lane(&device.id).pending;
        pending.retain(|one| !one.is_heartbeat);
        pending.push(Pending { id: report.id.clone(), number, is_heartbeat });
    }

    pub(super) fn begin_sending(&mut self, device: &Device) {
        let now = self.desk.now;
        let accepted = self.desk.companion.reporting().any(|known| known.id == device.id);
        self.check(accepted, "a report to a backend that rejects this computer");
        let lane = self.post.lane(&device.id);
        let (was_busy, pause) = (lane.is_busy, lane.pause);
        (lane.is_busy, lane.sending) = (true, lane.pending.first().cloned());
        self.check(!was_busy, "two reports at once to one backend");
        self.check(pause.is_none_or(|(earliest, _)| earliest <= now), "sent in a pause");
    }

    pub(super) fn report_comes_back(&mut self, device: DeviceId) {
        let Some(sent) = self.post.lane(&device).sending.take() else {
            self.post.lane(&device).is_busy = false;
            return self.give(Input::OutboxDone { device, result: OutboxResult::Empty });
        };
        let (now, (status, asked)) = (self.desk.now, self.word_on_reports(&device));
        let outcome = outcome(status, asked);
        let lane = self.post.lane(&device);
        let newest = lane.newest_accepted;
        match outcome {
            DeliveryOutcome::Arrived => {
                (lane.newest_accepted, lane.pause) = (sent.number, None);
                lane.settled = Some(sent.id.clone());
            }
            DeliveryOutcome::Never => {
                (lane.settled, lane.pause) = (Some(sent.id.clone()), None);
            }
            DeliveryOutcome::Later(_) | DeliveryOutcome::Refused => {
                lane.is_busy = false;
                lane.pause = Some(pause_after(now, outcome));
            }
        }
        self.count(match outcome {
            DeliveryOutcome::Arrived => "accepted",
            DeliveryOutcome::Never => "set aside",
            DeliveryOutcome::Later(None) => "not delivered",
            DeliveryOutcome::Later(Some(_)) => "told to wait",
            DeliveryOutcome::Refused => "refused",
        });
        let in_order = outcome != DeliveryOutcome::Arrived || newest <= sent.number;
        self.check(in_order, "a report arrived after one that was made later");
        let answer = DeliveryAnswer::only(outcome);
        self.give(Input::ReportAnswered { device, report: sent.id, answer });
    }

    /// Takes a report out; the disk may refuse.
    pub(super) fn report_is_removed(&mut self, device: DeviceId, report: &str) {
        let settled = self.post.lane(&device).settled.take();
        self.check(settled.as_deref() == Some(report), "a report was deleted without a last word");
        let fails = self.chance.one_in(20);
        let (now, lane) = (self.desk.now, self.post.lane(&device));
        lane.is_busy = false;
        if fails {
            lane.pause = Some(pause_after(now, DeliveryOutcome::Later(None)));
        } else {
            lane.pending.retain(|one| one.id != report);
        }
        let result = if fails { OutboxResult::Failed } else { OutboxResult::Removed };
        self.give(Input::OutboxDone { device, result });
    }

    pub(super) fn forget_reports(&mut self, device: &DeviceId) {
        self.post.lane(device).pending.clear();
    }

    /// What a backend answers to a report, and the pause that it asks for.
    fn word_on_reports(&mut self, device: &DeviceId) -> (Option<u16>, Option<SignedDuration>) {
        match self.fault(device.as_str()) {
            Some(Fault::Unreachable | Fault::NoCredential) => (None, None),
            Some(Fault::Unusable) => (Some(502), None),
            Some(Fault::Rejected) => (Some(self.chance.of(&[401, 410, 500])), None),
            None if !self.in_order && self.chance.one_in(8) => {
                let status = self.chance.of(&[401, 403, 403, 410, 429, 429, 500, 503]);
                let pause = self.chance.of(&[0, 7, 600, 86_400]);
                let asks = matches!(status, 429 | 503);
                (Some(status), asks.then(|| SignedDuration::from_secs(pause)))
            }
            None => (Some(self.chance.of(&[200, 202])), None),
        }
    }

    /// A report that waits is on its way, or waits for the end of a pause.
    pub(super) fn no_report_is_stuck(&self) {
        for device in self.desk.companion.reporting() {
            let Some(lane) = self.post.by_device.get(&device.id) else { continue };
            let pauses = lane.pause.is_some_and(|(_, latest)| self.desk.now < latest);
            let waits = !lane.pending.is_empty() && !lane.is_busy && !pauses;
            self.check(!waits, "a report waits for nothing");
        }
    }

    pub(super) fn secrets_are_kept_until_nobody_needs_them(&self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::ForgetDevice(device) => {
                    let knows = self.left.contains(&device.id);
                    self.check(knows, "a backend's secrets were forgotten before it knew");
                }
                Effect::ForgetSecret(name) => {
                    let mut devices = self.desk.companion.reporting();
                    let is_needed = devices.any(|device| device.secret_names().contains(name));
                    self.check(!is_needed, "a secret that is needed was forgotten");
                }
                _ => {}
            }
        }
    }
}

/// The shortest and the longest pause that the protocol allows after an answer.
fn pause_after(now: Timestamp, outcome: DeliveryOutcome) -> (Timestamp, Timestamp) {
    let (shortest, longest) = match outcome {
        DeliveryOutcome::Later(Some(asked)) => {
            let asked = asked.clamp(SignedDuration::from_secs(1), SignedDuration::from_hours(1));
            (asked, asked)
        }
        DeliveryOutcome::Refused => (SignedDuration::from_mins(15), SignedDuration::from_mins(15)),
        _ => (SignedDuration::from_millis(50), SignedDuration::from_mins(5)),
    };
    (now + shortest, now + longest)
}

//! Which device's report is sent next: one at a time and in order for each, and none before its
//! pause is over.
//!
//! The outbox holds the reports; a queue only knows whether it may hold one. A report is taken out
//! once its backend has accepted it or will never do so, and the next one is sent after that.

use std::collections::BTreeMap;

use deskside_model::DeviceId;
use deskside_model::connection::Device;
use jiff::{SignedDuration, Timestamp};

use crate::delivery::{DeliveryAnswer, DeliveryOutcome, OutboxResult, Schedule, SendDecision};
use crate::input::Effect;

/// What is going on with each device, by its identifier.
#[derive(Debug, Default)]
pub(super) struct DeliveryQueues {
    by_device: BTreeMap<DeviceId, DeliveryQueue>,
}

/// What is going on with one device.
#[derive(Debug, Default)]
struct DeliveryQueue {
    schedule: Schedule,
    stage: Stage,
    /// A report was put into the outbox since it was asked for the next one.
    filled: bool,
    /// How far the backend's clock is ahead: a signature counts only for a few minutes.
    clock_offset: SignedDuration,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// A report may wait in the outbox.
    #[default]
    Waiting,
    /// A report is being sent, or taken out.
    Busy,
    /// No report waits.
    Empty,
}

impl DeliveryQueue {
    fn due_at(&self, now: Timestamp) -> Option<Timestamp> {
        let when = match self.schedule.step(now) {
            SendDecision::WaitUntil(then) => then,
            SendDecision::Send => now,
        };
        (self.stage == Stage::Waiting).then_some(when)
    }
}

impl DeliveryQueues {
    /// A report is put into the outbox.
    pub(super) fn filled(&mut self, device: &DeviceId) {
        let queue = self.by_device.entry(device.to_owned()).or_default();
        queue.filled = true;
        if queue.stage == Stage::Empty {
            queue.stage = Stage::Waiting;
        }
    }

    /// Sends the next report of each of these devices that is due.
    pub(super) fn send<'a>(
        &mut self,
        now: Timestamp,
        devices: impl Iterator<Item = &'a Device>,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        for device in devices {
            let queue = self.by_device.entry(device.id.clone()).or_default();
            if queue.due_at(now).is_some_and(|then| then <= now) {
                (queue.stage, queue.filled) = (Stage::Busy, false);
                let signed_at = now.saturating_add(queue.clock_offset).unwrap_or(now);
                effects.push(Effect::SendReport { device: device.clone(), signed_at });
            }
        }
        effects
    }

    /// Takes in the answer to a report; returns what to do with the report. `chance` is from 0 to 1.
    pub(super) fn handle_answer(
        &mut self,
        now: Timestamp,
        device: &DeviceId,
        report: String,
        answer: DeliveryAnswer,
        chance: f64,
    ) -> Option<Effect> {
        let queue = self.by_device.entry(device.to_owned()).or_default();
        queue.schedule.note(now, answer.outcome, chance);
        if let Some(date) = answer.date {
            queue.clock_offset = date.duration_since(now);
        }
        match answer.outcome {
            DeliveryOutcome::Arrived | DeliveryOutcome::Never => {
                Some(Effect::RemoveReport { device: device.to_owned(), report })
            }
            DeliveryOutcome::Later(_) | DeliveryOutcome::Refused => {
                queue.stage = Stage::Waiting;
                None
            }
        }
    }

    /// Takes in what the outbox did.
    pub(super) fn handle_outbox(
        &mut self,
        now: Timestamp,
        device: &DeviceId,
        result: OutboxResult,
    ) {
        let queue = self.by_device.entry(device.to_owned()).or_default();
        queue.stage = match result {
            OutboxResult::Empty if !queue.filled => Stage::Empty,
            OutboxResult::Removed | OutboxResult::Empty => Stage::Waiting,
            OutboxResult::Failed => {
                // The longest pause of its length: no chance is needed against one's own disk.
                queue.schedule.note(now, DeliveryOutcome::Later(None), 1.0);
                Stage::Waiting
            }
        };
    }

    /// Drops every pause: what stood in the way may be gone.
    pub(super) fn hurry(&mut self) {
        self.by_device.values_mut().for_each(|queue| queue.schedule.hurry());
    }

    /// The same queues without any moment of a clock that was set back. What is on its way stays on
    /// its way: sent a second time, it could arrive after the report that follows it.
    pub(super) fn without_moments(self) -> Self {
        let restart = |(device, DeliveryQueue { stage, filled, .. })| {
            (device, DeliveryQueue { stage, filled, ..DeliveryQueue::default() })
        };
        Self { by_device: self.by_device.into_iter().map(restart).collect() }
    }

    /// True while a report of any device is on its way.
    pub(super) fn is_delivering(&self) -> bool {
        self.by_device.values().any(|queue| queue.stage == Stage::Busy)
    }

    /// When the next report of these devices is due.
    pub(super) fn next<'a>(
        &self,
        now: Timestamp,
        devices: impl Iterator<Item = &'a Device>,
    ) -> Option<Timestamp> {
        devices.filter_map(|device| self.by_device.get(&device.id)?.due_at(now)).min()
    }
}

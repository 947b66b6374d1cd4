//! Carries reports from the outbox to their backends, one at a time and in order for each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use deskside_companion::Input;
use deskside_companion::delivery::{DeliveryOutcome, PendingReport, Schedule, SendDecision};
use deskside_model::Secret;
use deskside_model::connection::Device;
use deskside_net::{Backend, Delivery, Sent, clock_offset};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout_at};

use super::{Runtime, Stay, TaskResult};
use crate::shell::Shell;

/// How long a program or a computer that is about to end is held up: Windows puts up with less
/// than five seconds, and with about two before it sleeps.
const FLUSH: Duration = Duration::from_secs(2);

/// What is going on with each backend.
pub(super) type DeliveryQueues = BTreeMap<String, DeliveryQueue>;

/// What is going on with one backend.
#[derive(Default)]
pub(super) struct DeliveryQueue {
    schedule: Schedule,
    on_its_way: bool,
    /// The outbox was empty when it was looked into last, and nothing was put in since.
    empty: bool,
    /// How far the backend's clock is ahead: a signature counts only for a few minutes.
    clock_offset: SignedDuration,
}

impl DeliveryQueue {
    /// Something was put into the outbox.
    pub(super) fn filled(&mut self) {
        self.empty = false;
    }
}

/// A report that was sent.
pub(super) struct DeliveryResult {
    device: String,
    report: String,
    sent: Sent,
}

impl<S: Shell> Runtime<S> {
    /// Sends whatever is due.
    pub(super) fn send_reports(&mut self) {
        if self.stay == Stay::ForOneCommand {
            return;
        }
        let now = Timestamp::now();
        let devices: Vec<Device> = self.companion.reporting().cloned().collect();
        for device in devices {
            let post = self.mailbag.entry(device.id.clone()).or_default();
            if post.on_its_way || post.empty || post.schedule.step(now) != SendDecision::Send {
                continue;
            }
            match self.store.outbox().next(&device.id) {
                Ok(Some(report)) => {
                    post.on_its_way = true;
                    let timestamp = now.saturating_add(post.clock_offset).unwrap_or(now);
                    self.send_report(device, report, timestamp);
                }
                Ok(None) => post.empty = true,
                Err(why) => {
                    tracing::error!(%why, "the outbox cannot be read");
                    post.schedule.note(now, DeliveryOutcome::Later(None), 1.0);
                }
            }
        }
    }

    fn send_report(&self, device: Device, report: PendingReport, timestamp: Timestamp) {
        let token = self.secret(device.token_name());
        let signing_secret = self.secret(device.signing_secret_name());
        let (http, done) = (self.http.clone(), self.done.clone());
        tokio::spawn(async move {
            let secrets: Option<(Arc<Secret>, Arc<Secret>)> =
                match (token.await, signing_secret.await) {
                    (Ok(token), Ok(signing_secret)) => Some((token, signing_secret)),
                    (Ok(_) | Err(_), _) => None,
                };
            let sent = match secrets {
                Some((token, signing_secret)) => {
                    let backend = Backend::new(http, device.backend.clone(), token);
                    let signing_secret = &signing_secret;
                    backend.deliver(&Delivery { report: &report, signing_secret, timestamp }).await
                }
                None => Sent {
                    outcome: DeliveryOutcome::Later(None),
                    next_report_after: None,
                    date: None,
                },
            };
            super::perform::bring(
                &done,
                TaskResult::Sent(DeliveryResult { device: device.id, report: report.id, sent }),
            );
        });
    }

    pub(super) fn report_is_back(&mut self, back: DeliveryResult) {
        let now = Timestamp::now();
        let DeliveryResult { device, report, sent } = back;
        let chance = self.chance();
        let post = self.mailbag.entry(device.clone()).or_default();
        post.on_its_way = false;
        post.schedule.note(now, sent.outcome, chance);
        post.clock_offset = clock_offset(&sent, now).unwrap_or(post.clock_offset);
        match sent.outcome {
            DeliveryOutcome::Arrived | DeliveryOutcome::Never => {
                if sent.outcome == DeliveryOutcome::Never {
                    tracing::error!(report, "the backend will never accept a report; set aside");
                }
                if let Err(why) = self.store.outbox().remove(&report) {
                    tracing::error!(%why, "a delivered report could not be taken out");
                    // Delivered at least once: it will go again, after a pause.
                    post.schedule.note(now, DeliveryOutcome::Later(None), 1.0);
                }
                let next_report_after = sent.next_report_after;
                self.handle(Input::Delivered { device, next_report_after });
            }
            DeliveryOutcome::Refused => self.handle(Input::ReportsRefused { device }),
            DeliveryOutcome::Later(_) => {}
        }
    }

    /// Sends what is due and waits for it, but never long: what is left is sent next time.
    pub(super) async fn flush(&mut self) {
        let until = Instant::now() + FLUSH;
        self.send_reports();
        while self.mailbag.values().any(|post| post.on_its_way) {
            match timeout_at(until, self.back.recv()).await {
                Ok(Some(done)) => self.take_back(done),
                Ok(None) | Err(_) => return tracing::info!("reports wait until next time"),
            }
        }
    }

    /// Tries again at once: what stood in the way may be gone.
    pub(super) fn hurry_reports(&mut self) {
        for post in self.mailbag.values_mut() {
            post.schedule.hurry();
        }
    }

    /// When the next report may go.
    pub(super) fn next_delivery(&self, now: Timestamp) -> Option<Timestamp> {
        let posts = self.companion.reporting().filter_map(|device| self.mailbag.get(&device.id));
        let waiting = posts.filter(|post| !post.on_its_way && !post.empty);
        let when = waiting.map(|post| match post.schedule.step(now) {
            SendDecision::WaitUntil(then) => then,
            SendDecision::Send => now,
        });
        when.min()
    }

    fn chance(&self) -> f64 {
        let mut byte = [0_u8; 1];
        // Without chance: the longest pause, which is safe.
        getrandom::fill(&mut byte).map_or(1.0, |()| f64::from(byte[0]) / f64::from(u8::MAX))
    }
}

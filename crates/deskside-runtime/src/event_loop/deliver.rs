//! Carries reports from the outbox to their backends, as the companion decides.

use std::sync::Arc;

use deskside_companion::Input;
use deskside_companion::delivery::{
    DeliveryAnswer, FLUSH_TIME, OutboxResult, PendingReport, outcome,
};
use deskside_companion::report::{Report, envelope};
use deskside_model::connection::Device;
use deskside_model::{DeviceId, Secret};
use deskside_net::{Backend, Delivery};
use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::{Runtime, Stay, TaskResult, perform};
use crate::shell::Shell;
use crate::store::StoreFault;

impl<S: Shell> Runtime<S> {
    pub(super) fn put_report(&self, device: &Device, report: &Report) {
        let put = envelope(device, report).map_err(StoreFault::from).and_then(|body| {
            Ok(self.store.outbox().put(&device.id, &report.id, report.kind, &body)?)
        });
        if let Err(why) = put {
            tracing::error!(%why, detail = ?why, "a report could not be put into the outbox");
        }
    }

    /// Sends the report of this device that has waited longest.
    pub(super) fn send_report(&self, device: Device, signed_at: Timestamp) {
        match self.store.outbox().next(&device.id) {
            Ok(Some(report)) => self.deliver(device, report, signed_at),
            Ok(None) => self.outbox_done(device.id, OutboxResult::Empty),
            Err(why) => {
                tracing::error!(%why, "the outbox cannot be read");
                self.outbox_done(device.id, OutboxResult::Failed);
            }
        }
    }

    fn deliver(&self, device: Device, report: PendingReport, timestamp: Timestamp) {
        let token = self.secret(device.token_name());
        let signing_secret = self.secret(device.signing_secret_name());
        let http = self.http.clone();
        self.later(async move {
            let secrets: Option<(Arc<Secret>, Arc<Secret>)> =
                match (token.await, signing_secret.await) {
                    (Ok(token), Ok(signing_secret)) => Some((token, signing_secret)),
                    (Ok(_) | Err(_), _) => None,
                };
            let answer = match secrets {
                Some((token, signing_secret)) => {
                    let backend = Backend::new(http, device.backend.clone(), token);
                    let signing_secret = &signing_secret;
                    backend.deliver(&Delivery { report: &report, signing_secret, timestamp }).await
                }
                None => DeliveryAnswer::only(outcome(None, None)),
            };
            Input::ReportAnswered { device: device.id, report: report.id, answer }
        });
    }

    pub(super) fn remove_report(&self, device: DeviceId, report: &str) {
        let result = match self.store.outbox().remove(report) {
            Ok(()) => OutboxResult::Removed,
            Err(why) => {
                tracing::error!(%why, "a delivered report could not be taken out");
                OutboxResult::Failed
            }
        };
        self.outbox_done(device, result);
    }

    fn outbox_done(&self, device: DeviceId, result: OutboxResult) {
        perform::bring(&self.done, TaskResult::Input(Input::OutboxDone { device, result }));
    }

    /// Sends what is due and waits for it, but never long.
    pub(super) async fn flush(&mut self) {
        if self.stay == Stay::ForOneCommand {
            return;
        }
        let until = Instant::now() + FLUSH_TIME.unsigned_abs();
        self.handle(Input::Woke);
        while self.companion.is_delivering() {
            match timeout_at(until, self.back.recv()).await {
                Ok(Some(done)) => self.take_back(done),
                Ok(None) | Err(_) => return tracing::info!("reports wait until next time"),
            }
        }
    }
}

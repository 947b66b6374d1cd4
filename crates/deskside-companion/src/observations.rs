//! What is seen of this computer: its programs, its network, the Web Connector's log. Each change decides
//! what is polled and which hosts are probed.

use std::collections::{BTreeMap, BTreeSet};

use deskside_health::failing_applications;
use deskside_model::evidence::{
    Finding, MOST_SLEEPS, Network, RunningPrograms, SleepInterval, Sync,
};
use jiff::Timestamp;
use url::Url;

use super::{Companion, opened_link};
use crate::input::Effect;

/// Remembers a sleep; one that begins within the last one continues it.
pub(super) fn slept(sleeps: &mut Vec<SleepInterval>, since: Timestamp, until: Timestamp) {
    match sleeps.last_mut().filter(|last| since <= last.until) {
        Some(last) => last.until = last.until.max(until),
        None => sleeps.push(SleepInterval { since, until }),
    }
    let oldest = sleeps.len().saturating_sub(MOST_SLEEPS);
    sleeps.drain(..oldest);
}

impl Companion {
    pub(super) fn observed(
        &mut self,
        now: Timestamp,
        running: RunningPrograms,
        network: Finding<Network>,
        effects: &mut Vec<Effect>,
    ) {
        let is_back_online = self.machine.network == Finding::Absent && network != Finding::Absent;
        if is_back_online || self.machine.quickbooks != running.quickbooks {
            self.polling.soon_after_change(now, &self.connections);
        }
        running.onto(&mut self.machine);
        if let Finding::Unknown(_) = self.machine.awake_since {
            self.machine.awake_since = Finding::Known(now);
        }
        self.machine.network = network;
        self.reporting.start();
        if is_back_online {
            // Earlier probes say nothing about the new network.
            self.probe_again(now, effects);
        }
    }

    /// Takes in what the log shows, and drops the probes that it makes pointless.
    pub(super) fn synced(
        &mut self,
        now: Timestamp,
        sync: Finding<Sync>,
        effects: &mut Vec<Effect>,
    ) {
        self.machine.sync = sync;
        opened_link::confirm_by_log(now, &self.machine, &mut self.connections);
        let mut wanted: BTreeSet<String> = self.failing_applications().into_keys().collect();
        let failing = self.polling.failing().filter_map(|source| self.connections.address(source));
        wanted.extend(failing.map(|(host, _)| host));
        self.host_probes.retain_failing(&wanted, &mut self.machine.reach);
        self.probe_applications(now, effects);
    }

    /// Looks again at everything that can be checked passively.
    pub(super) fn look_again(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.polling.soon(now);
        // The user may have fixed the network.
        self.probe_again(now, effects);
        self.ask_integrations(now, effects);
        effects.extend([Effect::TryVault, Effect::LookAtLoginStart]);
    }

    /// Probes the host of a page that may be opened soon.
    pub(super) fn probe_page(&mut self, now: Timestamp, url: &Url, effects: &mut Vec<Effect>) {
        let is_online = !self.machine.network.is_absent();
        effects.extend(self.host_probes.probe_page(now, url, is_online));
    }

    /// Probes every host again that failed, or whose page is asked about or was agreed to.
    fn probe_again(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.host_probes.restart_failing();
        self.probe_applications(now, effects);
        let mut hosts = self.preflight().agreed_hosts(&self.connections);
        hosts.extend(self.consent.link_host().map(str::to_owned));
        let is_online = !self.machine.network.is_absent();
        effects.extend(self.host_probes.probe_pages_again(now, &hosts, is_online));
    }

    /// Probes the host of each application whose newest run failed to reach it. Without a network a
    /// probe shows nothing.
    fn probe_applications(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.machine.network == Finding::Absent {
            return;
        }
        for (host, url) in self.failing_applications() {
            effects.extend(self.host_probes.probe_failing(now, host, url));
        }
    }

    /// The hosts of the applications whose newest run failed to reach them, with an address of each.
    pub(super) fn failing_applications(&self) -> BTreeMap<String, Url> {
        failing_applications(
            &self.machine,
            &self.connections.evidence(&self.machine),
            &self.installation.trust,
        )
    }
}

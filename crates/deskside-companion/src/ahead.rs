//! The ways to hosts from which a page is about to be opened: looked at before a link is spent on a
//! page that cannot come.

use std::collections::BTreeSet;

use deskside_model::evidence::{Finding, Reachability};
use deskside_model::link::AttemptStage;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Companion;
use super::input::Effect;

/// How old a look at the way to a link's host may be.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// The way to a host from which a page is about to be opened.
#[derive(Debug)]
pub(super) struct HostProbe {
    url: Url,
    asked_at: Timestamp,
    seen: Option<Reachability>,
}

impl Companion {
    /// Looks at the way to the host of a link that is asked about.
    pub(super) fn look_ahead(&mut self, now: Timestamp, url: &Url, effects: &mut Vec<Effect>) {
        let host = url.host_str().unwrap_or_default().to_owned();
        let is_new = |way: &HostProbe| now.duration_since(way.asked_at).abs() < LOOK_AGAIN;
        if self.ways.get(&host).is_some_and(is_new) {
            return;
        }
        let mut url = url.clone();
        // Only who answers is of interest; what is behind the host is the link's secret.
        url.set_path("/");
        url.set_query(None);
        self.ways.insert(host.clone(), HostProbe { url: url.clone(), asked_at: now, seen: None });
        // Without a network it is looked at as soon as there is one.
        if self.machine.network != Finding::Absent {
            effects.push(Effect::Reach { host, url });
        }
    }

    /// Looks once more where somebody waits for a page: what stood in the way may be mended.
    pub(super) fn look_ahead_again(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let wanted = self.hosts_ahead();
        self.ways.retain(|host, _| wanted.contains(host));
        if self.machine.network == Finding::Absent {
            return;
        }
        for (host, way) in &mut self.ways {
            way.asked_at = now;
            effects.push(Effect::Reach { host: host.clone(), url: way.url.clone() });
        }
    }

    /// The hosts whose page is asked about or was agreed to.
    fn hosts_ahead(&self) -> BTreeSet<String> {
        let is_agreed = |stage: &AttemptStage| matches!(stage, AttemptStage::Agreed { .. });
        let agreed = self.known.saved.connections.iter().filter(|connection| {
            connection.link.as_ref().is_some_and(|life| is_agreed(&life.stage))
        });
        let asked = self.asking.as_ref().and_then(|asking| asking.link_host());
        let asked = asked.map(str::to_owned);
        agreed.filter_map(|connection| self.page_host(connection)).chain(asked).collect()
    }

    /// The way to a host was looked at, whoever wanted to know.
    pub(super) fn looked_ahead(&mut self, reach: &Reachability) {
        if let Some(way) = self.ways.get_mut(&reach.host) {
            way.seen = Some(reach.clone());
        }
    }

    /// What was seen of the way to a host, once somebody has looked.
    pub(super) fn way_ahead(&self, host: &str) -> Option<&Reachability> {
        self.ways.get(host)?.seen.as_ref()
    }
}

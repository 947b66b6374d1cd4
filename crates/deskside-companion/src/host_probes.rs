//! When the path to a host is probed: before a link is spent on a page that cannot load, and while a
//! host does not answer.

use std::collections::{BTreeMap, BTreeSet};

use deskside_model::evidence::{Fault, Reachability};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::input::Effect;

/// How long the probe of a page's host counts as new.
const PAGE_PROBE_LIFETIME: SignedDuration = SignedDuration::from_mins(2);

/// Between two probes of a host that does not answer.
const FAILING_HOST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Every host that is probed, and why.
#[derive(Debug, Default)]
pub(super) struct HostProbes {
    /// The hosts from which a page is about to be opened.
    pages: BTreeMap<String, PageProbe>,
    /// When each host that did not answer was probed last.
    failing: BTreeMap<String, Timestamp>,
}

/// The probe of a host from which a page is about to be opened.
#[derive(Debug)]
struct PageProbe {
    url: Url,
    sent_at: Timestamp,
    result: Option<Reachability>,
}

impl HostProbes {
    /// Probes the host of a page, unless it was probed just now. Without a network it is probed as
    /// soon as there is one.
    pub(super) fn probe_page(
        &mut self,
        now: Timestamp,
        url: &Url,
        is_online: bool,
    ) -> Option<Effect> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let is_new =
            |probe: &PageProbe| now.duration_since(probe.sent_at).abs() < PAGE_PROBE_LIFETIME;
        if self.pages.get(&host).is_some_and(is_new) {
            return None;
        }
        let mut url = url.clone();
        // Only the host's answer matters; the path is the link's secret.
        url.set_path("/");
        url.set_query(None);
        self.pages.insert(host.clone(), PageProbe { url: url.clone(), sent_at: now, result: None });
        is_online.then_some(Effect::Reach { host, url })
    }

    /// Probes the hosts in `wanted` again, because the cause may be fixed, and drops the others.
    pub(super) fn probe_pages_again(
        &mut self,
        now: Timestamp,
        wanted: &BTreeSet<String>,
        is_online: bool,
    ) -> Vec<Effect> {
        self.pages.retain(|host, _| wanted.contains(host));
        if !is_online {
            return Vec::new();
        }
        let probe = |(host, page): (&String, &mut PageProbe)| {
            page.sent_at = now;
            Effect::Reach { host: host.clone(), url: page.url.clone() }
        };
        self.pages.iter_mut().map(probe).collect()
    }

    /// Probes a host that does not answer, unless it was probed just now.
    pub(super) fn probe_failing(
        &mut self,
        now: Timestamp,
        host: String,
        url: Url,
    ) -> Option<Effect> {
        let last = self.failing.get(&host);
        if last.is_some_and(|then| now.duration_since(*then).abs() < FAILING_HOST_PAUSE) {
            return None;
        }
        self.failing.insert(host.clone(), now);
        Some(Effect::Reach { host, url })
    }

    /// Lets every host that does not answer be probed again at once.
    pub(super) fn restart_failing(&mut self) {
        self.failing.clear();
    }

    /// Takes in whether a source has answered. The host of one that does not is probed; what was found
    /// wrong on the path to one that does is dropped from `reach`. That it answers still matters to
    /// an application of the same host that fails; `failing` has the hosts of those.
    pub(super) fn handle_answer(
        &mut self,
        now: Timestamp,
        (host, url): (String, Url),
        fault: Option<Fault>,
        failing: &BTreeMap<String, Url>,
        reach: &mut Vec<Reachability>,
    ) -> Option<Effect> {
        if let Some(Fault::Unreachable | Fault::Unusable) = fault {
            return self.probe_failing(now, host, url);
        }
        let is_asked_for = failing.contains_key(&host);
        if !is_asked_for {
            self.failing.remove(&host);
        }
        reach.retain(|known| known.host != host || is_asked_for && known.is_answered());
        None
    }

    /// Drops every host that does not answer but these.
    pub(super) fn retain_failing(
        &mut self,
        wanted: &BTreeSet<String>,
        reach: &mut Vec<Reachability>,
    ) {
        self.failing.retain(|host, _| wanted.contains(host));
        reach.retain(|known| wanted.contains(&known.host));
    }

    /// Takes in a probe's result. It belongs into `reach` only when it explains a failure: not when
    /// the host has answered in the meantime.
    pub(super) fn handle_result(&mut self, result: Reachability, reach: &mut Vec<Reachability>) {
        if let Some(page) = self.pages.get_mut(&result.host) {
            page.result = Some(result.clone());
        }
        reach.retain(|known| known.host != result.host);
        if self.failing.contains_key(&result.host) {
            reach.push(result);
        }
    }

    /// The result for the host of a page; `None` until there is one.
    pub(super) fn page_result(&self, host: &str) -> Option<&Reachability> {
        self.pages.get(host)?.result.as_ref()
    }
}

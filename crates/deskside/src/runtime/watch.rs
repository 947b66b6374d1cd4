//! Looks at this computer again and again, as cheaply as can be, and speaks only of changes.

use std::time::{Duration, Instant};

use crate::companion::Input;
use crate::evidence::{Finding, Network, Presence, Processes, look_at_network};

/// Start and stop of QuickBooks are noticed within 2 seconds: a little less than that, so that the
/// look itself fits in.
pub(super) const CADENCE: Duration = Duration::from_millis(1900);

/// Networks change seldom, and what matters is noticed by the questions that fail.
const NETWORK_EVERY: Duration = Duration::from_secs(10);

type Seen = (Finding<Presence>, Finding<Presence>, Finding<Network>);

/// What was seen last.
pub(super) struct Watch {
    processes: Option<Processes>,
    network: Finding<Network>,
    network_seen: Option<Instant>,
    last: Option<Seen>,
}

impl Watch {
    pub(super) fn new() -> Self {
        let processes = Processes::new()
            .inspect_err(|why| tracing::error!(%why, "the process list cannot be read"))
            .ok();
        Self { processes, network: Finding::default(), network_seen: None, last: None }
    }

    /// The next look speaks whether or not something has changed.
    pub(super) fn forget(&mut self) {
        self.last = None;
    }

    /// Looks; `None` when all is as it was.
    pub(super) fn look(&mut self) -> Option<Input> {
        let (quickbooks, web_connector) = match &mut self.processes {
            Some(processes) => processes.look(),
            None => {
                let why = || Finding::Unknown("the process list cannot be read".into());
                (why(), why())
            }
        };
        if self.network_seen.is_none_or(|seen| seen.elapsed() >= NETWORK_EVERY) {
            self.network = look_at_network();
            self.network_seen = Some(Instant::now());
        }
        let seen = (quickbooks, web_connector, self.network.clone());
        if self.last.as_ref() == Some(&seen) {
            return None;
        }
        self.last = Some(seen.clone());
        let (quickbooks, web_connector, network) = seen;
        Some(Input::Observed { quickbooks, web_connector, network })
    }
}

//! Probes facts that rarely change, in parallel.
//!
//! Any of these probes can hang: on a service that does not answer, or on an unavailable network drive. So
//! each has its own thread and a time limit. One that hangs is unknown, is not started again until it
//! returns, and does not delay the others.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use deskside_model::evidence::{Computer, Finding, Setup};

use crate::probe::platform;

/// How long the survey waits: long for a registry, short for a person.
const LIMIT: Duration = Duration::from_secs(2);
const LATE: &str = "did not answer within 2 seconds";

/// Probes the setup of QuickBooks and the computer repeatedly.
pub struct Survey {
    probes: Vec<Box<dyn RunProbe + Send>>,
    limit: Duration,
}

type Seen = (Setup, Computer);

impl Default for Survey {
    fn default() -> Self {
        Self::new()
    }
}

impl Survey {
    /// Prepares the probes without running them.
    #[must_use]
    pub fn new() -> Self {
        let probes = vec![
            Probe::boxed(platform::editions, |seen| &mut seen.0.editions),
            Probe::boxed(platform::web_connector, |seen| &mut seen.0.web_connector),
            Probe::boxed(platform::request_processor, |seen| &mut seen.0.request_processor),
            Probe::boxed(platform::database, |seen| &mut seen.0.database),
            Probe::boxed(platform::log_level, |seen| &mut seen.0.log_level),
            Probe::boxed(platform::log, |seen| &mut seen.0.log),
            Probe::boxed(platform::update_lock, |seen| &mut seen.0.update_lock),
            Probe::boxed(platform::applications, |seen| &mut seen.0.applications),
            Probe::boxed(platform::starts_at_login, |seen| &mut seen.0.starts_at_login),
            Probe::boxed(platform::sleeps_plugged_in, |seen| &mut seen.1.sleeps_plugged_in),
            Probe::boxed(platform::sleeps_on_battery, |seen| &mut seen.1.sleeps_on_battery),
            Probe::boxed(platform::lid, |seen| &mut seen.1.lid),
            Probe::boxed(platform::on_battery, |seen| &mut seen.1.on_battery),
            Probe::boxed(platform::locked, |seen| &mut seen.1.locked),
            Probe::boxed(platform::disk_free_mb, |seen| &mut seen.1.disk_free_mb),
            Probe::boxed(platform::restart_pending, |seen| &mut seen.1.restart_pending),
            Probe::boxed(platform::clock_set_by_network, |seen| &mut seen.1.clock_set_by_network),
        ];
        Self { probes, limit: LIMIT }
    }

    /// Runs all probes in parallel. Blocks until all have answered, at most two seconds.
    pub fn probe(&mut self) -> (Setup, Computer) {
        for probe in &mut self.probes {
            probe.start();
        }
        let (until, mut seen) = (Instant::now() + self.limit, Seen::default());
        for probe in &mut self.probes {
            probe.collect(until, &mut seen);
        }
        seen
    }
}

/// A probe that fills one field of the result.
trait RunProbe {
    /// Starts the probe, unless its last run has not returned.
    fn start(&mut self);
    /// Waits for the answer until `until` and fills the field.
    fn collect(&mut self, until: Instant, seen: &mut Seen);
}

struct Probe<T, L> {
    probe: L,
    field: fn(&mut Seen) -> &mut Finding<T>,
    /// Receives the answer while the probe is running.
    due: Option<Receiver<Finding<T>>>,
}

impl<T, L> Probe<T, L>
where
    T: Send + 'static,
    L: Fn() -> Finding<T> + Clone + Send + 'static,
{
    fn boxed(probe: L, field: fn(&mut Seen) -> &mut Finding<T>) -> Box<dyn RunProbe + Send> {
        Box::new(Self { probe, field, due: None })
    }
}

impl<T, L> RunProbe for Probe<T, L>
where
    T: Send + 'static,
    L: Fn() -> Finding<T> + Clone + Send + 'static,
{
    fn start(&mut self) {
        // An answer that arrived too late is outdated and is replaced by a new one.
        let is_due = |due: &Receiver<_>| matches!(due.try_recv(), Err(TryRecvError::Empty));
        if self.due.as_ref().is_some_and(is_due) {
            return;
        }
        let (answer, due) = mpsc::channel();
        let probe = self.probe.clone();
        // Sending fails only if the survey itself was dropped.
        let run = move || answer.send(probe()).unwrap_or_default();
        self.due = thread::Builder::new().name("survey".into()).spawn(run).ok().map(|_| due);
    }

    fn collect(&mut self, until: Instant, seen: &mut Seen) {
        let left = until.saturating_duration_since(Instant::now());
        let answer = self.due.as_ref().map(|due| due.recv_timeout(left));
        // Only a late answer is still expected.
        if !matches!(answer, Some(Err(RecvTimeoutError::Timeout))) {
            self.due = None;
        }
        *(self.field)(seen) = match answer {
            Some(Ok(answer)) => answer,
            Some(Err(RecvTimeoutError::Timeout)) => Finding::Unknown(LATE.into()),
            Some(Err(RecvTimeoutError::Disconnected)) | None => {
                Finding::Unknown("could not be probed".into())
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Much longer than any of these tests waits for an expected answer.
    const LONG: Duration = Duration::from_secs(20);

    fn survey(limit: Duration, probes: Vec<Box<dyn RunProbe + Send>>) -> Survey {
        Survey { probes, limit }
    }

    #[test]
    fn hanging_probe_is_unknown_and_blocks_no_other() {
        let (release, held) = mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        let hangs = move || {
            held.lock().unwrap().recv().unwrap_err();
            Finding::Known(true)
        };
        let probes = vec![
            Probe::boxed(hangs, |seen| &mut seen.1.locked),
            Probe::boxed(|| Finding::Known(5), |seen| &mut seen.1.sleeps_plugged_in),
        ];
        let (_, computer) = survey(Duration::from_secs(1), probes).probe();
        assert_eq!(computer.locked, Finding::Unknown(LATE.into()));
        assert_eq!(computer.sleeps_plugged_in, Finding::Known(5));
        drop(release);
    }

    #[test]
    fn hanging_probe_is_restarted_only_after_it_returns() {
        let (release, held) = mpsc::channel::<()>();
        let (started, starts) = mpsc::channel();
        let held = Arc::new(Mutex::new(held));
        let hangs = move || {
            started.send(()).unwrap();
            held.lock().unwrap().recv().unwrap_err();
            Finding::Known(true)
        };
        let probes = vec![Probe::boxed(hangs, |seen| &mut seen.1.locked)];
        let mut survey = survey(Duration::from_millis(50), probes);
        survey.probe();
        starts.recv_timeout(LONG).unwrap();
        survey.probe();
        assert!(starts.try_recv().is_err(), "one thread hangs, not two");
        drop(release);
        let deadline = Instant::now() + LONG;
        while survey.probe().1.locked != Finding::Known(true) {
            assert!(Instant::now() < deadline, "the probe never returned");
        }
    }

    #[test]
    fn every_survey_probes_again() {
        let asked = Arc::new(AtomicUsize::new(0));
        let counts = move || Finding::Known(asked.fetch_add(1, Ordering::SeqCst) == 0);
        let mut survey = survey(LONG, vec![Probe::boxed(counts, |seen| &mut seen.1.locked)]);
        assert_eq!(survey.probe().1.locked, Finding::Known(true));
        assert_eq!(survey.probe().1.locked, Finding::Known(false));
    }

    #[test]
    fn free_space_on_the_users_disk_is_known() {
        let seen = platform::disk_free_mb();
        assert!(matches!(seen, Finding::Known(free) if free > 0), "{seen:?}");
    }

    #[test]
    fn every_probe_fills_its_own_field() {
        let (setup, computer) = Survey::new().probe();
        let seen = format!("{setup:?} {computer:?}");
        let unasked = format!("{:?}", Finding::<()>::default());
        assert!(!seen.contains(&unasked), "{seen}");
    }
}

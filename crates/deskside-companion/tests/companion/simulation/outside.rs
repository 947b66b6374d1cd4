//! Whoever does what the companion wants: vendors, a vault, a browser, and time.

use deskside_companion::{Effect, Input, IntegrationView};
use deskside_model::Secret;
use deskside_model::evidence::{
    Fault, Finding, Reachability, ReachabilityFault, RemoteState, RemoteStatus,
};
use deskside_model::exchange::{EnrollFault, Enrollment, FreshLink, NewConnection, Source, Target};
use deskside_model::vault::{VaultFault, VaultState};
use jiff::SignedDuration;

use super::{Vendor, World};
use crate::world::*;

impl World {
    pub(super) fn perform(&mut self, effect: Effect) {
        match &effect {
            Effect::OpenBrowser { .. }
            | Effect::TryVault
            | Effect::AskAccount { .. }
            | Effect::Enroll { .. }
            | Effect::AskStatus(_)
            | Effect::Check(..)
            | Effect::FetchLink { .. }
            | Effect::TakeLink { .. }
            | Effect::Connect { .. }
            | Effect::StopSyncing(..)
            | Effect::RemoveThere(..)
            | Effect::AskIntegrations(..)
            | Effect::Reach { .. }
            | Effect::Launch { .. }
            | Effect::RemoveReport { .. }
            | Effect::ForgetDevice(_) => self.come_back_later(effect),
            Effect::Leave(device) => {
                self.forget_reports(&device.id);
                self.come_back_later(effect);
            }
            Effect::SendReport { device, .. } => {
                self.begin_sending(device);
                self.come_back_later(effect);
            }
            Effect::OpenWindow(_) => {
                if !self.window && self.chance.one_in(2) {
                    self.window = true;
                    self.give(Input::WindowShown(true));
                }
            }
            Effect::Report { device, report } => self.put_report(device, report),
            Effect::ForgetSeen => {
                if std::mem::take(&mut self.set_back) {
                    self.count("set back");
                }
                (self.looks.is_news, self.looks.is_urgent) = (true, true);
                self.post.hurry();
            }
            Effect::Save(saved) => self.on_disk = serde_json::to_string(saved).unwrap(),
            Effect::Toast(_)
            | Effect::ForgetSecret(_)
            | Effect::ReadSecretAgain(_)
            | Effect::KeepLink { .. }
            | Effect::LookAtLoginStart
            | Effect::StartAtLogin(_) => {}
        }
    }

    fn come_back_later(&mut self, effect: Effect) {
        let pause = SignedDuration::from_millis(i64::try_from(self.chance.below(3_000)).unwrap());
        self.under_way.push_back((self.desk.now + pause, effect));
    }

    pub(super) fn vendor(&self, device: &str) -> &Vendor {
        &self.vendors[usize::from(!device.starts_with("acme"))]
    }

    pub(super) fn fault(&self, device: &str) -> Option<Fault> {
        let offline = (!self.network).then_some(Fault::Unreachable);
        let locked = (self.vault != VaultState::Working).then_some(Fault::NoCredential);
        locked.or(offline).or(self.vendor(device).fault)
    }

    fn comes_back(&mut self, effect: Effect) {
        match effect {
            Effect::OpenBrowser { connection, link } => {
                let fails = self.chance.one_in(10);
                if fails {
                    self.opened.remove(link.reveal());
                }
                let started = if fails { Err("no browser".into()) } else { Ok(()) };
                self.give(Input::BrowserStarted { connection, started });
            }
            Effect::Reach { host, .. } => {
                let stopped_by = self.chance.one_in(3).then_some(ReachabilityFault::TimedOut);
                let answer =
                    if stopped_by.is_some() { Finding::Absent } else { Finding::Known(200) };
                let reach = Reachability {
                    host,
                    at: self.desk.now,
                    answer,
                    stopped_by,
                    ..Reachability::default()
                };
                self.give(Input::Reached(Box::new(reach)));
            }
            effect @ (Effect::FetchLink { .. }
            | Effect::TakeLink { .. }
            | Effect::Connect { .. }) => {
                self.a_link_comes_back(effect);
            }
            effect @ (Effect::StopSyncing(..)
            | Effect::RemoveThere(..)
            | Effect::AskIntegrations(..)) => self.an_answer_about_a_connection(effect),
            Effect::TryVault => self.give(Input::VaultTried(self.vault)),
            Effect::Launch { command, .. } => {
                let started = if self.chance.one_in(4) { Err("not found".into()) } else { Ok(()) };
                self.give(Input::Launched { command, started });
            }
            Effect::AskAccount { question, backend, .. } => {
                let answer = match self.chance.below(4) {
                    0 => Err(EnrollFault::SpentCode),
                    _ if self.fault(device_prefix(backend.host())).is_some() => {
                        Err(EnrollFault::Unreachable)
                    }
                    _ => Ok("Acme Ltd".into()),
                };
                self.give(Input::AccountReceived { question, answer });
            }
            Effect::Enroll { question, backend, .. } => {
                let prefix = device_prefix(backend.host());
                let answer = match self.fault(prefix) {
                    Some(Fault::NoCredential) => Err(EnrollFault::Vault(VaultFault::Locked)),
                    Some(_) => Err(EnrollFault::Unreachable),
                    None => {
                        let vendor = &mut self.vendors[usize::from(prefix != "acme")];
                        vendor.devices += 1;
                        *self.lived.entry("enrolled".into()).or_default() += 1;
                        let device =
                            device(&format!("{prefix}-dev-{}", vendor.devices), vendor.host);
                        Ok(Enrollment { device, connections: vendor.connections() })
                    }
                };
                self.give(Input::Enrolled { question, answer });
            }
            Effect::AskStatus(Target::Backend(device)) => {
                let answer = match self.fault(device.id.as_str()) {
                    Some(fault) => Err(fault),
                    None => Ok(self.vendor(device.id.as_str()).connections()),
                };
                let source = Source::Backend(device.id);
                let pause = self.chance.one_in(10).then(|| SignedDuration::from_secs(90));
                self.give(Input::StatusReceived { source, answer, pause });
            }
            Effect::Check(Target::Backend(device), connection) => {
                let answer = match self.fault(device.id.as_str()) {
                    Some(fault) => Err(fault),
                    None => {
                        let vendor = self.vendor(device.id.as_str());
                        let state =
                            vendor.states.get(connection.id.as_str()).copied().unwrap_or_default();
                        Ok(RemoteStatus { state, ..RemoteStatus::default() })
                    }
                };
                self.give(Input::Checked { connection: connection.id, answer });
            }
            Effect::Leave(device) => {
                let answer = self.fault(device.id.as_str()).map_or(Ok(()), Err);
                if matches!(answer, Ok(()) | Err(Fault::Rejected)) {
                    self.left.insert(device.id.clone());
                }
                self.give(Input::LeaveAnswered { device: device.id, answer });
            }
            Effect::ForgetDevice(device) => {
                self.count("left");
                self.give(Input::Left { device: device.id });
            }
            Effect::SendReport { device, .. } => self.report_comes_back(device.id),
            Effect::RemoveReport { device, report } => self.report_is_removed(device, &report),
            other => self.fail(&format!("nothing comes back from {other:?}")),
        }
    }

    /// Whoever was asked for a link has one or not, and sometimes says so twice.
    fn a_link_comes_back(&mut self, effect: Effect) {
        self.links += 1;
        let url = match self.chance.below(5) {
            0 => format!("https://evil.example/SECRET{}", self.links),
            _ => format!("https://connect.conductor.is/qbd/SECRETFETCHED{}", self.links),
        };
        let until = self.desk.now + SignedDuration::from_mins(30);
        let until = self.chance.one_in(2).then_some(until);
        let times = if self.chance.one_in(8) { 2 } else { 1 };
        match effect {
            Effect::FetchLink { asked: Target::Backend(device), connection, attempt, state } => {
                for _ in 0..times {
                    let answer = self.fault(device.id.as_str()).map_or(Ok(fresh(&url, until)), Err);
                    let (connection, attempt) = (connection.id.clone(), attempt.clone());
                    let state = Secret::new(state.reveal().into());
                    self.give(Input::LinkFetched { connection, attempt, state, answer });
                }
            }
            Effect::TakeLink { connection, attempt, name } => {
                let link = self.kept.get(&name).cloned();
                let answer = || match (self.vault, &link) {
                    (VaultState::Working, Some(link)) => Ok(Secret::new(link.clone())),
                    (VaultState::Working, None) => Err(VaultFault::Absent),
                    _ => Err(VaultFault::Locked),
                };
                for answer in (0..times).map(|_| answer()).collect::<Vec<_>>() {
                    let (connection, attempt) = (connection.clone(), attempt.clone());
                    self.give(Input::LinkTaken { connection, attempt, answer });
                }
            }
            Effect::Connect { source: Source::Backend(device), state, .. } => {
                let answer = match self.fault(device.as_str()) {
                    Some(fault) => Err(fault),
                    None => Ok(Box::new(self.makes(device.as_str(), fresh(&url, until)))),
                };
                self.give(Input::Connected { source: Source::Backend(device), state, answer });
            }
            other => self.fail(&format!("no link comes back from {other:?}")),
        }
    }

    /// A vendor makes a new connection, with its link or without.
    fn makes(&mut self, device: &str, link: FreshLink) -> NewConnection {
        self.count("made");
        let at = usize::from(!device.starts_with("acme"));
        let vendor = &mut self.vendors[at];
        vendor.made += 1;
        let id = format!("{}-new-{}", device_prefix(vendor.host), vendor.made);
        vendor.states.insert(id.clone(), RemoteState::NotSetUp);
        let link = (!self.chance.one_in(3)).then_some(link);
        NewConnection { report: told(&id, RemoteState::NotSetUp), link }
    }

    fn an_answer_about_a_connection(&mut self, effect: Effect) {
        match effect {
            Effect::StopSyncing(Target::Backend(device), connection) => {
                let answer = self.fault(device.id.as_str()).map_or(Ok(()), Err);
                if answer.is_ok() {
                    let states = &mut self.vendor_mut(device.id.as_str()).states;
                    states.insert(connection.id.to_string(), RemoteState::Unlinked);
                }
                self.give(Input::Stopped { connection: connection.id, answer });
            }
            Effect::RemoveThere(Target::Backend(device), connection) => {
                let answer = self.fault(device.id.as_str()).map_or(Ok(()), Err);
                if answer.is_ok() {
                    self.vendor_mut(device.id.as_str()).states.remove(connection.id.as_str());
                }
                self.give(Input::Removed { connection: connection.id, answer });
            }
            Effect::AskIntegrations(source, Target::Backend(device)) => {
                let one = IntegrationView {
                    key: "pqsw".into(),
                    name: "QuickBooks Desktop".into(),
                    logo: None,
                    button: None,
                    button_hover: None,
                };
                let answer = self.fault(device.id.as_str()).map_or(Ok(vec![one]), Err);
                self.give(Input::IntegrationsTold { source, answer });
            }
            other => self.fail(&format!("nobody answers {other:?}")),
        }
    }

    fn vendor_mut(&mut self, device: &str) -> &mut Vendor {
        &mut self.vendors[usize::from(!device.starts_with("acme"))]
    }

    /// Lets time pass: whatever is due comes back, and the companion is woken when it asked to be.
    pub(super) fn pass(&mut self, pause: SignedDuration) {
        let end = self.desk.now + pause;
        loop {
            let place = (0..self.under_way.len()).min_by_key(|at| self.under_way[*at].0);
            let due = place.map(|at| (at, self.under_way[at].0));
            let wake = self.desk.companion.next_wake();
            let next = due.map(|(_, then)| then).into_iter().chain(wake).min();
            if self.look_until(next.map_or(end, |next| next.min(end))) {
                continue;
            }
            match (due, wake) {
                (Some((at, then)), wake) if then <= end && wake.is_none_or(|wake| then <= wake) => {
                    self.desk.now = self.desk.now.max(then);
                    if let Some((_, effect)) = self.under_way.remove(at) {
                        self.comes_back(effect);
                    }
                }
                (_, Some(wake)) if wake <= end => {
                    self.desk.now = self.desk.now.max(wake);
                    self.give(Input::Woke);
                }
                _ => break,
            }
        }
        self.desk.now = end;
    }
}

fn device_prefix(host: &str) -> &'static str {
    if host == KNOWN_HOST { "acme" } else { "books" }
}

//! The promises that hold after every step, whatever has happened.

use std::collections::BTreeSet;

use deskside_companion::{Action, Effect, Input, LinkStage, Question, SavedState, Status, View};
use deskside_health::Verdict;
use deskside_model::Command;
use deskside_model::evidence::{MOST_SLEEPS, RemoteState};
use deskside_model::exchange::Enrollment;
use deskside_model::vault::VaultFault;
use jiff::{SignedDuration, Timestamp};

use super::{Heard, Outage, World};
use crate::world::*;

/// The effects that an input may cause.
#[derive(Default)]
pub(super) struct Allowed {
    open: bool,
    ask_account: bool,
    enroll: bool,
    fetch: bool,
    check: bool,
    take: bool,
    connect: bool,
    stop: bool,
    remove: bool,
    launch: bool,
}

impl World {
    /// Sleeps are evidence: the newest one ends now, and they are few and in order.
    pub(super) fn sleep_is_remembered(&mut self, since: Timestamp) {
        let now = self.desk.now;
        let sleeps = self.desk.companion.evidence(now).machine.sleeps;
        // The program may have been killed in between; a new one remembers no sleep.
        let Some(newest) = sleeps.last() else { return };
        self.count("slept");
        self.check(newest.since <= since && newest.until == now, "another sleep is remembered");
        let in_order = sleeps.is_sorted_by(|one, next| one.until < next.since);
        self.check(in_order && sleeps.len() <= MOST_SLEEPS, "sleeps are out of order");
    }

    pub(super) fn allowed(&mut self, input: &Input, view: &View) -> Allowed {
        let mut allowed = Allowed::default();
        match input {
            Input::User(Action::Answer { question, yes: true, started_here }) => {
                // A question that changes its step keeps its time, so this is its latest end.
                let current = view.question.as_ref().filter(|q| id_of(q) == *question);
                match current.filter(|_| !self.question_is_over(self.desk.now)) {
                    Some(Question::OpenLink { .. }) => allowed.open = true,
                    Some(Question::Enroll { must_confirm_origin, .. }) => {
                        allowed.ask_account = !must_confirm_origin || *started_here;
                    }
                    Some(Question::ConfirmAccount { .. }) => allowed.enroll = true,
                    Some(Question::Working { .. }) | None => {}
                }
            }
            Input::User(Action::Use { command: Command::Check, .. }) => allowed.check = true,
            Input::User(Action::Use { command: Command::OpenLink, .. })
            | Input::Enrolled { answer: Ok(_), .. } => allowed.fetch = true,
            Input::User(Action::Use { command: Command::GoOn, .. }) => {
                (allowed.fetch, allowed.take, allowed.open) = (true, true, true);
            }
            Input::User(Action::Use { command: Command::StopSyncing, .. }) => allowed.stop = true,
            Input::User(Action::Use { command: Command::Remove, .. }) => allowed.remove = true,
            Input::User(Action::Connect { .. }) => allowed.connect = true,
            Input::LinkTaken { attempt, answer: Err(VaultFault::Locked), .. } => {
                // It may be tried again.
                self.permits.remove(attempt.as_str());
                self.asked_for.remove(attempt.as_str());
            }
            Input::LinkFetched { attempt, .. } | Input::LinkTaken { attempt, .. } => {
                allowed.open = self.permits.remove(attempt.as_str());
            }
            Input::Connected { state, .. } => {
                allowed.open = self.permits.remove(state.reveal());
                allowed.fetch = allowed.open;
            }
            Input::User(Action::Use {
                command: Command::OpenQuickBooks | Command::StartWebConnector,
                ..
            }) => allowed.launch = true,
            _ => {}
        }
        allowed
    }

    pub(super) fn remember_what_was_said(&mut self, input: &Input) {
        let now = self.desk.now;
        let mut hear = |id: &str, healthy: bool| {
            let heard = self
                .heard
                .entry(id.to_owned())
                .or_insert(Heard { healthy_at: None, unwell_since: None });
            if healthy {
                *heard = Heard { healthy_at: Some(now), unwell_since: None };
            } else {
                heard.unwell_since.get_or_insert(now);
            }
        };
        match input {
            Input::StatusReceived { answer: Ok(connections), .. }
            | Input::Enrolled { answer: Ok(Enrollment { connections, .. }), .. } => {
                for one in connections {
                    hear(&one.id, one.status.state == RemoteState::Healthy);
                }
            }
            Input::Checked { connection, answer: Ok(status) } => {
                hear(connection.as_str(), status.state == RemoteState::Healthy);
            }
            Input::Stopped { connection, answer: Ok(()) } => hear(connection.as_str(), false),
            Input::Connected { answer: Ok(made), .. } => hear(&made.report.id, false),
            _ => {}
        }
    }

    pub(super) fn nothing_without_a_yes(&mut self, allowed: &Allowed, effects: &[Effect]) {
        let mut opens = 0;
        for effect in effects {
            match effect {
                Effect::OpenBrowser { link, .. } => {
                    opens += 1;
                    self.count("opened");
                    self.check(allowed.open && opens == 1, "a browser opened without consent");
                    let often = link.reveal().contains("SECRETRUTTER");
                    let fresh = self.opened.insert(link.reveal().to_owned());
                    self.check(fresh || often, "a link was opened twice");
                }
                Effect::AskAccount { .. } => {
                    self.check(allowed.ask_account, "a code was sent without consent")
                }
                Effect::Enroll { .. } => self.check(allowed.enroll, "enrolled without consent"),
                Effect::FetchLink { state, attempt, .. } => {
                    self.check(allowed.fetch, "a link was fetched without a click");
                    self.states.push(state.reveal().to_owned());
                    self.permit(attempt.as_str());
                }
                Effect::TakeLink { attempt, .. } => {
                    self.check(allowed.take, "a link was taken without a click");
                    self.count("taken");
                    self.permit(attempt.as_str());
                }
                Effect::Connect { state, .. } => {
                    self.check(allowed.connect, "a connection was made without a click");
                    self.states.push(state.reveal().to_owned());
                    self.permit(state.reveal());
                }
                Effect::StopSyncing(..) => self.check(allowed.stop, "stopped without a click"),
                Effect::RemoveThere(..) => self.check(allowed.remove, "removed without a click"),
                Effect::Check(..) => self.check(allowed.check, "an active check without a click"),
                Effect::Launch { .. } => {
                    self.check(allowed.launch, "a program was opened without a click");
                }
                _ => {}
            }
        }
    }

    /// Notes a request, which may happen once and may open one page.
    fn permit(&mut self, attempt: &str) {
        let fresh = self.asked_for.insert(attempt.to_owned());
        self.check(fresh, "requested twice in one attempt");
        self.permits.insert(attempt.to_owned());
    }

    /// The saved state is read back unchanged.
    pub(super) fn saved_is_what_is_known(&mut self, effects: &[Effect]) {
        let Some(saved) = saved(effects) else { return };
        let text = serde_json::to_string(&saved).unwrap();
        let again: SavedState = serde_json::from_str(&text).unwrap();
        self.check(again == saved, "the saved state is read back differently");
    }

    /// The vault holds no link that can no longer be opened.
    pub(super) fn no_link_stays_behind(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::KeepLink { name, link } => {
                    self.check(self.vault_names(effects).contains(name), "kept without a use");
                    self.kept.insert(name.clone(), link.reveal().to_owned());
                }
                Effect::ForgetSecret(name) => {
                    self.kept.remove(name);
                }
                _ => {}
            }
        }
        if saved(effects).is_some() {
            let wanted = self.vault_names(effects);
            let stays = self.kept.keys().find(|name| !wanted.contains(*name));
            self.check(stays.is_none(), "a link stays in the vault forever");
        }
    }

    /// The names of links in the saved state.
    fn vault_names(&self, effects: &[Effect]) -> BTreeSet<String> {
        let saved = saved(effects).unwrap_or_default();
        let lives = saved.connections.iter().filter_map(|connection| connection.link.as_ref());
        lives.filter(|life| life.kept().is_some()).map(|life| life.vault_name()).collect()
    }

    /// A link is confirmed only if its source has confirmed it.
    pub(super) fn confirmed_is_true(&self, view: &View) {
        for connection in &view.connections {
            let Some(link) = &connection.link else { continue };
            let heard = self.heard.get(connection.id.as_str()).and_then(|heard| heard.healthy_at);
            let confirmed = link.stage == LinkStage::Confirmed;
            self.check(!confirmed || heard.is_some(), "confirmed without a source");
            let waits = matches!(link.stage, LinkStage::Waiting | LinkStage::Preflight);
            let over = link.expires_at.is_some_and(|end| waits && end <= self.desk.now);
            self.check(!over, "waiting for an expired link");
        }
    }

    pub(super) fn order_within_a_batch(&self, effects: &[Effect]) {
        let rank = |effect: &Effect| match effect {
            Effect::Save(_) => Some(0),
            Effect::Report { .. } => Some(1),
            Effect::Toast(_) => Some(2),
            _ => None,
        };
        let ranks: Vec<u8> = effects.iter().filter_map(rank).collect();
        self.check(ranks.is_sorted(), "not saved before reported before announced");
        let saves = ranks.iter().filter(|rank| **rank == 0).count();
        let first = effects.first().is_some_and(|e| matches!(e, Effect::Save(_)));
        self.check(saves == usize::from(first), "saved more than once, or not first");
    }

    pub(super) fn no_secret_is_readable(&self, effects: &[Effect]) {
        let text = readable(&self.desk.companion, self.desk.now, effects);
        self.check(!text.contains("SECRET"), "a secret can be read");
        let state = self.states.iter().rev().take(8).find(|state| text.contains(state.as_str()));
        self.check(state.is_none(), "a state can be read");
    }

    pub(super) fn toasts_are_few_and_true(
        &mut self,
        before: &View,
        after: &View,
        effects: &[Effect],
    ) {
        let now = self.desk.now;
        let told: Vec<&str> = toasts(effects).into_iter().map(without_name).collect();
        let may_tell = self.notifications && !self.window;
        self.check(
            told.is_empty() || may_tell,
            "announced while the window is open or notifications are off",
        );
        let (mut begun, mut announced_ended) = (BTreeSet::new(), false);
        for connection in &after.connections {
            let outage = self.outages.get(&connection.id).copied();
            match (connection.status, outage) {
                (Status::Problem, None) => {
                    let title =
                        connection.problem.as_ref().map_or("", |problem| &problem.title).to_owned();
                    let announced = told.contains(&title.as_str());
                    self.outages.insert(connection.id.clone(), Outage { announced });
                    begun.insert(title);
                }
                (Status::Healthy | Status::Ready, Some(outage)) => {
                    self.outages.remove(&connection.id);
                    announced_ended |= outage.announced;
                }
                _ => {}
            }
        }
        let known: Vec<_> = after.connections.iter().map(|c| &c.id).collect();
        self.outages.retain(|id, _| known.contains(&id));
        for title in &told {
            if *title == "Working again" {
                self.check(announced_ended, "recovery announced without an announced outage");
                continue;
            }
            self.check(begun.contains(*title), "a failure was announced during an outage");
            self.count("told");
            let last = self.failure_toasts.insert((*title).to_owned(), now);
            let nags =
                last.is_some_and(|last| now.duration_since(last) < SignedDuration::from_mins(10));
            self.check(!nags, "the same failure was announced twice within ten minutes");
        }
        let distinct: BTreeSet<&&str> = told.iter().collect();
        self.check(distinct.len() == told.len(), "one problem was announced twice at once");
        let heals = announced_ended && may_tell;
        self.check(told.contains(&"Working again") == heals, "a recovery was not announced");
        self.check(
            before.settings.notifications == self.notifications || !effects.is_empty(),
            "settings were lost",
        );
    }

    pub(super) fn healthy_is_true(&self, view: &View) {
        let now = self.desk.now;
        let worst = view.connections.iter().map(|c| c.status).max().unwrap_or(Status::Idle);
        self.check(view.status == worst, "the status is not that of the worst connection");
        for connection in view.connections.iter().filter(|c| c.status == Status::Healthy) {
            self.check(connection.problem.is_none(), "healthy with a problem");
            let Some(heard) = self.heard.get(connection.id.as_str()) else {
                self.fail("healthy without a source")
            };
            // A status counts for twenty minutes, and a short change may hold a verdict for two.
            let age = heard.healthy_at.map(|then| now.duration_since(then));
            let fresh = age.is_some_and(|age| age <= SignedDuration::from_mins(22));
            self.check(fresh, "healthy, but the status is too old");
            let unwell = heard.unwell_since.map(|then| now.duration_since(then));
            let brief = unwell.is_none_or(|age| age <= SignedDuration::from_secs(130));
            self.check(brief, "healthy in contradiction to the newest answer");
        }
    }

    pub(super) fn one_device_for_each_backend(&self) {
        let summary =
            self.desk.companion.reporting().map(|device| device.backend.host().to_owned());
        let hosts: Vec<String> = summary.collect();
        let distinct: BTreeSet<&String> = hosts.iter().collect();
        self.check(distinct.len() == hosts.len(), "two devices for one backend");
    }

    pub(super) fn every_change_is_reported(&mut self, effects: &[Effect]) {
        for effect in effects {
            let Effect::Report { device, report } = effect else { continue };
            let content = content(report.connections.iter().map(|c| {
                let roots = c.problems.iter().filter(|p| p.root);
                (c.id.as_str(), c.verdict, roots.map(|p| p.problem.code.text()).collect())
            }));
            let last = self.reported.insert(device.id.clone(), (report.seq, content));
            let before = last.map_or(0, |(seq, _)| seq);
            let name = (device.id.clone(), report.boot_id.clone(), report.seq);
            self.check(!self.sent.contains(&name), "two reports of one boot have the same number");
            self.sent.insert(name);
            self.check(report.seq == before + 1, "a gap in the reports");
        }
        let summary = self.desk.companion.summary();
        let devices: Vec<_> = self.desk.companion.reporting().map(|d| d.id.clone()).collect();
        for device in devices {
            let Some((_, told)) = self.reported.get(&device) else {
                // Nothing is reported before the first survey.
                self.check(!self.looked, "a backend without a report");
                continue;
            };
            let prefix = device.as_str().split('-').next().unwrap_or_default();
            let now = content(
                summary.connections.iter().filter(|c| c.id.as_str().starts_with(prefix)).map(|c| {
                    (c.id.as_str(), c.verdict, c.problems.iter().map(|p| p.code.as_str()).collect())
                }),
            );
            self.check(*told == now, "a change was not reported to its backend");
        }
    }

    pub(super) fn no_busy_loop(&mut self, woke: bool) {
        let now = self.desk.now;
        let (last, count) = self.wakes_in_a_row;
        let again = woke && last == now;
        self.wakes_in_a_row = (now, if again { count + 1 } else { 0 });
        self.check(self.wakes_in_a_row.1 < 3, "woken repeatedly for the same moment");
        if woke {
            let next = self.desk.companion.next_wake();
            self.check(next.is_none_or(|next| next > now), "the next wake is in the past");
        }
    }
}

/// The title of a notification without its connection.
fn without_name(title: &str) -> &str {
    title.rsplit_once(": ").map_or(title, |(_, title)| title)
}

/// What a backend must know, as text that can be compared.
fn content<'a>(connections: impl Iterator<Item = (&'a str, Verdict, Vec<&'a str>)>) -> String {
    connections.map(|(id, verdict, roots)| format!("{id} {verdict:?} {roots:?};")).collect()
}

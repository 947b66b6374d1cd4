//! Hours of a desk at random: links, answers, a QuickBooks that flaps, a network that drops,
//! backends that come and go, a vault that locks, a lid that closes. After every single step the
//! promises are checked; a failure names the seed, and the seed tells the same story again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use deskside::Secret;
use deskside::companion::{
    Action, Asked, Effect, EnrollFault, Enrolled, Input, Mood, Offer, Question, Settings, Source,
    View,
};
use deskside::evidence::{Fault, RemoteState, RemoteStatus};
use deskside::health::Verdict;
use deskside::vault::{VaultFault, VaultState};
use jiff::{SignedDuration, Timestamp};

use super::world::*;

const SEEDS: u64 = 60;
const STEPS: u32 = 150;

/// SplitMix64: small, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

/// How a vendor's server is at the moment.
struct Vendor {
    host: &'static str,
    fault: Option<Fault>,
    /// Its word for each connection.
    states: BTreeMap<String, RemoteState>,
    devices: u32,
}

impl Vendor {
    fn connections(&self) -> Vec<deskside::companion::Told> {
        self.states.iter().map(|(id, state)| told(id, *state)).collect()
    }
}

/// What somebody has said of a connection, as the world remembers it.
#[derive(Clone, Copy)]
struct Heard {
    healthy_at: Option<Timestamp>,
    unwell_since: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq)]
struct Outage {
    announced: bool,
}

/// What an input may bring about.
#[derive(Default)]
struct Allowed {
    open: bool,
    ask_account: bool,
    enroll: bool,
    fetch: bool,
    check: bool,
    launch: bool,
}

struct World {
    seed: u64,
    chance: Chance,
    desk: Desk,
    vendors: [Vendor; 2],
    vault: VaultState,
    quickbooks: bool,
    web_connector: bool,
    network: bool,
    window: bool,
    notifications: bool,
    /// What comes back later.
    under_way: VecDeque<(Timestamp, Effect)>,
    links: u32,
    question_since: Option<(String, Timestamp)>,
    old_questions: Vec<String>,
    states: Vec<String>,
    opened: BTreeSet<String>,
    heard: BTreeMap<String, Heard>,
    outages: BTreeMap<String, Outage>,
    failure_toasts: BTreeMap<String, Timestamp>,
    reported: BTreeMap<String, (u64, String)>,
    wakes_in_a_row: (Timestamp, u32),
    log: VecDeque<String>,
}

impl World {
    fn new(seed: u64) -> Self {
        let vendor = |host, ids: &[&str]| Vendor {
            host,
            fault: None,
            states: ids.iter().map(|id| ((*id).to_owned(), RemoteState::NotSetUp)).collect(),
            devices: 0,
        };
        let desk = Desk::new(deskside::companion::Saved::default());
        let mut world = Self {
            seed,
            chance: Chance(seed),
            wakes_in_a_row: (desk.now, 0),
            desk,
            vendors: [vendor(KNOWN_HOST, &["acme-1", "acme-2"]), vendor(OTHER_HOST, &["books-1"])],
            vault: VaultState::Working,
            quickbooks: true,
            web_connector: true,
            network: true,
            window: false,
            notifications: true,
            under_way: VecDeque::new(),
            links: 0,
            question_since: None,
            old_questions: Vec::new(),
            states: Vec::new(),
            opened: BTreeSet::new(),
            heard: BTreeMap::new(),
            outages: BTreeMap::new(),
            failure_toasts: BTreeMap::new(),
            reported: BTreeMap::new(),
            log: VecDeque::new(),
        };
        world.give(Input::Started { quietly: true });
        world.give(Input::Surveyed(Box::new(super::aids::installed())));
        world.look();
        world.pass(SignedDuration::from_secs(5));
        world.somebody_links_this_computer();
        world
    }

    fn fail(&self, why: &str) -> ! {
        let log: Vec<&str> = self.log.iter().map(String::as_str).collect();
        panic!("seed {}: {why}\n{}", self.seed, log.join("\n"));
    }

    fn check(&self, holds: bool, why: &str) {
        if !holds {
            self.fail(why);
        }
    }

    fn look(&mut self) {
        self.give(seen(self.quickbooks, self.web_connector, self.network));
    }

    // --- One step ------------------------------------------------------------------------------

    fn give(&mut self, input: Input) {
        let now = self.desk.now;
        let before = self.desk.view();
        let allowed = self.allowed(&input, &before);
        self.remember_what_was_said(&input);
        self.log.push_back(format!("{now} {input:?}"));
        if self.log.len() > 30 {
            self.log.pop_front();
        }
        let woke = matches!(input, Input::Woke);
        let wrong_return =
            matches!(&input, Input::LinkArrived(link) if link.reveal().contains("made-up"));
        let effects = self.desk.give(input);
        let after = self.desk.view();

        self.nothing_without_a_yes(&allowed, &effects);
        self.order_within_a_batch(&effects);
        self.no_secret_is_readable(&effects);
        self.toasts_are_few_and_true(&before, &after, &effects);
        self.healthy_is_true(&after);
        self.one_device_for_each_backend();
        if wrong_return {
            let same = before.question == after.question || self.question_is_over(now);
            self.check(
                same && before.connections.len() == after.connections.len(),
                "a made-up state changed something",
            );
        }
        self.every_change_is_reported(&effects);
        self.no_busy_loop(woke);

        let shown = after.question.as_ref().map(id_of);
        if shown != self.question_since.as_ref().map(|(id, _)| id.clone()) {
            let old = self.question_since.take();
            self.old_questions.extend(old.map(|(id, _)| id));
            self.question_since = shown.map(|id| (id, now));
        }
        for effect in effects {
            self.perform(effect);
        }
    }

    fn question_is_over(&self, now: Timestamp) -> bool {
        self.question_since
            .as_ref()
            .is_some_and(|(_, since)| now.duration_since(*since) >= SignedDuration::from_mins(10))
    }

    fn allowed(&self, input: &Input, view: &View) -> Allowed {
        let mut allowed = Allowed::default();
        match input {
            Input::User(Action::Answer { question, yes: true, started_here }) => {
                // A question whose step changes keeps its time, so this is the latest it may live.
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
            Input::User(Action::Use { offer: Offer::Check, .. }) => allowed.check = true,
            Input::User(Action::Use { offer: Offer::OpenLink, .. })
            | Input::Enrolled { answer: Ok(_), .. } => allowed.fetch = true,
            Input::LinkFetched { answer: Ok(_), .. } => allowed.open = true,
            Input::User(Action::Use {
                offer: Offer::OpenQuickBooks | Offer::StartWebConnector,
                ..
            }) => allowed.launch = true,
            _ => {}
        }
        allowed
    }

    fn remember_what_was_said(&mut self, input: &Input) {
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
            Input::StatusTold { answer: Ok(connections), .. }
            | Input::Enrolled { answer: Ok(Enrolled { connections, .. }), .. } => {
                for one in connections {
                    hear(&one.id, one.status.state == RemoteState::Healthy);
                }
            }
            Input::Checked { connection, answer: Ok(status) } => {
                hear(connection, status.state == RemoteState::Healthy);
            }
            _ => {}
        }
    }

    // --- The promises --------------------------------------------------------------------------

    fn nothing_without_a_yes(&mut self, allowed: &Allowed, effects: &[Effect]) {
        let mut opens = 0;
        for effect in effects {
            match effect {
                Effect::OpenBrowser { link, .. } => {
                    opens += 1;
                    self.check(allowed.open && opens == 1, "a browser opened without a yes");
                    let fresh = self.opened.insert(link.reveal().to_owned());
                    self.check(fresh, "a link was opened twice");
                }
                Effect::AskAccount { .. } => {
                    self.check(allowed.ask_account, "a code left without a yes")
                }
                Effect::Enroll { .. } => self.check(allowed.enroll, "enrolled without a yes"),
                Effect::FetchLink { state, .. } => {
                    self.check(allowed.fetch, "a link was fetched without a click");
                    self.states.push(state.reveal().to_owned());
                }
                Effect::Check(..) => self.check(allowed.check, "an active check without a click"),
                Effect::Launch { .. } => {
                    self.check(allowed.launch, "a program was opened without a click");
                }
                _ => {}
            }
        }
    }

    fn order_within_a_batch(&self, effects: &[Effect]) {
        let rank = |effect: &Effect| match effect {
            Effect::Save(_) => Some(0),
            Effect::Report { .. } => Some(1),
            Effect::Toast(_) => Some(2),
            _ => None,
        };
        let ranks: Vec<u8> = effects.iter().filter_map(rank).collect();
        self.check(ranks.is_sorted(), "not saved before reported before told");
        let saves = ranks.iter().filter(|rank| **rank == 0).count();
        let first = effects.first().is_some_and(|e| matches!(e, Effect::Save(_)));
        self.check(saves == usize::from(first), "saved more than once, or not first");
    }

    fn no_secret_is_readable(&self, effects: &[Effect]) {
        let text = readable(&self.desk.companion, self.desk.now, effects);
        self.check(!text.contains("SECRET"), "a secret can be read");
        let state = self.states.iter().find(|state| text.contains(state.as_str()));
        self.check(state.is_none(), "a state can be read");
    }

    fn toasts_are_few_and_true(&mut self, before: &View, after: &View, effects: &[Effect]) {
        let now = self.desk.now;
        let told = toasts(effects);
        let may_tell = self.notifications && !self.window;
        self.check(told.is_empty() || may_tell, "told to somebody who looks or does not want it");
        let (mut begun, mut announced_ended) = (BTreeSet::new(), false);
        for connection in &after.connections {
            let outage = self.outages.get(&connection.id).copied();
            match (connection.mood, outage) {
                (Mood::Problem, None) => {
                    let title =
                        connection.problem.as_ref().map_or("", |problem| &problem.title).to_owned();
                    let announced = told.contains(&title.as_str());
                    self.outages.insert(connection.id.clone(), Outage { announced });
                    begun.insert(title);
                }
                (Mood::Healthy | Mood::Ready, Some(outage)) => {
                    self.outages.remove(&connection.id);
                    announced_ended |= outage.announced;
                }
                _ => {}
            }
        }
        let known: Vec<&String> = after.connections.iter().map(|c| &c.id).collect();
        self.outages.retain(|id, _| known.contains(&id));
        for title in &told {
            if *title == "Working again" {
                self.check(announced_ended, "a recovery of nothing that was announced");
                continue;
            }
            self.check(begun.contains(*title), "a failure was told in the middle of an outage");
            let last = self.failure_toasts.insert((*title).to_owned(), now);
            let nags =
                last.is_some_and(|last| now.duration_since(last) < SignedDuration::from_mins(10));
            self.check(!nags, "the same failure was told twice within ten minutes");
        }
        let distinct: BTreeSet<&&str> = told.iter().collect();
        self.check(distinct.len() == told.len(), "one thing was told twice at once");
        let heals = announced_ended && may_tell;
        self.check(told.contains(&"Working again") == heals, "a recovery was not told");
        self.check(
            before.settings.notifications == self.notifications || !effects.is_empty(),
            "settings were lost",
        );
    }

    fn healthy_is_true(&self, view: &View) {
        let now = self.desk.now;
        let worst = view.connections.iter().map(|c| c.mood).max().unwrap_or(Mood::Idle);
        self.check(view.mood == worst, "the mood is not that of the worst connection");
        for connection in view.connections.iter().filter(|c| c.mood == Mood::Healthy) {
            self.check(connection.problem.is_none(), "healthy with a problem");
            let Some(heard) = self.heard.get(&connection.id) else {
                self.fail("healthy, says nobody")
            };
            // Twenty minutes of belief, and two in which a blink may hold a verdict.
            let age = heard.healthy_at.map(|then| now.duration_since(then));
            let fresh = age.is_some_and(|age| age <= SignedDuration::from_mins(22));
            self.check(fresh, "healthy, but nobody has said so for long");
            let unwell = heard.unwell_since.map(|then| now.duration_since(then));
            let brief = unwell.is_none_or(|age| age <= SignedDuration::from_secs(130));
            self.check(brief, "healthy against the newest answer");
        }
    }

    fn one_device_for_each_backend(&self) {
        let summary =
            self.desk.companion.reporting().map(|device| device.backend.host().to_owned());
        let hosts: Vec<String> = summary.collect();
        let distinct: BTreeSet<&String> = hosts.iter().collect();
        self.check(distinct.len() == hosts.len(), "two devices for one backend");
    }

    fn every_change_is_reported(&mut self, effects: &[Effect]) {
        for effect in effects {
            let Effect::Report { device, report } = effect else { continue };
            let content = content(report.connections.iter().map(|c| {
                let roots = c.problems.iter().filter(|p| p.root);
                (c.id.as_str(), c.verdict, roots.map(|p| p.problem.code.text()).collect())
            }));
            let last = self.reported.insert(device.id.clone(), (report.seq, content));
            let before = last.map_or(0, |(seq, _)| seq);
            self.check(report.seq == before + 1, "a gap in the reports");
        }
        let summary = self.desk.companion.summary();
        let devices: Vec<String> = self.desk.companion.reporting().map(|d| d.id.clone()).collect();
        self.reported.retain(|device, _| devices.contains(device) || !device.is_empty());
        for device in devices {
            let Some((_, told)) = self.reported.get(&device) else {
                // Nothing is reported before the first look.
                self.check(self.log.len() < 3, "a backend that never hears");
                continue;
            };
            let prefix = device.split('-').next().unwrap_or_default();
            let now =
                content(summary.connections.iter().filter(|c| c.id.starts_with(prefix)).map(|c| {
                    (c.id.as_str(), c.verdict, c.problems.iter().map(|p| p.code.as_str()).collect())
                }));
            self.check(*told == now, "a change that its backend was not told");
        }
    }

    fn no_busy_loop(&mut self, woke: bool) {
        let now = self.desk.now;
        let (last, count) = self.wakes_in_a_row;
        let again = woke && last == now;
        self.wakes_in_a_row = (now, if again { count + 1 } else { 0 });
        self.check(self.wakes_in_a_row.1 < 3, "woken again and again for the same moment");
        if woke {
            let next = self.desk.companion.next_wake();
            self.check(next.is_none_or(|next| next > now), "time that has passed is waited for");
        }
    }

    // --- The world -----------------------------------------------------------------------------

    fn perform(&mut self, effect: Effect) {
        match &effect {
            Effect::OpenBrowser { .. }
            | Effect::TryVault
            | Effect::AskAccount { .. }
            | Effect::Enroll { .. }
            | Effect::AskStatus(_)
            | Effect::Check(..)
            | Effect::FetchLink { .. }
            | Effect::Launch { .. }
            | Effect::Leave(_) => {
                let pause =
                    SignedDuration::from_millis(i64::try_from(self.chance.below(3_000)).unwrap());
                self.under_way.push_back((self.desk.now + pause, effect));
            }
            Effect::OpenWindow(_) => {
                if !self.window && self.chance.one_in(2) {
                    self.window = true;
                    self.give(Input::WindowShown(true));
                }
            }
            Effect::Report { device, .. } => {
                let (fault, device) = (self.vendor(&device.id).fault, device.id.clone());
                match fault {
                    Some(Fault::Rejected) if self.chance.one_in(2) => {
                        self.give(Input::ReportsRefused { device });
                    }
                    None => self.give(Input::Delivered { device, next_report_after: None }),
                    Some(_) => {}
                }
            }
            Effect::Save(_)
            | Effect::Toast(_)
            | Effect::ForgetSecret(_)
            | Effect::LookAtLoginStart
            | Effect::Reach { .. }
            | Effect::StartAtLogin(_) => {}
        }
    }

    fn vendor(&self, device: &str) -> &Vendor {
        &self.vendors[usize::from(!device.starts_with("acme"))]
    }

    fn fault(&self, device: &str) -> Option<Fault> {
        let offline = (!self.network).then_some(Fault::Unreachable);
        let locked = (self.vault != VaultState::Working).then_some(Fault::NoCredential);
        locked.or(offline).or(self.vendor(device).fault)
    }

    fn comes_back(&mut self, effect: Effect) {
        match effect {
            Effect::OpenBrowser { .. } => {
                let started =
                    if self.chance.one_in(10) { Err("no browser".into()) } else { Ok(()) };
                self.give(Input::BrowserStarted(started));
            }
            Effect::TryVault => self.give(Input::VaultTried(self.vault)),
            Effect::Launch { offer, .. } => {
                let started = if self.chance.one_in(4) { Err("not found".into()) } else { Ok(()) };
                self.give(Input::Launched { offer, started });
            }
            Effect::AskAccount { question, backend, .. } => {
                let answer = match self.chance.below(4) {
                    0 => Err(EnrollFault::SpentCode),
                    _ if self.fault(device_prefix(backend.host())).is_some() => {
                        Err(EnrollFault::Unreachable)
                    }
                    _ => Ok("Acme Ltd".into()),
                };
                self.give(Input::AccountTold { question, answer });
            }
            Effect::Enroll { question, backend, .. } => {
                let prefix = device_prefix(backend.host());
                let answer = match self.fault(prefix) {
                    Some(Fault::NoCredential) => Err(EnrollFault::Vault(VaultFault::Locked)),
                    Some(_) => Err(EnrollFault::Unreachable),
                    None => {
                        let vendor = &mut self.vendors[usize::from(prefix != "acme")];
                        vendor.devices += 1;
                        let device =
                            device(&format!("{prefix}-dev-{}", vendor.devices), vendor.host);
                        Ok(Enrolled { device, connections: vendor.connections() })
                    }
                };
                self.give(Input::Enrolled { question, answer });
            }
            Effect::AskStatus(Asked::Backend(device)) => {
                let answer = match self.fault(&device.id) {
                    Some(fault) => Err(fault),
                    None => Ok(self.vendor(&device.id).connections()),
                };
                self.give(Input::StatusTold { source: Source::Backend(device.id), answer });
            }
            Effect::Check(Asked::Backend(device), connection) => {
                let answer = match self.fault(&device.id) {
                    Some(fault) => Err(fault),
                    None => {
                        let vendor = self.vendor(&device.id);
                        let state = vendor.states.get(&connection.id).copied().unwrap_or_default();
                        Ok(RemoteStatus { state, ..RemoteStatus::default() })
                    }
                };
                self.give(Input::Checked { connection: connection.id, answer });
            }
            Effect::FetchLink { device, connection, state } => {
                self.links += 1;
                let url = match self.chance.below(5) {
                    0 => format!("https://evil.example/SECRET{}", self.links),
                    _ => format!("https://connect.conductor.is/qbd/SECRETFETCHED{}", self.links),
                };
                let until = self.desk.now + SignedDuration::from_mins(30);
                let until = self.chance.one_in(2).then_some(until);
                let answer = self.fault(&device.id).map_or(Ok((Secret::new(url), until)), Err);
                self.give(Input::LinkFetched { connection, state, answer });
            }
            Effect::Leave(device) => {
                let done = self.fault(&device.id).is_none_or(|fault| fault == Fault::Rejected);
                self.give(Input::Left { device: device.id, done });
            }
            other => self.fail(&format!("nothing comes back from {other:?}")),
        }
    }

    /// Lets time pass: whatever is due comes back, and the companion is woken when it asked to be.
    fn pass(&mut self, pause: SignedDuration) {
        let end = self.desk.now + pause;
        loop {
            let place = (0..self.under_way.len()).min_by_key(|at| self.under_way[*at].0);
            let due = place.map(|at| (at, self.under_way[at].0));
            let wake = self.desk.companion.next_wake();
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

    // --- What happens --------------------------------------------------------------------------

    fn step(&mut self) {
        match self.chance.below(100) {
            0..3 => self.somebody_links_this_computer(),
            3..10 => self.a_link_arrives(),
            10..30 => self.an_answer_arrives(),
            30..40 => self.a_button_is_used(),
            40..48 => {
                self.quickbooks = !self.quickbooks || !self.chance.one_in(4);
                self.look();
            }
            48..52 => {
                self.web_connector = !self.web_connector || !self.chance.one_in(4);
                self.look();
            }
            52..57 => {
                self.network = !self.network || !self.chance.one_in(4);
                self.look();
            }
            57..66 => {
                let at = usize::from(self.chance.one_in(2));
                let faults = [
                    None,
                    None,
                    None,
                    None,
                    None,
                    Some(Fault::Unreachable),
                    Some(Fault::Unusable),
                    Some(Fault::Rejected),
                ];
                self.vendors[at].fault = self.chance.of(&faults);
            }
            66..78 => self.a_vendor_changes_its_word(),
            78..82 => {
                let vaults = [
                    VaultState::Working,
                    VaultState::Working,
                    VaultState::Working,
                    VaultState::Locked,
                    VaultState::Silent,
                ];
                self.vault = self.chance.of(&vaults);
                if self.chance.one_in(2) {
                    self.give(Input::VaultTried(self.vault));
                }
            }
            82..86 => {
                self.window = !self.window && self.chance.one_in(2);
                self.give(Input::WindowShown(self.window));
            }
            86..88 => {
                self.notifications = !self.notifications || self.chance.one_in(2);
                let settings = Settings { notifications: self.notifications };
                self.give(Input::User(Action::Change { settings }));
            }
            88..90 => self.the_computer_sleeps(),
            _ => self.give(Input::User(Action::Refresh)),
        }
        let seconds = self.chance.of(&[0, 1, 1, 2, 5, 12, 30, 100, 300]);
        self.pass(SignedDuration::from_secs(seconds));
    }

    fn a_link_arrives(&mut self) {
        self.links += 1;
        let number = self.links;
        let text = match self.chance.below(8) {
            0 | 1 => connect_link(number),
            2 => enroll_link(KNOWN_HOST, number),
            3 => enroll_link(OTHER_HOST, number),
            4 => format!("deskside://connect?link=https://evil.example/SECRET{number}"),
            5 => "deskside://return?state=made-up".into(),
            6 => {
                let state = self.states.last().cloned().unwrap_or_else(|| "none".into());
                format!("deskside://return?state={state}")
            }
            _ => "deskside://open/setup".into(),
        };
        self.give(Input::LinkArrived(Secret::new(text)));
        if self.chance.one_in(6) {
            for _ in 0..5 {
                self.links += 1;
                let text = connect_link(self.links);
                self.give(Input::LinkArrived(Secret::new(text)));
            }
        }
    }

    /// The whole way through, as far as the world lets it.
    fn somebody_links_this_computer(&mut self) {
        self.links += 1;
        let host = self.chance.of(&[KNOWN_HOST, KNOWN_HOST, OTHER_HOST]);
        let text = enroll_link(host, self.links);
        self.give(Input::LinkArrived(Secret::new(text)));
        for _ in 0..2 {
            let question = self.desk.question().unwrap_or_default();
            let answer = Action::Answer { question, yes: true, started_here: true };
            self.give(Input::User(answer));
            self.pass(SignedDuration::from_secs(4));
        }
    }

    fn an_answer_arrives(&mut self) {
        let current = self.desk.question();
        let question = match self.chance.below(8) {
            0 => self.old_questions.last().cloned().unwrap_or_default(),
            1 => "made-up".into(),
            _ => current.unwrap_or_default(),
        };
        if self.chance.one_in(8) {
            // The lid is closed over the question; the answer is the first thing afterwards.
            self.desk.now += SignedDuration::from_mins(11);
        }
        let (yes, started_here) = (!self.chance.one_in(5), !self.chance.one_in(3));
        self.give(Input::User(Action::Answer { question, yes, started_here }));
    }

    fn a_button_is_used(&mut self) {
        let connections = self.desk.view().connections;
        if connections.is_empty() {
            return;
        }
        let at = usize::try_from(self.chance.below(connections.len() as u64)).unwrap();
        let offers = [
            Offer::Check,
            Offer::Check,
            Offer::OpenLink,
            Offer::OpenLink,
            Offer::CopyDetails,
            Offer::OpenQuickBooks,
            Offer::StartWebConnector,
        ];
        let offer = if self.chance.one_in(12) { Offer::Remove } else { self.chance.of(&offers) };
        let connection = connections[at].id.clone();
        self.give(Input::User(Action::Use { connection, offer }));
    }

    fn a_vendor_changes_its_word(&mut self) {
        let at = usize::from(self.chance.one_in(3));
        let words = [
            RemoteState::Healthy,
            RemoteState::Healthy,
            RemoteState::Healthy,
            RemoteState::Healthy,
            RemoteState::Healthy,
            RemoteState::NotSetUp,
            RemoteState::Waiting,
            RemoteState::Inactive,
            RemoteState::Broken,
            RemoteState::Unknown,
        ];
        let word = self.chance.of(&words);
        let all = self.chance.one_in(2);
        for (place, state) in self.vendors[at].states.values_mut().enumerate() {
            if all || place == 0 {
                *state = word;
            }
        }
    }

    /// Nothing runs, and afterwards everything that was due is late.
    fn the_computer_sleeps(&mut self) {
        let hours = i64::try_from(1 + self.chance.below(9)).unwrap();
        self.desk.now += SignedDuration::from_hours(hours);
        if self.chance.one_in(2) {
            self.look();
        }
    }
}

fn device_prefix(host: &str) -> &'static str {
    if host == KNOWN_HOST { "acme" } else { "books" }
}

/// What a backend must know, as text that can be compared.
fn content<'a>(connections: impl Iterator<Item = (&'a str, Verdict, Vec<&'a str>)>) -> String {
    connections.map(|(id, verdict, roots)| format!("{id} {verdict:?} {roots:?};")).collect()
}

#[test]
fn hours_at_a_restless_desk_break_no_promise() {
    let (mut healthy, mut toasted, mut opened, mut enrolled) = (0, 0, 0, 0);
    for seed in 0..SEEDS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
            let view = world.desk.view();
            healthy += view.connections.iter().filter(|c| c.mood == Mood::Healthy).count();
        }
        toasted += world.failure_toasts.len();
        opened += world.opened.len();
        enrolled += world.vendors.iter().map(|vendor| vendor.devices).sum::<u32>();
    }
    // A simulation in which nothing happens would keep every promise.
    let lived = format!("{healthy} healthy, {toasted} told, {opened} opened, {enrolled} enrolled");
    assert!(healthy > 1_000 && toasted > 50 && opened > 100 && enrolled > 80, "{lived}");
}

#[test]
fn after_any_hours_a_desk_that_is_put_in_order_is_calm_again() {
    for seed in 1_000..1_030 {
        // Given a desk that has seen everything
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        // When all is put in order, and a while passes
        (world.vault, world.quickbooks, world.web_connector, world.network) =
            (VaultState::Working, true, true, true);
        for vendor in &mut world.vendors {
            vendor.fault = None;
            vendor.states.values_mut().for_each(|state| *state = RemoteState::Healthy);
        }
        world.look();
        world.pass(SignedDuration::from_mins(40));
        // Then every connection that a backend tells of is healthy
        let view = world.desk.view();
        for connection in view.connections.iter().filter(|c| !c.id.starts_with("link-")) {
            world.check(connection.mood == Mood::Healthy, "not healthy although all is in order");
            world.check(!connection.busy, "busy for ever");
        }
        world.check(view.question.is_none(), "a question that stays for ever");
        // And an hour of it costs little more than its questions
        let devices = world.desk.companion.reporting().count();
        let end = world.desk.now + SignedDuration::from_hours(1);
        let mut wakes = 0;
        while world.desk.now < end {
            let Some(wake) = world.desk.companion.next_wake() else { break };
            wakes += usize::from(wake <= end);
            world.pass(wake.duration_since(world.desk.now).max(SignedDuration::from_millis(1)));
        }
        world.check(wakes <= 2 + devices * 130, "too many wakes at rest");
    }
}

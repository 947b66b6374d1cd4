//! Hours of a desk at random: links, answers, a QuickBooks that flaps, a network that drops,
//! backends that come and go, a vault that locks, a lid that closes. After every single step the
//! promises are checked; a failure names the seed, and the seed tells the same story again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chance::Chance;
use deliveries::Post;
use deskside_companion::{Companion, Effect, Input, Installation, SavedState, Status};
use deskside_model::evidence::{Fault, RemoteState};
use deskside_model::exchange::ConnectionReport;
use deskside_model::vault::VaultState;
use deskside_model::{ConnectionId, DeviceId, QuestionId};
use jiff::{SignedDuration, Timestamp};
use looks::Looks;

use super::world::*;

#[path = "simulation/chance.rs"]
mod chance;
#[path = "simulation/deliveries.rs"]
mod deliveries;
#[path = "simulation/events.rs"]
mod events;
#[path = "simulation/looks.rs"]
mod looks;
#[path = "simulation/outside.rs"]
mod outside;
#[path = "simulation/promises.rs"]
mod promises;

const SEEDS: u64 = 40;
const STEPS: u32 = 150;

/// What must happen, and how often at least, in all the hours together.
const LIVED: [(&str, usize); 24] = [
    ("Healthy", 500),
    ("Problem", 1_000),
    ("Preflight", 100),
    ("Fetching", 10),
    ("Waiting", 1_000),
    ("Returned", 10),
    ("Confirmed", 100),
    ("Ended", 100),
    ("told", 40),
    ("opened", 100),
    ("taken", 5),
    ("enrolled", 60),
    ("made", 20),
    ("restarted", 60),
    ("set back", 20),
    ("accepted", 500),
    ("set aside", 10),
    ("not delivered", 200),
    ("told to wait", 10),
    ("refused", 10),
    ("left", 10),
    ("looked", 10_000),
    ("locked or unlocked", 60),
    ("slept", 15),
];

/// How a vendor's server is at the moment.
struct Vendor {
    host: &'static str,
    fault: Option<Fault>,
    /// Its word for each connection.
    states: BTreeMap<String, RemoteState>,
    devices: u32,
    /// How many connections were made since.
    made: u32,
}

impl Vendor {
    fn connections(&self) -> Vec<ConnectionReport> {
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

struct World {
    seed: u64,
    chance: Chance,
    desk: Desk,
    vendors: [Vendor; 2],
    vault: VaultState,
    quickbooks: bool,
    web_connector: bool,
    network: bool,
    /// What the vault holds of links.
    kept: BTreeMap<String, String>,
    /// What was last saved, as text: all that a restart knows.
    on_disk: String,
    looked: bool,
    window: bool,
    notifications: bool,
    /// What comes back later.
    under_way: VecDeque<(Timestamp, Effect)>,
    links: u32,
    question_since: Option<(QuestionId, Timestamp)>,
    old_questions: Vec<QuestionId>,
    states: Vec<String>,
    opened: BTreeSet<String>,
    /// The attempts and new connections for which somebody was asked, each once.
    asked_for: BTreeSet<String>,
    /// Those of them whose answer may still open a page.
    permits: BTreeSet<String>,
    /// How often each thing has happened, to know that the world was lived in.
    lived: BTreeMap<String, usize>,
    heard: BTreeMap<String, Heard>,
    outages: BTreeMap<ConnectionId, Outage>,
    failure_toasts: BTreeMap<String, Timestamp>,
    reported: BTreeMap<DeviceId, (u64, String)>,
    /// Every report's device, boot and sequence number.
    sent: BTreeSet<(DeviceId, String, u64)>,
    post: Post,
    /// Every backend answers as it should from now on.
    in_order: bool,
    looks: Looks,
    /// The devices whose backends know that they have left, or do not accept them.
    left: BTreeSet<DeviceId>,
    /// The clock was set back, and the companion has not said so yet.
    set_back: bool,
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
            made: 0,
        };
        let desk = Desk::new(SavedState::default());
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
            kept: BTreeMap::new(),
            on_disk: serde_json::to_string(&SavedState::default()).unwrap(),
            looked: false,
            window: false,
            notifications: true,
            under_way: VecDeque::new(),
            links: 0,
            question_since: None,
            old_questions: Vec::new(),
            states: Vec::new(),
            opened: BTreeSet::new(),
            asked_for: BTreeSet::new(),
            permits: BTreeSet::new(),
            lived: BTreeMap::new(),
            heard: BTreeMap::new(),
            outages: BTreeMap::new(),
            failure_toasts: BTreeMap::new(),
            reported: BTreeMap::new(),
            sent: BTreeSet::new(),
            post: Post::default(),
            in_order: false,
            looks: Looks::default(),
            left: BTreeSet::new(),
            set_back: false,
            log: VecDeque::new(),
        };
        world.give(Input::Started { quietly: true });
        world.give(Input::Surveyed(Box::new(super::launching::installed())));
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

    fn count(&mut self, what: &str) {
        *self.lived.entry(what.to_owned()).or_default() += 1;
    }

    fn look(&mut self) {
        self.give(seen(self.quickbooks, self.web_connector, self.network));
    }

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
        let is_routine = woke
            || matches!(
                input,
                Input::Surveyed(_) | Input::ReportAnswered { .. } | Input::OutboxDone { .. }
            );
        self.looked |= matches!(input, Input::Observed { .. });
        let wrong_return =
            matches!(&input, Input::LinkArrived(link) if link.reveal().contains("made-up"));
        let effects = self.desk.give(input);
        let after = self.desk.view();

        self.nothing_without_a_yes(&allowed, &effects);
        self.order_within_a_batch(&effects);
        // What time alone brings about shows little that is new, and happens most.
        if !is_routine || self.chance.one_in(4) {
            self.no_secret_is_readable(&effects);
        }
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
        self.saved_is_what_is_known(&effects);
        self.no_link_stays_behind(&effects);
        self.secrets_are_kept_until_nobody_needs_them(&effects);
        self.confirmed_is_true(&after);
        self.no_busy_loop(woke);

        let shown = after.question.as_ref().map(id_of);
        if shown != self.question_since.as_ref().map(|(id, _)| id.clone()) {
            let old = self.question_since.take();
            self.old_questions.extend(old.map(|(id, _)| id));
            self.question_since = shown.map(|id| (id, now));
        }
        // Now and then the program is killed, and of all that it wanted only the first is done.
        let killed = self.chance.one_in(400);
        for effect in effects {
            if !killed || matches!(effect, Effect::Save(_)) {
                self.perform(effect);
            }
        }
        if killed {
            self.restart();
        }
    }

    /// The program ends, at whatever moment, and starts again with what is on disk.
    fn restart(&mut self) {
        self.count("restarted");
        self.log.push_back(format!("{} -- restart --", self.desk.now));
        self.under_way.clear();
        self.post.restart();
        self.looks = Looks::default();
        self.permits.clear();
        self.asked_for.clear();
        self.window = false;
        let saved = serde_json::from_str(&self.on_disk).unwrap();
        let restarts = self.lived.get("restarted").copied().unwrap_or_default();
        let installation = Installation { boot_id: format!("boot-{restarts}"), ..setting() };
        self.desk.companion = Companion::new(installation, saved);
        self.forget_the_run();
        self.give(Input::Started { quietly: true });
        self.give(Input::Surveyed(Box::new(super::launching::installed())));
        self.look();
    }

    /// What a companion that begins anew does not know any more.
    fn forget_the_run(&mut self) {
        self.old_questions.extend(self.question_since.take().map(|(id, _)| id));
        self.outages.clear();
        self.failure_toasts.clear();
        self.reported.clear();
        self.looked = false;
        self.wakes_in_a_row = (self.desk.now, 0);
    }

    fn question_is_over(&self, now: Timestamp) -> bool {
        self.question_since
            .as_ref()
            .is_some_and(|(_, since)| now.duration_since(*since) >= SignedDuration::from_mins(10))
    }
}

#[test]
fn random_hours_break_no_promise() {
    let mut lived: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..SEEDS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
            for connection in world.desk.view().connections {
                world.count(&format!("{:?}", connection.status));
                if let Some(link) = connection.link {
                    world.count(&format!("{:?}", link.stage));
                }
            }
        }
        for (what, times) in world.lived {
            *lived.entry(what).or_default() += times;
        }
    }
    // A simulation in which nothing happens would keep every promise.
    for (what, least) in LIVED {
        let times = lived.get(what).copied().unwrap_or_default();
        assert!(times >= least, "{what}: {times} times only, of {lived:?}");
    }
}

#[test]
fn every_simulated_desk_recovers_once_everything_works() {
    for seed in 1_000..1_020 {
        // Given a desk that has seen everything
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        // When all is put in order, and a while passes
        (world.vault, world.quickbooks, world.web_connector, world.network) =
            (VaultState::Working, true, true, true);
        world.in_order = true;
        for vendor in &mut world.vendors {
            vendor.fault = None;
            vendor.states.values_mut().for_each(|state| *state = RemoteState::Healthy);
        }
        world.look();
        // And a backend that asked for silence has had it
        if let Some(until) = world.post.quiet_until() {
            world.pass(until.duration_since(world.desk.now).max(SignedDuration::ZERO));
        }
        world.pass(SignedDuration::from_mins(40));
        // Then every connection that a backend tells of is healthy
        let view = world.desk.view();
        for connection in view.connections.iter().filter(|c| !c.id.as_str().starts_with("link-")) {
            let found = format!("not healthy although all is in order: {connection:?}");
            world.check(connection.status == Status::Healthy, &found);
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

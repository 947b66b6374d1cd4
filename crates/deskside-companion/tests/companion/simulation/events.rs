//! The events of the simulation.

use deskside_companion::{Action, Input, Settings};
use deskside_model::evidence::{Fault, RemoteState};
use deskside_model::vault::VaultState;
use deskside_model::{Command, Secret};
use jiff::SignedDuration;

use super::World;
use crate::world::*;

impl World {
    pub(super) fn step(&mut self) {
        match self.chance.below(104) {
            0..3 => self.somebody_links_this_computer(),
            3..10 => self.a_link_arrives(),
            10..30 => self.an_answer_arrives(),
            30..40 => self.a_button_is_used(),
            40..48 => {
                self.quickbooks = !self.quickbooks || !self.chance.one_in(4);
                if self.quickbooks || self.chance.one_in(2) {
                    self.look();
                } else {
                    self.a_program_ends();
                }
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
                    VaultState::Forbidden,
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
            88 => self.the_computer_sleeps(),
            89 => self.somebody_is_interrupted(),
            90 => self.restart(),
            91 => self.the_clock_is_set_back(),
            92..95 => self.something_new_is_connected(),
            95 => self.the_computer_is_signed_out(),
            100..102 => self.the_screen_is_locked_or_unlocked(),
            102..104 => self.the_plug_is_pulled_or_put_in(),
            _ => self.give(Input::User(Action::Refresh)),
        }
        let seconds = self.chance.of(&[0, 1, 1, 2, 5, 12, 30, 100, 300]);
        self.pass(SignedDuration::from_secs(seconds));
        self.no_report_is_stuck();
    }

    fn a_link_arrives(&mut self) {
        self.links += 1;
        let number = self.links;
        let text = match self.chance.below(10) {
            0 => connect_link(number),
            // Possibly clicked before.
            1 => connect_link(1 + self.chance.below(number.into()) as u32),
            2 => enroll_link(KNOWN_HOST, number),
            3 => enroll_link(OTHER_HOST, number),
            4 => format!("deskside://connect?link=https://evil.example/SECRET{number}"),
            5 => "deskside://return?state=made-up".into(),
            6 | 9 => {
                let state = self.states.last().cloned().unwrap_or_else(|| "none".into());
                format!("deskside://return?state={state}")
            }
            7 => super::super::route::RUTTER.into(),
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

    /// A complete connection, as far as the simulated world allows it.
    pub(super) fn somebody_links_this_computer(&mut self) {
        self.links += 1;
        let host = self.chance.of(&[KNOWN_HOST, KNOWN_HOST, OTHER_HOST]);
        let text = enroll_link(host, self.links);
        self.give(Input::LinkArrived(Secret::new(text)));
        for _ in 0..2 {
            let question = self.desk.question_or_none();
            let answer = Action::Answer { question, yes: true, started_here: true };
            self.give(Input::User(answer));
            self.pass(SignedDuration::from_secs(4));
        }
    }

    fn an_answer_arrives(&mut self) {
        let current = self.desk.question_or_none();
        let question = match self.chance.below(8) {
            0 => self.old_questions.last().cloned().unwrap_or_else(|| "none".into()),
            1 => "made-up".into(),
            _ => current,
        };
        if self.chance.one_in(8) {
            // The computer sleeps during the question; the answer is the first input afterwards.
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
        let commands = [
            Command::Check,
            Command::Check,
            Command::OpenLink,
            Command::OpenLink,
            Command::GoOn,
            Command::GoOn,
            Command::GoOn,
            Command::CancelLink,
            Command::StopSyncing,
            Command::CopyDetails,
            Command::OpenQuickBooks,
            Command::StartWebConnector,
        ];
        let command =
            if self.chance.one_in(12) { Command::Remove } else { self.chance.of(&commands) };
        let connection = connections[at].id.clone();
        self.give(Input::User(Action::Use { connection, command }));
    }

    /// The user accepts a link while QuickBooks is closed, and the program ends before it opens.
    fn somebody_is_interrupted(&mut self) {
        self.quickbooks = false;
        self.look();
        self.links += 1;
        self.give(Input::LinkArrived(Secret::new(connect_link(self.links))));
        let question = self.desk.question_or_none();
        self.give(Input::User(Action::Answer { question, yes: true, started_here: true }));
        self.pass(SignedDuration::from_secs(4));
        if self.chance.one_in(2) {
            self.restart();
        }
        for connection in self.desk.view().connections {
            let command = if self.chance.one_in(4) { Command::CancelLink } else { Command::GoOn };
            self.give(Input::User(Action::Use { connection: connection.id, command }));
        }
    }

    fn something_new_is_connected(&mut self) {
        self.window = true;
        self.give(Input::WindowShown(true));
        self.pass(SignedDuration::from_secs(4));
        let sources = self.desk.view().sources;
        let offering = sources.iter().find(|source| !source.integrations.is_empty());
        let Some(source) = offering.map(|source| source.id.clone()) else { return };
        for _ in 0..2 {
            let source = source.clone();
            self.give(Input::User(Action::Connect { source, integration: "pqsw".into() }));
        }
    }

    fn the_computer_is_signed_out(&mut self) {
        let Some(source) = self.desk.view().sources.first().map(|source| source.id.clone()) else {
            return;
        };
        self.give(Input::User(Action::SignOut { source }));
    }

    /// Everything planned is dropped, and answers in progress arrive. A correction of a few seconds
    /// drops nothing.
    fn the_clock_is_set_back(&mut self) {
        let is_correction = self.chance.one_in(3);
        let back =
            i64::try_from(1 + self.chance.below(if is_correction { 30 } else { 300 })).unwrap();
        let back = if is_correction {
            SignedDuration::from_secs(back)
        } else {
            SignedDuration::from_mins(back)
        };
        self.log.push_back(format!("{} -- the clock is set back by {back} --", self.desk.now));
        self.desk.now -= back;
        let now = self.desk.now;
        self.next_look();
        self.looks.is_urgent = true;
        if !is_correction {
            self.set_back = true;
            self.forget_the_run();
        }
        for (then, _) in &mut self.under_way {
            *then = now.min(*then);
        }
        for heard in self.heard.values_mut() {
            heard.healthy_at = heard.healthy_at.map(|then| now.min(then));
            heard.unwell_since = heard.unwell_since.map(|then| now.min(then));
        }
        self.look();
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
        let before = self.desk.now;
        self.desk.now += SignedDuration::from_hours(hours);
        if self.chance.one_in(2) {
            self.give(Input::Slept(before));
            self.sleep_is_remembered(before);
        }
        if self.chance.one_in(2) {
            self.look();
        }
        if self.chance.one_in(2) {
            self.give(Input::Resumed);
        }
    }
}

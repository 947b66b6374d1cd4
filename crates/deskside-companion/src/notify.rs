//! Which changes deserve a notification: one when an outage begins, one when it ends, and only if
//! the beginning was told. Nothing is told twice, nothing is told to somebody who is looking.

use std::collections::BTreeMap;

use deskside_health::{Code, Verdict, words};
use deskside_text::{self as text, Words};
use jiff::{SignedDuration, Timestamp};

use super::Companion;
use super::input::Toast;
use super::known::Outage;

/// The same cause is not announced again within this time: what comes and goes must not nag.
const QUIET_FOR: SignedDuration = SignedDuration::from_mins(10);

/// When each cause was last announced.
#[derive(Debug, Default)]
pub(super) struct NotificationThrottle {
    announced: BTreeMap<Code, Timestamp>,
}

impl NotificationThrottle {
    fn allows(&mut self, code: Code, now: Timestamp) -> bool {
        let quiet = |then: &Timestamp| now.duration_since(*then) < QUIET_FOR;
        if self.announced.get(&code).is_some_and(quiet) {
            return false;
        }
        self.announced.insert(code, now);
        true
    }
}

/// A cause that is told, and whom it concerns.
struct Begun {
    code: Code,
    words: Words,
    name: String,
    /// How many connections more.
    others: u32,
}

impl Begun {
    /// Whoever has one connection knows which one is meant.
    fn toast(self, is_only_one: bool) -> Toast {
        let Words { title, cause, .. } = self.words;
        let title = match self.others {
            _ if is_only_one => title,
            0 => text::named(&self.name, &title),
            others => text::named(&text::name_and_more(others, &self.name), &title),
        };
        Toast { title, body: cause }
    }
}

impl Companion {
    /// Judges every connection and answers what the user must be told. A cause that several
    /// connections share is told once.
    pub(super) fn conclude(&mut self, now: Timestamp) -> Vec<Toast> {
        self.known.judge(now, &self.machine);
        let may_tell = self.known.saved.settings.notifications && !self.window_shown;
        let mut begun: Vec<Begun> = Vec::new();
        let mut recovered: Vec<String> = Vec::new();

        let ids: Vec<_> = self.known.all().map(|(c, _)| (c.id.clone(), c.name())).collect();
        let is_only_one = ids.len() == 1;
        for (id, name) in ids {
            let Some(state) = self.known.state_mut(&id) else { continue };
            match (state.judged.verdict, state.judged.roots.first(), state.outage) {
                (Verdict::Problem, Some(root), None) => {
                    let code = root.problem.code;
                    let told = begun.iter_mut().find(|told| told.code == code);
                    let announced = if let Some(told) = told {
                        told.others += 1;
                        true
                    } else if may_tell && self.hush.allows(code, now) {
                        let words = words(&root.problem);
                        begun.push(Begun { code, words, name, others: 0 });
                        true
                    } else {
                        false
                    };
                    state.outage = Some(Outage { cause: code, announced });
                }
                (Verdict::Healthy | Verdict::Ready, _, Some(outage)) => {
                    state.outage = None;
                    if outage.announced {
                        tracing::info!(cause = outage.cause.text(), "an announced outage is over");
                        recovered.push(name);
                    }
                }
                // Waiting and unknown neither begin nor end an outage.
                (
                    Verdict::Healthy
                    | Verdict::Ready
                    | Verdict::Waiting
                    | Verdict::Unknown
                    | Verdict::Problem,
                    _,
                    _,
                ) => {}
            }
        }
        let mut toasts: Vec<Toast> =
            begun.into_iter().map(|told| told.toast(is_only_one)).collect();
        if may_tell && !recovered.is_empty() {
            let words = text::working_again(&recovered.join(", "));
            toasts.push(Toast { title: words.title, body: words.cause });
        }
        toasts
    }
}

//! Which changes get a notification: the start of an outage, and its end if the start was announced.
//! Nothing is announced twice, and nothing while the window is open.

use std::collections::BTreeMap;

use deskside_health::{Code, Verdict, words};
use deskside_text::{self as text, Words};
use jiff::{SignedDuration, Timestamp};

use super::connections::{Connections, Outage};
use crate::input::Toast;

/// The same cause is not announced again within this time, so that a flapping one does not nag.
const QUIET_FOR: SignedDuration = SignedDuration::from_mins(10);

/// When each cause was last announced.
#[derive(Debug, Default)]
pub(super) struct NotificationThrottle {
    announced: BTreeMap<Code, Timestamp>,
}

impl NotificationThrottle {
    /// Takes in the verdicts on every connection and returns the notifications; none unless `may_tell`.
    /// A cause that several connections share is announced once.
    pub(super) fn handle_verdicts(
        &mut self,
        now: Timestamp,
        may_tell: bool,
        connections: &mut Connections,
    ) -> Vec<Toast> {
        let mut started: Vec<NewOutage> = Vec::new();
        let mut recovered: Vec<String> = Vec::new();

        let ids: Vec<_> = connections.all().map(|(c, _)| (c.id.clone(), c.name())).collect();
        let is_only_one = ids.len() == 1;
        for (id, name) in ids {
            let Some(state) = connections.state_mut(&id) else { continue };
            match (state.judged.verdict, state.judged.roots.first(), state.outage) {
                (Verdict::Problem, Some(root), None) => {
                    let code = root.problem.code;
                    let told = started.iter_mut().find(|told| told.code == code);
                    let announced = if let Some(told) = told {
                        told.others += 1;
                        true
                    } else if may_tell && self.allows(code, now) {
                        let words = words(&root.problem);
                        started.push(NewOutage { code, words, name, others: 0 });
                        true
                    } else {
                        false
                    };
                    state.outage = Some(Outage { cause: code, announced });
                }
                (Verdict::Healthy | Verdict::Ready, _, Some(outage)) => {
                    state.outage = None;
                    if outage.announced {
                        tracing::info!(cause = outage.cause.text(), "announced outage over");
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
            started.into_iter().map(|told| told.toast(is_only_one)).collect();
        if may_tell && !recovered.is_empty() {
            let words = text::working_again(&recovered.join(", "));
            toasts.push(Toast { problem: None, title: words.title, body: words.cause });
        }
        toasts
    }

    fn allows(&mut self, code: Code, now: Timestamp) -> bool {
        let quiet = |then: &Timestamp| now.duration_since(*then) < QUIET_FOR;
        if self.announced.get(&code).is_some_and(quiet) {
            return false;
        }
        self.announced.insert(code, now);
        true
    }
}

/// The start of an outage, and which connections it affects.
struct NewOutage {
    code: Code,
    words: Words,
    name: String,
    /// How many other connections it affects.
    others: u32,
}

impl NewOutage {
    /// With a single connection the toast does not name it.
    fn toast(self, is_only_one: bool) -> Toast {
        let Words { title, cause, .. } = self.words;
        let title = match self.others {
            _ if is_only_one => title,
            0 => text::named(&self.name, &title),
            others => text::named(&text::name_and_more(others, &self.name), &title),
        };
        Toast { problem: Some(self.code), title, body: cause }
    }
}

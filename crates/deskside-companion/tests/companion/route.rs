//! Shared by the tests of links: requesting, keeping, opening and returning.

use deskside_companion::{Action, Companion, Effect, Input, LinkStage, SavedState, Settings};
use deskside_model::connection::{Account, Connection, Mode, Origin};
use deskside_model::evidence::run::{Run, RunOutcome};
use deskside_model::evidence::{Finding, RemoteState, RemoteStatus, Sync};
use deskside_model::exchange::{ConnectionReport, Source};
use deskside_model::link::{AttemptOutcome, LinkAttempt, Provider, ReturnOutcome as Said};
use deskside_model::{AttemptId, ConnectionId, Secret};
use jiff::{SignedDuration, Timestamp};

use super::world::*;

pub(crate) const LINK: &str = "https://connect.conductor.is/qbd/SECRETLINK1";
pub(crate) const RUTTER: &str = "deskside://connect?link=https://link.rutterapi.com/SECRETRUTTER";

/// A companion after a restart: the saved state has been written to disk and read back as
/// text.
pub(crate) fn restarted(saved: &SavedState, now: Timestamp) -> Desk {
    let text = serde_json::to_string(saved).unwrap();
    let mut desk = Desk::new(serde_json::from_str(&text).unwrap());
    desk.now = now;
    desk.start();
    desk
}

/// An agreed link from outside that is kept because QuickBooks is closed; the saved state,
/// and the link's name in the vault.
pub(crate) fn kept_back(desk: &mut Desk, link: &str) -> (SavedState, String) {
    desk.give(seen(false, true, true));
    desk.link(link);
    let effects = desk.say(true, false);
    assert_eq!(opened(&effects), Vec::<&str>::new(), "opened although a check fails");
    let (name, _) = kept(&effects).pop().unwrap();
    (saved(&effects).unwrap(), name)
}

/// The links that a batch keeps: name and content.
pub(crate) fn kept(effects: &[Effect]) -> Vec<(String, String)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::KeepLink { name, link } => Some((name.clone(), link.reveal().to_owned())),
            _ => None,
        })
        .collect()
}

/// The link that a batch takes out of the vault: connection, attempt and name.
pub(crate) fn taken(effects: &[Effect]) -> Option<(ConnectionId, AttemptId, String)> {
    effects.iter().find_map(|effect| match effect {
        Effect::TakeLink { connection, attempt, name } => {
            Some((connection.clone(), attempt.clone(), name.clone()))
        }
        _ => None,
    })
}

/// What a batch deletes from the vault.
pub(crate) fn forgotten(effects: &[Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::ForgetSecret(name) => Some(name.as_str()),
            _ => None,
        })
        .collect()
}

/// How many polls a batch starts.
pub(crate) fn questions(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::AskStatus(_))).count()
}

/// The whole state of a companion, for comparison.
pub(crate) fn whole(companion: &Companion) -> String {
    format!("{companion:?}")
}

/// The last saved link attempt of a connection.
pub(crate) fn life(saved: &SavedState, id: impl AsRef<str>) -> Option<LinkAttempt> {
    let id = id.as_ref();
    saved.connections.iter().find(|connection| connection.id == id)?.link.clone()
}

/// A new companion with one connection of a backend and its open link, of the given
/// provider; and the fetch with the state that the browser returns.
pub(crate) fn out_of(provider: Provider) -> (Desk, Fetch) {
    let connection = Connection { provider: Some(provider), ..connection_of("dev-1", "conn-1") };
    let saved = SavedState {
        connections: vec![connection],
        devices: vec![device("dev-1", KNOWN_HOST)],
        ..SavedState::default()
    };
    let mut desk = Desk::with(saved);
    let fetch = open_one(&mut desk, "conn-1", provider);
    (desk, fetch)
}

/// Requests a link of a connection, which is then issued and opened.
pub(crate) fn open_one(desk: &mut Desk, connection: impl AsRef<str>, provider: Provider) -> Fetch {
    let fetch = desk.want_link(connection);
    let profile = provider.profile();
    let (host, word) = (profile.hosts[0], profile.only_below.unwrap_or("x"));
    let url = format!("https://{host}/{word}/SECRET{}", fetch.attempt);
    let effects = desk.answer_fetch(&fetch, Ok(fresh(&url, None)));
    assert_eq!(opened(&effects), [url], "not opened");
    fetch
}

/// Something that happens, and its name.
pub(crate) type Turn<T> = (T, fn(&mut Desk, &Fetch));

impl Desk {
    /// The current saved state.
    pub(crate) fn remembered(&mut self) -> SavedState {
        let notifications = !self.view().settings.notifications;
        let settings = Settings { notifications };
        saved(&self.give(Input::User(Action::Change { settings }))).unwrap()
    }

    pub(crate) fn stage(&self, connection: impl AsRef<str>) -> Option<LinkStage> {
        self.link_of(connection).map(|link| link.stage)
    }

    /// Which of the visible steps are done.
    pub(crate) fn done(&self, connection: impl AsRef<str>) -> Vec<bool> {
        let link = self.link_of(connection);
        link.map(|link| link.steps.iter().map(|step| step.done).collect()).unwrap_or_default()
    }

    /// The browser returns from the web page.
    pub(crate) fn come_back(&mut self, state: &str, said: &[(&str, &str)]) -> Vec<Effect> {
        let said = said
            .iter()
            .map(|(name, value)| ((*name).into(), Secret::new((*value).into())))
            .collect();
        self.give(Input::CameBack { state: Secret::new(state.into()), said })
    }

    /// The backend of `dev-1` reports the status of `conn-1`.
    pub(crate) fn tell(&mut self, status: RemoteStatus) -> Vec<Effect> {
        let answer = Ok(vec![ConnectionReport { status, ..told("conn-1", RemoteState::Unknown) }]);
        self.give(Input::StatusReceived { source: source(), answer, pause: None })
    }

    /// The backend of `dev-1` reports that `conn-1`, of this provider, was never set up.
    pub(crate) fn tell_not_set_up(&mut self, provider: Provider) -> Vec<Effect> {
        let told = told("conn-1", RemoteState::NotSetUp);
        let answer = Ok(vec![ConnectionReport { provider: Some(provider), ..told }]);
        self.give(Input::StatusReceived { source: source(), answer, pause: None })
    }

    /// The newest run of each application in the Web Connector's log.
    pub(crate) fn sync(&mut self, runs: &[(&str, Timestamp, RunOutcome)]) -> Vec<Effect> {
        let run = |(app, at, outcome): &(&str, Timestamp, RunOutcome)| Run {
            app: Some((*app).into()),
            host: None,
            started: Some(*at),
            ended: Some(*at),
            seen: None,
            by_hand: None,
            outcome: outcome.clone(),
        };
        let runs: Vec<Run> = runs.iter().map(run).collect();
        self.give(Input::Synced(Finding::Known(Sync::of(&runs))))
    }

    pub(crate) fn after(&self, minutes: i64) -> Timestamp {
        self.now + SignedDuration::from_mins(minutes)
    }
}

pub(crate) fn source() -> Source {
    Source::Backend("dev-1".into())
}

/// How a return outcome ends a link, if it does.
pub(crate) const fn ends(said: Said) -> Option<AttemptOutcome> {
    match said {
        Said::Cancelled => Some(AttemptOutcome::Cancelled),
        Said::Expired => Some(AttemptOutcome::Expired),
        Said::Failed => Some(AttemptOutcome::Failed),
        Said::Unsupported => Some(AttemptOutcome::Unsupported),
        Said::Success | Said::Already | Said::Unsaid => None,
    }
}

/// A connection to Codat with this business's own key.
pub(crate) fn direct_codat() -> Connection {
    Connection {
        id: "direct-1".into(),
        company: None,
        provider: Some(Provider::Codat),
        mode: Mode::Unattended,
        origin: Origin::Direct {
            account: Account::Codat {
                company: "company-1".into(),
                connection: None,
                platform: "pqsw".into(),
            },
            base_url: None,
        },
        link: None,
    }
}

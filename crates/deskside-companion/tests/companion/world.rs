//! Shared by all tests: a companion whose clock, chance and inputs the test controls.

use std::sync::Arc;

use deskside_companion::delivery::{DeliveryAnswer, outcome};
use deskside_companion::report::ReportKind;
use deskside_companion::{
    Action, Companion, ConnectionView, Context, Effect, Input, Installation, LinkView, Question,
    SavedState, View,
};
use deskside_health::Verdict;
use deskside_model::connection::{Connection, Device, Mode, Origin};
use deskside_model::evidence::{
    Fault, Finding, Instance, Network, Presence, RemoteState, RemoteStatus, RunningPrograms, Screen,
};
use deskside_model::exchange::{ConnectionReport, Enrollment, FreshLink, Source};
use deskside_model::link::{BackendUrl, KnownBackend, Provider, Trust};
use deskside_model::vault::VaultState;
use deskside_model::{AttemptId, Command, ConnectionId, QuestionId, Secret};
use jiff::{SignedDuration, Timestamp};

pub(crate) const KNOWN_HOST: &str = "app.acme.example";
pub(crate) const OTHER_HOST: &str = "books.example";

pub(crate) fn setting() -> Installation {
    let backends = vec![KnownBackend { host: KNOWN_HOST.into(), name: "Acme Books".into() }];
    Installation {
        trust: Trust { backends, ..Trust::default() },
        computer: "front-desk".into(),
        boot_id: "boot".into(),
    }
}

pub(crate) fn connect_link(number: u32) -> String {
    format!("deskside://connect?link=https://connect.conductor.is/qbd/SECRETLINK{number}")
}

pub(crate) fn enroll_link(host: &str, number: u32) -> String {
    format!("deskside://enroll?backend=https://{host}&code=SECRETCODE{number}")
}

pub(crate) fn backend(host: &str) -> BackendUrl {
    serde_json::from_value(format!("https://{host}/").into()).unwrap()
}

pub(crate) fn device(id: &str, host: &str) -> Device {
    Device {
        id: id.into(),
        backend: backend(host),
        account: "Acme Ltd".into(),
        heartbeat_seconds: 300,
        rejected: false,
        reports_refused: false,
    }
}

pub(crate) fn connection_of(device: &str, id: &str) -> Connection {
    Connection {
        id: id.into(),
        company: Some("Rossi Imports".into()),
        provider: Some(Provider::Conductor),
        mode: Mode::Attended,
        origin: Origin::Backend { device: device.into() },
        link: None,
    }
}

pub(crate) fn told(id: &str, state: RemoteState) -> ConnectionReport {
    ConnectionReport {
        id: id.into(),
        company: Some("Rossi Imports".into()),
        provider: Some(Provider::Conductor),
        mode: Mode::Attended,
        status: RemoteStatus { state, ..RemoteStatus::default() },
    }
}

pub(crate) fn running(yes: bool) -> Finding<Presence> {
    if yes {
        let main = serde_json::from_value(serde_json::json!({"company": "Rossi Imports"})).unwrap();
        let screen = Finding::Known(Screen { main: Some(main), ..Screen::default() });
        let instances = vec![Instance { screen, ..Instance::default() }];
        Finding::Known(Presence { own_session: 1, instances, ..Presence::default() })
    } else {
        Finding::Absent
    }
}

pub(crate) fn seen(quickbooks: bool, web_connector: bool, network: bool) -> Input {
    Input::Observed {
        running: RunningPrograms {
            quickbooks: running(quickbooks),
            web_connector: running(web_connector),
            ..RunningPrograms::default()
        },
        network: if network { Finding::Known(Network { interfaces: 1 }) } else { Finding::Absent },
    }
}

/// A companion and its current time.
pub(crate) struct Desk {
    pub(crate) companion: Companion,
    pub(crate) now: Timestamp,
    inputs: u64,
}

impl Desk {
    pub(crate) fn new(saved: SavedState) -> Self {
        let now = "2026-11-20T08:00:00Z".parse().unwrap();
        Self { companion: Companion::new(setting(), saved), now, inputs: 0 }
    }

    /// A desk where everything runs, and nothing is connected yet.
    pub(crate) fn at_work() -> Self {
        Self::with(SavedState::default())
    }

    pub(crate) fn with(saved: SavedState) -> Self {
        let mut desk = Self::new(saved);
        desk.start();
        desk
    }

    /// The program starts where everything runs.
    pub(crate) fn start(&mut self) {
        self.give(Input::Started { quietly: true });
        self.give(Input::VaultTried(VaultState::Working));
        self.give(seen(true, true, true));
    }

    /// A desk with one backend whose one connection works.
    pub(crate) fn connected() -> Self {
        let saved = SavedState {
            connections: vec![connection_of("dev-1", "conn-1")],
            devices: vec![device("dev-1", KNOWN_HOST)],
            ..SavedState::default()
        };
        let mut desk = Self::with(saved);
        desk.answer_status(Ok(RemoteState::Healthy));
        desk
    }

    pub(crate) fn give(&mut self, input: Input) -> Vec<Effect> {
        self.inputs += 1;
        let mut entropy = [7; 32];
        entropy[..8].copy_from_slice(&self.inputs.to_be_bytes());
        self.companion.handle(Context::new(self.now, entropy), input)
    }

    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    /// Lets time pass, waking the companion whenever it wants to be woken.
    pub(crate) fn live(&mut self, seconds: i64) -> Vec<Effect> {
        let end = self.now + SignedDuration::from_secs(seconds);
        let (mut effects, mut rounds) = (Vec::new(), 0);
        while let Some(wake) = self.companion.next_wake().filter(|wake| *wake <= end) {
            self.now = self.now.max(wake);
            effects.extend(self.give(Input::Woke));
            rounds += 1;
            assert!(rounds < seconds.max(100), "woken endlessly for {wake}");
        }
        self.now = end;
        effects
    }

    /// The computer wakes up, and settles.
    pub(crate) fn wake_up(&mut self) -> Vec<Effect> {
        let mut effects = self.give(Input::Resumed);
        effects.extend(self.live(5));
        effects
    }

    pub(crate) fn view(&self) -> View {
        self.companion.view()
    }

    pub(crate) fn link(&mut self, text: impl Into<String>) -> Vec<Effect> {
        self.give(Input::LinkArrived(Secret::new(text.into())))
    }

    pub(crate) fn answer_status(&mut self, answer: Result<RemoteState, Fault>) -> Vec<Effect> {
        let answer = answer.map(|state| vec![told("conn-1", state)]);
        self.give(Input::StatusReceived {
            source: Source::Backend("dev-1".into()),
            answer,
            pause: None,
        })
    }

    pub(crate) fn question(&self) -> Option<QuestionId> {
        self.view().question.map(|question| id_of(&question))
    }

    /// The question that is shown; without one, an identifier that no question has.
    pub(crate) fn question_or_none(&self) -> QuestionId {
        self.question().unwrap_or_else(|| "none".into())
    }

    /// Answers the question that is shown.
    pub(crate) fn say(&mut self, yes: bool, started_here: bool) -> Vec<Effect> {
        let question = self.question_or_none();
        self.give(Input::User(Action::Answer { question, yes, started_here }))
    }

    pub(crate) fn use_command(
        &mut self,
        connection: impl AsRef<str>,
        command: Command,
    ) -> Vec<Effect> {
        let connection = connection.as_ref().into();
        self.give(Input::User(Action::Use { connection, command }))
    }

    /// What the window shows of a connection.
    pub(crate) fn connection(&self, id: impl AsRef<str>) -> ConnectionView {
        let id = id.as_ref();
        let found = self.view().connections.into_iter().find(|connection| connection.id == id);
        found.unwrap_or_else(|| panic!("there is no connection {id}"))
    }

    /// What the window shows of a connection's link.
    pub(crate) fn link_of(&self, id: impl AsRef<str>) -> Option<LinkView> {
        self.connection(id).link
    }

    /// Clicks the command that requests a link of a connection.
    pub(crate) fn want_link(&mut self, connection: impl AsRef<str>) -> Fetch {
        let effects = self.use_command(connection, Command::OpenLink);
        fetched(&effects).unwrap_or_else(|| panic!("no link was requested: {effects:?}"))
    }

    /// Answers the request for a link.
    pub(crate) fn answer_fetch(
        &mut self,
        fetch: &Fetch,
        answer: Result<FreshLink, Fault>,
    ) -> Vec<Effect> {
        let Fetch { connection, attempt, state } = fetch.clone();
        self.give(Input::LinkFetched { connection, attempt, state: Secret::new(state), answer })
    }

    /// Completes an enrollment; the device is `id`.
    pub(crate) fn enroll(
        &mut self,
        host: &str,
        id: &str,
        connections: Vec<ConnectionReport>,
    ) -> Vec<Effect> {
        self.link(enroll_link(host, 1));
        self.say(true, true);
        let question = self.question_or_none();
        self.give(Input::AccountReceived { question, answer: Ok("Acme Ltd".into()) });
        let asked = self.say(true, true);
        let question = self.question_or_none();
        assert!(asked.iter().any(|e| matches!(e, Effect::Enroll { .. })), "{asked:?}");
        let enrolled = Enrollment { device: device(id, host), connections };
        self.give(Input::Enrolled { question, answer: Ok(enrolled) })
    }
}

pub(crate) fn id_of(question: &Question) -> QuestionId {
    match question {
        Question::OpenLink { id, .. }
        | Question::Enroll { id, .. }
        | Question::Working { id, .. }
        | Question::ConfirmAccount { id, .. } => id.clone(),
    }
}

/// A requested link.
#[derive(Clone, Debug)]
pub(crate) struct Fetch {
    pub(crate) connection: ConnectionId,
    pub(crate) attempt: AttemptId,
    pub(crate) state: String,
}

/// The link that a batch requests.
pub(crate) fn fetched(effects: &[Effect]) -> Option<Fetch> {
    effects.iter().find_map(|effect| match effect {
        Effect::FetchLink { connection, attempt, state, .. } => Some(Fetch {
            connection: connection.id.clone(),
            attempt: attempt.clone(),
            state: state.reveal().to_owned(),
        }),
        _ => None,
    })
}

/// A link as its issuer returns it.
pub(crate) fn fresh(url: &str, until: Option<Timestamp>) -> FreshLink {
    FreshLink { url: Secret::new(url.into()), until, single_use: None }
}

/// What the newest batch saves.
pub(crate) fn saved(effects: &[Effect]) -> Option<SavedState> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Save(saved) => Some(saved.clone()),
        _ => None,
    })
}

/// The code of the first connection's problem.
pub(crate) fn problem(desk: &Desk) -> Option<&'static str> {
    desk.view().connections.first()?.problem.as_ref().map(|problem| problem.code.text())
}

/// The codes of all notices.
pub(crate) fn notices(desk: &Desk) -> Vec<String> {
    desk.view().notices.into_iter().map(|notice| notice.code).collect()
}

/// Each report of a batch: why, which one and the first connection's verdict.
pub(crate) fn reports(effects: &[Effect]) -> Vec<(ReportKind, u64, Verdict)> {
    let report = |effect: &Effect| match effect {
        Effect::Report { report, .. } => {
            Some((report.kind, report.seq, report.connections.first()?.verdict))
        }
        _ => None,
    };
    effects.iter().filter_map(report).collect()
}

/// The click that signs this computer out of a backend.
pub(crate) fn sign_out(device: &str) -> Input {
    Input::User(Action::SignOut { source: format!("backend:{device}") })
}

/// Nobody could be told that a device leaves.
pub(crate) fn could_not_leave(device: &str) -> Input {
    Input::LeaveAnswered { device: device.into(), answer: Err(Fault::Unreachable) }
}

/// A report was sent and answered with this status, or not at all.
pub(crate) fn report_answered(device: &str, status: Option<u16>) -> Input {
    let answer = DeliveryAnswer::only(outcome(status, None));
    Input::ReportAnswered { device: device.into(), report: "report-1".into(), answer }
}

/// The links that a batch opens.
pub(crate) fn opened(effects: &[Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::OpenBrowser { link, .. } => Some(link.reveal()),
            _ => None,
        })
        .collect()
}

/// The titles of a batch's notifications.
pub(crate) fn toasts(effects: &[Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Toast(toast) => Some(toast.title.as_str()),
            _ => None,
        })
        .collect()
}

/// The one code that a batch sends somewhere.
pub(crate) fn sent_codes(effects: &[Effect]) -> Vec<Arc<Secret>> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::AskAccount { code, .. } | Effect::Enroll { code, .. } => Some(Arc::clone(code)),
            _ => None,
        })
        .collect()
}

/// Everything that a companion shows or reports.
pub(crate) fn readable(companion: &Companion, now: Timestamp, effects: &[Effect]) -> String {
    let view = companion.view();
    let mut text =
        format!("{effects:?} {companion:?} {view:?} {:?}", deskside_companion::tray(&view));
    text.push_str(&serde_json::to_string(&view).unwrap());
    text.push_str(&serde_json::to_string(&companion.summary()).unwrap());
    text.push_str(&serde_json::to_string(&companion.evidence(now)).unwrap());
    for connection in &view.connections {
        text.push_str(&companion.details(&connection.id).unwrap_or_default());
    }
    for effect in effects {
        match effect {
            Effect::Save(saved) => text.push_str(&serde_json::to_string(saved).unwrap()),
            Effect::Report { device, report } => {
                text.push_str(&deskside_companion::report::envelope(device, report).unwrap());
            }
            _ => {}
        }
    }
    text
}

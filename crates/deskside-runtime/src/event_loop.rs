//! The loop of a running companion: takes in what happens, lets the companion decide, performs that.

#[cfg(test)]
mod command;
mod deliver;
mod perform;
mod probes;
mod receiver;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use deskside_companion::{Action, Companion, Context, Effect, Input, Installation, Probe, View};
use deskside_model::evidence::run::Run;
use deskside_model::exchange::{Source, SurveyResult};
use deskside_model::{Command, Secret};
use deskside_net::{Http, ProviderRefusal};
use deskside_os::clock::{ClockReading, ElapsedTime};
use deskside_os::policy::{self, PolicyFault};
use deskside_os::probe::Survey;
use deskside_os::qwc_log::{self, Tail};
use deskside_os::vault::Vault;
use jiff::{SignedDuration, Timestamp};
use probes::Probes;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::control::{self, CheckResult, Claim, Listener, Request};
use crate::look;
use crate::pictures::Pictures;
use crate::shell::{Inbox, Message, Outlet, Shell};
use crate::store::{Store, StoreFault};

/// The system does not announce that the clock was set. To notice it, no sleep is longer than this.
const LONGEST_SLEEP: SignedDuration = SignedDuration::from_mins(5);

/// How long an ending companion lets visitors read their answers.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// How long an ending companion waits for the vault.
const LAST_VAULT_CHANGES: Duration = Duration::from_secs(2);

/// After a visitor could not come in, for example because too many files are open.
const VISITOR_PAUSE: Duration = Duration::from_millis(100);

/// Why the companion does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// The policy cannot be used.
    #[error(transparent)]
    Policy(#[from] PolicyFault),
    /// Not even a store in memory works.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// The HTTP client cannot be made.
    #[error("the system's certificates cannot be used")]
    Http(#[from] reqwest::Error),
    /// The operating system refused something basic.
    #[error("the operating system refused")]
    System(#[from] std::io::Error),
    /// No random numbers.
    #[error("the operating system gives no random numbers")]
    Chance(#[from] getrandom::Error),
}

/// Runs the companion of the profile in `folder` until it is told to quit.
///
/// # Errors
/// When it cannot start at all.
pub async fn run(
    claim: Claim,
    folder: &Path,
    shell: impl Shell,
    inbox: Inbox,
    outlet: Outlet,
) -> Result<(), StartFault> {
    let (listener, held) = claim.split();
    let runtime = Runtime::new(shell, folder, inbox, Stay::UntilQuit)?;
    runtime.serve(listener, outlet).await;
    // Only now, with everything saved, may another process become the companion.
    drop(held);
    Ok(())
}

/// Runs the companion of the profile in `folder` for one command, until it is told to quit.
///
/// It decides as the one that stays does, but polls no source and tells no backend anything: the
/// answers would come after it has ended. No other process reaches it. A start that meets it waits
/// until it has ended, because a link needs a companion that stays.
///
/// # Errors
/// When it cannot start at all, or when what it must remember could not be saved.
pub async fn run_command(
    claim: Claim,
    folder: &Path,
    shell: impl Shell,
    inbox: Inbox,
    outlet: Outlet,
) -> Result<(), StartFault> {
    let (listener, held) = claim.split();
    drop(listener);
    let runtime = Runtime::new(shell, folder, inbox, Stay::ForOneCommand)?;
    let unsaved = runtime.serve(None, outlet).await;
    drop(held);
    unsaved.map_or(Ok(()), |why| Err(why.into()))
}

/// How long a companion stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stay {
    UntilQuit,
    ForOneCommand,
}

/// What a task beside the runtime brings back.
enum TaskResult {
    Input(Input),
    /// A secret that was read and may be remembered until the program ends: a keyring that is
    /// locked later must not stop what worked.
    Learned(String, Arc<Secret>),
    /// A provider's words on a request of the user.
    Refused(ProviderRefusal),
    Surveyed(Box<(Survey, SurveyResult)>),
    LogRead(Box<Tail>, std::io::Result<Vec<Run>>),
}

struct Runtime<S> {
    stay: Stay,
    shell: S,
    companion: Companion,
    store: Store,
    vault: Vault,
    http: Http,
    pictures: Pictures,
    probes: Probes,
    known_secrets: HashMap<String, Arc<Secret>>,
    /// Browsers that are being started.
    browser_starts: JoinSet<()>,
    /// Writes and deletions in the vault that are under way.
    vault_changes: JoinSet<()>,
    /// Why the newest state is not on disk.
    unsaved: Option<StoreFault>,
    shown: Option<View>,
    /// The clocks at the last input.
    clocks: Option<ClockReading>,
    inbox: Inbox,
    visitors: JoinSet<()>,
    done: mpsc::UnboundedSender<TaskResult>,
    back: mpsc::UnboundedReceiver<TaskResult>,
}

impl<S: Shell> Runtime<S> {
    fn new(shell: S, folder: &Path, inbox: Inbox, stay: Stay) -> Result<Self, StartFault> {
        let (store, saved) = Store::open(folder)?;
        let mut boot = [0_u8; 32];
        getrandom::fill(&mut boot)?;
        let setting = Installation {
            trust: policy::trust()?,
            computer: deskside_os::computer_name(),
            boot_id: Context::new(Timestamp::now(), boot).id(),
        };
        let (done, back) = mpsc::unbounded_channel();
        Ok(Self {
            stay,
            shell,
            companion: Companion::new(setting, saved),
            store,
            vault: Vault::start()?,
            http: Http::new(deskside_os::proxy::proxy_for)?,
            pictures: Pictures::new(folder),
            probes: Probes::new(),
            known_secrets: HashMap::new(),
            browser_starts: JoinSet::new(),
            vault_changes: JoinSet::new(),
            unsaved: None,
            shown: None,
            clocks: None,
            inbox,
            visitors: JoinSet::new(),
            done,
            back,
        })
    }

    /// Serves until the companion is told to quit; returns why its last state is not on disk, if it
    /// is not.
    async fn serve(
        mut self,
        mut listener: Option<Listener>,
        mut outlet: Outlet,
    ) -> Option<StoreFault> {
        if self.stay == Stay::UntilQuit {
            self.pre_enroll();
        }
        let ended = Arc::clone(&self.probes.ended);
        loop {
            let now = Timestamp::now();
            let probe = instant(now, self.companion.next_probe(now));
            let peek = self.probes.next_peek();
            let wake = self.companion.next_wake().map(|then| instant(now, then));
            tokio::select! {
                message = outlet.recv() => match message {
                    Some(Message::Input(input)) => self.handle(input),
                    Some(Message::Request(request, reply)) => {
                        let is_last = matches!(request, Request::Quit);
                        send_answer(reply, self.answer(request));
                        if is_last {
                            break;
                        }
                    }
                    Some(Message::Details(id, reply)) => send_answer(reply, self.companion.details(&id)),
                    Some(Message::Flush(done)) => {
                        self.flush().await;
                        if done.send(()).is_err() {
                            tracing::debug!("the flush is not awaited any more");
                        }
                    }
                    Some(Message::Quit) | None => break,
                },
                Some(done) = self.back.recv() => self.take_back(done),
                visitor = next_visitor(&mut listener) => self.receive(visitor),
                () = sleep_until(probe) => self.probe(),
                () = ended.notified() => self.handle(Input::ProgramEnded),
                () = sleep_until_some(peek) => self.read_log(),
                () = sleep_until_some(wake) => self.handle(Input::Woke),
            }
        }
        tracing::info!("stopping");
        // First, so that visitors whose request was not handled learn it at once and send it again.
        drop((listener, outlet));
        keep_log(&self.store, self.probes.log_unkept());
        let starting = async { while self.browser_starts.join_next().await.is_some() {} };
        if timeout(LAST_ANSWERS, starting).await.is_err() {
            tracing::info!("a browser is still starting");
        }
        // Above all whether a link was opened: a single-use link must not be offered again.
        while let Ok(done) = self.back.try_recv() {
            self.take_back(done);
        }
        self.flush().await;
        let answering = async { while self.visitors.join_next().await.is_some() {} };
        if timeout(LAST_ANSWERS, answering).await.is_err() {
            tracing::debug!("a visitor did not read its answer in time");
        }
        let changing = async { while self.vault_changes.join_next().await.is_some() {} };
        if timeout(LAST_VAULT_CHANGES, changing).await.is_err() {
            tracing::warn!("the vault did not take every change in time");
        }
        self.unsaved
    }

    fn pre_enroll(&mut self) {
        match policy::pre_enrollment() {
            Ok(Some(link)) => self.handle(Input::PreEnrollment(link)),
            Ok(None) => {}
            Err(why) => tracing::error!(%why, "the policy's enrollment cannot be read"),
        }
    }

    /// Makes the probes that are due: the quick ones here, the others where waiting harms nobody.
    fn probe(&mut self) {
        let due = self.companion.due_probes(Timestamp::now());
        if due.contains(&Probe::Programs) {
            for seen in self.probes.look(due.contains(&Probe::Network)) {
                self.handle(seen);
            }
        }
        if due.contains(&Probe::Survey)
            && let Some(mut survey) = self.probes.take_survey()
        {
            let done = self.done.clone();
            tokio::task::spawn_blocking(move || {
                let surveyed = look::survey(&mut survey);
                perform::bring(&done, TaskResult::Surveyed(Box::new((survey, surveyed))));
            });
        }
        if due.contains(&Probe::Log) {
            self.read_log();
        }
    }

    fn read_log(&mut self) {
        if let Some(mut log) = self.probes.take_log(|path| self.store.log(path)) {
            let done = self.done.clone();
            tokio::task::spawn_blocking(move || {
                let runs = log.read_new();
                perform::bring(&done, TaskResult::LogRead(Box::new(log), runs));
            });
        }
    }

    /// Tells the companion an input; before that, that the computer slept since the last one, so that
    /// nothing is judged by what was seen then.
    fn handle(&mut self, input: Input) {
        let reading = ClockReading::now();
        let before = std::mem::replace(&mut self.clocks, reading.clone());
        let elapsed = reading.zip(before).map(|(now, before)| now.since(&before));
        if let Some(slept) = elapsed.and_then(|elapsed| slept(Timestamp::now(), elapsed)) {
            self.decide(slept);
        }
        self.decide(input);
    }

    fn decide(&mut self, input: Input) {
        let mut entropy = [0_u8; 32];
        if let Err(why) = getrandom::fill(&mut entropy) {
            // Identifiers that can be guessed are worse than a missed input.
            tracing::error!(%why, "no random numbers; an input is dropped");
            return;
        }
        for effect in self.companion.handle(Context::new(Timestamp::now(), entropy), input) {
            self.perform(effect);
        }
        let view = self.companion.view();
        if self.shown.as_ref() != Some(&view) {
            self.shell.draw(&view);
            self.shown = Some(view);
        }
    }

    fn take_back(&mut self, done: TaskResult) {
        match done {
            TaskResult::Input(input) => self.handle(input),
            TaskResult::Learned(name, secret) => {
                self.known_secrets.insert(name, secret);
            }
            TaskResult::Refused(refusal) => self.shell.refused(&refusal),
            TaskResult::Surveyed(back) => {
                let (survey, surveyed) = *back;
                let input = self.probes.give_survey(survey, surveyed);
                self.handle(input);
            }
            TaskResult::LogRead(log, runs) => {
                if let Some(input) = self.probes.give_log(*log, runs) {
                    self.handle(input);
                }
                keep_log(&self.store, self.probes.log_to_keep());
            }
        }
    }

    fn receive(&mut self, visitor: std::io::Result<impl Visitor + 'static>) {
        let visitor = match visitor {
            Ok(visitor) => visitor,
            Err(why) => return tracing::warn!(%why, "a visitor could not come in"),
        };
        while self.visitors.try_join_next().is_some() {}
        let inbox = self.inbox.clone();
        self.visitors.spawn(control::serve(visitor, async move |request| {
            let (reply, answer) = oneshot::channel();
            inbox.send(Message::Request(request, reply)).await.ok()?;
            answer.await.ok()
        }));
    }

    /// Handles what another process asks for, and answers with the state or with true.
    fn answer(&mut self, request: Request) -> String {
        let input = match request {
            Request::Summary => return json(&self.companion.summary()),
            Request::Evidence => return json(&self.companion.evidence(Timestamp::now())),
            Request::Quit => return json(&true),
            Request::Link(link) => Input::LinkArrived(link),
            Request::Summon => Input::Summoned,
            Request::Add(connection) => Input::Added(connection),
            Request::OpenLink(connection) => {
                Input::User(Action::Use { connection, command: Command::OpenLink })
            }
            Request::Told(told) => {
                let CheckResult { connection, answer } = *told;
                Input::Checked { connection, answer }
            }
            Request::Forget(id) => Input::Forget(id),
            Request::SignOut(device) => {
                Input::User(Action::SignOut { source: Source::Backend(device).key() })
            }
        };
        self.handle(input);
        json(&true)
    }

    fn perform(&mut self, effect: Effect) {
        if self.stay == Stay::UntilQuit || !is_for_one_that_stays(&effect) {
            perform::perform(self, effect);
        }
    }
}

/// What to tell the companion of the time before `now`, if nobody watched in it.
fn slept(now: Timestamp, elapsed: ElapsedTime) -> Option<Input> {
    let since = now.checked_sub(elapsed.unwatched()?).ok()?;
    tracing::info!(%since, "this computer slept");
    Some(Input::Slept(since))
}

/// True for what only a companion does that stays: the result comes later, or another attempt, and
/// what would be cut off leaves something behind.
const fn is_for_one_that_stays(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::AskStatus(_)
            | Effect::Report { .. }
            | Effect::SendReport { .. }
            | Effect::Reach { .. }
            | Effect::Leave(_)
            | Effect::TryVault
    )
}

/// Keeps how far the Web Connector's log was read, for the next life.
fn keep_log(store: &Store, unkept: Option<(&str, &qwc_log::TailState)>) {
    let Some((path, saved)) = unkept else { return };
    if let Err(why) = store.save_log(path, saved) {
        tracing::warn!(%why, detail = ?why, "how far the log was read could not be kept");
    }
}

trait Visitor: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin {}
impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin> Visitor for T {}

async fn next_visitor(listener: &mut Option<Listener>) -> std::io::Result<impl Visitor + use<>> {
    let Some(listener) = listener else { return std::future::pending().await };
    let visitor = listener.visitor().await;
    if visitor.is_err() {
        // It would fail again at once, and keep a processor busy.
        sleep(VISITOR_PAUSE).await;
    }
    visitor
}

/// A moment of the system's clock as one of tokio's, no later than after [`LONGEST_SLEEP`].
fn instant(now: Timestamp, then: Timestamp) -> Instant {
    let pause = then.duration_since(now).clamp(SignedDuration::ZERO, LONGEST_SLEEP);
    Instant::now() + pause.unsigned_abs()
}

async fn sleep_until_some(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

fn send_answer<T>(reply: oneshot::Sender<T>, answer: T) {
    if reply.send(answer).is_err() {
        tracing::debug!("an answer is not awaited any more");
    }
}

/// Empty, which no reader accepts, for what cannot be written as JSON.
fn json(state: &impl Serialize) -> String {
    serde_json::to_string(state).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use deskside_companion::{Summary, Toast};
    use deskside_model::Page;

    use super::*;

    struct Nothing;

    impl Shell for Nothing {
        fn draw(&mut self, _view: &View) {}

        fn open_browser(
            &mut self,
            _link: Arc<Secret>,
        ) -> impl Future<Output = Result<(), String>> + Send + 'static {
            std::future::ready(Err("there is no browser".into()))
        }

        fn open_window(&mut self, _page: Page) {}

        fn toast(&mut self, _toast: &Toast) {}

        fn program(&self) -> Option<std::path::PathBuf> {
            None
        }
    }

    /// Runs a companion in a new profile that finds these messages in its inbox, and returns when it
    /// has ended.
    async fn run_with(messages: impl IntoIterator<Item = Message>) {
        let folder = tempfile::tempdir().unwrap();
        let claim = control::claim(folder.path()).await.unwrap();
        let (inbox, outlet) = crate::inbox();
        for message in messages {
            inbox.try_send(message).unwrap();
        }
        run(claim, folder.path(), Nothing, inbox, outlet).await.unwrap();
        assert!(!control::is_running(folder.path()));
    }

    #[tokio::test]
    async fn time_in_which_nobody_watched_is_remembered_as_sleep() {
        let folder = tempfile::tempdir().unwrap();
        let (inbox, _outlet) = crate::inbox();
        let mut runtime = Runtime::new(Nothing, folder.path(), inbox, Stay::UntilQuit).unwrap();
        let now = Timestamp::now();
        let [total, awake] = [3_600, 2].map(Duration::from_secs);
        assert!(slept(now, ElapsedTime { total: awake, awake }).is_none());
        runtime.decide(slept(now, ElapsedTime { total, awake }).unwrap());
        let sleeps = runtime.companion.evidence(now).machine.sleeps;
        assert_eq!(sleeps.len(), 1);
        assert_eq!(sleeps[0].since, now - SignedDuration::from_hours(1));
    }

    #[tokio::test]
    async fn request_after_quit_is_not_answered() {
        let (reply, answer) = oneshot::channel();
        let link = Secret::new("deskside://open/status".into());
        run_with([Message::Quit, Message::Request(Request::Link(link), reply)]).await;
        assert!(answer.await.is_err(), "the sender believes that its link was handled");
    }

    #[tokio::test]
    async fn requests_before_quit_are_answered() {
        let [(link_reply, link), (summary_reply, summary), (quit_reply, quit)] =
            [(); 3].map(|()| oneshot::channel());
        let opened = Secret::new("deskside://open/status".into());
        run_with([
            Message::Request(Request::Link(opened), link_reply),
            Message::Request(Request::Summary, summary_reply),
            Message::Request(Request::Quit, quit_reply),
        ])
        .await;
        assert_eq!(link.await.unwrap(), "true");
        let summary: Summary = serde_json::from_str(&summary.await.unwrap()).unwrap();
        assert!(summary.running);
        assert_eq!(quit.await.unwrap(), "true");
    }
}

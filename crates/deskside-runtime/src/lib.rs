//! Performs what the companion decides, and feeds back what comes of it. It decides nothing.
//!
//! One task owns everything. Slow things (network, vault) run beside it and report back as
//! messages, so a hanging keyring or backend holds up neither the tray nor the end of the program.
#![forbid(unsafe_code)]

pub mod alert;
pub mod bundle;
pub mod control;
mod deliver;
pub mod look;
mod outbox;
mod perform;
pub mod pictures;
mod receiver;
pub mod store;
mod watch;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deliver::DeliveryQueues;
use deskside_companion::{
    Action, Companion, Context, Effect, Input, Installation, Summary, Toast, View,
};
use deskside_model::evidence::run::Run;
use deskside_model::evidence::{Evidence, Fault};
use deskside_model::exchange::{Source, SurveyResult};
use deskside_model::{Command, Page, Secret};
use deskside_net::Http;
use deskside_os::paths;
use deskside_os::policy;
use deskside_os::probe::Survey;
use deskside_os::qwc_log::{self, Tail};
use deskside_os::vault::Vault;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use watch::Watch;

use crate::control::{CheckResult, Listener, Request};
use crate::pictures::Pictures;
use crate::store::Store;

/// Everything that the person in front of the computer sees or that leaves through their desktop.
pub trait Shell: Send {
    /// Draw this. Called only when it differs from the last one.
    fn draw(&mut self, view: &View);
    /// Open the system browser with this link.
    ///
    /// # Errors
    /// Why it could not be started, without the link.
    fn open_browser(&mut self, link: &Secret) -> Result<(), String>;
    /// Show the window with this page.
    fn open_window(&mut self, page: Page);
    /// Show a notification.
    fn toast(&mut self, toast: &Toast);
    /// The program that the desktop may start at login; `None` for a companion without a desktop.
    fn program(&self) -> Option<PathBuf>;
}

/// What the outside may send to a running companion.
#[derive(Debug)]
pub enum Message {
    /// Something happened.
    Input(Input),
    /// A description of a connection for support is wanted.
    Details(String, oneshot::Sender<Option<String>>),
    /// The computer is about to sleep or to end the session: send what waits, for a short while,
    /// and say when that is done.
    Flush(std::sync::mpsc::Sender<()>),
    /// The computer slept and is awake again.
    Resumed,
    /// The session was locked, or unlocked.
    Locked(bool),
    /// End.
    Quit,
}

/// The way to a running companion.
pub type Inbox = mpsc::Sender<Message>;

/// The other end of an [`Inbox`].
pub type Outlet = mpsc::Receiver<Message>;

/// How many messages may wait: a burst of links from a page gone wild is cut off, not stored.
const ROOM: usize = 64;

/// The longest sleep: no signal says that the clock was set, so the companion looks this often.
const LONGEST_SLEEP: SignedDuration = SignedDuration::from_mins(5);

/// After a sleep, network and QuickBooks need a moment; what is seen before is not worth telling.
const SETTLING: std::time::Duration = std::time::Duration::from_secs(5);

/// A way to a companion that will be started later.
#[must_use]
pub fn inbox() -> (Inbox, Outlet) {
    mpsc::channel(ROOM)
}

/// Why the companion does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// Another one runs for this profile.
    #[error("Deskside is already running")]
    AlreadyRunning,
    /// The profile folder cannot be used.
    #[error(transparent)]
    Path(#[from] paths::PathFault),
    /// The policy cannot be used.
    #[error(transparent)]
    Policy(#[from] policy::PolicyFault),
    /// Not even a store in memory works.
    #[error(transparent)]
    Store(#[from] store::StoreFault),
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

/// Runs the companion of this user's profile until it is told to quit.
///
/// # Errors
/// When it cannot start at all.
pub async fn run(shell: impl Shell, inbox: Inbox, outlet: Outlet) -> Result<(), StartFault> {
    let folder = paths::data_folder()?;
    // Without a control socket Deskside still works; only the command line cannot reach it.
    let listener = match Listener::claim(&folder).await {
        Ok(Some(listener)) => Some(listener),
        Ok(None) => return Err(StartFault::AlreadyRunning),
        Err(why) => {
            tracing::error!(%why, "other processes will not reach this companion");
            None
        }
    };
    let runtime = Runtime::new(shell, &folder, inbox)?;
    runtime.serve(listener, outlet).await;
    Ok(())
}

/// What a task beside the runtime brings back.
enum TaskResult {
    Input(Input),
    /// A secret that was read and may be remembered until the program ends: a keyring that is
    /// locked later must not stop what worked.
    Learned(String, Arc<Secret>),
    Forgotten(String),
    Sent(deliver::DeliveryResult),
    /// The computer is awake again, and has settled.
    Settled,
    Surveyed(Box<(Survey, SurveyResult)>),
    LogRead(Box<Tail>, std::io::Result<Vec<Run>>),
}

struct Runtime<S> {
    shell: S,
    companion: Companion,
    store: Store,
    vault: Vault,
    http: Http,
    pictures: Pictures,
    watch: Watch,
    mailbag: DeliveryQueues,
    known_secrets: HashMap<String, Arc<Secret>>,
    shown: Option<View>,
    inbox: Inbox,
    done: mpsc::UnboundedSender<TaskResult>,
    back: mpsc::UnboundedReceiver<TaskResult>,
}

impl<S: Shell> Runtime<S> {
    fn new(shell: S, folder: &Path, inbox: Inbox) -> Result<Self, StartFault> {
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
            shell,
            companion: Companion::new(setting, saved),
            store,
            vault: Vault::start()?,
            http: Http::new()?,
            pictures: Pictures::new(folder),
            watch: Watch::new(),
            mailbag: BTreeMap::new(),
            known_secrets: HashMap::new(),
            shown: None,
            inbox,
            done,
            back,
        })
    }

    async fn serve(mut self, mut listener: Option<Listener>, mut outlet: Outlet) {
        match policy::pre_enrollment() {
            Ok(Some(link)) => self.handle(Input::PreEnrollment(link)),
            Ok(None) => {}
            Err(why) => tracing::error!(%why, "the policy's enrollment cannot be read"),
        }
        let ended = Arc::clone(&self.watch.ended);
        loop {
            let look = self.watch.next_look();
            let peek = self.watch.next_peek();
            let wake = self.next_wake();
            tokio::select! {
                message = outlet.recv() => match message {
                    Some(Message::Input(input)) => self.handle(input),
                    Some(Message::Details(id, reply)) => {
                        if reply.send(self.companion.details(&id)).is_err() {
                            tracing::debug!("nobody waits for the details any more");
                        }
                    }
                    Some(Message::Flush(done)) => {
                        self.flush().await;
                        if done.send(()).is_err() {
                            tracing::debug!("nobody waits for the flush any more");
                        }
                    }
                    Some(Message::Resumed) => self.settle(),
                    Some(Message::Locked(locked)) => self.watch.lock(locked),
                    Some(Message::Quit) | None => break,
                },
                Some(done) = self.back.recv() => self.take_back(done),
                visitor = next_visitor(&mut listener) => self.receive(visitor),
                () = tokio::time::sleep_until(look) => self.look(),
                () = ended.notified() => self.look(),
                () = sleep_until(peek) => if self.watch.peek() { self.read_log() },
                () = sleep_until(wake) => self.handle(Input::Woke),
            }
        }
        tracing::info!("stopping");
        keep_log(&self.store, self.watch.log_unkept());
        self.flush().await;
    }

    fn look(&mut self) {
        if let Some(seen) = self.watch.look() {
            self.handle(seen);
        }
        if let Some(mut due) = self.watch.due_survey() {
            let done = self.done.clone();
            tokio::task::spawn_blocking(move || {
                let surveyed = look::survey(&mut due);
                perform::bring(&done, TaskResult::Surveyed(Box::new((due, surveyed))));
            });
        }
        self.read_log();
    }

    fn read_log(&mut self) {
        if let Some(mut log) = self.watch.due_log(|path| self.store.log(path)) {
            let done = self.done.clone();
            tokio::task::spawn_blocking(move || {
                let runs = log.read_new();
                perform::bring(&done, TaskResult::LogRead(Box::new(log), runs));
            });
        }
    }

    fn handle(&mut self, input: Input) {
        if let Input::Added(connection) = &input {
            // It may have been added before, with another key.
            self.known_secrets.remove(&connection.key_name());
        }
        let mut entropy = [0_u8; 32];
        if let Err(why) = getrandom::fill(&mut entropy) {
            // Identifiers that can be guessed are worse than a missed input.
            tracing::error!(%why, "no random numbers; an input is dropped");
            return;
        }
        let now = Timestamp::now();
        for effect in self.companion.handle(Context::new(now, entropy), input) {
            self.perform(effect);
        }
        self.send_reports();
        let view = self.companion.view();
        if self.shown.as_ref() != Some(&view) {
            self.shell.draw(&view);
            self.shown = Some(view);
        }
    }

    fn take_back(&mut self, done: TaskResult) {
        match done {
            TaskResult::Input(input) => {
                // It may have been replaced in the vault since it was read.
                if matches!(input, Input::StatusTold { answer: Err(Fault::Rejected), .. }) {
                    self.known_secrets.clear();
                }
                self.handle(input);
            }
            TaskResult::Learned(name, secret) => {
                self.known_secrets.insert(name, secret);
            }
            TaskResult::Forgotten(name) => {
                self.known_secrets.remove(&name);
            }
            TaskResult::Sent(back) => self.report_is_back(back),
            TaskResult::Surveyed(back) => {
                let (survey, surveyed) = *back;
                if let Some(input) = self.watch.take_survey(survey, surveyed) {
                    self.handle(input);
                }
            }
            TaskResult::LogRead(log, runs) => {
                if let Some(input) = self.watch.take_log(*log, runs) {
                    self.handle(input);
                }
                keep_log(&self.store, self.watch.log_to_keep());
            }
            TaskResult::Settled => {
                self.watch.forget();
                self.hurry_reports();
                self.handle(Input::Resumed);
            }
        }
    }

    fn settle(&self) {
        let done = self.done.clone();
        tokio::spawn(async move {
            tokio::time::sleep(SETTLING).await;
            perform::bring(&done, TaskResult::Settled);
        });
    }

    fn receive(&self, visitor: std::io::Result<impl Visitor + 'static>) {
        let visitor = match visitor {
            Ok(visitor) => visitor,
            Err(why) => return tracing::warn!(%why, "a visitor could not come in"),
        };
        let inbox = self.inbox.clone();
        let state = (self.companion.summary(), self.companion.evidence(Timestamp::now()));
        tokio::spawn(control::serve(visitor, move |request| reply(request, inbox, state)));
    }

    /// The earliest moment at which time alone changes something, as a moment of tokio's clock.
    fn next_wake(&self) -> Option<Instant> {
        let now = Timestamp::now();
        let next = self.companion.next_wake().into_iter().chain(self.next_delivery(now)).min()?;
        let pause = next.duration_since(now).clamp(SignedDuration::ZERO, LONGEST_SLEEP);
        Some(Instant::now() + pause.unsigned_abs())
    }

    fn perform(&mut self, effect: Effect) {
        perform::perform(self, effect);
    }
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
    match listener {
        Some(listener) => listener.visitor().await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake).await,
        None => std::future::pending().await,
    }
}

/// Answers a visitor: true when the request was taken, or the state.
async fn reply(request: Request, inbox: Inbox, state: (Summary, Evidence)) -> String {
    let message = match request {
        Request::Summary => return serde_json::to_string(&state.0).unwrap_or_default(),
        Request::Evidence => return serde_json::to_string(&state.1).unwrap_or_default(),
        Request::Link(link) => Message::Input(Input::LinkArrived(link)),
        Request::Summon => Message::Input(Input::Summoned),
        Request::Add(connection) => Message::Input(Input::Added(connection)),
        Request::OpenLink(connection) => {
            Message::Input(Input::User(Action::Use { connection, offer: Command::OpenLink }))
        }
        Request::Told(told) => {
            let CheckResult { connection, answer } = *told;
            Message::Input(Input::Checked { connection, answer })
        }
        Request::Forget(id) => Message::Input(Input::Forget(id)),
        Request::SignOut(device) => {
            let source = Source::Backend(device).key();
            Message::Input(Input::User(Action::SignOut { source }))
        }
        Request::Quit => Message::Quit,
    };
    let taken = inbox.send(message).await.is_ok();
    taken.to_string()
}

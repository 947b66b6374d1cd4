//! A companion that runs for one command: what it leaves behind, and what it leaves to others.

use std::path::{Path, PathBuf};
use std::time::Duration;

use deskside_companion::{SavedState, Toast};
use deskside_model::Page;
use deskside_model::connection::{Account, Connection, Device, Mode, Origin};
use deskside_model::evidence::{Finding, Setup, Sync};
use deskside_model::exchange::{FreshLink, SurveyResult};
use deskside_model::link::{AttemptStage, LinkAttempt, Provider};

use super::*;
use crate::control::ControlFault;

const LINK: &str = "https://connect.conductor.is/qbd/x?key=pk_1";

/// A shell whose browser takes its time, and then starts or does not.
struct Browser {
    time: Duration,
    started: Result<(), String>,
}

/// A browser that starts at once.
const STARTS: Browser = Browser { time: Duration::ZERO, started: Ok(()) };

impl Shell for Browser {
    fn draw(&mut self, _view: &View) {}

    fn open_browser(
        &mut self,
        _link: Arc<Secret>,
    ) -> impl Future<Output = Result<(), String>> + Send + 'static {
        let (time, started) = (self.time, self.started.clone());
        async move {
            sleep(time).await;
            started
        }
    }

    fn open_window(&mut self, page: Page) {
        panic!("a window for {page:?}");
    }

    fn toast(&mut self, toast: &Toast) {
        panic!("{toast:?}");
    }

    fn program(&self) -> Option<PathBuf> {
        None
    }
}

fn connection() -> Connection {
    Connection {
        id: "direct-1".into(),
        company: None,
        provider: Some(Provider::Conductor),
        mode: Mode::Attended,
        origin: Origin::Direct {
            account: Account::Conductor { end_user: "end_usr_1".into() },
            base_url: None,
        },
        link: None,
    }
}

/// A companion for one command in a profile where this was saved.
fn with(folder: &Path, saved: &SavedState, browser: Browser) -> Runtime<Browser> {
    Store::open(folder).unwrap().0.save(saved).unwrap();
    let (inbox, _outlet) = crate::inbox();
    let mut runtime = Runtime::new(browser, folder, inbox, Stay::ForOneCommand).unwrap();
    runtime.handle(Input::Started { quietly: true });
    runtime
}

fn kept(folder: &Path) -> SavedState {
    Store::open(folder).unwrap().1
}

/// The Web Connector's log with a run of one application.
fn log_of(app: &str) -> Sync {
    let run = serde_json::json!({ "app": app, "started": null, "ended": null, "outcome": "ok" });
    Sync::of(&[serde_json::from_value(run).unwrap()])
}

/// A companion for one command that has opened a link with this browser.
fn with_opened_link(folder: &Path, browser: Browser) -> Runtime<Browser> {
    let opened_links: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let connections = vec![connection()];
    let saved = SavedState { connections, opened_links, ..SavedState::default() };
    let mut runtime = with(folder, &saved, browser);
    let setup = Setup { log: Finding::Known("QWCLog.txt".into()), ..Setup::default() };
    runtime.handle(Input::Surveyed(Box::new(SurveyResult { setup, ..SurveyResult::default() })));
    runtime.handle(Input::Synced(Finding::Known(log_of("Another"))));
    runtime.handle(Input::User(Action::Use {
        connection: "direct-1".into(),
        command: Command::OpenLink,
    }));
    let attempt = kept(folder).connections[0].link.clone().unwrap();
    assert!(matches!(attempt.stage, AttemptStage::Fetching { .. }), "{attempt:?}");
    let fresh = FreshLink { url: Secret::new(LINK.into()), until: None, single_use: None };
    runtime.handle(Input::LinkFetched {
        connection: "direct-1".into(),
        attempt: attempt.id,
        state: Secret::new("state".into()),
        answer: Ok(fresh),
    });
    runtime
}

#[tokio::test]
async fn a_link_opened_by_a_command_is_remembered_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let _runtime = with_opened_link(folder.path(), STARTS);
    let saved = kept(folder.path());
    let attempt: &LinkAttempt = saved.connections[0].link.as_ref().unwrap();
    let AttemptStage::Opened { link, applications_before, .. } = &attempt.stage else {
        panic!("{attempt:?} is not open");
    };
    // Bounded, and with this link, so that it is not opened twice
    assert_eq!(
        (saved.opened_links.len(), saved.opened_links.last()),
        (100, Some(&link.fingerprint))
    );
    // What the log needs to tell the new application from the others
    assert_eq!(applications_before.as_deref(), Some(&["Another".to_owned()][..]));
}

#[tokio::test]
async fn a_browser_that_takes_long_to_start_holds_up_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let browser = Browser { time: Duration::from_secs(3_600), started: Ok(()) };
    let mut runtime = with_opened_link(folder.path(), browser);
    assert_eq!(runtime.browser_starts.len(), 1, "no browser is being started");
    assert!(runtime.answer(Request::Summary).contains("\"running\":true"));
}

#[tokio::test]
async fn a_browser_that_fails_while_the_companion_ends_leaves_its_link_usable() {
    let folder = tempfile::tempdir().unwrap();
    let time = LAST_ANSWERS / 2;
    let browser = Browser { time, started: Err("there is no browser".into()) };
    let runtime = with_opened_link(folder.path(), browser);
    let (inbox, outlet) = crate::inbox();
    inbox.try_send(Message::Quit).unwrap();
    assert!(runtime.serve(None, outlet).await.is_none());
    assert_eq!(kept(folder.path()).opened_links.len(), 99, "the link counts as opened");
}

#[tokio::test]
async fn a_sign_out_by_a_command_is_left_to_the_next_companion() {
    let folder = tempfile::tempdir().unwrap();
    let device: Device = serde_json::from_value(serde_json::json!({
        "id": "dev-1", "backend": "https://127.0.0.1:9/", "account": "Larch",
        "heartbeat_seconds": 300,
    }))
    .unwrap();
    let mut runtime = with(
        folder.path(),
        &SavedState { devices: vec![device.clone()], ..SavedState::default() },
        STARTS,
    );
    let answer = runtime.answer(Request::SignOut("dev-1".into()));
    assert_eq!(answer, "true");
    let saved = kept(folder.path());
    assert_eq!((saved.devices, saved.leaving), (vec![], vec![device]));
    // Nobody was told: no answer is under way
    tokio::task::yield_now().await;
    let back = timeout(Duration::from_millis(200), async {
        while let Some(result) = runtime.back.recv().await {
            if let TaskResult::Input(Input::Left { .. } | Input::StatusReceived { .. }) = result {
                break;
            }
        }
    });
    assert!(back.await.is_err(), "a backend was asked or told");
}

#[tokio::test]
async fn a_companion_for_one_command_takes_no_link() {
    let folder = tempfile::tempdir().unwrap();
    let claim = control::claim(folder.path()).await.unwrap();
    let (inbox, outlet) = crate::inbox();
    let running = run_command(claim, folder.path(), STARTS, inbox.clone(), outlet);
    let visiting = async {
        let link = Request::Link(Secret::new("deskside://open/status".into()));
        let patience = Duration::from_millis(200);
        let taken = control::ask_within::<bool>(patience, folder.path(), &link).await;
        inbox.send(Message::Quit).await.unwrap();
        taken
    };
    let (ended, taken) = tokio::join!(running, visiting);
    ended.unwrap();
    assert!(matches!(taken, Err(ControlFault::NoAnswer)), "{taken:?}");
    assert!(control::claim(folder.path()).await.is_some(), "the profile is not free again");
}

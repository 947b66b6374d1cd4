//! Four processes start at the same moment, each with a link: one becomes the companion, and no link
//! is lost.
//!
//! The processes are copies of this test program that run `one_start` only. They write what they do
//! into one journal, a line at a time.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use deskside_model::Secret;

use super::{Request, claim_or_send, is_running, serve};

/// The test that a copy runs.
const NAME: &str = "control::starts::one_start";

const STARTS: usize = 4;
const ROUNDS: usize = 50;

/// How many links a companion takes before it ends.
const LINKS: &str = "DESKSIDE_TEST_LINKS";
const FOLDER: &str = "DESKSIDE_TEST_FOLDER";
const LINK: &str = "DESKSIDE_TEST_LINK";

/// Far more than a round takes on a busy computer.
const PATIENCE: Duration = Duration::from_secs(25);

#[test]
fn four_simultaneous_starts_leave_one_companion_with_all_links() {
    for round in 0..ROUNDS {
        let journal = round_of_starts(STARTS);
        let begun = journal.iter().filter(|line| line.starts_with("begin")).count();
        assert_eq!(begun, 1, "round {round}: {journal:#?}");
        assert_all_links_arrived(round, &journal);
    }
}

#[test]
fn companions_that_end_at_once_lose_no_link() {
    for round in 0..ROUNDS {
        let journal = round_of_starts(1);
        assert_all_links_arrived(round, &journal);
        // One companion at a time: each begins after the previous one has ended.
        let lives = journal.iter().filter(|line| !line.starts_with("link"));
        for (place, line) in lives.enumerate() {
            let expected = if place % 2 == 0 { "begin" } else { "end" };
            assert!(line.starts_with(expected), "round {round}: {journal:#?}");
        }
    }
}

fn assert_all_links_arrived(round: usize, journal: &[String]) {
    let links: BTreeSet<&str> = journal.iter().filter_map(|l| l.strip_prefix("link ")).collect();
    let expected = ["0", "1", "2", "3"];
    assert!(links.into_iter().eq(expected), "round {round}: {journal:#?}");
}

/// `ERROR_INTERNAL_ERROR`.
const INTERNAL_ERROR: i32 = 1359;

/// Starts four copies, waits until all have ended, and returns the journal.
fn round_of_starts(links: usize) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let start = |link: usize| {
        let mut command = Command::new(&program);
        command
            .args([NAME, "--exact", "--ignored"])
            .env(FOLDER, folder.path())
            .env(LINK, link.to_string())
            .env(LINKS, links.to_string())
            .stdout(Stdio::null());
        match command.spawn() {
            // Wine sometimes loses a process that it has just created.
            Err(why) if cfg!(windows) && why.raw_os_error() == Some(INTERNAL_ERROR) => {
                command.spawn().unwrap()
            }
            child => child.unwrap(),
        }
    };
    let starts: Vec<Child> = (0..STARTS).map(start).collect();
    let deadline = Instant::now() + PATIENCE;
    for mut child in starts {
        while child.try_wait().unwrap().is_none() {
            if Instant::now() > deadline {
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(child.wait().unwrap().success(), "a start failed: {:#?}", journal(folder.path()));
    }
    assert!(!is_running(folder.path()), "the lock outlives its holder");
    journal(folder.path())
}

fn journal(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("journal")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn note(folder: &Path, line: &str) {
    let path = folder.join("journal");
    let mut journal = OpenOptions::new().create(true).append(true).open(path).unwrap();
    journal.write_all(format!("{line}\n").as_bytes()).unwrap();
}

#[tokio::test]
#[ignore = "started by the tests above, with a folder and a link"]
async fn one_start() {
    let variable = |name| std::env::var(name).unwrap();
    let (folder, link) = (PathBuf::from(variable(FOLDER)), variable(LINK));
    let limit: usize = variable(LINKS).parse().unwrap();
    let request = Request::Link(Secret::new(link.clone()));
    let Some(claim) = claim_or_send(&folder, &request).await.unwrap() else { return };
    note(&folder, "begin");
    note(&folder, &format!("link {link}"));
    let (listener, held) = claim.split();
    let mut listener = listener.unwrap();
    for _ in 1..limit {
        let visitor = listener.visitor().await.unwrap();
        let taken = async |request| {
            let Request::Link(link) = request else { panic!("{request:?}") };
            note(&folder, &format!("link {}", link.reveal()));
            Some("true".into())
        };
        serve(visitor, taken).await;
    }
    drop(listener);
    note(&folder, "end");
    drop(held);
}

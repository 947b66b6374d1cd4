//! Following a log that another program writes.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../../deskside-webconnector/tests/log/records.rs"]
mod records;

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use deskside_os::qwc_log::{LOOK_BACK, Tail, TailState};
use tempfile::TempDir;

use deskside_model::evidence::run::Run;

use records::*;

struct Log {
    _folder: TempDir,
    path: PathBuf,
}

impl Log {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("QWCLog.txt");
        fs::write(&path, text).unwrap();
        Self { _folder: folder, path }
    }

    fn append(&self, text: &str) {
        OpenOptions::new()
            .append(true)
            .open(&self.path)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    fn tail(&self) -> Tail {
        Tail::new(self.path.clone(), TailState::default())
    }
}

fn fine(app: &str) -> String {
    start(app) + &ask(app) + &answer("", "NONE") + &unlock()
}

/// Each run's application and outcome.
fn outcomes(runs: &[Run]) -> Vec<(&str, &str)> {
    runs.iter().map(|run| (run.app.as_deref().unwrap_or("?"), run.outcome.text())).collect()
}

fn seen(tail: &mut Tail) -> String {
    outcomes(&tail.read_new().unwrap())
        .iter()
        .map(|(app, outcome)| format!("{app} {outcome}, "))
        .collect()
}

#[test]
fn run_is_reported_in_progress_and_once_when_finished() {
    let log = Log::new(&fine("Larch"));
    let mut tail = log.tail();
    assert_eq!(seen(&mut tail), "Larch ok_no_work, ");
    log.append(&start("Otter"));
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter incomplete, ");
    let (first, second) = (
        "20260505.13:07:02 UTC\t: QBWebConnector.SOAPWebService.do_authen",
        "ticate() : QBWC1012: no",
    );
    log.append(first);
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter incomplete, ");
    log.append(second);
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter failed, ");
    log.append(&format!("\r\n{}", unlock()));
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter failed, ");
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter failed, ", "nothing is new");
}

#[test]
fn cleared_or_replaced_log_is_read_from_the_start() {
    let (long, short) = (fine("Larch").repeat(3), fine("Otter"));
    for (before, after) in
        [(&long, &short), (&short, &long), (&short, &short.replace("Otter", "Elmet"))]
    {
        let log = Log::new(before);
        let mut tail = log.tail();
        let old = seen(&mut tail);
        fs::write(&log.path, after).unwrap();
        let fresh = seen(&mut Log::new(after).tail());
        assert_eq!(seen(&mut tail), old.clone() + &fresh, "written into the same file");
        fs::remove_file(&log.path).unwrap();
        assert!(tail.read_new().is_err(), "a missing log was read as one without runs");
        fs::write(&log.path, before).unwrap();
        assert!(seen(&mut tail).starts_with(&(old + &fresh)), "earlier runs were lost");
    }
}

#[test]
fn clearing_the_log_ends_the_current_run() {
    let log = Log::new(&(fine("Larch") + &start("Otter")));
    let mut tail = log.tail();
    tail.read_new().unwrap();
    fs::write(&log.path, "").unwrap();
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter incomplete, ");
    log.append(&fine("Elm"));
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter incomplete, Elm ok_no_work, ");
}

#[test]
fn restart_continues_from_the_saved_position() {
    let log = Log::new(&(fine("Larch") + &start("Otter") + &ask("Otter")));
    let mut tail = log.tail();
    tail.read_new().unwrap();
    let saved = serde_json::to_string(tail.saved()).unwrap();
    log.append(&(answer("", "NONE") + &unlock() + &fine("Larch")));
    let mut tail = Tail::new(log.path.clone(), serde_json::from_str(&saved).unwrap());
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter ok_no_work, Larch ok_no_work, ");
    fs::write(&log.path, fine("Elm")).unwrap();
    let mut tail = Tail::new(log.path.clone(), serde_json::from_str(&saved).unwrap());
    assert_eq!(
        seen(&mut tail),
        "Larch ok_no_work, Elm ok_no_work, ",
        "the log was cleared meanwhile"
    );
}

#[test]
fn last_runs_of_a_huge_log_are_found() {
    let header =
        "QBWebConnector 34.0 has been initialized with its logging status to level = DEBUG.\r\n";
    let log = Log::new(header);
    let mut file = OpenOptions::new().write(true).open(&log.path).unwrap();
    // A hole takes no disk space, and no time unless it is read.
    file.seek(SeekFrom::Start(10 << 30)).unwrap();
    file.write_all(("\r\n".to_owned() + &fine("Larch") + &fine("Otter")).as_bytes()).unwrap();
    drop(file);
    let mut tail = log.tail();
    assert_eq!(seen(&mut tail), "Larch ok_no_work, Otter ok_no_work, ");
    assert_eq!(tail.header().version.as_deref(), Some("34.0"), "the version is in the header");
}

#[test]
fn run_without_its_start_is_not_reported_as_successful() {
    let dump = "<Ret/>\r\n".repeat(usize::try_from(LOOK_BACK).unwrap() / 8);
    let failed =
        start("Larch") + &soap("ProcessRequestXML", "Sending error message back to application:");
    let log = Log::new(
        &(failed + &soap("do_receiveResponseXML", &dump) + &close() + &unlock() + &fine("Otter")),
    );
    assert_eq!(seen(&mut log.tail()), "Otter ok_no_work, ");
}

#[test]
fn runs_longer_than_the_look_back_are_followed() {
    let log = Log::new(&(start("Larch") + &ask("Larch") + &answer("t-1", "")));
    let mut tail = log.tail();
    assert_eq!(seen(&mut tail), "Larch incomplete, ");
    let dump = "<Ret/>\r\n".repeat(usize::try_from(LOOK_BACK).unwrap() / 8 + 1);
    log.append(&(work() + &soap("do_receiveResponseXML", &dump) + &close() + &unlock()));
    assert_eq!(seen(&mut tail), "Larch ok, ");
}

#[test]
fn last_run_of_each_application_is_remembered() {
    let log = Log::new(&(fine("Seldom") + &fine("Often").repeat(2_000)));
    let runs = log.tail().read_new().unwrap();
    assert!(runs.len() <= 60, "{} runs are remembered", runs.len());
    assert_eq!(outcomes(&runs)[0], ("Seldom", "ok_no_work"));
}

#[test]
fn other_programs_can_modify_a_followed_log() {
    let log = Log::new(&fine("Larch"));
    let mut tail = log.tail();
    tail.read_new().unwrap();
    let mut exclusive = OpenOptions::new();
    exclusive.write(true).truncate(true);
    drop(exclusive.open(&log.path).unwrap());
    fs::remove_file(&log.path).unwrap();
    fs::write(&log.path, "").unwrap();
    tail.read_new().unwrap();
}

//! `fake-day` with a program that needs no windows.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

#[test]
fn each_line_of_input_plays_one_step() {
    // Given a day with a run of the Web Connector
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("QWCLog.txt");
    let path = serde_json::to_string(&log).unwrap();
    let run = r#"{"run":{"outcome":"ok_no_work","application":
        {"name":"Larch Orders","url":"https://sync.larch.example","user":"larch"}}}"#;
    let actions = [r#""start""#, &format!(r#"{{"log":{{"path":{path}}}}}"#), run, r#""forget""#];
    let mut program = play(folder.path(), &actions);
    let (mut input, output) = (program.stdin.take().unwrap(), program.stdout.take().unwrap());
    let mut output = BufReader::new(output).lines();
    let mut next = || {
        input.write_all(b"\n").unwrap();
        output.next().unwrap().unwrap()
    };
    // When the steps are requested one by one, then each is done, and none early
    assert_eq!(next(), "08:00:00 QBWebConnector.exe: done");
    assert!(folder.path().join("QBWebConnector.exe").exists(), "the copy has another name");
    assert!(!log.exists());
    next();
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 4, "more than the header");
    next();
    assert!(fs::read_to_string(&log).unwrap().contains("Update session unlocked"));
    next();
    drop(input);
    assert!(program.wait().unwrap().success());
}

#[test]
fn a_failed_step_ends_the_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = play(folder.path(), &[r#""wake""#]);
    program.stdin.take().unwrap().write_all(b"\n").unwrap();
    let ended = program.wait_with_output().unwrap();
    assert!(!ended.status.success());
    let message = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(message.contains("QBWebConnector.exe does not run."), "{message}");
}

fn play(folder: &Path, actions: &[&str]) -> Child {
    let step =
        |action| format!(r#"{{"at":"08:00:00","program":"QBWebConnector.exe","do":{action}}}"#);
    let steps = actions.iter().map(step).collect::<Vec<_>>().join(",");
    let programs = r#"{"QBWebConnector.exe":{"part":"web_connector"}}"#;
    let day = format!(r#"{{"programs":{programs},"steps":[{steps}]}}"#);
    let file = folder.join("day.json");
    fs::write(&file, day).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_fake-day"));
    program.arg(file).arg("--step").arg("--folder").arg(folder);
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    program.spawn().unwrap()
}

//! The director, with a program that needs no windows.

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
    let deeds = [r#""start""#, &format!(r#"{{"log":{{"path":{path}}}}}"#), run, r#""forget""#];
    let mut director = direct(folder.path(), &deeds);
    let (mut input, output) = (director.stdin.take().unwrap(), director.stdout.take().unwrap());
    let mut output = BufReader::new(output).lines();
    let mut next = || {
        input.write_all(b"\n").unwrap();
        output.next().unwrap().unwrap()
    };
    // When the steps are asked for one by one, then each is done, and none before its time
    assert_eq!(next(), "08:00:00 QBWebConnector.exe: done");
    assert!(folder.path().join("QBWebConnector.exe").exists(), "it has its true name");
    assert!(!log.exists());
    next();
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 4, "the header alone");
    next();
    assert!(fs::read_to_string(&log).unwrap().contains("Update session unlocked"));
    next();
    drop(input);
    assert!(director.wait().unwrap().success());
}

#[test]
fn a_step_that_fails_ends_the_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut director = direct(folder.path(), &[r#""wake""#]);
    director.stdin.take().unwrap().write_all(b"\n").unwrap();
    let ended = director.wait_with_output().unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("QBWebConnector.exe does not run."), "{said}");
}

fn direct(folder: &Path, deeds: &[&str]) -> Child {
    let step = |deed| format!(r#"{{"at":"08:00:00","program":"QBWebConnector.exe","do":{deed}}}"#);
    let steps = deeds.iter().map(step).collect::<Vec<_>>().join(",");
    let programs = r#"{"QBWebConnector.exe":{"part":"web_connector"}}"#;
    let day = format!(r#"{{"programs":{programs},"steps":[{steps}]}}"#);
    let file = folder.join("day.json");
    fs::write(&file, day).unwrap();
    let mut director = Command::new(env!("CARGO_BIN_EXE_fake-day"));
    director.arg(file).arg("--step").arg("--folder").arg(folder);
    director.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    director.spawn().unwrap()
}

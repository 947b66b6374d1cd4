//! The program around the library: one line when ready, and an end when its parent is gone.

use std::{
    io::{BufRead, BufReader, Read},
    net::{Ipv4Addr, SocketAddr},
    process::{Command, Stdio},
};

use deskside_sandbox::Sandbox;
use serde_json::Value;

#[test]
fn the_program_prints_one_line_and_ends_with_its_standard_input() {
    // Given the program
    let mut program = Command::new(env!("CARGO_BIN_EXE_deskside-sandbox"))
        .args(["--listen", "127.0.0.1:0", "--until-stdin-closes"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let names: Vec<_> = ready.as_object().unwrap().keys().map(String::as_str).collect();
    // Then its line names five addresses and three keys
    assert_eq!(
        names,
        [
            "backend",
            "codat",
            "codat_api_key",
            "conductor",
            "conductor_publishable_key",
            "conductor_secret_key",
            "connect",
            "control"
        ]
    );
    // When its standard input ends, then so does the program, and it said nothing else
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn an_unknown_argument_is_an_error() {
    let program =
        Command::new(env!("CARGO_BIN_EXE_deskside-sandbox")).arg("--liste").output().unwrap();
    assert!(!program.status.success());
    assert!(program.stdout.is_empty());
}

#[tokio::test]
async fn nobody_but_this_computer_can_reach_it() {
    let everywhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    assert!(Sandbox::start(everywhere).await.is_err());
}

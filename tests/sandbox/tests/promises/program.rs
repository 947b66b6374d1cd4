//! The program around the library: its flags, ready line, messages and exit codes, tested on the real process.

use std::{
    io::{BufRead, BufReader, Read},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, Output, Stdio},
};

use deskside_sandbox::{Config, Sandbox};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_deskside-sandbox");

/// Runs the program to its end. Without a ready line it writes nothing to standard output.
fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn usage_error(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A running program that ends when its standard input is dropped.
fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).arg("--until-stdin-closes");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// The ready line; None if the program ended without one.
fn ready_line(out: &mut impl BufRead) -> Option<Value> {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    (!line.is_empty()).then(|| serde_json::from_str(&line).unwrap())
}

#[test]
fn prints_one_ready_line_and_exits_when_stdin_closes() {
    // Given the program
    let mut program = start(&["--listen", "127.0.0.1:0"]);
    let mut out = BufReader::new(program.stdout.take().unwrap());
    let ready = ready_line(&mut out).unwrap();
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
    // When its standard input closes, then it exits, and it has printed nothing else
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn a_fixed_port_and_fixed_keys_appear_in_the_ready_line() {
    // Other programs may take any port, so several are tried
    let attempts = (0..50).find_map(|attempt| {
        let first = 20_011 + attempt * 613;
        let listen = format!("127.0.0.1:{first}");
        let mut program = start(&[
            "--listen",
            &listen,
            "--conductor-secret-key",
            "sk_fixed",
            "--conductor-publishable-key",
            "pk_fixed",
            "--codat-api-key",
            "codat_fixed",
        ]);
        let ready = ready_line(&mut BufReader::new(program.stdout.take().unwrap()));
        drop(program.stdin.take());
        let status = program.wait().unwrap();
        assert_eq!(status.success(), ready.is_some());
        ready.map(|ready| (first, ready))
    });
    let (first, ready) = attempts.expect("no five free ports in a row");
    for (name, offset) in
        [("conductor", 0), ("backend", 1), ("control", 2), ("connect", 3), ("codat", 4)]
    {
        assert_eq!(ready[name], format!("http://127.0.0.1:{}", first + offset), "{name}");
    }
    assert_eq!(ready["conductor_secret_key"], "sk_fixed");
    assert_eq!(ready["conductor_publishable_key"], "pk_fixed");
    assert_eq!(ready["codat_api_key"], "codat_fixed");
}

#[test]
fn a_taken_port_is_an_error_that_names_it() {
    // The highest ports are usage errors
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let is_possible = |taken: &TcpListener| taken.local_addr().unwrap().port() <= 65_531;
    let taken = std::iter::repeat_with(bind).find(is_possible).unwrap();
    let address = taken.local_addr().unwrap();
    let output = run(&["--listen", &address.to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let message = String::from_utf8(output.stderr).unwrap();
    let start = format!("deskside-sandbox: cannot listen on {address}: ");
    assert!(message.starts_with(&start), "{message}");
}

#[test]
fn an_unknown_argument_is_a_usage_error() {
    assert!(usage_error(&["--liste"]).contains("--liste"));
}

#[test]
fn addresses_outside_loopback_are_usage_errors() {
    for address in ["0.0.0.0:0", "[::]:4010", "192.0.2.1:4010"] {
        assert!(usage_error(&["--listen", address]).contains("loopback only"), "{address}");
    }
    assert!(usage_error(&["--listen", "localhost"]).contains("ADDRESS:PORT"));
    assert!(usage_error(&["--listen", "127.0.0.1:65532"]).contains("65531"));
}

#[test]
fn keys_that_do_not_fit_a_link_are_usage_errors() {
    for key in ["", "a b", "a&b", "Schlüssel"] {
        for flag in ["--conductor-secret-key", "--conductor-publishable-key", "--codat-api-key"] {
            assert!(usage_error(&[flag, key]).contains("a key consists of"), "{flag} {key}");
        }
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let version = run(&["--version"]);
    assert!(version.status.success());
    let expected = format!("deskside-sandbox {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(version.stdout).unwrap(), expected);
    let help = run(&["--help"]);
    assert!(help.status.success());
    let text = String::from_utf8(help.stdout).unwrap();
    for part in [
        "--listen <ADDRESS:PORT>",
        "--conductor-secret-key <KEY>",
        "--conductor-publishable-key <KEY>",
        "--codat-api-key <KEY>",
        "--until-stdin-closes",
        "Exit codes:",
    ] {
        assert!(text.contains(part), "the help lacks {part}: {text}");
    }
}

#[tokio::test]
async fn listens_on_loopback_only() {
    let everywhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let config = Config { listen: everywhere, ..Config::default() };
    assert!(Sandbox::start(config).await.is_err());
}

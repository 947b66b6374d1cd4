//! `--help` and `--version` of the three programs.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::process::{Command, Output, Stdio};

use deskside_fake_quickbooks::orders::{QuickBooksOrder, WebConnectorOrder};
use serde::de::DeserializeOwned;

const QUICKBOOKS: &str = env!("CARGO_BIN_EXE_fake-quickbooks");
const WEB_CONNECTOR: &str = env!("CARGO_BIN_EXE_fake-web-connector");
const DAY: &str = env!("CARGO_BIN_EXE_fake-day");

fn run(program: &str, argument: &str) -> Output {
    Command::new(program).arg(argument).stdin(Stdio::null()).output().unwrap()
}

fn text(program: &str, argument: &str) -> String {
    let output = run(program, argument);
    assert!(output.status.success(), "{program} {argument}");
    String::from_utf8(output.stdout).unwrap()
}

/// The names of all orders, from serde's message about an unknown one.
fn orders<Order: DeserializeOwned>() -> Vec<String> {
    let error = serde_json::from_str::<Order>("\"dance\"").err().unwrap().to_string();
    let (_, list) = error.split_once("expected one of ").unwrap();
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_help_and_the_readme_name_every_order() {
    let readme = include_str!("../README.md");
    for (program, orders) in
        [(QUICKBOOKS, orders::<QuickBooksOrder>()), (WEB_CONNECTOR, orders::<WebConnectorOrder>())]
    {
        let help = text(program, "--help");
        assert!(help.contains("Usage:"), "{help}");
        assert_eq!(help, text(program, "-h"));
        for order in orders {
            assert!(help.contains(&format!("\"{order}\"")), "{program}: no {order} in {help}");
            assert!(readme.contains(&format!("`{order}`")), "no {order} in the README");
        }
    }
}

#[test]
fn the_day_names_its_flags_and_exit_codes() {
    let help = text(DAY, "--help");
    for part in ["--speed <FACTOR>", "--step", "--folder", "--date", "Exit codes:"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
}

#[test]
fn every_program_prints_its_version() {
    for program in [QUICKBOOKS, WEB_CONNECTOR, DAY] {
        assert!(text(program, "--version").trim().ends_with(env!("CARGO_PKG_VERSION")));
    }
}

#[test]
fn wrong_arguments_and_files_have_their_exit_codes() {
    let unknown = run(DAY, "--dance");
    assert_eq!(unknown.status.code(), Some(2));
    let missing = run(DAY, "no-such-day.json");
    assert_eq!(missing.status.code(), Some(1));
    let message = String::from_utf8(missing.stderr).unwrap();
    assert!(message.starts_with("fake-day: no-such-day.json: "), "{message}");
}

#[test]
fn other_arguments_of_the_fake_programs_are_ignored() {
    let output = run(QUICKBOOKS, "-Embedding");
    assert!(output.status.success());
    assert!(output.stdout.is_empty());
}

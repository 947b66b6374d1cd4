//! What is done with this repository, in one place: `cargo xtask setup | ui | types | problems
//! | test | windows | bench | dist | demo`.
//!
//! A Rust program and no shell script, so that it runs wherever the product is built. It depends on
//! the standard library alone, because everybody waits for it to compile before anything begins.

#[cfg_attr(not(target_os = "linux"), path = "bench/elsewhere.rs")]
mod bench;
mod demo;
mod dist;
mod place;
mod problems;
mod run;
mod setup;
mod test;
mod types;
mod ui;
mod windows;

use std::io::{self, Write};
use std::process::ExitCode;

use run::Output;

/// What goes wrong here is read by a person and branched on by nobody.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "\
usage: cargo xtask <what>

  setup           installs what building and testing need and is missing here
  ui              builds the window's page, which the app cannot be built without
  types           writes the page's TypeScript types from the Rust ones
  problems [--check]
                  writes docs/problems.md from the catalogue; --check: only compares
  test [--quick]  checks everything; --quick: format, lints and unit tests only
  windows [--quick]
                  checks the Windows programs, under Wine where there is no Windows;
                  --quick: lints and unit tests only
  windows bench   measures what one look at a Windows computer costs
  bench           measures Deskside against a bare tray app
  dist [--debug]  makes the installers and everything else that customers get; --debug: quickly
  demo [...]      shows Deskside against the sandbox; passes its arguments on
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["setup"] => setup::setup(&mut Output::Terminal).map(|()| ExitCode::SUCCESS),
        ["ui"] => ui::build(&mut Output::Terminal).map(|()| ExitCode::SUCCESS),
        ["types"] => types::write(&mut Output::Terminal).map(|()| ExitCode::SUCCESS),
        ["problems"] => problems::write(&mut Output::Terminal).map(|()| ExitCode::SUCCESS),
        ["problems", "--check"] => {
            problems::check(&mut Output::Terminal).map(|()| ExitCode::SUCCESS)
        }
        ["test"] => test::test(test::EVERYTHING),
        ["test", "--quick"] => test::test(test::QUICK),
        ["windows"] => windows::windows(),
        ["windows", "--quick"] => windows::quick(),
        ["windows", "bench"] => windows::bench().map(|()| ExitCode::SUCCESS),
        ["bench"] => bench::bench().map(|()| ExitCode::SUCCESS),
        ["dist"] => dist::dist(dist::Profile::Release).map(|()| ExitCode::SUCCESS),
        ["dist", "--debug"] => dist::dist(dist::Profile::Dev).map(|()| ExitCode::SUCCESS),
        ["demo", rest @ ..] => demo::demo(rest),
        _ => complain(USAGE).map(|()| ExitCode::from(2)).map_err(Into::into),
    };
    outcome.unwrap_or_else(|why| match complain(&format!("cargo xtask: {why}\n")) {
        Ok(()) | Err(_) => ExitCode::FAILURE,
    })
}

/// Writes to standard output at once, whole line or not. The lints forbid `println!`, which panics
/// when nobody reads any more.
pub(crate) fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes to standard error.
pub(crate) fn complain(text: &str) -> io::Result<()> {
    io::stderr().lock().write_all(text.as_bytes())
}

//! `cargo xtask`: the commands to set up, build, test, measure and package this repository.
//!
//! It is a Rust program, not a shell script, so that it runs wherever the product is built. It needs
//! the standard library only, because everything else waits until it is compiled.

#[cfg_attr(not(target_os = "linux"), path = "bench/other.rs")]
mod bench;
mod catalog;
mod command;
mod demo;
mod deny;
mod dist;
mod environment;
mod fuzz;
mod npm;
mod outcome;
mod page;
mod paths;
mod process_space;
mod setup;
mod stamp;
mod terminal;
mod test;
mod types;
mod windows;

use std::process::ExitCode;

use command::Output;
use outcome::Outcome;
use terminal::print_error;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  setup             installs what building and testing need and is missing
  ui                builds the window's page, which goes into the app
  types             writes the page's TypeScript types from the Rust types
  problems          writes docs/problems.md from the catalog of problems
  problems --check  compares it only
  test              runs every check
  test --quick      format, lints and unit tests only
  test --list       lists the steps of `test`
  test --only STEP  runs one step and what it needs; repeat it for more steps
  windows           checks the Windows programs, under Wine on other systems
  windows --quick   lints and unit tests only
  windows only NAME runs the whole-program tests with NAME in their names, as built
  windows bench     measures what one look at a Windows computer costs
  windows desktop   tests what only Windows itself can show
  fuzz              searches 4 minutes for input that breaks a property of tests/fuzz
  fuzz --minutes N  searches N minutes
  bench             measures Deskside against a bare tray app
  dist              makes the installers and everything else that customers get
  dist --debug      the same from programs that are quick to build
  demo [...]        shows Deskside against the sandbox; passes its arguments on
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = run(&words).unwrap_or_else(|| {
        print_error(USAGE)?;
        Ok(ExitCode::from(2))
    });
    outcome.unwrap_or_else(|why| match print_error(&format!("cargo xtask: {why}\n")) {
        Ok(()) | Err(_) => ExitCode::FAILURE,
    })
}

/// Runs a command; `None` when there is no such command.
fn run(words: &[&str]) -> Option<Outcome<ExitCode>> {
    let output = &mut Output::terminal();
    let done = match words {
        ["setup"] => setup::setup(output),
        ["ui"] => page::build(output),
        ["types"] => types::write(output),
        ["problems"] => catalog::write(output),
        ["problems", "--check"] => catalog::check(output),
        ["test", rest @ ..] => return test::test(rest),
        ["windows"] => return Some(test::windows()),
        ["windows", "--quick"] => return Some(test::windows_quick()),
        ["windows", "only", name] => windows::end_to_end_of(name, output),
        ["windows", "bench"] => windows::bench(),
        ["windows", "desktop"] => windows::desktop_tests(),
        ["fuzz"] => fuzz::fuzz(4),
        ["fuzz", "--minutes", minutes] => fuzz::fuzz(minutes.parse().ok()?),
        ["bench"] => bench::bench(),
        ["dist"] => dist::dist(dist::Profile::Release),
        ["dist", "--debug"] => dist::dist(dist::Profile::Dev),
        ["demo", rest @ ..] => return Some(demo::run(rest)),
        _ => return None,
    };
    Some(done.map(|()| ExitCode::SUCCESS))
}

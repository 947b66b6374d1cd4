//! Every check there is, in the order in which a mistake is found soonest.
//!
//! Every step names all packages: Cargo builds a library again for each other set of features, and the
//! features that a library gets depend on who else is built, and on whether a test is.
//!
//! The output of each step goes into a log of its own; of a step that fails, the end is shown. The
//! last line counts the steps, in words that a machine can read.

use std::fs::File;
use std::process::{Command, ExitCode};
use std::time::Instant;
use std::{env, fs};

use crate::run::{self, Output, cargo, tool};
use crate::{Outcome, complain, demo, dist, place, problems, say, setup, types, ui, windows};

/// One check.
pub(crate) struct Step {
    /// In one word.
    pub(crate) name: &'static str,
    /// Does it; the output is kept.
    pub(crate) run: fn(&mut Output) -> Outcome,
}

/// All checks.
pub(crate) const EVERYTHING: &[Step] = &[
    SETUP,
    Step { name: "ui", run: ui::check },
    FORMAT,
    Step {
        name: "icons",
        run: |output| output.run(tool("node").args(["icons/render", "--check"])),
    },
    LINTS,
    Step { name: "doc", run: doc },
    Step { name: "types", run: types::check },
    Step { name: "problems", run: problems::check },
    UNIT_TESTS,
    Step {
        name: "doc-tests",
        run: |output| output.run(&mut cargo(["test", "--workspace", "--doc"])),
    },
    Step {
        name: "conformance",
        run: |output| output.run(&mut tool(place::root().join("tests/conformance/run"))),
    },
    Step {
        name: "protocol",
        run: |output| output.run(&mut tool(place::root().join("tests/conformance/protocol/run"))),
    },
    Step { name: "vendor-backend", run: vendor_backend },
    Step { name: "ui-pages", run: ui::test_pages },
    Step { name: "build", run: |output| output.run(cargo(["build"]).args(demo::PROGRAMS)) },
    Step { name: "end-to-end", run: end_to_end },
    windows::LINTS,
    windows::UNIT_TESTS,
    windows::BUILD,
    dist::FOR_TESTS,
    windows::END_TO_END,
];

/// What to run after every change.
pub(crate) const QUICK: &[Step] = &[FORMAT, LINTS, UNIT_TESTS];

/// What everything else needs.
pub(crate) const SETUP: Step = Step { name: "setup", run: setup::setup };
const FORMAT: Step =
    Step { name: "fmt", run: |output| output.run(&mut cargo(["fmt", "--all", "--check"])) };
const LINTS: Step = Step { name: "clippy", run: clippy };
const UNIT_TESTS: Step = Step { name: "unit-tests", run: unit_tests };

/// Takes the steps one by one, up to the first that fails.
pub(crate) fn test(steps: &[Step]) -> Outcome<ExitCode> {
    let logs = place::own("logs")?;
    let began = Instant::now();
    for (done, step) in steps.iter().enumerate() {
        say(&format!("[{}/{}] {} … ", done.saturating_add(1), steps.len(), step.name))?;
        let log = logs.join(format!("{}.log", step.name));
        let started = Instant::now();
        let outcome = (step.run)(&mut Output::Log(File::create(&log)?));
        let seconds = started.elapsed().as_secs_f64();
        if let Err(why) = outcome {
            say(&format!("FAILED after {seconds:.1} s\n"))?;
            let lines = if unattended() { 200 } else { 40 };
            complain(&run::tail(&log, lines)?)?;
            complain(&format!("{}: {why}\nall of it: {}\n", step.name, log.display()))?;
            say(&format!("{done} passed, 1 failed\n"))?;
            return Ok(ExitCode::FAILURE);
        }
        say(&format!("{seconds:.1} s\n"))?;
    }
    say(&format!("in {:.0} s; logs in {}\n", began.elapsed().as_secs_f64(), logs.display()))?;
    say(&format!("{} passed, 0 failed\n", steps.len()))?;
    Ok(ExitCode::SUCCESS)
}

/// True where nobody watches and the logs are gone afterwards.
pub(crate) fn unattended() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

fn clippy(output: &mut Output) -> Outcome {
    // The end-to-end tests are only built by their name.
    for targets in [&["--all-targets"][..], &["--test", "e2e"]] {
        let mut command = cargo(["clippy", "--workspace"]);
        output.run(command.args(targets).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// The example for vendors by itself; the protocol's step has installed it.
fn vendor_backend(output: &mut Output) -> Outcome {
    let example = "examples/vendor-backend";
    output.run(&mut run::npm(example, &["run", "check"]))?;
    output.run(&mut run::npm(example, &["test"]))
}

fn doc(output: &mut Output) -> Outcome {
    let arguments = ["doc", "--workspace", "--no-deps", "--document-private-items"];
    output.run(cargo(arguments).env("RUSTDOCFLAGS", "-D warnings"))
}

fn unit_tests(output: &mut Output) -> Outcome {
    let which = ["--workspace", "--all-targets"];
    let runner: &[&str] =
        if place::program(&["cargo-nextest"]).is_some() { &["nextest", "run"] } else { &["test"] };
    output.run(apart(&mut cargo(runner.iter().copied().chain(which)))?)
}

/// One at a time: each has a whole desktop of its own, and they measure patience in seconds.
fn end_to_end(output: &mut Output) -> Outcome {
    output.run(&mut cargo(["test", "--workspace", "--test", "e2e", "--", "--test-threads=1"]))
}

/// The tests of ts-rs write files; nobody reads these.
pub(crate) fn apart(command: &mut Command) -> Outcome<&mut Command> {
    let folder = place::own("types-of-unit-tests")?;
    fs::remove_dir_all(&folder)?;
    Ok(command.env(types::FOLDER_VARIABLE, folder))
}

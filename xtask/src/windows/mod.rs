//! The programs as they are on Windows: built, and tried out by tests that run on Windows or under
//! Wine.
//!
//! Every step names the same packages: Cargo builds a library again for each other set of features,
//! and the features that a library gets depend on who else is built.

#[cfg_attr(windows, path = "native.rs")]
#[cfg_attr(not(windows), path = "cross.rs")]
mod platform;

pub(crate) use platform::cargo;

use std::process::ExitCode;

use crate::run::Output;
use crate::test::{SETUP, Step, apart};
use crate::{Outcome, dist, setup, test, ui};
use platform::Desktop;

/// The programs, what they are tried out with, and the library below them.
const PACKAGES: [&str; 12] = [
    "--package",
    "deskside",
    "--package",
    "deskside-cli",
    "--package",
    "deskside-app",
    "--package",
    "deskside-sandbox",
    "--package",
    "deskside-fake-quickbooks",
    "--package",
    "deskside-windows-tests",
];

/// All checks of the Windows programs, with what they need.
const EVERYTHING: &[Step] = &[
    SETUP,
    Step { name: "ui", run: ui::build },
    LINTS,
    UNIT_TESTS,
    BUILD,
    dist::FOR_TESTS,
    END_TO_END,
];

/// What to run after every change.
const QUICK: &[Step] = &[LINTS, UNIT_TESTS];

/// The lints for what other systems leave out; of this program, too.
pub(crate) const LINTS: Step = Step { name: "windows-lints", run: lints };
/// The unit tests.
pub(crate) const UNIT_TESTS: Step = Step { name: "windows-unit-tests", run: unit_tests };
/// The programs themselves.
pub(crate) const BUILD: Step = Step { name: "windows-build", run: build };
/// The programs from outside.
pub(crate) const END_TO_END: Step = Step { name: "windows-end-to-end", run: end_to_end };

/// Checks the Windows programs.
pub(crate) fn windows() -> Outcome<ExitCode> {
    test::test(EVERYTHING)
}

/// Checks what can be checked without building the programs.
pub(crate) fn quick() -> Outcome<ExitCode> {
    test::test(QUICK)
}

/// Measures what one look at the computer costs among as many processes as a desktop in use has.
pub(crate) fn bench() -> Outcome {
    let output = &mut Output::Terminal;
    setup::setup(output)?;
    let desktop = Desktop::start(output)?;
    let mut command = cargo("run")?;
    command.args(["--release", "--package", "deskside", "--example", "pass", "--", "300"]);
    output.run(desktop.dress(&mut command))
}

fn lints(output: &mut Output) -> Outcome {
    let mut command = cargo("clippy")?;
    command.args(PACKAGES).args(["--package", "xtask", "--all-targets", "--", "-D", "warnings"]);
    output.run(&mut command)
}

fn unit_tests(output: &mut Output) -> Outcome {
    let desktop = Desktop::start(output)?;
    let mut command = cargo("test")?;
    command.args(PACKAGES).args(["--lib", "--bins"]);
    output.run(apart(desktop.dress(&mut command))?)
}

/// With the test beside them, because that decides about features, too.
fn build(output: &mut Output) -> Outcome {
    output.run(cargo("build")?.args(PACKAGES).args(["--lib", "--bins", "--test", "e2e"]))
}

/// One at a time: they share the user's session.
fn end_to_end(output: &mut Output) -> Outcome {
    let desktop = Desktop::start(output)?;
    let mut command = cargo("test")?;
    command.args(PACKAGES).args(["--test", "e2e", "--", "--test-threads=1"]);
    output.run(desktop.dress(&mut command))
}

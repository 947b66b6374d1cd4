//! The Windows programs: built, and tested on Windows or under Wine.
//!
//! Every step names the same packages. Cargo builds a library again for each other set of features,
//! and the features of a library depend on which packages are built with it.

#[cfg_attr(windows, path = "native.rs")]
#[cfg_attr(not(windows), path = "wine.rs")]
mod platform;

pub(crate) use platform::cargo;

use std::fs;
use std::process::Command;

use crate::command::Output;
use crate::environment::discard_types;
use crate::outcome::Outcome;
use crate::{page, paths, setup};
use platform::Desktop;

/// Packages besides the libraries: the app, and what tests it.
const OTHER_PACKAGES: &[&str] =
    &["deskside-app", "deskside-sandbox", "deskside-fake-quickbooks", "deskside-tests"];

/// The lints, for all targets and for the tests that are built by their name only.
const LINTS: &[&[&str]] = &[&["--all-targets"], &["--test", "e2e"]];

/// Measures what one look at the computer costs among as many processes as a desktop in use has.
pub(crate) fn bench() -> Outcome {
    let output = &mut Output::terminal();
    setup::setup(output)?;
    let desktop = Desktop::start(output)?;
    let mut command = cargo("run")?;
    let package = package_with_example("pass")?;
    command.args(["--release", "--package", &package, "--example", "pass", "--", "300"]);
    output.run(desktop.prepare(&mut command))
}

/// Tests what only Windows itself can show: a link through the shell, a notification, the window
/// with WebView2, and memory.
pub(crate) fn desktop_tests() -> Outcome {
    if !cfg!(windows) {
        return Err(
            "these tests need Windows itself; Wine has no WebView2 and no notifications".into()
        );
    }
    let output = &mut Output::terminal();
    page::build(output)?;
    build(output)?;
    let mut command = e2e()?;
    output.run(command.args(["--ignored", "--nocapture"]))
}

/// Runs clippy on what other systems leave out, this program included.
pub(crate) fn clippy(output: &mut Output) -> Outcome {
    for targets in LINTS {
        let mut command = with_packages("clippy")?;
        command.args(["--package", "xtask"]).args(*targets).args(["--", "-D", "warnings"]);
        output.run(&mut command)?;
    }
    Ok(())
}

/// Runs the unit tests; on Windows also the integration tests of the libraries.
pub(crate) fn unit_tests(output: &mut Output) -> Outcome {
    let desktop = Desktop::start(output)?;
    let mut command = with_packages("test")?;
    command.args(["--lib", "--bins"]);
    output.run(discard_types(desktop.prepare(&mut command))?)?;
    if !cfg!(windows) {
        return Ok(());
    }
    let mut command = cargo("test")?;
    for library in libraries()? {
        command.arg("--package").arg(library);
    }
    output.run(discard_types(command.arg("--tests"))?)
}

/// Builds the programs. The test is built with them because it decides about features, too.
pub(crate) fn build(output: &mut Output) -> Outcome {
    output.run(with_packages("build")?.args(["--lib", "--bins", "--test", "e2e"]))
}

/// Tests the programs from outside.
pub(crate) fn end_to_end(output: &mut Output) -> Outcome {
    let desktop = Desktop::start(output)?;
    output.run(desktop.prepare(&mut e2e()?))
}

/// Runs those tests from outside that have this in their names, with the programs and installers that
/// are built.
pub(crate) fn end_to_end_of(name: &str, output: &mut Output) -> Outcome {
    let desktop = Desktop::start(output)?;
    let mut command = e2e()?;
    output.run(desktop.prepare(command.arg(name)))
}

/// One test at a time: they share the user's session.
fn e2e() -> Outcome<Command> {
    let mut command = with_packages("test")?;
    command.args(["--test", "e2e", "--", "--test-threads=1"]);
    Ok(command)
}

fn with_packages(subcommand: &str) -> Outcome<Command> {
    let mut command = cargo(subcommand)?;
    let libraries = libraries()?;
    for name in libraries.iter().map(String::as_str).chain(OTHER_PACKAGES.iter().copied()) {
        command.args(["--package", name]);
    }
    Ok(command)
}

/// The library that has this example.
fn package_with_example(name: &str) -> Outcome<String> {
    let crates = paths::root().join("crates");
    let file = format!("examples/{name}.rs");
    let mut libraries = libraries()?.into_iter();
    let found = libraries.find(|library| crates.join(library).join(&file).is_file());
    found.ok_or_else(|| format!("no package has {file}").into())
}

/// The packages below `crates`, each of which has the name of its folder.
fn libraries() -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(paths::root().join("crates"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_among_the_packages() {
        let libraries = libraries().unwrap();
        assert!(libraries.iter().any(|name| name == "deskside-cli"), "{libraries:?}");
    }
}

//! `cargo xtask test`: every check of the project, and parts of it.

mod run;
mod schedule;
mod select;
mod step;
mod table;

use std::process::ExitCode;

use crate::outcome::Outcome;
use crate::terminal::print;
use step::Step;
use table::TABLE;

/// What to run after every change: format, lints and unit tests.
const QUICK: &[&str] = &["page", "fmt", "clippy", "unit-tests"];

/// The checks of the Windows programs.
const WINDOWS: &[&str] = &[
    "windows-lints",
    "windows-unit-tests",
    "windows-build",
    "windows-installers",
    "windows-end-to-end",
];

/// Those of them that need no complete programs.
const WINDOWS_QUICK: &[&str] = &["page", "windows-lints", "windows-unit-tests"];

/// Runs what the arguments of `cargo xtask test` ask for; `None` when they are not understood.
pub(crate) fn test(arguments: &[&str]) -> Option<Outcome<ExitCode>> {
    match arguments {
        [] => Some(run::run(&TABLE.iter().collect::<Vec<_>>())),
        ["--quick"] => Some(run_exactly(QUICK)),
        ["--list"] => Some(list()),
        _ => only(arguments).map(|names| run_with_needs(&names)),
    }
}

/// Checks the Windows programs, with everything that needs.
pub(crate) fn windows() -> Outcome<ExitCode> {
    run_with_needs(WINDOWS)
}

/// Runs the lints and unit tests of the Windows programs.
pub(crate) fn windows_quick() -> Outcome<ExitCode> {
    run_exactly(WINDOWS_QUICK)
}

fn run_with_needs(names: &[&str]) -> Outcome<ExitCode> {
    run::run(&select::with_needs(TABLE, names)?)
}

fn run_exactly(names: &[&str]) -> Outcome<ExitCode> {
    run::run(&select::exactly(TABLE, names)?)
}

/// The names in `--only NAME --only NAME …`; `None` when there is anything else.
fn only<'a>(arguments: &[&'a str]) -> Option<Vec<&'a str>> {
    let pairs = arguments.chunks(2);
    pairs.map(|pair| if let ["--only", name] = pair { Some(*name) } else { None }).collect()
}

fn list() -> Outcome<ExitCode> {
    let line = |step: &Step| {
        let needs = match step.needs {
            [] => String::new(),
            needs => format!(" (needs {})", needs.join(", ")),
        };
        format!("{:<20}{}{needs}\n", step.name, step.purpose)
    };
    print(&TABLE.iter().map(line).collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_takes_any_number_of_names() {
        assert_eq!(only(&["--only", "fmt"]), Some(vec!["fmt"]));
        assert_eq!(only(&["--only", "fmt", "--only", "doc"]), Some(vec!["fmt", "doc"]));
        assert_eq!(only(&["--only"]), None);
        assert_eq!(only(&["--only", "fmt", "doc"]), None);
        assert_eq!(only(&["--quick", "fmt"]), None);
    }

    #[test]
    fn every_named_set_is_in_the_table() {
        for names in [QUICK, WINDOWS, WINDOWS_QUICK] {
            assert!(select::exactly(TABLE, names).is_ok(), "{names:?}");
        }
    }
}

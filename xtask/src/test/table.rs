//! Every check there is. Steps start in this order, so quick ones and those that others wait for
//! come first.
//!
//! Every step that compiles names all packages: Cargo builds a library again for each other set of
//! features, and the features of a library depend on which packages and tests are built with it.

use super::step::{Load, Step};
use crate::command::{Output, cargo, cargo_program, tool};
use crate::environment::{REQUIRE_PAGE, discard_types};
use crate::npm::npm;
use crate::outcome::Outcome;
use crate::{catalog, demo, deny, dist, page, paths, process_space, setup, types, windows};

/// All steps. Each comes after the ones it needs.
pub(crate) const TABLE: &[Step] = &[
    Step {
        name: "setup",
        purpose: "installs what is missing",
        needs: &[],
        load: Load::Light,
        run: setup::setup,
    },
    Step {
        name: "page",
        purpose: "builds the window's page",
        needs: &["setup"],
        load: Load::Light,
        run: page::build,
    },
    Step {
        name: "fmt",
        purpose: "format of the Rust code",
        needs: &["setup"],
        load: Load::Light,
        run: format,
    },
    Step {
        name: "build",
        purpose: "builds the programs that the tests start",
        needs: &["setup", "page"],
        load: Load::Cargo,
        run: demo::build,
    },
    Step {
        name: "ui",
        purpose: "lints, types and unit tests of the page",
        needs: &["page"],
        load: Load::Light,
        run: page::check,
    },
    Step {
        name: "icons",
        purpose: "icons match their sources",
        needs: &["setup"],
        load: Load::Light,
        run: |output| output.run(tool("node").args(["icons/render", "--check"])),
    },
    Step {
        name: "deny",
        purpose: "licenses, sources and known vulnerabilities of libraries",
        needs: &["setup"],
        load: Load::Light,
        run: deny::check,
    },
    Step {
        name: "conformance",
        purpose: "the sandbox against the official clients of Conductor and Codat",
        needs: &["build"],
        load: Load::Light,
        run: |output| run_script(output, "tests/conformance/run"),
    },
    Step {
        name: "protocol",
        purpose: "everything that speaks the Backend Protocol against its document",
        needs: &["build"],
        load: Load::Light,
        run: |output| run_script(output, "tests/conformance/protocol/run"),
    },
    Step {
        name: "vendor-backend",
        purpose: "the example backend for vendors",
        // The protocol's step installs its packages.
        needs: &["protocol"],
        load: Load::Light,
        run: vendor_backend,
    },
    Step {
        name: "ui-pages",
        purpose: "the page in a browser",
        needs: &["page"],
        load: Load::Light,
        run: page::test_in_browser,
    },
    Step {
        name: "clippy",
        purpose: "lints of the Rust code",
        needs: &["setup", "page"],
        load: Load::Cargo,
        run: clippy,
    },
    Step {
        name: "types",
        purpose: "the page's TypeScript types match the code",
        needs: &["setup"],
        load: Load::Cargo,
        run: types::check,
    },
    Step {
        name: "problems",
        purpose: "docs/problems.md matches the code",
        needs: &["setup"],
        load: Load::Cargo,
        run: catalog::check,
    },
    Step {
        name: "unit-tests",
        purpose: "unit, property and integration tests",
        needs: &["setup", "page"],
        load: Load::Cargo,
        run: unit_tests,
    },
    Step {
        name: "doc-tests",
        purpose: "examples in the documentation",
        needs: &["setup"],
        load: Load::Cargo,
        run: |output| output.run(&mut cargo(["test", "--workspace", "--doc"])),
    },
    Step {
        name: "doc",
        purpose: "the documentation builds without warnings",
        needs: &["setup", "page"],
        load: Load::Cargo,
        run: doc,
    },
    Step {
        name: "windows-lints",
        purpose: "lints of the Windows programs",
        needs: &["setup", "page"],
        load: Load::Cargo,
        run: windows::clippy,
    },
    Step {
        name: "windows-build",
        purpose: "builds the Windows programs",
        needs: &["setup", "page"],
        load: Load::Cargo,
        run: windows::build,
    },
    Step {
        name: "windows-installers",
        purpose: "makes the installers that the Windows tests try",
        needs: &["windows-build"],
        load: Load::Light,
        run: dist::for_tests,
    },
    Step {
        name: "windows-unit-tests",
        purpose: "unit tests, on Windows or under Wine",
        needs: &["setup", "page"],
        load: Load::Cargo,
        run: windows::unit_tests,
    },
    Step {
        name: "end-to-end",
        purpose: "the whole program with a real keyring, window and browser",
        needs: &["build", "protocol"],
        load: Load::Timed,
        run: end_to_end,
    },
    Step {
        name: "windows-end-to-end",
        purpose: "the whole programs, on Windows or under Wine",
        needs: &["windows-build", "windows-installers"],
        load: Load::Timed,
        run: windows::end_to_end,
    },
];

fn format(output: &mut Output) -> Outcome {
    output.run(tool(cargo_program()).args(["fmt", "--all", "--check"]))
}

fn clippy(output: &mut Output) -> Outcome {
    // The end-to-end tests are built by their name only.
    for targets in [&["--all-targets"][..], &["--test", "e2e"]] {
        let mut command = cargo(["clippy", "--workspace"]);
        output.run(command.args(targets).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn doc(output: &mut Output) -> Outcome {
    let mut command = cargo(["doc", "--workspace", "--no-deps", "--document-private-items"]);
    output.run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn unit_tests(output: &mut Output) -> Outcome {
    let runner: &[&str] = if paths::find_program(&["cargo-nextest"]).is_some() {
        &["nextest", "run"]
    } else {
        &["test", "--no-fail-fast"]
    };
    let mut command = cargo(runner.iter().copied());
    output.run(discard_types(command.args(["--workspace", "--all-targets"]))?)
}

/// One test at a time: each has a whole desktop of its own.
fn end_to_end(output: &mut Output) -> Outcome {
    let mut tests = process_space::command(cargo_program());
    tests.args(["test", "--locked", "--workspace", "--test", "e2e", "--", "--test-threads=1"]);
    output.run(tests.env(REQUIRE_PAGE, "1"))
}

/// Runs a script that tests programs which are already built.
fn run_script(output: &mut Output, script: &str) -> Outcome {
    output.run(tool(paths::root().join(script)).env("DESKSIDE_PROGRAMS_ARE_BUILT", "1"))
}

fn vendor_backend(output: &mut Output) -> Outcome {
    let folder = "examples/vendor-backend";
    output.run(&mut npm(folder, &["run", "check"]))?;
    output.run(&mut npm(folder, &["test"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_comes_after_what_it_needs() {
        for (index, step) in TABLE.iter().enumerate() {
            let before: Vec<&str> = TABLE.iter().take(index).map(|step| step.name).collect();
            assert!(!before.contains(&step.name), "{} appears twice", step.name);
            for need in step.needs {
                assert!(before.contains(need), "{} needs {need}", step.name);
            }
        }
    }
}

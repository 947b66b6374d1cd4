//! Searches for input that breaks a property of `tests/fuzz`, with libFuzzer.
//!
//! cargo-fuzz would want a nightly compiler. The stable one has all it takes: the flags below make
//! LLVM count which code an input reaches.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use crate::command::{Output, cargo, tool};
use crate::outcome::Outcome;
use crate::paths;
use crate::terminal::print;

/// The properties, with the folder of their first inputs and the words that chance would not spell.
const TARGETS: &[(&str, &str, Option<&str>)] = &[
    ("log", "tests/fuzz/seeds/log", Some("tests/fuzz/log.dict")),
    ("setup_file", "tests/fuzz/seeds/setup_file", None),
    ("link", "tests/fuzz/seeds/link", None),
    ("message", "tests/fuzz/seeds/message", None),
    ("evidence", "tests/scenarios", None),
];

/// Counts the code that is reached: <https://llvm.org/docs/LibFuzzer.html>.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions=on -Ccodegen-units=1";

/// The same on every system that can search: the flags must not reach build scripts, and do not where
/// a target is named.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Searches for this many minutes in all. What it finds, and what it learned, stays in
/// `target/xtask/fuzz`.
pub(crate) fn fuzz(minutes: u32) -> Outcome {
    let output = &mut Output::terminal();
    let mut build = cargo(["build", "--release", "--package", "deskside-fuzz"]);
    build.args(["--features", "search", "--target", TARGET]).env("RUSTFLAGS", FLAGS);
    // The release profile is for the product: link-time optimization drops the counters.
    build.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3");
    build
        .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
        .env("CARGO_TARGET_DIR", folder()?.join("target"));
    output.run(&mut build)?;
    let seconds = f64::from(minutes) * 60.0 / TARGETS.len() as f64;
    let mut executed = 0;
    for (name, seeds, words) in TARGETS {
        print(&format!("{name}: {seconds:.0} s …\n"))?;
        let done = search(name, seeds, *words, seconds)?;
        print(&format!("{name}: {done} executions, nothing found\n"))?;
        executed += done;
    }
    Ok(print(&format!("{executed} executions in {minutes} minutes, nothing found\n"))?)
}

/// Searches with one property; returns how often it was checked.
fn search(name: &str, seeds: &str, words: Option<&str>, seconds: f64) -> Outcome<u64> {
    let learned = folder()?.join(name);
    fs::create_dir_all(&learned)?;
    let program =
        folder()?.join("target").join(TARGET).join("release").join(format!("fuzz-{name}"));
    let mut command = tool(program);
    command.arg(&learned).arg(paths::root().join(seeds));
    command
        .arg(format!("-max_total_time={seconds:.0}"))
        .args(["-print_final_stats=1", "-max_len=8192"]);
    command.arg(format!("-artifact_prefix={}/{name}-", folder()?.display()));
    if let Some(words) = words {
        command.arg(format!("-dict={}", paths::root().join(words).display()));
    }
    let answer = command.stdout(Stdio::null()).output()?;
    let told = String::from_utf8_lossy(&answer.stderr);
    if !answer.status.success() {
        let last: Vec<&str> = told.lines().rev().take(40).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        return Err(format!("{name} found an input:\n{}", last.join("\n")).into());
    }
    let count = told.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    Ok(count.ok_or("libFuzzer does not say how much it did")?.trim().parse()?)
}

fn folder() -> Outcome<PathBuf> {
    paths::work_folder("fuzz")
}

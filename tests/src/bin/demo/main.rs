//! `cargo xtask demo`: the story of one connection, told on the terminal, with the real program.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "linux.rs")]
mod story;

use std::io::{Write, stderr};
use std::process::ExitCode;

fn main() -> ExitCode {
    match story::play() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Nobody can be told that standard error is gone.
            drop(writeln!(stderr(), "\nThe story broke off: {why}"));
            ExitCode::FAILURE
        }
    }
}

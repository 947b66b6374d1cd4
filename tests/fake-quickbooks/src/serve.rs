//! The program's side: reads orders line by line until standard input closes.

use std::env;
use std::io::{self, BufRead, Write, stderr, stdin, stdout};
use std::ops::ControlFlow;
use std::process::ExitCode;

use serde::de::DeserializeOwned;

use crate::orders::Answer;

/// The result of an order: continue, or exit with this code.
pub type OrderResult = io::Result<ControlFlow<u32>>;

/// Runs a fake program and returns its exit code.
///
/// With `--help`, `-h`, `--version` or `-V` as its first argument, it prints and returns. All other
/// arguments are ignored, because the real programs are started with arguments of their own.
pub fn run(help: &str, program: impl FnOnce() -> io::Result<u32>) -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("--help" | "-h") => print(help),
        Some("--version" | "-V") => print(concat!(env!("CARGO_PKG_VERSION"), "\n")),
        Some(_) | None => exit(program()),
    }
}

/// Reads orders, executes each with `obey` and answers it. Returns the exit code of the process.
///
/// A line that is not an order is answered with an error and has no effect.
///
/// # Errors
/// If standard input or output fails, because the parent has ended.
pub fn serve<Order>(mut obey: impl FnMut(Order) -> OrderResult) -> io::Result<u32>
where
    Order: DeserializeOwned,
{
    for line in stdin().lock().lines() {
        let outcome = serde_json::from_str(&line?).map_err(io::Error::other).and_then(&mut obey);
        let (answer, flow) = match outcome {
            Ok(flow) => (Answer::Done { done: true }, flow),
            Err(error) => (Answer::Error { error: error.to_string() }, ControlFlow::Continue(())),
        };
        write_answer(&answer)?;
        if let ControlFlow::Break(code) = flow {
            return Ok(code);
        }
    }
    Ok(0)
}

fn write_answer(answer: &Answer) -> io::Result<()> {
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, answer)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn print(text: &str) -> ExitCode {
    // A program with windows has no standard output unless its parent provides one.
    match stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Exits even while other threads hang. Prints an error to standard error.
fn exit(result: io::Result<u32>) -> ExitCode {
    match result {
        // Exit codes have 32 bits on Windows, more than `ExitCode` can hold.
        Ok(code) => std::process::exit(code.cast_signed()),
        Err(error) => {
            // Nobody reads standard error if it is closed; the exit code remains.
            drop(writeln!(stderr(), "{error}"));
            ExitCode::FAILURE
        }
    }
}

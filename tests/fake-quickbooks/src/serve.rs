//! The obeying side: a program reads orders line by line until its standard input ends.

use std::io::{self, BufRead, Write, stderr, stdin, stdout};
use std::ops::ControlFlow;
use std::process::ExitCode;

use serde::de::DeserializeOwned;

use crate::orders::Answer;

/// What an order comes to: carry on, or end with this exit code.
pub type Outcome = io::Result<ControlFlow<u32>>;

/// Reads orders, has each obeyed and answers it. Returns how the process has to end.
///
/// A line that is no order is answered with an error and changes nothing.
///
/// # Errors
/// When standard input or output breaks: whoever gives the orders is gone.
pub fn serve<Order>(mut obey: impl FnMut(Order) -> Outcome) -> io::Result<u32>
where
    Order: DeserializeOwned,
{
    for line in stdin().lock().lines() {
        let outcome = serde_json::from_str(&line?).map_err(io::Error::other).and_then(&mut obey);
        let (answer, flow) = match outcome {
            Ok(flow) => (Answer::Done { done: true }, flow),
            Err(error) => (Answer::Error { error: error.to_string() }, ControlFlow::Continue(())),
        };
        say(&answer)?;
        if let ControlFlow::Break(code) = flow {
            return Ok(code);
        }
    }
    Ok(0)
}

fn say(answer: &Answer) -> io::Result<()> {
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, answer)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Ends the process whatever its other threads are doing, hanging included; says why it failed.
pub fn exit(end: io::Result<u32>) -> ExitCode {
    match end {
        // Windows' codes have 32 bits, which `ExitCode` cannot carry.
        Ok(code) => std::process::exit(code.cast_signed()),
        Err(error) => {
            // Without standard error nobody can be told.
            drop(writeln!(stderr(), "{error}"));
            ExitCode::FAILURE
        }
    }
}

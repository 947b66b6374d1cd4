//! Waiting for something to become true, with a deadline and a name.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;

/// How long anything that should happen soon may take on a slow computer.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A wait that takes longer than this is announced.
const UNREMARKABLE: Duration = Duration::from_secs(3);

/// Asks again and again until `ask` has an answer.
///
/// # Errors
/// When there is none within [`PATIENCE`].
pub fn eventually<T>(what: &str, ask: impl FnMut() -> Outcome<Option<T>>) -> Outcome<T> {
    eventually_within(PATIENCE, what, ask)
}

/// Asks again and again until `ask` has an answer.
///
/// # Errors
/// When there is none in time; names what `ask` itself last complained about.
pub fn eventually_within<T>(
    patience: Duration,
    what: &str,
    mut ask: impl FnMut() -> Outcome<Option<T>>,
) -> Outcome<T> {
    let began = Instant::now();
    let mut is_announced = false;
    loop {
        let complaint = match ask() {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => String::new(),
            Err(why) => format!(" ({why})"),
        };
        if began.elapsed() >= patience {
            return Err(format!("waited {patience:?} in vain: {what}{complaint}").into());
        }
        if !is_announced && began.elapsed() >= UNREMARKABLE {
            announce(what);
            is_announced = true;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

#[expect(clippy::print_stderr, reason = "the test harness shows it only for a test that fails")]
fn announce(what: &str) {
    eprintln!("               … waiting: {what}");
}

/// Waits for something that blocks. What comes too late is left to itself.
pub(crate) fn within<T: Send + 'static>(
    what: &str,
    run: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Outcome<T> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(run()));
    let answer = told.recv_timeout(PATIENCE);
    Ok(answer.map_err(|_| format!("waited {PATIENCE:?} in vain: {what}"))??)
}

//! Waiting for something to become true, with a deadline and a name.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::Play;

/// How long anything that should happen soon may take on a slow computer.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until `ask` has an answer.
///
/// # Errors
/// When there is none within [`PATIENCE`].
pub fn eventually<T>(what: &str, ask: impl FnMut() -> Play<Option<T>>) -> Play<T> {
    eventually_within(PATIENCE, what, ask)
}

/// Asks again and again until `ask` has an answer.
///
/// # Errors
/// When there is none in time; what `ask` itself complained about last is told too.
pub fn eventually_within<T>(
    patience: Duration,
    what: &str,
    mut ask: impl FnMut() -> Play<Option<T>>,
) -> Play<T> {
    let began = Instant::now();
    loop {
        let complaint = match ask() {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => String::new(),
            Err(why) => format!(" ({why})"),
        };
        if began.elapsed() >= patience {
            return Err(format!("waited {patience:?} in vain: {what}{complaint}").into());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Waits for something that blocks. What comes too late is left to itself.
///
/// # Errors
/// When it takes longer than [`PATIENCE`], and when it fails itself.
pub fn within<T: Send + 'static>(
    what: &str,
    run: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Play<T> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(run()));
    let answer = told.recv_timeout(PATIENCE);
    Ok(answer.map_err(|_| format!("waited {PATIENCE:?} in vain: {what}"))??)
}
